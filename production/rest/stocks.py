"""What plants have in stock, for the programs of the organisation they belong to."""

from decimal import Decimal
from typing import Any, ClassVar

from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cosmo.accounts.partners import partner_of
from production.models import Stock
from production.rest.serializers import StockSerializer
from production.selectors.materials_page import (
    counted_stocks,
    plants_of,
    shortages_of,
    substitutes_of,
)


class Stocks(ListAPIView[Stock]):
    scopes: ClassVar = {"GET": "stock:read"}
    serializer_class = StockSerializer

    def get_queryset(self) -> Any:
        plants = plants_of(partner_of(self.request))
        return counted_stocks(plants).select_related("component", "plant").defer("plant__document")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The components that your plants count: what is there, what is short, what may be taken
        instead. What is not listed is always at hand.
        """
        page: list[Any] = self.paginate_queryset(self.get_queryset()) or []
        short = shortages_of([one.pk for one in page])
        others = substitutes_of(sorted({one.plant_id for one in page}))
        return self.get_paginated_response(
            [
                stock_document(
                    one, short.get(one.pk), others.get((one.plant_id, one.component.code), ())
                )
                for one in page
            ]
        )


def stock_document(
    stock: Any, short: tuple[Any, Any] | None, substitutes: tuple[str, ...]
) -> dict[str, Any]:
    quantity, moment = short or (Decimal(0), None)
    return {
        "plant": stock.plant.code,
        "component": stock.component.code,
        "unit": stock.component.unit,
        "on_hand": f"{stock.on_hand.normalize():f}",
        "kept": f"{stock.kept.normalize():f}",
        "free": f"{stock.free.normalize():f}",
        "ordered": f"{stock.ordered.normalize():f}",
        "short": f"{quantity:f}",
        "available_at": moment.isoformat() if moment else None,
        "substitutes": list(substitutes),
    }
