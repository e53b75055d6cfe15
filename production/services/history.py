"""A unit's history: the one place that writes it and takes its ``seq``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from cosmo.lib.outbox import write_events
from orders.models import Unit
from production.lifecycle import Stage
from production.locks import LOCK, NAMESPACE
from production.models import UnitEvent, WorkOrder

TOPIC = "unit.changed"
Fact = str | int | None
TAKE_SEQ = """
    UPDATE production_plant SET event_seq = event_seq + %s WHERE id = %s RETURNING event_seq, code
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to one unit.

    Attributes:
        plant_time: When, in plant time.
        facts: By stage: ``confirmed`` promise · ``planned`` day · ``queued`` position ·
            ``next`` station · ``running`` operation, step, count, station · ``paused`` reason,
            text · ``on_its_way`` parcel, carrier, expected · ``remake`` reason.
    """

    unit_id: int
    stage: Stage
    plant_time: datetime
    work_order_id: int | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


def record_events(*, plant_id: int, happenings: Sequence[Happening]) -> list[UnitEvent]:
    """Write ``happenings`` in this order, each with the plant's next ``seq``, and tell the relay.

    Call inside a transaction. Takes the plant's lock, so a reader that follows ``seq`` misses
    nothing: whatever has a lower ``seq`` was committed before.
    """
    if not happenings:
        return []
    first, plant_code = _take_seq(plant_id, len(happenings))
    events = UnitEvent.objects.bulk_create(
        UnitEvent(
            plant_id=plant_id,
            seq=first + number,
            unit_id=happening.unit_id,
            work_order_id=happening.work_order_id,
            stage=happening.stage,
            facts=dict(happening.facts),
            plant_time=happening.plant_time,
        )
        for number, happening in enumerate(happenings)
    )
    _tell(events, plant_code)
    return events


def tell_now(work_order: WorkOrder, stage: Stage, **facts: Fact) -> None:
    """``stage`` happened to the work order's unit at this moment of the plant."""
    happening = Happening(
        unit_id=work_order.unit_id,
        stage=stage,
        plant_time=work_order.plant.clock.now(),
        work_order_id=work_order.pk,
        facts=facts,
    )
    record_events(plant_id=work_order.plant_id, happenings=[happening])


def _take_seq(plant_id: int, count: int) -> tuple[int, str]:
    """The first of ``count`` numbers, and the plant's code: one turn, under the plant's lock."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"Events of plant {plant_id} need a transaction around them.")
    with connection.cursor() as cursor:
        cursor.execute(
            LOCK + TAKE_SEQ,
            [NAMESPACE, plant_id, count, plant_id],
        )
        last, plant_code = cursor.fetchone()
    return last - count + 1, plant_code


def _tell(events: Sequence[UnitEvent], plant_code: str) -> None:
    """One outbox row an event, each in the chain of the unit's order."""
    units = {
        pk: (str(public_id), chain_id)
        for pk, public_id, chain_id in Unit.objects.filter(
            pk__in={event.unit_id for event in events}
        ).values_list("pk", "public_id", "line__order__chain_id")
    }
    bodies = []
    for event in events:
        public_id, chain_id = units[event.unit_id]
        bodies.append((public_id, {"seq": event.seq, "plant": plant_code}, chain_id))
    write_events(topic=TOPIC, bodies=bodies)
