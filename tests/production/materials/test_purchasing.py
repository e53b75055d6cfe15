"""Proposals, orders, receipts, and days that move."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from cosmo.lib.errors import Conflict, Invalid
from production.models import (
    Plant,
    PurchaseOrder,
    PurchaseProposal,
    Reservation,
    StockMove,
    WorkOrder,
)
from production.services import materials
from production.services.materials.proposing import lot
from tests.factories.production import set_plant_time
from tests.factories.work_orders import make_work_orders
from tests.production.materials.stocks import assert_moves_add_up, count, now_of, numbers

pytestmark = pytest.mark.django_db


def short_of_legs(plant: Plant, **facts: str | int) -> PurchaseProposal:
    """Two units are sold and there are legs for one."""
    count(plant, {"code": "LEG", "on_hand": "3", **facts})
    make_work_orders(plant, quantity=2)
    return PurchaseProposal.objects.get()


def waiting() -> Reservation:
    return Reservation.objects.get(is_covered=False)


@pytest.mark.parametrize(
    ("wanted", "size", "least", "bought"),
    [("3", "1", "0", 3), ("3", "5", "0", 5), ("5.1", "5", "0", 10), ("3", "4", "10", 12)],
)
def test_whole_lots_are_bought(
    plant: Plant, wanted: str, size: str, least: str, bought: int
) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "0", "lot_size": size, "minimum_order": least})[
        "LEG"
    ]
    assert lot(stock.component, Decimal(wanted)) == bought


def test_an_accepted_proposal_is_expected_and_serves_who_waits(plant: Plant) -> None:
    proposal = short_of_legs(plant)
    assert (proposal.quantity, proposal.units.count()) == (Decimal(3), 1)
    purchase = materials.accept_proposal(proposal_id=proposal.pk)
    assert purchase.expected_at == now_of(plant) + timedelta(days=10)
    assert PurchaseProposal.objects.get().status == "accepted"
    assert numbers(purchase.stock) == (3, 0, 3, 3)
    late = WorkOrder.objects.latest("pk")
    assert late.release_at == waiting().available_at
    materials.receive(purchase_id=purchase.pk, quantity=Decimal(3))
    assert numbers(purchase.stock) == (6, 0, 6, 0)
    late.refresh_from_db()
    assert late.release_at <= now_of(plant)
    assert_moves_add_up()


def test_a_proposal_is_accepted_once(plant: Plant) -> None:
    proposal = short_of_legs(plant)
    materials.accept_proposal(proposal_id=proposal.pk)
    with pytest.raises(Conflict) as refused:
        materials.accept_proposal(proposal_id=proposal.pk)
    assert refused.value.code == "bad_transition"
    assert PurchaseOrder.objects.count() == 1


def test_a_part_of_a_delivery_leaves_the_rest_expected(plant: Plant) -> None:
    purchase = materials.accept_proposal(proposal_id=short_of_legs(plant).pk)
    materials.receive(purchase_id=purchase.pk, quantity=Decimal(2))
    purchase.refresh_from_db()
    assert (purchase.received, purchase.status) == (Decimal(2), "open")
    assert numbers(purchase.stock) == (5, 0, 3, 3)
    with pytest.raises(Conflict) as refused:
        materials.receive(purchase_id=purchase.pk, quantity=Decimal(2))
    assert refused.value.code == "over_received"
    assert "1 that are still to come" in refused.value.message
    materials.receive(purchase_id=purchase.pk, quantity=Decimal(1))
    purchase.refresh_from_db()
    assert purchase.status == "received"
    assert numbers(purchase.stock) == (6, 0, 6, 0)
    assert StockMove.objects.filter(purchase=purchase, kind="receipt").count() == 2


def test_another_day_of_delivery_moves_the_release(plant: Plant) -> None:
    purchase = materials.accept_proposal(proposal_id=short_of_legs(plant).pk)
    sooner = now_of(plant) + timedelta(days=4)
    materials.postpone_purchase(purchase_id=purchase.pk, expected_at=sooner)
    late = WorkOrder.objects.latest("pk")
    # Said ten days before; a day or more is told anew.
    assert late.release_at == waiting().available_at == sooner
    assert Plant.objects.get().plan_wanted_for == "material changed"


def test_a_delivery_that_is_overdue_is_counted_on_a_day_from_now(plant: Plant) -> None:
    purchase = materials.accept_proposal(proposal_id=short_of_legs(plant).pk)
    set_plant_time(plant, purchase.expected_at + timedelta(days=3))
    now = now_of(plant)
    assert materials.settle_short_plants() == 1
    assert waiting().available_at == now + timedelta(days=1)
    assert WorkOrder.objects.latest("pk").release_at == now + timedelta(days=1)


def test_what_will_not_come_is_proposed_again(plant: Plant) -> None:
    purchase = materials.accept_proposal(proposal_id=short_of_legs(plant).pk)
    assert not PurchaseProposal.objects.filter(status="open").exists()
    materials.cancel_purchase(purchase_id=purchase.pk)
    again = PurchaseProposal.objects.get(status="open")
    assert (again.quantity, again.units.count()) == (Decimal(3), 1)
    with pytest.raises(Conflict):
        materials.cancel_purchase(purchase_id=purchase.pk)


def test_low_stock_is_filled_up_before_anybody_waits(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "10", "reorder_level": "9", "lot_size": "4"})[
        "LEG"
    ]
    assert PurchaseProposal.objects.count() == 0
    make_work_orders(plant)
    proposal = PurchaseProposal.objects.get()
    assert (proposal.quantity, proposal.units.count()) == (Decimal(4), 0)
    materials.accept_proposal(proposal_id=proposal.pk)
    make_work_orders(plant)
    # 10 on hand, 6 kept, 4 ordered: 8 are left, one below the level.
    assert PurchaseProposal.objects.get(status="open").quantity == 4
    assert numbers(stock) == (10, 0, 6, 0)


def test_scrap_makes_those_wait_whose_units_are_due_last(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "7"})["LEG"]
    first, last = make_work_orders(plant, quantity=2)
    materials.scrap(stock_id=stock.pk, quantity=Decimal(2), reason="rusty")
    assert numbers(stock) == (5, 0, 3, 3)
    assert waiting().work_order == last
    last.refresh_from_db()
    assert last.release_at == now_of(plant) + timedelta(days=10)
    first.refresh_from_db()
    assert first.release_at <= now_of(plant)
    assert StockMove.objects.get(kind="scrap").reason == "rusty"
    materials.adjust(stock_id=stock.pk, change=Decimal(1), reason="found one")
    assert numbers(stock) == (6, 0, 6, 0)
    assert_moves_add_up()


def test_refusals_change_nothing(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "3"})["LEG"]
    taking = partial(materials.scrap, stock_id=stock.pk)
    counting = partial(materials.adjust, stock_id=stock.pk, reason="counted")
    ordering = partial(materials.order_component, stock_id=stock.pk)
    for act, code in (
        (partial(taking, quantity=Decimal(4), reason="bent"), "stock_short"),
        (partial(taking, quantity=Decimal(0), reason="bent"), "bad_quantity"),
        (partial(taking, quantity=Decimal(1), reason=" "), "no_reason"),
        (partial(counting, change=Decimal(-4)), "stock_short"),
        (partial(ordering, quantity=Decimal(0)), "bad_quantity"),
    ):
        with pytest.raises((Conflict, Invalid)) as refused:
            act()
        assert refused.value.code == code
    assert numbers(stock) == (3, 0, 0, 0)
    assert StockMove.objects.count() == 1


def test_the_same_document_again_changes_nothing_and_never_the_stock(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "3"})["LEG"]
    materials.scrap(stock_id=stock.pk, quantity=Decimal(1), reason="bent")
    before = StockMove.objects.count()
    count(plant, {"code": "LEG", "on_hand": "3"})
    assert (StockMove.objects.count(), numbers(stock)) == (before, (2, 0, 0, 0))
    count(plant, {"code": "LEG", "on_hand": "50", "lead_time_days": 4})
    assert numbers(stock) == (2, 0, 0, 0)
    with pytest.raises(Invalid) as refused:
        count(plant, {"code": "LEG", "on_hand": "3", "unit": "kg"})
    assert refused.value.code == "unit_changed"
    with pytest.raises(Invalid) as refused:
        count(plant, {"code": "A", "on_hand": "1"}, {"code": "A", "on_hand": "1"})
    assert refused.value.code == "component_twice"
