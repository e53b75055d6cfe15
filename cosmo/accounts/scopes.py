"""A partner's program gets the scopes it was given, never more."""

from typing import Any

from oauth2_provider.scopes import SettingsScopes

from cosmo.accounts.models import ApiClient


class ClientScopes(SettingsScopes):  # type: ignore[misc]
    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        known: list[str] = super().get_available_scopes(application, request, *args, **kwargs)
        if not isinstance(application, ApiClient):
            return known
        return [scope for scope in known if scope in application.scopes.split()]

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Who asks for nothing in particular gets all that was given."""
        return self.get_available_scopes(application, request)
