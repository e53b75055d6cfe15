"""What people order, for the authors of a product; their page asks for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cosmo.accounts.staff import for_roles
from design.selectors.drafts import AUTHORS, access_authored_product
from design.selectors.texts import ProductTexts, texts_in
from orders.selectors.taken import ordered_options


@for_roles(*AUTHORS)
@require_safe
def taken(request: HttpRequest, slug: str) -> HttpResponse:
    product = access_authored_product(request.user, slug)
    bundle = product.published_texts
    texts = texts_in(bundle, get_language() or "en") if bundle else ProductTexts({}, {})
    total, features = ordered_options(product, texts)
    facts = {"product": product, "total": total, "features": features}
    is_part = getattr(request, "htmx", False)
    page = "orders/partials/taken.html" if is_part else "orders/taken.html"
    return render(request, page, facts)
