"""What a request may hold: its members and no others, so that no misspelt one is passed over."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses members it does not know: `quantiy: 5` is an error, not an order of one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError(
                    {name[:60]: ["There is no such member."] for name in unknown[:20]}
                )
        return super().to_internal_value(data)


def strict_names() -> frozenset[str]:
    """Names of all strict shapes as the OpenAPI document calls them."""
    return frozenset(kind.__name__.removesuffix("Serializer") for kind in _kinds(StrictSerializer))


def _kinds(kind: type[Any]) -> list[type[Any]]:
    below: list[type[Any]] = kind.__subclasses__()
    return below + [further for child in below for further in _kinds(child)]
