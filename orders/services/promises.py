"""What the factory promises for an order, written where it was said."""

from collections.abc import Mapping
from datetime import date, timedelta

from cosmo.lib.ports import Promise, promise_source
from orders.models import Order, OrderLine


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


def latest_date(promises: Mapping[int, Promise]) -> date:
    return max(promise.date for promise in promises.values())
