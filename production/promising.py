"""Answers the promise port (cosmo/lib/ports.py) from the live bookings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from cosmo.lib.ports import Promise, SelectionLike
from production.selectors.bookings import gaps_of
from production.selectors.makers import makers_of
from production.selectors.places import Place, best_place
from production.services import holds, withdrawals


class PlantPromises:
    """The factory's word: every date stands on free minutes of real lanes."""

    def inquire(self, *, offer_id: int, selection: SelectionLike, quantity: int = 1) -> Promise:
        """The earliest day, without a lock and without keeping anything.

        One statement while the plant's bookings have not changed, two otherwise (a new process
        reads documents once).
        """
        makers = makers_of([offer_id]).get(offer_id, [])
        place = best_place(
            makers,
            {maker.plant_id: gaps_of(maker.plant) for maker in makers},
            selection=selection,
            quantity=quantity,
            lasts=settings.COSMO_HOLD,
        )
        return promise_of(place)

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


def promise_of(place: Place, *, lasts_until: datetime | None = None) -> Promise:
    plant = place.engineering.plant
    return Promise(
        date=place.promise_date,
        leaves_at=place.leaves_at,
        plant=plant.code,
        time_factor=plant.clock_factor,
        lasts_until=lasts_until,
    )
