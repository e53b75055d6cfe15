"""What somebody wrote for themselves stands on no page that others can open, in no form."""

from typing import Any

import pytest
from django.test import Client

from cosmo.accounts.models import User
from design.models import Offer
from design.selectors.design_access import Reader
from design.selectors.gallery import newest_entries
from design.services.designs import name_design, name_revision, revise_design
from design.services.ideas import write_idea
from tests.factories.cocreation import (
    SECRET_TEXT,
    designer_of,
    known_person,
    open_for,
    saved,
    show,
)
from tests.factories.partners import make_api
from tests.factories.production import make_offer, make_plant
from tests.factories.shop import STOOL

pytestmark = pytest.mark.django_db
# As itself, and as addresses, JSON and markup would write it.
FORMS = (SECRET_TEXT, "F%C3%BCr", r"F\u00fcr", "F&uuml;r", "F&#252;r", "Lotte")


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def told(answer: Any) -> list[str]:
    text = _body(answer).decode("utf-8", errors="replace") + str(answer.headers)
    return [form for form in FORMS if form in text]


def everywhere(code: str, idea: str, campaign: str) -> list[str]:
    return [
        *("/", "/gallery/", "/gallery/?order=votes", "/ideas/", "/campaigns/"),
        *(f"/gallery/designs/{code}/", f"/d/{code}/picture", f"/d/{code}/picture?r=1"),
        *(f"/d/{code}/", f"/d/{code}/family/", f"/d/{code}/?v=1", f"/d/{code}/model.glb"),
        *(f"/d/{code}/drawn/thumbnail.png", f"/d/{code}/drawn/preview.png"),
        *(f"/campaigns/of/{code}/", f"/ideas/{idea}/", f"/campaigns/{campaign}/"),
        *(f"/products/stool/studio/?from={code}", f"/api/v1/designs/{code}/"),
        *(f"/d/{code}/sheet/", f"/compare/?d={code}", f"/compare/?d={code}&d={code}.1"),
        f"/gallery/publish/{code}/",
    ]


def test_no_page_tells_what_was_engraved(offer: Offer) -> None:
    owner, other = known_person("a@example.org", "Owner"), known_person("b@example.org", "Other")
    designer = designer_of(offer.product)
    entry = show(owner)
    fork = show(other, forked_from=entry.revision)
    idea = write_idea(user=other, title="For cats", text="A stool with a cave for a cat.")
    campaign = open_for(entry, owner=designer)
    revise_design(design_id=entry.design_id, offer=offer, choices={"engraving": "Lotte und Max"})
    guests = {name: Client() for name in ("guest", "other", "designer")}
    guests["other"].force_login(other)
    guests["designer"].force_login(designer)
    guests["partner"] = Client(headers={"Authorization": f"Bearer {make_api().token}"})
    addresses = [
        *everywhere(entry.design.code, str(idea.public_id), str(campaign.public_id)),
        *everywhere(campaign.revision.design.code, str(idea.public_id), str(campaign.public_id)),
    ]
    found = [
        (name, address, told(answer))
        for name, client in guests.items()
        for address in addresses
        if told(answer := client.get(address))
    ]
    assert found == []
    assert fork.revision.design.forked_from == entry.revision
    features = [
        {**one, "max_length": 3} if one["kind"] == "text" else one for one in STOOL["features"]
    ]
    make_offer(make_plant(), **{**STOOL, "features": features})  # the text does not fit any more
    old = Client().get(f"/d/{entry.design.code}/")
    assert "The catalogue has moved on" in old.content.decode()
    assert told(old) == []


def test_a_private_ancestor_is_credited_and_neither_its_code_nor_its_name_is_told(
    offer: Offer, client: Client
) -> None:
    owner, other = known_person("a@example.org", "Owner"), known_person("b@example.org", "Other")
    root = show(owner, "Root")
    hidden = saved(owner, forked_from=root.revision)
    name_design(design_id=hidden.design_id, name="Zebulon's room")
    child = show(other, "Grandchild", forked_from=hidden)
    campaign = open_for(child, owner=designer_of(offer.product))
    secrets = (hidden.design.code, "Zebulon")
    addresses = [
        *everywhere(child.design.code, str(child.public_id), str(campaign.public_id)),
        *everywhere(campaign.revision.design.code, str(child.public_id), str(campaign.public_id)),
        *everywhere(root.design.code, str(child.public_id), str(campaign.public_id)),
    ]
    client.force_login(other)
    for guest in (Client(), client):
        pages = {one: guest.get(one) for one in addresses}
        bodies = {one: _body(page) for one, page in pages.items()}
        assert [
            (one, word) for one, body in bodies.items() for word in secrets if word.encode() in body
        ] == []
        page = " ".join(bodies[f"/d/{child.design.code}/"].decode().split())
        assert "Started from a private design" in page
        assert f', which started from <a href="/gallery/designs/{root.design.code}/"' in page
        assert ">Root</a> by Owner" in page
    client.force_login(owner)
    assert hidden.design.code in client.get(f"/d/{child.design.code}/").content.decode()


def test_a_campaigns_design_stands_in_the_family_by_its_name(offer: Offer) -> None:
    entry = show(known_person("a@example.org", "Owner"), "Root")
    campaign = open_for(entry, owner=designer_of(offer.product))
    page = Client().get(f"/d/{entry.design.code}/family/").content.decode()
    assert "A private design" not in page
    assert "Stools for all" in page
    assert "of a campaign" in page
    assert f"/d/{campaign.revision.design.code}/" in page


def test_what_an_owner_named_a_design_is_theirs_once_the_gallery_shows_it(
    offer: Offer, client: Client
) -> None:
    owner = known_person("a@example.org", "Owner")
    entry = show(owner, "For everybody")
    code = entry.design.code
    name_design(design_id=entry.design_id, name="Surprise for Zebulon")
    name_revision(design_id=entry.design_id, number=1, name="As Zebulon likes it")
    addresses = everywhere(code, str(entry.public_id), str(entry.public_id))
    pages = [Client().get(one) for one in addresses]
    assert [page.request["PATH_INFO"] for page in pages if b"Zebulon" in _body(page)] == []
    assert "For everybody" in Client().get(f"/d/{code}/").content.decode()
    client.force_login(owner)
    assert "Surprise for Zebulon" in client.get(f"/d/{code}/").content.decode()


def test_the_search_finds_it_where_it_may_be_told(offer: Offer, client: Client) -> None:
    owner = known_person("a@example.org", "Owner")
    entry = show(owner)
    client.force_login(owner)
    assert told(client.get(f"/d/{entry.design.code}/"))


def test_who_orders_a_shown_design_by_its_code_gets_no_words(offer: Offer) -> None:
    entry = show(known_person("a@example.org", "Owner"))
    guest = Client()
    guest.post("/cart/add/", {"design": entry.design.code})
    assert told(guest.get("/cart/")) == []


def test_starting_from_a_shown_design_takes_its_look_and_credits_it(
    offer: Offer, client: Client
) -> None:
    import re
    from html import unescape

    entry = show(known_person("a@example.org", "Owner"), size="large")
    page = client.get(f"/gallery/designs/{entry.design.code}/").content.decode()
    (start,) = re.findall(r'href="(/products/stool/studio/[^"]+)"', page)
    start = unescape(start)
    assert "size=large" in start
    assert f"from={entry.design.code}" in start
    assert "engraving" not in start
    assert newest_entries(3) == [entry]


def test_a_family_tells_of_private_designs_only_that_they_are(
    offer: Offer, client: Client, django_assert_num_queries: Any
) -> None:
    owner, other = known_person("a@example.org", "Owner"), known_person("b@example.org", "Other")
    root = show(owner, "Root")
    hidden = saved(other, forked_from=root.revision)
    child = show(owner, "Grandchild", forked_from=hidden)
    family = f"/d/{child.design.code}/family/"
    client.get(family)
    with django_assert_num_queries(5):  # the revision, two walks, designs, entries
        page = client.get(family).content.decode()
    assert page.index("Root") < page.index("A private design") < page.index("Grandchild")
    assert page.count('class="relative"') == 3
    assert hidden.design.code not in page
    assert "Other" not in page
    assert 'aria-current="page"' in page
    for number in range(4):
        show(owner, f"Twin {number}", forked_from=child.revision)
    with django_assert_num_queries(5):
        assert client.get(family).content.decode().count('class="relative"') == 7
    client.force_login(other)
    assert hidden.design.code in client.get(family).content.decode()
    assert "yours, private" in client.get(family).content.decode()


def test_a_family_without_end_is_cut(offer: Offer, client: Client) -> None:
    from design.selectors import family

    owner = User.objects.create_user("o@example.org")
    revision = saved(owner)
    first = revision.design
    for _ in range(family.DEEPEST + 3):
        revision = saved(owner, forked_from=revision)
    found = family.family_of(first, Reader(user=owner))
    assert found.count == family.DEEPEST + 1
    assert client.get(f"/d/{revision.design.code}/family/").status_code == 200
