"""docs/catalogue.md shows what is true: its example files are the files that are tested."""

import re
from pathlib import Path

import pytest

from cosmo.lib.documents import load_schema
from cosmo.lib.expressions import parse
from tests.catalogue.folders import LAMP

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```\n", PAGE, flags=re.DOTALL))
SCHEMAS = {
    "offer": ROOT / "design/schemas/offer.schema.json",
    "texts": ROOT / "design/schemas/texts.schema.json",
    "engineering": ROOT / "production/schemas/engineering.schema.json",
    "plant": ROOT / "production/schemas/plant.schema.json",
}


def test_worked_example_is_the_tested_lamp() -> None:
    files = ["offer.yaml", "engineering.yaml", "plant.yaml", "texts/en.yaml"]
    assert list(SHOWN) == [str((LAMP / file).relative_to(ROOT)) for file in files]
    for file, text in SHOWN.items():
        assert text == (ROOT / file).read_text(encoding="utf-8"), file


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_of_a_format_is_explained(name: str) -> None:
    schema = load_schema(SCHEMAS[name]).schema
    missing = {key for key in _keys(schema) if not re.search(rf"`[^`]*\b{key}\b[^`]*`", PAGE)}
    assert missing == set()


def _keys(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*(_keys(item) for item in schema))
    if not isinstance(schema, dict):
        return set()
    named = schema.get("properties")
    own = set(named) if isinstance(named, dict) else set()
    return own.union(*(_keys(value) for value in schema.values()))


def test_expressions_of_the_page_can_be_read() -> None:
    table = PAGE[PAGE.index("| kind | name gives") : PAGE.index("`//` divides")]
    examples = re.findall(r"`([^`]*(?:==|!=|<=|>=| in )[^`]*)`", table)
    assert len(examples) == 7
    for example in examples:
        assert parse(example).names
