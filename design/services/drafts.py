"""Writing the documents of a product before anybody else sees them."""

from collections.abc import Mapping

from django.db import transaction

from cosmo.accounts.models import Organisation, User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Invalid, Sentence
from cosmo.lib.ports import engineering_desk
from cosmo.lib.transitions import check_transition
from design.drafting.files import ENGINEERING, OFFER, check_files
from design.drafting.starting import starting_files
from design.drafting.writing import write_document
from design.lifecycle import DRAFT_MOVES, DraftStatus
from design.models import Draft, Product, Publication
from design.services.catalogue import live_publication


@transaction.atomic
def start_draft(
    *,
    organisation: Organisation,
    author: User,
    slug: str,
    note: str = "",
    files: Mapping[str, str] | None = None,
) -> Draft:
    """A draft of the product called ``slug``: with ``files``, else with what is published now.

    A new product starts as a small whole one, made where the seller's newest product is made.

    Raises:
        DomainError: the product belongs to another organisation (``product_taken``).
    """
    product = Product.objects.filter(slug=slug).first()
    if product is not None and product.organisation_id != organisation.pk:
        raise Conflict(
            "product_taken",
            Sentence(
                "Product %(product)s belongs to another organisation. Choose another product name."
            ),
            product=slug,
        )
    if files is None:
        files = published_files(product) if product else _first_files(organisation, slug)
    draft = Draft.objects.create(
        organisation=organisation,
        product=product,
        slug=slug,
        note=note.strip()[:120],
        files=check_files(files),
        author=author,
    )
    draft.editors.add(author)
    return draft


def _first_files(organisation: Organisation, slug: str) -> dict[str, str]:
    newest = (
        Product.objects.filter(organisation=organisation, published_offer__isnull=False)
        .select_related("published_offer")
        .order_by("-pk")
        .first()
    )
    offer = newest.published_offer if newest else None
    return starting_files(
        slug,
        offer=offer.document if offer else None,
        engineering=engineering_desk().current_document(offer_id=offer.pk) if offer else None,
    )


def published_files(product: Product) -> dict[str, str]:
    """What customers meet now, as files: as they were written, else written anew."""
    live = live_publication(product)
    return files_of(live) if live else {}


def files_of(publication: Publication) -> dict[str, str]:
    """The files of a publication; where they were not kept, the documents written out again."""
    if publication.files:
        return dict(publication.files)
    offer = publication.offer
    names = [entry["id"] for entry in offer.document["features"]]
    written = {OFFER: write_document(offer.document, names)}
    engineering = engineering_desk().current_document(offer_id=offer.pk)
    if engineering is not None:
        written[ENGINEERING] = write_document(engineering)
    for language, document in publication.texts.document.items():
        written[f"texts/{language}.yaml"] = write_document(document, names)
    return check_files(written)


@transaction.atomic
def save_draft(
    *,
    draft_id: int,
    version: int,
    editor: User,
    files: Mapping[str, str],
    note: str | None = None,
) -> Draft:
    """Keep changed texts. Files that are not named stay; an empty text takes a language away.

    What was checked, scheduled or waiting for sign-off is a draft again, and a running check ends.

    Raises:
        DomainError: somebody saved in between (``draft_moved``), or it is over
            (``bad_transition``).
    """
    checked = check_files(files)
    draft = lock_draft(draft_id)
    check_version(draft, version)
    merged = {**draft.files, **checked}
    merged = {n: text for n, text in merged.items() if text.strip() or not n.startswith("texts/")}
    wanted = check_files(merged)
    if note is not None:
        draft.note = note.strip()[:120]
    if wanted == draft.files:
        draft.save(update_fields=["note", "changed_at"])
        return draft
    reopen(draft)
    draft.files = wanted
    draft.version += 1
    draft.save()
    draft.editors.add(editor)
    return draft


@transaction.atomic
def discard_draft(*, draft_id: int) -> Draft:
    """Put a draft away for good; nothing that is published changes."""
    draft = lock_draft(draft_id)
    move(draft, DraftStatus.DISCARDED)
    draft.publish_at = None
    draft.save()
    end_open_check(draft)
    return draft


def lock_draft(draft_id: int) -> Draft:
    return Draft.objects.select_for_update(no_key=True).get(pk=draft_id)


def check_version(draft: Draft, version: int) -> None:
    if draft.version != version:
        raise Conflict(
            "draft_moved",
            Sentence(
                "The draft was saved in between: it is at version %(version)s, yours is %(yours)s. "
                "Open it again and put your change into the newer text."
            ),
            version=draft.version,
            yours=version,
        )


def move(draft: Draft, target: DraftStatus) -> None:
    check_transition(
        what=f"The draft of {draft.slug}", moves=DRAFT_MOVES, source=draft.status, target=target
    )
    draft.status = target


def reopen(draft: Draft) -> None:
    """The draft is being written again: what was asked and signed was about another text."""
    if draft.status != DraftStatus.DRAFT:
        move(draft, DraftStatus.DRAFT)
    draft.asked_by = draft.signed_off_by = draft.publish_at = None
    draft.refusal = ""
    end_open_check(draft)


def end_open_check(draft: Draft) -> None:
    draft.checks.filter(finished_at=None).update(finished_at=real_now(), is_cancelled=True)


def refuse_if_nothing(draft: Draft) -> None:
    if not draft.files.get(OFFER, "").strip():
        raise Invalid(
            "empty_draft", Sentence("offer.yaml is empty; write what the product offers first.")
        )
