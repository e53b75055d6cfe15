"""A provider that moves no money. It keeps its own ledger, as a real one would."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Invalid, NotFound, Sentence
from orders.models import SimulatedCharge
from orders.payments.base import ResultStatus, Started
from orders.payments.simulated_authorisations import SimulatedAuthorisations

SLOW = timedelta(seconds=8)
# What a visitor may make happen on the provider's page: outcome, and how long it takes.
CHOICES: dict[str, tuple[str, timedelta]] = {
    "accept": ("paid", timedelta(0)),
    "refuse": ("refused", timedelta(0)),
    "slow": ("paid", SLOW),
}


class SimulatedProvider(SimulatedAuthorisations):
    def start(self, *, reference: str, amount: Decimal, currency: str) -> Started:
        SimulatedCharge.objects.get_or_create(
            reference=reference, defaults={"amount": amount, "currency": currency}
        )
        return Started(reference=reference, pay_url=reverse("orders:simulator", args=[reference]))

    def query(self, *, reference: str) -> ResultStatus:
        charge = SimulatedCharge.objects.filter(reference=reference).first()
        if charge is None or not charge.outcome or charge.settles_at is None:
            return "unknown"
        if charge.settles_at > real_now():
            return "pending"
        return "paid" if charge.outcome == "paid" else "refused"

    def refund(self, *, reference: str) -> bool:
        SimulatedCharge.objects.filter(reference=reference, refunded_at=None).update(
            refunded_at=real_now()
        )
        return SimulatedCharge.objects.filter(
            reference=reference, refunded_at__isnull=False
        ).exists()

    def refund_part(self, *, reference: str, key: str, amount: Decimal) -> bool:
        with transaction.atomic():
            charge = SimulatedCharge.objects.select_for_update().get(reference=reference)
            if charge.refunds.filter(key=key).exists():
                return True
            given = charge.refunds.aggregate(given=Sum("amount"))["given"] or Decimal(0)
            if charge.outcome != "paid" or given + amount > charge.amount:
                return False
            charge.refunds.create(key=key, amount=amount)
        return True


def access_charge(reference: str) -> SimulatedCharge:
    charge = SimulatedCharge.objects.filter(reference=reference).first()
    if charge is None:
        raise NotFound("unknown_payment", Sentence("The provider knows no such payment."))
    return charge


@transaction.atomic
def decide_charge(
    *, reference: str, choice: str, late_until: datetime | None = None
) -> SimulatedCharge:
    """The customer decides on the provider's page; a second decision changes nothing.

    Args:
        choice: accept, refuse, slow, or late: paid only when ``late_until`` has passed.

    Raises:
        DomainError: an unknown choice (``unknown_choice``) or payment (``unknown_payment``).
    """
    access_charge(reference)
    charge = SimulatedCharge.objects.select_for_update().get(reference=reference)
    if charge.outcome:
        return charge
    if choice == "late" and late_until is not None:
        charge.outcome, charge.settles_at = "paid", late_until
    elif choice in CHOICES:
        charge.outcome, delay = CHOICES[choice]
        charge.settles_at = real_now() + delay
    else:
        raise Invalid(
            "unknown_choice",
            Sentence(
                "The provider knows no outcome “%(choice)s”. Choose accept, refuse, slow or late."
            ),
            choice=choice[:40],
        )
    charge.save(update_fields=["outcome", "settles_at"])
    return charge
