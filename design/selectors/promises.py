"""The factory's word for a design on the screen; nothing is kept by asking."""

from collections.abc import Sequence
from datetime import date

from cosmo.lib.errors import DomainError
from cosmo.lib.ports import Promise, promise_source
from cosmo.lib.sentences import sentence_of
from design.models import Offer
from design.rules import Selection


def inquire(offer: Offer, selection: Selection, *, quantity: int = 1) -> tuple[Promise | None, str]:
    """The promise, or the sentence that says why there is none."""
    try:
        return (
            promise_source().inquire(offer_id=offer.pk, selection=selection, quantity=quantity),
            "",
        )
    except DomainError as error:
        return None, sentence_of(error)


def days_of(offer: Offer, selections: Sequence[Selection]) -> Sequence[date | None]:
    """The day of each design; None where there is none."""
    return promise_source().days(offer_id=offer.pk, selections=selections)
