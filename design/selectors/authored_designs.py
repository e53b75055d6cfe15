"""Saved designs of a product, for its authors: the newest revision of each."""

from collections.abc import Sequence

from django.db.models import QuerySet

from design.models import Design, DesignRevision


def designs_after(product_id: int, cursor: int, count: int) -> Sequence[DesignRevision]:
    """The next designs by id, each with its newest revision; one statement."""
    return list(_newest(product_id).filter(design_id__gt=cursor)[:count])


def count_designs(product_id: int) -> int:
    return Design.objects.filter(product=product_id).count()


def _newest(product_id: int) -> QuerySet[DesignRevision]:
    return (
        DesignRevision.objects.filter(design__product=product_id)
        .select_related("offer")
        .defer("offer__document")
        .order_by("design_id", "-number")
        .distinct("design_id")
    )
