"""The simulated provider's word to pay later: given, then charged or let go, never both."""

from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Invalid, NotFound, Sentence
from orders.models import SimulatedAuthorisation, SimulatedCharge
from orders.payments.base import AuthorisationStatus, Started

OUTCOMES = {"accept": "authorised", "refuse": "refused"}


class SimulatedAuthorisations:
    def authorise(self, *, reference: str, amount: Decimal, currency: str) -> Started:
        SimulatedAuthorisation.objects.get_or_create(
            reference=reference, defaults={"amount": amount, "currency": currency}
        )
        page = reverse("orders:authorise", args=[reference])
        return Started(reference=reference, pay_url=page)

    def query_authorisation(self, *, reference: str) -> AuthorisationStatus:
        found = SimulatedAuthorisation.objects.filter(reference=reference).first()
        if found is None or not found.outcome:
            return "unknown"
        return "authorised" if found.outcome == "authorised" else "refused"

    def capture(
        self, *, authorisation: str, reference: str, amount: Decimal, currency: str
    ) -> bool:
        with transaction.atomic():
            found = (
                SimulatedAuthorisation.objects.select_for_update()
                .filter(reference=authorisation)
                .first()
            )
            if found is None or found.outcome != "authorised" or found.released_at is not None:
                return False
            if found.charge is not None:
                return bool(found.charge.reference == reference)
            if amount > found.amount or currency != found.currency:
                return False
            found.charge, _is_new = SimulatedCharge.objects.update_or_create(
                reference=reference,
                defaults={
                    "amount": amount,
                    "currency": currency,
                    "outcome": "paid",
                    "settles_at": real_now(),
                },
            )
            found.save(update_fields=["charge"])
        return True

    def release(self, *, reference: str) -> bool:
        SimulatedAuthorisation.objects.filter(
            reference=reference, released_at=None, charge=None
        ).update(released_at=real_now())
        return not SimulatedAuthorisation.objects.filter(
            reference=reference, charge__isnull=False
        ).exists()


def access_authorisation(reference: str) -> SimulatedAuthorisation:
    found = SimulatedAuthorisation.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound("unknown_payment", Sentence("The provider knows no such payment."))
    return found


def decide_authorisation(*, reference: str, choice: str) -> None:
    """The customer decides on the provider's page; a second decision changes nothing.

    Raises:
        DomainError: an unknown choice (``unknown_choice``).
    """
    if choice not in OUTCOMES:
        raise Invalid(
            "unknown_choice",
            Sentence("The provider knows no outcome “%(choice)s”. Choose accept or refuse."),
            choice=choice[:40],
        )
    SimulatedAuthorisation.objects.filter(reference=reference, outcome="", released_at=None).update(
        outcome=OUTCOMES[choice]
    )
