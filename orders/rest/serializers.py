"""Shapes of orders at the border of the partner API."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from cosmo.lib.rest.strict import StrictSerializer


class OrderLineRequestSerializer(StrictSerializer):
    """So many units of a design."""

    design = serializers.CharField(max_length=16, help_text="Code of one of your designs.")
    quantity = serializers.IntegerField(min_value=1, max_value=20, default=1)


class DeliverToSerializer(StrictSerializer):
    """Who gets it and where; a confirmation goes to the e-mail address."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=120)
    street = serializers.CharField(max_length=160)
    postal_code = serializers.CharField(max_length=20)
    city = serializers.CharField(max_length=100)
    country = serializers.ChoiceField(choices=sorted(settings.COSMO_SHIP_TO))
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")


class SaidSerializer(StrictSerializer):
    """What you told your customer; nothing is ordered when it would be dearer or later."""

    total = serializers.DecimalField(max_digits=12, decimal_places=2)
    promise_date = serializers.DateField()


class OrderRequestSerializer(StrictSerializer):
    """Designs to be made, on account."""

    lines = serializers.ListField(
        child=OrderLineRequestSerializer(), allow_empty=False, max_length=20
    )
    deliver_to = DeliverToSerializer()
    said = SaidSerializer(required=False)
    reference = serializers.CharField(max_length=80, allow_blank=True, default="")
    language = serializers.ChoiceField(choices=[c for c, _ in settings.LANGUAGES], default="en")
    accepts_terms = serializers.BooleanField(help_text="Goods made to order: no withdrawal.")

    def validate_accepts_terms(self, accepts: bool) -> bool:
        if not accepts:
            raise serializers.ValidationError("Accept the terms for goods made to order: true.")
        return accepts


class UnitSummarySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    serial = serializers.CharField()
    digital_link = serializers.CharField(help_text="GS1 Digital Link: the public passport.")


class OrderLineSerializer(serializers.Serializer[Any]):
    design = serializers.CharField()
    product = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    tax = serializers.CharField()
    promise_date = serializers.DateField()
    units = UnitSummarySerializer(many=True)


class OrderSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    status = serializers.CharField()
    currency = serializers.CharField()
    total = serializers.CharField()
    tax_total = serializers.CharField()
    promise_date = serializers.DateField()
    created_at = serializers.DateTimeField()
    lines = OrderLineSerializer(many=True)
