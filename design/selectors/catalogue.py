"""What is on offer now."""

from django.db.models import QuerySet

from cosmo.accounts.models import Organisation
from cosmo.lib.errors import NotFound, Sentence
from cosmo.lib.joined import Joined
from design.models import Offer, Product, TextBundle

_PUBLISHED = Joined(
    {"product": Product, "offer": Offer, "texts": TextBundle, "organisation": Organisation},
    {
        "offer": "offer.id = product.published_offer_id",
        "texts": "texts.id = product.published_texts_id",
        "organisation": "organisation.id = product.organisation_id",
    },
)


def published_products() -> QuerySet[Product]:
    """Products anybody may see and buy, with their offer and texts; one statement."""
    return (
        Product.objects.filter(published_offer__isnull=False, published_texts__isnull=False)
        .select_related("published_offer", "published_texts", "organisation")
        .order_by("created_at", "id")
    )


def access_product(slug: str) -> Product:
    """The published product called ``slug``, with offer, texts and organisation; one statement.

    Raises:
        DomainError: there is none (``unknown_product``).
    """
    # A process knows the documents it has met; they are fetched where it has not.
    found = next(_PUBLISHED.where("product.slug = %s", [slug]), None)
    if found is None:
        raise NotFound(
            "unknown_product", Sentence("There is no product called “%(product)s”."), product=slug
        )
    product: Product = found[0]
    offer, texts, organisation = found[1:]
    product.published_offer, product.published_texts = offer, texts
    product.organisation = organisation
    return product
