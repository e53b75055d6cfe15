"""What a campaign or a replacement agreed on, and what it means for another price of the line."""

from dataclasses import dataclass, replace
from decimal import Decimal

from cosmo.lib.money import PriceLine, round_money, tax_included
from design.selectors.configured import Price
from orders.models import OrderLine, Pledge
from orders.totals import REBATE


def with_rebate(price: Price, percent_off: Decimal) -> Price:
    """The price less so many percent, as a line of its own."""
    return _less(price, round_money(price.total * percent_off / 100, price.currency))


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed for a line.

    Attributes:
        percent_off: By a campaign: taken off anything.
        amount_off: Of a replacement, which is free up to what it replaces.
    """

    percent_off: Decimal = Decimal(0)
    amount_off: Decimal = Decimal(0)

    def on(self, price: Price) -> Price:
        """Another price of the line's, as agreed."""
        if self.percent_off:
            return with_rebate(price, self.percent_off)
        return _less(price, min(self.amount_off, price.total))


def terms_of(line: OrderLine) -> Terms | None:
    """None where the catalogue alone says the price; one statement."""
    pledge = Pledge.objects.select_related("campaign").filter(order=line.order_id).first()
    if pledge is not None:
        return Terms(percent_off=pledge.campaign.percent_off)
    rebate = _rebate(line)
    return Terms(amount_off=rebate) if rebate else None


def _rebate(line: OrderLine) -> Decimal:
    return sum(
        (-Decimal(one["amount"]) for one in line.price_lines if one["id"] == REBATE), Decimal(0)
    )


def _less(price: Price, off: Decimal) -> Price:
    if not off:
        return price
    total = price.total - off
    split = tax_included(total, price.tax_percent, price.currency)
    lines = (*price.lines, PriceLine(id=REBATE, feature=None, amount=-off))
    return replace(price, lines=lines, total=total, net=split.net, tax=split.tax)
