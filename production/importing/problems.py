"""A shop and its lots as a problem of the engine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cosmo.lib.errors import Invalid
from production.importing.calendars import CapacityCalendar, most, open_lanes
from production.importing.frepple import (
    ForeignOperation,
    ForeignResource,
    Requirement,
    SetUpRule,
    Shop,
)
from production.importing.netting import Served, Works, minutes
from production.importing.rows import Rows
from production.scheduling.problem import (
    NO_FAMILY,
    Job,
    Lane,
    Operation,
    Placement,
    Problem,
    SetUpMatrix,
    Window,
)

DAYS = 3 * 365
MOST_LANES = 200
HEAVIEST = 20
"""Weight of priority 1; each step down weighs one less, at least 1."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A problem, and what its parts stand for."""

    problem: Problem
    served: tuple[Served, ...]
    step_names: tuple[str, ...]

    def delivered(self, placements: Sequence[Placement]) -> list[int]:
        """By demand, the minute everything it asked for is at its location."""
        return [
            max(
                (
                    one.ready if one.step is None else placements[one.step].end + one.lag
                    for one in served.sources
                ),
                default=0,
            )
            for served in self.served
        ]


@dataclass(slots=True)
class _Lanes:
    """Lanes by resource, as they are needed."""

    all: list[Lane] = field(default_factory=list)
    of: dict[str, tuple[int, ...]] = field(default_factory=dict)


class Ground:
    """The resources of a shop with their windows, before there is anything to do."""

    def __init__(self, shop: Shop, rows: Rows) -> None:
        self.shop = shop
        self.rows = rows
        self.members = self._members()
        self.seconds = self._second_resources()
        self.places = {name: n for n, name in enumerate(self._locations())}
        self.windows: dict[str, list[tuple[Window, ...]]] = {}
        self.families = self._families()
        self.able: dict[str, tuple[list[str], list[str]]] = {}

    def longest_min(self) -> dict[str, int]:
        """By operation, the longest a run can take: some window of what it needs."""
        found = {}
        for one in self.shop.operations.values():
            if one.steps:
                continue
            limits = [
                self._longest(names)
                for names in ([self.location_key(one)], *self.resources_of(one))
                if names
            ]
            found[one.name] = min(limits)
        return found

    def resources_of(self, operation: ForeignOperation) -> tuple[list[str], list[str]]:
        """Names of those that can do it, and of those of whom one must be there as well."""
        if operation.name not in self.able:
            self.able[operation.name] = self._resources_of(operation)
        return self.able[operation.name]

    def _resources_of(self, operation: ForeignOperation) -> tuple[list[str], list[str]]:
        main: list[str] = []
        second: list[str] = []
        for group in _groups(operation.requirements):
            able = [name for one in group for name in self._able(one)]
            if group[0].resource in self.seconds:
                if second:
                    self.rows.note(
                        "input.operationresource.resource", "a third resource is not waited for"
                    )
                    continue
                second = able
            elif main:
                self.rows.note(
                    "input.operationresource.resource", "a third resource is not waited for"
                )
            else:
                main = able
        return main, second

    def _able(self, one: Requirement) -> list[str]:
        names = self.members.get(one.resource) or [one.resource]
        if one.skill:
            names = [name for name in names if name in self.shop.skills.get(one.skill, ())]
        if not names:
            raise Invalid(
                "nobody_able",
                f"{self.rows.source}: no member of {one.resource!r} has the skill {one.skill!r}.",
            )
        return names

    def _members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self.shop.resources.values():
            if one.owner:
                found.setdefault(one.owner, []).append(one.name)
        return found

    def _second_resources(self) -> set[str]:
        """Crews: pools, whoever needs a skill, and the larger of two that are needed together."""
        found = {name for name in self.members if name in self.shop.resources}
        for operation in self.shop.operations.values():
            found |= {one.resource for one in operation.requirements if one.skill}
        for operation in self.shop.operations.values():
            groups = [group[0].resource for group in _groups(operation.requirements)]
            if len(groups) > 1 and not found & set(groups):
                found.add(max(reversed(groups), key=self.count))
        return found

    def _locations(self) -> list[str]:
        shop = self.shop
        used = {one.location for one in shop.operations.values()}
        used |= {one.location for one in shop.resources.values()}
        return [name for name in dict.fromkeys((*shop.locations, *sorted(used))) if name in used]

    def count(self, resource: str) -> int:
        known = self.shop.resources[resource]
        lanes = most(self.shop.calendars.get(known.capacity), known.maximum)
        if lanes > MOST_LANES:
            raise Invalid(
                "too_large",
                f"{self.rows.source}: resource {resource!r} does {lanes} at once; at most "
                f"{MOST_LANES} can be planned.",
            )
        return lanes

    def windows_of(self, name: str) -> list[tuple[Window, ...]]:
        """By lane; ``name`` is a resource, or ``@location`` for what needs none."""
        if name not in self.windows:
            self.windows[name] = self._open(name)
        return self.windows[name]

    def location_key(self, operation: ForeignOperation) -> str:
        return f"@{operation.location or self._owner_location(operation)}"

    def _owner_location(self, operation: ForeignOperation) -> str:
        owner = self.shop.operations.get(operation.owner)
        return owner.location if owner else ""

    def _open(self, name: str) -> list[tuple[Window, ...]]:
        calendars = self.shop.calendars
        if name.startswith("@"):
            hours = self._hours(self.shop.locations.get(name[1:], ""))
            return open_lanes(None, 1, hours, origin=self.shop.now, days=DAYS)
        known: ForeignResource = self.shop.resources[name]
        hours = self._hours(known.available, self.shop.locations.get(known.location, ""))
        capacity = calendars.get(known.capacity)
        return open_lanes(capacity, self.count(name), hours, origin=self.shop.now, days=DAYS)

    def _hours(self, *names: str) -> list[CapacityCalendar]:
        return [self.shop.calendars[name] for name in names if name]

    def _longest(self, names: Iterable[str]) -> int:
        windows = [w for name in names for lane in self.windows_of(name) for w in lane]
        return max((end - start for start, end in windows), default=0)

    # Set-ups

    def _families(self) -> dict[str, list[str]]:
        """By set-up matrix, every family its resources can meet."""
        found: dict[str, set[str]] = {name: set() for name in self.shop.matrices}
        for resource in self.shop.resources.values():
            if resource.matrix:
                found[resource.matrix].add(resource.set_up)
        for rules in self.shop.matrices.items():
            found[rules[0]] |= {name for rule in rules[1] for name in (rule.before, rule.after)}
        for operation in self.shop.operations.values():
            for one in operation.requirements:
                matrix = self._matrix_of(one.resource)
                if one.set_up and matrix:
                    found[matrix].add(one.set_up)
        return {name: sorted(families - {""}) for name, families in found.items()}

    def _matrix_of(self, resource: str) -> str:
        known = self.shop.resources.get(resource)
        return known.matrix if known else ""

    def matrices(self) -> tuple[SetUpMatrix, ...]:
        return tuple(
            _matrix(self.families[name], rules) for name, rules in self.shop.matrices.items()
        )

    def matrix_number(self, resource: str) -> int:
        matrix = self._matrix_of(resource)
        return list(self.shop.matrices).index(matrix) if matrix else -1

    def family(self, matrix: int, name: str) -> int:
        if matrix < 0 or not name:
            return NO_FAMILY
        return self.families[list(self.shop.matrices)[matrix]].index(name)


def _groups(requirements: Sequence[Requirement]) -> list[list[Requirement]]:
    """Rows with the same name are alternatives of each other; rows without one stand alone."""
    found: dict[str, list[Requirement]] = {}
    for number, one in enumerate(requirements):
        found.setdefault(one.group or f"#{number}", []).append(one)
    return list(found.values())


def _matrix(families: Sequence[str], rules: Sequence[SetUpRule]) -> SetUpMatrix:
    worst = max((minutes(rule.seconds) for rule in rules), default=0)

    def between(before: str, after: str) -> int:
        for rule in rules:
            if rule.before in ("", before) and rule.after in ("", after):
                return minutes(rule.seconds)
        return 0 if before == after else worst

    table = tuple(tuple(between(a, b) for b in families) for a in families)
    first = tuple(max((row[n] for row in table), default=0) for n in range(len(families)))
    return SetUpMatrix(minutes=table, first=first)


def lay_out(shop: Shop, works: Works, ground: Ground) -> Layout:
    """The problem of all lots: lanes for every resource in use, a job a demand."""
    lanes = _Lanes()
    operations = tuple(
        _operation(shop, works, ground, lanes, number) for number in range(len(works.steps))
    )
    return Layout(
        problem=Problem(
            lanes=tuple(lanes.all),
            jobs=tuple(_job(shop, served) for served in works.served),
            operations=operations,
            set_up_matrices=ground.matrices(),
            transfer_min=_transfers(works, shop, ground),
        ),
        served=tuple(works.served),
        step_names=tuple(step.operation for step in works.steps),
    )


def _operation(shop: Shop, works: Works, ground: Ground, lanes: _Lanes, number: int) -> Operation:
    step = works.steps[number]
    own = shop.operations[step.operation]
    main, second = ground.resources_of(own)
    if main:
        able = [lane for name in main for lane in _lanes_of(ground, lanes, name)]
    else:
        able = [_own_lane(ground, lanes, own)]
    matrix = lanes.all[able[0]].set_up_matrix
    if any(lanes.all[lane].set_up_matrix != matrix for lane in able):
        raise Invalid(
            "bad_fixture",
            f"{ground.rows.source}: the resources of operation {own.name!r} have different set-up "
            "matrices.",
        )
    set_up = next((one.set_up for one in own.requirements if one.set_up), "")
    return Operation(
        job=step.demand,
        alternatives=tuple((lane, step.duration_min) for lane in dict.fromkeys(able)),
        family=ground.family(matrix, set_up),
        predecessors=tuple(before for before, _ in step.after),
        not_before=step.ready,
        second=tuple(
            dict.fromkeys(lane for name in second for lane in _lanes_of(ground, lanes, name))
        ),
        name=own.name,
    )


def _lanes_of(ground: Ground, lanes: _Lanes, name: str) -> tuple[int, ...]:
    if name not in lanes.of:
        known = ground.shop.resources[name]
        matrix = ground.matrix_number(name)
        first = len(lanes.all)
        for number, windows in enumerate(ground.windows_of(name), start=1):
            lanes.all.append(
                Lane(
                    name=f"{name}/{number}",
                    windows=windows,
                    set_up_matrix=matrix,
                    initial_family=ground.family(matrix, known.set_up),
                    work_centre=len(lanes.of),
                    place=ground.places.get(known.location, 0),
                )
            )
        lanes.of[name] = tuple(range(first, len(lanes.all)))
    return lanes.of[name]


def _own_lane(ground: Ground, lanes: _Lanes, own: ForeignOperation) -> int:
    """Nobody is needed: every lot has a lane of its own, as long as the location is open."""
    key = ground.location_key(own)
    lanes.all.append(
        Lane(
            name=f"{own.name} #{len(lanes.all)}",
            windows=ground.windows_of(key)[0],
            work_centre=0,
            place=ground.places.get(key[1:], 0),
        )
    )
    return len(lanes.all) - 1


def _job(shop: Shop, served: Served) -> Job:
    """Due early enough for the way to the customer's location."""
    demand = served.demand
    way = max((one.lag for one in served.sources), default=0)
    due = (demand.due - shop.now) // timedelta(minutes=1) - way
    return Job(
        name=demand.name,
        due=int(due),
        weight=max(1, HEAVIEST + 1 - demand.priority) if demand.priority > 0 else 1,
    )


def _transfers(works: Works, shop: Shop, ground: Ground) -> tuple[tuple[int, ...], ...]:
    """Minutes between locations as the longest way any lot takes between them."""
    size = len(ground.places)
    table = [[0] * size for _ in range(size)]

    def place_of(number: int) -> int:
        operation = shop.operations[works.steps[number].operation]
        return ground.places.get(ground.location_key(operation)[1:], 0)

    for number, step in enumerate(works.steps):
        for before, lag in step.after:
            here, there = place_of(before), place_of(number)
            table[here][there] = max(table[here][there], lag)
    if not any(any(row) for row in table):
        return ()
    return tuple(tuple(row) for row in table)


def late_demands(layout: Layout, shop: Shop, placements: Sequence[Placement]) -> list[str]:
    """Names of demands that come later than they were wanted."""
    found = []
    for served, minute in zip(layout.served, layout.delivered(placements), strict=True):
        if shop.now + timedelta(minutes=minute) > served.demand.due:
            found.append(served.demand.name)
    return found
