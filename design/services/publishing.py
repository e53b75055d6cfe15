"""Making a checked draft what customers meet: now, at a time, after a second person's signature."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from cosmo.accounts.models import Organisation, User
from cosmo.lib.clock import real_now
from cosmo.lib.documents import read_document
from cosmo.lib.errors import Conflict, DomainError, Forbidden, Invalid, Sentence
from cosmo.lib.ports import FolderDocuments, engineering_desk
from design.drafting.files import ENGINEERING, folder_of
from design.lifecycle import DraftStatus
from design.models import Draft, DraftCheck, Product, Publication
from design.services.catalogue import Record, live_publication, publish_product
from design.services.drafts import check_version, lock_draft, move
from design.services.reading import read_draft


def needs_sign_off(draft: Draft) -> bool:
    """Whether a second person has to sign: switched on for everything, or for this product."""
    return bool(settings.COSMO_SIGN_OFF or (draft.product and draft.product.needs_sign_off))


def ask_publication(
    *, draft_id: int, version: int, user: User, at: datetime | None = None
) -> Draft:
    """Publish a checked draft, at once or at a time; or have it wait for the second signature.

    Raises:
        DomainError: somebody saved in between (``draft_moved``), the check found faults
            (``draft_has_faults``), the product moved since (``draft_outdated``), the time is past
            (``time_is_past``), or the draft is not checked (``bad_transition``).
    """
    if at is not None and at <= real_now():
        raise Invalid(
            "time_is_past",
            Sentence("%(at)s is past; choose a later time."),
            at=f"{at:%Y-%m-%d %H:%M}",
        )
    with transaction.atomic():
        draft = _lock_with_product(draft_id)
        check_version(draft, version)
        _check_may_be_published(draft)
        draft.publish_at, draft.asked_by, draft.refusal = at, user, ""
        waits = needs_sign_off(draft)
        if waits:
            move(draft, DraftStatus.AWAITING)
        elif at is not None:
            move(draft, DraftStatus.SCHEDULED)
        draft.save()
    if not waits and at is None:
        return publish_draft(draft_id=draft_id, by=user, version=version)
    return draft


def sign_off(*, draft_id: int, user: User) -> Draft:
    """The second person agrees: the draft is published, or scheduled for its time.

    Raises:
        DomainError: ``user`` wrote in it or asked for it (``same_person``).
    """
    with transaction.atomic():
        draft = _lock_with_product(draft_id)
        if draft.status != DraftStatus.AWAITING:
            raise Conflict(
                "nothing_to_sign",
                Sentence("This draft waits for no signature; its page says how it stands."),
            )
        if draft.asked_by_id == user.pk or draft.editors.filter(pk=user.pk).exists():
            raise Forbidden(
                "same_person",
                Sentence(
                    "You wrote in this draft or asked to publish it; a second person signs it off."
                ),
            )
        _check_may_be_published(draft)
        draft.signed_off_by = user
        if draft.publish_at is not None and draft.publish_at > real_now():
            move(draft, DraftStatus.SCHEDULED)
        is_due = draft.status != DraftStatus.SCHEDULED
        draft.save()
    return publish_draft(draft_id=draft_id, by=draft.asked_by) if is_due else draft


@transaction.atomic
def hold_back(*, draft_id: int) -> Draft:
    """Take back what was asked: a draft that waits or is scheduled is only checked again."""
    draft = lock_draft(draft_id)
    move(draft, DraftStatus.CHECKED)
    draft.publish_at = draft.asked_by = draft.signed_off_by = None
    draft.save()
    return draft


def due_drafts() -> list[int]:
    """Scheduled drafts whose time has come."""
    due = Draft.objects.filter(status=DraftStatus.SCHEDULED, publish_at__lte=real_now())
    return list(due.order_by("publish_at", "pk").values_list("pk", flat=True))


def publish_due(*, draft_id: int) -> None:
    """Publish a scheduled draft; what cannot be published any more is held back, with the reason.

    Safe to run twice: the second finds it published.
    """
    draft = Draft.objects.select_related("asked_by").get(pk=draft_id)
    try:
        publish_draft(draft_id=draft_id, by=draft.asked_by, only_if=DraftStatus.SCHEDULED)
    except DomainError as error:
        _note_refusal(draft_id, error)


@transaction.atomic
def _note_refusal(draft_id: int, error: DomainError) -> None:
    draft = lock_draft(draft_id)
    if draft.status == DraftStatus.SCHEDULED:
        move(draft, DraftStatus.CHECKED)
        draft.refusal = (error.template or error.message)[:300]
        draft.publish_at = draft.signed_off_by = None
        draft.save()


def publish_draft(
    *,
    draft_id: int,
    by: User | None,
    version: int | None = None,
    only_if: DraftStatus | None = None,
) -> Draft:
    """Make the draft what customers meet. The documents are read before anything is locked.

    Two at once: the second finds the draft published, or the product moved, and changes nothing.
    """
    seen = Draft.objects.get(pk=draft_id)
    documents = read_draft(seen)
    with transaction.atomic():
        draft = _lock_with_product(draft_id)
        if only_if is not None and draft.status != only_if:
            return draft
        check_version(draft, seen.version if version is None else version)
        _check_may_be_published(draft)
        if needs_sign_off(draft) and draft.signed_off_by is None:
            raise Conflict(
                "sign_off_missing",
                Sentence("A second person signs off changes of %(product)s; ask for it first."),
                product=draft.slug,
            )
        move(draft, DraftStatus.PUBLISHED)
        _publish(draft, documents, by)
        draft.save()
    return draft


def _publish(draft: Draft, documents: FolderDocuments, by: User | None) -> None:
    published = publish_product(
        organisation=draft.organisation,
        offer_document=documents.offer.content,
        texts={language: text.content for language, text in documents.texts.items()},
        record=Record(
            files=draft.files, draft=draft, published_by=by, signed_off_by=draft.signed_off_by
        ),
    )
    draft.product = published.product
    engineering_desk().publish(offer_id=published.offer.pk, document=documents.engineering.content)


def roll_back(*, publication_id: int, user: User) -> Publication:
    """Make a former publication what customers meet again; designs and orders stay as they are.

    Raises:
        DomainError: it, or one that says the same, is live already (``already_live``).
    """
    former = Publication.objects.select_related("offer", "texts").get(pk=publication_id)
    engineering = _engineering_in(former)
    with transaction.atomic():
        product = Product.objects.select_for_update(no_key=True).get(pk=former.product_id)
        live = live_publication(product)
        if live is not None and _says_the_same(live, former):
            raise Conflict("already_live", Sentence("This is what customers meet now already."))
        product.published_offer, product.published_texts = former.offer, former.texts
        product.gtin = str(former.offer.document["gtin"])
        product.save(update_fields=["gtin", "published_offer", "published_texts"])
        if engineering is not None:
            engineering_desk().publish(offer_id=former.offer_id, document=engineering)
        return Publication.objects.create(
            product=product,
            offer=former.offer,
            texts=former.texts,
            kind=Publication.Kind.ROLLED_BACK,
            rolled_back_to=former,
            files=former.files,
            published_by=user,
            at=real_now(),
        )


def _says_the_same(one: Publication, other: Publication) -> bool:
    return (one.offer_id, one.texts_id, one.files) == (other.offer_id, other.texts_id, other.files)


def _engineering_in(publication: Publication) -> dict[str, object] | None:
    """How it was made then; None where that was not kept, and the offer's present one stays."""
    text = publication.files.get(ENGINEERING)
    if not text:
        return None
    with folder_of({ENGINEERING: text}) as folder:
        return dict(read_document(folder / ENGINEERING).content)


def _lock_with_product(draft_id: int) -> Draft:
    """The product first, as every publication does, then the draft; a new product has only its
    organisation to lock."""
    seen = Draft.objects.only("product_id", "organisation_id").get(pk=draft_id)
    if seen.product_id is not None:
        Product.objects.select_for_update(no_key=True).get(pk=seen.product_id)
    else:
        Organisation.objects.select_for_update(no_key=True).get(pk=seen.organisation_id)
    return lock_draft(draft_id)


def _check_may_be_published(draft: Draft) -> None:
    check = last_check(draft)
    if check is None or check.finished_at is None or check.draft_version != draft.version:
        raise Conflict("not_checked", Sentence("This text was not checked yet; check it first."))
    if check.fault_count:
        raise Conflict(
            "draft_has_faults",
            Sentence("The check found faults: %(faults)s. Correct them and check again."),
            faults=check.fault_count,
        )
    product = draft.product or Product.objects.filter(slug=draft.slug).first()
    live = live_publication(product) if product else None
    if (live.pk if live else None) != check.live_id:
        raise Conflict(
            "draft_outdated",
            Sentence(
                "%(product)s was published by somebody else since this draft was checked; check it "
                "again to see what it would change now."
            ),
            product=draft.slug,
        )


def last_check(draft: Draft) -> DraftCheck | None:
    """The newest check that was not cut short."""
    return draft.checks.filter(is_cancelled=False).order_by("-pk").first()
