"""The papers of an order: which there are, and what stands on those that came later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cosmo.lib.errors import NotFound, Sentence
from cosmo.lib.formats import format_day_year, format_money, format_number
from cosmo.lib.ports import parcel_desk
from orders.lifecycle import OrderStatus, PaymentStatus
from orders.models import Order, Unit
from orders.paper import Party, Row, Sheet, Sum
from orders.selectors.lines import LineView
from orders.selectors.papers import (
    Address,
    billed_to,
    country_name,
    invoice_sheet,
    order_address,
    paper_day,
    paper_notes,
    seller_lines,
)
from orders.totals import TaxPart, split_by_rate

BACK = (PaymentStatus.REFUNDING, PaymentStatus.REFUNDED)


@dataclass(frozen=True, slots=True)
class Document:
    """One paper: what it is called, its page and the same as PDF."""

    title: str
    number: str
    page: str
    pdf: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that goes back for an invoice. ``place`` counts from 1 within its order."""

    place: int
    number: str
    day: date
    amount: Decimal
    parts: tuple[TaxPart, ...]


def documents_of(order: Order) -> list[Document]:
    """In the order they came to be; ``order`` with its lines and units. Three statements."""
    if order.status == OrderStatus.QUOTED:
        return [_document(_("Quote"), order.number, "orders:quote", "orders:quote-pdf", order)]
    if order.confirmed_at is None:
        return []
    found = [
        _document(
            _("Order confirmation"),
            order.number,
            "account:confirmation",
            "account:confirmation-pdf",
            order,
        ),
        _document(_("Invoice"), order.number, "orders:invoice", "orders:invoice-pdf", order),
    ]
    for credit in credits_of(order):
        args = [order.public_id, credit.place]
        page, pdf = reverse("account:credit", args=args), reverse("account:credit-pdf", args=args)
        found.append(Document(_("Credit note"), credit.number, page, pdf))
    sent = parcel_desk().sent_units(order_ids=[order.pk])
    for unit in (unit for line in order.lines.all() for unit in line.units.all()):
        if unit.pk in sent:
            args = [unit.public_id]
            page = reverse("production:delivery-note", args=args)
            pdf = reverse("production:delivery-note-pdf", args=args)
            found.append(Document(_("Delivery note"), unit.serial, page, pdf))
    return found


def _document(title: str, number: str, page: str, pdf: str, order: Order) -> Document:
    args = [order.public_id]
    return Document(title, number, reverse(page, args=args), reverse(pdf, args=args))


def credits_of(order: Order) -> list[Credit]:
    """Every amount that went back, or is about to, oldest first; three statements."""
    found: list[tuple[date, int, Decimal, Decimal | None]] = []
    for payment in order.payments.prefetch_related("refunds").order_by("id"):
        parts = list(payment.refunds.all())
        found += [(paper_day(one.created_at), one.pk, one.amount, one.tax_percent) for one in parts]
        rest = payment.amount - sum((part.amount for part in parts), Decimal(0))
        if payment.status in BACK and rest > 0:
            settled = payment.settled_at or payment.created_at
            found.append((paper_day(settled), payment.pk, rest, None))
    if not found:
        return []
    left = _sold_by_rate(order)
    for _day, _pk, amount, percent in found:
        if percent is not None:
            left[percent] = left.get(percent, Decimal(0)) - amount
    return [
        Credit(place, f"{order.number}-R{place}", day, amount, _taxed(amount, percent, left, order))
        for place, (day, _pk, amount, percent) in enumerate(
            sorted(found, key=lambda one: one[:3]), start=1
        )
    ]


def _sold_by_rate(order: Order) -> dict[Decimal, Decimal]:
    """What the invoice said at each rate, with what was cancelled since."""
    sold: dict[Decimal, Decimal] = {}
    for line in order.lines.all():
        gross = line.unit_price * line.quantity
        sold[line.tax_percent] = sold.get(line.tax_percent, Decimal(0)) + gross
    return sold


def _taxed(
    amount: Decimal, percent: Decimal | None, left: Mapping[Decimal, Decimal], order: Order
) -> tuple[TaxPart, ...]:
    """At the rate of what it is for; else in proportion to what is left of the order."""
    highest = max(left, default=Decimal(0))
    if percent is not None:
        return split_by_rate(amount, {percent: amount}, order.currency)
    is_something = any(one > 0 for one in left.values())
    return split_by_rate(amount, left if is_something else {highest: amount}, order.currency)


def credit_of(order: Order, place: int) -> Credit:
    """
    Raises:
        NotFound: ``unknown_credit``.
    """
    found = next((one for one in credits_of(order) if one.place == place), None)
    if found is None or order.confirmed_at is None:
        raise NotFound("unknown_credit", Sentence("There is no such credit note of this order."))
    return found


def confirmation_sheet(order: Order, lines: Iterable[LineView]) -> Sheet:
    """What was agreed, as it stands now."""
    sheet = invoice_sheet(order, lines)
    return Sheet(
        language=sheet.language,
        title=_("Order confirmation"),
        number=sheet.number,
        parties=[*sheet.parties, Party(_("Goes to"), order_address(order))],
        facts=sheet.facts,
        headings=sheet.headings,
        rows=sheet.rows,
        sums=sheet.sums,
        notes=paper_notes(_("We make it to your own design and keep the day that is said above.")),
    )


def credit_sheet(order: Order, credit: Credit) -> Sheet:
    """What goes back of an invoice, with the VAT in it."""
    name = _("Money back for order %(number)s") % {"number": order.number}
    net = sum((part.net for part in credit.parts), Decimal(0))
    tax = sum((part.tax for part in credit.parts), Decimal(0))
    return Sheet(
        language=get_language() or "en",
        title=_("Credit note"),
        number=credit.number,
        parties=[_seller(order), Party(_("Sold to"), billed_to(order))],
        facts=[
            (_("Date"), format_day_year(credit.day)),
            (_("For invoice"), order.number),
        ],
        headings=(_("What"), _("Quantity"), _("Each"), _("VAT"), _("Amount")),
        rows=[
            Row(
                name=name,
                notes=[],
                quantity=format_number(1),
                each=format_money(part.gross, order.currency),
                tax=f"{format_number(part.percent.normalize())} %",
                amount=format_money(part.gross, order.currency),
            )
            for part in credit.parts
        ],
        sums=[
            Sum(_("Without VAT"), format_money(net, order.currency)),
            Sum(_("VAT"), format_money(tax, order.currency)),
            Sum(_("Total"), format_money(credit.amount, order.currency), is_total=True),
        ],
        notes=paper_notes(_("It goes back the way it was paid.")),
    )


def delivery_sheet(
    order: Order, view: LineView, unit: Unit, *, to: Address, facts: list[tuple[str, str]]
) -> Sheet:
    """What lies in a parcel; no amounts."""
    return Sheet(
        language=get_language() or "en",
        title=_("Delivery note"),
        number=unit.serial,
        parties=[_seller(order), Party(_("Goes to"), to)],
        facts=[(_("Order"), order.number), *facts],
        headings=(_("What"), "", "", "", _("Quantity")),
        rows=[
            Row(
                name=view.name,
                notes=[
                    f"{_('Serial')}: {unit.serial}",
                    *(f"{name}: {value}" for name, value in view.facts),
                ],
                quantity="",
                each="",
                tax="",
                amount=format_number(1),
            )
        ],
        sums=[],
        notes=paper_notes(),
    )


def written_address(kept: dict[str, str]) -> Address:
    """The lines of an address that a parcel or a change keeps."""
    return [
        kept.get("name", ""),
        kept.get("street", ""),
        f"{kept.get('postal_code', '')} {kept.get('city', '')}",
        country_name(kept.get("country", "")),
    ]


def _seller(order: Order) -> Party:
    return Party(_("Sold by"), seller_lines(order))
