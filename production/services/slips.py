"""The slip protocol: a promise that cannot be kept is found, told, decided and closed.

Noted in the transaction that publishes a plan, under the plant's lock. Decided in transactions of
their own, which lock the order first and the plant after it, as everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Sentence
from orders.lifecycle import ChangeStatus
from orders.models import ChangeOrder, Unit
from orders.services.changes import SaidChange, ask_change
from orders.services.mail import queue_mail
from orders.services.units import cancel_unit, count_totals, lock_unit, own_line
from production.compile import floor_of
from production.lifecycle import LIVE_WORK_ORDER, PlanReason, SlipStatus, Stage, WorkOrderStatus
from production.locks import plant_locks
from production.models import Plant, Slip, WorkOrder
from production.selectors.makers import makers_of
from production.selectors.reasons import slip_text
from production.selectors.slips import Cause, Outlook, causes_of, outlooks_of
from production.services.history import Happening, record_events
from production.services.plan_events import mark_plan_wanted
from production.services.slip_words import CUSTOMER, NOBODY, move_slip, say

log = structlog.get_logger(__name__)
SHORTEST_THOUGHT = timedelta(minutes=10)  # real time, however fast a demonstration runs
PAGE = "production:slip"


@dataclass(frozen=True, slots=True)
class SlipsNoted:
    """How many slips a plan opened, moved to another day, and healed."""

    opened: int = 0
    moved: int = 0
    healed: int = 0


def note_slips(*, plant_id: int) -> SlipsNoted:
    """Compare what is planned now with what was promised; tell whoever it concerns.

    Call under the plant's lock, in the transaction that published the plan. Repeatable: nothing
    is said twice.
    """
    plant = Plant.objects.get(pk=plant_id)
    outlooks = outlooks_of(plant, floor_of(plant))
    if not outlooks:
        return SlipsNoted()
    slips = _slips_of(outlooks)
    late = [one for one in outlooks if one.slips]
    causes = causes_of([one.work_order for one in late])
    happenings: list[Happening] = []
    opened = moved = healed = 0
    for outlook in outlooks:
        slip = slips.get(outlook.work_order.unit_id)
        if outlook.slips and slip is None:
            opened += _open(plant, outlook, causes[outlook.work_order.pk], happenings)
        elif outlook.slips and slip is not None:
            cause = causes[outlook.work_order.pk]
            moved += _follow(plant, slip, outlook, cause, happenings)
        elif slip is not None and outlook.is_well:
            _heal(plant, slip, outlook, happenings)
            healed += 1
    record_events(plant_id=plant.pk, happenings=happenings)
    noted = SlipsNoted(opened, moved, healed)
    if happenings:
        log.info("slips_noted", plant=plant.code, opened=opened, moved=moved, healed=healed)
    return noted


def _slips_of(outlooks: Sequence[Outlook]) -> dict[int, Slip]:
    """The open slip of each unit, locked."""
    units = [one.work_order.unit_id for one in outlooks]
    found = Slip.objects.select_for_update(no_key=True).filter(
        unit__in=units, status=SlipStatus.OPEN
    )
    return {slip.unit_id: slip for slip in found}


def _open(plant: Plant, outlook: Outlook, cause: Cause, happenings: list[Happening]) -> int:
    """A new slip; or one that had healed, for the same cause, again."""
    unit = outlook.work_order.unit
    slip, is_new = Slip.objects.get_or_create(
        unit=unit,
        promised=outlook.promised,
        cause_key=_cause_key(outlook, cause),
        defaults={
            "plant": plant,
            "cause": cause.kind,
            "facts": dict(cause.facts),
            "expected": outlook.safe,
            "answer_until": answer_until(plant),
        },
    )
    if not is_new:
        if slip.status != SlipStatus.HEALED:  # decided: its customer is not asked twice
            return 0
        slip.expected, slip.answer_until = outlook.safe, answer_until(plant)
        move_slip(slip, SlipStatus.OPEN)
    say(slip, "told", day=outlook.safe.isoformat(), cause=cause.kind)
    _tell_slipped(plant, slip, outlook, happenings)
    return 1


def _cause_key(outlook: Outlook, cause: Cause) -> str:
    """A unit made anew, for instance because its customer changed it, may slip once more for the
    same cause: that is another slip.
    """
    generation = outlook.work_order.generation
    return (cause.key if generation == 1 else f"{generation}:{cause.key}")[:120]


def _follow(
    plant: Plant, slip: Slip, outlook: Outlook, cause: Cause, happenings: list[Happening]
) -> int:
    """The open slip as it is now; its customer hears of another day and thinks anew."""
    if slip.expected == outlook.safe or outlook.promised != slip.promised:
        return 0
    slip.expected, slip.answer_until = outlook.safe, answer_until(plant)
    slip.save(update_fields=["expected", "answer_until"])
    say(slip, "moved", day=outlook.safe.isoformat(), cause=cause.kind)
    _tell_slipped(plant, slip, outlook, happenings)
    return 1


def _tell_slipped(plant: Plant, slip: Slip, outlook: Outlook, happenings: list[Happening]) -> None:
    unit = outlook.work_order.unit
    order = unit.line.order
    with translation.override(order.language):
        reason = slip_text(slip.cause)
    queue_mail(
        order=order,
        letter="slipped",
        page=PAGE,
        of=str(slip.public_id),
        serial=unit.serial,
        said=slip.promised.isoformat(),
        expected=slip.expected.isoformat(),
        reason=reason,
    )
    happenings.append(_new_day(plant, outlook, slip.expected, cause=slip.cause))


def _heal(plant: Plant, slip: Slip, outlook: Outlook, happenings: list[Happening]) -> None:
    slip.expected = outlook.safe
    move_slip(slip, SlipStatus.HEALED)
    say(slip, "healed", day=outlook.safe.isoformat())
    unit = outlook.work_order.unit
    queue_mail(
        order=unit.line.order,
        letter="slip_healed",
        serial=unit.serial,
        expected=slip.promised.isoformat(),
    )
    happenings.append(_new_day(plant, outlook, slip.promised, cause=""))


def _new_day(plant: Plant, outlook: Outlook, day: date, *, cause: str) -> Happening:
    return Happening(
        unit_id=outlook.work_order.unit_id,
        stage=Stage.NEW_DAY,
        plant_time=plant.clock.now(),
        work_order_id=outlook.work_order.pk,
        facts={"promised": outlook.promised.isoformat(), "day": day.isoformat(), "cause": cause},
    )


def answer_until(plant: Plant) -> datetime:
    """Two days of the plant's, but never less than a person needs to read a mail."""
    thought = timedelta(hours=settings.COSMO_SLIP_HOURS) / max(plant.clock_factor, 1.0)
    return real_now() + max(thought, SHORTEST_THOUGHT)


# What the customer, staff for them, or nobody decides


@transaction.atomic
def wait_for(*, slip_id: int, user: User | None = None, speaker: str = CUSTOMER) -> Slip:
    """The customer keeps the unit with the new day. Saying it again changes nothing.

    Raises:
        DomainError: it was decided otherwise (``slip_closed``).
    """
    slip, unit = _lock_slip(slip_id)
    if slip.status == SlipStatus.WAITED:
        return slip
    _check_open(slip)
    _keep(slip, unit, SlipStatus.WAITED)
    say(slip, "wait", speaker=speaker, by=user, day=slip.expected.isoformat())
    return slip


@transaction.atomic
def keep_silent(*, slip_id: int) -> Slip:
    """Nobody answered in time: the order stays, with the new day. Safe to repeat."""
    slip, unit = _lock_slip(slip_id)
    is_made = WorkOrder.objects.filter(unit=unit, status=WorkOrderStatus.CLOSED).exists()
    if slip.status == SlipStatus.OPEN and slip.answer_until <= real_now() and not is_made:
        _keep(slip, unit, SlipStatus.SILENT)
        say(slip, "silence", speaker=NOBODY, day=slip.expected.isoformat())
    return slip


@transaction.atomic
def give_back(*, slip_id: int, user: User | None = None, speaker: str = CUSTOMER) -> Slip:
    """The customer wants the money back: the unit is not made, or not made further.

    Raises:
        DomainError: ``slip_closed``; the unit is made already (``already_made``).
    """
    slip, unit = _lock_slip(slip_id)
    if slip.status == SlipStatus.REFUNDED:
        return slip
    _check_open(slip)
    say(slip, "refund", speaker=speaker, by=user, price=str(unit.line.unit_price))
    move_slip(slip, SlipStatus.REFUNDED)
    cancel_unit(unit_id=unit.pk, reason="slip", even_if_begun=True)
    return slip


@transaction.atomic
def change_for(
    *,
    slip_id: int,
    feature: str,
    option: str,
    said: SaidChange | None = None,
    user: User | None = None,
    speaker: str = CUSTOMER,
) -> ChangeOrder:
    """The customer takes another option. Done at once, or once its price is paid.

    Raises:
        DomainError: ``slip_closed``, and all that ``ask_change`` refuses.
    """
    slip, unit = _lock_slip(slip_id)
    _check_open(slip)
    facts: dict[str, Any] = {"feature": feature[:60], "option": option[:60]}
    say(slip, "change", speaker=speaker, by=user, **facts)
    change = ask_change(unit_id=unit.pk, feature=feature, option=option, said=said, user=user)
    if change.status == ChangeStatus.ASKED:  # it stays open until the difference is paid
        slip.answer_until = max(slip.answer_until, real_now() + SHORTEST_THOUGHT)
        slip.save(update_fields=["answer_until"])
    return change


def _lock_slip(slip_id: int) -> tuple[Slip, Unit]:
    """Order, plants, slip: the order of locks everywhere."""
    unit_id, plant_id = Slip.objects.values_list("unit_id", "plant_id").get(pk=slip_id)
    unit = lock_unit(unit_id)
    makers = makers_of([unit.line.offer_id]).get(unit.line.offer_id, [])
    plant_locks({plant_id, *(maker.plant_id for maker in makers)})  # a change may go to another
    return Slip.objects.select_for_update(no_key=True).get(pk=slip_id), unit


def _check_open(slip: Slip) -> None:
    if slip.status != SlipStatus.OPEN:
        raise Conflict(
            "slip_closed",
            Sentence("This delay waits for no answer any more; the page says what was decided."),
            status_now=slip.status,
        )


def _keep(slip: Slip, unit: Unit, status: SlipStatus) -> None:
    """The new day is the promise from now on; the plan aims at it."""
    line = own_line(unit)
    line.promise_date = slip.expected
    line.save(update_fields=["promise_date"])
    count_totals(line.order)
    plant = Plant.objects.get(pk=slip.plant_id)
    WorkOrder.objects.filter(unit=unit, status__in=LIVE_WORK_ORDER).update(
        due_at=floor_of(plant).latest_end(slip.expected)
    )
    mark_plan_wanted(slip.plant_id, PlanReason.UNIT_CHANGED, facts={"unit": unit.serial})
    move_slip(slip, status)
    queue_mail(
        order=line.order,
        letter="slip_kept",
        serial=unit.serial,
        expected=slip.expected.isoformat(),
    )
