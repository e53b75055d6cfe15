"""The author's pages, as plain forms and as fragments."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.lib.clock import real_now
from design.lifecycle import DraftStatus
from design.models import Draft, DraftCheck, Product, Publication
from design.services.publishing import ask_publication
from tests.design.authoring.desk import check, make_draft, make_person, put_on_sale, rewrite
from tests.factories.production import make_factory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(tmp_path: Path, client: Client) -> User:
    """An author, signed in, with a stool on sale."""
    put_on_sale(tmp_path / "stool")
    person = make_person("ada")
    client.force_login(person)
    return person


def at(name: str, draft: Draft) -> str:
    return reverse(f"design:{name}", args=[draft.public_id])


def text_of(page: str) -> str:
    return unescape(re.search(r"<textarea.*?>\n(.*?)</textarea>", page, re.DOTALL)[1])  # type: ignore[index]


def editor(client: Client, draft: Draft, query: str = "") -> tuple[str, dict[str, str]]:
    """The editor's page and what its form would send."""
    page = client.get(at("draft", draft) + query).content.decode()
    form = re.search(r'<form id="editor".*?</form>', page, re.DOTALL)[0]  # type: ignore[index]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return page, {**hidden, "text": text_of(page), "note": "", "language": ""}


def test_a_draft_is_started_from_the_list(client: Client, ada: User) -> None:
    page = client.get("/author/").content.decode()
    assert "New draft" in page
    answer = client.post(
        reverse("design:draft-start"), {"product": "stool", "organisation": "factory"}
    )
    draft = Draft.objects.get()
    assert answer.headers["Location"] == at("draft", draft)
    assert draft.author == ada
    assert "Being written" in client.get("/author/").content.decode()


@pytest.mark.parametrize("slug", ["", "Stool", "a b", "-a", "ü", "x" * 51])
def test_a_name_that_is_no_address_is_refused(client: Client, ada: User, slug: str) -> None:
    answer = client.post(reverse("design:draft-start"), {"product": slug}, follow=True)
    assert "cannot be a product" in answer.content.decode()
    assert not Draft.objects.exists()


def test_the_text_is_shown_saved_and_shown_again_as_it_was(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    _, form = editor(client, draft)
    assert form["text"] == draft.files["offer.yaml"]
    odd = form["text"] + "# <b>&amp;  ünï 中文\n"
    answer = client.post(at("draft-save", draft), {**form, "text": odd.replace("\n", "\r\n")})
    assert answer.headers["Location"] == at("draft", draft)
    draft.refresh_from_db()
    assert (draft.files["offer.yaml"], draft.version) == (odd, 2)
    assert editor(client, draft)[1]["text"] == odd


def test_another_window_that_was_faster_keeps_both_texts(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    _, form = editor(client, draft)
    faster = rewrite(draft, 'base: "100"', 'base: "120"')
    answer = client.post(at("draft-save", draft), {**form, "text": "mine: 1\n"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert text_of(page) == "mine: 1\n"
    assert "saved in between" in page
    assert Draft.objects.get().files == faster.files


def test_a_language_is_added_and_taken_away(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    _, form = editor(client, draft)
    client.post(at("draft-save", draft), {**form, "language": "fr"})
    draft.refresh_from_db()
    assert draft.files["texts/fr.yaml"] == "format: cosmo-texts/1\nlanguage: fr\n"
    _, form = editor(client, draft, "?file=texts/fr.yaml")
    client.post(at("draft-save", draft), {**form, "text": " "})
    draft.refresh_from_db()
    assert "texts/fr.yaml" not in draft.files


@pytest.mark.parametrize("language", ["../../x", "français", "e"])
def test_a_language_that_is_none_is_refused(client: Client, ada: User, language: str) -> None:
    draft = make_draft(ada)
    _, form = editor(client, draft)
    answer = client.post(at("draft-save", draft), {**form, "language": language})
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.version == 1


def test_typing_is_answered_with_file_and_line_and_keeps_nothing(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    _, form = editor(client, draft)
    wrong = form["text"].replace("size.mm", "size.nm", 1)
    line = wrong[: wrong.index("size.nm")].count("\n") + 1
    answer = client.post(at("draft-validate", draft), {**form, "text": wrong}, headers=HTMX)
    fragment = answer.content.decode()
    assert f'data-file="offer.yaml" data-line="{line}"' in fragment
    assert "nm" in fragment
    right = client.post(at("draft-validate", draft), form, headers=HTMX).content.decode()
    assert "The documents fit together" in right
    draft.refresh_from_db()
    assert draft.version == 1


def test_save_and_check_without_a_script(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    _, form = editor(client, draft)
    changed = {**form, "text": form["text"].replace('base: "100"', 'base: "120"')}
    client.post(at("draft-save", draft), {**changed, "then": "check"})
    draft.refresh_from_db()
    assert draft.status == DraftStatus.CHECKING
    page = client.get(at("draft", draft)).content.decode()
    assert "Reading the documents" in page
    assert "Look again" in page


def test_the_panel_asks_until_the_check_is_done(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    panel = client.post(at("draft-check", draft), headers=HTMX).content.decode()
    again = unescape(re.search(r'hx-get="([^"]+)"', panel)[1])  # type: ignore[index]
    assert client.get(again, headers=HTMX).status_code == 204
    check(draft)
    done = client.get(again, headers=HTMX).content.decode()
    assert "Checked" in done
    assert "hx-trigger" not in done
    assert "Publish" in done


def test_findings_lead_to_their_line(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    rules = "rules:\n  - {id: R3, never: \"colour == 'red'\"}"
    draft = rewrite(draft, "rules:", rules)
    draft = rewrite(draft, "R1: ", "R3: No red, R1: ", "texts/en.yaml")
    check(draft)
    page = client.get(at("draft", draft)).content.decode()
    assert "Nobody can choose colour = red: forbidden by R3." in unescape(page)
    assert "R1 adds nothing to R3; it can go." in unescape(page)
    text = Draft.objects.get().files["offer.yaml"]
    line = text[: text.index("{id: red")].count("\n") + 1
    assert f'data-file="offer.yaml" data-line="{line}"' in page
    assert "Ask for sign-off" not in page
    assert re.search(r'aria-current="step"><span>Check</span>', page)
    assert 'name="when"' not in page  # a fault stands against publishing


def test_publishing_from_the_page(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    check(draft)
    answer = client.post(
        at("draft-publish", draft), {"version": draft.version, "when": "now"}, headers=HTMX
    )
    assert "Published" in answer.content.decode()
    assert Publication.objects.filter(draft=draft, published_by=ada).exists()


def test_publishing_at_a_time_from_the_page(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    check(draft)
    later = (real_now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"version": draft.version, "when": "at", "at": later}
    client.post(at("draft-publish", draft), form)
    draft.refresh_from_db()
    assert draft.status == DraftStatus.SCHEDULED
    assert draft.publish_at is not None
    assert draft.publish_at.strftime("%Y-%m-%dT%H:%M") == later
    client.post(at("draft-hold-back", draft))
    draft.refresh_from_db()
    assert draft.status == DraftStatus.CHECKED


@pytest.mark.parametrize("when", ["", "soon", "2001-01-01T00:00"])
def test_a_time_that_is_none_is_refused_on_the_page(client: Client, ada: User, when: str) -> None:
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    check(draft)
    client.post(at("draft-publish", draft), {"version": draft.version, "when": "at", "at": when})
    draft.refresh_from_db()
    assert draft.status == DraftStatus.CHECKED


def test_only_the_second_person_is_offered_to_sign(client: Client, ada: User) -> None:
    Product.objects.update(needs_sign_off=True)
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    check(draft)
    client.post(at("draft-publish", draft), {"version": draft.version, "when": "now"})
    assert at("draft-sign", draft) not in client.get(at("draft", draft)).content.decode()
    refused = client.post(at("draft-sign", draft), headers=HTMX)
    assert refused.status_code == 403
    grace = make_person("grace")
    client.force_login(grace)
    assert at("draft-sign", draft) in client.get(at("draft", draft)).content.decode()
    client.post(at("draft-sign", draft))
    assert Publication.objects.get(draft=draft).signed_off_by == grace


def test_the_difference_is_told_in_sentences(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    draft = rewrite(draft, "name: Stool", "name: Chair", "texts/en.yaml")
    check(draft)
    page = client.get(at("draft-difference", draft)).content.decode()
    assert "The base price moved." in page
    assert "<del>100</del><ins>120</ins>" in page
    assert "Other words in en: product.name." in page


def test_many_prices_are_shown_then_written_and_comments_stay(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "100"   # before VAT moved')
    asked = {"target": "everything", "percent": "3", "rounding": "ninety_nine"}
    page = client.get(at("draft-prices", draft), asked).content.decode()
    assert "102.99" in page
    draft.refresh_from_db()
    assert 'base: "100"' in draft.files["offer.yaml"]
    client.post(at("draft-prices", draft), {**asked, "version": draft.version})
    draft.refresh_from_db()
    assert 'base: "102.99"   # before VAT moved' in draft.files["offer.yaml"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "x"},
        {"percent": "NaN"},
        {"percent": "400"},
        {"target": "moon"},
        {"rounding": "1"},
    ],
)
def test_prices_that_cannot_be_meant_are_refused(
    client: Client, ada: User, wrong: dict[str, str]
) -> None:
    draft = make_draft(ada)
    asked = {"target": "base", "percent": "3", "rounding": "whole", **wrong}
    assert client.get(at("draft-prices", draft), asked).status_code == 422


def test_words_say_what_is_missing_and_what_names_nothing(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), "R2: A name needs a text.", "R9: Nothing.", "texts/en.yaml")
    page = unescape(client.get(at("draft-words", draft)).content.decode())
    assert "Rule 'R2' has no words here" in page
    assert "Rule 'R9' does not exist" in page
    assert "1 missing, 1 without a meaning" in page


def test_the_preview_shows_the_draft_and_sells_nothing(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "777"')
    page = client.get(at("draft-preview", draft)).content.decode()
    assert "777" in page
    assert "This is the draft, not the shop" in page
    assert reverse("orders:add") not in page
    assert reverse("design:save", args=["stool"]) not in page
    large = client.get(at("draft-preview", draft), {"size": "large"}, headers=HTMX).content.decode()
    assert "827" in large
    assert "<html" not in large


DRAWER = """
  - id: drawer
    group: body
    kind: component
    optional: true
    default: none
    features: [{id: fronts, kind: choice, default: plain, options: [{id: plain}, {id: cane}]}]
"""
DRAWER_WORDS = """
  drawer: {name: Drawer, options: {none: {name: "No"}, fitted: {name: "Yes"}}}
  drawer_fronts: {name: Fronts, options: {none: {name: "–"}, plain: {name: P}, cane: {name: C}}}
"""


def test_the_preview_asks_what_is_inside_a_component(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), "\nfeatures:\n", f"\nfeatures:{DRAWER}")
    draft = rewrite(draft, "\nfeatures:\n", f"\nfeatures:{DRAWER_WORDS}", "texts/en.yaml")
    page = client.get(at("draft-preview", draft)).content.decode()
    assert 'name="drawer"' in page
    assert 'name="drawer_fronts"' not in page
    fitted = client.get(at("draft-preview", draft), {"drawer": "fitted"}).content.decode()
    assert 'name="drawer_fronts"' in fitted


def test_the_preview_lets_the_server_say_what_is_no_answer(client: Client, ada: User) -> None:
    """A form that the browser holds back would answer a number outside with nothing at all."""
    page = client.get(at("draft-preview", make_draft(ada)), {"size": "huge"}).content.decode()
    assert re.search(r'<form id="preview"[^>]* novalidate', page)
    assert "is not offered any more" in page


@pytest.mark.parametrize(
    "name", ["draft-preview", "draft-words", "draft-prices", "draft-difference"]
)
def test_pages_of_a_draft_that_cannot_be_read_still_answer(
    client: Client, ada: User, name: str
) -> None:
    draft = make_draft(ada)
    Draft.objects.update(files={"offer.yaml": "{", "engineering.yaml": "", "texts/en.yaml": "- 1"})
    assert client.get(at(name, draft)).status_code == 200


def test_a_name_with_a_sign_nobody_sees_is_refused_and_the_preview_answers(
    client: Client, ada: User
) -> None:
    draft = rewrite(make_draft(ada), "{name: L}", r'{name: "L\0"}', "texts/en.yaml")
    page = client.get(at("draft-preview", draft))
    assert page.status_code == 200
    assert "all of them visible" in page.content.decode()


def test_history_leads_back_to_what_was_published_before(client: Client, ada: User) -> None:
    first = Publication.objects.get()
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    check(draft)
    client.post(at("draft-publish", draft), {"version": draft.version, "when": "now"})
    page = client.get(reverse("design:author-product", args=["stool"])).content.decode()
    assert reverse("design:roll-back", args=[first.public_id]) in page
    client.post(reverse("design:roll-back", args=[first.public_id]))
    stool = Product.objects.get()
    assert stool.published_offer == first.offer


def test_sign_off_is_switched_by_administrators_only(client: Client, ada: User) -> None:
    switch = reverse("design:sign-off-switch", args=["stool"])
    assert client.post(switch, {"needed": "1"}).status_code == 403
    assert not Product.objects.get().needs_sign_off
    client.force_login(make_person("root", Role.ADMINISTRATOR))
    client.post(switch, {"needed": "1"})
    assert Product.objects.get().needs_sign_off


def test_nothing_of_a_foreign_draft_is_shown_or_done(client: Client, ada: User) -> None:
    draft = make_draft(ada)
    first = Publication.objects.get()
    client.force_login(make_person("eve", slug="elsewhere"))
    for name in (
        "draft",
        "draft-state",
        "draft-difference",
        "draft-words",
        "draft-prices",
        "draft-preview",
    ):
        assert client.get(at(name, draft)).status_code == 404, name
    for name in ("save", "validate", "check", "discard", "publish", "sign", "hold-back", "prices"):
        assert client.post(at(f"draft-{name}", draft)).status_code == 404, name
    assert client.post(reverse("design:roll-back", args=[first.public_id])).status_code == 404
    assert client.get(reverse("design:author-product", args=["stool"])).status_code == 404
    make_factory("elsewhere")
    client.post(reverse("design:draft-start"), {"product": "stool", "organisation": "factory"})
    assert Draft.objects.count() == 1
    assert not DraftCheck.objects.exists()


def test_the_list_costs_the_same_for_many_drafts(
    client: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        make_draft(ada)
    with django_assert_max_num_queries(14):
        assert client.get("/author/").status_code == 200


def test_a_draft_page_costs_few_statements(
    client: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    check(draft)
    with django_assert_max_num_queries(14):
        client.get(at("draft", draft))
    with django_assert_max_num_queries(16):
        client.get(at("draft-difference", draft))


def test_a_published_draft_is_called_so_in_chinese_too(client: Client, ada: User) -> None:
    """The word over the draft is its state; over the column of offers it is a time."""
    with override("zh-hans"):
        assert str(DraftStatus.PUBLISHED.label) == "已发布"
    client.cookies["django_language"] = "zh-hans"
    assert "发布时间" in client.get(reverse("design:author")).content.decode()


def test_who_waits_for_somebody_else_or_the_time_is_told_without_looking_again(
    client: Client, ada: User
) -> None:
    Product.objects.update(needs_sign_off=True)
    draft = make_draft(ada)
    panel = client.get(at("draft", draft)).content.decode()
    assert 'hx-trigger="every' not in panel
    rewrite(draft, 'base: "100"', 'base: "120"')
    draft.refresh_from_db()
    check(draft)
    ask_publication(draft_id=draft.pk, version=draft.version, user=ada)
    panel = client.get(at("draft", draft)).content.decode()
    assert "Waiting for sign-off" in panel
    assert 'hx-trigger="every 5s"' in panel


def test_what_is_on_sale_again_is_not_offered_to_go_back_to(client: Client, ada: User) -> None:
    first = Publication.objects.get()
    draft = rewrite(make_draft(ada), 'base: "100"', 'base: "120"')
    check(draft)
    ask_publication(draft_id=draft.pk, version=draft.version, user=ada)
    page = client.get(reverse("design:author-product", args=["stool"])).content.decode()
    assert page.count("Go back to offer") == 1
    client.post(reverse("design:roll-back", args=[first.public_id]))
    page = client.get(reverse("design:author-product", args=["stool"])).content.decode()
    assert re.findall(r"Go back to offer (\d)", page) == ["2"]
    assert "the same as on sale" in page
    answer = client.post(reverse("design:roll-back", args=[first.public_id]), follow=True)
    assert "what customers meet now already" in answer.content.decode()
    assert Publication.objects.count() == 3


def test_names_stand_beside_the_ids_of_what_changes(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), "{id: red}", "{id: red}, {id: sea}")
    draft = rewrite(
        draft, "red: {name: R}", "red: {name: R}, sea: {name: Sea green}", "texts/en.yaml"
    )
    draft = rewrite(draft, "id: R2", "id: R9")
    draft = rewrite(draft, "R2: ", "R9: ", "texts/en.yaml")
    check(draft)
    page = unescape(client.get(at("draft-difference", draft)).content.decode())
    assert "Colour (colour) has a new option Sea green (sea)." in page
    assert "Rule R9 (“A name needs a text.”) is new." in page
    assert "Rule R2 (“A name needs a text.”) is gone." in page  # words of what is published


def test_a_dead_option_says_how_to_allow_it_and_is_then_no_fault(client: Client, ada: User) -> None:
    draft = rewrite(make_draft(ada), "rules:", "rules:\n  - {id: R3, never: \"name == 'below'\"}")
    draft = rewrite(draft, "R1: ", "R3: No names, R1: ", "texts/en.yaml")
    assert check(draft).fault_count == 1
    page = unescape(client.get(at("draft", draft)).content.decode())
    line = 'allow_dead: [{feature: name, options: ["below"]}]'
    assert line in page
    draft = rewrite(draft, "rules:", f"{line}\nrules:")
    assert check(draft).fault_count == 0
