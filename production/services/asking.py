"""A planner asks for a plan now."""

from django.db import transaction

from cosmo.accounts.models import User
from production.models import Plant
from production.services.plan_events import announce_wanted_plan, mark_plan_wanted

ASKED_BY = "asked by "  # how the reason of such a plan begins


@transaction.atomic
def ask_for_plan(*, plant_id: int, user: User) -> bool:
    """Want a plan and wake who makes it; False when one was wanted already, which is woken again.

    Safe under double clicks: however often it is asked before the plan is begun, one is made.
    """
    plant = Plant.objects.select_for_update(no_key=True).defer("document").get(pk=plant_id)
    is_new = plant.plan_wanted_at is None
    if is_new:
        mark_plan_wanted(plant.pk, f"{ASKED_BY}{user.email}")
    announce_wanted_plan(plant.pk)
    return is_new
