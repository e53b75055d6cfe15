"""Statuses of what was promised to whom, and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    QUOTED = "quoted", _("Waiting for payment")
    ASKED = "asked", _("Waiting for your answer")  # paid after the hold ended, later date offered
    CONFIRMED = "confirmed", _("Confirmed")
    FULFILLED = "fulfilled", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


ORDER_MOVES: dict[str, frozenset[str]] = {
    OrderStatus.QUOTED: frozenset(
        {OrderStatus.CONFIRMED, OrderStatus.ASKED, OrderStatus.CANCELLED}
    ),
    OrderStatus.ASKED: frozenset({OrderStatus.CONFIRMED, OrderStatus.CANCELLED}),
    OrderStatus.CONFIRMED: frozenset({OrderStatus.FULFILLED, OrderStatus.CANCELLED}),
}


class PaymentStatus(models.TextChoices):
    CREATED = "created", _("Started")
    PENDING = "pending", _("Being checked")
    PAID = "paid", _("Paid")
    REFUSED = "refused", _("Refused")
    REFUNDING = "refunding", _("Being refunded")
    REFUNDED = "refunded", _("Refunded")


# A second payment of an order that is paid already goes straight to being refunded.
PAYMENT_MOVES: dict[str, frozenset[str]] = {
    PaymentStatus.CREATED: frozenset(
        {
            PaymentStatus.PENDING,
            PaymentStatus.PAID,
            PaymentStatus.REFUSED,
            PaymentStatus.REFUNDING,
        }
    ),
    PaymentStatus.PENDING: frozenset(
        {PaymentStatus.PAID, PaymentStatus.REFUSED, PaymentStatus.REFUNDING}
    ),
    PaymentStatus.PAID: frozenset({PaymentStatus.REFUNDING}),
    PaymentStatus.REFUNDING: frozenset({PaymentStatus.REFUNDED}),
}


class RefundStatus(models.TextChoices):
    """Of a part of a payment; the whole of one is a status of the payment itself."""

    REFUNDING = "refunding", _("Being refunded")
    REFUNDED = "refunded", _("Refunded")


REFUND_MOVES: dict[str, frozenset[str]] = {
    RefundStatus.REFUNDING: frozenset({RefundStatus.REFUNDED}),
}


class ChangeStatus(models.TextChoices):
    ASKED = "asked", _("Waiting for payment")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Not done")


CHANGE_MOVES: dict[str, frozenset[str]] = {
    ChangeStatus.ASKED: frozenset({ChangeStatus.DONE, ChangeStatus.DROPPED}),
}


class CampaignStatus(models.TextChoices):
    COLLECTING = "collecting", _("Collecting")
    SUCCEEDED = "succeeded", _("Succeeded, being ordered")
    FAILED = "failed", _("Not enough people")
    ORDERED = "ordered", _("Ordered")


CAMPAIGN_MOVES: dict[str, frozenset[str]] = {
    CampaignStatus.COLLECTING: frozenset({CampaignStatus.SUCCEEDED, CampaignStatus.FAILED}),
    CampaignStatus.SUCCEEDED: frozenset({CampaignStatus.ORDERED}),
}


class PledgeStatus(models.TextChoices):
    STARTED = "started", _("Waiting for your bank")
    COMMITTED = "committed", _("You take part")
    ORDERED = "ordered", _("Ordered")
    RELEASED = "released", _("Ended; nothing was taken")


PLEDGE_MOVES: dict[str, frozenset[str]] = {
    PledgeStatus.STARTED: frozenset({PledgeStatus.COMMITTED, PledgeStatus.RELEASED}),
    PledgeStatus.COMMITTED: frozenset({PledgeStatus.ORDERED, PledgeStatus.RELEASED}),
}


class ComplaintReason(models.TextChoices):
    DAMAGED = "damaged", _("It arrived damaged")
    WRONG = "wrong", _("It is not what I designed")
    MISSING = "missing", _("Something is missing")
    FAULTY = "faulty", _("It does not work as it should")
    OTHER = "other", _("Something else")


class ComplaintStatus(models.TextChoices):
    OPEN = "open", _("We are looking at it")
    REFUNDED = "refunded", _("Money back")
    REMADE = "remade", _("Made again for you")
    DECLINED = "declined", _("Nothing we can do")


COMPLAINT_MOVES: dict[str, frozenset[str]] = {
    ComplaintStatus.OPEN: frozenset(
        {ComplaintStatus.REFUNDED, ComplaintStatus.REMADE, ComplaintStatus.DECLINED}
    ),
}
