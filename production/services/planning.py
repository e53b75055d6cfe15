"""Asking for plans and making them: solved without a lock, checked, published under it."""

from collections.abc import Iterable

from django.db.models import F

from cosmo.lib.clock import real_now
from production.models import Plant


def mark_plan_wanted(plant_id: int, reason: str) -> None:
    """Ask for a new plan of the plant; a plan already being made does not answer this."""
    Plant.objects.filter(pk=plant_id).update(plan_wanted_at=real_now(), plan_wanted_for=reason[:80])


def mark_bookings_changed(plant_ids: Iterable[int], *, plan_for: str = "") -> set[int]:
    """Count a change of these plants' bookings; with ``plan_for`` also ask for a new plan.

    Call under the plants' locks.
    """
    changed = set(plant_ids)
    if changed:
        asked = {"plan_wanted_at": real_now(), "plan_wanted_for": plan_for[:80]}
        Plant.objects.filter(pk__in=changed).update(
            booking_seq=F("booking_seq") + 1, **(asked if plan_for else {})
        )
    return changed
