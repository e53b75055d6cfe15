"""A refusal in the reader's language, for pages; programs get the English message and the code."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cosmo.lib.errors import DomainError

# What the engines refuse, which know no Django, and what is said in other words to a shopper.
OF_CODE = {
    "choices_conflict": _("These choices do not go together; take one of them back."),
    "text_needed": _("Write your text first; then the design is complete."),
    "no_plant": _("No plant makes this product at the moment, so there is no day of delivery."),
    "no_capacity": _(
        "The plant is fully booked for this design. Try a smaller quantity, or later."
    ),
}


def sentence_of(error: DomainError) -> str:
    """What a page says. What has no translation is said in English rather than not at all."""
    if error.code in OF_CODE:
        return str(OF_CODE[error.code])
    return gettext(error.template) % error.facts if error.template else error.message
