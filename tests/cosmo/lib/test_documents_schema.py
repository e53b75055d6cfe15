"""Faults of form, in sentences that name the value and what to do."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cosmo.lib.documents import check_schema, load_schema, read_document

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "kind"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$", "x-sentence": "Use small letters."},
        "kind": {"enum": ["choice", "multi"]},
        "format": {"const": "x/1"},
        "amount": {"type": ["string", "integer"], "x-sentence": "Use a point."},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "optional": {"type": "boolean"},
        "name": {"type": "string", "minLength": 2, "maxLength": 5},
        "list": {"type": "array", "minItems": 1, "maxItems": 2, "uniqueItems": True},
        "words": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z]+$", "maxLength": 4, "x-sentence": "Use letters."},
        },
        "never": {"not": {}, "x-sentence": "Only a table has it."},
        "odd": {"multipleOf": 2},
    },
}
VALIDATOR = Draft202012Validator(SCHEMA)
GOOD = "id: a\nkind: choice\n"

# the lines added to a good document -> line, path, code, sentence
FAULTS: list[tuple[str, int, str, str, str]] = [
    ("id2: b", 3, "id2", "unknown_key", "The key 'id2' is not known here."),
    ("optionel: true", 3, "optionel", "unknown_key", "Did you mean 'optional'?"),
    (
        "amount: 39.9",
        3,
        "amount",
        "wrong_type",
        "39.9 is not exact; put it in quotes. Use a point.",
    ),
    (
        "amount: [1]",
        3,
        "amount",
        "wrong_type",
        "A list stands where a text or a whole number is needed.",
    ),
    ("count: '3'", 3, "count", "wrong_type", "'3' stands where a whole number is needed."),
    ("count: 0", 3, "count", "out_of_range", "0 is out of range; at least 1 is possible."),
    ("count: 12", 3, "count", "out_of_range", "12 is out of range; at most 9 is possible."),
    ("optional: yes", 3, "optional", "wrong_type", "'yes' stands where true or false is needed."),
    ("name:", 3, "name", "wrong_type", "Nothing stands where a text is needed."),
    ("name: x", 3, "name", "too_short", "Has 1 characters; at least 2 are needed."),
    ("name: abcdef", 3, "name", "too_long", "Has 6 characters; at most 5 are possible."),
    ("list: []", 3, "list", "too_short", "Has 0 entries; at least 1 are needed."),
    ("list: [1, 2, 3]", 3, "list", "too_long", "Has 3 entries; at most 2 are possible."),
    (
        "list:\n  - 1\n  - 1",
        5,
        "list[1]",
        "duplicate_entry",
        "1 stands here a second time; remove one.",
    ),
    ("words: {}", 3, "words", "too_short", "Has 0 entries; at least 1 are needed."),
    ("words:\n  a: 1\n  B: 2", 5, "words.B", "bad_name", "'B' cannot be a key here. Use letters."),
    (
        "words:\n  abcde: 1",
        4,
        "words.abcde",
        "bad_name",
        "'abcde' cannot be a key here. Use letters.",
    ),
    ("format: y", 3, "format", "unknown_value", "'y' stands where 'x/1' is needed."),
    ("never: 1", 3, "never", "not_allowed", "This is not possible here. Only a table has it."),
    ("odd: 3", 3, "odd", "schema_multipleOf", "3 is not a multiple of 2."),
]


def faults_of(tmp_path: Path, text: str) -> list[tuple[int, str, str, str]]:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    problems = check_schema(read_document(file, name="x.yaml"), VALIDATOR)
    return [(p.place.line, p.path, p.code, p.sentence) for p in problems]


def test_good_document_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD) == []


@pytest.mark.parametrize(("added", "line", "path", "code", "sentence"), FAULTS)
def test_fault_has_a_line_and_a_sentence(
    tmp_path: Path, added: str, line: int, path: str, code: str, sentence: str
) -> None:
    ((found_line, found_path, found_code, found),) = faults_of(tmp_path, f"{GOOD}{added}\n")
    assert (found_line, found_path, found_code) == (line, path, code)
    assert sentence.lower() in found.lower()


def test_missing_unknown_and_misspelt_keys_come_together(tmp_path: Path) -> None:
    found = faults_of(tmp_path, "id: A\nkinds: choice\n")
    assert found == [
        (1, "", "missing_key", "The key 'kind' is missing; add it."),
        (1, "id", "bad_form", "'A' does not have the right form. Use small letters."),
        (2, "kinds", "unknown_key", "The key 'kinds' is not known here. Did you mean 'kind'?"),
    ]


def test_unknown_value_offers_the_known_ones(tmp_path: Path) -> None:
    ((_, _, code, sentence),) = faults_of(tmp_path, "id: a\nkind: parameter\n")
    assert code == "unknown_value"
    assert sentence == "'parameter' is not possible here. Known: 'choice', 'multi'."


def test_our_schemas_are_strict_everywhere() -> None:
    """No mapping of known keys takes unknown ones: a typo never passes in silence."""
    root = Path(__file__).parents[3]
    files = [
        *(root / "design/schemas").glob("*.schema.json"),
        root / "production/schemas/engineering.schema.json",
        root / "production/schemas/plant.schema.json",
    ]
    assert len(files) == 5
    for file in files:
        schema = load_schema(file).schema
        loose = list(_loose_objects(schema, file.name))
        assert loose == []


def _loose_objects(schema: object, where: str) -> list[str]:
    """Subschemas with properties but without a word on other keys.

    ``feature`` and ``rule`` are closed by the definition their kind refers to.
    """
    if isinstance(schema, list):
        return [found for item in schema for found in _loose_objects(item, where)]
    if not isinstance(schema, dict):
        return []
    found = []
    is_object = schema.get("type") == "object" and "properties" in schema
    delegates = "allOf" in schema or "if" in schema
    if is_object and "additionalProperties" not in schema and not delegates:
        found.append(where)
    for key, value in schema.items():
        found += _loose_objects(value, f"{where}/{key}")
    return found
