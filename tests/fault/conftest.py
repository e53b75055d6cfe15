"""A plant with orders, before anything runs.

Models are imported inside: pytest reads this file before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from orders.models import Order
    from production.models import Plant


@pytest.fixture
def workshop(transactional_db: None) -> Plant:
    """The plant of the lamp, half an hour before it opens, in real time."""
    from django.core.management import call_command

    from production.models import Plant
    from tests.catalogue.folders import LAMP
    from tests.factories.production import set_plant_time
    from tests.flow.test_strange_product import OPENS

    call_command("load_catalogue", str(LAMP))
    plant = Plant.objects.get()
    set_plant_time(plant, OPENS, factor=1.0)
    return plant


@pytest.fixture
def sell(workshop: Plant) -> Callable[[int], list[Order]]:
    """Confirms so many orders of one unit each, paid and planned."""
    from design.models import Offer
    from production.services.planning import plan_plant
    from tests.factories.orders import pay, place

    def sell_lamps(count: int) -> list[Order]:
        orders = [pay(place(Offer.objects.get())) for _ in range(count)]
        plan_plant(plant_id=workshop.pk, trigger="sold")
        return orders

    return sell_lamps
