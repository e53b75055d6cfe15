"""Reading the documents of a draft: strictly to publish them, leniently to look at them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from cosmo.lib.documents import CatalogueInvalid, Document
from cosmo.lib.ports import FolderDocuments, FolderLook, engineering_desk
from design.drafting.files import ENGINEERING, OFFER, folder_of, inside
from design.models import Draft


def read_draft(draft: Draft) -> FolderDocuments:
    """The documents of a draft, checked one against the other and against the plants as they are.

    Raises:
        CatalogueInvalid: with every fault found.
    """
    look = check_draft(draft)
    if look.problems or look.documents is None:
        raise CatalogueInvalid(look.problems)
    return look.documents


def check_draft(draft: Draft) -> FolderLook:
    """The same, with what can be used in spite of missing words or tests that fail."""
    return _look(draft.organisation_id, draft.slug, draft.files)


def look_at_draft(draft: Draft) -> FolderDocuments:
    """What can be used of it, for looking only: a text that was read before is not read again.

    Raises:
        CatalogueInvalid: it cannot be used at all; with every fault found.
    """
    look = _look_once(draft.organisation_id, draft.slug, tuple(draft.files.items()))
    if look.documents is None:
        raise CatalogueInvalid(look.problems)
    return look.documents


@lru_cache(maxsize=8)
def _look_once(organisation_id: int, slug: str, files: tuple[tuple[str, str], ...]) -> FolderLook:
    return _look(organisation_id, slug, dict(files))


def _look(organisation_id: int, slug: str, files: Mapping[str, str]) -> FolderLook:
    with folder_of(files) as folder:
        look = engineering_desk().look_at_folder(folder=folder, organisation_id=organisation_id)
        problems = tuple(inside(folder, one) for one in look.problems)
    read = look.documents
    if read is None:
        return FolderLook(None, problems)
    offer = replace(read.offer, file=OFFER)
    if offer.content["product"] != slug:
        sentence = (
            f"This draft is of '{slug}', the offer of '{offer.content['product']}'; "
            "start a new product instead."
        )
        wrong = offer.problem(("product",), "wrong_product", sentence)
        return FolderLook(None, (*problems, wrong))
    return FolderLook(
        FolderDocuments(offer, replace(read.engineering, file=ENGINEERING), _named(read.texts)),
        problems,
    )


def _named(texts: Mapping[str, Document]) -> dict[str, Document]:
    return {code: replace(text, file=f"texts/{code}.yaml") for code, text in texts.items()}
