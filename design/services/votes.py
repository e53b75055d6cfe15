"""Votes: one of each person, however often they click."""

from django.db import transaction
from django.db.models import F

from cosmo.accounts.models import User
from cosmo.lib.errors import Conflict, NotFound, Sentence
from design.lifecycle import ContributionKind, ContributionStatus
from design.models import Contribution, Vote

VOTED_ON = (ContributionKind.ENTRY, ContributionKind.IDEA)


@transaction.atomic
def cast_vote(*, contribution_id: int, user: User, is_for: bool) -> bool:
    """Vote, or take the vote back; the same again changes nothing. Whether something changed.

    The row of the vote and the count move in one transaction, the count by what the database adds.
    Votes for one thing wait for each other: else one could be taken back while it is looked up.

    Raises:
        DomainError: ``not_shown``; ``own_contribution``.
    """
    shown = Contribution.objects.filter(
        pk=contribution_id, kind__in=VOTED_ON, status=ContributionStatus.SHOWN
    )
    found = shown.select_for_update(of=("self",)).select_related("author").first()
    if found is None:
        raise _not_shown()
    if found.author.user_id == user.pk:
        raise Conflict("own_contribution", Sentence("This is yours; votes come from others."))
    if is_for:
        _vote, is_changed = Vote.objects.get_or_create(contribution_id=found.pk, voter=user)
    else:
        is_changed = bool(Vote.objects.filter(contribution_id=found.pk, voter=user).delete()[0])
    step = 1 if is_for else -1
    if is_changed and not shown.update(votes=F("votes") + step):
        raise _not_shown()  # hidden in this very moment; the vote's row goes with the transaction
    return is_changed


def _not_shown() -> NotFound:
    return NotFound("not_shown", Sentence("This is not shown any more, so nothing was counted."))
