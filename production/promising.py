"""Answers the promise port (cosmo/lib/ports.py) from the live bookings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from cosmo.lib.errors import DomainError
from cosmo.lib.ports import PlantChoice, Promise, SelectionLike
from orders.models import OrderLine
from production.compile import floor_of
from production.models import Engineering, Plant, WorkOrder
from production.selectors.bookings import PlantGaps, gaps_of
from production.selectors.demands import Demand, Key, demand_of
from production.selectors.makers import makers_of
from production.selectors.materials_supply import Counter
from production.selectors.places import (
    Place,
    change_until,
    change_until_at,
    day_at,
    first_minute,
    first_minute_again,
    found_places,
    supplies_of,
)
from production.services import holds, withdrawals


class PlantPromises:
    """The factory's word: every date stands on free minutes of real lanes."""

    def inquiry(self, *, offer_id: int) -> "PlantInquiry":
        """One statement while neither a plant's bookings nor its material have changed, one more
        for each of them that has (a new process reads documents once)."""
        return PlantInquiry(offer_id)

    def inquire(self, *, offer_id: int, selection: SelectionLike, quantity: int = 1) -> Promise:
        return self.inquiry(offer_id=offer_id).promise(selection, quantity=quantity)

    def inquire_again(self, *, unit_id: int, selection: SelectionLike) -> Promise:
        """Two statements, and what ``inquiry`` takes."""
        offer_id = OrderLine.objects.values_list("offer_id", flat=True).get(units=unit_id)
        made = WorkOrder.objects.filter(unit=unit_id).select_related("plant")
        sold = made.defer("plant__document").order_by("generation").last()
        return PlantInquiry(offer_id, sold=sold).promise(selection)

    def hold(self, *, order_id: int, lasts: timedelta) -> Mapping[int, Promise]:
        """Keep capacity for the order; see ``services.holds.hold_capacity``."""
        hold, places = holds.hold_capacity(order_id=order_id, lasts=lasts)
        return {
            line_id: promise_of(place, lasts_until=hold.expires_at)
            for line_id, place in places.items()
        }

    def is_held(self, *, order_id: int) -> bool:
        return holds.is_held(order_id=order_id)

    def confirm(self, *, order_id: int) -> None:
        """Turn the hold into work orders; see ``services.holds.confirm_hold``."""
        holds.confirm_hold(order_id=order_id)

    def release(self, *, order_id: int) -> None:
        """Give back what is kept; see ``services.holds.release_hold``."""
        holds.release_hold(order_id=order_id)

    def withdraw(self, *, unit_ids: Sequence[int], even_if_begun: bool) -> None:
        """End the units' work orders; see ``services.withdrawals.withdraw_units``."""
        withdrawals.withdraw_units(unit_ids=unit_ids, even_if_begun=even_if_begun)

    def replan(self, *, unit_id: int) -> Promise:
        """A new work order for the unit's line; see ``services.withdrawals.replan_unit``."""
        return promise_of(withdrawals.replan_unit(unit_id=unit_id))


class PlantInquiry:
    """Who makes an offer, and what is free there, read once for any number of questions."""

    def __init__(self, offer_id: int, *, sold: WorkOrder | None = None) -> None:
        self._offer_id = offer_id
        self._sold = sold

    # Read with the first question, so that what cannot be read is refused like what has no room.
    @cached_property
    def makers(self) -> list[Engineering]:
        return makers_of([self._offer_id]).get(self._offer_id, [])

    @cached_property
    def gaps(self) -> dict[int, PlantGaps]:
        return {maker.plant_id: gaps_of(maker.plant) for maker in self.makers}

    @cached_property
    def supplies(self) -> dict[int, Counter]:
        return supplies_of(maker.plant for maker in self.makers)

    def promise(self, selection: SelectionLike, *, quantity: int = 1) -> Promise:
        """See ``Inquiry.promise``; with all plants side by side."""
        places = found_places(
            self.makers,
            self.gaps,
            selection=selection,
            quantity=quantity,
            not_before=self._first_minutes,
            supplies=self.supplies,
        )
        return promise_of(places[0], asked=places)

    def days(self, selections: Sequence[SelectionLike], *, quantity: int = 1) -> list[date | None]:
        """The day of each selection, worked out once for all that ask the same of the plants."""
        found: dict[tuple[Key, ...], date | None] = {(): None}
        keys = []
        for selection in selections:
            demands = self._demands(selection)
            key = tuple(one.key for one in demands)
            if key not in found:
                found[key] = self._day(demands, quantity)
            keys.append(key)
        return [found[key] for key in keys]

    def _demands(self, selection: Mapping[str, Any]) -> tuple[Demand, ...]:
        """What it asks of every plant; nothing where one cannot say how it is made."""
        try:
            return tuple(demand_of(maker, selection) for maker in self.makers)
        except DomainError:
            return ()

    def _day(self, demands: Sequence[Demand], quantity: int) -> date | None:
        """The earliest, with one demand a plant; None where ``promise`` would refuse."""
        try:
            days = [
                day_at(
                    maker,
                    self.gaps[maker.plant_id],
                    demand,
                    quantity=quantity,
                    not_before=self._first_minutes[maker.plant_id],
                    supply=self.supplies.get(maker.plant_id),
                )
                for maker, demand in zip(self.makers, demands, strict=True)
            ]
        except DomainError:  # as a carrier that does not drive so late; the click goes on
            return None
        return min((day for day in days if day is not None), default=None)

    @cached_property
    def _first_minutes(self) -> dict[int, int]:
        """From when capacity counts, by plant."""
        return {maker.plant_id: self._first_minute(maker.plant) for maker in self.makers}

    def _first_minute(self, plant: Plant) -> int:
        gaps, lasts = self.gaps[plant.pk], settings.COSMO_HOLD
        if self._sold is None:
            return first_minute(plant, gaps, lasts)
        return first_minute_again(plant, gaps, change_until_at(plant, self._sold), lasts=lasts)


def promise_of(
    place: Place,
    *,
    lasts_until: datetime | None = None,
    asked: Sequence[Place] = (),
) -> Promise:
    """
    Args:
        asked: Of an inquiry, every plant that could make it, ``place`` first.
    """
    plant = place.engineering.plant
    return Promise(
        date=place.promise_date,
        leaves_at=place.leaves_at,
        plant=plant.code,
        time_factor=plant.clock_factor,
        change_until=safe_change_until(asked or [place]),
        lasts_until=lasts_until,
        waits_for=place.waits_for,
        plants=plants_in(asked),
    )


def safe_change_until(places: Sequence[Place]) -> datetime | None:
    """What holds whichever of the plants makes it in the end: the earliest moment, by the clock of
    the first; None where one of them says nothing."""
    plants = [place.engineering.plant for place in places]
    said = [(plant.clock, change_until(plant)) for plant in plants]
    first = plants[0].clock
    moments = [first.moment_of(at, clock) for clock, at in said if at is not None]
    return min(moments) if len(moments) == len(plants) else None


def plants_in(places: Iterable[Place]) -> tuple[PlantChoice, ...]:
    """The plants side by side; nearest is the one from which the way takes the fewest days."""
    books = [(place, floor_of(place.engineering.plant).book) for place in places]
    earliest = min((place.promise_date for place, _ in books), default=None)
    shortest = min((book.carrier.working_days for _, book in books), default=None)
    return tuple(
        PlantChoice(
            code=book.code,
            names=book.names,
            date=place.promise_date,
            travel_days=book.carrier.working_days,
            is_earliest=place.promise_date == earliest,
            is_nearest=book.carrier.working_days == shortest,
        )
        for place, book in books
    )
