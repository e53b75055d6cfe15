"""What is measured of promises, each by itself."""

import http.client
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from socketserver import ThreadingMixIn
from statistics import median
from typing import Any
from urllib.parse import urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.models import Max

from production.compile import Floor, floor_of
from production.lifecycle import HoldStatus
from production.measuring.ground import make_orders, random_selection
from production.models import Booking, HeldUnit, Plant, Resource, WorkOrder
from production.planning import read_snapshot
from production.promise.possible import most_in_time
from production.scheduling.delivery import latest_end, promise_date
from production.scheduling.gaps import NoRoom
from production.selectors.bookings import PlantGaps, gaps_of
from production.selectors.demands import Demand, demand_of
from production.services.downtimes import note_downtime
from production.services.holds import confirm_hold, hold_capacity
from production.services.planning import plan_plant
from production.services.sooner import bring_sooner

LASTS = timedelta(minutes=15)
# The best a database can do without a calendar: bookings of one lane in order, the first gap.
SQL_GAP = """
WITH taken AS (
    SELECT greatest(upper(period), %s) AS free, lead(lower(period)) OVER (ORDER BY period) AS till
    FROM production_booking WHERE lane_id = %s AND upper(period) > %s)
SELECT free FROM taken WHERE till IS NULL OR till >= free + make_interval(mins => %s)
ORDER BY free LIMIT 1
"""
# Without the exclusion constraint's help: a booking that begins before the one before it ends.
SQL_DOUBLE = """
SELECT count(*) FROM (
    SELECT lower(period) < max(upper(period)) OVER (
        PARTITION BY lane_id ORDER BY lower(period), upper(period)
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_double
    FROM production_booking) each WHERE is_double
"""


def percentile(times: Sequence[float], share: float = 0.95) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3) if ordered else 0.0


def timed(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def demands(plant: Plant, wanted: int, rng: random.Random) -> list[Demand]:
    maker = plant.engineerings.select_related("offer", "plant").get(is_current=True)
    return [demand_of(maker, random_selection(rng)) for _ in range(wanted)]


def engine_ms(gaps: PlantGaps, asked: Sequence[Demand]) -> list[float]:
    """The gap search alone, one unit each."""
    found: list[float] = []
    for one in asked:
        place = None
        began = time.perf_counter()
        place = gaps.index.earliest_unit(one.operations, not_before=0)
        found.append((time.perf_counter() - began) * 1000)
        if isinstance(place, NoRoom):
            raise RuntimeError(f"The bench's plant is too full: {place.sentence}")
    return found


def sql_ms(gaps: PlantGaps, asked: Sequence[Demand]) -> tuple[list[float], list[float]]:
    """The same search by the database: of one lane, and of a whole unit."""
    lanes: list[float] = []
    units: list[float] = []
    for one in asked:
        began = time.perf_counter()
        ready = gaps.origin
        for operation in one.operations:
            ends = []
            for candidate in operation.candidates:
                minutes = candidate.set_up_min + candidate.duration_min
                asked_at = time.perf_counter()
                with connection.cursor() as cursor:
                    cursor.execute(SQL_GAP, [ready, candidate.lane, ready, minutes])
                    row = cursor.fetchone()
                lanes.append((time.perf_counter() - asked_at) * 1000)
                ends.append((row[0] if row else ready) + timedelta(minutes=minutes))
            ready = min(ends)
        units.append((time.perf_counter() - began) * 1000)
    return lanes, units


def follow_ms(plant_id: int, offer: Any, times: int, rng: random.Random) -> list[float]:
    """Taking note of another's hold: the statement and the mended gaps."""
    found = []
    for order_id in make_orders(offer, times, rng):
        hold_capacity(order_id=order_id, lasts=LASTS)
        plant = Plant.objects.defer("document").get(pk=plant_id)
        found.append(timed(lambda plant=plant: gaps_of(plant)))  # type: ignore[misc]
    return found


def load_ms(plant: Plant) -> float:
    """Laying out everything anew, as a new process does."""
    from production.selectors import bookings

    bookings._kept.clear()
    return round(timed(lambda: gaps_of(plant)), 1)


def http_ms(path: str, times: int, rng: random.Random) -> list[float]:
    """A click in the studio through a socket: every answer's price and day, one client."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = []
    try:
        for number in range(times + 5):
            query = urlencode(random_selection(rng))
            began = time.perf_counter()
            asked = http.client.HTTPConnection("127.0.0.1", server.server_port)
            asked.request("GET", f"{path}?{query}", headers={"HX-Request": "true"})
            answer = asked.getresponse()
            answer.read()
            asked.close()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}.")
            if number >= 5:
                found.append((time.perf_counter() - began) * 1000)
    finally:
        server.shutdown()
        server.server_close()
    return found


def double_bookings() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL_DOUBLE)
        return int(cursor.fetchone()[0])


def kept(
    plant: Plant, offer: Any, rng: random.Random, *, plans: int, units: int, is_sooner: bool
) -> dict[str, float]:
    """Orders come in, and after every few the plant is planned again; half way a resource breaks
    down for a shift. What was promised of every unit is compared with where it stands at last.
    """
    for turn in range(plans):
        for order_id in make_orders(offer, units, rng):
            hold_capacity(order_id=order_id, lasts=LASTS)
            if is_sooner:
                bring_sooner(order_id=order_id, seconds=1.0)
            confirm_hold(order_id=order_id)
        if turn == plans // 2:
            break_down(plant)
        plan_plant(plant_id=plant.pk, trigger="bench")
    floor = floor_of(plant)
    ends = dict(
        Booking.objects.filter(plant=plant, operation__isnull=False)
        .values_list("operation__work_order")
        .annotate(Max("period__endswith"))
    )
    work_orders = list(WorkOrder.objects.filter(plant=plant).select_related("unit"))
    said = HeldUnit.objects.filter(plant=plant, hold__status=HoldStatus.CONFIRMED)
    promised = dict(said.values_list("unit_id", "promise_date"))
    possible = _possible(plant, floor, promised)
    early = [(promised[one.unit_id] - _reached(floor, ends[one.pk])).days for one in work_orders]
    return {
        "units": len(work_orders),
        "promises_kept": round(sum(days >= 0 for days in early) / len(early), 4),
        "promises_possible": round(possible / len(early), 4),
        "late_bias_days": float(median(early)),
    }


def _possible(plant: Plant, floor: Floor, promised: Mapping[int, date]) -> int:
    """How many promises the best of all plans could keep at most: nothing has begun, time stands
    still, and the resource is broken.
    """
    snapshot = read_snapshot(plant.pk)
    latest = {}
    for job, work_order in enumerate(snapshot.work_orders):
        if work_order is not None:
            day = promised[work_order.unit_id]
            end = latest_end(day, carrier=floor.book.carrier, buffer_min=0)
            latest[job] = (end - snapshot.origin) // timedelta(minutes=1)
    return most_in_time(snapshot.problem, latest)


def _reached(floor: Floor, end: datetime) -> date:
    """The day the customer has it: the buffer may be used up, the pick-up is what counts."""
    return promise_date(end, carrier=floor.book.carrier, buffer_min=0)


def break_down(plant: Plant) -> None:
    """The first resource of the plant stands still for a shift."""
    resource = Resource.objects.filter(work_centre__plant=plant).order_by("pk")[0]
    note_downtime(
        plant_id=plant.pk,
        resource=resource.code,
        kind="breakdown",
        ends_at=plant.clock.now() + timedelta(hours=8),
        reason="bench",
    )


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the times are what is wanted."""
