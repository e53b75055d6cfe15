"""Ideas: the list, and one with all its page needs."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of
from cosmo.lib.errors import NotFound, Sentence
from design.lifecycle import ContributionKind, ContributionStatus, IdeaStage
from design.models import Idea
from design.selectors.contributions import visible_to

DESIGNERS = (Role.DESIGNER, Role.AUTHOR, Role.ADMINISTRATOR)
ORDERS = {"new": ("-shown_at", "-pk"), "votes": ("-votes", "-pk")}


def may_take_up(idea: Idea, user: User) -> bool:
    """Designers of the factory whose product it is about; of any, where it is about none."""
    mine = organisations_of(user, *DESIGNERS)
    if idea.organisation_id is None:
        return mine.exists()
    return mine.filter(pk=idea.organisation_id).exists()


def shown_ideas(*, stage: str = "", product: str = "", order: str = "new") -> QuerySet[Idea]:
    """What is shown, with how much is said of each; one statement."""
    wanted = Q(kind=ContributionKind.IDEA, status=ContributionStatus.SHOWN)
    if stage in IdeaStage.values:
        wanted &= Q(stage=stage)
    if product:
        wanted &= Q(product__slug=product)
    return (
        Idea.objects.filter(wanted)
        .select_related("author", "designer")
        .annotate(
            said=Count("comments", filter=Q(comments__status=ContributionStatus.SHOWN)),
        )
        .order_by(*ORDERS.get(order, ORDERS["new"]))
    )


def access_idea(public_id: UUID, user: User | None) -> Idea:
    """The idea, when it is shown or one's own.

    Raises:
        DomainError: ``not_shown``.
    """
    idea = (
        Idea.objects.filter(visible_to(user), public_id=public_id)
        .select_related("author", "designer", "product__published_texts")
        .first()
    )
    if idea is None:
        raise NotFound("not_shown", Sentence("There is no such idea, or it is not shown any more."))
    return idea


def ideas_taken_up_by(user: User) -> QuerySet[Idea]:
    """What a designer may publish designs for."""
    return Idea.objects.filter(
        designer__user=user, stage__in=[IdeaStage.TAKEN_UP, IdeaStage.MADE]
    ).order_by("title")
