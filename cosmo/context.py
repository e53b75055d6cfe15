"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from cosmo.accounts.models import User
from cosmo.navigation import site_nav
from orders.selectors.carts import SESSION_CART, units_in_cart


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "chain_id": getattr(request, "chain_id", ""),
        "live_url": settings.LIVE_URL,
        "is_demo": settings.COSMO_DEMO,
        # Asked for by pages, not by fragments.
        "site_nav": lambda: list(site_nav(request)),
        "cart_count": lambda: _cart_count(request),
    }


def _cart_count(request: HttpRequest) -> int:
    user = getattr(request, "user", None)  # missing where an early middleware refused
    session = getattr(request, "session", None)
    return units_in_cart(
        user=user if isinstance(user, User) else None,
        public_id=session.get(SESSION_CART) if session is not None else None,
    )
