"""Designs that somebody drew elsewhere (PURE): from the rows of a CSV file to selections.

>>> mapping = ColumnMapping.from_document(document, model)
>>> table = read_table(raw, mapping)
>>> importer = Importer(engine, mapping)
>>> [importer.outcome(row) for row in table.rows]

A row is accepted, repaired with the fewest and smallest changes, or refused with the limit or rule.
"""

from .importer import Importer
from .mapping import ColumnMapping, FixedColumn, MappedColumn
from .outcome import Change, Outcome, Refusal
from .table import FileRefused, Row, Table, read_table

__all__ = [
    "Change",
    "ColumnMapping",
    "FileRefused",
    "FixedColumn",
    "Importer",
    "MappedColumn",
    "Outcome",
    "Refusal",
    "Row",
    "Table",
    "read_table",
]
