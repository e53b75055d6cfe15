"""The background work of the whole installation, turned by hand: what relay, worker and beat do."""

from cosmo.relay import BATCH
from orders.tasks import send_waiting_mail, settle_waiting_payments
from production.services.dispatch import claim_due_work_orders, dispatch_work_order
from production.tasks.dispatch import push_plans
from production.tasks.parcels import move_parcels
from production.tasks.planning import expire_holds, plan_marked_plants
from production.tasks.reports import apply_waiting_reports


def turn() -> None:
    """Once everything that beat would send, and every hint the relay would."""
    settle_waiting_payments()
    expire_holds()
    plan_marked_plants()
    for claim in claim_due_work_orders(limit=BATCH):
        dispatch_work_order(work_order_id=claim.work_order_id)
    apply_waiting_reports()
    push_plans()
    move_parcels()
    send_waiting_mail()
