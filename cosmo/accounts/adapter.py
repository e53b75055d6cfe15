"""What allauth may not decide for us."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role

# Where somebody's work begins who came by the header's "Sign in"; the first role that fits counts.
ENTRANCES = (
    (Role.PLANNER, "production:planner"),
    (Role.OPERATOR, "production:operator"),
    (Role.AUTHOR, "design:author"),
    (Role.PARTNER, "api-docs"),
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def save_user(
        self, request: HttpRequest, user: User, form: object, commit: bool = True
    ) -> User:
        """Remember the language somebody signed up in: mails are written in it."""
        user.language = get_language() or "en"
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff begin at their work, customers at their orders. Asked for without a ``next``."""
        roles: set[str] = set()
        if isinstance(request.user, User):
            roles = set(request.user.memberships.values_list("role", flat=True))
        entrance = next((name for role, name in ENTRANCES if role in roles), None)
        default: str = super().get_login_redirect_url(request)
        return reverse(entrance) if entrance else default
