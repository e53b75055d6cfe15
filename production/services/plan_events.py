"""What a plan has to answer: noted once, answered by the next run however many there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from cosmo.lib.clock import real_now
from production import signals
from production.lifecycle import PlanReason
from production.models import PlanEvent, Plant, ScheduleRun

KNOWN = frozenset(PlanReason.values)
AT_ONCE = 5_000


@transaction.atomic
def mark_plan_wanted(
    plant_id: int, reason: str, *, subject: str = "", facts: Mapping[str, object] | None = None
) -> bool:
    """Ask for a new plan of the plant; a plan already being made does not answer this.

    With a ``subject`` (what it happened to) it is asked once for good: False when it was before.
    """
    if not note_plan_event(plant_id=plant_id, said=reason, subject=subject, facts=facts):
        return False
    Plant.objects.filter(pk=plant_id).update(plan_wanted_at=real_now(), plan_wanted_for=reason[:80])
    return True


def announce_wanted_plan(plant_id: int) -> None:
    """Wake who plans once this transaction is committed: somebody waits for the answer. Lost, the
    sweep finds what is wanted.
    """
    transaction.on_commit(partial(signals.plan_asked.send_robust, sender=Plant, plant_id=plant_id))


def note_plan_event(
    *, plant_id: int, said: str, subject: str = "", facts: Mapping[str, object] | None = None
) -> bool:
    """Write that ``said`` happened; False when it was noted of this ``subject`` before.

    Args:
        said: A ``PlanReason``; anything else is what a line does off the plan, in its words.
        subject: What it happened to, for what is seen again and again (a silence, a late report).
    """
    kind = said if said in KNOWN else PlanReason.OFF_PLAN
    wording = {"said": said[:80], "facts": dict(facts or {})}
    if not subject:
        PlanEvent.objects.create(plant_id=plant_id, kind=kind, **wording)
        return True
    _, is_new = PlanEvent.objects.get_or_create(
        plant_id=plant_id, kind=kind, subject=subject[:80], defaults=wording
    )
    return is_new


def open_events(plant_id: int) -> tuple[int, ...]:
    """What no run has answered yet. Read before the plant's work, so that none is answered by a
    plan that did not know of it.
    """
    waiting = PlanEvent.objects.filter(plant_id=plant_id, run=None).order_by("pk")
    return tuple(waiting.values_list("pk", flat=True))


def answer_events(events: Sequence[int], run: ScheduleRun) -> None:
    if events:
        PlanEvent.objects.filter(pk__in=events).update(run=run)


def forget_answered(*, before: datetime) -> int:
    """Delete answered events that nobody looks for any more; how many."""
    gone = 0
    old = PlanEvent.objects.filter(created_at__lt=before, run__isnull=False).order_by("pk")
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        gone += PlanEvent.objects.filter(pk__in=ids).delete()[0]
    return gone
