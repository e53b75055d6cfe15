"""Forms of django-allauth, with the word for an e-mail address that all other pages use."""

from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm, SignupForm
from django.utils.translation import gettext_lazy as _


class _OurWord:
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields = self.fields  # type: ignore[attr-defined]
        for name in ("email", "login"):
            if name in fields:
                fields[name].label = _("E-mail")


class OurAddEmailForm(_OurWord, AddEmailForm):  # type: ignore[misc]
    """Another address of an account."""


class OurLoginForm(_OurWord, LoginForm):  # type: ignore[misc]
    """By e-mail and password."""


class OurResetPasswordForm(_OurWord, ResetPasswordForm):  # type: ignore[misc]
    """A letter with the way to a new password."""


class OurSignupForm(_OurWord, SignupForm):  # type: ignore[misc]
    """A new account."""
