"""Which mails somebody gets: some are owed, of the others each kind can be refused.

By address, not by account: whoever orders as a guest may refuse as well. The link in a mail is
signed and does one thing, so that a mail program may follow it without anybody signed in.
"""

from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cosmo.lib.models import MailRefusal

SALT = "mail.refusal"


class MailKind(models.TextChoices):
    """Mails that nobody has to get."""

    MAKING = "making", _("Work on it has begun, or is on time again")
    SHIPPED = "shipped", _("A unit is on its way")
    DELIVERED = "delivered", _("Everything has arrived")
    TOGETHER = "together", _("Gallery and ideas")


# What is not named here is owed: it confirms, asks, gives back money, or answers.
KINDS: Mapping[str, MailKind] = {
    "in_production": MailKind.MAKING,
    "slip_healed": MailKind.MAKING,
    "shipped": MailKind.SHIPPED,
    "delivered": MailKind.DELIVERED,
    "contribution_approved": MailKind.TOGETHER,
    "contribution_hidden": MailKind.TOGETHER,
    "idea_taken_up": MailKind.TOGETHER,
    "idea_made": MailKind.TOGETHER,
}


def is_wanted(*, letter: str, email: str) -> bool:
    """Whether to send it; one statement for a kind that can be refused, none for what is owed."""
    kind = KINDS.get(letter)
    return bool(email) and (
        kind is None or not MailRefusal.objects.filter(email=email.lower(), kind=kind).exists()
    )


def refused_kinds(email: str) -> frozenset[str]:
    refusals = MailRefusal.objects.filter(email=email.lower())
    return frozenset(refusals.values_list("kind", flat=True))


def refuse(*, email: str, kind: MailKind) -> None:
    """No more mails of that kind. Safe to repeat."""
    MailRefusal.objects.get_or_create(email=email.lower(), kind=kind)


def want(*, email: str, kind: MailKind) -> None:
    """Mails of that kind again. Safe to repeat."""
    MailRefusal.objects.filter(email=email.lower(), kind=kind).delete()


def refusal_address(*, email: str, kind: MailKind) -> str:
    token = signing.dumps([email.lower(), kind.value], salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('account:refuse-mail', args=[token])}"


def read_refusal(token: str) -> tuple[str, MailKind] | None:
    """Address and kind of a link that was signed here; it does not expire, as mails do not."""
    try:
        email, kind = signing.loads(token, salt=SALT)
        return str(email), MailKind(kind)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def refusal_headers(*, letter: str, email: str) -> dict[str, str]:
    """What lets a mail program offer "unsubscribe" by itself (RFC 2369, RFC 8058)."""
    kind = KINDS.get(letter)
    if kind is None:
        return {}
    return {
        "List-Unsubscribe": f"<{refusal_address(email=email, kind=kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
