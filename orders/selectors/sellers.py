"""Who sells here."""

from cosmo.accounts.models import Organisation
from design.models import Product


def seller_names() -> list[str]:
    """Organisations that have something on offer, by name. One statement."""
    sellers = Product.objects.exclude(published_offer=None).values("organisation")
    found = Organisation.objects.filter(pk__in=sellers).order_by("name")
    return list(found.values_list("name", flat=True))
