"""Components kept with a hold, made the work order's, used, given back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from orders.models import Unit
from production.lifecycle import StockMoveKind
from production.models import (
    HeldUnit,
    Hold,
    Plant,
    PurchaseProposal,
    Reservation,
    Stock,
    StockMove,
    WorkOrder,
)
from production.selectors.materials import availability_of, needs_of, supply_of
from production.services import materials
from production.services.holds import confirm_hold, expire_holds, hold_capacity, release_hold
from production.services.materials.ledger import (
    Change,
    make_changes,
    try_changes,
    write_moves,
)
from tests.factories.documents import ENGINEERING
from tests.factories.orders import let_hold_expire
from tests.factories.production import make_offer, make_order
from tests.factories.work_orders import make_accepted, make_work_orders
from tests.production.fake_line import EPOCH, FakeLine
from tests.production.materials.stocks import assert_moves_add_up, count, now_of, numbers
from tests.production.reporting import Reporter, deliver

pytestmark = pytest.mark.django_db
LASTS = timedelta(minutes=15)


def test_a_hold_keeps_and_a_confirmation_reserves(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "20"})["LEG"]
    order = make_order(make_offer(plant), {"quantity": 2})
    hold_capacity(order_id=order.pk, lasts=LASTS)
    assert numbers(stock) == (20, 6, 0, 0)
    confirm_hold(order_id=order.pk)
    assert numbers(stock) == (20, 0, 6, 0)
    assert set(Reservation.objects.values_list("status", "is_covered")) == {("confirmed", True)}
    assert WorkOrder.objects.filter(reservations__isnull=False).count() == 2
    assert_moves_add_up()


def test_a_released_and_an_expired_hold_give_everything_back(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "20"})["LEG"]
    offer = make_offer(plant)
    one, other = make_order(offer), make_order(offer)
    for order in (one, other):
        hold_capacity(order_id=order.pk, lasts=LASTS)
    release_hold(order_id=one.pk)
    assert numbers(stock) == (20, 3, 0, 0)
    let_hold_expire(other)
    assert expire_holds() == 1
    assert numbers(stock) == (20, 0, 0, 0)
    assert set(Reservation.objects.values_list("status", flat=True)) == {"released"}
    assert_moves_add_up()


def test_what_is_short_puts_the_promise_and_the_release_off(plant: Plant) -> None:
    count(plant, {"code": "LEG", "on_hand": "4", "lead_time_days": 20})
    first, late = make_work_orders(plant, quantity=2)
    stock = Stock.objects.get()
    assert numbers(stock) == (4, 0, 3, 3)
    now = now_of(plant)
    assert first.release_at <= now + timedelta(minutes=1)
    assert late.release_at == pytest.approx(now + timedelta(days=20), abs=timedelta(minutes=1))
    begins = late.operations.get(position=1).booking.period.lower
    assert begins >= late.release_at
    proposal = PurchaseProposal.objects.get()
    assert (proposal.quantity, list(proposal.units.all())) == (Decimal(2), [late.unit])
    assert proposal.needed_at == begins
    assert proposal.order_by == begins - timedelta(days=20)


def test_a_later_claim_never_overtakes_one_that_waits(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "2"})["LEG"]
    make_work_orders(plant)
    assert numbers(stock) == (2, 0, 0, 3)
    at = now_of(plant)
    found = availability_of(plant_id=plant.pk, needs={"LEG": Decimal(1)}, at=at)
    assert found.at == at + timedelta(days=10)
    assert found.deciding == ("LEG",)


def test_given_back_stock_serves_who_waits_and_frees_their_release(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "3"})["LEG"]
    offer = make_offer(plant)
    quoted = make_order(offer)
    hold_capacity(order_id=quoted.pk, lasts=LASTS)
    (sold,) = make_work_orders(plant)
    assert numbers(stock) == (3, 3, 0, 3)
    assert sold.release_at > now_of(plant) + timedelta(days=9)
    release_hold(order_id=quoted.pk)
    assert numbers(stock) == (3, 0, 3, 0)
    sold.refresh_from_db()
    assert sold.release_at <= now_of(plant)
    assert Plant.objects.get().plan_wanted_for == "material changed"
    assert PurchaseProposal.objects.get().status == "dropped"
    assert_moves_add_up()


def test_a_substitute_is_recorded_on_the_work_order(plant: Plant) -> None:
    stocks = count(plant, {"code": "LEG", "on_hand": "3"}, {"code": "BENT-LEG", "on_hand": "9"})
    bom = [{**line} for line in ENGINEERING["bom"]]
    bom[0]["substitutes"] = ["BENT-LEG"]
    offer = make_offer(plant)
    from production.services.engineering import publish_engineering

    publish_engineering(
        offer=offer, plant=plant, document={**ENGINEERING, "plant": plant.code, "bom": bom}
    )
    order = make_order(offer, {"quantity": 2})
    hold_capacity(order_id=order.pk, lasts=LASTS)
    confirm_hold(order_id=order.pk)
    one, other = WorkOrder.objects.order_by("pk")
    assert one.bom[0] == {"component": "LEG", "quantity": "3", "unit": "piece"}
    assert other.bom[0] == {
        "component": "BENT-LEG",
        "quantity": "3",
        "unit": "piece",
        "instead_of": "LEG",
    }
    assert numbers(stocks["LEG"]) == (3, 0, 3, 0)
    assert numbers(stocks["BENT-LEG"]) == (9, 0, 3, 0)


def test_the_first_operation_uses_the_components_up_once(plant: Plant, line: FakeLine) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "10"}, {"code": "SEAT", "on_hand": "1"})["LEG"]
    (work_order,) = make_work_orders(plant)
    reporter = Reporter(make_accepted(work_order, epoch=EPOCH))
    deliver(work_order, reporter.queue())
    assert numbers(stock) == (10, 0, 3, 0)
    deliver(work_order, reporter.make("saw"))
    assert numbers(stock) == (7, 0, 0, 0)
    deliver(work_order, reporter.make("paint"))
    assert numbers(stock) == (7, 0, 0, 0)
    assert materials.issue(work_order_id=work_order.pk, at=now_of(plant)) == 0
    assert StockMove.objects.filter(kind="issue").count() == 2
    assert set(Reservation.objects.values_list("status", flat=True)) == {"issued"}
    assert_moves_add_up()


def test_the_line_is_right_when_it_began_what_stock_did_not_have(
    plant: Plant, line: FakeLine
) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "2"})["LEG"]
    (work_order,) = make_work_orders(plant)
    reporter = Reporter(make_accepted(work_order, epoch=EPOCH))
    deliver(work_order, [*reporter.queue(), *reporter.make("saw")])
    assert numbers(stock) == (0, 0, 0, 0)
    counted = StockMove.objects.get(kind="adjustment")
    assert (counted.on_hand, counted.reason) == (Decimal(1), "needed elsewhere")
    assert_moves_add_up()


def test_two_claims_of_a_unit_on_one_stock_are_used_together(plant: Plant, line: FakeLine) -> None:
    """What it needs itself, and what it takes in place of something else: neither was there."""
    stock = count(plant, {"code": "LEG", "on_hand": "4"})["LEG"]
    (work_order,) = make_work_orders(plant)
    own = Reservation.objects.get()
    Reservation.objects.update(is_covered=False, available_at=now_of(plant))
    Reservation.objects.create(
        plant=plant,
        stock=stock,
        unit=work_order.unit,
        work_order=work_order,
        quantity=Decimal(4),
        instead_of="SEAT",
        status="confirmed",
        is_covered=False,
        due_at=own.due_at,
        available_at=now_of(plant),
    )
    back = Change(stock.pk, StockMoveKind.RELEASE, reserved=Decimal(-3), awaited=Decimal(7))
    make_changes([back])
    write_moves(plant.pk, [back], at=now_of(plant))
    reporter = Reporter(make_accepted(work_order, epoch=EPOCH))
    deliver(work_order, [*reporter.queue(), *reporter.make("saw")])
    assert numbers(stock) == (0, 0, 0, 0)
    assert set(Reservation.objects.values_list("status", flat=True)) == {"issued"}
    assert StockMove.objects.get(kind="adjustment").on_hand == Decimal(3)
    assert_moves_add_up()


def test_the_line_took_what_was_kept_for_a_later_unit(plant: Plant, line: FakeLine) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "3"})["LEG"]
    offer_unit, waiting = make_work_orders(plant, quantity=2)
    assert numbers(stock) == (3, 0, 3, 3)
    reporter = Reporter(make_accepted(waiting, epoch=EPOCH))
    deliver(waiting, [*reporter.queue(), *reporter.make("saw")])
    assert numbers(stock) == (0, 0, 0, 3)
    other = Reservation.objects.get(work_order=offer_unit)
    assert (other.is_covered, other.status) == (False, "confirmed")
    assert_moves_add_up()


def test_a_remake_claims_anew_and_what_was_used_is_gone(plant: Plant, line: FakeLine) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "10"})["LEG"]
    (work_order,) = make_work_orders(plant)
    reporter = Reporter(make_accepted(work_order, epoch=EPOCH))
    reason = {"code": "scrap", "text": "Beyond repair."}
    deliver(work_order, [*reporter.queue(), *reporter.make("saw")])
    deliver(work_order, [reporter.say("Aborted", reason=reason, scrap=1)])
    assert numbers(stock) == (7, 0, 3, 0)
    again = WorkOrder.objects.get(generation=2)
    assert again.reservations.get().status == "confirmed"
    assert_moves_add_up()


def test_a_job_aborted_before_it_began_hands_its_components_on(
    plant: Plant, line: FakeLine
) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "3"})["LEG"]
    (work_order,) = make_work_orders(plant)
    reporter = Reporter(make_accepted(work_order, epoch=EPOCH))
    reason = {"code": "scrap", "text": "Beyond repair."}
    deliver(work_order, [*reporter.queue(), reporter.say("Aborted", reason=reason)])
    assert numbers(stock) == (3, 0, 3, 0)
    assert sorted(Reservation.objects.values_list("status", flat=True)) == ["confirmed", "released"]


def test_a_plant_that_counts_nothing_needs_no_claims(plant: Plant) -> None:
    make_work_orders(plant)
    assert Reservation.objects.count() == StockMove.objects.count() == 0


def test_supply_costs_one_statement_until_material_changes(
    plant: Plant, django_assert_num_queries: Any
) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "3"})["LEG"]
    plant.refresh_from_db()
    with django_assert_num_queries(1):
        supply_of(plant)
    with django_assert_num_queries(0 if _keeps(plant) else 1):
        supply_of(plant)
    materials.adjust(stock_id=stock.pk, change=Decimal(1), reason="found")
    plant.refresh_from_db()
    assert supply_of(plant).components["LEG"].free == 4


def _keeps(plant: Plant) -> bool:
    """Inside a test's transaction nothing is kept: it may never commit."""
    return not transaction.get_connection().in_atomic_block


def test_needs_are_summed_by_component(plant: Plant) -> None:
    bom = [*ENGINEERING["bom"], {"component": "LEG", "quantity": "1", "unit": "piece"}]
    from production.services.engineering import publish_engineering

    engineering = publish_engineering(
        offer=make_offer(plant), plant=plant, document={**ENGINEERING, "plant": "yard", "bom": bom}
    ).engineering
    unit = Unit.objects.filter(line__order=make_order(engineering.offer)).get()
    needs = needs_of(engineering, unit.line.selection)
    assert {one.component: one.quantity for one in needs} == {"LEG": 4, "SEAT": 1}


def test_the_database_itself_refuses_what_is_not_there(plant: Plant) -> None:
    stock = count(plant, {"code": "LEG", "on_hand": "3"})["LEG"]
    assert try_changes([Change(stock.pk, StockMoveKind.HOLD, held=Decimal(4))]) == set()
    assert numbers(stock) == (3, 0, 0, 0)
    for wrong in ({"on_hand": -1}, {"held": 4}, {"reserved": 4}, {"awaited": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Stock.objects.filter(pk=stock.pk).update(**wrong)


def test_moves_are_never_changed(plant: Plant) -> None:
    count(plant, {"code": "LEG", "on_hand": "3"})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        StockMove.objects.update(on_hand=4)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        StockMove.objects.all().delete()
    assert StockMove.objects.get().on_hand == 3


def test_material_of_held_units_is_said_with_the_hold(plant: Plant) -> None:
    count(plant, {"code": "LEG", "on_hand": "0"})
    order = make_order(make_offer(plant))
    hold_capacity(order_id=order.pk, lasts=LASTS)
    held = HeldUnit.objects.get()
    assert held.material_at is not None
    assert held.material_at > now_of(plant) + timedelta(days=9)
    assert Hold.objects.get().status == "active"
    assert PurchaseProposal.objects.count() == 0  # nothing is bought for a quote
