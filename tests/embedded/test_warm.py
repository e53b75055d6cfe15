"""A program started in a fork behaves as one started anew."""

import os
import signal
import sys
from pathlib import Path

import pytest

from cosmo.embedded.folders import CHECKOUT
from cosmo.embedded.supervisor import Program, Supervisor
from cosmo.embedded.warm import Forked, start_warm_child


def run(tmp_path: Path, script: str, *words: str, closing: tuple[int, ...] = ()) -> Forked:
    program = tmp_path / "program.py"
    program.write_text(script)
    return start_warm_child(
        [sys.executable, program, *words],
        log=tmp_path / "program.log",
        environment={**os.environ, "ONLY": "here"},
        cwd=CHECKOUT,
        death_signal=signal.SIGTERM,
        not_for_children=closing,
    )


def test_it_is_the_main_program_with_its_words_environment_and_log(tmp_path):
    script = "import os, sys; print(__name__, sys.argv[1:], os.environ['ONLY'], os.getcwd())"
    assert run(tmp_path, script, "a", "b").wait(20) == 0
    assert (tmp_path / "program.log").read_text() == f"__main__ ['a', 'b'] here {CHECKOUT}\n"
    assert "ONLY" not in os.environ


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("raise SystemExit(7)", 7, ""),
        ("raise SystemExit('no key')", 1, "no key\n"),
        ("1 / 0", 1, "ZeroDivisionError"),
    ],
)
def test_its_end_is_told_as_the_interpreter_tells_it(tmp_path, script, code, said):
    assert run(tmp_path, script).wait(20) == code
    assert said in (tmp_path / "program.log").read_text()


def test_it_holds_none_of_the_locks_of_its_parent(tmp_path):
    lock = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR)
    script = f"import os\ntry:\n    os.fstat({lock})\nexcept OSError:\n    print('closed')"
    assert run(tmp_path, script, closing=(lock,)).wait(20) == 0
    os.close(lock)
    assert (tmp_path / "program.log").read_text() == "closed\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_has_its_own_name_and_process_group(tmp_path):
    script = (
        "import os; from pathlib import Path;"
        "print(Path('/proc/self/cmdline').read_bytes().rstrip(bytes(1)).decode());"
        "print(os.getpgid(0) == os.getpid())"
    )
    assert run(tmp_path, script, "word").wait(20) == 0
    name, is_leader = (tmp_path / "program.log").read_text().splitlines()
    assert f"{tmp_path}/program.py word".startswith(name)
    assert is_leader == "True"


def test_it_ends_on_sigterm_though_its_parent_handles_it(tmp_path):
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        child = run(tmp_path, "import threading; threading.Event().wait()")
    finally:
        signal.signal(signal.SIGTERM, before)
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == -signal.SIGTERM


def test_a_supervisor_restarts_what_it_started_warm(tmp_path):
    said: list[str] = []
    supervisor = Supervisor(logs=tmp_path, cwd=CHECKOUT, say=said.append, environment=os.environ)
    supervisor.is_warm = True
    program = tmp_path / "sleeper.py"
    program.write_text("import threading; threading.Event().wait()")
    supervisor.start(Program(name="sleeper", command=[sys.executable, program], is_ours=True))
    first = supervisor.running[0].child
    assert isinstance(first, Forked)
    first.send_signal(signal.SIGKILL)
    assert first.wait(20) == -signal.SIGKILL
    supervisor.look()
    assert said == ["sleeper ended by SIGKILL; starting it again in 0.3 s"]
    supervisor.stop()
