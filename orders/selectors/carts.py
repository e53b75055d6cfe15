"""A cart as pages show it: priced and promised now, never from memory."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Coalesce

from cosmo.accounts.models import User
from cosmo.lib.ports import Promise
from design.compile import CompiledOffer, compiled_offer, selection_from_json
from design.models import DesignRevision
from design.rules import Selection
from design.selectors.configured import Price, price_of
from design.selectors.moved_on import MovedOn, moved_on
from design.selectors.pictures import elevation, facts
from design.selectors.promises import inquire
from design.selectors.studio import line_name
from design.selectors.texts import ProductTexts, texts_in
from orders.models import Cart, CartLine
from orders.totals import Totals, line_amounts, totals

SESSION_CART = "cart"  # public id of the cart of a visitor who has not signed in


@dataclass(frozen=True, slots=True)
class CartItem:
    """One line, ready to be shown.

    Attributes:
        moved: What the catalogue has done to the design since; such a line waits for an answer.
    """

    line_id: UUID
    revision: DesignRevision
    quantity: int
    name: str
    design_name: str
    facts: list[tuple[str, str]]
    picture: str
    price: Price
    gross: Decimal
    promise_date: date | None
    refusal: str
    is_outdated: bool
    moved: MovedOn | None = None
    price_lines: tuple[tuple[str, Decimal], ...] = ()
    promise: Promise | None = None

    @property
    def said_date(self) -> date | None:
        """The day that was said when the design was saved, where it is another one now."""
        said = self.revision.said_date
        return said if said and self.promise_date and said != self.promise_date else None


@dataclass(frozen=True, slots=True)
class CartView:
    items: list[CartItem]
    sums: Totals
    currency: str
    tax_percent: Decimal
    promise_date: date | None

    @property
    def change_until(self) -> datetime | None:
        """Plant time before which no work on any of it begins; None where a plant says nothing."""
        said = [item.promise.change_until if item.promise else None for item in self.items]
        return min((at for at in said if at), default=None) if all(said) else None

    @property
    def zone(self) -> str:
        return str(settings.COSMO_SELLER_ZONE)

    @property
    def can_be_ordered(self) -> bool:
        return bool(self.items) and not any(i.refusal or i.is_outdated for i in self.items)


def units_in_cart(*, user: User | None, public_id: str | None) -> int:
    """How many units wait in the visitor's cart; one statement, none where there can be no cart."""
    if user is not None:
        lines = CartLine.objects.filter(cart__user=user)
    elif public_id:
        lines = CartLine.objects.filter(cart__public_id=public_id, cart__user=None)
    else:
        return 0
    return int(lines.aggregate(units=Coalesce(Sum("quantity"), 0))["units"])


def cart_lines(cart: Cart) -> list[CartLine]:
    return list(
        cart.lines.select_related(
            "revision__offer", "revision__design__product__published_texts"
        ).order_by("id")
    )


def find_line(cart: Cart, line_id: UUID) -> CartLine | None:
    """A line with its revision as ``moved_on`` wants it."""
    return (
        cart.lines.filter(public_id=line_id)
        .select_related("revision__offer", "revision__design__product__published_texts")
        .first()
    )


def view_cart(lines: list[CartLine], language: str) -> CartView:
    """Every line with picture, price and date of now; a line that cannot be made says why."""
    items = [_item(line, language) for line in lines]
    amounts = [
        line_amounts(
            unit_price=item.price.total,
            quantity=item.quantity,
            tax_percent=item.price.tax_percent,
            currency=item.price.currency,
        )
        for item in items
    ]
    dates = [item.promise_date for item in items if item.promise_date]
    return CartView(
        items=items,
        sums=totals(amounts),
        currency=items[0].price.currency if items else "EUR",
        tax_percent=items[0].price.tax_percent if items else Decimal(0),
        promise_date=max(dates) if dates and len(dates) == len(items) else None,
    )


def _item(line: CartLine, language: str) -> CartItem:
    revision = line.revision
    product = revision.design.product
    assert product.published_texts is not None  # noqa: S101 - sold products have texts
    texts = texts_in(product.published_texts, language)
    compiled = compiled_offer(revision.offer)
    selection = selection_from_json(revision.selection)
    price = price_of(compiled, selection)
    moved = moved_on(revision)
    promise, refusal = (None, "")
    if moved is None:
        promise, refusal = inquire(revision.offer, selection, quantity=line.quantity)
    return CartItem(
        line_id=line.public_id,
        revision=revision,
        quantity=line.quantity,
        name=texts.product_name,
        design_name=revision.design.name,
        facts=chosen_facts(compiled, texts, selection),
        picture=elevation(compiled, texts, selection),
        price=price,
        gross=price.total * line.quantity,
        promise_date=promise.date if promise else None,
        refusal=refusal,
        is_outdated=moved is not None,
        moved=moved,
        promise=promise,
        price_lines=tuple(
            (line_name(compiled, texts, selection, one.id, one.feature), one.amount)
            for one in price.lines
        ),
    )


def chosen_facts(
    compiled: CompiledOffer, texts: ProductTexts, selection: Selection
) -> list[tuple[str, str]]:
    """Features with an answer worth saying: what was left out needs no row."""
    answered = {
        feature["id"]
        for feature in compiled.document["features"]
        if selection.get(feature["id"]) not in ("none", "", (), [])
    }
    names = {texts.feature(feature_id) for feature_id in answered}
    return [(name, value) for name, value in facts(compiled, texts, selection) if name in names]
