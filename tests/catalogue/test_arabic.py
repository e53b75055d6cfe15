"""Every product speaks Arabic: the same things are worded, and none was left in English."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from production.folder import read_product_folder

CATALOGUE = Path(settings.BASE_DIR) / "catalogue"
# Written in Latin letters on purpose: what a sample of an engraving says, and a material's name.
LATIN = {"placeholder", "format", "language"}


@pytest.mark.parametrize("product", ["refrigerator", "bicycle-frame", "shelf"])
def test_arabic_words_the_same_things(product: str) -> None:
    texts = read_product_folder(CATALOGUE / product).texts
    english, arabic = (_words(texts[language].content) for language in ("en", "ar"))
    assert set(arabic) == set(english)
    plain = {words for path, words in arabic.items() if path[-1] not in LATIN and not _is_ar(words)}
    assert plain <= {"MDF"}


@pytest.mark.parametrize("plant", ["riverside", "lakeside"])
def test_a_plant_and_its_work_centres_are_called_something_in_every_language(plant: str) -> None:
    document = yaml.safe_load((CATALOGUE / "plants" / f"{plant}.yaml").read_text(encoding="utf-8"))
    for one in (document, *document["work_centres"]):
        assert set(one["names"]) == {code for code, _name in settings.LANGUAGES}, one
        assert _is_ar(one["names"]["ar"])


def _is_ar(words: str) -> bool:
    return any("\u0600" <= character <= "\u06ff" for character in words)


def _words(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    if isinstance(value, str):
        return {path: value}
    return {k: v for key, one in value.items() for k, v in _words(one, (*path, key)).items()}
