"""Holds that end, and plans."""

from celery import shared_task
from django.conf import settings

from cosmo.lib.clock import real_now
from cosmo.lib.sweeps import sweep
from production.services import holds, improving, plan_events, planning, sooner, watching


@shared_task(name="production.expire_holds")
def expire_holds() -> None:
    holds.expire_holds()


@shared_task(name="production.forget_freed")
def forget_freed() -> None:
    """Notes of bookings that are gone, which no index follows any more."""
    holds.forget_freed()


@shared_task(name="production.bring_sooner")
def bring_sooner(order_id: int) -> None:
    """A hold was taken: perhaps others can let it pass. Lost, the day stays as it was said."""
    sooner.bring_sooner(order_id=order_id)


@shared_task(name="production.plan_plant")
def plan_plant(plant_id: int) -> None:
    """Answer what was asked for; nothing to do when another plan has answered it already."""
    planning.plan_if_wanted(plant_id=plant_id)


@shared_task(name="production.plan_order")
def plan_order(order_id: int) -> None:
    """The order was confirmed: plan where it is made."""
    for plant_id in planning.plants_of_order(order_id):
        planning.plan_if_wanted(plant_id=plant_id)


@shared_task(name="production.plan_marked_plants")
def plan_marked_plants() -> None:
    """The sweep: what nobody reports, plants that want a plan, old plans, and what is due at the
    line by now.
    """
    watching.watch_lines()
    sweep(planning.all_plants(), watching.watch_reports, what="watch reports")
    sweep(
        planning.plants_to_plan(),
        lambda one: planning.plan_if_wanted(plant_id=one[0], or_because=one[1]),
        what="plan",
    )
    sweep(planning.all_plants(), planning.mark_due, what="mark due")


@shared_task(name="production.improve_plans")
def improve_plans() -> None:
    """The sweep for when there is time: better plans where something is late."""
    improving.improve_late_plants()


@shared_task(name="production.forget_plan_events")
def forget_plan_events() -> None:
    """What plans have answered long ago."""
    plan_events.forget_answered(before=real_now() - settings.COSMO_KEPT)
