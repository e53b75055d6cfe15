"""What is on offer now."""

from django.db.models import QuerySet

from cosmo.lib.errors import NotFound, Sentence
from design.models import Product


def published_products() -> QuerySet[Product]:
    """Products anybody may see and buy, with their offer and texts; one statement."""
    return (
        Product.objects.filter(published_offer__isnull=False, published_texts__isnull=False)
        .select_related("published_offer", "published_texts", "organisation")
        .order_by("created_at", "id")
    )


def access_product(slug: str) -> Product:
    """The published product called ``slug``.

    Raises:
        DomainError: there is none (``unknown_product``).
    """
    # A process knows the documents it has met; they are fetched where it has not.
    offers = published_products().defer("published_offer__document", "published_texts__document")
    product = offers.filter(slug=slug).first()
    if product is None:
        raise NotFound(
            "unknown_product", Sentence("There is no product called “%(product)s”."), product=slug
        )
    return product
