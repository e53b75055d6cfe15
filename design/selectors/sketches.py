"""Where somebody left the studio."""

import secrets

from django.db.models import QuerySet
from django.http import HttpRequest

from cosmo.accounts.models import User
from design.models import Sketch

SESSION_BROWSER = "browser"  # token of the sketches of who has not signed in


def sketches_of(user: User | None, browser: str) -> QuerySet[Sketch]:
    if user is not None:
        return Sketch.objects.filter(user=user)
    return Sketch.objects.filter(user=None, browser=browser) if browser else Sketch.objects.none()


def sketch_of(user: User | None, browser: str, slug: str) -> Sketch | None:
    return sketches_of(user, browser).filter(product__slug=slug).first()


def browser_of(request: HttpRequest) -> str:
    """The token of this browser; "" where nothing was kept for it."""
    return str(request.session.get(SESSION_BROWSER, ""))


def new_browser(request: HttpRequest) -> str:
    """The token of this browser, given to it now where it has none."""
    token = browser_of(request) or secrets.token_hex(16)
    request.session[SESSION_BROWSER] = token
    return token
