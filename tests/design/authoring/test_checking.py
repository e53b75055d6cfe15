"""A check goes on where it stopped: after a breath, after a killed worker, never after an edit."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cosmo.lib.clock import real_now
from design.compile import compiled_offer
from design.lifecycle import CheckStep, DraftStatus
from design.models import DesignEffect, Draft, DraftCheck, Product
from design.rules import check_choices
from design.services import checked_designs
from design.services.checking import ask_check, run_check, waiting_checks
from design.services.designs import save_design
from tests.design.authoring.desk import check, make_draft, make_person, put_on_sale, rewrite

pytestmark = pytest.mark.django_db


@pytest.fixture
def stool(tmp_path: Path) -> Product:
    put_on_sale(tmp_path / "stool")
    return Product.objects.get(slug="stool")


def save(product: Product, **choices: str) -> str:
    """A saved design; its code."""
    offer = product.published_offer
    assert offer is not None
    read = check_choices(compiled_offer(offer).engine.model, {k: [v] for k, v in choices.items()})
    return str(save_design(offer=offer, choices=read).design.code)


def effects(found: DraftCheck) -> dict[str, DesignEffect]:
    rows = found.effects.select_related("revision__design")
    return {row.revision.design.code: row for row in rows}


class Killed(BaseException):
    """What a worker sees of ``kill -9``: nothing; here it leaves at the same place."""


def kill_at_batch(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The worker dies when it begins its batch of this number."""
    calls = 0

    def dying(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            raise Killed
        return checked_designs.try_batch(*args)

    monkeypatch.setattr("design.services.checking.try_batch", dying)


def test_unchanged_dearer_and_broken_designs_are_told_apart(stool: Product) -> None:
    small = save(stool, size="small", colour="black")
    large = save(stool, size="large", colour="black")
    named = save(stool, engraving="Ada", name="below")
    draft = rewrite(make_draft(), 'amount: "50"', 'amount: "60"')
    draft = rewrite(draft, "rules:", "rules:\n  - {id: R3, never: \"name == 'below'\"}")
    draft = rewrite(draft, "R1: ", "R3: No names, R1: ", "texts/en.yaml")
    offer = draft.files["offer.yaml"]
    assert "R3" in offer
    found = check(draft)
    assert found.fault_count == 1
    assert found.findings[0]["code"] == "dead_option"
    assert effects(found)[named].rules == ["R3"]  # tried all the same: what the fault would cost
    draft = rewrite(draft, "name == 'below'", "name == 'below' and colour == 'white'")
    found = check(draft)
    assert found.designs == {"total": 3, "unchanged": 1, "price": 1, "repair": 1}
    told = effects(found)
    assert small not in told
    assert told[large].kind == "price"
    assert (told[large].old_total, told[large].new_total) == (Decimal(150), Decimal(160))
    assert told[large].moved == Decimal(10)
    assert (told[named].kind, told[named].rules) == ("repair", ["R3"])
    assert told[named].repair == [["colour", "white", "black"]]


def test_removed_options_and_features_are_repaired_with_the_fewest_changes(stool: Product) -> None:
    red = save(stool, colour="red", engraving="Ada")
    draft = rewrite(make_draft(), ", {id: red}", "")
    draft = rewrite(draft, "  - {id: R1, never: \"size == 'large' and colour == 'red'\"}\n", "")
    draft = rewrite(draft, "red: {name: R}, ", "", "texts/en.yaml")
    draft = rewrite(draft, "R1: Large ones are not red., ", "", "texts/en.yaml")
    found = check(draft)
    assert found.fault_count == 0, found.findings
    assert effects(found)[red].repair == [["colour", "red", "white"]]


def test_a_killed_worker_costs_one_batch_and_counts_nothing_twice(
    stool: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(7):
        save(stool, size="large")
    monkeypatch.setattr(checked_designs, "BATCH", 2)
    asked = ask_check(draft_id=rewrite(make_draft(), 'amount: "50"', 'amount: "60"').pk)
    kill_at_batch(monkeypatch, 3)
    with pytest.raises(Killed):
        run_check(check_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.step, asked.designs["price"], asked.effects.count()) == ("designs", 4, 4)
    assert waiting_checks() == []  # its lease still stands
    assert run_check(check_id=asked.pk) is False
    assert asked.effects.count() == 4
    DraftCheck.objects.update(lease_until=real_now() - timedelta(seconds=1))
    assert waiting_checks() == [asked.pk]
    run_check(check_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.step, asked.attempt, asked.effects.count()) == (CheckStep.DONE, 2, 7)
    assert asked.designs == {"total": 7, "unchanged": 0, "price": 7, "repair": 0}
    assert Draft.objects.get().status == DraftStatus.CHECKED


def test_a_worker_that_comes_back_from_the_dead_cannot_write(
    stool: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(stool)
    asked = ask_check(draft_id=make_draft().pk)

    def overtaken(*args: Any) -> Any:
        DraftCheck.objects.update(attempt=9)  # somebody else took it over meanwhile
        return checked_designs.try_batch(*args)

    monkeypatch.setattr("design.services.checking.try_batch", overtaken)
    assert run_check(check_id=asked.pk) is False
    asked.refresh_from_db()
    assert (asked.step, asked.cursor, asked.finished_at) == (CheckStep.DESIGNS, 0, None)


def test_a_long_check_takes_a_breath_and_goes_on(
    stool: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        save(stool)
    monkeypatch.setattr(checked_designs, "BATCH", 1)
    asked = ask_check(draft_id=make_draft().pk)
    turns = 1
    while run_check(check_id=asked.pk, breath_s=0):
        assert waiting_checks() == [asked.pk]  # free for any worker
        turns += 1
    asked.refresh_from_db()
    assert (turns, asked.attempt, asked.designs["unchanged"]) == (4, 4, 3)


def test_an_edit_ends_the_check_and_the_worker_stops(
    stool: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(stool)
    draft = make_draft()
    asked = ask_check(draft_id=draft.pk)

    def edited(*args: Any) -> Any:
        rewrite(draft, 'base: "100"', 'base: "120"')
        return checked_designs.try_batch(*args)

    monkeypatch.setattr("design.services.checking.try_batch", edited)
    assert run_check(check_id=asked.pk) is False
    asked.refresh_from_db()
    assert asked.is_cancelled
    assert asked.step == CheckStep.DESIGNS
    assert Draft.objects.get().status == DraftStatus.DRAFT
    assert waiting_checks() == []


def test_asking_twice_is_one_check(stool: Product) -> None:
    draft = make_draft()
    assert ask_check(draft_id=draft.pk) == ask_check(draft_id=draft.pk)
    assert DraftCheck.objects.count() == 1


def test_contradictions_are_named_though_the_document_cannot_be_used(stool: Product) -> None:
    rules = "\n".join(
        [
            "rules:",
            "  - {id: A, always: \"size == 'large'\"}",
            "  - {id: B, when: \"size == 'large'\", then: \"colour == 'black'\"}",
            "  - {id: C, never: \"colour == 'black'\"}",
        ]
    )
    draft = rewrite(make_draft(), "rules:", rules)
    found = check(draft)
    void = [row["rules"] for row in found.findings if row["code"] == "void_model"]
    assert void == [["A", "B", "C"]]
    [row] = [row for row in found.findings if row["code"] == "void_model"]
    line = row["line"]
    assert row["file"] == "offer.yaml"
    assert "id: A" in draft.files["offer.yaml"].splitlines()[line - 1]


def test_a_broken_test_of_the_document_is_a_fault(stool: Product) -> None:
    test = 'tests:\n  - {choices: {size: large}, valid: true, price: "151"}\n'
    draft = rewrite(make_draft(make_person("bob")), "shape:", f"{test}shape:")
    found = check(draft)
    assert [row["code"] for row in found.findings] == ["test_failed"]
    assert "costs 150" in found.findings[0]["sentence"]


def test_missing_words_and_failing_tests_do_not_hide_dead_options_or_designs(
    stool: Product,
) -> None:
    named = save(stool, engraving="Ada", name="below")
    rules = "rules:\n  - {id: R3, never: \"name == 'below'\"}"
    draft = rewrite(make_draft(), "rules:", rules)
    test = 'tests:\n  - {choices: {size: large}, valid: true, price: "151"}\n'
    draft = rewrite(draft, "shape:", f"{test}shape:")
    found = check(draft)
    codes = [row["code"] for row in found.findings]
    after = [
        "dead_option",
        "only_option",
        "redundant_rule",
    ]  # a rule about what is dead says nothing
    assert codes == ["test_failed", "text_missing", *after]
    assert (found.fault_count, found.percent) == (3, 100)
    missing = found.findings[1]
    assert (missing["file"], missing["path"]) == ("texts/en.yaml", "rules")
    assert [row["name"] for row in found.difference if row["area"] == "rule"] == ["R3"]
    assert found.designs == {"total": 1, "unchanged": 0, "price": 0, "repair": 1}
    assert effects(found)[named].repair == [["name", "below", "none"]]


def test_a_document_that_cannot_be_used_is_compared_with_nothing(stool: Product) -> None:
    save(stool)
    draft = rewrite(make_draft(), 'amount: "50"', 'amount: "50 +"')
    draft = rewrite(draft, "R1: ", "R9: Of nothing, R1: ", "texts/en.yaml")
    found = check(draft)
    assert {row["code"] for row in found.findings} >= {"text_of_nothing"}
    assert found.fault_count == len(found.findings) == 2
    assert (found.difference, found.designs) == ([], {})
