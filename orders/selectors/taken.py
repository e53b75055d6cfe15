"""Which options people buy: counted from the units of orders that stand."""

from django.db import connection

from design.models import Product
from design.selectors.take_rate import FeatureTaken, counted_features, rates
from design.selectors.texts import ProductTexts
from orders.lifecycle import OrderStatus

# One statement for all options, as for saved designs; a line counts once for each of its units.
_COUNT = """
    WITH sold AS (
        SELECT l.selection, l.quantity
        FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE l.product_id = %s AND o.status = ANY(%s) AND l.cancelled_at IS NULL
    ), answers AS (
        SELECT e.key AS feature, a.value #>> '{}' AS answer, sold.quantity
        FROM sold, jsonb_each(sold.selection) e,
             jsonb_array_elements(
                 CASE WHEN jsonb_typeof(e.value) = 'array' THEN e.value
                      ELSE jsonb_build_array(e.value) END
             ) a
    )
    SELECT '' AS feature, '' AS answer, coalesce(sum(quantity), 0) FROM sold
    UNION ALL
    SELECT feature, answer, sum(quantity) FROM answers WHERE feature = ANY(%s) GROUP BY 1, 2
"""
STANDING = [str(OrderStatus.CONFIRMED), str(OrderStatus.FULFILLED)]


def ordered_options(product: Product, texts: ProductTexts) -> tuple[int, list[FeatureTaken]]:
    """How many units were ordered, and what each option's share of them is; one statement."""
    names = [feature["id"] for feature in counted_features(product)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [product.pk, STANDING, names])
        counts = {(feature, answer): int(count) for feature, answer, count in cursor.fetchall()}
    return rates(product, texts, counts)
