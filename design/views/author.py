"""What catalogue authors look at; publishing is done by ``manage.py load_catalogue``."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cosmo.accounts.staff import for_roles
from design.selectors.authoring import AUTHORS, products_of_author


@for_roles(*AUTHORS)
@require_safe
def author(request: HttpRequest) -> HttpResponse:
    products = products_of_author(request.user, get_language() or "en")
    return render(request, "design/author.html", {"products": products})
