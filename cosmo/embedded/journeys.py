"""``make demo ONCE=1``: the visitor's journey, then the partner's, against the running demo."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cosmo.embedded.children import die_with_parent
from cosmo.embedded.folders import CHECKOUT, DataFolder

LIMIT_S = 110.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the journeys came to.

    Attributes:
        last_line: The visitor's JSON object.
    """

    is_delivered: bool
    last_line: str


def play_journeys(
    url: str, folder: DataFolder, *, environment: Mapping[str, str], look: Callable[[], None]
) -> Outcome:
    """Both journeys; delivered only when both say so. ``look`` keeps the programs running."""
    python = sys.executable
    visitor, visitor_line = play_journey(
        [python, "-m", "journey.visitor", "--url", url], environment, look
    )
    partner = 1
    if visitor == 0:
        accounts = str(folder.path / "accounts.json")
        partner, partner_line = play_journey(
            [python, "-m", "journey.partner", "--url", url, "--accounts", accounts],
            environment,
            look,
        )
        sys.stdout.write(f"partner: {partner_line}\n")
    return Outcome(is_delivered=visitor == partner == 0, last_line=visitor_line)


def play_journey(
    command: Sequence[str], environment: Mapping[str, str], look: Callable[[], None]
) -> tuple[int, str]:
    """Run one journey, passing its lines on at once except the last; (exit code, last line)."""
    child = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        last = _pass_on(child, look)
        return child.wait(), last
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _pass_on(child: "subprocess.Popen[bytes]", look: Callable[[], None]) -> str:
    if child.stdout is None:
        return ""
    end = time.monotonic() + LIMIT_S
    held, rest = "", b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while time.monotonic() < end:
            look()
            if not selector.select(timeout=0.1):
                continue
            part = os.read(child.stdout.fileno(), 65_536)
            *lines, rest = (rest + part).split(b"\n")
            if not part and rest:
                lines.append(rest)  # the last words of a program that was cut off
            for line in lines:
                if held:
                    _print(held)
                held = line.decode("utf-8", "replace")
            if not part:
                break
    if not _is_json_object(held):  # it failed before its object: nothing to hold back
        _print(held)
        return "{}"
    return held


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
