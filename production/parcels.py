"""Answers the parcel port (cosmo/lib/ports.py) from the shipments and their carrier's word."""

from collections.abc import Sequence

from orders.models import Unit
from production.locks import plant_locks
from production.models import Shipment, WorkOrder


class PlantParcels:
    """A parcel leaves under its plant's lock; whoever holds that lock sees all that left."""

    def hold_parcels(self, *, order_id: int) -> frozenset[int]:
        """One statement for the plants, their locks, one for what has left."""
        plant_locks(
            WorkOrder.objects.filter(unit__line__order=order_id).values_list("plant_id", flat=True)
        )
        return self.sent_units(order_ids=[order_id])

    def sent_units(self, *, order_ids: Sequence[int]) -> frozenset[int]:
        sent = Shipment.objects.filter(
            unit__line__order__in=order_ids, handed_over_at__isnull=False
        )
        return frozenset(sent.values_list("unit_id", flat=True))

    def arrived_units(self, *, order_ids: Sequence[int]) -> frozenset[int]:
        arrived = Unit.objects.filter(
            line__order__in=order_ids, shipment__delivered_at__isnull=False
        )
        return frozenset(arrived.values_list("pk", flat=True))

    def forget_addresses(self, *, order_ids: Sequence[int]) -> None:
        arrived = Shipment.objects.filter(
            unit__line__order__in=order_ids, delivered_at__isnull=False
        )
        arrived.update(goes_to={})
