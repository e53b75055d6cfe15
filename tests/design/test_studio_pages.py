"""Product page, studio and saved designs over plain HTTP: what works without a script."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from design.models import Design, DesignRevision, Product, Sketch
from design.selectors.design_access import link_key
from design.services.catalogue import publish_product
from design.services.sketches import LASTS, forget_sketches, keep_sketch
from tests.factories.documents import OFFER, TEXTS
from tests.factories.production import make_factory, make_offer, make_plant
from tests.factories.shop import STOOL, STUDIO, make_shop, studio_form

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PASSWORD = "a-long-enough-password"


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    make_shop()


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_the_product_page_shows_price_day_and_presets(client: Client) -> None:
    page = client.get("/products/stool/").content.decode()
    assert "€100.00" in page
    assert re.search(r"Order now and have it on \w+ \d+ March", text_of(page))
    assert f"{STUDIO}?size=large&amp;by=size" in page


def test_an_unknown_product_is_a_page_that_helps(client: Client) -> None:
    response = client.get("/products/nothing/")
    assert response.status_code == 404
    assert b"nothing" in response.content


def test_the_studio_opens_complete_valid_and_priced(client: Client) -> None:
    page = client.get(STUDIO).content.decode()
    text = text_of(page)
    assert "€100.00" in text
    assert "19 % VAT and delivery included" in text
    assert re.search(r"With you on \w+ \d+ March", text)
    assert "of which 19 % VAT €15.97" in text
    assert page.count(" checked") == 3  # size, colour, name


def test_every_option_shows_what_it_costs_and_blocked_ones_stay(client: Client) -> None:
    page = client.get(f"{STUDIO}?size=large&by=size").content.decode()
    red = re.search(r'<input [^>]*id="answer-colour-red"[^>]*>', page)
    assert red is not None
    assert 'aria-disabled="true"' in red[0]
    assert " disabled" not in red[0].replace("aria-disabled", "")
    assert "−\u2060€50.00" in text_of(page)
    assert "Why not?" in page


def test_a_sent_form_leads_to_the_address_of_its_answer(client: Client) -> None:
    response = client.get(STUDIO, studio_form(colour="red"))
    assert response.status_code == 302
    assert response["Location"] == f"{STUDIO}?colour=red&by=colour"


def test_a_blocked_answer_is_not_taken_and_says_why_with_a_way_out(client: Client) -> None:
    start = "size=large&by=size"
    response = client.get(STUDIO, studio_form(start, size="large", colour="red"))
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="why-not-colour"' in page
    assert 'href="#why-not-colour"' in page  # the way down to it without a script
    red = re.search(r'<input [^>]*id="answer-colour-red"[^>]*>', page)
    assert red is not None
    assert " checked" not in red[0]
    anyway = re.search(r'id="anyway-colour" href="([^"]+)"', page)
    assert anyway is not None
    taken = client.get(unescape(anyway[1]).partition("#")[0])
    text = text_of(taken.content.decode())
    assert "Changed along with it" in text
    assert "size: large small" in text
    undo = re.search(r'id="undo" href="([^"]+)"', taken.content.decode())
    assert undo is not None
    assert unescape(undo[1]) == f"{STUDIO}?{start}"


def test_a_fragment_is_the_form_alone_and_names_its_address(client: Client) -> None:
    response = client.get(STUDIO, studio_form(size="large"), headers=HTMX)
    fragment = response.content.decode()
    assert response["HX-Push-Url"] == f"{STUDIO}?size=large&by=size"
    assert "<html" not in fragment
    assert fragment.lstrip().startswith("<form")
    assert 'id="live" hx-swap-oob="innerHTML"' in fragment
    whole = client.get(f"{STUDIO}?size=large&by=size").content.decode()
    form = re.compile(r'<form id="studio".*?</form>', re.DOTALL)
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    # The starting points stay as they are in the page; a fragment names their place alone.
    presets = re.compile(r'<(div|details) [^>]*?\bid="presets".*?</\1>', re.DOTALL)
    left, right = presets.subn("", fragment), presets.subn("", whole)
    assert left[1] == right[1] == 1
    [first], [second] = form.findall(left[0]), form.findall(right[0])
    assert token.sub("", first).split() == token.sub("", second).split()


def test_a_blocked_click_pushes_no_address(client: Client) -> None:
    sent = studio_form("size=large&by=size", size="large", colour="red")
    response = client.get(STUDIO, sent, headers=HTMX)
    assert response.status_code == 200
    assert "HX-Push-Url" not in response


def test_back_gets_a_whole_page_even_when_htmx_asks(client: Client) -> None:
    headers = {**HTMX, "HX-History-Restore-Request": "true"}
    assert b"<html" in client.get(f"{STUDIO}?size=large&by=size", headers=headers).content


@pytest.mark.parametrize(
    "query",
    [
        "size=huge",
        "nothing=1",
        "size=small&size=large",
        "engraving=%00%01",
        "engraving=%ED%A0%80",
        "engraving=" + "ab" * 1500,
        "by=%00,size,<script>alert(1)</script>",
        "was=%ff%fe&by=x",
        "was=was%3D1&size=large&anyway=size",
        "anyway=size",
        "from=%3Cscript%3E",
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_no_address_breaks_the_page(client: Client, query: str, headers: dict[str, str]) -> None:
    response = client.get(f"{STUDIO}?{query}", headers=headers)
    assert response.status_code in (200, 302)
    assert b"<script>alert" not in response.content
    assert b"=<script>" not in response.content


def test_an_answer_that_is_none_is_explained_beside_its_question(client: Client) -> None:
    page = client.get(STUDIO, studio_form(size="huge")).content.decode()
    assert 'id="refused-size"' in page
    assert "size: “huge” is not offered any more." in text_of(page)


@pytest.mark.parametrize(
    "sent",
    [
        studio_form(size="large"),
        # with the day it would come if it were chosen anyway
        studio_form("size=large&by=size", size="large", colour="red"),
    ],
)
def test_a_click_takes_few_statements(
    client: Client,
    sent: dict[str, str],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # what a process keeps, it keeps now
        client.get(STUDIO, sent, headers=HTMX)
    with CaptureQueriesContext(connection) as seen:
        client.get(STUDIO, sent, headers=HTMX)
    # The product with offer and texts; who makes it, for the day and the days of all answers.
    assert len(seen) == 2, "\n".join(query["sql"] for query in seen)


def test_saving_without_an_account_gives_a_link_that_opens_anywhere(client: Client) -> None:
    saved = client.post("/products/stool/save/", studio_form(size="large"))
    code = Design.objects.get().code
    assert saved["Location"] == f"/d/{code}/?saved=1"
    page = client.get(saved["Location"]).content.decode()
    assert "Your design is saved" in page
    elsewhere = Client().get(f"/d/{code}/")
    assert "€150.00" in text_of(elsewhere.content.decode())
    assert "Your design is saved" not in elsewhere.content.decode()
    assert DesignRevision.objects.get().choices == [["size", "large"]]


def test_saving_signed_in_makes_it_the_users(client: Client) -> None:
    ada = User.objects.create_user("ada@example.org", PASSWORD)
    client.force_login(ada)
    client.post("/products/stool/save/", studio_form())
    assert Design.objects.get().owner == ada


def test_signing_in_adopts_what_was_saved_before(client: Client) -> None:
    ada = User.objects.create_user("ada@example.org", PASSWORD)
    client.post("/products/stool/save/", studio_form())
    foreign = Design.objects.create(
        product=Design.objects.get().product, owner=User.objects.create_user("bob@example.org")
    )
    client.post(reverse("account_login"), {"login": "ada@example.org", "password": PASSWORD})
    assert [d.owner for d in Design.objects.exclude(pk=foreign.pk)] == [ada]
    foreign.refresh_from_db()
    assert foreign.owner != ada
    assert "designs" not in client.session


def test_what_cannot_be_had_is_not_saved_silently(client: Client) -> None:
    sent = studio_form("size=large&by=size", size="large", colour="red")
    response = client.post("/products/stool/save/", sent)
    assert Design.objects.count() == 0
    assert response["Location"].startswith(f"{STUDIO}?")
    page = client.get(response["Location"]).content.decode()
    assert 'id="why-not-colour"' in page
    assert "Please look first" in page


def test_a_missing_text_is_asked_for_before_saving(client: Client) -> None:
    response = client.post("/products/stool/save/", studio_form(name="below"))
    assert Design.objects.count() == 0
    assert response["Location"] == f"{STUDIO}?name=below&by=name#answer-engraving"
    page = client.get(f"{STUDIO}?name=below&by=name").content.decode()
    assert 'href="#answer-engraving"' in page
    assert "Still to be written." in page
    assert "Write your text first" in page


def test_a_form_that_htmx_sent_by_itself_opens_the_page_all_the_same(client: Client) -> None:
    for act in ("/products/stool/save/", reverse("orders:add")):
        answer = client.post(act, studio_form(), headers={"HX-Request": "true"})
        assert answer.status_code == 204
        assert re.match(r"/d/\w+/\?saved=1|/cart/", answer["HX-Redirect"])


def test_a_design_started_from_another_credits_it(client: Client) -> None:
    client.post("/products/stool/save/", studio_form(size="large"))
    first = Design.objects.get()
    page = client.get(f"/d/{first.code}/").content.decode()
    start = re.search(rf'href="({STUDIO}\?[^"]*from={first.code})"', page)
    assert start is not None
    query = parse_qs(urlsplit(unescape(start[1])).query)
    assert query == {"size": ["large"], "by": ["size"], "from": [first.code]}
    moved = client.get(
        STUDIO, {**studio_form("size=large&by=size", size="small"), "from": first.code}
    )
    assert moved["Location"].endswith(f"from={first.code}")
    Client().post("/products/stool/save/", {**studio_form(), "from": first.code})
    second = Design.objects.exclude(pk=first.pk).get()
    assert second.forked_from is not None
    assert second.forked_from.design == first
    client.post("/products/stool/save/", {**studio_form(), "from": first.code})  # one's own
    assert Design.objects.count() == 2
    assert [version.number for version in first.revisions.order_by("number")] == [1, 2]


def test_only_the_owner_names_and_brings_back_and_words_are_not_for_strangers(
    client: Client,
) -> None:
    client.post("/products/stool/save/", studio_form(engraving="Anna"))
    design = Design.objects.get()
    stranger = Client()
    for act, sent in (("name", {"name": "Mine"}), ("restore", {"version": "1"})):
        assert stranger.post(reverse(f"design:{act}", args=[design.code]), sent).status_code == 404
    for act in ("copy", "update"):
        stranger.post(reverse(f"design:{act}", args=[design.code]))
    refused = stranger.post(reverse("orders:add"), {"design": design.code})
    assert refused.status_code == 403
    assert Design.objects.count() == 1
    for page in (
        f"/d/{design.code}/",
        f"/d/{design.code}/sheet/",
        f"/compare/?d={design.code}&here=stool",
    ):
        assert "Anna" not in stranger.get(page).content.decode()
        assert "Anna" in client.get(page).content.decode()
    assert "Anna" not in stranger.get(f"/d/{design.code}/?key=guessed").content.decode()
    assert "Anna" in stranger.get(f"/d/{design.code}/?key={link_key(design)}").content.decode()
    assert "Anna" in stranger.get(f"/d/{design.code}/sheet/").content.decode()


def test_what_can_be_compared_is_called_by_its_product_where_it_has_no_name(
    client: Client,
) -> None:
    client.post("/products/stool/save/", studio_form())
    page = client.get("/compare/").content.decode()
    code = Design.objects.get().code
    assert f'Stool <span class="code">{code}</span>' in page


def test_what_was_left_just_now_is_not_said_to_be_minutes_ago(client: Client) -> None:
    client.post("/products/stool/sketch/", {"here": "size=large&by=size"})
    line = client.get("/products/stool/sketch/").content.decode()
    assert "Go on with what you left just now" in line
    Sketch.objects.update(kept_at=real_now() - timedelta(minutes=5))
    line = client.get("/products/stool/sketch/").content.decode()
    assert "Go on with what you left 5\xa0minutes ago" in line


def test_a_newer_sketch_wins_when_signing_in_and_old_ones_are_forgotten(client: Client) -> None:
    ada = User.objects.create_user("ada@example.org", PASSWORD)
    product = Product.objects.get(slug="stool")
    keep_sketch(product=product, user=ada, browser="", address="size=small&by=size")
    client.post("/products/stool/sketch/", {"here": "size=large&by=size&colour=nonsense"})
    client.post(reverse("account_login"), {"login": "ada@example.org", "password": PASSWORD})
    assert [(one.user, one.address) for one in Sketch.objects.all()] == [
        (ada, "size=large&by=size")
    ]
    keep_sketch(product=product, user=None, browser="b" * 32, address="")
    Sketch.objects.filter(user=None).update(kept_at=real_now() - LASTS - timedelta(days=1))
    assert forget_sketches() == 1
    assert Sketch.objects.get().user == ada


def test_an_old_design_says_that_the_offer_moved_on(client: Client) -> None:
    client.post("/products/stool/save/", studio_form(size="large"))
    code = Design.objects.get().code
    make_offer(make_plant(), price={"base": "120", "lines": []})
    text = text_of(client.get(f"/d/{code}/").content.decode())
    assert "The catalogue has moved on" in text
    assert "€150.00" in text  # as it was saved
    assert "Add to cart" not in text


def test_the_studio_speaks_chinese_where_the_product_does(client: Client) -> None:
    chinese = {**TEXTS, "zh-hans": {**TEXTS["en"], "language": "zh-hans"}}
    chinese["zh-hans"]["product"] = {"name": "凳子", "tagline": "坐", "description": "一把凳子。"}
    document = {**OFFER, **STOOL}  # the same offer; only the words are new
    publish_product(organisation=make_factory(), offer_document=document, texts=chinese)
    page = client.get(STUDIO, headers={"Accept-Language": "zh-CN"}).content.decode()
    assert '<html lang="zh-hans"' in page
    assert "凳子" in page
    assert re.search(r"3月\d+日", page)
