"""Parts of a selection: where they are, how many, of what; and faults of the document."""

from decimal import Decimal
from typing import Any

import pytest

from cosmo.lib.expressions import DocumentError
from design.rules import Model, scope_of
from design.shape import Bounds, Part, ShapeBook
from tests.design.rules.documents import choice, offer, parameter, writing

Document = dict[str, Any]


def shaped(*parts: Document) -> Document:
    features = [
        choice("width", "w700=700", "w600=600", "w910=910"),
        choice("colour", "graphite", "steel"),
        parameter("height", 1500, 2000, 50),
        writing("words"),
    ]
    return {
        **offer(features),
        "shape": {
            "bounds": {"width": "width.mm", "depth": "680", "height": "height"},
            "materials": {
                "graphite": {"colour": "#3b3f42", "finish": "matt"},
                "steel": {"colour": "#b9bcc0", "finish": "brushed"},
            },
            "parts": [{**BOX, "id": f"p{n}", **part} for n, part in enumerate(parts)],
        },
    }


BOX = {"kind": "box", "size": ["10", "20", "30"], "at": ["0", "0", "0"], "material": "'steel'"}


def parts_of(document: Document, **answers: Any) -> tuple[tuple[Part, ...], Bounds]:
    model = Model.from_document(document)
    book = ShapeBook.from_document(document, model)
    scope = scope_of(model, {**model.defaults, **answers})
    return book.parts(scope), book.bounds(scope)


def test_measures_and_material_follow_the_selection() -> None:
    document = shaped(
        {"size": ["width.mm - 4", "660.5", "height"], "at": ["2", "20", "0"], "material": "colour",
         "radius": "6", "finish": "'gloss'"}
    )  # fmt: skip
    parts, bounds = parts_of(document, width="w910", height=1800)
    assert parts == (
        Part(
            id="p0",
            kind="box",
            size=(Decimal(906), Decimal("660.5"), Decimal(1800)),
            at=(Decimal(2), Decimal(20), Decimal(0)),
            axis="z",
            material="graphite",
            colour="#3b3f42",
            finish="gloss",
            radius=Decimal(6),
        ),
    )
    assert [bounds.width, bounds.depth, bounds.height] == [Decimal(n) for n in (910, 680, 1800)]


def test_every_picture_shares_the_frame_of_the_largest_design() -> None:
    for width in ("w600", "w910"):
        _, bounds = parts_of(shaped({}), width=width)
        assert (bounds.frame_width, bounds.frame_height) == (Decimal(910), Decimal(2000))


def test_a_repeated_part_is_numbered_and_knows_its_place() -> None:
    parts, _ = parts_of(shaped({"repeat": "3", "at": ["0", "0", "100 + i * 280"]}))
    assert {part.id: int(part.at[2]) for part in parts} == {"p0-1": 100, "p0-2": 380, "p0-3": 660}


def test_a_part_is_there_only_when_its_condition_holds_and_it_has_extent() -> None:
    document = shaped(
        {"when": "colour == 'steel'"},
        {"size": ["width.mm - 700", "1", "1"]},
        {"repeat": "(height - 1500) // 50"},
    )
    assert parts_of(document)[0] == ()
    chosen = parts_of(document, colour="steel", width="w910", height=1600)[0]
    assert [part.id for part in chosen] == ["p0", "p1", "p2-1", "p2-2"]


def test_a_text_says_what_was_written() -> None:
    document = shaped({"kind": "text", "when": "words != ''", "text": "words", "font": "'serif'"})
    assert parts_of(document)[0] == ()
    (part,) = parts_of(document, words="安娜 & Li")[0]
    assert (part.text, part.font) == ("安娜 & Li", "serif")


def test_a_document_cannot_ask_for_endless_parts() -> None:
    parts, _ = parts_of(shaped({"repeat": "height * 1000"}))
    assert len(parts) == 200


@pytest.mark.parametrize(
    ("part", "path", "code"),
    [
        ({"size": ["width", "1", "1"]}, ("size", 0), "wrong_kind"),
        ({"at": ["1", "1", "hight"]}, ("at", 2), "unknown_name"),
        ({"when": "colour == 'stele'"}, ("when",), "unknown_option"),
        ({"when": "i == 0", "repeat": "2"}, ("when",), "unknown_name"),
        ({"repeat": "colour"}, ("repeat",), "wrong_kind"),
        ({"repeat": "1.5"}, (), "not_whole"),
        ({"material": "height"}, ("material",), "wrong_kind"),
        ({"material": "'stele'"}, (), "unknown_material"),
        ({"material": "width"}, (), "unknown_material"),
        ({"finish": "'shiny'"}, (), "unknown_value"),
        ({"radius": "1 / (height - 1500)"}, (), "division_by_zero"),
        ({"kind": "text", "text": "3 + 4"}, ("text",), "wrong_kind"),
        ({"kind": "text", "text": "words", "font": "'comic'"}, (), "unknown_value"),
        ({"id": "p0"}, ("id",), "duplicate_id"),
    ],
)
def test_a_faulty_part_is_found_with_its_place(
    part: Document, path: tuple[Any, ...], code: str
) -> None:
    document = shaped({}, part)
    with pytest.raises(DocumentError) as raised:
        ShapeBook.from_document(document, Model.from_document(document))
    assert [(p.path, p.code) for p in raised.value.problems] == [
        (("shape", "parts", 1, *path), code)
    ]


def coated(*made_of: str) -> Document:
    """Steel that may be painted graphite, and tones that only draw."""
    document = shaped(
        {"material": "'steel'"}, *({"material": f"'t{n}'"} for n in range(len(made_of)))
    )
    tones = {
        f"t{number}": {"colour": "#000000", "finish": "matt", "made_of": one}
        for number, one in enumerate(made_of)
    }
    document["shape"]["materials"] |= tones
    return document


def test_it_is_made_of_what_tones_stand_for_and_of_none_that_only_draws() -> None:
    document = coated("'none'", "'steel'", "colour", "'none'")
    model = Model.from_document(document)
    book = ShapeBook.from_document(document, model)
    for colour, made in (("graphite", ("steel", "graphite")), ("steel", ("steel",))):
        scope = scope_of(model, {**model.defaults, "colour": colour})
        assert len(book.parts(scope)) == 5
        assert book.substances(scope) == made


@pytest.mark.parametrize(
    ("made_of", "code"),
    [
        ("'stele'", "unknown_material"),
        ("width", "unknown_material"),
        ("'t0'", "drawn_material"),
        ("height", "wrong_kind"),
        ("stele", "unknown_name"),
    ],
)
def test_a_tone_of_nothing_known_is_found_with_its_place(made_of: str, code: str) -> None:
    document = coated("'none'", made_of)
    with pytest.raises(DocumentError) as raised:
        ShapeBook.from_document(document, Model.from_document(document))
    assert [(p.path, p.code) for p in raised.value.problems] == [
        (("shape", "materials", "t1", "made_of"), code)
    ]


def test_faulty_bounds_are_found_with_their_place() -> None:
    document = shaped({})
    document["shape"]["bounds"]["height"] = "hight"
    with pytest.raises(DocumentError) as raised:
        ShapeBook.from_document(document, Model.from_document(document))
    assert [p.path for p in raised.value.problems] == [("shape", "bounds", "height")]


def test_beside_an_offer_with_faults_a_shape_is_read_without_its_frame() -> None:
    document = shaped({})
    document["shape"]["bounds"]["height"] = "high"  # no feature; told where features are known
    assert ShapeBook.from_document(document).frame == (Decimal(0), Decimal(0))
    with pytest.raises(DocumentError):
        ShapeBook.from_document(document, Model.from_document(document))
