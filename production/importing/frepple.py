"""What frePPLe's models say, as plain values with the names of the trade."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from cosmo.lib.errors import Invalid
from production.importing.calendars import Bucket, CapacityCalendar
from production.importing.rows import Row, Rows

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNUSED = (  # neutral unless they say something
    *("fence", "posttime", "min_interval", "maxearly", "minimum", "description", "resource_qty"),
)
FAR_DAY = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Material:
    """``quantity`` of an item a piece: above 0 it comes out, below 0 it goes in."""

    item: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Requirement:
    """A resource an operation needs; rows of one ``group`` are alternatives of each other."""

    resource: str
    skill: str
    group: str
    set_up: str


@dataclass(slots=True)
class ForeignOperation:
    """``steps``: suboperations of a routing in order; of an alternate by priority."""

    name: str
    kind: str
    location: str
    item: str
    fixed_s: Decimal
    per_piece_s: Decimal
    smallest: Decimal
    multiple: Decimal
    largest: Decimal | None
    priority: int
    owner: str
    materials: list[Material] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ForeignResource:
    name: str
    location: str
    maximum: int
    capacity: str
    available: str
    owner: str
    matrix: str
    set_up: str


@dataclass(frozen=True, slots=True)
class Sourcing:
    """An item bought (``origin`` empty: a supplier's) or brought from another location."""

    item: str
    location: str
    origin: str
    lead_s: Decimal
    smallest: Decimal
    multiple: Decimal
    priority: int


@dataclass(frozen=True, slots=True)
class Demand:
    name: str
    item: str
    location: str
    operation: str
    quantity: Decimal
    due: datetime
    priority: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """What is on hand (``at`` None) or will be at a location."""

    item: str
    location: str
    quantity: Decimal
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SetUpRule:
    before: str
    after: str
    seconds: Decimal
    priority: int


@dataclass(slots=True)
class Shop:
    """A whole fixture. Locations, items and the like are known by their names."""

    now: datetime
    calendars: Mapping[str, CapacityCalendar] = field(default_factory=dict)
    locations: Mapping[str, str] = field(default_factory=dict)  # name to availability calendar
    items: Mapping[str, str] = field(default_factory=dict)  # name to owner
    operations: Mapping[str, ForeignOperation] = field(default_factory=dict)
    resources: Mapping[str, ForeignResource] = field(default_factory=dict)
    skills: Mapping[str, frozenset[str]] = field(default_factory=dict)  # skill to resources
    sourcings: tuple[Sourcing, ...] = ()
    demands: tuple[Demand, ...] = ()
    comings: tuple[Coming, ...] = ()
    matrices: Mapping[str, tuple[SetUpRule, ...]] = field(default_factory=dict)


def read_shop(rows: Rows, *, now: datetime) -> Shop:
    """Read every model that has a counterpart; ``now`` where the file says no current date.

    Raises:
        Invalid: a value is none, or points nowhere (``bad_fixture``), with its place.
    """
    shop = Shop(now=_now(rows, now))
    shop.calendars = _calendars(rows)
    shop.locations = {_name(row): row.text("available") for row in rows.of("location")}
    for row in rows.of("item"):
        row.skip_neutral("lft", "rght", "lvl")
    shop.items = {_name(row): row.text("owner") for row in rows.of("item")}
    shop.resources = {_name(row): _resource(row, rows) for row in rows.of("resource")}
    shop.skills = _skills(rows)
    shop.matrices = _matrices(rows)
    shop.operations = _operations(rows)
    shop.sourcings = tuple(_sourcings(rows))
    shop.demands = tuple(_demand(row) for row in rows.of("demand"))
    shop.comings = tuple(_comings(rows))
    _check(shop, rows)
    return shop


def _name(row: Row) -> str:
    name = row.text("name") or row.pk
    row.asked.add("(row)")
    if not name:
        raise Invalid("bad_fixture", f"{row.place}: it has neither a key nor a name.")
    return name


def _now(rows: Rows, now: datetime) -> datetime:
    for row in rows.by_model.get("common.parameter", []):
        if "currentdate" in (row.pk, row.fields.get("name")):
            row.asked.update({"name", "description"})
            if row.value("value") not in ("now", "today", ""):
                return row.moment("value") or now
    return now


def _calendars(rows: Rows) -> dict[str, CapacityCalendar]:
    buckets: dict[str, list[Bucket]] = {}
    for row in rows.of("calendarbucket"):
        buckets.setdefault(row.need("calendar"), []).append(_bucket(row))
    defaults = {_name(row): row.number("defaultvalue") for row in rows.of("calendar")}
    for row in rows.of("calendarbucket"):
        if row.need("calendar") not in defaults:
            raise row.refuse("calendar", row.need("calendar"), "in this file")
    return {
        name: CapacityCalendar(name, default, tuple(buckets.get(name, ())))
        for name, default in defaults.items()
    }


def _bucket(row: Row) -> Bucket:
    begins, ends = _clock(row, "starttime", 0), _clock(row, "endtime", 1440)
    return Bucket(
        begins=row.moment("startdate") or datetime(1970, 1, 1, tzinfo=UTC),
        ends=row.moment("enddate") or FAR_DAY,
        value=row.number("value"),
        priority=int(row.number("priority")),
        weekdays=frozenset(n for n, day in enumerate(WEEKDAYS) if row.flag(day)),
        from_min=begins,
        to_min=ends,
    )


def _clock(row: Row, name: str, default: int) -> int:
    """Minutes after midnight; a time that ends with the last second of a minute means the next."""
    if row.value(name) is None:
        return default
    return min(
        1440,
        int((row.seconds(name) + 1) // 60) if name == "endtime" else int(row.seconds(name) // 60),
    )


def _resource(row: Row, rows: Rows) -> ForeignResource:
    row.skip_neutral(*UNUSED)
    if row.text("type") not in ("", "default", "infinite"):
        rows.note("input.resource.type", f"{row.text('type')} is planned like default")
    if row.fields.get("efficiency") in (100, "100", "100.0"):
        row.asked.add("efficiency")
    return ForeignResource(
        name=_name(row),
        location=row.text("location"),
        maximum=int(row.number("maximum", 1)),
        capacity=row.text("maximum_calendar"),
        available=row.text("available"),
        owner=row.text("owner"),
        matrix=row.text("setupmatrix"),
        set_up=row.text("setup"),
    )


def _skills(rows: Rows) -> dict[str, frozenset[str]]:
    able: dict[str, set[str]] = {_name(row): set() for row in rows.of("skill")}
    for row in rows.of("resourceskill"):
        if row.fields.get("priority") == 1:
            row.asked.add("priority")
        able.setdefault(row.need("skill"), set()).add(row.need("resource"))
    return {skill: frozenset(resources) for skill, resources in able.items()}


def _matrices(rows: Rows) -> dict[str, tuple[SetUpRule, ...]]:
    found: dict[str, list[SetUpRule]] = {_name(row): [] for row in rows.of("setupmatrix")}
    for row in rows.of("setuprule"):
        matrix = row.need("setupmatrix")
        if matrix not in found:
            raise row.refuse("setupmatrix", matrix, "in this file")
        rule = SetUpRule(
            row.text("fromsetup"),
            row.text("tosetup"),
            row.seconds("duration"),
            int(row.number("priority")),
        )
        found[matrix].append(rule)
    return {name: tuple(sorted(rules, key=lambda r: r.priority)) for name, rules in found.items()}


def _operations(rows: Rows) -> dict[str, ForeignOperation]:
    found = {_name(row): _operation(row) for row in rows.of("operation")}
    for row in rows.of("operationmaterial"):
        operation = _known(row, "operation", found)
        if row.fields.get("priority") == 1:
            row.asked.add("priority")
        if row.text("type") not in ("", "start", "end"):
            rows.note("input.operationmaterial.type", f"{row.text('type')} is read as start or end")
        operation.materials.append(Material(row.need("item"), row.number("quantity")))
    for row in rows.of("operationresource"):
        operation = _known(row, "operation", found)
        if row.fields.get("priority") == 1:
            row.asked.add("priority")
        if row.number("quantity", 1) != 1:
            rows.note("input.operationresource.quantity", "one is taken, whatever it says")
        operation.requirements.append(
            Requirement(
                row.need("resource"), row.text("skill"), row.text("name"), row.text("setup")
            )
        )
    by_priority = sorted(found.values(), key=lambda one: (one.priority, one.name))
    for one in by_priority:
        if one.owner:
            if one.owner not in found:
                raise Invalid(
                    "bad_fixture",
                    f"{rows.source}: operation {one.name!r} belongs to {one.owner!r}, which is not "
                    "in the file.",
                )
            found[one.owner].steps.append(one.name)
    return found


def _operation(row: Row) -> ForeignOperation:
    row.skip_neutral(*UNUSED)
    largest = row.number("sizemaximum") if row.value("sizemaximum") is not None else None
    return ForeignOperation(
        name=_name(row),
        kind=row.text("type") or "fixed_time",
        location=row.text("location"),
        item=row.text("item"),
        fixed_s=row.seconds("duration"),
        per_piece_s=row.seconds("duration_per"),
        smallest=row.number("sizeminimum", 1),
        multiple=row.number("sizemultiple"),
        largest=largest,
        priority=int(row.number("priority", 1)),
        owner=row.text("owner"),
    )


def _known(row: Row, name: str, found: Mapping[str, ForeignOperation]) -> ForeignOperation:
    wanted = row.need(name)
    if wanted not in found:
        raise row.refuse(name, wanted, "in this file")
    return found[wanted]


def _sourcings(rows: Rows) -> list[Sourcing]:
    found = []
    for model, origin in (("itemsupplier", ""), ("itemdistribution", "origin")):
        for row in rows.of(model):
            row.skip_neutral(*UNUSED)
            if row.fields.get("resource_qty") == 1:
                row.asked.add("resource_qty")
            found.append(
                Sourcing(
                    item=row.need("item"),
                    location=row.text("location"),
                    origin=row.need(origin) if origin else "",
                    lead_s=row.seconds("leadtime"),
                    smallest=row.number("sizeminimum", 1),
                    multiple=row.number("sizemultiple"),
                    priority=int(row.number("priority", 1)),
                )
            )
    return found


def _demand(row: Row) -> Demand:
    due = row.moment("due")
    if due is None:
        raise Invalid("bad_fixture", f"{row.place}: due is missing.")
    quantity = row.number("quantity", 1)
    if quantity <= 0:
        raise row.refuse("quantity", quantity, "a quantity above 0")
    return Demand(
        name=_name(row),
        item=row.need("item"),
        location=row.text("location"),
        operation=row.text("operation"),
        quantity=quantity,
        due=due,
        priority=int(row.number("priority", 1)),
        is_open=row.text("status") in ("", "open", "quote"),
    )


def _comings(rows: Rows) -> list[Coming]:
    found = []
    for row in rows.of("buffer"):
        row.skip_neutral(*UNUSED, "id")
        row.asked.add("id")
        if row.text("type") not in ("", "default"):
            rows.note("input.buffer.type", f"{row.text('type')} is read like default")
        item, location = row.need("item"), row.text("location")
        found.append(Coming(item, location, row.number("onhand"), None))
    for row in rows.of("operationplan"):
        kind = row.text("type")
        if kind not in ("PO", "DO") or row.text("status") not in ("confirmed", "approved"):
            rows.note(
                "input.operationplan", f"{kind or 'no type'} {row.text('status')} is not planned"
            )
            continue
        row.asked.update({"reference", "name", "startdate"} & set(row.fields))
        where = row.text("destination") if kind == "DO" else row.text("location")
        at = row.moment("enddate")
        found.append(Coming(row.need("item"), where, row.number("quantity"), at))
        if kind == "DO":
            found.append(
                Coming(row.need("item"), row.text("origin"), -row.number("quantity"), None)
            )
    return found


def _check(shop: Shop, rows: Rows) -> None:
    """What names something that is not in the file is refused, with its place."""
    known: dict[str, Mapping[str, object]] = {
        "item": shop.items,
        "resource": shop.resources,
        "skill": shop.skills,
        "maximum_calendar": shop.calendars,
        "available": shop.calendars,
        "setupmatrix": shop.matrices,
    }
    for row in rows:
        for name, found in known.items():
            wanted = row.fields.get(name) or row.fields.get(f"{name}_id")
            is_list = isinstance(wanted, list)
            target = str(wanted[0] if is_list and wanted else wanted or "")
            if row.model.startswith("input.") and target and target not in found:
                raise row.refuse(name, target, "in this file")
