"""Background work of orders: an id in, one service call, safe to run twice."""

from celery import shared_task

from orders.services import campaign_orders, closing, expiry, mail, payments


@shared_task(name="orders.send_mail")
def send_mail(event_id: int) -> None:
    mail.send_mail(event_id=event_id)


@shared_task(name="orders.send_waiting_mail")
def send_waiting_mail() -> None:
    for event_id in mail.waiting_mail_ids():
        mail.send_mail(event_id=event_id)


@shared_task(name="orders.settle_payment")
def settle_payment(payment_id: int) -> None:
    payments.settle_payment(payment_id=payment_id)


@shared_task(name="orders.settle_waiting_payments")
def settle_waiting_payments() -> None:
    for payment_id in payments.open_payment_ids():
        payments.settle_payment(payment_id=payment_id)
    expiry.close_silent_orders()


@shared_task(name="orders.sweep_campaigns")
def sweep_campaigns() -> None:
    """Begun pledges, campaigns that are due, orders and charges of those that succeeded."""
    campaign_orders.sweep_campaigns()


@shared_task(name="orders.close_due_accounts")
def close_due_accounts() -> None:
    for user_id in closing.accounts_to_close():
        closing.close_account(user_id=user_id)


@shared_task(name="orders.forget_unpaid_guests")
def forget_unpaid_guests() -> None:
    expiry.forget_unpaid_guests()
