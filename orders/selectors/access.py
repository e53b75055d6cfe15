"""Who may see which order. Page, partial, REST and socket all ask here."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from cosmo.accounts.models import Organisation, User
from cosmo.accounts.roles import Role
from cosmo.lib.errors import NotFound, Sentence
from orders.models import Order, Unit

SESSION_GRANTS = "granted_orders"
MAX_GRANTS = 40  # per session; the oldest is forgotten, its signed link still works
LINK_SALT = "orders.link"
LINK_LASTS = timedelta(days=180)  # every mail brings a fresh one
STAFF_ROLES = (Role.PLANNER, Role.OPERATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks: a signed-in user, a partner's program, or a session with grants."""

    user: User | None = None
    partner: Organisation | None = None
    granted: tuple[UUID, ...] = ()


def viewer_of(request: HttpRequest) -> Viewer:
    user = request.user if isinstance(request.user, User) else None
    grants = request.session.get(SESSION_GRANTS, []) if hasattr(request, "session") else []
    return Viewer(user=user, granted=tuple(UUID(grant) for grant in grants))


def _visible(viewer: Viewer, prefix: str) -> Q:
    allowed = Q(**{f"{prefix}public_id__in": viewer.granted})
    if viewer.user is not None:
        allowed |= Q(**{f"{prefix}user": viewer.user})
        # Staff see what their own organisation sells, nothing of another tenant.
        allowed |= Q(
            **{
                f"{prefix}seller__in": Organisation.objects.filter(
                    memberships__user=viewer.user, memberships__role__in=STAFF_ROLES
                )
            }
        )
    if viewer.partner is not None:
        allowed |= Q(**{f"{prefix}partner": viewer.partner})
    return allowed


def orders_visible_to(viewer: Viewer) -> QuerySet[Order]:
    return Order.objects.filter(_visible(viewer, ""))


def units_visible_to(viewer: Viewer) -> QuerySet[Unit]:
    return Unit.objects.filter(_visible(viewer, "line__order__"))


def access_order(viewer: Viewer, public_id: UUID) -> Order:
    """The order, when ``viewer`` may see it; a foreign one looks like none.

    Raises:
        DomainError: ``unknown_order``.
    """
    return _or_unknown(orders_visible_to(viewer).filter(public_id=public_id))


def _or_unknown(orders: QuerySet[Order]) -> Order:
    order = orders.first()
    if order is None:
        raise NotFound(
            "unknown_order",
            Sentence(
                "There is no such order, or it is not yours. Open it from the link in your mail."
            ),
        )
    return order


def access_by_link(public_id: UUID) -> Order:
    """The order behind a link whose signature was checked.

    Raises:
        NotFound: ``unknown_order``.
    """
    return _or_unknown(Order.objects.filter(public_id=public_id))


def grant(request: HttpRequest, order: Order) -> None:
    """This browser placed the order, or came with its signed link."""
    granted = [g for g in request.session.get(SESSION_GRANTS, []) if g != str(order.public_id)]
    request.session[SESSION_GRANTS] = [*granted, str(order.public_id)][-MAX_GRANTS:]


class LinkState(Enum):
    """What a key says about the order's address it came with."""

    OPENS = auto()
    ENDED = auto()  # it was one of ours; a new one may be sent
    FORGED = auto()


def link_key(order: Order) -> str:
    """The signature that makes an order's address a key, for the customer's mails."""
    signed = signing.TimestampSigner(salt=LINK_SALT).sign(str(order.public_id))
    return signed.partition(":")[2]


def link_state(public_id: UUID, key: str) -> LinkState:
    try:
        signing.TimestampSigner(salt=LINK_SALT).unsign(f"{public_id}:{key}", max_age=LINK_LASTS)
    except signing.SignatureExpired:
        return LinkState.ENDED
    except signing.BadSignature:
        return LinkState.FORGED
    return LinkState.OPENS


def opens_with(public_id: UUID, key: str) -> bool:
    return link_state(public_id, key) is LinkState.OPENS
