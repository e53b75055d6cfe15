"""Tubes from point to point, letters along a line, and measures that parts share."""

import xml.etree.ElementTree as ET  # our own output
from decimal import Decimal
from typing import Any

import pytest

from cosmo.lib.expressions import DocumentError
from design.rules import Model, scope_of
from design.shape import Bounds, Part, ShapeBook, elevation_svg
from design.shape.tube import box_around

SVG = "{http://www.w3.org/2000/svg}"
FEATURES = [
    {"id": "rise", "group": "g", "kind": "parameter", "unit": "mm", "min": 0, "max": 400,
     "step": 100, "default": 300},
    {"id": "words", "group": "g", "kind": "text", "max_length": 9, "default": ""},
]  # fmt: skip
TUBE = {
    "id": "tube", "kind": "tube", "from": ["0", "50", "20"], "to": ["run", "50", "top"],
    "diameter": "40", "material": "'steel'",
}  # fmt: skip


def document(**changes: Any) -> dict[str, Any]:
    shape = {
        "bounds": {"width": "run + 20", "depth": "100", "height": "top + 20"},
        "materials": {"steel": {"colour": "#b9bcc0", "finish": "brushed"}},
        "measures": [{"id": "top", "value": "rise + 20"}, {"id": "run", "value": "top * 4 / 3"}],
        "parts": [TUBE],
        **changes,
    }
    return {"features": FEATURES, "rules": [], "shape": shape}


def book_of(**changes: Any) -> tuple[ShapeBook, Model]:
    made = document(**changes)
    model = Model.from_document(made)
    return ShapeBook.from_document(made, model), model


def parts_of(book: ShapeBook, model: Model, **answers: Any) -> tuple[Part, ...]:
    return book.parts(scope_of(model, {**model.defaults, **answers}))


def drawn(*parts: Part) -> ET.Element:
    sides = [Decimal(1000)] * 5
    svg = elevation_svg(parts, Bounds(*sides), title="Tubes", desc="Three")
    return ET.fromstring(svg)  # noqa: S314


def tube(*ends: tuple[int, int, int], diameter: int = 40, kind: str = "tube") -> Part:
    one, other = (tuple(Decimal(x) for x in end) for end in ends)
    at, size = box_around(one, other, Decimal(diameter))  # type: ignore[arg-type]
    return Part(
        id="t", kind=kind, size=size, at=at, axis="z", material="steel", colour="#b9bcc0",  # type: ignore[arg-type]
        finish="brushed", radius=Decimal(0), text="Anna" if kind == "text" else "",
        ends=(one, other), diameter=Decimal(diameter),  # type: ignore[arg-type]
    )  # fmt: skip


def test_measures_are_worked_out_in_order_for_every_design() -> None:
    book, model = book_of()
    [part] = parts_of(book, model)
    assert part.ends is not None
    assert [tuple(map(str, end)) for end in part.ends] == [
        ("0", "50", "20"),
        ("426.667", "50", "320"),
    ]
    assert book.bounds(scope_of(model, model.defaults)).height == 340
    assert book.frame[1] == 440


def test_tube_without_length_is_not_there() -> None:
    flat = {**TUBE, "to": ["run * 0", "50", "top"]}
    book, model = book_of(parts=[flat])
    assert parts_of(book, model, rise=0) == ()
    assert len(parts_of(book, model, rise=100)) == 1


@pytest.mark.parametrize(
    ("measures", "sentence"),
    [
        ([{"id": "a", "value": "b + 1"}, {"id": "b", "value": "1"}], "'b' is not known here"),
        ([{"id": "rise", "value": "1"}], "'rise' is a feature already"),
        ([{"id": "i", "value": "1"}], "'i' is a word of the expression language"),
        ([{"id": "a", "value": "1"}, {"id": "a", "value": "2"}], "'a' is defined twice"),
        ([{"id": "a", "value": "words"}], "text"),
    ],
)
def test_faults_of_measures_are_said(measures: list[Any], sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence.replace("'", ".")):
        book_of(measures=[*measures, {"id": "top", "value": "9"}, {"id": "run", "value": "9"}])


def test_division_by_nothing_is_found_when_the_document_is_read() -> None:
    with pytest.raises(DocumentError, match="divi"):
        book_of(measures=[{"id": "top", "value": "rise"}, {"id": "run", "value": "9 / top"}])


# ---- the box around a tube


@pytest.mark.parametrize(
    ("one", "other", "at", "size"),
    [
        ((0, 0, 0), (100, 0, 0), (0, -10, -10), (100, 20, 20)),
        ((0, 0, 100), (0, 0, 0), (-10, -10, 0), (20, 20, 100)),
        ((0, 0, 0), (30, 0, 40), (-8, -10, -6), (46, 20, 52)),
    ],
)
def test_box_holds_the_round_ends_and_no_more(
    one: tuple[int, int, int], other: tuple[int, int, int], at: object, size: object
) -> None:
    """3-4-5: across, an end of radius 10 reaches 8 to the side and 6 up."""
    box = box_around(
        tuple(Decimal(x) for x in one),  # type: ignore[arg-type]
        tuple(Decimal(x) for x in other),  # type: ignore[arg-type]
        Decimal(20),
    )
    assert box == (at, size)


# ---- drawn


def rods(picture: ET.Element) -> list[ET.Element]:
    return [one for one in picture.iter(SVG + "rect") if "transform" in one.attrib]


def test_slanted_tube_is_a_rod_turned_into_its_place() -> None:
    [rod] = rods(drawn(tube((100, 0, 100), (400, 0, 500))))
    assert (rod.attrib["width"], rod.attrib["height"]) == ("500", "40")
    assert "rotate(-53.13)" in rod.attrib["transform"]


def test_it_does_not_matter_which_end_comes_first() -> None:
    one, other = (100, 0, 100), (400, 0, 500)
    [rod], [turned] = rods(drawn(tube(one, other))), rods(drawn(tube(other, one)))
    assert rod.attrib["transform"] == turned.attrib["transform"]


def test_tube_that_points_at_the_viewer_is_round() -> None:
    picture = drawn(tube((100, 0, 100), (100, 300, 100)))
    faces = [e for e in picture.iter(SVG + "ellipse") if "transform" in e.attrib]
    assert [(face.attrib["rx"], face.attrib["ry"]) for face in faces] == [("20", "20")]
    assert rods(picture) == []


def test_letters_run_along_their_line() -> None:
    picture = drawn(tube((100, 0, 100), (400, 0, 500), kind="text"))
    [group] = [g for g in picture.iter(SVG + "g") if "transform" in g.attrib]
    assert "rotate(-53.13)" in group.attrib["transform"]
    assert "Anna" in [letters.text for letters in group.iter(SVG + "text")]
