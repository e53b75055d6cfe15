"""What the line does by itself, each a loop: making, greeting, sending."""

from __future__ import annotations

import asyncio
import time

from simulator.calls import Platform, Unreached
from simulator.forms import Forms
from simulator.line import Line
from simulator.log import log
from simulator.outbox import MAX_WAIT_S, Pending
from simulator.problems import Problem

SHORTEST_S = 0.02  # events that fall together are played together
NOT_THE_REPORT = frozenset(
    {401, 403, 404, 408, 409, 429}
)  # refusals that say nothing of one report


async def wait_for(event: asyncio.Event, timeout_s: float | None) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
    finally:
        event.clear()


async def fetch_forms(platform: Platform, *, base_s: float) -> Forms:
    """Ask for the schemas until they come."""
    attempts = 0
    while True:
        try:
            return await platform.fetch_forms()
        except Unreached as error:
            attempts += 1
            if attempts == 1:
                log("schemas_awaited", reason=str(error))
            await asyncio.sleep(min(5.0, base_s * 2.0 ** min(attempts, 10)))


async def make(line: Line) -> None:
    """Let the floor go on; no timer for each unit, one for the next event."""
    while True:
        line.advance()
        next_in_s = line.next_in_s()
        await wait_for(line.work, None if next_in_s is None else max(next_in_s, SHORTEST_S))


async def greet(line: Line, platform: Platform, forms: Forms, address: str, every_s: float) -> None:
    """Say hello until welcomed, then tell regularly that the line is alive."""
    seq = 0
    troubled = False
    while True:
        try:
            if not line.faults.offline:
                seq += 1
                await _greet_once(line, platform, forms, address, seq)
                if troubled:
                    log("platform_back")
                    line.back.set()
                troubled = False
        except (Unreached, Problem) as error:
            if isinstance(error, Unreached) and error.status == 409 and line.greeted:
                log("epoch_unknown", epoch=line.memory.epoch)
                line.greeted = False
                line.greeting.set()
            elif not troubled:
                log("platform_unreached", reason=str(error))
                troubled = True
        await wait_for(line.greeting, every_s)


async def _greet_once(line: Line, platform: Platform, forms: Forms, address: str, seq: int) -> None:
    epoch, greeted = line.memory.epoch, line.greeted
    if greeted:
        answer = await platform.status(line.status(seq))
    else:
        answer = await platform.hello(epoch=epoch, address=address)
    welcome = forms.check("welcome", answer)
    # The line may have forgotten everything meanwhile: then this answer is not for it.
    if epoch == line.memory.epoch:
        line.welcome(welcome)
        if not greeted:
            log("welcomed", line=line.code, epoch=epoch, address=address, clock=welcome["clock"])


async def send(line: Line, platform: Platform) -> None:
    """Send reports until each is acknowledged, forever."""
    attempts = 0
    while True:
        faults, outbox = line.faults, line.memory.outbox
        now = time.time()
        batch = outbox.due(now, shuffle=faults.shuffle)
        if faults.offline or not line.greeted or not batch:
            next_due = outbox.next_due(now, shuffle=faults.shuffle)
            pause_s = MAX_WAIT_S if next_due is None else max(next_due - now, SHORTEST_S)
            await wait_for(line.post, pause_s)
            continue
        try:
            await _send_batch(line, platform, batch)
            attempts = 0
        except Unreached as error:
            attempts += 1
            if attempts == 1:
                log("reports_unsent", count=len(outbox), reason=str(error))
            line.back.clear()
            await wait_for(line.back, outbox.wait_s(attempts))


async def _send_batch(line: Line, platform: Platform, batch: list[Pending]) -> None:
    epoch = line.memory.epoch
    try:
        await platform.report(line, batch)
    except Unreached as error:
        refused = error.status is not None and 400 <= error.status < 500
        if not refused or error.status in NOT_THE_REPORT:
            raise
        await _send_singly(line, platform, batch, error)
        return
    if epoch == line.memory.epoch:
        line.memory.acknowledge(batch)
    again = [one for one in batch if line.misfortune.strikes(line.faults.duplicate)]
    if again:
        log("reports_duplicated", count=len(again))
        await platform.report(line, again)


async def _send_singly(
    line: Line, platform: Platform, batch: list[Pending], error: Unreached
) -> None:
    """Find the refused report: its job waits, the others go on."""
    outbox = line.memory.outbox
    if len(batch) == 1:
        wait_s = outbox.refuse(batch[0], time.time())
        log("report_refused", job=batch[0].job, seq=batch[0].seq, wait_s=wait_s, reason=str(error))
        return
    waiting: set[str] = set()
    for one in batch:
        if one.job not in waiting:
            await _send_batch(line, platform, [one])
            if outbox.is_waiting(one.job):
                waiting.add(one.job)
