"""An account ends: asked for, a week to think again, then everything personal goes.

What a law wants kept stays without the account: an invoice with whom it was written to.
"""

from datetime import timedelta

import structlog
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Forbidden, Sentence
from cosmo.lib.models import MailRefusal, OutboxEvent
from cosmo.lib.ports import parcel_desk
from design.models import Design
from design.services.contributing import forget_contributor
from design.services.forgetting import forget_design
from orders.lifecycle import CampaignStatus, ComplaintStatus, OrderStatus, PledgeStatus
from orders.models import AddressChange, Campaign, Cart, Complaint, Order, Pledge
from orders.services.mail import TOPIC

log = structlog.get_logger(__name__)
THINK_AGAIN = timedelta(days=7)
RUNNING = (OrderStatus.QUOTED, OrderStatus.ASKED, OrderStatus.CONFIRMED)


@transaction.atomic
def ask_to_close(*, user_id: int, password: str) -> User:
    """Close the account in a week and sign it out everywhere; signing in again can keep it.

    Raises:
        DomainError: ``wrong_password``; staff (``staff_account``); something is still running
            (``account_in_use``).
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.check_password(password):
        raise Forbidden("wrong_password", Sentence("This is not your password; try again."))
    check_closable(user)
    user.closes_at = user.closes_at or real_now() + THINK_AGAIN
    user.signed_out_at = real_now()
    user.save(update_fields=["closes_at", "signed_out_at"])
    return user


@transaction.atomic
def keep_account(*, user_id: int) -> None:
    """They thought again. Safe to repeat."""
    User.objects.filter(pk=user_id).update(closes_at=None)


def check_closable(user: User) -> None:
    """
    Raises:
        DomainError: ``staff_account``, ``account_in_use``.
    """
    if user.is_staff or user.memberships.exists():
        raise Conflict(
            "staff_account",
            Sentence("You work here with this account; an administrator closes it for you."),
        )
    if running := what_runs(user):
        raise Conflict(
            "account_in_use",
            Sentence(
                "These must end first: %(what)s. Cancel them, or wait until they are delivered."
            ),
            what=", ".join(running),
        )


def what_runs(user: User) -> list[str]:
    """Orders, complaints and campaigns that still need the person, by the names they know."""
    orders = Order.objects.filter(user=user)
    complaints = Complaint.objects.filter(
        Q(by=user) | Q(unit__line__order__user=user), status=ComplaintStatus.OPEN
    )
    pledges = Pledge.objects.filter(user=user).exclude(
        Q(status=PledgeStatus.RELEASED) | Q(status=PledgeStatus.ORDERED)
    )
    campaigns = Campaign.objects.filter(
        owner=user, status__in=[CampaignStatus.COLLECTING, CampaignStatus.SUCCEEDED]
    )
    return [
        *orders.filter(status__in=RUNNING).order_by("id").values_list("number", flat=True),
        *complaints.order_by("id").values_list("unit__serial", flat=True),
        *pledges.order_by("id").values_list("campaign__title", flat=True),
        *campaigns.order_by("id").values_list("title", flat=True),
    ]


def accounts_to_close(limit: int = 20) -> list[int]:
    due = User.objects.filter(closes_at__lte=real_now())
    return list(due.order_by("closes_at").values_list("pk", flat=True)[:limit])


@transaction.atomic
def close_account(*, user_id: int) -> bool:
    """Erase what is due; False where it is not, or where something was begun meanwhile."""
    user = (
        User.objects.select_for_update(skip_locked=True)
        .filter(pk=user_id, closes_at__lte=real_now())
        .first()
    )
    if user is None:
        return False
    try:
        check_closable(user)
    except Conflict as refusal:
        log.info("account_stays", user=str(user.public_id), why=refusal.code)
        return False
    confirmed = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    addresses = {user.email, *confirmed}
    _forget_orders(user, addresses)
    _forget_designs(user)
    forget_contributor(user=user)
    MailRefusal.objects.filter(email__in=[one.lower() for one in addresses]).delete()
    log.info("account_closed", user=str(user.public_id))
    user.delete()
    return True


def _forget_orders(user: User, addresses: set[str]) -> None:
    orders = Order.objects.filter(user=user)
    for order in orders.filter(
        address_changes__isnull=False, confirmed_at__isnull=False
    ).distinct():
        _write_as_billed(order)
    parcel_desk().forget_addresses(order_ids=list(orders.values_list("pk", flat=True)))
    AddressChange.objects.filter(order__in=orders).delete()
    Complaint.objects.filter(unit__line__order__in=orders).update(text="", answer="")
    Pledge.objects.filter(user=user).update(contact={})
    keys = [str(one) for one in orders.values_list("public_id", flat=True)]
    OutboxEvent.objects.filter(topic__startswith=TOPIC, key__in=keys, published_at=None).delete()
    OutboxEvent.objects.filter(topic__startswith="letter.", body__to__in=list(addresses)).delete()
    # An invoice says whom it was written to; of an order without one nothing is kept.
    orders.filter(confirmed_at=None).update(name="", street="", postal_code="", city="")
    orders.update(email="", phone="")


def _write_as_billed(order: Order) -> None:
    """The invoice keeps whom it was written to, not where a parcel went later."""
    change = order.address_changes.filter(created_at__gt=order.confirmed_at).order_by("id").first()
    if change is None:
        return
    for name in ("name", "street", "postal_code", "city", "country"):
        setattr(order, name, change.before[name])
    order.save(update_fields=["name", "street", "postal_code", "city", "country"])


def _forget_designs(user: User) -> None:
    Cart.objects.filter(user=user).delete()  # its lines would keep the designs
    for design_id in Design.objects.filter(owner=user).order_by("pk").values_list("pk", flat=True):
        forget_design(design_id=design_id)
