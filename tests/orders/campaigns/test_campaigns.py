"""A campaign from its opening to everybody's order, or to its end; nobody is charged before."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from cosmo.accounts.models import User
from cosmo.invariants import find_breaches
from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.letters import send_waiting_letters
from cosmo.lib.models import OutboxEvent
from design.models import Offer
from orders.lifecycle import CAMPAIGN_MOVES, PLEDGE_MOVES
from orders.models import (
    Campaign,
    Order,
    Payment,
    Pledge,
    SimulatedAuthorisation,
    SimulatedCharge,
)
from orders.payments.simulated_authorisations import decide_authorisation
from orders.services import campaign_orders
from orders.services.campaign_orders import sweep_campaigns
from orders.services.campaigns import choose_pilot, close_campaign, open_campaign
from orders.services.checkout import TERMS_VERSION
from orders.services.closing import what_runs
from orders.services.pledges import settle_pledge, withdraw_pledge
from tests.factories.cocreation import (
    SECRET_TEXT,
    begin,
    commit,
    designer_of,
    known_person,
    open_for,
    people,
    reread,
    show,
)
from tests.factories.orders import CONTACT

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(offer: Offer) -> Campaign:
    """Two to eight people; 5 % less from three, 10 % from five."""
    entry = show(known_person("shower@example.org", "Shower"))
    return open_for(entry, owner=designer_of(offer.product))


def let_close(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=real_now() - timedelta(seconds=1))


def letters(topic: str = "") -> list[str]:
    found = OutboxEvent.objects.filter(topic__startswith=f"letter.{topic}").order_by("id")
    return [topic.removeprefix("letter.") for topic in found.values_list("topic", flat=True)]


def statuses() -> list[str]:
    return list(Pledge.objects.order_by("id").values_list("status", flat=True))


def refusal(act: Callable[..., Any], **facts: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act(**facts)
    return refused.value.code


def test_enough_people_make_orders_at_the_price_reached(
    campaign: Campaign, mailoutbox: list[Any]
) -> None:
    for number, user in enumerate(people(3)):
        commit(campaign, user, quantity=1 + number % 2)
    assert sweep_campaigns() == 0
    assert not SimulatedCharge.objects.exists()
    assert not Order.objects.exists()
    let_close(campaign)
    assert sweep_campaigns() == 0
    campaign.refresh_from_db()
    assert (campaign.status, campaign.percent_off) == ("ordered", Decimal(5))
    assert statuses() == ["ordered"] * 3
    orders = Order.objects.order_by("id")
    assert [order.status for order in orders] == ["confirmed"] * 3
    assert [order.total for order in orders] == [95, 190, 95]
    line = orders[0].lines.get()
    assert line.price_lines[-1] == {"id": "campaign_rebate", "feature": None, "amount": "-5.00"}
    assert line.selection["engraving"] == ""
    charged = SimulatedCharge.objects.aggregate(all=Sum("amount"))["all"]
    assert charged == Payment.objects.filter(status="paid").aggregate(all=Sum("amount"))["all"]
    assert charged == 380
    assert letters("campaign") == ["campaign_succeeded"] * 3
    send_waiting_letters()
    assert "€190.00" in mailoutbox[4].body
    assert find_breaches() == []
    assert sweep_campaigns() == 0
    assert Order.objects.count() == SimulatedCharge.objects.count() == 3


def test_too_few_people_are_released_and_told_and_nothing_is_charged(campaign: Campaign) -> None:
    commit(campaign, people(1)[0])
    begin(campaign, people(1)[0])
    let_close(campaign)
    sweep_campaigns()
    campaign.refresh_from_db()
    assert campaign.status == "failed"
    assert statuses() == ["released"] * 2
    assert letters("campaign") == ["campaign_failed"]  # who never got to the bank hears nothing
    assert not Order.objects.exists()
    assert not SimulatedCharge.objects.exists()
    assert not SimulatedAuthorisation.objects.filter(released_at=None).exists()
    assert Pledge.objects.filter(contact={}).count() == 2
    assert find_breaches() == []


def test_it_succeeds_at_once_when_all_places_are_committed(
    campaign: Campaign, client: Client
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(maximum=2)
    first, last = people(2)
    commit(campaign, first)
    client.force_login(last)
    page = f"/campaigns/{campaign.public_id}/"
    form = {"quantity": "1", "terms": "on", **CONTACT_FORM}
    bank = client.post(f"{page}pledge/", form).headers["Location"]
    assert bank.startswith("/pay/simulator/later/")
    assert "No money moves" in client.get(bank).content.decode()
    assert client.post(bank, {"choice": "accept"}).headers["Location"] == page
    campaign.refresh_from_db()
    assert campaign.status == "succeeded"
    third = people(1)[0]
    assert refusal(begin, campaign=campaign, user=third) == "campaign_closed"
    sweep_campaigns()
    assert Order.objects.filter(status="confirmed").count() == 2
    order = Order.objects.get(user=last)
    assert f"/orders/{order.public_id}/" in client.get(page).content.decode()


CONTACT_FORM = {
    "email": "ada@example.org",
    "name": "Ada",
    "street": "1 Loom Street",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
    "phone": "",
}


def test_a_word_is_given_once_and_may_be_taken_back(campaign: Campaign) -> None:
    user, other = people(2)
    first = begin(campaign, user)
    second = begin(campaign, user)  # the first page at the bank was left
    assert statuses() == ["released", "started"]
    decide_authorisation(reference=second, choice="accept")
    settle_pledge(pledge_id=campaign.pledges.get(reference=second).pk)
    assert refusal(begin, campaign=campaign, user=user) == "already_pledged"
    assert refusal(begin, campaign=campaign, user=other, quantity=4) == "quantity_out_of_range"
    assert refusal(withdraw_pledge, campaign_id=campaign.pk, user=other) == "not_pledged"
    withdraw_pledge(campaign_id=campaign.pk, user=user)
    assert statuses() == ["released", "released"]
    sweep_campaigns()
    assert SimulatedAuthorisation.objects.filter(released_at=None).count() == 0
    decide_authorisation(reference=first, choice="accept")
    assert SimulatedAuthorisation.objects.get(reference=first).outcome == ""


def test_a_bank_that_refuses_or_says_nothing_ends_the_pledge(campaign: Campaign) -> None:
    refused, silent = begin(campaign, people(1)[0]), begin(campaign, people(1)[0])
    decide_authorisation(reference=refused, choice="refuse")
    sweep_campaigns()
    assert statuses() == ["released", "started"]
    long_ago = real_now() - timedelta(minutes=16)
    Pledge.objects.filter(reference=silent).update(created_at=long_ago)
    sweep_campaigns()
    assert list(Pledge.objects.order_by("id").values_list("close_reason", flat=True)) == [
        "refused",
        "no_answer",
    ]


def test_a_word_given_in_time_counts_although_nobody_asked_the_bank(campaign: Campaign) -> None:
    commit(campaign, people(1)[0])
    decide_authorisation(reference=begin(campaign, people(1)[0]), choice="accept")
    let_close(campaign)
    close_campaign(campaign_id=campaign.pk)
    campaign.refresh_from_db()
    assert campaign.status == "succeeded"
    assert statuses() == ["committed"] * 2


def test_killed_between_any_two_steps_the_next_sweep_goes_on(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user in people(2):
        commit(campaign, user)
    let_close(campaign)

    def killed(**_: object) -> None:
        raise KeyboardInterrupt

    for step in ("settle_payment", "charge_pledge"):
        with monkeypatch.context() as patch:
            patch.setattr(campaign_orders, step, killed)
            with pytest.raises(KeyboardInterrupt):
                sweep_campaigns()
    assert Order.objects.filter(status="quoted").count() == 2
    assert SimulatedCharge.objects.count() == 1
    for _ in range(2):
        assert sweep_campaigns() == 0
    assert Order.objects.filter(status="confirmed").count() == 2
    assert SimulatedCharge.objects.count() == Payment.objects.filter(status="paid").count() == 2
    assert find_breaches() == []


def test_where_the_bank_no_longer_agrees_the_person_is_asked_to_pay(campaign: Campaign) -> None:
    for user in people(2):
        commit(campaign, user)
    pledge = Pledge.objects.earliest("id")
    SimulatedAuthorisation.objects.filter(reference=pledge.reference).update(released_at=real_now())
    let_close(campaign)
    sweep_campaigns()
    sweep_campaigns()
    assert sorted(Order.objects.values_list("status", flat=True)) == ["confirmed", "quoted"]
    assert letters("pledge_pay") == ["pledge_pay"]
    order = Order.objects.get(status="quoted")
    assert order.held_until is not None
    assert order.held_until > real_now() + timedelta(hours=47)
    assert order.payments.get().status == "refused"


def test_the_catalogue_may_move_on_without_the_campaign(campaign: Campaign, offer: Offer) -> None:
    from tests.factories.shop import make_shop

    for user in people(2):
        commit(campaign, user)
    make_shop(plant_of(), price={"base": "999", "lines": []})
    let_close(campaign)
    sweep_campaigns()
    assert set(Order.objects.values_list("status", "total")) == {("confirmed", Decimal(100))}


def plant_of() -> Any:
    from production.models import Plant

    return Plant.objects.get()


def test_numbers_that_do_not_fit_together(campaign: Campaign) -> None:
    facts: dict[str, Any] = {
        "revision": reread(campaign.revision),
        "owner": campaign.owner,
        "title": "T",
        "text": "t",
        "minimum": 5,
        "maximum": 10,
        "closes_at": real_now() + timedelta(days=1),
        "ladder": [],
    }
    for wrong in (
        {"minimum": 1},
        {"maximum": 4},
        {"ladder": [(4, Decimal(5))]},
        {"ladder": [(6, Decimal(5)), (6, Decimal(6))]},
        {"ladder": [(6, Decimal(5)), (8, Decimal(5))]},
        {"ladder": [(11, Decimal(5))]},
        {"ladder": [(6, Decimal(51))]},
    ):
        assert refusal(open_campaign, **{**facts, **wrong}) == "campaign_numbers"
    for days in (-1, 91):
        late = {**facts, "closes_at": real_now() + timedelta(days=days)}
        assert refusal(open_campaign, **late) == "campaign_end"
    assert Campaign.objects.count() == 1


def test_a_campaign_makes_the_design_without_its_owners_words(
    campaign: Campaign, client: Client
) -> None:
    assert campaign.revision.selection["engraving"] == ""
    assert campaign.revision.design.forked_from is not None
    assert campaign.revision.design.forked_from.selection["engraving"] == SECRET_TEXT
    page = client.get(f"/campaigns/{campaign.public_id}/").content.decode()
    assert SECRET_TEXT not in page


def test_the_list_and_the_page_cost_the_same_however_many_take_part(
    campaign: Campaign, client: Client, django_assert_num_queries: Any
) -> None:
    page = f"/campaigns/{campaign.public_id}/"
    for address in (page, "/campaigns/"):
        client.get(address)
    for count in (0, 4):
        for user in people(count):
            commit(campaign, user)
        with django_assert_num_queries(1):
            client.get(page)
        with django_assert_num_queries(2):  # count, campaigns
            client.get("/campaigns/")


def test_a_pilot_is_a_unit_of_the_owners_that_all_may_follow(
    campaign: Campaign, offer: Offer, client: Client
) -> None:
    from orders.services.checkout import Wanted, place_order
    from tests.factories.orders import pay, place

    owner = campaign.owner
    assert owner is not None
    foreign = pay(place(offer, user=owner)).lines.get().units.get()
    facts: dict[str, Any] = {"campaign_id": campaign.pk}
    assert refusal(choose_pilot, user=owner, unit=foreign, **facts) == "unknown_unit"
    order = place_order(
        wanted=[Wanted(revision=reread(campaign.revision), quantity=1)],
        contact=CONTACT,
        language="en",
        checkout_key="pilot",
        said=None,
        user=owner,
    )
    unit = pay(order).lines.get().units.get()
    assert refusal(choose_pilot, user=people(1)[0], unit=unit, **facts) == "not_yours"
    client.force_login(owner)
    page = f"/campaigns/{campaign.public_id}/"
    assert unit.serial in client.get(page).content.decode()
    assert client.post(f"{page}pilot", {"unit": unit.serial}).status_code == 302
    guest = Client()
    assert f"{page}pilot/progress" in guest.get(page).content.decode()
    told = guest.get(f"{page}pilot/progress").content.decode()
    assert "Order confirmed" in told
    part = guest.get(f"{page}pilot/progress", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    for secret in (unit.serial, order.number, CONTACT.name, CONTACT.street, str(unit.public_id)):
        assert secret not in told


def test_who_leaves_is_charged_nothing(campaign: Campaign) -> None:
    user, other = people(2)
    commit(campaign, user)
    commit(campaign, other)
    assert what_runs(user) == [campaign.title]  # the account stays until the word is taken back
    withdraw_pledge(campaign_id=campaign.pk, user=user)
    assert what_runs(user) == []
    user.delete()
    let_close(campaign)
    sweep_campaigns()
    assert Campaign.objects.get().status == "failed"
    assert not SimulatedCharge.objects.exists()


def test_moves_end_where_nothing_follows() -> None:
    assert set(CAMPAIGN_MOVES) == {"collecting", "succeeded"}
    assert set(PLEDGE_MOVES) == {"started", "committed"}


def test_a_designer_opens_a_campaign_by_the_form(offer: Offer, client: Client) -> None:
    entry = show(known_person("shower@example.org", "Shower"))
    start = f"/campaigns/start/{entry.design.code}/"
    client.force_login(User.objects.create_user("anybody@example.org"))
    assert client.get(start).status_code == 403
    client.force_login(designer_of(offer.product))
    assert client.get(start).status_code == 200
    sent = {
        "title": "Stools",
        "text": "For all.",
        "minimum": "3",
        "maximum": "9",
        "closes_on": (real_now() + timedelta(days=3)).date().isoformat(),
        "first_people": "5",
        "first_percent": "7.5",
    }
    assert client.post(start, {**sent, "maximum": "2"}).status_code == 422
    assert client.post(start, sent).status_code == 302
    assert Campaign.objects.get().ladder == [[5, "7.5"]]
    part = client.get(f"/campaigns/of/{entry.design.code}/", headers={"HX-Request": "true"})
    assert "Stools" in part.content.decode()


def test_nobody_takes_part_without_an_address(campaign: Campaign, client: Client) -> None:
    client.force_login(people(1)[0])
    page = f"/campaigns/{campaign.public_id}/pledge/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"quantity": "9", "terms": "on"}).status_code == 422
    assert not Pledge.objects.exists()
    let_close(campaign)
    assert refusal(begin, campaign=campaign, user=people(1)[0]) == "campaign_closed"
    assert not Pledge.objects.exists()


def test_who_takes_part_sees_what_it_is_and_accepts_the_terms(
    campaign: Campaign, client: Client
) -> None:
    client.force_login(people(1)[0])
    address = f"/campaigns/{campaign.public_id}/pledge/"
    page = client.get(address).content.decode()
    assert "<svg" in page.split('class="order-picture"')[1][:40]
    assert "Made for you alone" in page
    assert page.count('class="ladder-step') == 3
    assert "2 units, at most €200.00" in page
    sent = {**asdict(CONTACT), "quantity": "2"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Please accept the terms first." in refused.content.decode()
    assert not Pledge.objects.exists()
    assert client.post(address, {**sent, "terms": "on"}).status_code == 302
    pledge = Pledge.objects.get()
    assert (pledge.quantity, pledge.terms_version) == (2, TERMS_VERSION)
    assert pledge.terms_accepted_at is not None


def test_the_order_bears_the_terms_that_were_accepted_with_the_word(campaign: Campaign) -> None:
    for user in people(3):
        commit(campaign, user)
    then = real_now() - timedelta(days=2)
    Pledge.objects.update(terms_version="2025-01", terms_accepted_at=then)
    let_close(campaign)
    sweep_campaigns()
    found = set(Order.objects.values_list("terms_version", "terms_accepted_at"))
    assert found == {("2025-01", then)}


def test_who_must_pay_later_keeps_the_campaigns_price_whatever_the_catalogue_says(
    campaign: Campaign,
) -> None:
    from orders.services.quotes import renew_quote
    from tests.factories.orders import let_hold_expire
    from tests.factories.shop import make_shop

    for user in people(3):
        commit(campaign, user)
    pledge = Pledge.objects.earliest("id")
    SimulatedAuthorisation.objects.filter(reference=pledge.reference).update(released_at=real_now())
    let_close(campaign)
    sweep_campaigns()
    order = Order.objects.get(status="quoted")
    assert order.total == Decimal(95)
    make_shop(plant_of(), price={"base": "999", "lines": []})
    let_hold_expire(order)
    renewed = renew_quote(order_id=order.pk, said=None)
    line = renewed.lines.get()
    assert (renewed.total, line.unit_price) == (Decimal(95), Decimal(95))
    assert line.offer_id == campaign.revision.offer_id
    assert [one["amount"] for one in line.price_lines] == ["100.00", "-5.00"]
    assert find_breaches() == []


def test_another_answer_in_a_campaigns_order_costs_less_by_the_same_percent(
    campaign: Campaign,
) -> None:
    from orders.models import Unit
    from orders.services.changes import changed

    for user in people(3):
        commit(campaign, user)
    let_close(campaign)
    sweep_campaigns()
    unit = Unit.objects.select_related("line__offer").earliest("id")
    before = changed(unit, "colour", "white")[1].total
    assert before == unit.line.unit_price == Decimal(95)
    assert changed(unit, "size", "large")[1].total == Decimal("142.50")
