"""Ordering and receiving."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from cosmo.accounts.models import User
from cosmo.lib.errors import Conflict, Invalid, Sentence
from cosmo.lib.transitions import check_transition
from production.lifecycle import (
    PROPOSAL_MOVES,
    PURCHASE_MOVES,
    ProposalStatus,
    PurchaseStatus,
    StockMoveKind,
)
from production.locks import plant_lock
from production.models import PurchaseOrder, PurchaseProposal, Stock
from production.services.materials.ledger import (
    Change,
    make_changes,
    mark_material_changed,
    write_moves,
)
from production.services.materials.settling import settle


@transaction.atomic
def accept_proposal(
    *, proposal_id: int, expected_at: datetime | None = None, user: User | None = None
) -> PurchaseOrder:
    """Order what is proposed; expected after the component's lead time unless said.

    Raises:
        Conflict: it was accepted or dropped before (``bad_transition``).
    """
    plant_lock(PurchaseProposal.objects.values_list("plant_id", flat=True).get(pk=proposal_id))
    proposal = PurchaseProposal.objects.select_for_update(no_key=True).get(pk=proposal_id)
    check_transition(
        what=f"Proposal {proposal.public_id}",
        moves=PROPOSAL_MOVES,
        source=proposal.status,
        target=ProposalStatus.ACCEPTED,
    )
    proposal.status = ProposalStatus.ACCEPTED
    proposal.save(update_fields=["status"])
    return _order(proposal.stock_id, proposal.quantity, expected_at, user, proposal)


@transaction.atomic
def order_component(
    *,
    stock_id: int,
    quantity: Decimal,
    expected_at: datetime | None = None,
    user: User | None = None,
) -> PurchaseOrder:
    """Order without a proposal.

    Raises:
        Invalid: nothing is ordered (``bad_quantity``).
    """
    _check(quantity)
    plant_lock(Stock.objects.values_list("plant_id", flat=True).get(pk=stock_id))
    return _order(stock_id, quantity, expected_at, user, None)


@transaction.atomic
def receive(
    *, purchase_id: int, quantity: Decimal, user: User | None = None, reason: str = ""
) -> PurchaseOrder:
    """Put a delivery, whole or in part, into stock; who waits is served in the order of due dates.

    Raises:
        Invalid: nothing came (``bad_quantity``).
        Conflict: more than is still to come, or nothing is (``over_received``).
    """
    _check(quantity)
    plant_lock(PurchaseOrder.objects.values_list("plant_id", flat=True).get(pk=purchase_id))
    _count_in(purchase_id, quantity)
    purchase = _read(purchase_id)
    at = purchase.plant.clock.now()
    changes = [Change(purchase.stock_id, StockMoveKind.RECEIPT, on_hand=quantity)]
    make_changes(changes)
    write_moves(
        purchase.plant_id, changes, at=at, reason=reason, user=user, purchase_id=purchase_id
    )
    settle(plant_id=purchase.plant_id, at=at, stock_ids={purchase.stock_id})
    return purchase


@transaction.atomic
def postpone_purchase(
    *, purchase_id: int, expected_at: datetime, user: User | None = None
) -> PurchaseOrder:
    """The supplier named another day; units that wait for it get another release date.

    Raises:
        Conflict: it is no longer expected (``bad_transition``).
    """
    purchase = _lock_open(purchase_id, PurchaseStatus.RECEIVED)
    purchase.expected_at, purchase.user = expected_at, user or purchase.user
    purchase.save(update_fields=["expected_at", "user"])
    _follow(purchase)
    return purchase


@transaction.atomic
def cancel_purchase(*, purchase_id: int, user: User | None = None) -> PurchaseOrder:
    """The rest will not come.

    Raises:
        Conflict: it is no longer expected (``bad_transition``).
    """
    purchase = _lock_open(purchase_id, PurchaseStatus.CANCELLED)
    purchase.status, purchase.user = PurchaseStatus.CANCELLED, user or purchase.user
    purchase.save(update_fields=["status", "user"])
    _follow(purchase)
    return purchase


def _order(
    stock_id: int,
    quantity: Decimal,
    expected_at: datetime | None,
    user: User | None,
    proposal: PurchaseProposal | None,
) -> PurchaseOrder:
    stock = (
        Stock.objects.select_related("plant", "component").defer("plant__document").get(pk=stock_id)
    )
    now = stock.plant.clock.now()
    moment = expected_at or now + timedelta(days=stock.component.lead_time_days)
    purchase = PurchaseOrder.objects.create(
        plant_id=stock.plant_id,
        stock=stock,
        proposal=proposal,
        quantity=quantity,
        ordered_at=now,
        expected_at=moment,
        promised_at=moment,
        user=user,
    )
    mark_material_changed(stock.plant_id)
    settle(plant_id=stock.plant_id, at=now, stock_ids={stock_id})
    return purchase


def _count_in(purchase_id: int, quantity: Decimal) -> None:
    """By a conditional update: two receipts of the last piece cannot both be booked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE production_purchaseorder SET received = received + %(n)s,"
            " status = CASE WHEN received + %(n)s = quantity THEN 'received' ELSE status END"
            " WHERE id = %(id)s AND status = 'open' AND received + %(n)s <= quantity",
            {"n": quantity, "id": purchase_id},
        )
        if cursor.rowcount:
            return
    purchase = _read(purchase_id)
    is_open = purchase.status == PurchaseStatus.OPEN
    left = (purchase.quantity - purchase.received if is_open else Decimal(0)).normalize()
    raise Conflict(
        "over_received",
        Sentence(
            "%(quantity)s is more than the %(left)s that are still to come. Say %(left)s or less "
            "and count in the rest as found."
        ),
        quantity=str(quantity.normalize()),
        left=f"{left:f}",
    )


def _read(purchase_id: int) -> PurchaseOrder:
    return (
        PurchaseOrder.objects.select_related("plant").defer("plant__document").get(pk=purchase_id)
    )


def _lock_open(purchase_id: int, target: PurchaseStatus) -> PurchaseOrder:
    plant_lock(PurchaseOrder.objects.values_list("plant_id", flat=True).get(pk=purchase_id))
    purchase = _read(purchase_id)
    check_transition(
        what=f"Purchase {purchase.public_id}",
        moves=PURCHASE_MOVES,
        source=purchase.status,
        target=target,
    )
    return purchase


def _follow(purchase: PurchaseOrder) -> None:
    mark_material_changed(purchase.plant_id)
    settle(plant_id=purchase.plant_id, at=purchase.plant.clock.now(), stock_ids={purchase.stock_id})


def _check(quantity: Decimal) -> None:
    if quantity <= 0:
        raise Invalid(
            "bad_quantity",
            Sentence("%(quantity)s is no quantity. Say more than 0."),
            quantity=str(quantity),
        )
