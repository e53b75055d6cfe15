"""People, organisations and the programs that speak for them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from oauth2_provider.models import AbstractApplication

from cosmo.accounts.roles import Role
from cosmo.lib.ids import new_public_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """Somebody who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    email = models.EmailField(unique=True)
    language = models.CharField(max_length=16, default="en")
    mail_language = models.CharField(
        max_length=16, blank=True, help_text="Of mails; empty for that of each order."
    )
    signed_out_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time; whoever signed in before is signed out."
    )
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time from which the account is erased, as asked."
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta(AbstractUser.Meta):
        indexes = [
            models.Index(
                fields=["closes_at"],
                condition=models.Q(closes_at__isnull=False),
                name="accounts_user_closing",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions from before ``signed_out_at`` end, as they do with another password."""
        found: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{found}{self.signed_out_at.timestamp()}" if self.signed_out_at else found


class Organisation(models.Model):  # type: ignore[django-manager-missing]
    """A tenant: a factory that sells, or a partner that orders."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    is_sandbox = models.BooleanField(default=False, help_text="Its units are made by a simulator.")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person does in an organisation."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], name="accounts_membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role}"


class ApiClient(AbstractApplication):  # type: ignore[misc]
    """A partner's program; signs in with OAuth2 client credentials."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="api_clients"
    )
    scopes = models.CharField(
        max_length=255,
        default="offers:read designs:write orders:read orders:write",
        help_text="Scopes this program may ask for, separated by spaces.",
    )

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]
        pass
