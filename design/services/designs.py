"""Saving what somebody wants made."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db import transaction

from cosmo.accounts.models import Organisation, User
from cosmo.lib.errors import Invalid, NotFound, Sentence
from design import signals
from design.compile import CompiledOffer, choices_to_json, compiled_offer
from design.models import Design, DesignRevision, Offer
from design.rules import Choices, Selection, selection_hash
from design.selectors.lettering import check_words, written_lines


@transaction.atomic
def save_design(
    *,
    offer: Offer,
    choices: Choices,
    prefer: Selection | None = None,
    owner: User | None = None,
    partner: Organisation | None = None,
    name: str = "",
    forked_from: DesignRevision | None = None,
    said_date: date | None = None,
    is_public: bool = False,
) -> DesignRevision:
    """A new design with its first revision; completed and checked here, by the server alone.

    Args:
        prefer: Answers shown to the shopper that nobody chose; kept where they fit.
        said_date: Day of delivery that was shown to the shopper.
        is_public: Everybody is going to see it; its name and code are told.

    Raises:
        DomainError: the choices contradict each other (``choices_conflict``), or a text is
            missing (``text_needed``).
    """
    design = Design.objects.create(
        product_id=offer.product_id,
        owner=owner,
        partner=partner,
        name=name,
        forked_from=forked_from,
        is_public=is_public,
    )
    return _add_revision(design, offer, choices, prefer, said_date)


@transaction.atomic
def revise_design(
    *,
    design_id: int,
    offer: Offer,
    choices: Choices,
    prefer: Selection | None = None,
    said_date: date | None = None,
) -> DesignRevision:
    """A further revision of a design; the same selection again adds none."""
    design = Design.objects.select_for_update(no_key=True).get(pk=design_id)
    return _add_revision(design, offer, choices, prefer, said_date)


def _add_revision(
    design: Design,
    offer: Offer,
    choices: Choices,
    prefer: Selection | None = None,
    said_date: date | None = None,
) -> DesignRevision:
    compiled = compiled_offer(offer)
    if not compiled.engine.is_valid(choices):
        raise Invalid(
            "choices_conflict",
            Sentence(
                "These choices contradict each other, so no such product can be made. "
                "Ask for the valid options first and change one of them."
            ),
        )
    selection = compiled.engine.complete(choices, prefer)
    broken = compiled.engine.violations(selection)
    if broken:  # a second, independent reading of the authored rules; must never happen
        raise Invalid(
            "selection_invalid",
            Sentence("This selection cannot be made. Open the design and choose again."),
            rules=list(broken),
        )
    _check_texts(compiled, selection)
    last = design.revisions.order_by("-number").first()
    found = selection_hash(selection)
    if last is not None and last.offer_id == offer.pk and last.selection_hash == found:
        return last
    return _kept(
        DesignRevision(
            design=design,
            number=last.number + 1 if last else 1,
            offer=offer,
            choices=choices_to_json(choices),
            selection=dict(selection),
            selection_hash=found,
            said_date=said_date,
        )
    )


def _kept(revision: DesignRevision) -> DesignRevision:
    """Save it; its pictures for lists and links are drawn by a worker afterwards."""
    revision.save()
    wanted = partial(signals.picture_wanted.send_robust, sender=Design, revision_id=revision.pk)
    transaction.on_commit(wanted)
    return revision


def _check_texts(compiled: CompiledOffer, selection: Selection) -> None:
    """
    Raises:
        ChoiceError: a text says a word that is not made (``text_refused``).
        Invalid: its letters cannot be made in their place (``letters_impossible``).
    """
    for feature in compiled.model.features:
        if feature.kind == "text":
            check_words(compiled, feature, str(selection[feature.id]))
    for written in written_lines(compiled, selection):
        if written.fault is not None:
            raise Invalid(
                "letters_impossible",
                Sentence(
                    "“%(text)s” cannot be made like this. Open the design in the studio; "
                    "it says why and what would do."
                ),
                text=written.text,
                feature=written.feature,
                reason=written.fault.code,
            )


@transaction.atomic
def restore_revision(
    *, design_id: int, number: int, said_date: date | None = None
) -> DesignRevision:
    """An earlier revision becomes the newest again; those in between stay.

    Raises:
        DomainError: there is none of that number (``unknown_version``).
    """
    design = Design.objects.select_for_update(no_key=True).get(pk=design_id)
    wanted = _revision(design, number)
    last = design.revisions.order_by("-number")[0]
    if last.offer_id == wanted.offer_id and last.selection_hash == wanted.selection_hash:
        return last
    return _kept(
        DesignRevision(
            design=design,
            number=last.number + 1,
            name=wanted.name,
            offer_id=wanted.offer_id,
            choices=wanted.choices,
            selection=wanted.selection,
            selection_hash=wanted.selection_hash,
            said_date=said_date,
        )
    )


def name_revision(*, design_id: int, number: int, name: str) -> None:
    """Give a version a name; an empty one takes it away.

    Raises:
        DomainError: ``unknown_version``.
    """
    design = Design.objects.get(pk=design_id)
    DesignRevision.objects.filter(pk=_revision(design, number).pk).update(name=name[:60])


def name_design(*, design_id: int, name: str) -> None:
    Design.objects.filter(pk=design_id).update(name=name[:80])


def _revision(design: Design, number: int) -> DesignRevision:
    found = design.revisions.filter(number=number).first()
    if found is None:
        raise NotFound(
            "unknown_version",
            Sentence("This design has no version %(number)s."),
            number=number,
        )
    return found


def adopt_designs(*, user: User, codes: Sequence[str]) -> int:
    """Designs saved before signing in become the user's; already owned ones stay whose they are."""
    return Design.objects.filter(code__in=codes, owner=None, partner=None).update(owner=user)
