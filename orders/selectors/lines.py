"""An order's line as pages and papers show it, in the reader's language."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from design.compile import compiled_offer, selection_from_json
from design.selectors.pictures import elevation
from design.selectors.studio import line_name
from design.selectors.texts import texts_in
from orders.models import OrderLine
from orders.selectors.carts import chosen_facts
from orders.totals import REBATE


@dataclass(frozen=True, slots=True)
class LineView:
    """``price_lines`` are of one unit, without those that come to nothing."""

    line: OrderLine
    name: str
    facts: list[tuple[str, str]]
    picture: str
    gross: Decimal
    net: Decimal
    price_lines: list[tuple[str, Decimal]]


def view_line(line: OrderLine) -> LineView:
    texts = texts_in(line.texts, get_language() or "en")
    compiled = compiled_offer(line.offer)
    selection = selection_from_json(line.selection)
    gross = line.unit_price * line.quantity
    return LineView(
        line=line,
        name=texts.product_name,
        facts=chosen_facts(compiled, texts, selection),
        picture=elevation(compiled, texts, selection),
        gross=gross,
        net=gross - line.tax,
        price_lines=[
            (
                (_("Campaign rebate") if line.unit_price else _("Replacement, nothing to pay"))
                if entry["id"] == REBATE
                else line_name(compiled, texts, selection, entry["id"], entry["feature"]),
                amount,
            )
            for entry in line.price_lines
            if (amount := Decimal(entry["amount"]))
        ],
    )
