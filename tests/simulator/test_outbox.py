"""The outbox: order per job, batches, waiting."""

from simulator.faults import Misfortune
from simulator.outbox import BATCH, Outbox, Pending


def filled(*reports: tuple[str, int]) -> Outbox:
    outbox = Outbox(Misfortune(1))
    for job, seq in reports:
        outbox.add(Pending(job, seq, "", {}))
    return outbox


def names(batch: list[Pending]) -> list[tuple[str, int]]:
    return [(one.job, one.seq) for one in batch]


def test_reports_leave_in_order_and_stay_until_acknowledged() -> None:
    outbox = filled(("a", 1), ("b", 1), ("a", 2))

    first = outbox.due(0, shuffle=False)
    assert names(first) == [("a", 1), ("b", 1), ("a", 2)]
    outbox.acknowledge([("b", 1)])
    assert names(outbox.due(0, shuffle=False)) == [("a", 1), ("a", 2)]


def test_a_batch_is_bounded() -> None:
    outbox = filled(*(("a", seq) for seq in range(1, 200)))

    assert names(outbox.due(0, shuffle=False)) == [("a", seq) for seq in range(1, BATCH + 1)]


def test_a_refused_job_waits_longer_each_time_and_holds_up_nobody() -> None:
    outbox = filled(("a", 1), ("a", 2), ("b", 1))
    first = outbox.due(0, shuffle=False)[0]

    waits = [outbox.refuse(first, now=0) for _ in range(9)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert names(outbox.due(29.9, shuffle=False)) == [("b", 1)]
    assert outbox.next_due(0, shuffle=False) == 30
    assert names(outbox.due(30, shuffle=False)) == [("a", 1), ("a", 2), ("b", 1)]


def test_an_acknowledged_job_starts_its_waits_anew() -> None:
    outbox = filled(("a", 1), ("a", 2))
    outbox.refuse(outbox.due(0, shuffle=False)[0], now=0)
    outbox.acknowledge([("a", 1)])

    assert not outbox.is_waiting("a")
    assert outbox.refuse(outbox.due(0, shuffle=False)[0], now=0) == 0.5


def test_nothing_to_send_is_nothing_to_wait_for() -> None:
    outbox = filled(("a", 1))
    outbox.refuse(outbox.due(0, shuffle=False)[0], now=0)
    outbox.clear()

    assert outbox.next_due(0, shuffle=False) is None
    assert len(outbox) == 0


def test_shuffled_reports_become_due_in_another_order() -> None:
    outbox = filled(*(("a", seq) for seq in range(1, 21)))

    assert outbox.due(100.0, shuffle=True) == []
    due = outbox.due(102.0, shuffle=True)
    assert sorted(names(due)) == [("a", seq) for seq in range(1, 21)]
    assert names(due) != sorted(names(due))
