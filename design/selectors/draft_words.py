"""How far the translations of a draft are: what is missing, and what names nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from cosmo.lib.documents import CatalogueInvalid, Document, PlacedProblem, read_document
from design.completeness import offer_words_problems
from design.drafting.files import OFFER, folder_of

SECTIONS = ("groups", "features", "rules", "presets")


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """One language of a draft.

    Attributes:
        unreadable: Why the file could not be looked at; "" when it could.
    """

    code: str
    file: str
    missing: tuple[PlacedProblem, ...]
    extra: tuple[PlacedProblem, ...]
    unreadable: str = ""

    @property
    def is_complete(self) -> bool:
        return not (self.missing or self.extra or self.unreadable)


def language_statuses(files: Mapping[str, str]) -> tuple[LanguageStatus, ...]:
    """Every language of the draft, as far as its offer and its texts can be read."""
    with folder_of(files) as folder:
        try:
            offer = read_document(folder / OFFER, name=OFFER)
            offer.content["features"], offer.content["rules"], offer.content["price"]["lines"]
        except (CatalogueInvalid, KeyError, TypeError):
            return ()
        statuses = []
        for name in files:
            if not name.startswith("texts/"):
                continue
            try:
                document = read_document(folder / name, name=name)
            except CatalogueInvalid as error:
                status = LanguageStatus(_code(name), name, (), (), str(error.problems[0]))
            else:
                status = _status(offer, document, name)
            statuses.append(status)
    return tuple(statuses)


def _code(name: str) -> str:
    return name.removeprefix("texts/").removesuffix(".yaml")


def _status(offer: Document, document: Document, name: str) -> LanguageStatus:
    content = {**{section: {} for section in SECTIONS}, **document.content}
    spoken = Document(name, content, document.places)
    try:
        found = offer_words_problems(offer.content, spoken)
    except (AttributeError, KeyError, TypeError):
        return LanguageStatus(_code(name), name, (), (), "The file does not have the right form.")
    return LanguageStatus(
        _code(name),
        name,
        tuple(one for one in found if one.code == "text_missing"),
        tuple(one for one in found if one.code == "text_of_nothing"),
    )
