"""Shapes of units and their history at the border of the partner API."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from production.lifecycle import Stage

LARGEST_SEQ = 2**63 - 1


class UnitSerializer(serializers.Serializer[Any]):
    """One physical product with a serial."""

    id = serializers.UUIDField()
    serial = serializers.CharField(help_text="GS1 application identifier 21.")
    gtin = serializers.CharField()
    digital_link = serializers.CharField(help_text="GS1 Digital Link: the public passport.")
    product = serializers.CharField()
    design = serializers.CharField()
    order = serializers.UUIDField()
    reference = serializers.CharField(allow_blank=True, help_text="Yours, from the order.")
    stage = serializers.ChoiceField(
        choices=Stage.choices,
        allow_null=True,
        help_text="Of the last event; null while the order is not confirmed.",
    )
    promise_date = serializers.DateField(help_text="Day of delivery at the customer, as promised.")


@extend_schema_field(OpenApiTypes.OBJECT)
class FactsField(serializers.JSONField):
    """An object."""


class UnitEventSerializer(serializers.Serializer[Any]):
    """Something that happened to the unit."""

    seq = serializers.IntegerField(help_text="Rises; not every number is this unit's.")
    stage = serializers.ChoiceField(choices=Stage.choices)
    facts = FactsField(help_text="Its members depend on the stage.")
    plant_time = serializers.DateTimeField(help_text="When, in the plant's time.")
    at = serializers.DateTimeField(help_text="When it was written down, real time.")


class UnitEventsSerializer(serializers.Serializer[Any]):
    events = UnitEventSerializer(many=True)
    last = serializers.IntegerField(help_text="Ask next with ?after= this.")
    more = serializers.BooleanField(help_text="Whether to ask again at once.")


class StockSerializer(serializers.Serializer[Any]):
    """A component that a plant counts. Quantities are decimals in ``unit``."""

    plant = serializers.CharField()
    component = serializers.CharField()
    unit = serializers.CharField()
    on_hand = serializers.CharField()
    kept = serializers.CharField(help_text="Of it, for quotes and orders.")
    free = serializers.CharField()
    ordered = serializers.CharField(help_text="On its way from suppliers.")
    short = serializers.CharField(help_text="What units wait for.")
    available_at = serializers.DateTimeField(
        allow_null=True, help_text="When all that is short is expected, plant time; null: unknown."
    )
    substitutes = serializers.ListField(
        child=serializers.CharField(), help_text="Components taken instead, the preferred first."
    )


class AfterSerializer(serializers.Serializer[Any]):
    after = serializers.IntegerField(
        min_value=0,
        max_value=LARGEST_SEQ,
        default=0,
        help_text="Only events with a higher seq: the `last` of the answer before.",
    )
