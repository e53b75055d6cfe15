"""The elevation as SVG: to scale, well formed, harmless, and readable without eyes."""

import random
import re
import xml.etree.ElementTree as ET  # our own output
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from design.shape import Bounds, Part, elevation_svg
from design.shape.lettering import font_size, text_width
from design.shape.part import FINISHES

SVG = "{http://www.w3.org/2000/svg}"
BOUNDS = Bounds(Decimal(700), Decimal(680), Decimal(1800), Decimal(900), Decimal(2000))


def part(name: str, **changes: Any) -> Part:
    fields: dict[str, Any] = {
        "id": name, "kind": "box", "size": (700, 660, 1800), "at": (0, 20, 0), "axis": "z",
        "material": "steel", "colour": "#b9bcc0", "finish": "matt", "radius": 6, **changes,
    }  # fmt: skip
    for key in ("size", "at"):
        fields[key] = tuple(Decimal(side) for side in fields[key])
    return Part(**{**fields, "radius": Decimal(fields["radius"])})


def drawn(*parts: Part, **options: Any) -> ET.Element:
    svg = elevation_svg(parts, BOUNDS, **{"title": "Fridge", "desc": "Steel", **options})
    return ET.fromstring(svg)  # noqa: S314


def of_kind(picture: ET.Element, tag: str) -> Iterator[ET.Element]:
    return picture.iter(SVG + tag)


def fitted(size: tuple[int, int, int], at: tuple[int, int, int], **changes: Any) -> Part:
    return part("fitted", size=size, at=at, **changes)


def test_one_millimetre_is_one_unit_and_the_product_stands_in_the_middle_of_the_floor() -> None:
    picture = drawn(part("body"))
    _, _, wide, high = (float(n) for n in picture.attrib["viewBox"].split())
    body = next(rect for rect in of_kind(picture, "rect"))
    x, y, width, height = (float(body.attrib[key]) for key in ("x", "y", "width", "height"))
    assert (width, height) == (700, 1800)
    assert x + width / 2 == wide / 2
    floor = y + height
    assert 2000 < floor < high
    ground = next(of_kind(picture, "path")).attrib["d"].split()[1].partition("H")[0]
    assert float(ground) == floor


def test_pictures_of_all_sizes_share_one_frame() -> None:
    small = Bounds(Decimal(600), Decimal(1), Decimal(1500), Decimal(900), Decimal(2000))
    large = Bounds(Decimal(900), Decimal(1), Decimal(2000), Decimal(900), Decimal(2000))
    boxes = {
        ET.fromstring(elevation_svg((), bounds, title="", desc="")).attrib["viewBox"]  # noqa: S314
        for bounds in (small, large)
    }
    assert len(boxes) == 1


def test_near_parts_cover_far_ones_and_equals_keep_their_order() -> None:
    picture = drawn(
        fitted((10, 5, 10), (300, 0, 0), finish="emissive"),
        fitted((10, 5, 10), (100, 40, 0), finish="emissive"),
        fitted((10, 5, 10), (200, 40, 0), finish="emissive"),
    )
    places = [float(rect.attrib["x"]) for rect in of_kind(picture, "rect")]
    assert [place - places[0] for place in places] == [0, 100, 200]


def test_screen_readers_get_name_and_description() -> None:
    picture = drawn(part("body"), title="Fridge <b>", desc='Steel & "glass"')
    assert picture.attrib["role"] == "img"
    labels = picture.attrib["aria-labelledby"].split()
    named = {element.attrib.get("id"): element.text for element in picture}
    assert [named[label] for label in labels] == ["Fridge <b>", 'Steel & "glass"']


def test_what_people_write_stays_text() -> None:
    hostile = "</text><script>alert(1)</script>&<!--"
    picture = drawn(fitted((400, 1, 30), (0, 0, 0), kind="text", text=hostile))
    assert {element.text for element in of_kind(picture, "text")} == {hostile}
    assert not list(of_kind(picture, "script"))


@pytest.mark.parametrize("dimensions", [False, True])
@pytest.mark.parametrize("finish", FINISHES)
def test_it_passes_a_strict_content_security_policy(finish: str, dimensions: bool) -> None:
    picture = drawn(
        part("body", finish=finish),
        fitted((300, 30, 20), (10, 0, 900), finish=finish),
        fitted((38, 40, 38), (10, 0, 700), finish=finish, kind="cylinder", axis="y"),
        fitted((300, 1, 30), (10, 0, 300), kind="text", text="Anna"),
        dimensions=dimensions,
    )
    ids = [element.attrib["id"] for element in picture.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in picture.iter():
        assert element.tag not in (SVG + "style", SVG + "script", SVG + "foreignObject")
        for name, value in element.attrib.items():
            assert name != "style"
            assert not name.startswith("on")
            assert "href" not in name
            for target in re.findall(r"url\(#(.*?)\)", value):
                assert target in ids
            assert "nan" not in value.lower()


def test_dimensions_are_written_only_when_asked_for() -> None:
    assert not list(of_kind(drawn(part("body")), "text"))
    picture = drawn(part("body"), dimensions=True)
    assert [element.text for element in of_kind(picture, "text")] == ["700 mm", "1,800 mm"]
    assert {e.attrib["fill"] for e in of_kind(picture, "text")} == {"currentColor"}


def test_equal_designs_give_equal_pictures_and_different_ones_share_no_ids() -> None:
    def ids(svg: str) -> set[str]:
        return set(re.findall(r'id="(.*?)"', svg))

    first = elevation_svg([part("a")], BOUNDS, title="t", desc="d")
    assert first == elevation_svg([part("a")], BOUNDS, title="t", desc="d")
    second = elevation_svg([part("a", finish="gloss")], BOUNDS, title="t", desc="d")
    assert not ids(first) & ids(second)
    named = elevation_svg([part("a")], BOUNDS, title="t", desc="d", prefix="left")
    assert all(name.startswith("left-") for name in ids(named))


@pytest.mark.parametrize(
    "text", ["Anna", "WWWWWWWW", "安娜的冰箱", "i", "Müller & Söhne", "e\u0301"]
)
def test_letters_fit_their_part(text: str) -> None:
    (label, *_) = of_kind(drawn(fitted((200, 1, 28), (0, 0, 0), kind="text", text=text)), "text")
    size = float(label.attrib["font-size"])
    assert size * text_width(text) <= 200.5
    assert size <= 28


def test_a_long_text_is_written_smaller_not_cut() -> None:
    assert font_size("Anna", 400, 28) > font_size("Anna" * 10, 400, 28) > 0


def test_random_parts_are_drawn_inside_the_frame() -> None:
    rng = random.Random(7)
    for _ in range(60):
        parts = []
        for n in range(rng.randint(1, 9)):
            w, h = rng.randint(1, 700), rng.randint(1, 1800)
            kind = rng.choice(["box", "cylinder", "text"])
            parts.append(
                part(
                    f"p{n}", kind=kind, size=(w, rng.randint(1, 90), h),
                    at=(rng.randint(0, 700 - w), rng.randint(0, 90), rng.randint(0, 1800 - h)),
                    axis=rng.choice("xyz"), finish=rng.choice(FINISHES), radius=rng.randint(0, 99),
                    colour=f"#{rng.randrange(16**6):06x}", text="Anna" if kind == "text" else "",
                )
            )  # fmt: skip
        picture = drawn(*parts, dimensions=True)
        _, _, wide, high = (float(n) for n in picture.attrib["viewBox"].split())
        for rect in of_kind(picture, "rect"):
            x, y, width, height = (float(rect.attrib[k]) for k in ("x", "y", "width", "height"))
            assert -60 <= x <= x + width <= wide + 60
            assert -60 <= y <= y + height <= high + 60
            assert float(rect.attrib.get("rx", 0)) <= min(width, height) / 2 + 0.01
