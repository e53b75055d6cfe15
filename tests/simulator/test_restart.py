"""The line as a process in a folder without the platform's code: killed, and started again."""

import ast
import shutil
import sys
from pathlib import Path

import pytest

from tests.simulator.calling import Caller
from tests.simulator.fake_platform import FakePlatform, listening
from tests.simulator.orders import job_id, job_order
from tests.simulator.running import LineProcess

SIMULATOR = Path(__file__).parents[2] / "simulator"
FOREIGN = {"httpx", "h11", "jsonschema", "standardwebhooks"}


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A folder that holds the simulator and nothing else of ours."""
    shutil.copytree(SIMULATOR, tmp_path / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_line_imports_nothing_of_ours() -> None:
    imported = set()
    for path in SIMULATOR.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                imported.add((node.module or "").split(".")[0])

    assert imported - sys.stdlib_module_names - FOREIGN == {"simulator"}


def test_a_line_killed_in_the_middle_goes_on_where_it_was(alone: Path) -> None:
    with listening(FakePlatform(factor=6000.0)) as platform:
        platform.sound = lambda name, _: 503 if name == "reports" else 200
        first = LineProcess(platform, alone, "--state", str(alone / "line.journal"))
        try:
            first.log.wait("welcomed")
            caller = Caller(platform.hellos[-1]["address"])
            for number in range(1, 6):
                assert caller.order(job_order(number)).status_code == 201
            first.log.wait("operation_started", job=job_id(2))
        finally:
            first.kill()
            caller.client.close()
        assert platform.inbox == {}

        platform.sound = lambda _name, _body: 202
        second = LineProcess(platform, alone, "--state", str(alone / "line.journal"))
        try:
            second.log.wait("welcomed")
            jobs = [job_id(number) for number in range(1, 6)]
            caller = Caller(platform.hellos[-1]["address"])
            again = caller.order(job_order(1))
            platform.wait(lambda: platform.has_ended(*jobs))
            made = caller.get("/made").json()
            caller.client.close()
            assert second.terminate() == 0
        finally:
            second.kill()

    assert [one["epoch"] for one in platform.hellos] == [platform.hellos[0]["epoch"]] * 2
    assert platform.hellos[0]["address"] != platform.hellos[1]["address"]
    assert again.json()["ack"] == "duplicate"
    assert (made["finished"], made["made_twice"]) == (5, [])
    assert second.log.lines[-1]["event"] == "stopped"


def test_a_line_killed_without_a_journal_comes_back_with_an_empty_memory(alone: Path) -> None:
    with listening(FakePlatform()) as platform:
        first = LineProcess(platform, alone)
        try:
            first.log.wait("welcomed")
            with Caller(platform.hellos[-1]["address"]).client as client:
                assert client.get("/health").json()["epoch"] == platform.hellos[0]["epoch"]
        finally:
            first.kill()
        second = LineProcess(platform, alone)
        try:
            second.log.wait("welcomed")
            caller = Caller(platform.hellos[-1]["address"])
            jobs = caller.get("/joborders").json()["jobs"]
            caller.client.close()
        finally:
            second.kill()

    assert platform.hellos[0]["epoch"] != platform.hellos[1]["epoch"]
    assert jobs == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--url", "http://127.0.0.1:1", "--key", "whsec_short"], "line key"),
        (["--url", "http://127.0.0.1:1", "--scrap", "2"], "scrap"),
        (["--url", "http://127.0.0.1:1", "--drop-answer", "-1"], "drop_answer"),
        (["--url", "http://127.0.0.1:1", "--key-file", "/nowhere"], "/nowhere"),
    ],
)
def test_a_wrong_argument_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    word: str,
) -> None:
    from simulator.__main__ import main
    from tests.simulator.fake_platform import KEY

    monkeypatch.setenv("COSMO_LINE_KEY", KEY)
    monkeypatch.setattr(sys, "argv", ["simulator", *arguments])

    assert main() == 2
    error = capsys.readouterr().err
    assert word in error
    assert error.count("\n") == 1
