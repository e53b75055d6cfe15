"""Job orders and new times to the line."""

from celery import shared_task

from production.selectors.dispatch import plans_to_push
from production.services import dispatch, plan_push


@shared_task(name="production.dispatch_work_order")
def dispatch_work_order(work_order_id: int) -> None:
    dispatch.dispatch_work_order(work_order_id=work_order_id)


@shared_task(name="production.push_plans")
def push_plans() -> None:
    """Until the line does not answer: the rest is tried at the next sweep."""
    for work_order_id in plans_to_push():
        if not plan_push.push_plan(work_order_id=work_order_id):
            break
