"""Documents and rows -> engines; the only bridge between production's ORM and its pure parts.

Everything here is cached per process by what can never change under the same key: a document's
content hash, and for a floor the plant's row with the hash of the document that made its lanes.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from cosmo.lib.expressions import Composed
from design.compile import CompiledOffer, compiled_offer, selection_from_json
from production.engineering import EngineeringBook, OperationPlan, PlantBook
from production.engineering.plant import Resource as ResourceBook
from production.engineering.plant import WorkCentre as CentreBook
from production.models import Engineering, Line, Plant, ResourceLane, WorkCentre
from production.scheduling import delivery
from production.scheduling.calendar import merge
from production.scheduling.problem import Window

CACHE_SIZE = 64
_books: dict[tuple[str, str, str], EngineeringBook] = {}
_floors: dict[tuple[int, str], "Floor"] = {}


@dataclass(frozen=True, slots=True)
class FloorLane:
    """One lane as row and as document at once."""

    id: int
    resource: str
    number: int
    work_centre: str
    speed_percent: int

    @property
    def name(self) -> str:
        return f"{self.resource}/{self.number}"


@dataclass(frozen=True)
class Floor:
    """A plant's document together with the rows of its lanes.

    Attributes:
        lanes: Lanes in use, in the order of the document.
        retired: Lanes that the document no longer has; they keep their history.
        work_centre_ids: Row of each work centre by its code.
        line_ids: Row of each line by its code.
    """

    plant_id: int
    book: PlantBook
    lanes: tuple[FloorLane, ...]
    retired: tuple[FloorLane, ...]
    work_centre_ids: Mapping[str, int]
    line_ids: Mapping[str, int]

    @cached_property
    def lane_of(self) -> Mapping[int, FloorLane]:
        return {lane.id: lane for lane in (*self.lanes, *self.retired)}

    @cached_property
    def remembered(self) -> dict[Hashable, Any]:
        """What is worked out of this floor again and again, by whoever does."""
        return {}

    @cached_property
    def routed(self) -> Composed[OperationPlan, "tuple[RoutedOperation, ...]"]:
        """The operations of a unit with what can do them here, by the plans of a book."""
        one = Composed(partial(_routed, self))
        return Composed(lambda plans: tuple(one((plan,)) for plan in plans))

    @cached_property
    def lane_in_use(self) -> Mapping[int, FloorLane]:
        return {lane.id: lane for lane in self.lanes}

    @cached_property
    def lanes_of(self) -> Mapping[tuple[str, str], tuple[FloorLane, ...]]:
        """Lanes in use by work centre and resource."""
        found: dict[tuple[str, str], list[FloorLane]] = {}
        for lane in self.lanes:
            found.setdefault((lane.work_centre, lane.resource), []).append(lane)
        return {key: tuple(lanes) for key, lanes in found.items()}

    def centre(self, code: str) -> CentreBook:
        return self.book.work_centres[code]

    def crew_of(self, code: str) -> tuple[FloorLane, ...]:
        """Lanes in use of the crew that works at a work centre; one of them is needed there."""
        crew = self.book.work_centres[code].crew if code in self.book.work_centres else ""
        return tuple(lane for lane in self.lanes if crew and lane.work_centre == crew)

    def maintenance(self, origin: datetime, until: datetime) -> Mapping[int, tuple[Window, ...]]:
        """By lane in use that has any, planned standstills in minutes after ``origin``."""
        found = {}
        for lane in self.lanes:
            planned = self._resources[lane.work_centre, lane.resource].maintenance
            windows = merge(
                window
                for one in planned
                for window in one.windows(zone=self.book.zone, origin=origin, until=until)
            )
            if windows:
                found[lane.id] = windows
        return found

    @cached_property
    def _resources(self) -> Mapping[tuple[str, str], ResourceBook]:
        return {
            (centre.id, resource.id): resource
            for centre in self.book.work_centres.values()
            for resource in centre.resources
        }

    def is_oven(self, lane: FloorLane) -> bool:
        """Whether units in its resource start and end together."""
        resource = self._resources.get((lane.work_centre, lane.resource))
        return resource is not None and resource.batch

    def promise_date(self, end: datetime) -> date:
        """Day of delivery at the customer of a unit whose last operation ends at ``end``."""
        return delivery.promise_date(
            end, carrier=self.book.carrier, buffer_min=self.book.promise_buffer_min
        )

    def latest_end(self, promised: date) -> datetime:
        """The latest end of the last operation with which ``promised`` is kept."""
        return delivery.latest_end(
            promised, carrier=self.book.carrier, buffer_min=self.book.promise_buffer_min
        )


@dataclass(frozen=True, slots=True)
class RoutedOperation:
    """One operation of one unit at one plant, as its work order freezes it.

    Attributes:
        alternatives: ``(resource code, minutes of run there)``, at least one.
        set_up_family: Empty for none.
    """

    code: str
    kind: str
    work_centre: str
    alternatives: tuple[tuple[str, int], ...]
    after: tuple[str, ...]
    set_up_family: str
    freezes: tuple[str, ...]


def floor_of(plant: Plant) -> Floor:
    """Two statements the first time, none while the plant's document stays the same."""
    key = (plant.pk, plant.content_hash)
    found = _floors.get(key)
    if found is None:
        found = _floors[key] = _read_floor(plant)
        _keep_small(_floors)
    return found


def engineering_book(engineering: Engineering) -> EngineeringBook:
    """The routing and bill of materials of an engineering row, ready to evaluate."""
    offer, plant = engineering.offer, engineering.plant
    key = (engineering.content_hash, offer.content_hash, plant.content_hash)
    found = _books.get(key)
    if found is None:
        found = _books[key] = EngineeringBook.from_document(engineering.document)
        _keep_small(_books)
    return found


def route_unit(
    engineering: Engineering, selection: Mapping[str, Any]
) -> tuple[RoutedOperation, ...]:
    """The operations of one unit with this selection, alternatives and minutes worked out."""
    scope = scope_of_unit(engineering, selection)
    plans = engineering_book(engineering).operations(scope)
    return floor_of(engineering.plant).routed(plans)


def _routed(floor: Floor, plans: tuple[OperationPlan, ...]) -> RoutedOperation:
    (plan,) = plans
    return RoutedOperation(
        code=plan.id,
        kind=plan.kind,
        work_centre=plan.work_centre,
        alternatives=tuple(
            (resource.id, resource.duration_min(plan.duration_min))
            for resource in floor.centre(plan.work_centre).eligible(plan.resources)
        ),
        after=tuple(plan.after),
        set_up_family=plan.set_up_family or "",
        freezes=tuple(plan.freezes),
    )


def bom_of_unit(engineering: Engineering, selection: Mapping[str, Any]) -> list[dict[str, str]]:
    """The components of one unit as its work order freezes them."""
    lines = engineering_book(engineering).bom(scope_of_unit(engineering, selection))
    return [
        {"component": line.component, "quantity": str(line.quantity), "unit": line.unit}
        for line in lines
    ]


def scope_of_unit(engineering: Engineering, selection: Mapping[str, Any]) -> Mapping[str, Any]:
    compiled: CompiledOffer = compiled_offer(engineering.offer)
    return compiled.scope(selection_from_json(selection))


def _read_floor(plant: Plant) -> Floor:
    rows = (
        ResourceLane.objects.filter(plant_id=plant.pk)
        .order_by("resource__work_centre__position", "resource__position", "number")
        .values_list(
            "id",
            "resource__code",
            "number",
            "resource__work_centre__code",
            "resource__speed_percent",
            "is_retired",
        )
    )
    lanes: list[FloorLane] = []
    retired: list[FloorLane] = []
    for lane_id, resource, number, centre, speed_percent, is_retired in rows:
        lane = FloorLane(lane_id, resource, number, centre, speed_percent)
        (retired if is_retired else lanes).append(lane)
    return Floor(
        plant_id=plant.pk,
        book=PlantBook.from_document(plant.document),
        lanes=tuple(lanes),
        retired=tuple(retired),
        work_centre_ids=dict(
            WorkCentre.objects.filter(plant_id=plant.pk).values_list("code", "id")
        ),
        line_ids=dict(Line.objects.filter(plant_id=plant.pk).values_list("code", "id")),
    )


def _keep_small(cache: dict[Any, Any]) -> None:
    while len(cache) > CACHE_SIZE:
        cache.pop(next(iter(cache)), None)
