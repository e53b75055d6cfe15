"""Many at once after the same components: nothing is given twice, nobody fails."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from cosmo.lib.errors import DomainError
from cosmo.lib.ports import promise_source
from production.lifecycle import StockMoveKind
from production.models import PurchaseOrder, Reservation, Stock, StockMove
from production.services import materials
from production.services.holds import confirm_hold, hold_capacity, release_hold
from production.services.materials.ledger import Change, try_changes
from tests.factories.production import make_offer, make_order, make_plant
from tests.production.materials.stocks import assert_moves_add_up, count, now_of, numbers
from tests.production.test_promise_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LASTS = timedelta(minutes=15)
CLIENTS = 8


def test_without_any_lock_the_update_itself_gives_the_last_pieces_once() -> None:
    stock = count(make_plant(), {"code": "LEG", "on_hand": "5"})["LEG"]
    claim = [Change(stock.pk, StockMoveKind.HOLD, held=Decimal(1))]
    answers = at_once([partial(try_changes, claim, is_new_claim=True)] * CLIENTS)
    assert sorted(map(len, answers)) == [0, 0, 0, 1, 1, 1, 1, 1]
    assert numbers(stock) == (5, 5, 0, 0)


def test_holds_at_once_get_the_stock_once_and_the_rest_waits() -> None:
    plant = make_plant()
    stock = count(plant, {"code": "LEG", "on_hand": "15"})["LEG"]
    offer = make_offer(plant)
    orders = [make_order(offer) for _ in range(CLIENTS)]
    at_once([partial(hold_capacity, order_id=order.pk, lasts=LASTS) for order in orders])
    assert numbers(stock) == (15, 15, 0, 9)
    assert Reservation.objects.filter(is_covered=True).count() == 5
    at_once([partial(confirm_hold, order_id=order.pk) for order in orders])
    assert numbers(stock) == (15, 0, 15, 9)
    assert_moves_add_up()


def test_release_and_confirmation_at_once_end_each_claim_once() -> None:
    plant = make_plant()
    stock = count(plant, {"code": "LEG", "on_hand": "30"})["LEG"]
    offer = make_offer(plant)
    orders = [make_order(offer) for _ in range(4)]
    for order in orders:
        hold_capacity(order_id=order.pk, lasts=LASTS)

    def confirm(order_id: int) -> bool:
        try:
            promise_source().confirm(order_id=order_id)
        except DomainError:
            return False
        return True

    confirms = [partial(confirm, order.pk) for order in orders]
    answers = at_once([*confirms, *(partial(release_hold, order_id=order.pk) for order in orders)])[
        :4
    ]
    assert numbers(stock) == (30, 0, 3 * answers.count(True), 0)
    assert_moves_add_up()


def test_two_receipts_of_the_last_piece_are_booked_once() -> None:
    stock = count(make_plant(), {"code": "LEG", "on_hand": "0"})["LEG"]
    purchase = materials.order_component(stock_id=stock.pk, quantity=Decimal(4))

    def receive() -> str:
        try:
            materials.receive(purchase_id=purchase.pk, quantity=Decimal(3))
        except DomainError as refused:
            return refused.code
        return "booked"

    assert sorted(at_once([receive, receive, receive])) == [
        "booked",
        "over_received",
        "over_received",
    ]
    assert numbers(stock) == (3, 0, 0, 0)
    assert PurchaseOrder.objects.get().received == 3


def test_issues_receipts_scrap_and_holds_at_once_keep_the_books() -> None:
    plant = make_plant()
    stock = count(plant, {"code": "LEG", "on_hand": "12"})["LEG"]
    offer = make_offer(plant)
    orders = [make_order(offer) for _ in range(4)]
    for order in orders[:2]:
        hold_capacity(order_id=order.pk, lasts=LASTS)
        confirm_hold(order_id=order.pk)
    begun = Reservation.objects.order_by("pk").first()
    assert begun is not None
    assert begun.work_order_id is not None
    purchase = materials.order_component(stock_id=stock.pk, quantity=Decimal(10))
    at_once(
        [
            partial(materials.issue, work_order_id=begun.work_order_id, at=now_of(plant)),
            partial(materials.issue, work_order_id=begun.work_order_id, at=now_of(plant)),
            partial(materials.receive, purchase_id=purchase.pk, quantity=Decimal(10)),
            partial(materials.scrap, stock_id=stock.pk, quantity=Decimal(2), reason="bent"),
            partial(hold_capacity, order_id=orders[2].pk, lasts=LASTS),
            partial(hold_capacity, order_id=orders[3].pk, lasts=LASTS),
        ]
    )
    assert numbers(stock) == (17, 6, 3, 0)
    assert_moves_add_up()
    seqs = list(StockMove.objects.order_by("seq").values_list("seq", flat=True))
    assert len(seqs) == len(set(seqs)) == StockMove.objects.count()
    assert Stock.objects.get().awaited == 0
