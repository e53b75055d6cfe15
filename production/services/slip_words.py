"""What is said about slips, and their ends. Low: knows no order and no plan."""

from collections.abc import Iterable
from typing import Any

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.transitions import check_transition
from production.lifecycle import SLIP_MOVES, SlipStatus
from production.models import Slip, SlipWord

FACTORY, CUSTOMER, STAFF, NOBODY = "factory", "customer", "staff", "nobody"


def say(
    slip: Slip, said: str, *, speaker: str = FACTORY, by: User | None = None, **facts: Any
) -> SlipWord:
    return SlipWord.objects.create(slip=slip, said=said, speaker=speaker, by=by, facts=facts)


def move_slip(slip: Slip, target: SlipStatus) -> None:
    check_transition(
        what=f"Slip {slip.public_id}", moves=SLIP_MOVES, source=slip.status, target=target
    )
    slip.status = target
    slip.closed_at = None if target == SlipStatus.OPEN else real_now()
    slip.save()


def close_slips(*, unit_ids: Iterable[int], status: SlipStatus, said: str) -> None:
    """Something else has decided about these units. Under the plant's lock."""
    open_slips = Slip.objects.select_for_update(no_key=True).filter(
        unit__in=list(unit_ids), status=SlipStatus.OPEN
    )
    for slip in open_slips.order_by("id"):
        move_slip(slip, status)
        say(slip, said)
