"""Diagrams of published offers: drawn once, found by every process, never needed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cosmo.lib.clock import real_now
from design import compile as compiling
from design.compile import compiled_offer
from design.models import Offer, OfferDiagram
from design.rules import DRAWING, Caps
from design.services.diagrams import draw_diagram, undrawn_offers
from tests.factories.production import make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    return make_offer()


@pytest.fixture(autouse=True)
def _nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just started."""
    monkeypatch.setattr(compiling, "_cache", type(compiling._cache)())
    monkeypatch.setattr(compiling, "_asked", {})


def test_a_published_offer_is_drawn_once(offer: Offer) -> None:
    assert undrawn_offers() == [offer.pk]
    drawn = draw_diagram(offer_id=offer.pk)
    assert drawn is not None
    assert drawn.drawn_at is not None
    assert (drawn.percent, drawn.claimed_until) == (100, None)
    offer.refresh_from_db()
    assert offer.diagram == drawn
    assert undrawn_offers() == []
    again = draw_diagram(offer_id=offer.pk)
    assert again is not None
    assert (again.pk, again.drawn_at) == (drawn.pk, drawn.drawn_at)


def test_a_process_takes_the_diagram_with_one_statement(offer: Offer) -> None:
    assert compiled_offer(offer).engine.diagram is None
    draw_diagram(offer_id=offer.pk)
    offer.refresh_from_db()
    with CaptureQueriesContext(connection) as first:
        engine = compiled_offer(offer).engine
    with CaptureQueriesContext(connection) as later:
        compiled_offer(offer)
    assert (len(first), len(later)) == (1, 0)
    assert engine.diagram is not None
    assert engine.domains({}) == engine.sat_domains({})
    assert engine.count({}) == 2 * 3 * 2


def test_one_that_gets_too_large_is_remembered_and_the_solver_answers() -> None:
    offer = make_offer(rules=[{"id": "R1", "never": "size == 'small' and colour == 'red'"}])
    row = draw_diagram(offer_id=offer.pk, caps=Caps(runs=1))
    assert row is not None
    assert (row.packed, row.nodes) == (None, None)
    offer.refresh_from_db()
    assert undrawn_offers() == []
    engine = compiled_offer(offer).engine
    assert engine.diagram is None
    assert set(engine.domains({})["size"]) == {"small", "large"}
    asked = engine._solver.calls
    assert set(engine.domains({"size": "small"})["colour"]) == {"white", "black"}
    assert engine._solver.calls == asked == 0  # its answers to the first clicks were stored


def test_damaged_first_answers_are_passed_over() -> None:
    offer = make_offer(rules=[{"id": "R1", "never": "size == 'small' and colour == 'red'"}])
    draw_diagram(offer_id=offer.pk, caps=Caps(runs=1))
    OfferDiagram.objects.update(first_answers=b"PK damaged")
    offer.refresh_from_db()
    assert set(compiled_offer(offer).engine.domains({"size": "small"})["colour"]) == {
        "white", "black",
    }  # fmt: skip


def test_only_one_worker_draws(offer: Offer) -> None:
    until = real_now() + timedelta(seconds=30)
    row = OfferDiagram.objects.create(
        content_hash=offer.content_hash, version=DRAWING, claimed_until=until
    )
    assert undrawn_offers() == []
    assert draw_diagram(offer_id=offer.pk) is None
    OfferDiagram.objects.filter(pk=row.pk).update(claimed_until=real_now() - timedelta(seconds=1))
    assert undrawn_offers() == [offer.pk]
    assert draw_diagram(offer_id=offer.pk) == row


def test_while_another_offer_is_drawn_this_one_waits(offer: Offer) -> None:
    until = real_now() + timedelta(seconds=30)
    OfferDiagram.objects.create(content_hash="f" * 64, version=DRAWING, claimed_until=until)
    assert draw_diagram(offer_id=offer.pk) is None
    assert undrawn_offers() == [offer.pk]


def test_one_of_an_older_version_is_drawn_again(offer: Offer) -> None:
    old = OfferDiagram.objects.create(
        content_hash=offer.content_hash, version=DRAWING - 1, drawn_at=real_now(), packed=b"old"
    )
    Offer.objects.filter(pk=offer.pk).update(diagram=old)
    offer.refresh_from_db()
    assert compiled_offer(offer).engine.diagram is None
    assert undrawn_offers() == [offer.pk]
    draw_diagram(offer_id=offer.pk)
    offer.refresh_from_db()
    assert compiled_offer(offer).engine.diagram is not None
    assert not OfferDiagram.objects.filter(pk=old.pk).exists()


def test_a_damaged_one_is_passed_over(offer: Offer) -> None:
    draw_diagram(offer_id=offer.pk)
    OfferDiagram.objects.update(packed=b"PK damaged")
    offer.refresh_from_db()
    engine = compiled_offer(offer).engine
    assert engine.diagram is None
    assert set(engine.domains({})["size"]) == {"small", "large"}
