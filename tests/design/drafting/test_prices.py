"""Amounts move as asked, comments and all else stay, and what is no amount is left and named."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosmo.embedded.folders import CHECKOUT
from cosmo.lib.documents import read_document
from design.drafting.prices import Raise, Repriced, price_targets, reprice
from design.drafting.scalars import replaced, scalars_of

TEXT = """\
# the head stays
features:
  - id: shade
    kind: choice
    options:
      - {id: linen, values: {diameter: 280, price: 0}}   # free
      - {id: oak, values: {diameter: 320, price: -45}}
  - {id: height, kind: parameter}
price:
  base: "89"   # 中文 before VAT
  lines:
    - {id: shade, feature: shade, when: "shade.price != 0", amount: "shade.price"}
    - {id: area, feature: height, amount: "ceil(height * shade.diameter / 100) * 4"}
    - {id: text, feature: height, amount: '59 + len(dedication)'}
    - {id: plain, amount: 20}
    - {id: pence, amount: "-14.90"}
rules: []
shape: {parts: [{size: ["shade.diameter"]}]}
"""


def read(tmp_path: Path, text: str = TEXT) -> dict[str, Any]:
    file = tmp_path / "offer.yaml"
    file.write_text(text, encoding="utf-8")
    return dict(read_document(file).content)


def moved(tmp_path: Path, target: str, **change: Any) -> Repriced:
    return reprice(TEXT, read(tmp_path), target, Raise(**change))


def differing(after: str) -> dict[int, str]:
    pairs = zip(TEXT.splitlines(), after.splitlines(), strict=True)
    return {number: new for number, (old, new) in enumerate(pairs, 1) if old != new}


def test_the_base_moves_and_its_comment_stays(tmp_path: Path) -> None:
    result = moved(tmp_path, "base", percent=Decimal(3))
    assert differing(result.text) == {10: '  base: "92"   # 中文 before VAT'}
    assert [(one.name, one.line, one.before, one.after) for one in result.moves] == [
        ("base", 10, "89", "92")
    ]


def test_option_values_move_where_only_prices_read_them(tmp_path: Path) -> None:
    result = moved(tmp_path, "shade", percent=Decimal(10))
    assert differing(result.text) == {7: "      - {id: oak, values: {diameter: 320, price: -50}}"}
    assert result.left == ()


def test_rates_go_to_the_cent_and_parts_without_an_amount_are_named(tmp_path: Path) -> None:
    result = moved(tmp_path, "height", percent=Decimal(3))
    assert differing(result.text) == {
        13: TEXT.splitlines()[12].replace("* 4", "* 4.12"),
        14: "    - {id: text, feature: height, amount: '61 + len(dedication)'}",
    }
    assert result.left == ("text",)


def test_everything_moves_once_and_plain_numbers_stay_plain(tmp_path: Path) -> None:
    result = moved(tmp_path, "everything", percent=Decimal(50), rounding="cent")
    lines = differing(result.text)
    assert sorted(lines) == [7, 10, 13, 14, 15, 16]
    assert lines[15] == "    - {id: plain, amount: 30}"
    assert lines[16] == '    - {id: pence, amount: "-22.35"}'
    after = read(tmp_path, result.text)
    assert after["price"]["base"] == "133.50"


@pytest.mark.parametrize(
    ("amount", "change", "after"),
    [
        ("100", Raise(percent=Decimal(3)), "103"),
        ("100", Raise(percent=Decimal(3), rounding="ninety_nine"), "102.99"),
        ("100.60", Raise(rounding="ninety_nine"), "100.99"),
        ("0.20", Raise(rounding="ninety_nine"), "0.99"),
        ("-100", Raise(percent=Decimal(3), rounding="ninety_nine"), "-102.99"),
        ("0", Raise(percent=Decimal(3), added=Decimal(9), rounding="ninety_nine"), "0"),
        ("10.10", Raise(percent=Decimal("2.5"), rounding="cent"), "10.35"),
        ("10", Raise(percent=Decimal(-50), added=Decimal(1)), "6"),
        ("10.50", Raise(), "11"),
    ],
)
def test_rounding(amount: str, change: Raise, after: str) -> None:
    assert change.of(Decimal(amount)) == Decimal(after)


@pytest.mark.parametrize("product", ["refrigerator", "bicycle-frame", "shelf"])
def test_our_own_products_move_and_move_back(product: str, tmp_path: Path) -> None:
    """Only amounts differ afterwards: the same lines, the same keys, the same comments."""
    file = CHECKOUT / "catalogue" / product / "offer.yaml"
    text, offer = file.read_text(encoding="utf-8"), dict(read_document(file).content)
    assert price_targets(offer)
    result = reprice(text, offer, "everything", Raise(percent=Decimal(10), rounding="cent"))
    assert len(result.moves) > 10
    before, after = text.splitlines(), result.text.splitlines()
    changed = {n for n, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b}
    assert changed == {one.line for one in result.moves}
    assert scalars_of(text).keys() == scalars_of(result.text).keys()
    same = reprice(text, offer, "everything", Raise(rounding="cent"))
    assert read(tmp_path, same.text) == offer or same.moves  # 24.9 may be written 24.90


words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"))


@given(words, words)
def test_a_replaced_value_is_read_back_whatever_it_is(first: str, second: str) -> None:
    text = "a: {b: [\"x\", 'y']}  # stays\nc: 1\n"
    after = replaced(text, {("a", "b", 0): first, ("a", "b", 1): second, ("c",): "2"})
    assert "# stays" in after
    found = {path: scalar.value for path, scalar in scalars_of(after).items()}
    assert found == {("a", "b", 0): first, ("a", "b", 1): second, ("c",): "2"}
