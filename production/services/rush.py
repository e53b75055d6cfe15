"""A unit that goes before others."""

from django.db import transaction

from cosmo.lib.errors import Conflict, Sentence
from production.lifecycle import FINAL, PlanReason
from production.services.dispatch import lock_work_order
from production.services.plan_events import announce_wanted_plan, mark_plan_wanted


@transaction.atomic
def set_rush(*, work_order_id: int, is_rush: bool) -> bool:
    """Put a unit before the others of its plant, or back in line; False when it stood so already.

    What runs, what is pinned and what was promised to others stays: the plan weighs it.

    Raises:
        Conflict: nothing is left to plan (``work_order_over``).
    """
    work_order = lock_work_order(work_order_id)
    if work_order.status in FINAL:
        raise Conflict(
            "work_order_over",
            Sentence("%(serial)s has nothing left to plan: its work order is over."),
            serial=work_order.unit.serial,
        )
    if work_order.is_rush == is_rush:
        return False
    work_order.is_rush = is_rush
    work_order.save(update_fields=["is_rush"])
    mark_plan_wanted(
        work_order.plant_id,
        PlanReason.RUSH,
        facts={"unit": work_order.unit.serial, "is_rush": is_rush},
    )
    announce_wanted_plan(work_order.plant_id)
    return True
