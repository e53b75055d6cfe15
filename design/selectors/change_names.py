"""Names beside the ids of what a draft changes: ids are the author's, names the reader's."""

from dataclasses import dataclass

from design.selectors.texts import ProductTexts


@dataclass(frozen=True, slots=True)
class Names:
    """Words of the draft, and of what is published for what the draft takes away."""

    new: ProductTexts
    old: ProductTexts

    def label(self, area: str, name: str, inside: str = "") -> str:
        """``Colour (colour)``, ``R7 (“Its sentence.”)``; the id alone where it has no words."""
        said = self._said(_path(area, name, inside))
        if not said or said == name:
            return name
        return f"{name} (“{said}”)" if area == "rule" else f"{said} ({name})"

    def feature(self, name: str) -> str:
        return self.label("feature", name)

    def answer(self, feature: str, answer: str | None) -> str | None:
        """An answer of a repair: an option's name, else what the document writes."""
        return answer and (self._said(_path("option", answer, feature)) or answer)

    def _said(self, path: tuple[str, ...]) -> str:
        return (path and (self.new.find(*path) or self.old.find(*path))) or ""


NOTHING = Names(ProductTexts({}, {}), ProductTexts({}, {}))


def _path(area: str, name: str, inside: str) -> tuple[str, ...]:
    match area:
        case "feature":
            return ("features", name, "name")
        case "option":
            return ("features", inside, "options", name, "name")
        case "preset":
            return ("presets", name, "name")
        case "rule" | "price" | "component" | "operation":
            places = {"rule": "rules", "price": "price_lines"}
            return (places.get(area, f"{area}s"), name)
        case _:
            return ()
