"""Ideas: written by anybody, taken up by a designer, made into designs."""

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Forbidden, Invalid, NotFound, Sentence
from cosmo.lib.letters import Letter, queue_letters
from cosmo.lib.transitions import check_transition
from design.lifecycle import IDEA_MOVES, ContributionKind, ContributionStatus, IdeaStage
from design.models import Idea, Product
from design.selectors.contributions import idea_path
from design.services.contributing import check_rate, clean_text, contributor_of, first_status

SHORTEST_TEXT = 20


@transaction.atomic
def write_idea(
    *, user: User, title: str, text: str, product: Product | None = None, name: str = ""
) -> Idea:
    """Say what one would like to be made.

    Raises:
        DomainError: ``idea_too_short``; ``too_many``; the contributor's refusals.
    """
    title, text = clean_text(title), clean_text(text)
    if not title or len(text) < SHORTEST_TEXT:
        raise Invalid(
            "idea_too_short",
            Sentence("Say a little more: a title, and at least %(least)s characters about it."),
            least=SHORTEST_TEXT,
        )
    author = contributor_of(user=user, name=name)
    check_rate(author, ContributionKind.IDEA)
    status = first_status(author, title, text)
    return Idea.objects.create(
        kind=ContributionKind.IDEA,
        author=author,
        organisation_id=product.organisation_id if product else None,
        title=title,
        text=text,
        product=product,
        status=status,
        shown_at=real_now() if status == ContributionStatus.SHOWN else None,
    )


@transaction.atomic
def move_idea(*, idea_id: int, user: User, target: IdeaStage, name: str = "") -> Idea:
    """A designer takes an idea up, gives it back, or says that it is made. The caller has the role.

    Raises:
        DomainError: ``bad_transition``; somebody else's (``not_your_idea``); made without a
            design to show (``nothing_made``); not shown (``not_shown``).
    """
    designer = contributor_of(user=user, name=name)
    idea = Idea.objects.select_for_update(of=("self",)).get(pk=idea_id)
    if not idea.is_shown:
        raise NotFound("not_shown", Sentence("This is not shown any more."))
    check_transition(what=idea.title, moves=IDEA_MOVES, source=idea.stage, target=target)
    if idea.stage == IdeaStage.TAKEN_UP and idea.designer_id != designer.pk:
        raise Forbidden(
            "not_your_idea",
            Sentence("The idea “%(idea)s” is taken up by somebody else."),
            idea=idea.title,
        )
    if target == IdeaStage.MADE and not _has_shown_design(idea):
        raise Conflict(
            "nothing_made",
            Sentence("Publish a design for “%(idea)s” first; then it is made."),
            idea=idea.title,
        )
    idea.stage = target
    idea.designer = None if target == IdeaStage.OPEN else designer
    idea.save(update_fields=["stage", "designer"])
    _tell_author(idea, designer.name)
    return idea


def _has_shown_design(idea: Idea) -> bool:
    return idea.entries.filter(status=ContributionStatus.SHOWN).exists()


def _tell_author(idea: Idea, designer: str) -> None:
    reader = idea.author.user
    if idea.stage == IdeaStage.OPEN or reader is None:
        return
    facts = {"title": idea.title, "designer": designer}
    name = "idea_taken_up" if idea.stage == IdeaStage.TAKEN_UP else "idea_made"
    about = str(idea.public_id)
    queue_letters(
        [Letter(name, reader.email, reader.language, about, idea_path(idea.public_id), facts)]
    )
