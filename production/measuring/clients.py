"""Clients that hold capacity all at once, each in a process of its own.

Nothing of Django is imported before a client has set it up.
"""

import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from queue import Empty
from typing import Any

LASTS = timedelta(days=1)  # nothing expires while it is measured


@dataclass(frozen=True, slots=True)
class Held:
    """What one client did.

    Attributes:
        hold_ms: Of each hold, from asking to the answer.
        locked_ms: Of each hold, from having the plant's lock to giving it back.
        cpu_ms: Of each hold, what this process worked; the database's work is not in it.
        statements: Turns to the database of the hold that took most.
        retries: Tries beyond the first.
    """

    hold_ms: list[float]
    locked_ms: list[float]
    cpu_ms: list[float]
    statements: int
    retries: int
    refused: int


def hold_at_once(database: str, offer_id: int, baskets: Sequence[Sequence[int]]) -> list[Held]:
    """One process a basket of orders; all begin together, once each knows the plant."""
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(len(baskets)), context.Queue()
    clients = [
        context.Process(
            target=_run, args=(database, offer_id, list(basket), number, gate, answers), daemon=True
        )
        for number, basket in enumerate(baskets)
    ]
    for client in clients:
        client.start()
    found = [_next_answer(clients, answers) for _ in clients]
    for client in clients:
        client.join()
    return found


def _next_answer(clients: Sequence[Any], answers: Any) -> Held:
    while True:
        try:
            answer: Held = answers.get(timeout=1)
            return answer
        except Empty:
            dead = [client.exitcode for client in clients if client.exitcode]
            if dead:
                for client in clients:
                    client.terminate()
                raise RuntimeError(
                    f"{len(dead)} clients ended with {dead[0]}; see above."
                ) from None


def _run(
    database: str, offer_id: int, orders: list[int], number: int, gate: Any, answers: Any
) -> None:
    import django

    django.setup()
    from cosmo.lib.hints import send_no_more
    from cosmo.lib.ports import promise_source
    from production.measuring.ground import random_selection, use_database

    use_database(database)
    send_no_more()
    rng = random.Random(number)  # noqa: S311 - the same turns every time
    promise_source().inquire(offer_id=offer_id, selection=random_selection(rng))
    gate.wait()
    answers.put(_hold_all(orders, rng))


class _Watch:
    """Counts the turns to the database, and notes when the one that takes the lock has it."""

    def __init__(self) -> None:
        self.statements, self.locked_at = 0, 0.0

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.statements += 1
        found = execute(sql, *rest)
        if not self.locked_at and "pg_advisory_xact_lock" in sql:
            self.locked_at = time.perf_counter()
        return found


def _hold_all(orders: Sequence[int], rng: random.Random) -> Held:
    """Hold each order; a quarter is bought, a quarter given back, the others keep their hold."""
    from django.db import DatabaseError, connection

    from cosmo.lib.errors import DomainError
    from cosmo.lib.ports import promise_source

    source = promise_source()
    held = Held([], [], [], 0, 0, 0)
    for order_id in orders:
        watch = _Watch()
        began, worked = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(watch):
            while True:
                try:
                    source.hold(order_id=order_id, lasts=LASTS)
                except DatabaseError:
                    held = replace(held, retries=held.retries + 1)
                    continue
                except DomainError:
                    held = replace(held, refused=held.refused + 1)
                break
        ended = time.perf_counter()
        held.hold_ms.append((ended - began) * 1000)
        held.locked_ms.append((ended - watch.locked_at) * 1000)
        held.cpu_ms.append((time.process_time() - worked) * 1000)
        held = replace(held, statements=max(held.statements, watch.statements))
        turn = rng.random()
        if turn < 0.25 and source.is_held(order_id=order_id):
            source.confirm(order_id=order_id)
        elif turn < 0.5:
            source.release(order_id=order_id)
    return held
