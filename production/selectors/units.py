"""Units and their history; who may see which is decided in orders.selectors.access."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cosmo.lib.errors import NotFound, Sentence
from orders.models import Unit
from orders.selectors.access import Viewer, units_visible_to
from production.lifecycle import Stage
from production.models import UnitEvent, WorkOrder

PAGE = 200  # events in one answer; whoever wants more asks again after the last


def access_unit(viewer: Viewer, public_id: UUID) -> Unit:
    """The unit, when ``viewer`` may see its order; a foreign one looks like none.

    Raises:
        NotFound: ``unknown_unit``.
    """
    unit = _with_line(units_visible_to(viewer)).filter(public_id=public_id).first()
    if unit is None:
        raise NotFound(
            "unknown_unit",
            Sentence("There is no such unit, or it is not yours. Open it from your order's page."),
        )
    return unit


def unit_by_link(gtin: str, serial: str) -> Unit:
    """The unit behind a GS1 Digital Link. Public: show nothing personal.

    Raises:
        NotFound: ``unknown_unit``; also for one that is not being made yet.
    """
    unit = (
        _with_line(Unit.objects.all())
        .filter(gtin__in=[gtin, gtin.removeprefix("0")], serial=serial)
        .filter(pk__in=WorkOrder.objects.values("unit"))
        .first()
    )
    if unit is None:
        raise NotFound(
            "unknown_unit",
            Sentence(
                "No unit with GTIN %(gtin)s and serial %(serial)s was made here. "
                "Check both numbers."
            ),
            gtin=gtin,
            serial=serial,
        )
    return unit


def units_with_lines(viewer: Viewer) -> QuerySet[Unit]:
    """The units ``viewer`` may see, with what a list says of each; one statement."""
    return units_visible_to(viewer).select_related(
        "line__order", "line__product", "line__revision__design"
    )


def stages_of(units: Iterable[Unit]) -> dict[int, str]:
    """The stage each unit has reached, by primary key; one statement, none for a unit untold."""
    newest = (
        UnitEvent.objects.filter(unit__in=units)
        .exclude(stage=Stage.NEW_DAY)  # beside the way, no stage of it
        .order_by("unit_id", "-seq")
        .distinct("unit_id")
        .values_list("unit_id", "stage")
    )
    return dict(newest)


def _with_line(units: QuerySet[Unit]) -> QuerySet[Unit]:
    return units.select_related("line__order", "line__product", "line__texts", "line__offer").defer(
        "line__offer__document"
    )


def events_after(unit: Unit, seq: int = 0, *, limit: int = PAGE) -> QuerySet[UnitEvent]:
    """The unit's history after ``seq``, in order: what a page or a partner that was away missed."""
    return UnitEvent.objects.filter(unit=unit, seq__gt=seq).order_by("seq")[:limit]


def event_json(event: UnitEvent) -> dict[str, Any]:
    """One event as pages and partners read it."""
    return {
        "seq": event.seq,
        "stage": event.stage,
        "facts": event.facts,
        "plant_time": event.plant_time.isoformat(),
        "at": event.created_at.isoformat(),
    }


def fact_day(facts: dict[str, Any], name: str) -> date | None:
    """A day among an event's facts, where it is one."""
    try:
        return date.fromisoformat(str(facts.get(name, "")))
    except ValueError:
        return None
