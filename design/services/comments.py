"""Comments: a few plain words."""

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Invalid, NotFound, Sentence
from design.lifecycle import ContributionKind, ContributionStatus
from design.models import Comment, Contribution
from design.services.contributing import check_rate, clean_text, contributor_of, first_status
from design.services.votes import VOTED_ON

LONGEST = 1000


@transaction.atomic
def write_comment(*, about_id: int, user: User, text: str, name: str = "") -> Comment:
    """Say something about an entry or an idea.

    Raises:
        DomainError: ``not_shown``; ``comment_length``; ``too_many``; the contributor's refusals.
    """
    about = Contribution.objects.filter(
        pk=about_id, kind__in=VOTED_ON, status=ContributionStatus.SHOWN
    ).first()
    if about is None:
        raise NotFound("not_shown", Sentence("This is not shown any more."))
    plain = clean_text(text)
    if not 1 <= len(plain) <= LONGEST:
        raise Invalid(
            "comment_length",
            Sentence("A comment has 1 to %(most)s characters; this one has %(length)s."),
            most=LONGEST,
            length=len(plain),
        )
    author = contributor_of(user=user, name=name)
    check_rate(author, ContributionKind.COMMENT)
    status = first_status(author, plain)
    return Comment.objects.create(
        kind=ContributionKind.COMMENT,
        author=author,
        organisation_id=about.organisation_id,
        about=about,
        text=plain,
        status=status,
        shown_at=real_now() if status == ContributionStatus.SHOWN else None,
    )
