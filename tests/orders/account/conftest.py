"""What the tests of accounts share; models are imported once Django has loaded them."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cosmo.accounts.models import User
    from design.models import Offer


@pytest.fixture
def offer(db: None) -> "Offer":
    from tests.factories.production import make_plant
    from tests.factories.shop import make_shop

    return make_shop(make_plant())


@pytest.fixture
def ada(db: None) -> "User":
    from cosmo.accounts.models import User

    return User.objects.create_user("ada@example.org", "a-long-enough-password")
