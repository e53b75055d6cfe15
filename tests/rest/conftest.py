"""The stool on offer at a plant that stands still, and a partner's program.

Models are imported inside: pytest reads this file before Django is set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from design.models import Offer
    from tests.factories.partners import Api

RULES = [{"id": "R01", "never": "size == 'large' and colour == 'red'"}]


@pytest.fixture(autouse=True)
def _separate_counts(clean_valkey: None) -> None:
    """Throttles count in the cache."""


@pytest.fixture
def offer(db: None) -> Offer:
    from tests.factories.production import make_offer, make_plant

    return make_offer(make_plant(), rules=RULES)


@pytest.fixture
def api(offer: Offer) -> Api:
    from tests.factories.partners import make_api

    return make_api()
