"""Pages that belong to no room: home, appearance, the style gallery, the error pages."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from cosmo.lib.errors_http import refusal
from cosmo.showcase import showcases_of
from design.selectors.catalogue import published_products

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "cosmo_theme"
THEME_COOKIE_SECONDS = 365 * 24 * 3600
SYMBOL = re.compile(r'<symbol id="([a-z-]+)"')


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and every product to be tried on; ``?refrigerator=sage`` tries that colour.

    A swatch asks by htmx for its product alone, by name; without a script the page comes whole.
    """
    language = get_language() or settings.LANGUAGE_CODE
    products = published_products()
    alone = request.GET.get("only", "") if request.headers.get("HX-Request") else ""
    if alone:
        products = products.filter(slug=alone)
    showcases = showcases_of(products, language, request.GET.dict())
    if alone and showcases:
        facts = {"showcase": showcases[0], "is_fragment": True}
        return render(request, "partials/home_product.html", facts)
    return render(request, "home.html", {"showcases": showcases})


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon (Django's admin, the API document)."""
    return HttpResponseRedirect(static("icons/cosmo.svg"))


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or "like the device" in a cookie, so that the first paint is right."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=THEME_COOKIE_SECONDS,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """All components on one page: for those who build, not for those who buy."""
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404("The style gallery is shown to administrators only.")
    sprite = (settings.BASE_DIR / "static" / "icons" / "sprite.svg").read_text()
    return render(request, "styleguide.html", {"icon_names": SYMBOL.findall(sprite)})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, "400.html", {}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, "403.html", {}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, "404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: what broke may be the database they would ask."""
    if request.path.startswith("/api/"):
        return refusal(request, "500.html", {}, status=500)
    page = get_template("500.html").render(
        {"request": request, "chain_id": getattr(request, "chain_id", "")}
    )
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refusal(request, "403.html", {"is_stale_form": True}, status=403)
