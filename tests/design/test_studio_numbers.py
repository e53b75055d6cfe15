"""Numbers with decimals, numbers of many steps and components, in the studio and for partners."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from design.models import Design
from orders.models import CartLine
from tests.factories.documents import OFFER
from tests.factories.partners import Api, make_program, make_token
from tests.factories.shop import STUDIO, make_shop

pytestmark = pytest.mark.django_db

PARAMETER = {"group": "body", "kind": "parameter"}
BOX = {
    "id": "box",
    "group": "body",
    "kind": "component",
    "optional": True,
    "default": "none",
    "features": [
        {
            "id": "lid",
            "kind": "choice",
            "default": "oak",
            "options": [{"id": "oak"}, {"id": "cork", "values": {"price": 4}}],
        },
        {
            "id": "rows",
            "kind": "parameter",
            "unit": "",
            "min": 1,
            "max": 3,
            "step": 1,
            "default": 2,
        },
        {"id": "label", "kind": "text", "max_length": 8, "default": ""},
    ],
    "rules": [{"id": "R1", "when": "lid == 'cork'", "then": "angle <= 72"}],
}
FEATURES: list[dict[str, Any]] = [
    *OFFER["features"],
    {
        **PARAMETER, "id": "angle", "unit": "°",
        "min": 70, "max": "75.5", "step": "0.5", "default": "73.5",
    },
    {**PARAMETER, "id": "span", "unit": "mm", "min": 400, "max": 3200, "step": 10, "default": 900},
    BOX,
]  # fmt: skip
RULES = [{"id": "R9", "when": "size == 'small'", "then": "span <= 1200"}]
PRICE = {
    "base": "100",
    "lines": [
        {"id": "span", "feature": "span", "when": "span > 900", "amount": "(span - 900) / 10"},
        {"id": "angle", "feature": "angle", "when": "angle < 73", "amount": "(73 - angle) * 2"},
        {"id": "box", "feature": "box", "when": "box == 'fitted'", "amount": "10 * box_rows"},
    ],
}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    make_shop(features=FEATURES, rules=RULES, price=PRICE, presets=[])


def page_at(client: Client, query: str = "") -> str:
    response = client.get(f"{STUDIO}?{query}", follow=True)
    assert response.status_code == 200
    return response.content.decode()


def sent(was: str = "", **answers: str) -> str:
    """What the form sends when these answers were changed."""
    return urlencode({"was": was, **answers})


def field(page: str, field_id: str) -> dict[str, str]:
    found = re.search(rf'<input[^>]*id="{field_id}"[^>]*>', page)
    assert found is not None, field_id
    return dict(re.findall(r'([a-z-]+)="([^"]*)"', found.group(0)))


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_a_number_with_decimals_is_written_with_them(client: Client) -> None:
    page = page_at(client)
    written = field(page, "answer-angle")
    assert (written["value"], written["min"], written["max"]) == ("73.5", "70.0", "75.5")
    assert (written["step"], written["inputmode"]) == ("0.5", "decimal")
    assert field(page, "slide-angle")["value"] == "73.5"


def test_a_decimal_survives_the_way_through_address_form_and_design(client: Client) -> None:
    response = client.get(f"{STUDIO}?{sent(angle='72.5')}")
    assert response.status_code == 302
    query = parse_qs(urlsplit(response["Location"]).query)
    assert (query["angle"], query["by"]) == (["72.5"], ["angle"])
    page = page_at(client, "angle=72.5&by=angle")
    assert field(page, "answer-angle")["value"] == "72.5"
    assert "€101.00" in text_of(page)
    client.post("/products/stool/save/", {"was": "angle=72.5&by=angle", "product": "stool"})
    saved = text_of(client.get(f"/d/{Design.objects.get().code}/").content.decode())
    assert "72.5°" in saved


def test_a_scaled_number_shows_how_far_it_goes_now(client: Client) -> None:
    text = text_of(page_at(client, "size=small&by=size"))
    assert "possible now: 400 to 1,200" in text
    assert "possible now" not in text_of(page_at(client, "size=large&by=size"))


def test_a_typed_number_that_does_not_go_is_explained(client: Client) -> None:
    page = page_at(client, sent("size=small&by=size", size="small", span="2000"))
    text = text_of(page)
    assert "Why not span: 2,000 mm?" in text
    assert "You chose: size: small" in text
    assert field(page, "answer-span")["value"] == "900"


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("span", "4000", "span goes from 400 to 3,200 mm; “4000” lies outside."),
        (
            "span",
            "1234",
            "span goes in steps of 10 mm: 1,230 and 1,240 are possible, “1234” is not.",
        ),
        ("span", "90.5", "span goes in steps of 10 mm"),
        (
            "angle",
            "73.2",
            "angle goes in steps of 0.5°: 73.0 and 73.5 are possible, “73.2” is not.",
        ),
        ("angle", "steep", "angle: “steep” is not a number."),
    ],
)
def test_a_typed_number_that_is_none_is_told_at_its_field(
    client: Client, name: str, typed: str, said: str
) -> None:
    page = page_at(client, sent(**{name: typed}))
    if typed == "90.5":
        said = "span goes from 400 to 3,200 mm; “90.5” lies outside."
    assert said in text_of(page)
    assert f'id="refused-{name}"' in page
    assert "novalidate" in page  # or the browser would keep the server from saying so
    field = re.search(rf'<input id="answer-{name}"[^>]*>', page)
    assert field is not None
    assert f'value="{typed}" aria-invalid="true"' in field[0]
    assert f'aria-describedby="refused-{name} ' in field[0]


@pytest.mark.parametrize(
    ("name", "typed", "names", "values"),
    [
        ("angle", "73.2", ["73.0°", "73.5°"], ["73.0", "73.5"]),
        ("span", "90.5", ["400 mm"], ["400"]),
        ("span", "9000", ["3,200 mm"], ["3200"]),
        ("angle", "steep", [], []),
        ("angle", "NaN", [], []),
        ("span", "-1", ["400 mm"], ["400"]),
        ("span", "9" * 80, [], []),
        ("angle", "73.2" + "0" * 80, [], []),
        ("span", "9000." + "0" * 80, [], []),
        ("angle", "1e400", [], []),
    ],
)
def test_what_is_possible_next_to_it_is_one_press_away(
    client: Client, name: str, typed: str, names: list[str], values: list[str]
) -> None:
    page = page_at(client, sent(**{name: typed}))
    found = re.findall(rf'id="instead-{name}-\d" href="([^"]+)"[^>]*>([^<]+)<', page)
    assert [shown for _, shown in found] == names
    for (link, _), value in zip(found, values, strict=True):
        after = client.get(unescape(link), follow=True).content.decode()
        field = re.search(rf'<input id="answer-{name}"[^>]*>', after)
        assert field is not None
        assert f'value="{value}"' in field[0]
        assert "aria-invalid" not in field[0]


def test_what_else_was_typed_stays_when_one_number_is_put_right(client: Client) -> None:
    page = page_at(client, sent(angle="73.2", span="905"))
    link = re.search(r'id="instead-angle-1" href="([^"]+)"', page)
    assert link is not None
    after = page_at(client, unescape(link[1]).partition("?")[2].partition("#")[0])
    assert 'value="905" aria-invalid="true"' in after


def test_a_refused_number_is_not_forgotten_for_a_missing_text(client: Client) -> None:
    refused = {**dict(parse_qsl(sent(angle="73.2"))), "name": "below", "engraving": ""}
    answer = client.post(reverse("orders:add"), {"product": "stool", **refused})
    assert "angle=73.2" in answer["Location"]
    assert not CartLine.objects.exists()


def test_a_number_that_is_none_is_not_bought_as_another(client: Client) -> None:
    answer = client.post(
        reverse("orders:add"), {"product": "stool", **dict(parse_qsl(sent(angle="73.2")))}
    )
    assert answer.status_code == 302
    assert not CartLine.objects.exists()
    page = client.get(answer["Location"]).content.decode()
    assert "One answer cannot be made like this." in page
    assert 'value="73.2" aria-invalid="true"' in page


# ---- components


def test_questions_of_a_component_come_with_it(client: Client) -> None:
    page = page_at(client)
    assert 'id="feature-box"' in page
    assert 'id="feature-box_lid"' not in page
    page = page_at(client, sent(box="fitted"))
    inside = page[page.index('class="studio-inside') :]
    assert all(f'id="feature-box_{name}"' in inside for name in ("lid", "rows", "label"))
    assert "answer-box_lid-none" not in page  # that is said by having no box at all
    assert 'id="moved"' not in page  # its first answers are no surprise
    assert "€120.00" in text_of(page)


def test_a_component_goes_with_all_that_was_chosen_in_it(client: Client) -> None:
    was = "box=fitted&box_lid=cork&box_rows=3&angle=72.0&by=box,box_lid,box_rows,angle"
    page = page_at(client, was)
    assert "€132.00" in text_of(page)
    without = re.search(r'<input[^>]*id="answer-box-none"[^>]*>', page)
    assert without is not None
    assert "aria-disabled" not in without.group(0)
    assert "−\u2060€30.00" in text_of(page)
    after = client.get(f"{STUDIO}?{sent(was, box='none', box_lid='cork', box_rows='3')}")
    assert after.status_code == 302
    query = parse_qs(urlsplit(after["Location"]).query)
    assert query["by"] == ["angle,box"]
    assert not [name for name in query if name.startswith("box_")]


def test_a_rule_inside_a_component_explains_itself(client: Client) -> None:
    was = "box=fitted&angle=74.0&by=box,angle"
    text = text_of(page_at(client, sent(was, box_lid="cork")))
    assert "Why not box lid: cork?" in text
    assert "angle: 74.0°" in text


def test_questions_that_do_not_arise_are_not_listed(client: Client) -> None:
    client.post("/products/stool/save/", {"was": "", "product": "stool"})
    saved = client.get(f"/d/{Design.objects.get().code}/").content.decode()
    assert "box_lid" not in text_of(saved)


# ---- partners


def test_partners_read_and_write_numbers_as_people_do() -> None:
    api = Api(token=make_token(make_program()))

    def configure(choices: dict[str, Any]) -> dict[str, Any]:
        found = api.post("offers/stool/configure/", {"choices": choices}, key=None)
        assert found.status_code == 200, found.content
        return dict(found.json())

    found = configure({"angle": 72.5, "size": "small"})
    assert found["choices"] == {"angle": 72.5, "size": "small"}
    assert found["selection"]["angle"] == 72.5
    assert found["domains"]["span"] == {"min": 400, "max": 1200, "step": 10}
    assert found["domains"]["angle"][:3] == [70.0, 70.5, 71.0]
    refused = configure({"angle": "74.0", "box_lid": "cork"})
    assert refused["conflict"]["choices"] == [
        {"feature": "angle", "option": 74.0},
        {"feature": "box_lid", "option": "cork"},
    ]
    offer = api.get("offers/stool/").json()
    asked = {feature["id"]: feature for feature in offer["features"]}
    assert (asked["angle"]["min"], asked["angle"]["step"]) == (70.0, 0.5)
    assert (asked["box_lid"]["component"], asked["box"]["component"]) == ("box", "")
