"""Saying something in public: under which name, how often, and what waits for a moderator."""

import re
import unicodedata
from datetime import timedelta

from django.db import IntegrityError, transaction

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, DomainError, Invalid, Sentence
from design.lettering import is_refused
from design.lifecycle import ContributionKind, ContributionStatus
from design.models import Contribution, Contributor

LONGEST_NAME = 40
TRUSTED_ROLES = (Role.DESIGNER, Role.AUTHOR, Role.ADMINISTRATOR)
# (how many, within) of one person; a person's writes stand in line behind their own row.
LIMITS: dict[str, tuple[int, timedelta]] = {
    ContributionKind.ENTRY: (20, timedelta(days=1)),
    ContributionKind.IDEA: (5, timedelta(days=1)),
    ContributionKind.COMMENT: (5, timedelta(minutes=10)),
}
TAKEN_NAMES = frozenset({"cosmo", "admin", "administrator", "moderator", "support"})
LINK = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|net|org|info|biz|ru|cn|io|shop|xyz)\b", re.IGNORECASE
)
# Rough words are those that no product is engraved with; these are only what is often sold here.
SOLD = ("viagra", "casino", "bitcoin", "赌场", "代开发票")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@transaction.atomic
def contributor_of(*, user: User, name: str = "") -> Contributor:
    """The person as others see them, locked; made with ``name`` the first time.

    Raises:
        DomainError: no name was said yet (``name_needed``), or it cannot be had (``name_taken``,
            ``name_unfit``).
    """
    known = Contributor.objects.select_for_update(no_key=True).filter(user=user).first()
    if known is not None and known.name:
        return known
    chosen = _checked_name(name)
    try:
        with transaction.atomic():
            if known is None:
                is_staff = organisations_of(user, *TRUSTED_ROLES).exists()
                known = Contributor.objects.create(user=user, name=chosen, is_known=is_staff)
            else:
                known.name = chosen
                known.save(update_fields=["name"])
    except IntegrityError:
        raise Conflict(
            "name_taken",
            Sentence("The name “%(name)s” is somebody else's. Choose another one."),
            name=chosen,
        ) from None
    return Contributor.objects.select_for_update(no_key=True).get(pk=known.pk)


def _checked_name(name: str) -> str:
    chosen = " ".join(unicodedata.normalize("NFKC", CONTROL.sub("", name)).split())
    if not chosen:
        raise Invalid(
            "name_needed", Sentence("Say which name others shall see. It need not be your own.")
        )
    is_unfit = "@" in chosen or not 2 <= len(chosen) <= LONGEST_NAME or LINK.search(chosen)
    if is_unfit or is_refused(chosen, SOLD) or chosen.casefold() in TAKEN_NAMES:
        raise Invalid(
            "name_unfit",
            Sentence(
                "“%(name)s” cannot be shown as a name. Use 2 to 40 letters, no address and no link."
            ),
            name=chosen[:LONGEST_NAME],
        )
    return chosen


def check_rate(author: Contributor, kind: ContributionKind) -> None:
    """Under the author's lock.

    Raises:
        DomainError: ``too_many``.
    """
    most, within = LIMITS[kind]
    since = real_now() - within
    if Contribution.objects.filter(author=author, kind=kind, created_at__gt=since).count() >= most:
        raise DomainError(
            "too_many",
            Sentence("That were %(most)s in %(minutes)s minutes. Wait a while, then go on."),
            status=429,
            most=most,
            minutes=int(within.total_seconds() // 60),
        )


def clean_text(text: str) -> str:
    """Plain text as it is stored: no control or direction characters, no towers of empty lines."""
    plain = CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    return re.sub(r"\n{3,}", "\n\n", plain).strip()


def first_status(author: Contributor, *texts: str) -> ContributionStatus:
    """Who is not known yet waits for a moderator; so does a link or a rough word of anybody."""
    # Not a judgement: a person looks first.
    if not author.is_known or any(LINK.search(t) or is_refused(t, SOLD) for t in texts):
        return ContributionStatus.WAITING
    return ContributionStatus.SHOWN


@transaction.atomic
def forget_contributor(*, user: User) -> None:
    """The account goes: the name goes with it, what was said stays without one."""
    Contributor.objects.filter(user=user).update(name="", user=None)
