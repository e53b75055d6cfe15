"""The journal: a memory that is read again tells the same story."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.chances import Chances
from simulator.faults import Misfortune
from simulator.joborder import read_job
from simulator.journal import Journal
from simulator.memory import Memory
from simulator.outbox import Outbox
from tests.simulator.orders import STATIONS, job_id, job_order, moment, seconds

LUCK = Chances(seed=11, scrap=0.1, rework=0.25, stops=0.3)


@pytest.fixture(autouse=True)
def quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """The log of these lines is of no interest."""


def remember(path: Path | None, chances: Chances = LUCK) -> Memory:
    return Memory(
        chances=chances,
        journal=Journal(path),
        outbox=Outbox(Misfortune(1)),
        on_report=lambda _job, _report: None,
    )


def take(memory: Memory, number: int, *, at: int) -> None:
    memory.floor.advance(seconds(at))
    order = job_order(number, start=at)
    memory.accept(read_job(order, epoch=memory.epoch), order)


def told(memory: Memory) -> dict[str, list[dict[str, Any]]]:
    """Every report, without the epoch."""
    return {
        job.id: [{**one, "epoch": ""} for one in job.reports] for job in memory.floor.jobs.values()
    }


def unsent(memory: Memory) -> list[tuple[str, int]]:
    return [(one.job, one.seq) for one in memory.outbox.due(0, shuffle=False)]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    starts=st.lists(st.integers(0, 300), min_size=1, max_size=8),
    cuts=st.lists(st.integers(0, 900), max_size=4),
)
def test_a_line_killed_at_any_moments_tells_the_same_story(
    tmp_path_factory: pytest.TempPathFactory, starts: list[int], cuts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("line") / "journal"
    whole, broken = remember(None), remember(path)
    for memory in (whole, broken):
        memory.floor.advance(seconds(-10))
        memory.set_stations(STATIONS)
    epoch = broken.epoch
    events = sorted([(at, n) for n, at in enumerate(starts, 1)] + [(at, 0) for at in cuts])
    for at, number in events:
        if number:
            take(whole, number, at=at)
            take(broken, number, at=at)
        else:
            broken.floor.advance(seconds(at))
            broken.close()
            broken = remember(path)
    for memory in (whole, broken):
        memory.floor.advance(seconds(10_000))

    assert told(broken) == told(whole)
    assert broken.epoch == epoch
    assert broken.yard.as_json()["finished"] == whole.yard.as_json()["finished"]
    broken.close()


def test_acknowledged_reports_are_not_sent_again_and_others_are(tmp_path: Path) -> None:
    memory = remember(tmp_path / "journal")
    memory.set_stations(STATIONS)
    take(memory, 1, at=0)
    memory.floor.advance(seconds(10))
    batch = memory.outbox.due(0, shuffle=False)
    memory.acknowledge(batch[:2])
    left = unsent(memory)
    memory.close()

    again = remember(tmp_path / "journal")
    again.floor.advance(seconds(10))
    assert unsent(again) == left
    assert left[0] == (job_id(1), 3)
    again.close()


def test_commands_are_remembered(tmp_path: Path) -> None:
    memory = remember(tmp_path / "journal")
    memory.set_stations(STATIONS)
    take(memory, 1, at=0)
    memory.floor.advance(seconds(5))
    memory.obey(memory.floor.jobs[job_id(1)], {"job": job_id(1), "verb": "abort"})
    memory.close()

    again = remember(tmp_path / "journal")
    assert again.floor.jobs[job_id(1)].state == ("Aborted", None)
    assert again.floor.jobs[job_id(1)].reports[-1]["plant_time"] == moment(5)
    again.close()


def test_a_line_torn_by_a_crash_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    memory = remember(path)
    memory.set_stations(STATIONS)
    take(memory, 1, at=0)
    memory.close()
    with path.open("a") as file:
        file.write('{"at": 1, "order": {"job": "')

    again = remember(path)
    assert list(again.floor.jobs) == [job_id(1)]
    take(again, 2, at=20)
    again.close()
    assert [set(json.loads(line)) for line in path.read_text().splitlines()] == [
        {"memory", "chances", "yard"},
        {"at", "stations"},
        {"at", "order"},
        {"at", "order"},
    ]


@pytest.mark.parametrize(
    "damage",
    [
        "not json\n",
        "[]\n",
        '{"memory": "m"}\n',
        '{"at": 1, "order": {}}\n',
        '{"at": 1, "command": {"job": "x", "verb": "abort"}}\n',
        '{"at": 1, "sent": [1]}\n',
    ],
)
def test_a_journal_that_cannot_be_read_is_put_aside_and_a_new_memory_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    path = tmp_path / "journal"
    memory = remember(path)
    memory.set_stations(STATIONS)
    take(memory, 1, at=0)
    memory.close()
    whole = damage.startswith('{"at"')
    text = (path.read_text() if whole else "") + damage
    path.write_text(text)

    again = remember(path)
    assert again.epoch != memory.epoch
    assert again.floor.jobs == {}
    assert len(again.outbox) == 0
    assert path.with_name("journal.unreadable").read_text() == text
    assert "memory_unreadable" in capsys.readouterr().out
    again.close()


def test_a_lost_memory_keeps_the_yard_and_nothing_else(tmp_path: Path) -> None:
    memory = remember(tmp_path / "journal")
    memory.set_stations(STATIONS)
    take(memory, 1, at=0)
    memory.floor.advance(seconds(10))
    old = memory.epoch
    memory.lose()
    memory.close()

    again = remember(tmp_path / "journal")
    assert again.epoch == memory.epoch != old
    assert again.floor.jobs == {}
    assert len(again.outbox) == 0
    assert again.floor.stations.keys() == STATIONS.keys()
    entry = again.yard.as_json()["units"][0]["jobs"][0]
    assert entry == {"job": job_id(1), "epoch": old, "outcome": "abandoned"}
    again.close()


def test_a_unit_made_again_after_the_loss_shows_as_made_twice() -> None:
    memory = remember(None, Chances(seed=1, scrap=0, rework=0, stops=0))
    memory.set_stations(STATIONS)
    take(memory, 1, at=0)
    memory.floor.advance(seconds(1000))
    memory.lose()
    take(memory, 1, at=1000)
    memory.floor.advance(seconds(2000))

    assert memory.yard.as_json()["made_twice"] == ["RF-000001"]
