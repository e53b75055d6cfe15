"""Rows of several tables by one statement that is put together once a process.

For questions of every click: of a query set, putting the statement together costs more than asking
it.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from django.db import connection, models

LARGE = "document"  # left out: engines made from documents are cached by the hash beside them


class Joined:
    """A join of models, each with all its columns but the large one.

    Args:
        models_by_name: The models by the name each has in the statement, the first one first.
        joins: How the others are joined to it: ``{"plant": "plant.id = engineering.plant_id"}``.
    """

    def __init__(
        self, models_by_name: dict[str, type[models.Model]], joins: dict[str, str]
    ) -> None:
        self._models = models_by_name
        self._joins = joins

    def where(self, condition: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """One object of each model a row; ``condition`` is SQL of our own, with its order."""
        parts = self._parts
        with connection.cursor() as cursor:
            cursor.execute(f"{self._selection} WHERE {condition}", parameters)
            rows = cursor.fetchall()
        for row in rows:
            yield tuple(
                model.from_db(connection.alias, names, row[first : first + len(names)])
                for model, names, first in parts
            )

    @cached_property
    def _parts(self) -> list[tuple[type[models.Model], tuple[str, ...], int]]:
        parts: list[tuple[type[models.Model], tuple[str, ...], int]] = []
        first = 0
        for model in self._models.values():
            fields = [field for field in model._meta.concrete_fields if field.attname != LARGE]
            if wrong := [field for field in fields if hasattr(field, "from_db_value")]:
                raise TypeError(f"{wrong[0]} would stay as the database writes it.")
            names = tuple(field.attname for field in fields)
            parts.append((model, names, first))
            first += len(names)
        return parts

    @cached_property
    def _selection(self) -> str:
        columns = ", ".join(
            f"{name}.{field.column}"
            for name, model in self._models.items()
            for field in model._meta.concrete_fields
            if field.attname != LARGE
        )
        (first, base), *others = self._models.items()
        joined = " ".join(
            f"JOIN {model._meta.db_table} {name} ON {self._joins[name]}" for name, model in others
        )
        return f"SELECT {columns} FROM {base._meta.db_table} {first} {joined}"  # noqa: S608 - our names
