"""Which partner a program speaks for."""

from typing import Any

from oauth2_provider.models import AbstractAccessToken
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from cosmo.accounts.models import Organisation


def partner_of(request: Request) -> Organisation:
    """The organisation whose program calls."""
    token: Any = request.auth
    if not isinstance(token, AbstractAccessToken) or token.application is None:
        raise NotAuthenticated
    organisation: Organisation = token.application.organisation
    return organisation
