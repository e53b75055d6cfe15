"""What a payment provider must do for us. One folder or file a provider, chosen in settings."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from cosmo.lib.errors import Invalid

ResultStatus = Literal["unknown", "pending", "paid", "refused"]


@dataclass(frozen=True, slots=True)
class Started:
    """A payment the provider has taken up.

    Attributes:
        reference: The provider's name for it; unique there.
        pay_url: Where the customer pays.
    """

    reference: str
    pay_url: str


class PaymentProvider(Protocol):
    def start(self, *, reference: str, amount: Decimal, currency: str) -> Started:
        """Begin a payment; the same reference again returns the same payment."""
        ...

    def query(self, *, reference: str) -> ResultStatus:
        """What became of it; ``unknown`` while the customer has not decided."""
        ...

    def refund(self, *, reference: str) -> bool:
        """Give back all that has not gone back; True once that is certain. Safe to repeat."""
        ...

    def refund_part(self, *, reference: str, key: str, amount: Decimal) -> bool:
        """Give a part back; True once that is certain. The same key again gives nothing more."""
        ...


AuthorisationStatus = Literal["unknown", "authorised", "refused"]


class AuthorisingProvider(PaymentProvider, Protocol):
    """A provider that can be told now that money may be taken later. Nothing moves until then."""

    def authorise(self, *, reference: str, amount: Decimal, currency: str) -> Started:
        """Ask the customer's word for at most ``amount``; the same reference again is the same."""
        ...

    def query_authorisation(self, *, reference: str) -> AuthorisationStatus:
        """``unknown`` while the customer has not decided."""
        ...

    def capture(
        self, *, authorisation: str, reference: str, amount: Decimal, currency: str
    ) -> bool:
        """Take ``amount`` as payment ``reference``, whose result ``query`` tells; False when the
        authorisation does not hold for it. Safe to repeat."""
        ...

    def release(self, *, reference: str) -> bool:
        """Let go of an authorisation; True once nothing can be taken. Safe to repeat."""
        ...


def usual_provider() -> str:
    """Which provider is asked where nobody chose one: the first of the settings."""
    return next(iter(settings.COSMO_PAYMENT_PROVIDERS))


@cache
def _load(path: str) -> object:
    return import_string(path)()


def provider_called(name: str) -> PaymentProvider:
    """The provider of that name in ``COSMO_PAYMENT_PROVIDERS``.

    Raises:
        DomainError: there is none (``unknown_provider``).
    """
    path = settings.COSMO_PAYMENT_PROVIDERS.get(name)
    if path is None:
        offered = ", ".join(sorted(settings.COSMO_PAYMENT_PROVIDERS))
        raise Invalid(
            "unknown_provider",
            f"There is no payment provider called {name!r}. Choose one of: {offered}.",
        )
    return cast(PaymentProvider, _load(path))


def authorising_provider(name: str) -> AuthorisingProvider | None:
    """The provider of that name where it can authorise; None where it can only be paid at once."""
    provider = provider_called(name)
    return cast(AuthorisingProvider, provider) if hasattr(provider, "authorise") else None
