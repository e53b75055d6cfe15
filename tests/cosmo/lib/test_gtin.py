"""Check digits against numbers printed in GS1's own documents, and against every single typo."""

import pytest

from cosmo.lib.gtin import check_digit, is_gtin

KNOWN = ["6291041500213", "4006381333931", "09506000134352", "96385074", "036000291452"]


@pytest.mark.parametrize("code", KNOWN)
def test_known_codes_are_right(code: str) -> None:
    assert is_gtin(code)
    assert check_digit(code[:-1]) == code[-1]


@pytest.mark.parametrize("code", KNOWN)
def test_every_single_wrong_digit_is_noticed(code: str) -> None:
    typos = [
        code[:place] + digit + code[place + 1 :]
        for place in range(len(code))
        for digit in "0123456789"
        if digit != code[place]
    ]
    assert len(typos) == 9 * len(code)
    assert not any(is_gtin(typo) for typo in typos)


@pytest.mark.parametrize(
    "code", ["", "123", "62910415002l3", "629104150021", "６２９１０４１５００２１３"]
)
def test_other_things_are_no_gtin(code: str) -> None:
    assert not is_gtin(code)
