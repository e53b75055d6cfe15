"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from cosmo.navigation import site_nav


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "chain_id": getattr(request, "chain_id", ""),
        "live_url": settings.LIVE_URL,
        "is_demo": settings.COSMO_DEMO,
        "site_nav": lambda: list(site_nav(request)),  # asked for by pages, not by fragments
    }
