"""The rows of a hold, read and written in one statement each: other holds wait meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from json import loads
from typing import Any

from django.db import connection

from cosmo.lib.clock import real_now
from cosmo.lib.ids import new_public_id
from production.lifecycle import HoldStatus
from production.locks import LOCK, NAMESPACE
from production.models import Hold
from production.scheduling.gaps import UnitPlacement
from production.selectors.places import Place

UNITS = """
    SELECT unit.id, line.id, line.offer_id, line.selection,
        ARRAY(SELECT DISTINCT held.plant_id FROM production_heldunit held
              JOIN production_hold hold ON hold.id = held.hold_id
              WHERE hold.order_id = %(order)s AND hold.status = 'active')
    FROM orders_unit unit JOIN orders_orderline line ON line.id = unit.line_id
    WHERE line.order_id = %(order)s ORDER BY line.position, unit.position
"""
MOMENT = "'epoch'::timestamptz + {} * interval '1 minute'"
WRITE = f"""
    WITH kept AS (
        INSERT INTO production_hold (public_id, order_id, status, expires_at, created_at)
        VALUES (%s, %s, %s, %s, %s) RETURNING id),
    units AS (
        INSERT INTO production_heldunit
            (hold_id, unit_id, plant_id, engineering_id, promise_date, due_at, buffer_min,
             change_until)
        SELECT kept.id, held.* FROM kept, unnest(
            %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::timestamptz[],
            %s::int[], %s::timestamptz[]) AS held),
    booked AS (
        INSERT INTO production_booking (hold_id, period, second_lane_id, unit_id, plant_id, seq,
            lane_id, set_up_min, set_up_family, operation_code)
        SELECT kept.id,
            tstzrange({MOMENT.format("begins")}, {MOMENT.format("ends")}),
            nullif(second_lane, -1), unit, plant, seq, lane, set_up, family, code
        FROM kept, unnest(
            %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
            %s::bigint[], %s::bigint[], %s::int[], %s::text[], %s::text[])
            AS b (unit, plant, seq, begins, ends, lane, second_lane, set_up, family, code)),
    counted AS (
        UPDATE production_plant SET booking_seq = booking_seq + 1 WHERE id = ANY(%s))
    SELECT id FROM kept
"""  # noqa: S608 - our own names
HELD_IN = """
    SELECT DISTINCT held.plant_id FROM production_heldunit held
    JOIN production_hold hold ON hold.id = held.hold_id
    WHERE hold.order_id = %s AND hold.status = 'active'
"""
END = """
    WITH ended AS (
        UPDATE production_hold SET status = %s
        WHERE order_id = %s AND status = 'active' AND expires_at <= %s RETURNING id),
    freed AS (
        DELETE FROM production_booking USING ended WHERE hold_id = ended.id RETURNING plant_id)
    SELECT ended.id, ARRAY(SELECT DISTINCT plant_id FROM freed), EXISTS(
        SELECT FROM production_reservation claim
        WHERE claim.hold_id = ended.id AND claim.status = 'held')
    FROM ended
"""
CONFIRM = """
    UPDATE production_hold SET status = 'confirmed'
    WHERE order_id = %s AND status = 'active' AND expires_at > %s RETURNING id
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ended:
    """A hold that was ended: the plants whose bookings it gave back, whether it claims material."""

    hold_id: int
    plant_ids: tuple[int, ...]
    claims: bool


@dataclass(frozen=True, slots=True)
class OrderGroup:
    """The units of one order line."""

    line_id: int
    offer_id: int
    selection: Mapping[str, Any]
    unit_ids: tuple[int, ...]


def order_groups(order_id: int) -> tuple[list[OrderGroup], list[int]]:
    """The order's units by line, in the order's order, and the plants in which its active hold
    keeps capacity; one statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(UNITS, {"order": order_id})
        rows = cursor.fetchall()
    lines: dict[int, tuple[int, Any, list[int]]] = {}
    for unit_id, line_id, offer_id, selection, _ in rows:
        lines.setdefault(line_id, (offer_id, selection, []))[2].append(unit_id)
    groups = [
        OrderGroup(line_id, offer_id, loads(selection), tuple(unit_ids))
        for line_id, (offer_id, selection, unit_ids) in lines.items()
    ]
    return groups, rows[0][4] if rows else []


def write_hold(
    order_id: int,
    expires_at: datetime,
    groups: Sequence[OrderGroup],
    places: Mapping[int, Place],
    until: Mapping[int, datetime | None],
) -> Hold:
    """What was said of each unit, its bookings, and that the plants' bookings have changed. Under
    the plants' locks; one statement.

    Args:
        places: By order line.
        until: By plant, see ``change_until``.
    """
    hold = Hold(order_id=order_id, expires_at=expires_at, created_at=real_now())
    hold.public_id = new_public_id()
    units = [
        (unit_id, place, placement)
        for group in groups
        for place in (places[group.line_id],)
        for unit_id, placement in zip(group.unit_ids, place.units, strict=True)
    ]
    held = [
        (
            unit_id,
            place.engineering.plant_id,
            place.engineering.pk,
            place.promise_date,
            place.due_at,
            place.engineering.learnt_buffer_min,
            until[place.engineering.plant_id],
        )
        for unit_id, place, _ in units
    ]
    booked = [
        row for unit_id, place, placement in units for row in _booked(unit_id, place, placement)
    ]
    of_hold: list[Any] = [
        hold.public_id,
        order_id,
        HoldStatus.ACTIVE.value,
        expires_at,
        hold.created_at,
    ]
    plant_ids = sorted({place.engineering.plant_id for place in places.values()})
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [*of_hold, *_columns(held, 7), *_columns(booked, 10), plant_ids])
        (hold.pk,) = cursor.fetchone()
    hold._state.adding = False
    hold._state.db = "default"
    return hold


def _booked(unit_id: int, place: Place, placement: UnitPlacement) -> Iterable[tuple[Any, ...]]:
    gaps = place.gaps
    first = (gaps.origin - EPOCH) // (gaps.moment(1) - gaps.origin)
    for operation, placed in zip(place.routing, placement.operations, strict=True):
        yield (
            *(unit_id, gaps.plant_id, gaps.seq + 1, first + placed.start, first + placed.end),
            *(placed.lane, placed.second_lane, placed.set_up_min),
            *(operation.set_up_family, operation.code),
        )


def _columns(rows: Sequence[tuple[Any, ...]], wanted: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(wanted)]


def end_hold(
    order_id: int, target: HoldStatus, *, expired_by: datetime | None = None
) -> Ended | None:
    """End the order's active hold under the locks of its plants and free its bookings; None where
    there is none. The caller counts the change of bookings and gives back what is claimed.

    Args:
        expired_by: Only a hold that is over by then.
    """
    asked = [target.value, order_id, expired_by or FAR]
    row = _locked_turn(order_id, END, asked)
    return None if row is None else Ended(row[0], tuple(row[1]), row[2])


def confirm_active(order_id: int, now: datetime) -> int | None:
    """Make the order's active hold a confirmed one under the locks of its plants: which."""
    row = _locked_turn(order_id, CONFIRM, [order_id, now])
    return None if row is None else int(row[0])


def _locked_turn(order_id: int, statement: str, given: Sequence[Any]) -> Sequence[Any] | None:
    """One turn to the database that waits for the locks and then sees what is so under them."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_IN, [order_id])
        locks = sorted(row[0] for row in cursor.fetchall())
        numbers = [number for pk in locks for number in (NAMESPACE, pk)]
        cursor.execute(LOCK * len(locks) + statement, [*numbers, *given])
        found: Sequence[Any] | None = cursor.fetchone()
    return found
