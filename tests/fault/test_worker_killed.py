"""Nothing lost, shown: the worker dies between the line's acceptance and its answer, twice; then
the line is away for a while. Every unit is delivered, none is made twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cosmo.invariants import find_breaches
from cosmo.lib.clock import real_now
from orders.lifecycle import OrderStatus
from orders.models import Order
from production.lifecycle import DispatchStatus
from production.models import Plant, Shipment, WorkOrder
from tests.factories.production import set_plant_time
from tests.fault.platform import Platform, running_platform, waiting_hints, wipe_valkey
from tests.flow.line import LineProcess, running_line
from tests.flow.waiting import wait_until

pytestmark = pytest.mark.fault
EACH = 4  # orders confirmed for each of the three blows
ORDERS = 3 * EACH
SLOW_MS = 3000  # of each answer of the line; a connector waits 5 s
FACTOR = 7_200.0  # two hours of the plant in a second, once the worker has been killed enough
SOON_S = 120.0  # patience on a machine that is busy; each of these takes seconds on a free one
DELIVERED_S = 300.0
WIPED_S = 15.0  # from the wipe to the first dispatch (aim: 10 s, and a shared machine)
Jobs = set[str]


@pytest.fixture
def platform(workshop: Plant, tmp_path: Path) -> Iterator[Platform]:
    with running_platform(tmp_path / "data", key=workshop.lines.get().key) as one:
        yield one


@pytest.fixture
def line(platform: Platform, workshop: Plant) -> Iterator[LineProcess]:
    """The simulated line, welcomed by the web process and slow to answer."""
    platform.start("web")
    platform.wait_for_web()
    with running_line(
        url=platform.url,
        key=workshop.lines.get().key,
        log=platform.folder.logs / "line.log",
        arguments=["--state", str(platform.folder.path / "memory"), "--slow-ms", str(SLOW_MS)],
    ) as one:
        yield one


def jobs_of(lines: list[dict[str, Any]]) -> Jobs:
    return {str(line["job"]) for line in lines}


def moment(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(line.get("at") or line["timestamp"]))


def in_flight(platform: Platform, line: LineProcess) -> Jobs:
    """Sent by the worker and taken by the line, whose answer has not come."""
    sent = jobs_of(platform.told("worker", "dispatch_sending"))
    over = jobs_of(platform.told("worker", "dispatch_answered"))
    return (sent & jobs_of(line.told("job_accepted"))) - over


def kill_worker_before_the_answer(platform: Platform, line: LineProcess) -> tuple[Jobs, datetime]:
    """Wait for the moment, then kill -9 parent and children; the jobs that hung in the air."""
    before = in_flight(platform, line)
    wait_until(
        lambda: in_flight(platform, line) - before,
        within_s=SOON_S,
        what="a job order accepted by the line and not answered",
    )
    platform.kill("worker")
    killed_at = datetime.now(UTC)
    hanging = in_flight(platform, line) - before
    assert hanging
    return hanging, killed_at


def prove_moment(platform: Platform, line: LineProcess, hanging: Jobs, killed_at: datetime) -> None:
    """The logs say: claimed, sent, accepted by the line; then the kill, and no answer."""
    for job in hanging:
        claimed = platform.told("relay", "dispatch_claimed", job=job)[0]
        sent = platform.told("worker", "dispatch_sending", job=job)[0]
        [accepted] = line.told("job_accepted", job=job)
        assert moment(claimed) < moment(sent) < moment(accepted) < killed_at
        answers = platform.told("worker", "dispatch_answered", job=job)
        assert all(moment(answer) > killed_at for answer in answers)


def due(jobs: Jobs) -> Jobs:
    """Those whose row still says that they are to be sent."""
    found = WorkOrder.objects.filter(public_id__in=jobs, dispatch=DispatchStatus.DUE)
    return {str(public_id) for public_id in found.values_list("public_id", flat=True)}


def jobs_of_order(order: Order) -> list[UUID]:
    found = WorkOrder.objects.filter(unit__line__order=order)
    return list(found.values_list("public_id", flat=True))


def all_delivered() -> bool:
    return Shipment.objects.exclude(delivered_at=None).count() == ORDERS and not (
        Order.objects.exclude(status=OrderStatus.FULFILLED).exists()
    )


def test_worker_killed_before_the_answer_then_the_line_away(
    workshop: Plant, sell: Callable[[int], list[Order]], platform: Platform, line: LineProcess
) -> None:
    # 1. While the web process is away too, no report can tell what the killed worker did not learn.
    platform.kill("web")
    sell(EACH)
    platform.start("relay", "worker", "beat")
    first, killed_at = kill_worker_before_the_answer(platform, line)
    assert due(first) == first
    platform.start("worker")
    wait_until(
        lambda: jobs_of(platform.told("worker", "dispatch_answered", ack="duplicate")) >= first,
        within_s=SOON_S,
        what="the hanging jobs answered as duplicates",
    )
    prove_moment(platform, line, first, killed_at)
    wait_until(lambda: not due(first), within_s=SOON_S, what="the answers written down")

    # 2. With the web process there, the line's reports may be quicker than the second answer.
    platform.start("web")
    platform.wait_for_web()
    sell(EACH)
    second, killed_at = kill_worker_before_the_answer(platform, line)
    platform.start("worker")
    wait_until(lambda: not due(second), within_s=SOON_S, what="the hanging jobs known as accepted")
    prove_moment(platform, line, second, killed_at)

    # 3. The line is away, with job orders to send and reports to tell; meanwhile it works on.
    line.turn(offline=True, slow_ms=0)
    third = {str(job) for order in sell(EACH) for job in jobs_of_order(order)}
    set_plant_time(workshop, workshop.clock.now(), factor=FACTOR)
    wait_until(
        lambda: jobs_of(platform.told("worker", "dispatch_unanswered")) >= third,
        within_s=SOON_S,
        what="every new job order sent in vain",
    )
    assert due(third) == third
    line.turn(offline=False)

    wait_until(all_delivered, within_s=DELIVERED_S, what="every unit delivered")
    prove_nothing_lost_or_doubled(line)
    assert platform.traceback() == ""


def prove_nothing_lost_or_doubled(line: LineProcess) -> None:
    made = line.made()
    assert made["made_twice"] == []
    assert made["finished"] == ORDERS
    serials = WorkOrder.objects.values_list("unit__serial", flat=True)
    assert sorted(unit["serial"] for unit in made["units"]) == sorted(serials)
    begun = Counter(str(one["job"]) for one in line.told("job_accepted"))
    jobs = {str(job) for job in WorkOrder.objects.values_list("public_id", flat=True)}
    assert begun == dict.fromkeys(jobs, 1)
    assert not WorkOrder.objects.exclude(dispatch=DispatchStatus.ACCEPTED).exists()
    assert WorkOrder.objects.filter(dispatched_at=None).count() == 0
    assert find_breaches() == []


def test_valkey_wiped_while_hints_wait(
    sell: Callable[[int], list[Order]], platform: Platform, line: LineProcess
) -> None:
    """Hints are gone for good; the rows are not, and the relay sends new ones."""
    platform.start("worker")
    platform.wait_for_worker()
    sell(8)
    platform.start("relay")
    wait_until(
        lambda: in_flight(platform, line) and waiting_hints() >= 3,
        within_s=SOON_S,
        what="hints waiting behind a slow line",
    )
    wipe_valkey()
    wiped_at = real_now()
    before = jobs_of(platform.told("worker", "dispatch_sending"))
    wait_until(
        lambda: jobs_of(platform.told("worker", "dispatch_sending")) - before,
        within_s=SOON_S,
        what="a dispatch after the wipe",
    )
    sent = platform.told("worker", "dispatch_sending")
    fresh = next(one for one in sent if one["job"] not in before)
    assert (moment(fresh) - wiped_at).total_seconds() < WIPED_S
    claims = platform.told("relay", "dispatch_claimed", job=fresh["job"])
    assert any(wiped_at < moment(claim) < moment(fresh) for claim in claims)  # a new hint
    line.turn(slow_ms=0)
    wait_until(
        lambda: not WorkOrder.objects.exclude(dispatch=DispatchStatus.ACCEPTED).exists(),
        within_s=SOON_S,
        what="every job order accepted",
    )
    assert Counter(str(one["job"]) for one in line.told("job_accepted")).most_common(1)[0][1] == 1
    assert find_breaches() == []
