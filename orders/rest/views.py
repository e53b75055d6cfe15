"""The partner API of orders: placed on account, confirmed at once."""

import hashlib
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cosmo.accounts.models import Organisation
from cosmo.accounts.partners import partner_of
from cosmo.lib.errors import NotFound
from cosmo.lib.rest.idempotency import idempotent
from design.selectors.designs import newest_revisions_of_partner
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.rest.serializers import OrderRequestSerializer, OrderSerializer
from orders.selectors.access import Viewer, access_order, orders_visible_to
from orders.selectors.orders import with_lines
from orders.services.checkout import Contact, Said, Wanted, place_order
from orders.services.confirmation import cancel_order, confirm_order


class Orders(ListAPIView[Order]):
    scopes: ClassVar = {"GET": "orders:read", "POST": "orders:write"}
    serializer_class = OrderSerializer

    def get_queryset(self) -> Any:
        viewer = Viewer(partner=partner_of(self.request))
        return with_lines(orders_visible_to(viewer))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Your orders, newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([order_document(order) for order in page])

    @extend_schema(
        request=OrderRequestSerializer,
        responses={201: OrderSerializer},
        extensions={"x-idempotent": True},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Order designs on account. The order is confirmed and its capacity booked at once."""
        asked = OrderRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        order = _place(partner_of(request), asked.validated_data, request)
        return Response(order_document(order), status=201)


@transaction.atomic
def _place(partner: Organisation, asked: dict[str, Any], request: Request) -> Order:
    order = place_order(
        wanted=_wanted(partner, asked["lines"]),
        contact=Contact(**asked["deliver_to"]),
        language=asked["language"],
        checkout_key=_checkout_key(partner, request),
        said=Said(**asked["said"]) if "said" in asked else None,
        partner=partner,
        partner_reference=asked["reference"],
    )
    if order.status == OrderStatus.QUOTED:  # else a repeat whose first answer was forgotten
        confirm_order(order_id=order.pk)
    return with_lines(Order.objects.filter(pk=order.pk)).get()


def _checkout_key(partner: Organisation, request: Request) -> str:
    """The same request with the same key is the same order, however late it comes."""
    head = f"{partner.public_id}:{request.headers['Idempotency-Key']}\n".encode()
    return hashlib.sha256(head + request._request.body).hexdigest()


def _wanted(partner: Organisation, lines: list[dict[str, Any]]) -> list[Wanted]:
    codes = {line["design"] for line in lines}
    known = {
        revision.design.code: revision
        for revision in newest_revisions_of_partner(partner)
        .filter(design__code__in=codes)
        .select_related("design__product__published_texts", "offer")
    }
    missing = sorted(codes - set(known))
    if missing:
        raise NotFound("unknown_design", f"You have no design {missing[0][:20]!r}.")
    return [Wanted(revision=known[line["design"]], quantity=line["quantity"]) for line in lines]


class OrderDetail(APIView):
    scopes: ClassVar = {"GET": "orders:read"}

    @extend_schema(responses=OrderSerializer)
    def get(self, request: Request, public_id: UUID) -> Response:
        """One of your orders."""
        found = access_order(Viewer(partner=partner_of(request)), public_id)
        return Response(order_document(with_lines(Order.objects.filter(pk=found.pk)).get()))


class CancelOrder(APIView):
    scopes: ClassVar = {"POST": "orders:write"}

    @extend_schema(request=None, responses=OrderSerializer, extensions={"x-idempotent": True})
    @idempotent
    def post(self, request: Request, public_id: UUID) -> Response:
        """Cancel an order on which no work has begun."""
        found = access_order(Viewer(partner=partner_of(request)), public_id)
        cancel_order(order_id=found.pk, reason="partner")
        return Response(order_document(with_lines(Order.objects.filter(pk=found.pk)).get()))


def order_document(order: Order) -> dict[str, Any]:
    return {
        "id": str(order.public_id),
        "number": order.number,
        "reference": order.partner_reference,
        "status": order.status,
        "currency": order.currency,
        "total": str(order.total),
        "tax_total": str(order.tax_total),
        "promise_date": order.promise_date.isoformat(),
        "created_at": order.created_at.isoformat(),
        "lines": [
            {
                "design": line.revision.design.code,
                "product": line.product.slug,
                "quantity": line.quantity,
                "unit_price": str(line.unit_price),
                "tax": str(line.tax),
                "promise_date": line.promise_date.isoformat(),
                "units": [
                    {
                        "id": str(unit.public_id),
                        "serial": unit.serial,
                        "digital_link": settings.PUBLIC_URL + unit.digital_link,
                    }
                    for unit in line.units.all()
                ],
            }
            for line in order.lines.all()
        ],
    }
