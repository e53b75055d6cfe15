"""A stool on sale, for campaigns."""

from typing import Any

import pytest


@pytest.fixture
def offer(db: None) -> Any:
    from tests.factories.shop import make_shop

    return make_shop()
