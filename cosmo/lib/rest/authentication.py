"""Whose token came with the call: from the Authorization header, nowhere else.

An address ends up in logs, and a body must not be read for somebody who is not known yet.
"""

import hashlib
from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.models import AccessToken
from rest_framework.request import Request


class BearerAuthentication(OAuth2Authentication):  # type: ignore[misc]
    """One statement for token, program and organisation."""

    def authenticate(self, request: Request) -> tuple[Any, AccessToken] | None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            return None
        token = (
            AccessToken.objects.select_related("application__organisation", "user")
            .filter(token_checksum=hashlib.sha256(given.strip().encode()).hexdigest())
            .first()
        )
        if token is None or token.is_expired():
            request.oauth2_error = {"error": "invalid_token"}  # type: ignore[attr-defined]
            return None
        return token.user, token
