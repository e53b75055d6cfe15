"""``python -m simulator --url http://127.0.0.1:8000 --key whsec_...``"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from simulator.calls import Platform
from simulator.chances import Chances
from simulator.doors import Doors
from simulator.faults import Faults
from simulator.journal import Journal
from simulator.life import fetch_forms, greet, make, send
from simulator.line import Line
from simulator.log import log
from simulator.problems import Problem
from simulator.server import serving
from simulator.signing import Key

ANSWER_S = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a simulated line is told."""

    url: str
    key: Key
    chances: Chances
    faults: Faults
    host: str = "127.0.0.1"
    port: int = 0
    address: str = ""
    state: Path | None = None
    status_s: float = 2.0
    base_s: float = 0.5


def read_settings(arguments: list[str]) -> Settings:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    add = parser.add_argument
    add("--url", required=True, help="address of the platform")
    add(
        "--key",
        default=os.environ.get("COSMO_LINE_KEY"),
        help="key of the line, whsec_...; better in the environment as COSMO_LINE_KEY",
    )
    add("--key-file", type=Path, help="file that holds the key, instead")
    add("--host", default="127.0.0.1", help="where to listen")
    add("--port", type=int, default=0, help="0 takes a free one")
    add("--address", default="", help="where the platform finds us, if not there")
    add("--state", type=Path, help="file that keeps the memory over a restart")
    add("--status-s", type=float, default=2.0, help="seconds between two statuses")
    add("--backoff-s", type=float, default=0.5, help="first wait before sending again")
    add("--seed", type=int, default=7, help="same seed, same luck")
    add("--scrap", type=float, default=0.02, help="share of inspections")
    add("--rework", type=float, default=0.05, help="share of inspections")
    add("--stops", type=float, default=0.03, help="share of operations interrupted")
    faults = parser.add_argument_group("faults, also to be turned while running")
    faults.add_argument("--reject", type=float, default=0.0, help="share of job orders")
    faults.add_argument("--drop-answer", type=float, default=0.0, help="share of answers")
    faults.add_argument("--duplicate", type=float, default=0.0, help="share of reports")
    faults.add_argument("--slow-ms", type=int, default=0, help="delay of every answer")
    faults.add_argument("--clock-skew-min", type=int, default=0, help="added to plant times")
    faults.add_argument("--shuffle", action="store_true", help="reports out of order")
    faults.add_argument("--offline", action="store_true", help="answer and send nothing")
    given = parser.parse_args(arguments)
    key = given.key_file.read_text("utf-8") if given.key_file else given.key
    if not key:
        parser.error("give --key, --key-file or COSMO_LINE_KEY")
    names = ("reject", "drop_answer", "duplicate", "slow_ms", "clock_skew_min", "shuffle")
    switches = {name: getattr(given, name) for name in (*names, "offline")}
    return Settings(
        url=given.url,
        key=Key.parse(key),
        chances=Chances(given.seed, given.scrap, given.rework, given.stops),
        faults=Faults().changed(switches),
        host=given.host,
        port=given.port,
        address=given.address,
        state=given.state,
        status_s=given.status_s,
        base_s=given.backoff_s,
    )


def trust_for(url: str) -> ssl.SSLContext:
    """Authorities for https; reading them takes half a second that plain http need not pay."""
    if url.startswith("https:"):
        return ssl.create_default_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def run(settings: Settings) -> None:
    """Live until cancelled."""
    line = Line(
        chances=settings.chances,
        journal=Journal(settings.state),
        faults=settings.faults,
        base_s=settings.base_s,
    )
    async with httpx.AsyncClient(
        timeout=ANSWER_S, trust_env=False, verify=trust_for(settings.url)
    ) as client:
        platform = Platform(url=settings.url, key=settings.key, client=client)
        forms = await fetch_forms(platform, base_s=settings.base_s)
        doors = Doors(line=line, key=settings.key, forms=forms)
        async with serving(doors, host=settings.host, port=settings.port) as bound:
            address = settings.address or bound
            log("listening", address=address, epoch=line.memory.epoch)
            try:
                async with asyncio.TaskGroup() as loops:
                    loops.create_task(make(line))
                    loops.create_task(send(line, platform))
                    loops.create_task(greet(line, platform, forms, address, settings.status_s))
            finally:
                line.memory.close()


async def run_until_stopped(settings: Settings) -> None:
    living = asyncio.ensure_future(run(settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, living.cancel)
    try:
        await living
    except asyncio.CancelledError:
        log("stopped")


def main() -> int:
    try:
        settings = read_settings(sys.argv[1:])
    except (ValueError, OSError, Problem) as error:
        print(error, file=sys.stderr)
        return 2
    asyncio.run(run_until_stopped(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
