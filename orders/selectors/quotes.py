"""A quoted order as a quote: what is kept until when, and what asking again would give."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cosmo.lib.clock import real_now
from cosmo.lib.money import PriceLine
from cosmo.lib.ports import promise_source
from design.compile import CompiledOffer, compiled_offer, selection_from_json
from design.models import Offer
from design.rules import Selection
from design.selectors.configured import price_of
from design.selectors.promises import inquire
from orders.lifecycle import OrderStatus
from orders.models import Order, OrderLine
from orders.selectors.agreed import terms_of
from orders.totals import LineAmounts, Totals, line_amounts, totals


@dataclass(frozen=True, slots=True)
class LineToday:
    """One line of a quote at today's offer; ``refusal`` where it cannot be had any more.

    Attributes:
        offer: Today's, which may be another than the line's.
        price_lines: Of one unit.
    """

    line: OrderLine
    offer: Offer
    unit_price: Decimal
    tax_percent: Decimal
    amounts: LineAmounts | None
    price_lines: tuple[PriceLine, ...] = ()
    promise_date: date | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """What the whole quote would be today."""

    lines: tuple[LineToday, ...]
    sums: Totals | None
    promise_date: date | None
    refusal: str = ""

    @property
    def can_be_had(self) -> bool:
        return self.sums is not None and self.promise_date is not None


def is_kept(order: Order) -> bool:
    """Whether the day that was said still has its capacity."""
    return order.status == OrderStatus.QUOTED and promise_source().is_held(order_id=order.pk)


def is_price_good(order: Order) -> bool:
    return order.price_until is None or order.price_until > real_now()


def ask_again(order: Order) -> AskedAgain:
    """Today's price and day of every line. Keeps nothing."""
    lines = tuple(
        _line_today(line)
        for line in order.lines.select_related(
            "offer", "order", "product__published_offer"
        ).order_by("position")
    )
    refusal = next((line.refusal for line in lines if line.refusal), "")
    amounts = [line.amounts for line in lines if line.amounts is not None]
    days = [line.promise_date for line in lines if line.promise_date is not None]
    is_whole = not refusal and len(amounts) == len(days) == len(lines)
    return AskedAgain(
        lines=lines,
        sums=totals(amounts) if is_whole else None,
        promise_date=max(days) if is_whole else None,
        refusal=refusal,
    )


def _line_today(line: OrderLine) -> LineToday:
    if terms_of(line) is not None:
        return _line_as_agreed(line)
    offer = line.product.published_offer or line.offer
    compiled = compiled_offer(offer)
    selection = selection_from_json(line.selection)
    if not _fits(compiled, selection):
        return LineToday(
            line,
            offer,
            Decimal(0),
            Decimal(0),
            None,
            refusal=_("Today's offer no longer has this design."),
        )
    price = price_of(compiled, selection)
    promise, refusal = inquire(offer, selection, quantity=line.quantity)
    return LineToday(
        line=line,
        offer=offer,
        unit_price=price.total,
        tax_percent=price.tax_percent,
        amounts=line_amounts(
            unit_price=price.total,
            quantity=line.quantity,
            tax_percent=price.tax_percent,
            currency=price.currency,
        ),
        price_lines=price.lines,
        promise_date=promise.date if promise else None,
        refusal=refusal,
    )


def _line_as_agreed(line: OrderLine) -> LineToday:
    """A campaign's price holds although the catalogue moved on; the day is today's."""
    selection = selection_from_json(line.selection)
    promise, refusal = inquire(line.offer, selection, quantity=line.quantity)
    return LineToday(
        line=line,
        offer=line.offer,
        unit_price=line.unit_price,
        tax_percent=line.tax_percent,
        amounts=line_amounts(
            unit_price=line.unit_price,
            quantity=line.quantity,
            tax_percent=line.tax_percent,
            currency=line.order.currency,
        ),
        price_lines=tuple(
            PriceLine(one["id"], one["feature"], Decimal(one["amount"])) for one in line.price_lines
        ),
        promise_date=promise.date if promise else None,
        refusal=refusal,
    )


def _fits(compiled: CompiledOffer, selection: Selection) -> bool:
    """Whether the offer of today still knows every answer and allows them together."""
    if set(selection) != set(compiled.model.by_id):
        return False
    try:
        is_valid = compiled.engine.is_valid(selection)
    except (KeyError, ValueError):  # an option that was taken out of the offer
        return False
    return is_valid and not compiled.engine.violations(selection)
