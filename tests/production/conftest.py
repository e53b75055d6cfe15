"""A plant with one line that answers on a real port.

Models are imported inside: pytest reads this file before Django is set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.production.fake_line import FakeLine, open_line

if TYPE_CHECKING:
    from production.models import Plant


@pytest.fixture
def plant(db: None) -> Plant:
    from tests.factories.production import make_plant

    return make_plant()


@pytest.fixture
def line(plant: Plant) -> Iterator[FakeLine]:
    """The plant's line, known and heard of just now."""
    from cosmo.lib.clock import real_now

    row = plant.lines.get()
    with open_line(row.key) as fake:
        row.address, row.epoch, row.seen_at = fake.address, fake.epoch, real_now()
        row.save()
        yield fake
