"""Orders as sheets of paper, in the reader's language."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cosmo.lib.formats import format_day_year, format_moment, format_money, format_number
from orders.models import Order, OrderLine
from orders.paper import Party, Row, Sheet, Sum
from orders.selectors.lines import LineView
from orders.selectors.quotes import is_kept

Address = list[str]


def quote_sheet(order: Order, lines: Iterable[LineView]) -> Sheet:
    """A quoted order: what, at which price, by when, and until when that holds."""
    facts = [
        (_("Date"), format_day_year(paper_day(order.created_at))),
        (_("Day of delivery"), format_day_year(order.promise_date)),
    ]
    if is_kept(order) and order.held_until is not None:
        facts.append((_("Capacity kept until"), format_moment(order.held_until, seller_zone())))
    else:
        facts.append((_("Capacity kept until"), _("The time is over; ask again.")))
    if order.price_until is not None:
        facts.append((_("Price good until"), format_moment(order.price_until, seller_zone())))
    return _sheet(
        order,
        lines,
        title=_("Quote"),
        facts=facts,
        notes=[
            _("Delivery is included. What you order is made to your own design."),
            _("We keep the day of delivery while the capacity is kept; later we promise anew."),
        ],
    )


def invoice_sheet(order: Order, lines: Iterable[LineView]) -> Sheet:
    facts = [(_("Day of delivery"), format_day_year(order.promise_date))]
    if order.confirmed_at is not None:
        facts.insert(0, (_("Date"), format_day_year(paper_day(order.confirmed_at))))
    said = _("Payable on account.") if order.partner_id else _("Paid. Thank you.")
    return _sheet(order, lines, title=_("Invoice"), facts=facts, notes=[said])


def country_name(code: str) -> str:
    return str(settings.COSMO_SHIP_TO.get(code, code))


def order_address(order: Order) -> Address:
    """Where it goes now."""
    town = f"{order.postal_code} {order.city}"
    return [order.name, order.street, town, country_name(order.country)]


def billed_to(order: Order) -> Address:
    """Whom the invoice was written to: where a parcel goes may change later, an invoice not."""
    change = (
        order.address_changes.filter(created_at__gt=order.confirmed_at).order_by("id").first()
        if order.confirmed_at
        else None
    )
    if change is None:
        return order_address(order)
    before = change.before
    town = f"{before['postal_code']} {before['city']}"
    return [before["name"], before["street"], town, country_name(before["country"])]


def seller_lines(order: Order) -> Address:
    return [order.seller.name, *settings.COSMO_SELLER]


def seller_zone() -> ZoneInfo:
    return ZoneInfo(settings.COSMO_SELLER_ZONE)


def paper_day(moment: datetime) -> date:
    """The day that a paper of ``moment`` bears, on its page as on its PDF: the seller's day.

    A minute after midnight at New Year belongs to the new year where the seller keeps books,
    whatever the day is in UTC.
    """
    return moment.astimezone(seller_zone()).date()


def paper_notes(*said: str) -> list[str]:
    """What stands below the sums; in a demonstration also whose days the paper names."""
    if not settings.COSMO_DEMO:
        return list(said)
    # The sentence of partials/demo_clock.html: paper has no page around it that could say it.
    clocks = _(
        "In this demonstration the plant's time runs faster than a watch: days of making and "
        "delivery are the plant's, dates of papers the calendar's."
    )
    return [*said, clocks]


def _sheet(
    order: Order,
    lines: Iterable[LineView],
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    notes: Sequence[str],
) -> Sheet:
    return Sheet(
        language=get_language() or "en",
        title=title,
        number=order.number,
        parties=[
            Party(_("Sold by"), seller_lines(order)),
            Party(_("Sold to"), billed_to(order)),
        ],
        facts=facts,
        headings=(_("What"), _("Quantity"), _("Each"), _("VAT"), _("Amount")),
        rows=[_row(order, view) for view in lines if not view.line.is_cancelled],
        sums=[
            Sum(_("Without VAT"), format_money(order.total - order.tax_total, order.currency)),
            Sum(_("VAT"), format_money(order.tax_total, order.currency)),
            Sum(_("Total"), format_money(order.total, order.currency), is_total=True),
        ],
        notes=paper_notes(*notes),
    )


def _row(order: Order, view: LineView) -> Row:
    line: OrderLine = view.line
    serials = ", ".join(unit.serial for unit in line.units.all()) if order.confirmed_at else ""
    notes = [f"{name}: {format_money(amount, order.currency)}" for name, amount in view.price_lines]
    if not order.confirmed_at:
        notes = [*(f"{name}: {value}" for name, value in view.facts), *notes]
    return Row(
        name=view.name,
        notes=[*notes, serials] if serials else notes,
        quantity=format_number(line.quantity),
        each=format_money(line.unit_price, order.currency),
        tax=f"{format_number(_plain(line.tax_percent))} %",
        amount=format_money(view.gross, order.currency),
    )


def _plain(percent: Decimal) -> Decimal:
    """19 rather than 19.00."""
    return percent.normalize() if percent != percent.to_integral() else percent.to_integral()
