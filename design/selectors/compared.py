"""Designs side by side: two to four columns, a row a question.

Products differ in what they ask, so each stands with its own questions; price, day and size are
asked of all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cosmo.lib.errors import DomainError
from cosmo.lib.ports import Promise
from design.compile import CompiledOffer, compiled_offer
from design.models import Design, DesignRevision, Offer, Product, TextBundle
from design.rules import Selection
from design.selectors.catalogue import access_product
from design.selectors.configured import Price, configure
from design.selectors.design_access import Reader
from design.selectors.designs import revision_by_code
from design.selectors.pictures import elevation
from design.selectors.promises import inquire
from design.selectors.saved import Fact, facts_of, versions_of, view_saved
from design.selectors.studio import state_address
from design.selectors.studio_state import LONGEST_ADDRESS, read_state
from design.selectors.texts import texts_in

MOST = 4
CODE_IN_LINK = re.compile(r"/d/([a-z0-9]{4,16})")
LISTED = 12  # saved designs that are offered for choosing


@dataclass(frozen=True, slots=True)
class Column:
    """One design. ``key`` is what the address calls it.

    Attributes:
        revision: None for what is in the studio and not saved.
        measures: Outer width, height and depth, mm.
        address: The studio's query that starts from it.
    """

    key: str
    name: str
    product: Product
    product_name: str
    revision: DesignRevision | None
    facts: tuple[Fact, ...]
    picture: str
    measures: tuple[Decimal, Decimal, Decimal]
    price: Price
    promise: Promise | None
    refusal: str
    address: str
    withholds: bool = False
    is_outdated: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a product, with the answer of each of its designs.

    Attributes:
        answers: In words; "" where the question does not arise.
        said: The same beyond all languages: two answers may share a word and be two all the same.
    """

    feature_id: str
    name: str
    answers: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.said)) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """The designs of one product, with the questions of that product."""

    product: Product
    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def answers(self) -> int:
        """How many answers lie beside another one; none where a design is alone."""
        return len(self.rows) if len(self.columns) > 1 else 0

    @property
    def differences(self) -> int:
        return sum(row.differs for row in self.rows)


@dataclass(frozen=True, slots=True)
class Compared:
    """``groups`` in the order in which their products were asked for."""

    groups: tuple[Group, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(column for group in self.groups for column in group.columns)

    @property
    def is_mixed(self) -> bool:
        return len(self.groups) > 1

    @property
    def answers(self) -> int:
        return sum(group.answers for group in self.groups)

    @property
    def differences(self) -> int:
        return sum(group.differences for group in self.groups)


def compare(reader: Reader, keys: Sequence[str], here: str) -> Compared:
    """The designs named by ``keys`` ("code" or "code.2") and what is ``here`` in the studio.

    A name that leads nowhere is left out: a typed address shows what there is.
    """
    asked = [here_column(here) if here else None]
    asked += [_column(reader, key) for key in dict.fromkeys(keys)]
    found = [column for column in asked if column is not None][:MOST]
    by_product: dict[int, list[Column]] = {}
    for column in found:
        by_product.setdefault(column.product.pk, []).append(column)
    return Compared(tuple(_group(columns) for columns in by_product.values()))


def _group(columns: Sequence[Column]) -> Group:
    first = columns[0]
    return Group(first.product, first.product_name, tuple(columns), _rows(columns))


def _rows(columns: Sequence[Column]) -> tuple[Row, ...]:
    """By the ids of the product: names are words, and two questions may share theirs."""
    facts = [{fact.feature_id: fact for fact in column.facts} for column in columns]
    names = {fact.feature_id: fact.name for column in columns for fact in column.facts}
    return tuple(
        Row(
            feature_id=feature_id,
            name=name,
            answers=tuple(one[feature_id].answer if feature_id in one else "" for one in facts),
            said=tuple(one[feature_id].said if feature_id in one else "" for one in facts),
        )
        for feature_id, name in names.items()
    )


def revision_of_key(key: str) -> DesignRevision | None:
    """``code`` is the newest version, ``code.2`` the second; a whole link does, too."""
    link = CODE_IN_LINK.search(key[:300])
    code, _dot, number = (link.group(1) if link else key.strip()[:40]).partition(".")
    try:
        newest = revision_by_code(code)
    except DomainError:
        return None
    if not (number.isascii() and number.isdigit()) or int(number) == newest.number:
        return newest
    return versions_of(newest.design).filter(number=int(number[:6])).first()


def _column(reader: Reader, key: str) -> Column | None:
    revision = revision_of_key(key)
    if revision is None:
        return None
    saved = view_saved(revision, with_words=reader.may_read(revision.design))
    name = saved.name
    if saved.version_name:
        name = f"{name}: {saved.version_name}"
    elif "." in key:
        name = _("%(name)s, version %(number)s") % {"name": name, "number": revision.number}
    return Column(
        key=key,
        name=name,
        product=revision.design.product,
        product_name=saved.product_name,
        revision=revision,
        facts=saved.facts,
        picture=saved.picture,
        measures=_measures(compiled_offer(revision.offer), saved.selection),
        price=saved.price,
        promise=saved.promise,
        refusal=saved.refusal,
        address=saved.address,
        withholds=saved.withholds,
        is_outdated=saved.is_outdated,
    )


def here_column(here: str) -> Column | None:
    """What is in the studio now: ``stool?size=large``."""
    slug, _mark, query = here[: LONGEST_ADDRESS + 60].partition("?")
    try:
        product = access_product(slug)
    except DomainError:
        return None
    offer, bundle = product.published_offer, product.published_texts
    assert isinstance(offer, Offer)  # noqa: S101 - access_product finds published ones only
    assert isinstance(bundle, TextBundle)  # noqa: S101
    compiled, texts = compiled_offer(offer), texts_in(bundle, get_language() or "en")
    state = read_state(compiled, QueryDict(query))
    configured = configure(compiled, state.choices, prefer=state.prefer)
    promise, refusal = inquire(offer, configured.selection)
    return Column(
        key="",
        name=_("In the studio now"),
        product=product,
        product_name=texts.product_name,
        revision=None,
        facts=facts_of(compiled, texts, configured.selection),
        picture=elevation(compiled, texts, configured.selection),
        measures=_measures(compiled, configured.selection),
        price=configured.price,
        promise=promise,
        refusal=refusal,
        address=state_address(compiled, configured),
    )


def _measures(compiled: CompiledOffer, selection: Selection) -> tuple[Decimal, Decimal, Decimal]:
    bounds = compiled.shape_book.bounds(compiled.scope(selection))
    return bounds.width, bounds.height, bounds.depth


def comparable(reader: Reader) -> list[Design]:
    """The reader's own designs, newest first, to choose from."""
    own = Design.objects.filter(code__in=reader.saved, owner=None, partner=None)
    if reader.user is not None:
        own = own | Design.objects.filter(owner=reader.user)
    return list(own.select_related("product__published_texts").order_by("-id")[:LISTED])
