"""What waits for a moderator, and who moderates what."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of
from cosmo.lib.errors import NotFound, Sentence
from design.lifecycle import ContributionStatus
from design.models import Contribution, ModerationAct, Product, Report
from design.selectors.contributions import WHOLE, title_of

MODERATORS = (Role.AUTHOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to look at.

    Attributes:
        reasons: What people reported, oldest first; empty for what is new.
    """

    contribution: Contribution
    title: str
    text: str
    reasons: tuple[str, ...]


def moderated_by(user: User) -> QuerySet[Contribution]:
    """What a moderator answers for: their organisation's products, and ideas about none.

    An idea about no product belongs to every organisation that sells something here.
    """
    mine = organisations_of(user, *MODERATORS)
    sells = Product.objects.filter(organisation__in=mine, published_offer__isnull=False).exists()
    allowed = Q(organisation__in=mine)
    if sells:
        allowed |= Q(organisation=None)
    return Contribution.objects.filter(allowed)


def waiting_for(user: User) -> QuerySet[Contribution]:
    """New and reported, oldest first."""
    is_open = Q(reports__closed_at=None, reports__isnull=False)
    return (
        moderated_by(user)
        .annotate(open_reports=Count("reports", filter=is_open))
        .filter(
            Q(status=ContributionStatus.WAITING)
            | Q(status=ContributionStatus.SHOWN, open_reports__gt=0)
        )
        .select_related(*WHOLE, "comment__about__idea")
        .prefetch_related(
            Prefetch(
                "reports",
                queryset=Report.objects.filter(closed_at=None).order_by("id"),
                to_attr="open_reasons",
            )
        )
        .order_by("created_at", "pk")
    )


def as_waiting(found: Contribution) -> Waiting:
    text = ""
    if found.kind == "entry":
        text = found.galleryentry.story
    elif found.kind == "idea":
        text = found.idea.text
    else:
        text = found.comment.text
    reasons = tuple(report.reason for report in getattr(found, "open_reasons", ()))
    return Waiting(found, title_of(found), text, reasons)


def access_moderated(public_id: UUID, user: User) -> Contribution:
    """What the moderator may decide on; what is of others looks like none.

    Raises:
        DomainError: ``unknown_contribution``.
    """
    found = moderated_by(user).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("unknown_contribution", Sentence("There is nothing to decide on here."))
    return found


def past_acts(user: User, limit: int = 20) -> list[ModerationAct]:
    """What was decided lately, and by whom."""
    acts = ModerationAct.objects.filter(contribution__in=moderated_by(user))
    paths = [f"contribution__{path}" for path in WHOLE]
    return list(acts.select_related("by", *paths).order_by("-id")[:limit])
