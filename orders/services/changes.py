"""Change orders: one sold unit with another answer, priced, paid and planned anew."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, DomainError, Invalid, Sentence
from cosmo.lib.ids import new_public_id
from cosmo.lib.ports import freeze_points, promise_source
from cosmo.lib.transitions import check_transition
from design.compile import compiled_offer, selection_from_json
from design.rules import Selection
from design.selectors.configured import Price, price_of
from design.services.designs import save_design
from orders.lifecycle import CHANGE_MOVES, ChangeStatus, PaymentStatus
from orders.models import ChangeOrder, Payment, Unit
from orders.payments.base import Started, provider_called
from orders.selectors.agreed import Terms, terms_of
from orders.services.confirmation import drop_changes
from orders.services.mail import queue_mail
from orders.services.refunds import move_payment, want_part_refund
from orders.services.units import (
    already_begun,
    check_confirmed,
    count_totals,
    lock_unit,
    own_line,
    write_price,
)


@dataclass(frozen=True, slots=True)
class SaidChange:
    """What the customer read of the change: it must not be dearer or later."""

    price: Decimal
    promise_date: date


@transaction.atomic
def ask_change(
    *,
    unit_id: int,
    feature: str,
    option: str,
    said: SaidChange | None = None,
    user: User | None = None,
) -> ChangeOrder:
    """Another answer to one feature. What costs nothing more is done at once; else it waits to be
    paid (``start_change_payment``).

    Raises:
        DomainError: ``not_confirmed``; the feature is fixed (``feature_frozen``); no such design
            (``selection_invalid``); dearer or later than said (``price_moved``,
            ``promise_moved``); work has begun (``already_in_production``).
    """
    unit = lock_unit(unit_id)
    check_confirmed(unit.line.order)
    check_not_frozen(unit, feature)
    _check_not_begun(unit)
    selection, price = changed(unit, feature, option)
    promise = promise_source().inquire_again(unit_id=unit.pk, selection=selection)
    _check_said(said, price, promise.date, unit.line.order.currency)
    drop_changes(unit_ids=[unit.pk], reason="asked_anew")
    change = ChangeOrder.objects.create(
        unit=unit,
        asked_by=user,
        selection_before=unit.line.selection,
        selection_after={k: list(v) if isinstance(v, tuple) else v for k, v in selection.items()},
        price_lines_after=_stored(price),
        price_before=unit.line.unit_price,
        price_after=price.total,
        promise_before=unit.line.promise_date,
        promise_after=promise.date,
    )
    if price.total <= unit.line.unit_price or unit.line.order.partner_id is not None:
        _carry_out(change, unit)
    return change


def changed(unit: Unit, feature: str, option: str) -> tuple[Selection, Price]:
    """The unit's selection with one other answer, and what it costs by the offer it was sold from.

    Raises:
        DomainError: ``selection_invalid``.
    """
    compiled = compiled_offer(unit.line.offer)
    selection = {**selection_from_json(unit.line.selection), feature: option}
    asked = compiled.model.by_id.get(feature)
    if (
        asked is None
        or asked.kind != "choice"
        or option not in {one.id for one in asked.options}
        or not compiled.engine.is_valid(selection)
        or compiled.engine.violations(selection)
    ):
        raise Invalid(
            "selection_invalid",
            Sentence("“%(option)s” does not go with the rest of this unit. Choose another."),
            option=option[:40],
        )
    terms = terms_of(unit.line) or Terms()
    return selection, terms.on(price_of(compiled, selection))


def check_not_frozen(unit: Unit, feature: str) -> None:
    if feature in freeze_points().frozen_features(unit_id=unit.pk):
        raise Conflict(
            "feature_frozen",
            Sentence("“%(feature)s” of unit %(serial)s is fixed: its step has begun."),
            feature=feature[:40],
            serial=unit.serial,
        )


def _check_not_begun(unit: Unit) -> None:
    """Before somebody pays for what is then refused."""
    if any(point.is_work_begun for point in freeze_points().freeze_plan(unit_id=unit.pk)):
        raise already_begun(unit.serial)


def start_change_payment(*, change_id: int, provider: str) -> Started:
    """Begin to pay what a change costs more, or go on with the payment already begun.

    Raises:
        DomainError: nothing is to be paid (``not_payable``), ``unknown_provider``.
    """
    gateway = provider_called(provider)
    with transaction.atomic():
        unit = lock_unit(ChangeOrder.objects.values_list("unit_id", flat=True).get(pk=change_id))
        change = ChangeOrder.objects.get(pk=change_id)
        if change.status != ChangeStatus.ASKED:
            raise Conflict(
                "not_payable",
                Sentence("The change of %(serial)s waits for no payment."),
                serial=unit.serial,
            )
        payment, _ = Payment.objects.get_or_create(
            change=change,
            defaults={
                "order": unit.line.order,
                "provider": provider,
                "provider_reference": str(new_public_id()),
                "amount": change.price_after - change.price_before,
                "currency": unit.line.order.currency,
            },
        )
    return gateway.start(
        reference=payment.provider_reference, amount=payment.amount, currency=payment.currency
    )


@transaction.atomic
def settle_paid_change(*, change_id: int) -> ChangeOrder:
    """The difference is there: change the unit, or give the money back where that is too late."""
    unit = lock_unit(ChangeOrder.objects.values_list("unit_id", flat=True).get(pk=change_id))
    change = ChangeOrder.objects.select_related("payment").get(pk=change_id)
    if change.status == ChangeStatus.DONE:
        return change
    if change.status == ChangeStatus.ASKED:
        try:
            with transaction.atomic():
                check_confirmed(unit.line.order)
                _carry_out(change, unit)
        except DomainError as error:
            change.refresh_from_db()
            close_change(change, ChangeStatus.DROPPED, reason=error.code)
        else:
            return change
    move_payment(change.payment, PaymentStatus.REFUNDING)
    return change


def _carry_out(change: ChangeOrder, unit: Unit) -> None:
    """Line, price, design and work order follow; the difference goes back where it is one."""
    for feature, answer in change.selection_after.items():
        if answer != change.selection_before.get(feature):
            check_not_frozen(unit, feature)
    line = own_line(unit)
    line.selection = change.selection_after
    write_price(line, unit_price=change.price_after, price_lines=change.price_lines_after)
    line.revision = save_design(
        offer=line.offer,
        choices=selection_from_json(change.selection_after),
        owner=line.order.user,
        partner=line.order.partner,
        name=line.revision.design.name,
        forked_from=line.revision,
    )
    line.save()
    promise = promise_source().replan(unit_id=unit.pk)
    line.promise_date, line.plant_code = promise.date, promise.plant
    line.save(update_fields=["promise_date", "plant_code"])
    change.promise_after = promise.date
    close_change(change, ChangeStatus.DONE)
    count_totals(line.order)
    if change.price_after < change.price_before:
        want_part_refund(
            order=line.order,
            key=f"change-{change.public_id}",
            amount=change.price_before - change.price_after,
            tax_percent=line.tax_percent,
        )
    queue_mail(
        order=line.order,
        letter="unit_changed",
        serial=unit.serial,
        expected=promise.date.isoformat(),
        said=change.promise_before.isoformat(),
    )


def close_change(change: ChangeOrder, target: ChangeStatus, *, reason: str = "") -> None:
    check_transition(
        what=f"Change {change.public_id}", moves=CHANGE_MOVES, source=change.status, target=target
    )
    change.status, change.closed_at, change.close_reason = target, real_now(), reason[:60]
    change.save(update_fields=["status", "closed_at", "close_reason", "promise_after"])


def _stored(price: Price) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "feature": one.feature, "amount": str(one.amount)} for one in price.lines
    ]


def _check_said(said: SaidChange | None, price: Price, day: date, currency: str) -> None:
    if said is None:
        return
    if price.total > said.price:
        raise Conflict(
            "price_moved",
            Sentence("The unit would now cost %(new)s %(currency)s; %(old)s was said."),
            old=str(said.price),
            new=str(price.total),
            currency=currency,
        )
    if day > said.promise_date:
        raise Conflict(
            "promise_moved",
            Sentence("The changed unit could now be there by %(new)s; %(old)s was said."),
            old=said.promise_date.isoformat(),
            new=day.isoformat(),
        )
