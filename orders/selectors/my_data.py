"""Everything that is kept about a person, by table; and what is not theirs, with the reason.

``tests/orders/account/test_my_data.py`` walks all models: a new one that leads to a person must be
named here, as theirs or as not.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model

from cosmo.accounts.models import User

# Table to the way from its rows to the person.
MINE: Mapping[str, str] = {
    "accounts.User": "pk",
    "accounts.Membership": "user",
    "account.EmailAddress": "user",
    "lib.MailRefusal": "email",
    "design.Design": "owner",
    "design.DesignRevision": "design__owner",
    "design.Sketch": "user",
    "design.Contributor": "user",
    "design.Contribution": "author__user",
    "design.GalleryEntry": "author__user",
    "design.Idea": "author__user",
    "design.Comment": "author__user",
    "design.Vote": "voter",
    "design.Report": "reporter",
    "orders.Cart": "user",
    "orders.CartLine": "cart__user",
    "orders.Order": "user",
    "orders.OrderLine": "order__user",
    "orders.Unit": "line__order__user",
    "orders.UnitIdentifier": "unit__line__order__user",
    "orders.Payment": "order__user",
    "orders.Refund": "payment__order__user",
    "orders.ChangeOrder": "unit__line__order__user",
    "orders.AddressChange": "order__user",
    "orders.Complaint": "unit__line__order__user",
    "orders.Campaign": "owner",
    "orders.Pledge": "user",
    "production.Shipment": "unit__line__order__user",
    "production.UnitEvent": "unit__line__order__user",
    "production.Slip": "unit__line__order__user",
    "production.SlipWord": "slip__unit__line__order__user",
}
STAFF = "what somebody did at work for their organisation; it belongs to the record of the factory"
PLANS = "how the factory plans its lanes and stocks; it says nothing about a person"
OTHERS = "what others did to a contribution; it tells about them"
DOORS = "keys and tokens; they open doors and tell nothing"
# Table and field that lead to a person, or to something of theirs, and why it is not given out.
NOT_MINE: Mapping[str, str] = {
    "accounts.ApiClient.user": DOORS,
    "design.Draft.author": STAFF,
    "design.Draft.asked_by": STAFF,
    "design.Draft.signed_off_by": STAFF,
    "design.Draft.editors": STAFF,
    "design.Publication.published_by": STAFF,
    "design.Publication.signed_off_by": STAFF,
    "design.ModerationAct.by": STAFF,
    "design.ModerationAct.contribution": OTHERS,
    "design.DesignEffect.revision": PLANS,
    "design.ImportedDesign.design": PLANS,
    "production.Hold.order": PLANS,
    "production.HeldUnit.unit": PLANS,
    "production.Booking.unit": PLANS,
    "production.WorkOrder.unit": PLANS,
    "production.StockMove.unit": PLANS,
    "production.StockMove.user": STAFF,
    "production.Reservation.unit": PLANS,
    "production.PurchaseProposal.units": PLANS,
    "production.PurchaseOrder.user": STAFF,
    "production.Downtime.noted_by": STAFF,
    "production.Downtime.ended_by": STAFF,
    "production.HandReport.reported_by": STAFF,
    "production.ScheduleRun.started_by": STAFF,
    "admin.LogEntry.user": STAFF,
    "account.EmailConfirmation.email_address": DOORS,
    "oauth2_provider.Grant.user": DOORS,
    "oauth2_provider.AccessToken.user": DOORS,
    "oauth2_provider.RefreshToken.user": DOORS,
    "oauth2_provider.IDToken.user": DOORS,
    "oauth2_provider.DeviceGrant.user": DOORS,
}
NEVER = frozenset({"password", "chain_id", "checkout_key", "signed_out_at"})


def my_data(user: User) -> dict[str, list[dict[str, Any]]]:
    """Every row about ``user`` by table; one statement a table."""
    return {label: _rows(label, way, user) for label, way in MINE.items()}


def _rows(label: str, way: str, user: User) -> list[dict[str, Any]]:
    model: type[Model] = apps.get_model(label)
    who: Any = {"pk": user.pk, "email": user.email.lower()}.get(way, user)
    names = [
        field.attname
        for field in model._meta.concrete_fields
        if field.attname not in NEVER and field.get_internal_type() != "BinaryField"
    ]
    return list(model._default_manager.filter(**{way: who}).order_by("pk").values(*names))
