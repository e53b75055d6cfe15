"""Runs a line: in a thread of this process, or as a process that can be killed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from simulator.__main__ import Settings, read_settings, run
from simulator.log import log
from tests.simulator.calling import Caller
from tests.simulator.fake_platform import KEY, PATIENCE_S, FakePlatform
from tests.simulator.line_log import LineLog

CALM = ("--scrap", "0", "--rework", "0", "--stops", "0")
QUICK = ("--status-s", "0.05", "--backoff-s", "0.02")


def settings_of(platform: FakePlatform, *arguments: str) -> Settings:
    given = read_settings(["--url", platform.url, "--key", KEY, *CALM, *QUICK, *arguments])
    return replace(given, host="127.0.0.1")


@contextmanager
def line_in_thread(platform: FakePlatform, *arguments: str) -> Iterator[Caller]:
    """A line of this process, welcomed; yields the platform's way to call it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    before = len(platform.hellos)
    heard = LineLog()
    log.stream = heard
    living: Future[None] = asyncio.run_coroutine_threadsafe(
        run(settings_of(platform, *arguments)), loop
    )
    caller = None
    try:
        platform.wait(lambda: len(platform.hellos) > before and platform.statuses)
        caller = Caller(platform.hellos[-1]["address"], heard)
        yield caller
    finally:
        if caller:
            caller.client.close()
        stop(loop, living)
        thread.join(PATIENCE_S)
        loop.close()
        log.stream = None


def stop(loop: asyncio.AbstractEventLoop, living: Future[None]) -> None:
    ended = threading.Event()
    living.add_done_callback(lambda _: ended.set())
    living.cancel()
    asyncio.run_coroutine_threadsafe(rest(), loop).result(PATIENCE_S)
    assert ended.wait(PATIENCE_S)
    loop.call_soon_threadsafe(loop.stop)
    if not living.cancelled() and not isinstance(living.exception(), CancelledError):
        raise AssertionError(f"the line ended with {living.exception()!r}")


async def rest() -> None:
    """Wait for every other piece of work of this loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)


class LineProcess:
    """``python -m simulator`` with its log."""

    def __init__(self, platform: FakePlatform, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "simulator", "--url", platform.url]
        self.log = LineLog()
        self.process = subprocess.Popen(
            [*command, *CALM, *QUICK, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "COSMO_LINE_KEY": KEY},
            cwd=folder,
        )
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for text in output:
                self.log.write(text)

    def kill(self) -> None:
        self.process.kill()
        self._end()

    def terminate(self) -> int:
        self.process.terminate()
        return self._end()

    def _end(self) -> int:
        code = self.process.wait(PATIENCE_S)
        self._ear.join(PATIENCE_S)
        return code
