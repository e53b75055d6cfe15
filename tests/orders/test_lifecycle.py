"""Every pair of statuses: the listed moves pass, all others raise."""

import itertools

import pytest

from cosmo.lib.errors import Conflict
from cosmo.lib.transitions import check_transition
from orders.lifecycle import (
    CHANGE_MOVES,
    ORDER_MOVES,
    PAYMENT_MOVES,
    REFUND_MOVES,
    ChangeStatus,
    OrderStatus,
    PaymentStatus,
    RefundStatus,
)

PAIRS = [
    *((ORDER_MOVES, a, b) for a, b in itertools.product(OrderStatus.values, repeat=2)),
    *((PAYMENT_MOVES, a, b) for a, b in itertools.product(PaymentStatus.values, repeat=2)),
    *((REFUND_MOVES, a, b) for a, b in itertools.product(RefundStatus.values, repeat=2)),
    *((CHANGE_MOVES, a, b) for a, b in itertools.product(ChangeStatus.values, repeat=2)),
]


@pytest.mark.parametrize(("moves", "source", "target"), PAIRS)
def test_only_listed_moves_pass(moves: dict[str, frozenset[str]], source: str, target: str) -> None:
    if target in moves.get(source, frozenset()):
        check_transition(what="It", moves=moves, source=source, target=target)
        return
    with pytest.raises(Conflict) as refused:
        check_transition(what="It", moves=moves, source=source, target=target)
    assert refused.value.code == "bad_transition"
    assert source in refused.value.message


@pytest.mark.parametrize("final", [OrderStatus.CANCELLED, OrderStatus.FULFILLED])
def test_a_closed_order_is_final(final: str) -> None:
    assert final not in ORDER_MOVES
