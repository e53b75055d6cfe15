"""Shapes at the border of the partner API; services and selectors decide."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cosmo.lib.rest.openapi import ANSWER, ANSWERS, NUMBER
from cosmo.lib.rest.strict import StrictSerializer
from design.models import Product


class OfferSummarySerializer(serializers.Serializer[Product]):
    """A product that can be configured and ordered now."""

    product = serializers.SlugField(source="slug", help_text="Name of the product in addresses.")
    offer = serializers.UUIDField(source="published_offer.public_id")
    number = serializers.IntegerField(source="published_offer.number")
    gtin = serializers.CharField()
    currency = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField(help_text="By language.")

    def get_currency(self, product: Product) -> str:
        offer = product.published_offer
        return str(offer.document["currency"]) if offer else ""

    def get_name(self, product: Product) -> dict[str, str]:
        bundle = product.published_texts
        documents: dict[str, Any] = bundle.document if bundle else {}
        return {code: str(texts["product"]["name"]) for code, texts in documents.items()}


@extend_schema_field(ANSWER)
class AnswerField(serializers.JSONField):
    """An option, a number, a text, or several options."""


@extend_schema_field(ANSWERS)
class AnswersField(serializers.JSONField):
    """Feature to answer."""


INTERVAL = {
    "type": "object",
    "description": "Of a parameter of many values: it reaches both; not every step between.",
    "properties": {"min": NUMBER, "max": NUMBER, "step": NUMBER},
    "required": ["min", "max", "step"],
}
DOMAIN = {"anyOf": [{"type": "array", "items": ANSWER}, INTERVAL]}


@extend_schema_field({"type": "object", "additionalProperties": DOMAIN})
class DomainsField(serializers.JSONField):
    """Feature to answers."""


@extend_schema_field({"type": "number", "nullable": True})
class NumberField(serializers.JSONField):
    """A number; of a parameter perhaps with decimals."""


class OptionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()


class FeatureSerializer(serializers.Serializer[Any]):
    """A question with its answers (choice, multi), its limits (parameter) or its length (text)."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["choice", "multi", "parameter", "text"])
    default = AnswerField()
    options = OptionSerializer(many=True)
    unit = serializers.CharField(allow_blank=True)
    component = serializers.CharField(
        allow_blank=True, help_text="The component it belongs to; asked only where that is fitted."
    )
    min = NumberField(allow_null=True)
    max = NumberField(allow_null=True)
    step = NumberField(allow_null=True)
    max_length = serializers.IntegerField(allow_null=True)


class RuleSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    sentence = serializers.CharField()


class OfferSerializer(serializers.Serializer[Any]):
    """All that may be chosen."""

    product = serializers.SlugField()
    offer = serializers.UUIDField()
    name = serializers.CharField()
    currency = serializers.CharField()
    tax_percent = serializers.CharField(help_text="Included in every price.")
    features = FeatureSerializer(many=True)
    rules = RuleSerializer(many=True)


@extend_schema_field(ANSWERS)
class ChoicesField(serializers.JSONField):
    """``{"width": "w700", "height": 1850, "interior": ["wine"]}``, oldest choice first."""

    def to_internal_value(self, value: Any) -> dict[str, list[str]]:
        found = super().to_internal_value(value)
        if not isinstance(found, dict):
            raise serializers.ValidationError("Choices are an object: feature to answer.")
        return {str(name): _strings(name, answer) for name, answer in found.items()}


def _strings(name: str, answer: Any) -> list[str]:
    answers = answer if isinstance(answer, list) else [answer]
    if any(isinstance(a, bool) or not isinstance(a, str | int | float) for a in answers):
        raise serializers.ValidationError(
            f"The answer to {name[:40]!r} is an option, a list of them, a number or a text."
        )
    return [str(a) for a in answers] or [""]


class ConfigureRequestSerializer(StrictSerializer):
    """Choices to be looked at, for so many units."""

    choices = ChoicesField(default=dict)
    quantity = serializers.IntegerField(min_value=1, max_value=20, default=1)
    language = serializers.CharField(max_length=16, default="en")


class PriceLineSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    feature = serializers.CharField(allow_null=True)
    amount = serializers.CharField(help_text="Decimal, gross.")


class PriceSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    total = serializers.CharField(help_text="Gross; the sum of the lines, exactly.")
    net = serializers.CharField()
    tax = serializers.CharField()
    tax_percent = serializers.CharField()
    lines = PriceLineSerializer(many=True)


class PromiseSerializer(serializers.Serializer[Any]):
    date = serializers.DateField(help_text="Day of delivery at the customer. Not held.")
    plant = serializers.CharField()


class ChoiceSerializer(serializers.Serializer[Any]):
    feature = serializers.CharField()
    option = AnswerField()


class ConflictSerializer(serializers.Serializer[Any]):
    choices = ChoiceSerializer(many=True, help_text="Together impossible, none superfluous.")
    rules = RuleSerializer(many=True)


class ConfigureAnswerSerializer(serializers.Serializer[Any]):
    """What the choices come to. When they contradict each other only ``conflict`` is filled."""

    is_possible = serializers.BooleanField()
    conflict = ConflictSerializer(allow_null=True)
    choices = AnswersField()
    selection = AnswersField(allow_null=True)
    domains = DomainsField(help_text="Per feature all answers still possible, complete.")
    missing_text = serializers.CharField(allow_blank=True)
    price = PriceSerializer(allow_null=True)
    promise = PromiseSerializer(allow_null=True)
    promise_refusal = serializers.CharField(allow_blank=True)


class DesignRequestSerializer(StrictSerializer):
    """Choices to be kept; what is not chosen is completed."""

    product = serializers.SlugField()
    choices = ChoicesField(default=dict)
    name = serializers.CharField(max_length=80, allow_blank=True, default="")


class DesignSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Of the short link /d/<code>/.")
    product = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()
    offer = serializers.UUIDField()
    choices = AnswersField()
    selection = AnswersField()
    created_at = serializers.DateTimeField()
