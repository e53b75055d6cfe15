"""Many at once after the last places, and people who join while it closes."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from cosmo.accounts.models import User
from cosmo.invariants import find_breaches
from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from orders.models import Campaign, Order, Pledge, SimulatedCharge
from orders.payments.simulated_authorisations import decide_authorisation
from orders.services.campaign_orders import sweep_campaigns
from orders.services.campaigns import close_campaign
from orders.services.pledges import settle_pledge
from tests.factories.cocreation import begin, commit, known_person, open_for, people, show
from tests.factories.shop import make_shop
from tests.production.test_promise_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def make_campaign(**changes: Any) -> Campaign:
    make_shop()
    shower = known_person("shower@example.org", "Shower")
    return open_for(show(shower), owner=shower, **changes)


def attempt(campaign: Campaign, user: User) -> str:
    try:
        reference = begin(campaign, user)
        decide_authorisation(reference=reference, choice="accept")
        return settle_pledge(pledge_id=Pledge.objects.get(reference=reference).pk).status
    except DomainError as refused:
        return refused.code


def test_eight_people_after_three_places() -> None:
    campaign = make_campaign(maximum=3, ladder=[])
    said = at_once([partial(attempt, campaign, user) for user in people(8)])
    assert (said.count("committed"), said.count("campaign_full")) == (3, 5)
    assert Pledge.objects.count() == 3


def test_one_person_in_eight_windows_takes_one_place() -> None:
    campaign = make_campaign()
    user = people(1)[0]
    said = at_once([partial(attempt, campaign, user) for _ in range(8)])
    assert said.count("committed") == 1
    assert Pledge.objects.exclude(status="released").count() == 1


def test_closing_while_people_join_leaves_nobody_between() -> None:
    campaign = make_campaign()
    for user in people(2):
        commit(campaign, user)
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=real_now() + timedelta(seconds=0.05))
    acts = [partial(attempt, campaign, user) for user in people(6)]
    at_once([*acts, *(partial(close_campaign, campaign_id=campaign.pk) for _ in range(2))])
    close_campaign(campaign_id=campaign.pk)
    at_once([sweep_campaigns, sweep_campaigns, sweep_campaigns])
    sweep_campaigns()
    campaign.refresh_from_db()
    assert campaign.status == "ordered"
    ordered = Pledge.objects.filter(status="ordered").count()
    assert ordered >= 2
    assert Order.objects.filter(status="confirmed").count() == ordered
    assert SimulatedCharge.objects.count() == ordered
    assert set(Pledge.objects.values_list("status", flat=True)) <= {"ordered", "released"}
    assert find_breaches() == []
