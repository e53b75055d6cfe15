"""What a person finds at the shelf: broken, lost, more than the books say."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.errors import Conflict, Invalid, Sentence
from production.lifecycle import ReservationStatus, StockMoveKind
from production.locks import plant_lock
from production.models import Reservation, Stock
from production.services.materials.ledger import Change, make_changes, write_moves
from production.services.materials.settling import settle


@transaction.atomic
def scrap(*, stock_id: int, quantity: Decimal, reason: str, user: User | None = None) -> None:
    """Take what is broken out of stock. If it was kept for somebody, those whose units are due last
    wait for more.

    Raises:
        Invalid: nothing is to be scrapped (``bad_quantity``) or no reason is given (``no_reason``).
        Conflict: there is not as much (``stock_short``).
    """
    _take_out(stock_id, quantity, StockMoveKind.SCRAP, reason, user)


@transaction.atomic
def adjust(*, stock_id: int, change: Decimal, reason: str, user: User | None = None) -> None:
    """Bring the books to what was counted, by ``change`` up or down.

    Raises:
        Invalid, Conflict: as ``scrap``.
    """
    if change < 0:
        _take_out(stock_id, -change, StockMoveKind.ADJUSTMENT, reason, user)
        return
    stock = _lock(stock_id)
    _check(change, reason)
    at = stock.plant.clock.now()
    found = [Change(stock_id, StockMoveKind.ADJUSTMENT, on_hand=change)]
    make_changes(found)
    write_moves(stock.plant_id, found, at=at, reason=reason, user=user)
    settle(plant_id=stock.plant_id, at=at, stock_ids={stock_id})


def make_room(
    stock_id: int, quantity: Decimal, *, plant_id: int, at: datetime, counts_in: bool = False
) -> None:
    """See that ``quantity`` is free: claims whose units are due last wait instead. With
    ``counts_in`` what stock does not have at all is counted in. Under the plant's lock.
    """
    stock = Stock.objects.get(pk=stock_id)
    free = stock.on_hand - stock.held - stock.reserved
    changes = []
    covered = Reservation.objects.filter(
        stock_id=stock_id,
        status__in=[ReservationStatus.HELD, ReservationStatus.CONFIRMED],
        is_covered=True,
    )
    displaced = []
    for claim in covered.order_by("-due_at", "-pk"):
        if free >= quantity:
            break
        displaced.append(claim.pk)
        changes.append(_put_back(claim))
        free += claim.quantity
    if counts_in and free < quantity:
        changes.append(Change(stock_id, StockMoveKind.ADJUSTMENT, on_hand=quantity - free))
    make_changes(changes)
    Reservation.objects.filter(pk__in=displaced).update(is_covered=False, available_at=at)
    write_moves(plant_id, changes, at=at, reason="needed elsewhere")


def _put_back(claim: Reservation) -> Change:
    is_held = claim.status == ReservationStatus.HELD
    return Change(
        claim.stock_id,
        StockMoveKind.RELEASE,
        held=-claim.quantity if is_held else Decimal(0),
        reserved=Decimal(0) if is_held else -claim.quantity,
        awaited=claim.quantity,
        unit_id=claim.unit_id,
    )


def _take_out(
    stock_id: int, quantity: Decimal, kind: StockMoveKind, reason: str, user: User | None
) -> None:
    stock = _lock(stock_id)
    _check(quantity, reason)
    if stock.on_hand < quantity:
        raise Conflict(
            "stock_short",
            Sentence(
                "There are %(on_hand)s of %(component)s in stock, so %(quantity)s cannot be taken "
                "out. Say %(on_hand)s or less."
            ),
            on_hand=str(stock.on_hand.normalize()),
            component=stock.component.code,
            quantity=str(quantity.normalize()),
        )
    at = stock.plant.clock.now()
    make_room(stock_id, quantity, plant_id=stock.plant_id, at=at)
    taken = [Change(stock_id, kind, on_hand=-quantity)]
    make_changes(taken)
    write_moves(stock.plant_id, taken, at=at, reason=reason, user=user)
    settle(plant_id=stock.plant_id, at=at, stock_ids={stock_id})


def _lock(stock_id: int) -> Stock:
    """The stock as it is under the plant's lock."""
    plant_lock(Stock.objects.values_list("plant_id", flat=True).get(pk=stock_id))
    return (
        Stock.objects.select_related("plant", "component").defer("plant__document").get(pk=stock_id)
    )


def _check(quantity: Decimal, reason: str) -> None:
    if quantity <= 0:
        raise Invalid(
            "bad_quantity",
            Sentence("%(quantity)s is no quantity. Say more than 0."),
            quantity=str(quantity),
        )
    if not reason.strip():
        raise Invalid("no_reason", Sentence("Say why, so that others understand the stock."))
