"""Which options people take: counted from the newest revision of every saved design."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from design.models import Product
from design.rules import flat_document
from design.selectors.texts import ProductTexts

# One statement for all options: each answer of a selection is a row, a multi-select one a row an
# option.
_COUNT = """
    WITH newest AS (
        SELECT DISTINCT ON (r.design_id) r.design_id, r.selection
        FROM design_designrevision r JOIN design_design d ON d.id = r.design_id
        WHERE d.product_id = %s
        ORDER BY r.design_id, r.number DESC
    ), answers AS (
        SELECT e.key AS feature, o.value #>> '{}' AS answer
        FROM newest, jsonb_each(newest.selection) e,
             jsonb_array_elements(
                 CASE WHEN jsonb_typeof(e.value) = 'array' THEN e.value
                      ELSE jsonb_build_array(e.value) END
             ) o
    )
    SELECT '' AS feature, '' AS answer, count(*) FROM newest
    UNION ALL
    SELECT feature, answer, count(*) FROM answers WHERE feature = ANY(%s) GROUP BY 1, 2
"""
COUNTED = ("choice", "multi")


@dataclass(frozen=True, slots=True)
class OptionTaken:
    option: str
    name: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class FeatureTaken:
    """How often each option of a feature is in a saved design, or an ordered unit.

    Attributes:
        never: Options nobody ever took; empty while there is nothing to count.
    """

    feature: str
    name: str
    options: tuple[OptionTaken, ...]
    never: tuple[str, ...]


def taken_options(product: Product, texts: ProductTexts) -> tuple[int, list[FeatureTaken]]:
    """How many designs there are, and what each option's share is; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [product.pk, [f["id"] for f in counted_features(product)]])
        counts = {(feature, answer): count for feature, answer, count in cursor.fetchall()}
    return rates(product, texts, counts)


def counted_features(product: Product) -> list[Mapping[str, Any]]:
    """Flat: a component is taken or not, and what is inside it is counted like the rest."""
    document = flat_document(product.published_offer.document) if product.published_offer else {}
    return [f for f in document.get("features", ()) if f["kind"] in COUNTED]


def rates(
    product: Product, texts: ProductTexts, counts: Mapping[tuple[str, str], int]
) -> tuple[int, list[FeatureTaken]]:
    """Shares from numbers by (feature, option); how many there are in all stands at ("", "")."""
    total = counts.get(("", ""), 0)
    return total, [_taken(feature, counts, total, texts) for feature in counted_features(product)]


def _taken(
    feature: Mapping[str, Any],
    counts: Mapping[tuple[str, str], int],
    total: int,
    texts: ProductTexts,
) -> FeatureTaken:
    name = feature["id"]
    options = tuple(
        OptionTaken(
            option,
            texts.option(name, option),
            counts.get((name, option), 0),
            round(100 * counts.get((name, option), 0) / total) if total else 0,
        )
        for option in _options(feature)
    )
    never = tuple(one.name for one in options if total and not one.count)
    return FeatureTaken(name, texts.feature(name), options, never)


def _options(feature: Mapping[str, Any]) -> Iterable[str]:
    own = [str(option["id"]) for option in feature["options"]]
    return ["none", *own] if feature.get("optional") and "none" not in own else own
