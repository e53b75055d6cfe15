"""Who may do what where: memberships, asked in one place by every room."""

from typing import Any

from django.db.models import QuerySet

from cosmo.accounts.models import Membership, Organisation, User
from cosmo.accounts.roles import Role


def has_role(user: Any, organisation: Organisation, *roles: Role) -> bool:
    """Whether ``user``, who may be a stranger, has one of ``roles`` in ``organisation``."""
    return (
        isinstance(user, User)
        and Membership.objects.filter(user=user, organisation=organisation, role__in=roles).exists()
    )


def organisations_of(user: Any, *roles: Role) -> QuerySet[Organisation]:
    """Organisations in which ``user`` has one of ``roles``; none for a stranger."""
    if not isinstance(user, User):
        return Organisation.objects.none()
    return Organisation.objects.filter(
        pk__in=Membership.objects.filter(user=user, role__in=roles).values("organisation")
    )
