"""ORM <-> scheduling; the only bridge.

``read_snapshot`` turns a plant's open work into a problem of the engine and remembers what each of
its operations stands for; ``changes_of`` turns a solution back into bookings.

A snapshot is read without a lock, so it carries what publishing compares under the lock: the
plant's ``booking_seq`` and the state of every operation.
"""

from production.planning.builder import read_snapshot
from production.planning.changes import BookingChanges, changes_of
from production.planning.snapshot import Owner, Snapshot

__all__ = ["BookingChanges", "Owner", "Snapshot", "changes_of", "read_snapshot"]
