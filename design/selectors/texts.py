"""The words of a product in one language, with English where a translation is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from design.models import TextBundle

FALLBACK = "en"
KEPT = 256  # texts of products in every language, some hundred kilobytes each at most

_documents: dict[str, Mapping[str, Any]] = {}  # by hash of the bundle


@dataclass(frozen=True, slots=True)
class ProductTexts:
    """Looks words up; a missing word is its id, made readable, never an empty place."""

    chosen: Mapping[str, Any]
    fallback: Mapping[str, Any]

    def find(self, *path: str) -> str:
        """The words at a place of the texts; "" where there are none."""
        for document in (self.chosen, self.fallback):
            found: Any = document
            for step in path:
                found = found.get(step) if isinstance(found, Mapping) else None
            if isinstance(found, str) and found:
                return found
        return ""

    def _name(self, *path: str) -> str:
        return self.find(*path) or path[-2 if path[-1] == "name" else -1].replace("_", " ")

    @property
    def product_name(self) -> str:
        return self._name("product", "name")

    @property
    def tagline(self) -> str:
        return self.find("product", "tagline")

    @property
    def description(self) -> str:
        return self.find("product", "description")

    def group(self, group_id: str) -> str:
        return self._name("groups", group_id)

    def feature(self, feature_id: str) -> str:
        return self._name("features", feature_id, "name")

    def feature_help(self, feature_id: str) -> str:
        return self.find("features", feature_id, "help")

    def option(self, feature_id: str, option_id: str) -> str:
        return self._name("features", feature_id, "options", option_id, "name")

    def option_note(self, feature_id: str, option_id: str) -> str:
        return self.find("features", feature_id, "options", option_id, "note")

    def rule(self, rule_id: str) -> str:
        return self._name("rules", rule_id)

    def price_line(self, line_id: str) -> str:
        return self.find("price_lines", line_id)

    def preset(self, preset_id: str) -> tuple[str, str]:
        return self._name("presets", preset_id, "name"), self.find("presets", preset_id, "reason")

    def component(self, component: str) -> str:
        return self._name("components", component)

    def operation(self, operation: str) -> str:
        return self._name("operations", operation)

    def material(self, material: str) -> str:
        return self._name("materials", material)


def texts_in(bundle: TextBundle, language: str) -> ProductTexts:
    """The bundle's words in ``language`` (``zh-hans``; ``zh-cn`` falls back to its family)."""
    return texts_among(_document_of(bundle), language)


def _document_of(bundle: TextBundle) -> Mapping[str, Any]:
    """Read once a process: a click of the studio would spend more on reading it than on most else.

    A row whose document was deferred costs no statement once its words are known.
    """
    found = _documents.get(bundle.content_hash)
    if found is None or "document" not in bundle.get_deferred_fields():
        if len(_documents) >= KEPT:
            _documents.clear()
        found = _documents[bundle.content_hash] = bundle.document
    return found


def texts_among(documents: Mapping[str, Any], language: str) -> ProductTexts:
    """The same of documents by language."""
    chosen = documents.get(language)
    if chosen is None:
        family = language.split("-")[0]
        chosen = next((d for code, d in documents.items() if code.split("-")[0] == family), {})
    return ProductTexts(chosen=chosen, fallback=documents.get(FALLBACK, {}))
