"""The factory's word for a design on the screen; nothing is kept by asking."""

from cosmo.lib.errors import DomainError
from cosmo.lib.ports import Inquiry, Promise, promise_source
from cosmo.lib.sentences import sentence_of
from design.models import Offer
from design.rules import Selection


def inquiry_of(offer: Offer) -> Inquiry:
    """Questions about designs of ``offer``, all answered as things are now."""
    return promise_source().inquiry(offer_id=offer.pk)


def inquire(offer: Offer, selection: Selection, *, quantity: int = 1) -> tuple[Promise | None, str]:
    """The promise, or the sentence that says why there is none."""
    return promised(inquiry_of(offer), selection, quantity=quantity)


def promised(
    inquiry: Inquiry, selection: Selection, *, quantity: int = 1
) -> tuple[Promise | None, str]:
    """The same, of one of several questions."""
    try:
        return inquiry.promise(selection, quantity=quantity), ""
    except DomainError as error:
        return None, sentence_of(error)
