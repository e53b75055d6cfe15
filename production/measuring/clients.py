"""Clients that hold capacity all at once, each in a process of its own.

Nothing of Django is imported before a client has set it up.
"""

import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from queue import Empty
from typing import Any

LASTS = timedelta(days=1)  # nothing expires while it is measured


@dataclass(frozen=True, slots=True)
class Held:
    """What one client did: milliseconds of each hold, tries beyond the first, refusals."""

    hold_ms: list[float]
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
            return Held(*answers.get(timeout=1))
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


def _hold_all(orders: Sequence[int], rng: random.Random) -> tuple[list[float], int, int]:
    """Hold each order; a quarter is bought, a quarter given back, the others keep their hold."""
    from django.db import DatabaseError

    from cosmo.lib.errors import DomainError
    from cosmo.lib.ports import promise_source

    source, taken = promise_source(), list[float]()
    retries = refused = 0
    for order_id in orders:
        began = time.perf_counter()
        while True:
            try:
                source.hold(order_id=order_id, lasts=LASTS)
            except DatabaseError:
                retries += 1
                continue
            except DomainError:
                refused += 1
            break
        taken.append((time.perf_counter() - began) * 1000)
        turn = rng.random()
        if turn < 0.25 and source.is_held(order_id=order_id):
            source.confirm(order_id=order_id)
        elif turn < 0.5:
            source.release(order_id=order_id)
    return taken, retries, refused
