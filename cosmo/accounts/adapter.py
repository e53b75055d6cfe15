"""What allauth may not decide for us."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from cosmo.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def save_user(
        self, request: HttpRequest, user: User, form: object, commit: bool = True
    ) -> User:
        """Remember the language somebody signed up in: mails are written in it."""
        user.language = get_language() or "en"
        saved: User = super().save_user(request, user, form, commit)
        return saved
