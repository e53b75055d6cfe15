"""A due work order reaches its line once, whatever happens to hints, workers and answers."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict
from production.lifecycle import DispatchStatus
from production.models import Booking, Line, Plant, UnitEvent, WorkOrder
from production.services import dispatch
from production.services.dispatch import (
    STUCK_AFTER,
    claim_due_work_orders,
    dispatch_work_order,
    retry_dispatch,
    wake_due_work_orders,
)
from tests.factories.documents import OFFER
from tests.factories.work_orders import make_due, make_work_order
from tests.production.fake_line import EPOCH, FakeLine, problem

pytestmark = pytest.mark.django_db


def end_leases() -> None:
    """As if the leases had run out."""
    WorkOrder.objects.filter(dispatch=DispatchStatus.DUE).update(
        next_at=real_now() - timedelta(seconds=1), sending_until=None
    )


def claimed(plant: Plant) -> WorkOrder:
    work_order = make_due(make_work_order(plant))
    assert [claim.work_order_id for claim in claim_due_work_orders()] == [work_order.pk]
    return work_order


def test_work_order_reaches_the_line_with_all_it_needs(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED
    work_order.refresh_from_db()
    plant.refresh_from_db()
    assert work_order.dispatched_at is not None
    assert (work_order.next_at, work_order.sending_until, work_order.hints) == (None, None, 0)
    assert (work_order.applied_epoch, work_order.applied_seq) == (EPOCH, 0)
    assert work_order.sent_plan == plant.booking_seq
    order = line.orders[str(work_order.public_id)]
    assert order["plan"] == plant.booking_seq
    assert order["unit"] == {
        "serial": work_order.unit.serial,
        "gs1": f"http://127.0.0.1:8000/01/0{OFFER['gtin']}/21/{work_order.unit.serial}",
    }
    assert order["product"] == {"code": "stool", "gtin": OFFER["gtin"], "name": "Stool"}
    assert order["bom"] == work_order.bom
    assert [one["id"] for one in order["operations"]] == ["saw", "paint", "check", "pack"]
    assert order["operations"][1] == {
        "id": "paint",
        "kind": "make",
        "work_centre": "paint",
        "resource": "booth",
        "after": ["saw"],
        "planned_start": "2027-03-01T06:20:00Z",
        "planned_end": "2027-03-01T07:35:00Z",
        "set_up_min": 30,
        "duration_min": 45,
    }
    assert line.headers[0]["cosmo-chain"] == work_order.chain_id


def test_duplicate_and_late_hints_send_nothing_more(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    results = [dispatch_work_order(work_order_id=work_order.pk) for _ in range(3)]
    assert results == [DispatchStatus.ACCEPTED, None, None]
    assert line.calls == [str(work_order.public_id)]


def test_a_hint_without_claim_sends_nothing(plant: Plant, line: FakeLine) -> None:
    work_order = make_due(make_work_order(plant))
    assert dispatch_work_order(work_order_id=work_order.pk) is None
    assert line.calls == []


def test_not_due_work_order_is_neither_claimed_nor_sent(plant: Plant, line: FakeLine) -> None:
    work_order = make_work_order(plant)
    assert claim_due_work_orders() == []
    assert dispatch_work_order(work_order_id=work_order.pk) is None
    assert line.calls == []


def test_claim_moves_the_lease_ahead_and_heals_a_lost_hint(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    assert claim_due_work_orders() == []  # the lease stands
    waits = []
    for _ in range(7):
        end_leases()
        assert len(claim_due_work_orders()) == 1
        work_order.refresh_from_db()
        assert work_order.next_at is not None
        waits.append(round((work_order.next_at - real_now()).total_seconds(), 1))
    assert waits == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]
    assert work_order.attempts == 0
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED


def test_lost_answer_is_asked_again_and_nothing_is_made_twice(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    line.reply = lambda order: None
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.DUE
    work_order.refresh_from_db()
    assert work_order.attempts == 1
    assert "RemoteProtocolError" in work_order.last_error
    assert work_order.sending_until is None
    line.reply = None
    end_leases()
    claim_due_work_orders()
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED
    assert len(line.calls) == 2
    assert len(line.orders) == 1
    work_order.refresh_from_db()
    assert (work_order.attempts, work_order.last_error) == (0, "")


def test_worker_killed_while_calling_is_followed_by_another(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    assert dispatch._begin(work_order.pk) is not None  # and the worker is killed here
    assert dispatch_work_order(work_order_id=work_order.pk) is None  # its lease still stands
    work_order.refresh_from_db()
    assert work_order.sending_until is not None
    assert work_order.sending_until - real_now() < timedelta(seconds=10)
    end_leases()
    claim_due_work_orders()
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED
    assert len(line.calls) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (
            (200, {"ack": "rejected", "reason": {"code": "unknown_station", "text": "No saw-9."}}),
            "unknown_station: No saw-9.",
        ),
        (problem("job_order_differs"), "job_order_differs: Refused: job_order_differs."),
        (problem("not_the_schema", 422), "not_the_schema: Refused: not_the_schema."),
    ],
)
def test_rejection_waits_for_an_operator(
    plant: Plant, line: FakeLine, reply: tuple[int, dict[str, object]], reason: str
) -> None:
    work_order = claimed(plant)
    status, document = reply
    line.reply = lambda order: (status, {"job": order["job"], "epoch": EPOCH, **document})
    if status != 200:
        line.reply = lambda order: (status, document)
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.REJECTED
    work_order.refresh_from_db()
    assert work_order.last_error == reason
    assert claim_due_work_orders() == []
    line.reply = None
    retry_dispatch(work_order_id=work_order.pk)
    claim_due_work_orders()
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED


@pytest.mark.parametrize(
    "reply",
    [
        (500, {"code": "broken"}),
        (503, {"code": "starting"}),
        (404, {"code": "not_found"}),
        (401, {"code": "signature_wrong"}),
        (302, {}),
        (200, b"<html>hello</html>"),
        (200, {"ack": "maybe"}),
        (201, {"job": "0195f2d0-6a53-7c1e-9a0f-3f6f0f1b7a11", "epoch": EPOCH, "ack": "accepted"}),
    ],
)
def test_indefinite_answer_is_asked_again(
    plant: Plant, line: FakeLine, reply: tuple[int, object]
) -> None:
    work_order = claimed(plant)
    line.reply = lambda order: reply
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.DUE
    work_order.refresh_from_db()
    assert work_order.attempts == 1
    assert work_order.last_error


def test_a_line_that_is_seen_but_never_answers_makes_the_job_stuck(
    plant: Plant, line: FakeLine
) -> None:
    work_order = claimed(plant)
    line.reply = lambda order: (500, {})
    for _ in range(STUCK_AFTER):
        dispatch_work_order(work_order_id=work_order.pk)
        end_leases()
        claim_due_work_orders()
    work_order.refresh_from_db()
    assert (work_order.dispatch, work_order.attempts) == (DispatchStatus.STUCK, STUCK_AFTER)
    assert claim_due_work_orders() == []
    line.reply = None
    retry_dispatch(work_order_id=work_order.pk)
    claim_due_work_orders()
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED


def test_a_line_that_is_off_makes_nothing_stuck_and_is_not_waited_for_when_back(
    plant: Plant, line: FakeLine
) -> None:
    work_order = claimed(plant)
    row = Line.objects.get()
    row.seen_at = real_now() - timedelta(minutes=5)
    row.address = "http://127.0.0.1:1"
    row.save()
    for _ in range(STUCK_AFTER + 3):
        dispatch_work_order(work_order_id=work_order.pk)
        end_leases()
        claim_due_work_orders()
    dispatch_work_order(work_order_id=work_order.pk)
    work_order.refresh_from_db()
    assert work_order.dispatch == DispatchStatus.DUE
    assert work_order.next_at is not None
    assert work_order.next_at - real_now() > timedelta(seconds=25)
    Line.objects.update(address=line.address, seen_at=real_now())
    assert wake_due_work_orders(line_id=row.pk) == 1
    assert len(claim_due_work_orders()) == 1
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED


def test_answer_of_an_unknown_memory_is_not_believed_yet(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    line.epoch = "epoch-two"
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.DUE
    Line.objects.update(epoch="epoch-two")
    end_leases()
    claim_due_work_orders()
    assert dispatch_work_order(work_order_id=work_order.pk) == DispatchStatus.ACCEPTED
    assert len(line.orders) == 1


def test_work_order_without_a_place_in_the_plan_waits_for_one(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    Booking.objects.filter(operation__code="paint").delete()
    assert dispatch_work_order(work_order_id=work_order.pk) is None
    work_order.refresh_from_db()
    assert work_order.dispatch == DispatchStatus.WAITING
    assert "paint" in work_order.last_error
    assert line.calls == []


def test_retry_of_what_is_not_stuck_is_refused_and_changes_nothing(plant: Plant) -> None:
    work_order = make_work_order(plant)
    retry = {"work_order_id": work_order.pk}
    make_due(work_order)
    with pytest.raises(Conflict) as refused:
        retry_dispatch(**retry)
    assert refused.value.code == "bad_transition"
    work_order.refresh_from_db()
    assert work_order.dispatch == DispatchStatus.DUE


def test_dispatch_tells_the_customer_nothing_by_itself(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    before = UnitEvent.objects.count()
    dispatch_work_order(work_order_id=work_order.pk)
    assert UnitEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_hint_send_once(plant: Plant, line: FakeLine) -> None:
    work_order = claimed(plant)
    both = threading.Barrier(2)
    results: list[DispatchStatus | None] = []

    def work() -> None:
        try:
            both.wait(5)
            results.append(dispatch_work_order(work_order_id=work_order.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, results)) == ["None", "accepted"]
    assert line.calls == [str(work_order.public_id)]


@pytest.mark.django_db(transaction=True)
def test_two_relays_claim_each_row_once(plant: Plant) -> None:
    for _ in range(20):
        make_due(make_work_order(plant))
    both = threading.Barrier(2)
    found: list[int] = []

    def relay() -> None:
        try:
            both.wait(5)
            for _ in range(4):
                found.extend(claim.work_order_id for claim in claim_due_work_orders(limit=5))
        finally:
            connection.close()

    threads = [threading.Thread(target=relay) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(found) == list(WorkOrder.objects.order_by("pk").values_list("pk", flat=True))
