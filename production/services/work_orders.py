"""Work orders: opened from a confirmed hold, opened again for a remake.

All of it runs under the plant's lock, because bookings change hands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from typing import Any

from django.db import connection, transaction

from cosmo.lib.chain import current_chain_id
from cosmo.lib.errors import Conflict
from production.compile import Floor, RoutedOperation, bom_of_unit, floor_of
from production.lifecycle import OperationStatus, Stage, WorkOrderStatus
from production.locks import plant_lock
from production.models import Booking, Engineering, Operation, Plant, WorkOrder
from production.selectors.bookings import gaps_of
from production.selectors.demands import demand_of
from production.selectors.makers import engineerings_of
from production.selectors.materials import needs_of
from production.selectors.places import (
    Place,
    best_place,
    change_until,
    change_until_at,
    first_minute_again,
    supplies_of,
)
from production.services import materials
from production.services.history import Happening, record_events
from production.services.planning import mark_bookings_changed

HELD = """
    SELECT held.engineering_id, held.unit_id, held.promise_date, held.due_at, line.selection,
        orders.chain_id, held.change_until,
        (SELECT min(lower(period)) FROM production_booking
         WHERE hold_id = %(hold)s AND unit_id = held.unit_id),
        EXISTS(SELECT FROM production_reservation WHERE hold_id = %(hold)s)
    FROM production_heldunit held JOIN orders_unit unit ON unit.id = held.unit_id
    JOIN orders_orderline line ON line.id = unit.line_id
    JOIN orders_order orders ON orders.id = line.order_id
    WHERE held.hold_id = %(hold)s ORDER BY held.id
"""
TAKE = """
    WITH taken AS (
        UPDATE production_booking booking
        SET operation_id = operation.id, hold_id = NULL, seq = plant.seq
        FROM production_operation operation
        JOIN production_workorder work_order ON work_order.id = operation.work_order_id
        JOIN unnest(%s::bigint[], %s::bigint[]) AS plant (id, seq)
            ON plant.id = work_order.plant_id
        WHERE work_order.id = ANY(%s) AND booking.hold_id = %s
            AND booking.unit_id = work_order.unit_id
            AND booking.operation_code = operation.code
        RETURNING booking.unit_id, booking.period)
    SELECT unit_id, min(lower(period)) FROM taken GROUP BY unit_id
"""


@dataclass(frozen=True, slots=True)
class _Held:
    """What was said of one unit when it was held."""

    engineering_id: int
    unit_id: int
    promise_date: date
    due_at: datetime
    selection: Mapping[str, object]
    chain_id: str
    change_until: datetime | None
    begins_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Opening:
    """A work order about to be written; ``bookings`` by operation code are made for it."""

    work_order: WorkOrder
    routing: tuple[RoutedOperation, ...]
    bookings: Mapping[str, Booking]


def open_held_work_orders(hold_id: int) -> list[WorkOrder]:
    """One work order a unit of a hold that is being confirmed: components and operations frozen,
    the hold's bookings made the operations' own.
    """
    held, has_claims = _held(hold_id)
    engineerings = engineerings_of(one.engineering_id for one in held)
    openings = [_open_held(one, engineerings[one.engineering_id]) for one in held]
    _write(openings)
    begins = _take_bookings(hold_id, openings)
    if has_claims:
        materials.confirm(hold_id=hold_id, work_orders=[one.work_order for one in openings])
    plant_ids = {one.work_order.plant_id for one in openings}
    for plant_id in mark_bookings_changed(plant_ids, plan_for="order confirmed"):
        pairs = zip(held, openings, strict=True)
        mine = [pair for pair in pairs if pair[1].work_order.plant_id == plant_id]
        record_events(plant_id=plant_id, happenings=_confirmed(mine, begins))
    return [opening.work_order for opening in openings]


@transaction.atomic
def remake_unit(*, work_order_id: int) -> WorkOrder:
    """A further work order for the unit of an aborted one: same engineering, same due moment,
    booked at the earliest room there is now.

    Raises:
        DomainError: the work order is not aborted (``not_aborted``), or there is no room left
            (``no_capacity``).
    """
    plant_lock(WorkOrder.objects.values_list("plant_id", flat=True).get(pk=work_order_id))
    before = (
        WorkOrder.objects.select_related("plant", "unit__line", "engineering__offer")
        .defer("plant__document", "engineering__offer__document")
        .get(pk=work_order_id)
    )
    if before.status != WorkOrderStatus.ABORTED:
        raise Conflict(
            "not_aborted",
            f"Work order {before.public_id} is {before.status}; only the unit of an aborted work "
            "order is made again.",
        )
    free_bookings(work_order_id=before.pk)
    before.plant.refresh_from_db(fields=["booking_seq", "material_seq"])
    before.engineering.plant = before.plant
    gaps = gaps_of(before.plant)
    place = best_place(
        [before.engineering],
        {before.plant_id: gaps},
        selection=before.unit.line.selection,
        quantity=1,
        not_before={before.plant_id: first_minute_again(before.plant, gaps, before.change_until)},
        supplies=supplies_of([before.plant]),
    )
    work_order = open_next(before, place, due_at=before.due_at)
    mark_bookings_changed({before.plant_id}, plan_for="unit made again")
    return work_order


def open_next(before: WorkOrder, place: Place, *, due_at: datetime) -> WorkOrder:
    """A further work order of the same unit, booked where there is room. Under the plant's lock.

    The caller counts the change of bookings.
    """
    plant_id = place.engineering.plant_id
    bookings = {
        operation.code: Booking(
            plant_id=plant_id,
            lane_id=placed.lane,
            second_lane_id=placed.second_lane if placed.second_lane >= 0 else None,
            period=place.gaps.period(placed.start, placed.end),
            set_up_min=placed.set_up_min,
            set_up_family=operation.set_up_family,
            unit_id=before.unit_id,
            operation_code=operation.code,
        )
        for operation, placed in zip(place.routing, place.units[0].operations, strict=True)
    }
    work_order = _new_work_order(
        place.engineering,
        before.unit.line.selection,
        place.routing,
        unit_id=before.unit_id,
        due_at=due_at,
        chain_id=before.chain_id,
        generation=before.generation + 1,
        until=change_until_at(place.engineering.plant, before),
    )
    _write([_Opening(work_order, place.routing, bookings)])
    needs = needs_of(place.engineering, before.unit.line.selection)
    materials.reserve(work_order=work_order, needs=needs)
    return work_order


def free_bookings(*, work_order_id: int) -> None:
    """Give back what a work order that has ended early will not use: lanes and components. Under
    the plant's lock.
    """
    materials.release(work_order_id=work_order_id)
    plant_id = WorkOrder.objects.values_list("plant_id", flat=True).get(pk=work_order_id)
    open_bookings = Booking.objects.filter(operation__work_order_id=work_order_id).exclude(
        operation__status=OperationStatus.DONE
    )
    if open_bookings.delete()[0]:
        mark_bookings_changed({plant_id}, plan_for="work order ended early")


def _held(hold_id: int) -> tuple[list[_Held], bool]:
    """The hold's units as they were said, and whether it claims components."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"hold": hold_id})
        rows = cursor.fetchall()
    held = [
        _Held(made_by, unit, day, due_at, loads(selection), *more)
        for made_by, unit, day, due_at, selection, *more, _ in rows
    ]
    return held, any(row[-1] for row in rows)


def _take_bookings(hold_id: int, openings: Sequence[_Opening]) -> dict[int, datetime]:
    """The hold's bookings become the operations'; by unit, the moment the first of them begins."""
    seqs = {one.work_order.plant_id: one.work_order.plant.booking_seq + 1 for one in openings}
    asked: list[Any] = [
        list(seqs),
        list(seqs.values()),
        [one.work_order.pk for one in openings],
        hold_id,
    ]
    with connection.cursor() as cursor:
        cursor.execute(TAKE, asked)
        return dict(cursor.fetchall())


def _open_held(held: _Held, engineering: Engineering) -> _Opening:
    routing = demand_of(engineering, held.selection).routing
    work_order = _new_work_order(
        engineering,
        held.selection,
        routing,
        unit_id=held.unit_id,
        due_at=held.due_at,
        chain_id=held.chain_id or current_chain_id(),
        until=_change_until(held, engineering.plant),
    )
    return _Opening(work_order, routing, {})


def _change_until(held: _Held, plant: Plant) -> datetime | None:
    """What was said when it was held. Who paid later has the same time from then on, as far as the
    work does not stand before its end already."""
    again = change_until(plant)
    if held.change_until is None or again is None or held.begins_at is None:
        return held.change_until
    return max(held.change_until, min(held.begins_at, again))


def _new_work_order(
    engineering: Engineering,
    selection: Mapping[str, object],
    routing: Sequence[RoutedOperation],
    *,
    unit_id: int,
    due_at: datetime,
    chain_id: str,
    generation: int = 1,
    until: datetime | None = None,
) -> WorkOrder:
    plant = engineering.plant
    return WorkOrder(
        plant=plant,
        line_id=_line_id(floor_of(plant), routing),
        unit_id=unit_id,
        engineering=engineering,
        generation=generation,
        bom=bom_of_unit(engineering, selection),
        due_at=due_at,
        release_at=plant.clock.now(),  # components may put it off
        change_until=until,
        chain_id=chain_id,
    )


def _line_id(floor: Floor, routing: Sequence[RoutedOperation]) -> int:
    """The line that has every work centre of the routing; the loader saw to it that one has."""
    line = floor.book.line_of({operation.work_centre for operation in routing})
    if line is None:
        raise Conflict(
            "no_line", f"No line of plant {floor.book.code} has all work centres of this routing."
        )
    return floor.line_ids[line.code]


def _write(openings: Sequence[_Opening]) -> None:
    """Work orders, operations and the bookings made for them; two or three statements."""
    WorkOrder.objects.bulk_create(opening.work_order for opening in openings)
    operations = Operation.objects.bulk_create(
        _operation(opening.work_order, position, routed)
        for opening in openings
        for position, routed in enumerate(opening.routing, start=1)
    )
    by_place = {(one.work_order_id, one.code): one for one in operations}
    fresh: list[Booking] = []
    for opening in openings:
        for code, booking in opening.bookings.items():
            booking.operation = by_place[opening.work_order.pk, code]
            booking.seq = opening.work_order.plant.booking_seq + 1
            fresh.append(booking)
    Booking.objects.bulk_create(fresh)


def _operation(work_order: WorkOrder, position: int, routed: RoutedOperation) -> Operation:
    floor = floor_of(work_order.plant)
    return Operation(
        work_order=work_order,
        position=position,
        code=routed.code,
        kind=routed.kind,
        work_centre_id=floor.work_centre_ids[routed.work_centre],
        alternatives=[list(alternative) for alternative in routed.alternatives],
        after=list(routed.after),
        set_up_family=routed.set_up_family,
        freezes=list(routed.freezes),
    )


def _confirmed(
    opened: Iterable[tuple[_Held, _Opening]], begins: Mapping[int, datetime]
) -> list[Happening]:
    happenings = []
    for held, opening in opened:
        plant: Plant = opening.work_order.plant
        now = plant.clock.now()
        day = begins[held.unit_id].astimezone(floor_of(plant).book.zone).date()
        for stage, facts in (
            (Stage.CONFIRMED, {"promise": held.promise_date.isoformat()}),
            (Stage.PLANNED, {"day": day.isoformat()}),
        ):
            happenings.append(
                Happening(
                    unit_id=held.unit_id,
                    stage=stage,
                    plant_time=now,
                    work_order_id=opening.work_order.pk,
                    facts=facts,
                )
            )
    return happenings


def planned_day(plant: Plant, bookings: Iterable[Booking]) -> date:
    """The plant's local day on which the first operation begins."""
    begins: datetime = min(booking.period.lower for booking in bookings)
    return begins.astimezone(floor_of(plant).book.zone).date()
