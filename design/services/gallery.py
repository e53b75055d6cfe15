"""Showing a design to everybody, and taking it back."""

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Forbidden, Sentence
from cosmo.lib.transitions import check_transition
from design.compile import compiled_offer
from design.lifecycle import CONTRIBUTION_MOVES, ContributionKind, ContributionStatus
from design.models import Contribution, DesignRevision, GalleryEntry, Idea
from design.selectors.colours import main_family
from design.selectors.configured import price_of
from design.selectors.shown_design import seen_selection
from design.services.contributing import check_rate, clean_text, contributor_of, first_status


@transaction.atomic
def publish_entry(
    *,
    revision: DesignRevision,
    user: User,
    title: str,
    story: str = "",
    name: str = "",
    idea: Idea | None = None,
) -> GalleryEntry:
    """Show a design of one's own; again after it was withdrawn, with the words of now.

    Args:
        revision: With its offer and its design's product.
        name: The name to be shown, for whoever has none yet.
        idea: One that the author has taken up.

    Raises:
        DomainError: not one's own (``not_your_design``), shown already (``already_shown``),
            hidden by a moderator (``bad_transition``); the contributor's refusals.
    """
    design = revision.design
    if design.owner_id != user.pk:
        raise Forbidden(
            "not_your_design",
            Sentence("Only who saved design %(design)s may show it. Start from it and save yours."),
            design=design.code,
        )
    author = contributor_of(user=user, name=name)
    if idea is not None and idea.designer_id != author.pk:
        raise Forbidden(
            "not_your_idea",
            Sentence("The idea “%(idea)s” is taken up by somebody else."),
            idea=idea.title,
        )
    known = GalleryEntry.objects.select_for_update(of=("self",)).filter(design=design).first()
    if known is not None and known.is_shown:
        raise Conflict(
            "already_shown",
            Sentence("“%(title)s” is in the gallery already. Withdraw it to show it anew."),
            title=known.title,
        )
    title, story = clean_text(title), clean_text(story)
    status = first_status(author, title, story)
    if known is not None:
        # What waits stays waiting: publishing again must not jump the queue.
        if known.status != ContributionStatus.WAITING:
            check_transition(
                what=f"Entry {known.title}",
                moves=CONTRIBUTION_MOVES,
                source=known.status,
                target=status,
            )
    else:
        check_rate(author, ContributionKind.ENTRY)
        known = GalleryEntry(design=design, author=author, kind=ContributionKind.ENTRY)
    _write(known, revision, title=title, story=story, idea=idea, status=status)
    return known


def _write(
    entry: GalleryEntry,
    revision: DesignRevision,
    *,
    title: str,
    story: str,
    idea: Idea | None,
    status: ContributionStatus,
) -> None:
    compiled = compiled_offer(revision.offer)
    selection = seen_selection(revision)
    price = price_of(compiled, selection)
    entry.revision, entry.product = revision, revision.design.product
    entry.organisation_id = revision.design.product.organisation_id
    entry.title, entry.story, entry.from_idea, entry.status = title, story, idea, status
    entry.price, entry.currency = price.total, price.currency
    entry.colour = main_family(compiled.parts(selection))
    if status == ContributionStatus.SHOWN:
        entry.shown_at = entry.shown_at or real_now()
    entry.save()


@transaction.atomic
def withdraw(*, contribution_id: int, user: User) -> Contribution:
    """Take back what one contributed; votes and comments stay for when it is shown again.

    Raises:
        DomainError: not one's own (``not_yours``), hidden or gone already (``bad_transition``).
    """
    found = Contribution.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=contribution_id
    )
    if found.author.user_id != user.pk:
        raise Forbidden("not_yours", Sentence("Only its author may withdraw this."))
    check_transition(
        what=str(found),
        moves=CONTRIBUTION_MOVES,
        source=found.status,
        target=ContributionStatus.WITHDRAWN,
    )
    found.status = ContributionStatus.WITHDRAWN
    found.save(update_fields=["status"])
    return found
