"""Who can make an offer now."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from design.models import Offer
from production.models import Engineering, Plant

KINDS: tuple[tuple[str, type[models.Model]], ...] = (
    ("engineering", Engineering),
    ("plant", Plant),
    ("offer", Offer),
)


def makers_of(offer_ids: Iterable[int]) -> dict[int, list[Engineering]]:
    """The current engineerings of each offer with plant and offer; one statement.

    Documents are left out: they are large, and engines made from them are cached by hash. Every
    click and every hold asks this, so the statement is put together once a process.
    """
    found: dict[int, list[Engineering]] = {}
    which = "engineering.is_current AND engineering.offer_id = ANY(%s)"
    for engineering in _engineerings(which, sorted(set(offer_ids))):
        found.setdefault(engineering.offer_id, []).append(engineering)
    return found


def engineerings_of(ids: Iterable[int]) -> dict[int, Engineering]:
    """These, read the same way."""
    return {one.pk: one for one in _engineerings("engineering.id = ANY(%s)", sorted(set(ids)))}


def _engineerings(which: str, ids: list[int]) -> Iterator[Engineering]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(which), [ids])
        rows = cursor.fetchall()
    plants: dict[int, Plant] = {}
    for row in rows:
        engineering, plant, offer = _read(row)
        engineering.plant = plants.setdefault(plant.pk, plant)
        engineering.offer = offer
        yield engineering


def _read(row: Sequence[Any]) -> tuple[Engineering, Plant, Offer]:
    read: list[Any] = []
    first = 0
    for _, model in KINDS:
        names = _columns(model)
        read.append(model.from_db("default", names, row[first : first + len(names)]))
        first += len(names)
    return read[0], read[1], read[2]


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(
        field.attname for field in model._meta.concrete_fields if field.attname != "document"
    )


@cache
def _statement(which: str) -> str:
    columns = ", ".join(f"{name}.{column}" for name, model in KINDS for column in _columns(model))
    return (
        f"SELECT {columns} FROM {Engineering._meta.db_table} engineering"  # noqa: S608 - our names
        f" JOIN {Plant._meta.db_table} plant ON plant.id = engineering.plant_id"
        f" JOIN {Offer._meta.db_table} offer ON offer.id = engineering.offer_id"
        f" WHERE {which} ORDER BY plant.code"
    )
