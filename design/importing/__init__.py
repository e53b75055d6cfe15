"""Designs that somebody drew elsewhere (PURE): from the rows of a CSV file to selections.

>>> mapping = ColumnMapping.from_document(document, model)
>>> table = read_table(raw, mapping)
>>> importer = Importer(engine, mapping)
>>> [importer.outcome(row) for row in table.rows]

A row is accepted, repaired with the fewest and smallest changes, or refused with the limit or rule.
"""

from .importer import Importer
from .mapping import ColumnMapping, FixedColumn, MappedColumn
from .outcome import Change, Kind, Outcome, Refusal
from .table import FileRefused, Row, Table, read_table
from .told import changes_to_json, outcome_to_json

__all__ = [
    "Change",
    "ColumnMapping",
    "FileRefused",
    "FixedColumn",
    "Importer",
    "Kind",
    "MappedColumn",
    "Outcome",
    "Refusal",
    "Row",
    "Table",
    "changes_to_json",
    "outcome_to_json",
    "read_table",
]
