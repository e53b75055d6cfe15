"""The one place that changes a stock's numbers: by a conditional update, with a move for each.

A change that would take more than there is, or give back more than is kept, is refused by the
statement itself; nobody reads a number and writes it back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F

from cosmo.accounts.models import User
from cosmo.lib.errors import Conflict
from production.lifecycle import StockMoveKind
from production.models import Plant, StockMove

NOTHING = Decimal(0)
UPDATE = """
    UPDATE production_stock s
    SET on_hand = s.on_hand + v.on_hand, held = s.held + v.held,
        reserved = s.reserved + v.reserved, awaited = s.awaited + v.awaited
    FROM (SELECT * FROM unnest(%(ids)s::bigint[], %(on_hand)s::numeric[], %(held)s::numeric[],
                               %(reserved)s::numeric[], %(awaited)s::numeric[])
          AS t (id, on_hand, held, reserved, awaited)) v
    WHERE s.id = v.id
      AND s.held + v.held >= 0 AND s.reserved + v.reserved >= 0 AND s.awaited + v.awaited >= 0
      AND s.on_hand + v.on_hand - (s.held + v.held) - (s.reserved + v.reserved)
          >= CASE WHEN %(is_new_claim)s THEN s.awaited ELSE 0 END
    RETURNING s.id
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Signed changes of one stock. Without effect on ``on_hand``, ``held`` or ``reserved`` (a claim
    that begins or ends to wait) it leaves no move.
    """

    stock_id: int
    kind: StockMoveKind
    on_hand: Decimal = NOTHING
    held: Decimal = NOTHING
    reserved: Decimal = NOTHING
    awaited: Decimal = NOTHING
    unit_id: int | None = None

    @property
    def is_move(self) -> bool:
        return bool(self.on_hand or self.held or self.reserved)


def try_changes(changes: Sequence[Change], *, is_new_claim: bool = False) -> set[int]:
    """Change each stock by the sum of its changes where it has that much; the stocks that had.

    Args:
        is_new_claim: What is free must also leave enough for the claims that wait already.
    """
    if not changes:
        return set()
    sums: dict[int, list[Decimal]] = {}
    for one in changes:
        total = sums.setdefault(one.stock_id, [NOTHING] * 4)
        for place, part in enumerate((one.on_hand, one.held, one.reserved, one.awaited)):
            total[place] += part
    ids = sorted(sums)
    columns = [[sums[stock_id][place] for stock_id in ids] for place in range(4)]
    named = dict(zip(("on_hand", "held", "reserved", "awaited"), columns, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, {"ids": ids, **named, "is_new_claim": is_new_claim})
        return {row[0] for row in cursor.fetchall()}


def make_changes(changes: Sequence[Change]) -> None:
    """The same, where it must work.

    Raises:
        Conflict: a stock has less than that (``stock_short``).
    """
    missing = {one.stock_id for one in changes} - try_changes(changes)
    if missing:
        raise Conflict(
            "stock_short",
            f"Stock {min(missing)} does not have what is to be taken from it. "
            "Look at the stock again and repeat.",
        )


def write_moves(
    plant_id: int,
    changes: Iterable[Change],
    *,
    at: datetime,
    reason: str = "",
    user: User | None = None,
    purchase_id: int | None = None,
) -> None:
    """Note what changed, each with the plant's next ``material_seq``. Under the plant's lock."""
    moves = [one for one in changes if one.is_move]
    last = _count(plant_id, max(1, len(moves)))
    StockMove.objects.bulk_create(
        StockMove(
            plant_id=plant_id,
            seq=last - len(moves) + number,
            stock_id=one.stock_id,
            kind=one.kind,
            on_hand=one.on_hand,
            held=one.held,
            reserved=one.reserved,
            reason=reason[:200],
            user=user,
            unit_id=one.unit_id,
            purchase_id=purchase_id,
            plant_time=at,
        )
        for number, one in enumerate(moves, start=1)
    )


def mark_material_changed(plant_id: int) -> None:
    """Count a change of what is expected: whoever keeps supply in memory reads it anew."""
    _count(plant_id, 1)


def _count(plant_id: int, by: int) -> int:
    Plant.objects.filter(pk=plant_id).update(material_seq=F("material_seq") + by)
    return int(Plant.objects.values_list("material_seq", flat=True).get(pk=plant_id))
