"""What a shopper can be refused with is said in the shopper's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from cosmo.lib.errors import Conflict, DomainError, Sentence
from cosmo.lib.sentences import OF_CODE, sentence_of
from design.rules import TextNeeded

ROOT = Path(__file__).parents[2]
# Modules a consumer's page runs through. Partners and staff get English, with the code.
SHOPPER_MODULES = (
    *("design/selectors", "design/services/designs.py", "orders/selectors", "orders/services"),
    *("orders/views", "orders/payments/simulator.py", "production/selectors/units.py"),
    *("production/selectors/places.py", "production/services/holds.py", "cosmo/lib/transitions.py"),
)
STAFF_FILES = ("draft", "author")  # the author's desk
REFUSALS = {"DomainError", "NotFound", "Invalid", "Conflict", "Forbidden"}


def raised() -> Iterator[tuple[str, str, ast.expr]]:
    """(where, code, message) of every refusal these modules raise."""
    for room in SHOPPER_MODULES:
        path = ROOT / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.name.startswith(STAFF_FILES):
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS:
                    code, message = node.args[:2]
                    assert isinstance(code, ast.Constant)
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", str(code.value), message


def template_of(message: ast.expr) -> str | None:
    if isinstance(message, ast.Call) and getattr(message.func, "id", "") == "Sentence":
        (text,) = message.args
        return str(ast.literal_eval(text))
    return None


def test_every_refusal_of_a_shopper_is_said_in_chinese_too() -> None:
    found = list(raised())
    assert len(found) >= 20
    with translation.override("zh-hans"):
        for where, code, message in found:
            template = template_of(message)
            said = str(OF_CODE[code]) if code in OF_CODE else translation.gettext(template or "")
            assert re.search("[\u4e00-\u9fff]", said), f"{where} says {code} in English only"
            if template and code not in OF_CODE:
                assert facts_in(said) <= facts_in(template), where


def facts_in(template: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", template))


def test_a_refusal_keeps_its_english_message_for_programs() -> None:
    error = Conflict(
        "not_payable",
        Sentence("Order %(order)s waits for no payment; its page says how it stands."),
        order="C-1",
    )
    english = "Order C-1 waits for no payment; its page says how it stands."
    with translation.override("zh-hans"):
        assert (error.message, str(error)) == (english, english)
        assert "C-1" in sentence_of(error)
        assert sentence_of(error) != english
    with translation.override("en"):
        assert sentence_of(error) == english


def test_what_engines_refuse_is_worded_at_the_border() -> None:
    with translation.override("zh-hans"):
        assert sentence_of(TextNeeded("engraving_text")) == "请先写下你的文字，设计才完整。"
        assert sentence_of(DomainError("odd", "100 % odd: %(x)s")) == "100 % odd: %(x)s"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "There is no product called “%(x)s”."), ("zh-hans", "没有名为“%(x)s”的产品。")],
)
def test_a_page_refuses_in_the_readers_language(
    client: Client, language: str, sentence: str
) -> None:
    client.cookies["django_language"] = language
    response = client.post("/cart/add/", {"product": "%(x)s"})
    assert response.status_code == 404
    assert sentence in response.content.decode()
