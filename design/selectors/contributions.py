"""Contributions: where each is shown, what it is called, and who may see it."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cosmo.accounts.models import User
from cosmo.lib.errors import NotFound, Sentence
from design.lifecycle import ContributionKind, ContributionStatus
from design.models import Comment, Contribution, Contributor, ModerationAct, Vote

WHOLE = ("author", "galleryentry__design", "idea", "comment__about__galleryentry__design")


def shown_name(author: Contributor) -> str:
    return author.name or _("Somebody who left")


def entry_path(code: str) -> str:
    return reverse("design:gallery-entry", args=[code])


def idea_path(public_id: UUID) -> str:
    return reverse("design:idea", args=[public_id])


def title_of(found: Contribution) -> str:
    """What it is called in lists and letters; a comment by its first words."""
    if found.kind == ContributionKind.ENTRY:
        return found.galleryentry.title
    if found.kind == ContributionKind.IDEA:
        return found.idea.title
    return found.comment.text[:60]


def path_of(found: Contribution) -> str:
    """Its page; a comment's place below what it is about."""
    if found.kind == ContributionKind.ENTRY:
        return entry_path(found.galleryentry.design.code)
    if found.kind == ContributionKind.IDEA:
        return idea_path(found.public_id)
    return f"{path_of(found.comment.about)}#comment-{found.public_id}"


def access_shown(public_id: UUID) -> Contribution:
    """A contribution that is shown, to vote, comment or report.

    Raises:
        DomainError: ``not_shown``.
    """
    shown = Contribution.objects.select_related(*WHOLE)
    found = shown.filter(public_id=public_id, status=ContributionStatus.SHOWN).first()
    if found is None:
        raise NotFound("not_shown", Sentence("This is not shown any more."))
    return found


def access_own(public_id: UUID, user: User) -> Contribution:
    """A contribution of one's own, whatever became of it.

    Raises:
        DomainError: ``not_shown``.
    """
    own = Contribution.objects.select_related(*WHOLE).filter(author__user=user)
    found = own.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("not_shown", Sentence("This is not shown any more."))
    return found


def visible_to(user: User | None) -> Q:
    """What is shown, and what is one's own unless withdrawn."""
    shown = Q(status=ContributionStatus.SHOWN)
    if user is None:
        return shown
    return shown | (Q(author__user=user) & ~Q(status=ContributionStatus.WITHDRAWN))


def voted(user: User | None, ids: Iterable[int]) -> frozenset[int]:
    """Which of them the person has voted for; one statement, none for a guest."""
    if user is None:
        return frozenset()
    mine = Vote.objects.filter(voter=user, contribution__in=list(ids))
    return frozenset(mine.values_list("contribution_id", flat=True))


def comments_on(about: Contribution, user: User | None) -> QuerySet[Comment]:
    """What was said below it, oldest first."""
    return (
        Comment.objects.filter(visible_to(user), about_id=about.pk)
        .select_related("author")
        .order_by("created_at", "pk")
    )


def last_reason(found: Contribution) -> str:
    """Why a moderator hid it, for its author."""
    act = ModerationAct.objects.filter(contribution_id=found.pk).order_by("-id").first()
    return act.reason if act else ""


def contributor_for(user: User | None) -> Contributor | None:
    """Whom others see; None for a guest and for who has not said a name yet."""
    if user is None:
        return None
    return Contributor.objects.filter(user=user).exclude(name="").first()
