"""What the header offers: to everybody the products, to staff the rooms that their roles open."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role

EVERYBODY: frozenset[Role] = frozenset()
PAGES: tuple[tuple[str, str | Promise, frozenset[Role]], ...] = (
    ("home", _("Products"), EVERYBODY),
    ("design:gallery", _("Gallery"), EVERYBODY),
    ("production:planner", _("Planner"), frozenset({Role.PLANNER, Role.ADMINISTRATOR})),
    (
        "production:operator",
        _("Operator"),
        frozenset({Role.OPERATOR, Role.PLANNER, Role.ADMINISTRATOR}),
    ),
    ("account:complaints", _("Complaints"), frozenset({Role.PLANNER, Role.ADMINISTRATOR})),
    ("design:author", _("Author"), frozenset({Role.AUTHOR, Role.ADMINISTRATOR})),
    ("design:moderation", _("Moderation"), frozenset({Role.AUTHOR, Role.ADMINISTRATOR})),
)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    url: str
    label: str | Promise
    is_current: bool


def site_nav(request: HttpRequest) -> Iterator[NavigationItem]:
    """The pages this visitor may open, in order; one statement for who is signed in, none else."""
    roles = _roles_of(request)
    for name, label, wanted in PAGES:
        if wanted is EVERYBODY or wanted & roles:
            url = reverse(name)
            yield NavigationItem(url=url, label=label, is_current=request.path == url)


def _roles_of(request: HttpRequest) -> frozenset[Role]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return frozenset()
    return frozenset(Role(role) for role in user.memberships.values_list("role", flat=True))
