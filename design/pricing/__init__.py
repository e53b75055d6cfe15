"""Prices (PURE): a list of lines for a full selection, never one number.

>>> book = PriceBook.from_document(document, model)
>>> lines = book.lines(scope_of(model, selection))
>>> book.total(lines), book.tax(book.total(lines))
"""

from cosmo.lib.money import PriceLine, TaxSplit, round_money, tax_included

from .book import BASE, PriceBook
from .differences import Designs, Differences, differences

__all__ = [
    "BASE",
    "Designs",
    "Differences",
    "PriceBook",
    "PriceLine",
    "TaxSplit",
    "differences",
    "round_money",
    "tax_included",
]
