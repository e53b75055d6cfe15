"""Showing a design, looking around, voting: who may, what is counted, what it costs to ask."""

import re
from typing import Any

import pytest
from django.test import Client

from cosmo.accounts.models import User
from cosmo.lib.errors import DomainError
from design.lifecycle import CONTRIBUTION_MOVES, ContributionStatus
from design.models import Contribution, GalleryEntry, Offer, Vote
from design.services.gallery import publish_entry, withdraw
from design.services.votes import cast_vote
from tests.factories.cocreation import SECRET_TEXT, known_person, saved, show

pytestmark = pytest.mark.django_db


def refusal(act: Any, **facts: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act(**facts)
    return refused.value.code


def test_a_new_author_waits_and_a_known_one_is_shown(offer: Offer, client: Client) -> None:
    new = User.objects.create_user("new@example.org")
    revision = saved(new)
    assert refusal(publish_entry, revision=revision, user=new, title="Mine") == "name_needed"
    assert not GalleryEntry.objects.exists()
    entry = publish_entry(revision=revision, user=new, title="Mine", name="  Lotte\u202e  K ")
    assert (entry.status, entry.author.name, entry.shown_at) == ("waiting", "Lotte K", None)
    address = f"/gallery/designs/{revision.design.code}/"
    assert client.get(address).status_code == 404
    client.force_login(new)
    assert "Only you see this yet" in client.get(address).content.decode()
    known = known_person("known@example.org", "Known")
    assert show(known).status == "shown"
    linked = publish_entry(revision=saved(known), user=known, title="Buy at www.example.com")
    assert linked.status == "waiting"


def test_only_the_owner_shows_a_design_and_only_once(offer: Offer) -> None:
    owner, other = known_person("a@example.org", "A1"), known_person("b@example.org", "B1")
    revision = saved(owner)
    facts: dict[str, Any] = {"revision": revision, "title": "Mine"}
    assert refusal(publish_entry, user=other, **facts) == "not_your_design"
    entry = publish_entry(user=owner, **facts)
    assert refusal(publish_entry, user=owner, **facts) == "already_shown"
    assert refusal(withdraw, contribution_id=entry.pk, user=other) == "not_yours"
    withdraw(contribution_id=entry.pk, user=owner)
    assert publish_entry(user=owner, **facts).pk == entry.pk
    assert GalleryEntry.objects.get().status == "shown"


@pytest.mark.parametrize("name", ["a@b.de", "x", "Admin", "see www.example.com", "fucking"])
def test_a_name_that_is_none_is_refused(offer: Offer, name: str) -> None:
    user = User.objects.create_user("new@example.org")
    code = refusal(publish_entry, revision=saved(user), user=user, title="Mine", name=name)
    assert code == "name_unfit"


def test_moves_of_a_contribution() -> None:
    assert {status for status in ContributionStatus if status not in CONTRIBUTION_MOVES} == set()
    assert CONTRIBUTION_MOVES[ContributionStatus.HIDDEN] == {ContributionStatus.SHOWN}


def test_the_gallery_filters_and_costs_three_statements(
    offer: Offer, client: Client, django_assert_num_queries: Any
) -> None:
    person = known_person("a@example.org", "A1")
    small = [show(person, f"Small {n}") for n in range(3)]
    large = show(person, "Large", size="large")
    for voter in range(3):
        user = User.objects.create_user(f"voter{voter}@example.org")
        cast_vote(contribution_id=small[1].pk, user=user, is_for=True)

    def titles(query: str) -> list[str]:
        page = client.get(f"/gallery/?{query}").content.decode()
        return re.findall(r'gallery-target" href="[^"]+">([^<]+)', page)

    client.get("/gallery/")
    with django_assert_num_queries(3):  # products, count, entries
        assert titles("") == ["Large", "Small 2", "Small 1", "Small 0"]
    assert titles("order=votes")[0] == "Small 1"
    assert titles("order=price")[-1] == "Large"
    assert titles("least=120") == ["Large"]
    assert titles("most=120") == ["Small 2", "Small 1", "Small 0"]
    assert titles("product=stool&age=week&colour=brown") == titles("")
    assert titles("colour=blue") == []
    assert titles("least=nonsense&product=nothing&page=99") == titles("")
    assert large.price == 150
    client.force_login(person)
    with django_assert_num_queries(8):  # and session, user, roles, cart, votes of one's own
        client.get("/gallery/")


def test_votes_are_one_each_and_the_count_is_the_rows(offer: Offer, client: Client) -> None:
    owner, voter = known_person("a@example.org", "A1"), known_person("b@example.org", "B1")
    entry = show(owner)
    vote = f"/gallery/of/{entry.public_id}/vote"
    answer = client.post(vote, {"vote": "on"})
    page = f"/gallery/designs/{entry.design.code}/"
    assert answer.headers["Location"].startswith("/accounts/login/?next=/gallery/designs/")
    assert client.post(vote, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert Vote.objects.count() == 0
    client.force_login(voter)
    for wish, count in [("on", 1), ("on", 1), ("off", 0), ("off", 0), ("on", 1)]:
        assert client.post(vote, {"vote": wish}).headers["Location"] == page
        entry.refresh_from_db()
        assert entry.votes == Vote.objects.filter(contribution=entry.pk).count() == count
    part = client.post(vote, {"vote": "off"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="false"' in part
    assert "<html" not in part
    client.force_login(owner)
    assert client.post(vote, {"vote": "on"}).status_code == 409
    Contribution.objects.filter(pk=entry.pk).update(status="hidden")
    assert refusal(cast_vote, contribution_id=entry.pk, user=voter, is_for=True) == "not_shown"
    assert not Vote.objects.exists()


def test_an_entry_page_costs_the_same_whatever_is_said(
    offer: Offer, client: Client, django_assert_num_queries: Any
) -> None:
    from design.services.comments import write_comment

    owner = known_person("a@example.org", "A1")
    entry = show(owner)
    page = f"/gallery/designs/{entry.design.code}/"
    client.get(page)
    with django_assert_num_queries(2):  # entry, count of comments
        client.get(page)
    for number in range(4):
        writer = known_person(f"w{number}@example.org", f"Writer {number}")
        write_comment(about_id=entry.pk, user=writer, text="<b>Lovely</b>\n\n\n\nthing")
    with django_assert_num_queries(3):
        shown = client.get(page).content.decode()
    assert shown.count("&lt;b&gt;Lovely&lt;/b&gt;<br><br>thing") == 4
    assert SECRET_TEXT not in shown


def test_the_public_form_publishes(offer: Offer, client: Client) -> None:
    owner = User.objects.create_user("new@example.org")
    code = saved(owner).design.code
    client.force_login(owner)
    form = client.get(f"/gallery/publish/{code}/").content.decode()
    assert 'name="name"' in form
    assert SECRET_TEXT not in form
    assert client.post(f"/gallery/publish/{code}/", {"title": "", "name": "Lo"}).status_code == 422
    sent = {"title": "My stool", "story": "For the hall.", "name": "Lo"}
    assert client.post(f"/gallery/publish/{code}/", sent).status_code == 302
    assert GalleryEntry.objects.get().story == "For the hall."
    again = client.post(f"/gallery/publish/{code}/", {"title": "My stool"})
    assert again.status_code == 302  # waits as before; nothing doubled
    assert GalleryEntry.objects.get().status == "waiting"
    assert "My stool" in client.get("/gallery/mine/").content.decode()
