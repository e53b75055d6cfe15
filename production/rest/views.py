"""The partner API of production: units and what happens to them."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cosmo.accounts.partners import partner_of
from cosmo.lib.errors import NotFound
from orders.models import Unit
from orders.selectors.access import Viewer
from production.rest.serializers import AfterSerializer, UnitEventsSerializer, UnitSerializer
from production.selectors.units import (
    PAGE,
    access_unit,
    event_json,
    events_after,
    stages_of,
    units_with_lines,
)


class Units(ListAPIView[Unit]):
    scopes: ClassVar = {"GET": "orders:read"}
    serializer_class = UnitSerializer

    def get_queryset(self) -> Any:
        return units_with_lines(Viewer(partner=partner_of(self.request)))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The units of your orders, newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        stages = stages_of(page)
        return self.get_paginated_response(
            [unit_document(unit, stages.get(unit.pk)) for unit in page]
        )


class UnitDetail(APIView):
    scopes: ClassVar = {"GET": "orders:read"}

    @extend_schema(responses=UnitSerializer)
    def get(self, request: Request, public_id: UUID) -> Response:
        """One of your units and the stage it has reached."""
        viewer = Viewer(partner=partner_of(request))
        unit = units_with_lines(viewer).filter(public_id=public_id).first()
        if unit is None:
            raise NotFound("unknown_unit", f"You have no unit {public_id}.")
        return Response(unit_document(unit, stages_of([unit]).get(unit.pk)))


class UnitEvents(APIView):
    scopes: ClassVar = {"GET": "orders:read"}

    @extend_schema(parameters=[AfterSerializer], responses=UnitEventsSerializer)
    def get(self, request: Request, public_id: UUID) -> Response:
        """What happened to a unit after `after`, in order and each event once.

        Whoever asks with the `last` of the answer before misses nothing, however long they were
        away.
        """
        unit = access_unit(Viewer(partner=partner_of(request)), public_id)
        asked = AfterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        after = asked.validated_data["after"]
        happened = [event_json(event) for event in events_after(unit, after)]
        last = happened[-1]["seq"] if happened else after
        return Response({"events": happened, "last": last, "more": len(happened) == PAGE})


def unit_document(unit: Unit, stage: str | None) -> dict[str, Any]:
    line = unit.line
    return {
        "id": str(unit.public_id),
        "serial": unit.serial,
        "gtin": unit.gtin,
        "digital_link": settings.PUBLIC_URL + unit.digital_link,
        "product": line.product.slug,
        "design": line.revision.design.code,
        "order": str(line.order.public_id),
        "reference": line.order.partner_reference,
        "stage": stage,
        "promise_date": line.promise_date.isoformat(),
    }
