"""Pages for staff: strangers sign in first, others learn that the page is not theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import organisations_of

View = Callable[..., HttpResponse]


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Open a view to whoever has one of ``roles`` in any organisation.

    What of which organisation is shown there is for the view's selectors to decide.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, User):
                return _to_login(request)
            if not organisations_of(request.user, *roles).exists():
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    return wrap


def _to_login(request: HttpRequest) -> HttpResponse:
    """A fragment asks its page to load again: a sign-in form has no place inside a board."""
    if getattr(request, "htmx", False):
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return redirect_to_login(request.get_full_path())
