"""A number on a label means one product: no two of ours share a GTIN or the start of a serial."""

from pathlib import Path

import pytest

from cosmo.lib.documents import read_document

OURS = sorted((Path(__file__).parents[2] / "catalogue").glob("*/offer.yaml"))


@pytest.mark.parametrize("key", ["gtin", "serial_prefix"])
def test_each_product_has_its_own(key: str) -> None:
    numbers = [read_document(path).content[key] for path in OURS]
    assert len(numbers) >= 3
    assert len(set(numbers)) == len(numbers)
