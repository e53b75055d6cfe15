"""Something is wrong with a delivered unit: its customer says so, the seller's staff answers."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Invalid, Sentence
from cosmo.lib.ids import new_public_id
from cosmo.lib.ports import parcel_desk
from cosmo.lib.transitions import check_transition
from orders.lifecycle import (
    COMPLAINT_MOVES,
    ComplaintReason,
    ComplaintStatus,
    PaymentStatus,
)
from orders.models import Complaint, Order, Payment, Unit
from orders.services.checkout import Agreed, Contact, Wanted, place_order
from orders.services.confirmation import confirm_order, lock_order
from orders.services.mail import queue_mail
from orders.services.refunds import want_part_refund
from orders.services.units import lock_unit

FREE = Agreed(percent_off=Decimal(100))
NO_PROVIDER = "goodwill"  # of the payment of nothing that a replacement is confirmed with
HOLD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What staff decided. ``refund`` is gross, and only where money goes back."""

    status: ComplaintStatus
    text: str
    refund: Decimal = Decimal(0)


@transaction.atomic
def complain(
    *, unit_id: int, reason: ComplaintReason, text: str, by: User | None = None
) -> Complaint:
    """The customer's words about a unit they have. Said twice while it is open, it is the same.

    Raises:
        DomainError: it has not arrived (``not_delivered``), its money went back or it was made
            again already (``complaint_settled``).
    """
    unit = lock_unit(unit_id)
    order = unit.line.order
    known = unit.complaints.filter(status=ComplaintStatus.OPEN).first()
    if known is not None:
        return known
    if unit.pk not in parcel_desk().arrived_units(order_ids=[order.pk]):
        raise Conflict(
            "not_delivered",
            Sentence("Unit %(serial)s has not arrived yet; its page says where it is."),
            serial=unit.serial,
        )
    if unit.complaints.filter(status=ComplaintStatus.REMADE).exists():
        raise Conflict(
            "complaint_settled",
            Sentence("Unit %(serial)s was made again for you; complain about the new one."),
            serial=unit.serial,
        )
    complaint = Complaint.objects.create(unit=unit, by=by, reason=reason, text=text.strip())
    _tell(order, unit, "complaint_received")
    return complaint


@transaction.atomic
def answer_complaint(*, complaint_id: int, answer: Answer, by: User) -> Complaint:
    """Money back, made again, or neither; with words the customer reads.

    Raises:
        DomainError: answered already (``bad_transition``); no such amount (``refund_too_large``);
            nothing can be made (the promise source's).
    """
    order_id = Complaint.objects.values_list("unit__line__order_id", flat=True).get(pk=complaint_id)
    order = lock_order(order_id)
    complaint = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("unit__line__revision__design__product", "unit__line__offer")
        .get(pk=complaint_id)
    )
    check_transition(
        what=f"The complaint about {complaint.unit}",
        moves=COMPLAINT_MOVES,
        source=complaint.status,
        target=answer.status,
    )
    if answer.status == ComplaintStatus.REFUNDED:
        _refund(order, complaint, answer.refund)
    elif answer.status == ComplaintStatus.REMADE:
        complaint.replacement = _replace(order, complaint)
    complaint.status, complaint.answer = answer.status, answer.text.strip()
    complaint.answered_by, complaint.answered_at = by, real_now()
    complaint.save()
    _tell(order, complaint.unit, "complaint_answered", answer=complaint.answer)
    return complaint


def refundable(unit: Unit) -> Decimal:
    """What of the unit's price has not gone back for an earlier complaint."""
    gone = sum((one.refund for one in unit.complaints.all()), Decimal(0))
    return unit.line.unit_price - gone


def _refund(order: Order, complaint: Complaint, amount: Decimal) -> None:
    most = refundable(complaint.unit)
    if not 0 < amount <= most:
        raise Invalid(
            "refund_out_of_range",
            Sentence(
                "%(amount)s %(currency)s cannot go back for this unit; "
                "write an amount above 0 and up to %(most)s."
            ),
            amount=str(amount),
            currency=order.currency,
            most=str(most),
        )
    want_part_refund(
        order=order,
        key=f"complaint-{complaint.public_id}",
        amount=amount,
        tax_percent=complaint.unit.line.tax_percent,
    )
    complaint.refund = amount


def _replace(order: Order, complaint: Complaint) -> Order:
    """The same once more, for nothing, as an order of its own: planned, made and followed."""
    line = complaint.unit.line
    revision = line.revision
    fresh = place_order(
        wanted=[Wanted(revision=revision, quantity=1, agreed=FREE)],
        contact=_contact(order),
        language=order.language,
        checkout_key=f"complaint-{complaint.public_id}",
        said=None,
        user=order.user,
        partner=order.partner,
        partner_reference=order.partner_reference,
        hold_lasts=HOLD,
    )
    if order.partner_id is None:
        Payment.objects.create(
            order=fresh,
            provider=NO_PROVIDER,
            provider_reference=str(new_public_id()),
            amount=fresh.total,
            currency=fresh.currency,
            status=PaymentStatus.PAID,
            settled_at=real_now(),
        )
    return confirm_order(order_id=fresh.pk)


def _contact(order: Order) -> Contact:
    return Contact(
        email=order.email,
        name=order.name,
        street=order.street,
        postal_code=order.postal_code,
        city=order.city,
        country=order.country,
        phone=order.phone,
    )


def _tell(order: Order, unit: Unit, letter: str, **facts: str) -> None:
    queue_mail(order=order, letter=letter, page="account:complain", of=str(unit.public_id), **facts)
