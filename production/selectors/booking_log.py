"""What has changed of plants' bookings since a number, as minutes: the hot path of every promise.

Times come as whole minutes since 1970, worked out by the database: making moments of them and
counting minutes again costs more than following what they say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any

from django.db import connection

from production.locks import LOCK, NAMESPACE
from production.models import Plant

Change = Sequence[Any]
"""Booking, lane, second lane, begin, end, minutes of set-up, its family, status of the operation;
of a booking that is gone only its number, the rest None."""

NOTHING_SINCE = 2**62  # for plants whose changes nobody can follow
MINUTES = "ceil(extract(epoch FROM {}) / 60)::bigint"
BEGIN, END = MINUTES.format("lower(b.period)"), MINUTES.format("upper(b.period)")
COLUMNS = f"b.id, b.lane_id, b.second_lane_id, {BEGIN}, {END}, b.set_up_min, b.set_up_family"
STANDING = f"""
    SELECT {COLUMNS}, o.status FROM production_booking b
    LEFT JOIN production_operation o ON o.id = b.operation_id
"""  # noqa: S608 - our own names
CHANGED = f"""
    {STANDING} WHERE b.plant_id = {{plant}} AND b.seq > {{since}}
    UNION ALL
    SELECT booking, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM production_freedbooking
    WHERE plant_id = {{plant}} AND seq > {{since}}
"""  # noqa: S608 - our own names
# What may have changed of a plant while its lock was awaited.
STATE = (
    *("content_hash", "clock_origin_plant", "clock_origin_real", "clock_factor"),
    *("booking_seq", "material_seq", "downtime_seq"),
)
NAMES = "c (id, lane, second, begins, ends, set_up, family, status)"
ROW = "c.id, c.lane, c.second, c.begins, c.ends, c.set_up, c.family, c.status"
LOOK = f"""
    SELECT (SELECT id FROM production_hold WHERE order_id = %s AND status = 'active'),
        plant.id, {", ".join(f"plant.{name}" for name in STATE)},
        (SELECT json_agg(json_build_array({ROW}))
         FROM ({CHANGED.format(plant="plant.id", since="asked.since")}) AS {NAMES})
    FROM unnest(%s::bigint[], %s::bigint[]) AS asked (plant, since)
    JOIN production_plant plant ON plant.id = asked.plant
"""  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Locked:
    """What was found under the plants' locks.

    Attributes:
        hold_id: The order's active hold, if it has one.
        changes: By plant, what changed since the number asked for.
    """

    hold_id: int | None
    changes: Mapping[int, Sequence[Change]]


def standing(plant_id: int, after: datetime) -> list[Change]:
    """Every booking of the plant that ends later than ``after``; one statement."""
    with connection.cursor() as cursor:
        where = "WHERE b.plant_id = %s AND upper(b.period) > %s"
        cursor.execute(f"{STANDING} {where}", [plant_id, after])
        found: list[Change] = cursor.fetchall()
    return found


def changed(plant_id: int, since: int) -> list[Change]:
    """Rows written later than ``since``, and notes of rows that are gone; one statement."""
    with connection.cursor() as cursor:
        statement = CHANGED.format(plant="%s", since="%s")
        cursor.execute(statement, [plant_id, since, plant_id, since])
        found: list[Change] = cursor.fetchall()
    return found


def lock_and_look(
    plants: Iterable[Plant], *, others: Iterable[int], since: Mapping[int, int], order_id: int
) -> Locked:
    """Take the locks of ``plants`` and of ``others``, then read again what may have changed of the
    plants (written into them) and of their bookings; one turn to the database.
    """
    here = {plant.pk: plant for plant in plants}
    locks = sorted({*here, *others})
    asked = [sorted(here), [since.get(pk, NOTHING_SINCE) for pk in sorted(here)]]
    numbers = [number for pk in locks for number in (NAMESPACE, pk)]
    with connection.cursor() as cursor:
        cursor.execute(LOCK * len(locks) + LOOK, [*numbers, order_id, *asked])
        rows = cursor.fetchall()
    changes = {}
    for _, plant_id, *state, found in rows:
        for name, value in zip(STATE, state, strict=True):
            setattr(here[plant_id], name, value)
        changes[plant_id] = (loads(found) if isinstance(found, str) else found) or []
    return Locked(rows[0][0] if rows else None, changes)
