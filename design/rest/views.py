"""The partner API of design: offers, configure, designs."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cosmo.accounts.partners import partner_of
from cosmo.lib.errors import DomainError, NotFound
from cosmo.lib.ports import promise_source
from cosmo.lib.rest.idempotency import idempotent
from design.compile import compiled_offer
from design.models import DesignRevision, Product
from design.rest.documents import (
    configured_document,
    conflict_document,
    design_document,
    offer_document,
)
from design.rest.serializers import (
    ConfigureAnswerSerializer,
    ConfigureRequestSerializer,
    DesignRequestSerializer,
    DesignSerializer,
    OfferSerializer,
    OfferSummarySerializer,
)
from design.rules import check_choices
from design.selectors.catalogue import access_product, published_products
from design.selectors.configured import Configured, configure
from design.selectors.designs import newest_revisions_of_partner
from design.selectors.texts import texts_in
from design.services.designs import save_design

LANGUAGE = OpenApiParameter("language", str, description="Of names and sentences; default en.")


class Offers(ListAPIView[Product]):
    scopes: ClassVar = {"GET": "offers:read"}
    serializer_class = OfferSummarySerializer

    def get_queryset(self) -> Any:
        return published_products()

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What can be made to order now."""
        return super().get(request, *args, **kwargs)


class Offer(APIView):
    scopes: ClassVar = {"GET": "offers:read"}

    @extend_schema(parameters=[LANGUAGE], responses=OfferSerializer)
    def get(self, request: Request, product: str) -> Response:
        """Every feature, option and rule of a product."""
        found = access_product(product)
        return Response(offer_document(found, request.query_params.get("language", "en")[:16]))


class Configure(APIView):
    scopes: ClassVar = {"POST": "offers:read"}

    @extend_schema(request=ConfigureRequestSerializer, responses=ConfigureAnswerSerializer)
    def post(self, request: Request, product: str) -> Response:
        """What choices come to: all that is still possible, price and day of delivery.

        Changes nothing and may be repeated freely.
        """
        found = access_product(product)
        asked = ConfigureRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(_configure(found, asked.validated_data))


def _configure(product: Product, asked: dict[str, Any]) -> dict[str, Any]:
    offer, bundle = product.published_offer, product.published_texts
    if offer is None or bundle is None:
        raise NotFound("unknown_product", f"{product.slug} is not on offer.")
    compiled = compiled_offer(offer)
    choices = check_choices(compiled.model, asked["choices"])
    conflict = compiled.engine.explain_choices(choices)
    if conflict is not None:
        texts = texts_in(bundle, asked["language"])
        return conflict_document(compiled.model, choices, conflict, texts)
    configured = configure(compiled, choices)
    found = configured_document(compiled.model, configured)
    return {**found, **_promise(offer.pk, configured, asked["quantity"])}


def _promise(offer_id: int, configured: Configured, quantity: int) -> dict[str, Any]:
    try:
        promise = promise_source().inquire(
            offer_id=offer_id, selection=configured.selection, quantity=quantity
        )
    except DomainError as error:
        return {"promise": None, "promise_refusal": error.message}
    return {
        "promise": {"date": promise.date.isoformat(), "plant": promise.plant},
        "promise_refusal": "",
    }


class Designs(ListAPIView[DesignRevision]):
    scopes: ClassVar = {"GET": "orders:read", "POST": "designs:write"}
    serializer_class = DesignSerializer

    def get_queryset(self) -> Any:
        return newest_revisions_of_partner(partner_of(self.request))

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Your designs, newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([design_document(revision) for revision in page])

    @extend_schema(
        request=DesignRequestSerializer,
        responses={201: DesignSerializer},
        extensions={"x-idempotent": True},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Save a design."""
        asked = DesignRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        product = access_product(asked.validated_data["product"])
        offer = product.published_offer
        assert offer is not None  # noqa: S101 - access_product finds published ones only
        compiled = compiled_offer(offer)
        revision = save_design(
            offer=offer,
            choices=check_choices(compiled.model, asked.validated_data["choices"]),
            partner=partner_of(request),
            name=asked.validated_data["name"],
        )
        return Response(design_document(revision), status=201)


class Design(APIView):
    scopes: ClassVar = {"GET": "orders:read"}

    @extend_schema(responses=DesignSerializer)
    def get(self, request: Request, code: str) -> Response:
        """One of your designs."""
        found = newest_revisions_of_partner(partner_of(request)).filter(design__code=code).first()
        if found is None:
            raise NotFound("unknown_design", f"You have no design {code[:20]!r}.")
        return Response(design_document(found))
