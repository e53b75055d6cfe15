"""Single units of a confirmed order: apart from their line, cancelled, and what the rest costs."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Sentence
from cosmo.lib.ports import promise_source
from orders.lifecycle import OrderStatus
from orders.models import Order, OrderLine, Unit
from orders.services.confirmation import cancel_order, drop_changes, live_units, lock_order
from orders.services.mail import queue_mail
from orders.services.refunds import want_part_refund
from orders.totals import LineAmounts, line_amounts, totals


@transaction.atomic
def cancel_unit(*, unit_id: int, reason: str, even_if_begun: bool = False) -> Order:
    """One unit is not made after all; its money goes back. The last one takes the order along.

    Safe to repeat.

    Raises:
        DomainError: the order is not confirmed (``not_confirmed``), ``already_in_production``,
            ``already_made``.
    """
    unit = lock_unit(unit_id)
    order = unit.line.order
    if unit.line.is_cancelled or order.status == OrderStatus.CANCELLED:
        return order
    if live_units(order) == [unit.pk]:
        return cancel_order(order_id=order.pk, reason=reason, even_if_begun=even_if_begun)
    check_confirmed(order)
    promise_source().withdraw(unit_ids=[unit.pk], even_if_begun=even_if_begun)
    drop_changes(unit_ids=[unit.pk], reason="unit_cancelled")
    line = own_line(unit)
    line.cancelled_at = real_now()
    line.save(update_fields=["cancelled_at"])
    count_totals(order)
    want_part_refund(
        order=order,
        key=f"unit-{unit.public_id}",
        amount=line.unit_price,
        tax_percent=line.tax_percent,
    )
    queue_mail(order=order, letter="unit_cancelled", serial=unit.serial, reason=reason)
    return order


def lock_unit(unit_id: int) -> Unit:
    """The unit with its line and order, the order's row locked."""
    lock_order(Unit.objects.values_list("line__order_id", flat=True).get(pk=unit_id))
    return Unit.objects.select_related("line__order", "line__offer", "line__revision").get(
        pk=unit_id
    )


def already_begun(serial: str) -> Conflict:
    """Why a unit stays as it is: ``already_in_production``."""
    return Conflict(
        "already_in_production",
        Sentence(
            "Work on unit %(serial)s has begun and it is made to your design, so it can be "
            "neither cancelled nor changed here. Write to us and we will find a way."
        ),
        serial=serial,
    )


def check_confirmed(order: Order) -> None:
    if order.status != OrderStatus.CONFIRMED:
        raise Conflict(
            "not_confirmed",
            Sentence("Order %(order)s is not being made; its page says how it stands."),
            order=order.number,
        )


def own_line(unit: Unit) -> OrderLine:
    """The unit on a line of its own; where it shared one, the others keep theirs unchanged."""
    line = unit.line
    if line.quantity == 1:
        return line
    last = line.order.lines.aggregate(last=Max("position"))["last"]
    fresh = OrderLine.objects.get(pk=line.pk)
    fresh.pk, fresh.public_id = None, type(line)._meta.get_field("public_id").get_default()
    fresh._state.adding = True
    fresh.position, fresh.quantity = last + 1, 1
    fresh.tax = _amounts(fresh).tax
    fresh.save()
    line.quantity -= 1
    line.tax = _amounts(line).tax
    line.save(update_fields=["quantity", "tax"])
    unit.line, unit.position = fresh, 1
    unit.save(update_fields=["line", "position"])
    return fresh


def count_totals(order: Order) -> None:
    """The order's amounts and day from the lines that are still to be delivered."""
    lines = list(order.lines.filter(cancelled_at=None))
    sums = totals([_amounts(line) for line in lines])
    order.total, order.tax_total = sums.gross, sums.tax
    order.promise_date = max(line.promise_date for line in lines)
    order.save(update_fields=["total", "tax_total", "promise_date"])


def write_price(line: OrderLine, *, unit_price: Decimal, price_lines: list[dict[str, str]]) -> None:
    line.unit_price, line.price_lines = unit_price, price_lines
    line.tax = _amounts(line).tax


def _amounts(line: OrderLine) -> LineAmounts:
    return line_amounts(
        unit_price=line.unit_price,
        quantity=line.quantity,
        tax_percent=line.tax_percent,
        currency=line.order.currency,
    )
