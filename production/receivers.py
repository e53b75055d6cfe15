"""What happens in the background when something is announced: here and nowhere else."""

from uuid import UUID

from django.dispatch import receiver

from cosmo.lib.hints import send_hint
from orders.signals import order_confirmed
from production import signals, tasks


@receiver(signals.reports_stored)
def apply_stored_reports(job: UUID, **_: object) -> None:
    send_hint(tasks.reports.apply_reports, str(job))


@receiver(order_confirmed)
def plan_confirmed_order(order_id: int, **_: object) -> None:
    send_hint(tasks.planning.plan_order, order_id)


@receiver(signals.plan_asked)
def plan_asked_plant(plant_id: int, **_: object) -> None:
    send_hint(tasks.planning.plan_plant, plant_id)


@receiver(signals.capacity_held)
def bring_held_order_sooner(order_id: int, **_: object) -> None:
    send_hint(tasks.planning.bring_sooner, order_id)
