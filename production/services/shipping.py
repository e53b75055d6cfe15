"""From ready to delivered: parcels are booked, handed over and arrive, in plant time.

The carrier is asked without a lock; what it said is written under the plant's, once.
"""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models import Q

from cosmo.lib.chain import chain
from orders.lifecycle import OrderStatus
from orders.models import Order, OrderLine
from orders.services.addresses import address_json
from orders.services.shipping import record_fulfilment, record_shipment
from production.carriers.base import Parcel, Whereabouts, carrier_called
from production.compile import floor_of
from production.lifecycle import SlipStatus, Stage, WorkOrderStatus
from production.locks import plant_lock
from production.models import Plant, Shipment, UnitEvent, WorkOrder
from production.services.history import Fact, Happening, record_events
from production.services.slip_words import close_slips

log = structlog.get_logger(__name__)
BATCH = 100


def book_parcels() -> int:
    """Register a parcel for every unit that left the line without one; how many."""
    ready = list(
        WorkOrder.objects.filter(status=WorkOrderStatus.CLOSED, unit__shipment=None)
        .select_related("plant", "unit")
        .order_by("id")[:BATCH]
    )
    for work_order in ready:
        with chain(work_order.chain_id):
            _book(work_order)
    return len(ready)


def _book(work_order: WorkOrder) -> None:
    plant, unit = work_order.plant, work_order.unit
    book = floor_of(plant).book
    ready = UnitEvent.objects.filter(unit=unit, stage=Stage.READY).order_by("-seq").first()
    ready_at = ready.plant_time if ready else plant.clock.now()
    parcel = carrier_called(book.carrier_code).take_on(
        reference=unit.public_id, ready_at=ready_at, timetable=book.carrier
    )
    Shipment.objects.get_or_create(
        unit=unit,
        defaults={
            "plant": plant,
            "carrier": book.carrier_code,
            "parcel_number": parcel.number,
            "ready_at": ready_at,
            "pickup_at": parcel.pickup_at,
            "expected_at": parcel.expected_at,
        },
    )
    log.info("parcel_booked", unit=unit.serial, parcel=parcel.number)


def move_parcels() -> int:
    """Note what has been handed over and delivered by now; how many parcels moved."""
    moved = 0
    for plant in Plant.objects.defer("document"):
        now = plant.clock.now()
        due = Shipment.objects.filter(plant=plant, delivered_at=None).filter(
            Q(handed_over_at=None, pickup_at__lte=now) | Q(expected_at__lte=now)
        )
        found = [(shipment.pk, _ask(shipment, plant)) for shipment in due.order_by("id")[:BATCH]]
        moved += _note(plant, dict(found)) if found else 0
    return moved


def _ask(shipment: Shipment, plant: Plant) -> Whereabouts:
    parcel = Parcel(shipment.parcel_number, shipment.pickup_at, shipment.expected_at)
    return carrier_called(shipment.carrier).whereabouts(parcel, now=plant.clock.now())


@transaction.atomic
def _note(plant: Plant, found: dict[int, Whereabouts]) -> int:
    plant_lock(plant.pk)
    shipments = list(
        Shipment.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=found, delivered_at=None)
        .select_related("unit__line__order")
        .order_by("id")
    )
    happenings: list[Happening] = []
    for shipment in shipments:
        happenings += _move(shipment, found[shipment.pk], plant)
    record_events(plant_id=plant.pk, happenings=happenings)
    delivered = [shipment.unit_id for shipment in shipments if shipment.delivered_at]
    close_slips(unit_ids=delivered, status=SlipStatus.OVER, said="delivered")
    return len(happenings)


def _move(shipment: Shipment, seen: Whereabouts, plant: Plant) -> Sequence[Happening]:
    """What is new about one locked shipment."""
    happenings = []
    if seen.handed_over_at and not shipment.handed_over_at:
        shipment.handed_over_at = seen.handed_over_at
        expected = shipment.expected_at.astimezone(floor_of(plant).book.zone).date()
        happenings.append(
            Happening(
                unit_id=shipment.unit_id,
                stage=Stage.ON_ITS_WAY,
                plant_time=seen.handed_over_at,
                facts=_parcel_facts(shipment, expected.isoformat()),
            )
        )
        order = shipment.unit.line.order  # read under the plant's lock: where it goes for good
        shipment.goes_to = address_json(order)
        with chain(order.chain_id):
            record_shipment(
                order_id=order.pk,
                serial=shipment.unit.serial,
                parcel_number=shipment.parcel_number,
                expected=expected,
            )
    if seen.delivered_at:
        shipment.delivered_at = seen.delivered_at
        happenings.append(
            Happening(
                unit_id=shipment.unit_id,
                stage=Stage.DELIVERED,
                plant_time=seen.delivered_at,
                facts={"parcel": shipment.parcel_number},
            )
        )
    shipment.save(update_fields=["handed_over_at", "goes_to", "delivered_at"])
    return happenings


def _parcel_facts(shipment: Shipment, expected: str) -> dict[str, Fact]:
    return {
        "parcel": shipment.parcel_number,
        "carrier": shipment.carrier,
        "expected": expected,
    }


def fulfil_orders() -> int:
    """Tell orders which of them have every unit delivered; how many.

    Outside the plant's lock, because the order's row is locked before it everywhere.
    """
    arrived = Order.objects.filter(
        status=OrderStatus.CONFIRMED,
        lines__units__shipment__delivered_at__isnull=False,
    )
    still_out = Order.objects.filter(
        pk__in=arrived.values("pk"),
        lines__in=OrderLine.objects.filter(cancelled_at=None, units__shipment__delivered_at=None),
    )
    complete = list(
        arrived.exclude(pk__in=still_out.values("pk"))
        .distinct()
        .order_by("pk")
        .values_list("pk", "chain_id")[:BATCH]
    )
    for order_id, chain_id in complete:
        with chain(chain_id):
            record_fulfilment(order_id=order_id)
    return len(complete)
