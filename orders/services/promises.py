"""What the factory promises for an order, written where it was said."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.ports import Promise, promise_source
from orders.models import Order, OrderLine

# Whoever begins to pay gets the whole time again, so often and no oftener: a hold that anybody
# could keep for ever would be a cheap way to close a plant.
MOST_EXTENSIONS = 3


def hold_capacity(order: Order, *, lasts: timedelta) -> None:
    """Hold capacity for every unit and write the dates onto lines and order. In a transaction."""
    write_promises(order, promise_source().hold(order_id=order.pk, lasts=lasts))


def write_promises(order: Order, promises: Mapping[int, Promise]) -> None:
    """Make ``promises`` (by line id) what the order says."""
    lines = list(order.lines.filter(pk__in=promises))
    for line in lines:
        line.promise_date = promises[line.pk].date
        line.plant_code = promises[line.pk].plant
    OrderLine.objects.bulk_update(lines, ["promise_date", "plant_code"])
    order.promise_date = latest_date(promises)
    order.held_until = min(
        (p.lasts_until for p in promises.values() if p.lasts_until), default=None
    )
    order.save(update_fields=["promise_date", "held_until"])


def write_plants(promises: Mapping[int, Promise]) -> None:
    """Who makes each line, where its day is still to be accepted."""
    lines = list(OrderLine.objects.filter(pk__in=promises))
    for line in lines:
        line.plant_code = promises[line.pk].plant
    OrderLine.objects.bulk_update(lines, ["plant_code"])


def latest_date(promises: Mapping[int, Promise]) -> date:
    return max(promise.date for promise in promises.values())


def extend_hold(order: Order) -> bool:
    """Somebody begins to pay: where half the time is over, the whole time again; thrice at most.

    The hold is placed anew, so that no capacity is promised that has gone by when it ends; where
    that would make anything later, the hold stays as it is. On a locked, quoted order.
    """
    if order.held_until is None or order.held_until - real_now() > settings.COSMO_HOLD / 2:
        return False  # time enough
    if order.hold_extensions >= MOST_EXTENSIONS or not promise_source().is_held(order_id=order.pk):
        return False
    said = dict(order.lines.values_list("pk", "promise_date"))
    try:
        with transaction.atomic():
            promises = promise_source().hold(order_id=order.pk, lasts=settings.COSMO_HOLD)
            if any(promise.date > said[line_id] for line_id, promise in promises.items()):
                raise _LaterError
    except (_LaterError, DomainError):
        return False
    write_promises(order, promises)
    order.hold_extensions += 1
    order.save(update_fields=["hold_extensions"])
    return True


class _LaterError(Exception):
    """What could be held now is later than what was said."""
