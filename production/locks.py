"""One lock a plant. Whoever changes its bookings or counts its events takes it first.

Order of locks, everywhere, so that two transactions never wait for each other: the order's row,
then plants by rising id, then holds, work orders and operations
(``select_for_update(no_key=True)``: a full FOR UPDATE would stand in the way of rows that point
there).
"""

from collections.abc import Iterable

from django.db import connection

NAMESPACE = 0x436F  # the first of the two numbers of an advisory lock: ours alone

LOCK = "SELECT pg_advisory_xact_lock(%s, %s);"
"""Statements sent together each see what was committed before they began, so what is read in one
turn with the lock is read under it."""


def plant_lock(plant_id: int) -> None:
    """Wait for the plant's lock and keep it until this transaction ends. Taking it again is free.

    Raises:
        RuntimeError: called outside a transaction, where the lock would end at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"The lock of plant {plant_id} needs a transaction around it.")
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [NAMESPACE, plant_id])


def plant_locks(plant_ids: Iterable[int]) -> None:
    """The locks of several plants, always in the same order."""
    for plant_id in sorted(set(plant_ids)):
        plant_lock(plant_id)
