"""What goes into a cart, how many of it, and whose it is after signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from cosmo.accounts.models import User
from cosmo.lib.errors import DomainError
from design.models import Design, Offer
from orders.models import Cart, CartLine
from orders.services.carts import add_to_cart, adopt_cart, cart_for, set_quantity
from tests.factories.orders import make_revision
from tests.factories.production import make_offer, make_plant
from tests.factories.shop import STUDIO, make_shop, studio_form

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


@pytest.fixture
def offer(db: None) -> Offer:
    return make_shop()


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada@example.org", PASSWORD)


def put_in(client: Client, **changes: str) -> CartLine:
    client.post(reverse("orders:add"), studio_form(**changes))
    return CartLine.objects.latest("id")


def test_who_only_looks_gets_no_cart(offer: Offer, client: Client) -> None:
    assert "Your cart is empty" in client.get("/cart/").content.decode()
    assert Cart.objects.count() == 0


def test_a_design_from_the_studio_goes_into_the_cart(offer: Offer, client: Client) -> None:
    response = client.post(reverse("orders:add"), studio_form(size="large"))
    assert response["Location"] == "/cart/"
    page = client.get("/cart/").content.decode()
    assert "€150.00" in page
    assert CartLine.objects.get().revision.selection["size"] == "large"


def test_a_saved_design_goes_into_the_cart_and_again_adds_up(offer: Offer, client: Client) -> None:
    code = make_revision(offer).design.code
    for _ in range(2):
        client.post(reverse("orders:add"), {"design": code})
    assert CartLine.objects.get().quantity == 2
    assert Design.objects.count() == 1


def test_what_cannot_be_had_goes_back_to_the_studio(offer: Offer, client: Client) -> None:
    sent = studio_form("size=large&by=size", size="large", colour="red")
    response = client.post(reverse("orders:add"), sent)
    assert response["Location"].startswith(f"{STUDIO}?")
    assert CartLine.objects.count() == 0
    missing = client.post(reverse("orders:add"), studio_form(name="below"))
    assert missing["Location"].endswith("#answer-engraving")
    assert CartLine.objects.count() == 0


def test_quantity_changes_within_its_bounds(offer: Offer, client: Client) -> None:
    line = put_in(client)
    address = reverse("orders:line", args=[line.public_id])
    client.post(address, {"quantity": "3"})
    line.refresh_from_db()
    assert line.quantity == 3
    assert "€300.00" in client.get("/cart/").content.decode()
    for wrong in ("0.5", "21", "-1", "", "２", "99999", "many"):
        assert client.post(address, {"quantity": wrong}).status_code == 422, wrong
        line.refresh_from_db()
        assert line.quantity == 3
    client.post(address, {"quantity": "3", "remove": "1"})
    assert CartLine.objects.count() == 0


def test_a_fragment_answers_a_script_and_a_page_everybody_else(
    offer: Offer, client: Client
) -> None:
    line = put_in(client)
    address = reverse("orders:line", args=[line.public_id])
    fragment = client.post(address, {"quantity": "2"}, headers={"HX-Request": "true"})
    assert fragment.status_code == 200
    assert "<html" not in fragment.content.decode()
    assert "€200.00" in fragment.content.decode()
    assert client.post(address, {"quantity": "2"}).status_code == 302


def test_a_foreign_line_is_out_of_reach(offer: Offer, client: Client) -> None:
    line = put_in(client)
    stranger = Client()
    put_in(stranger)
    response = stranger.post(reverse("orders:line", args=[line.public_id]), {"quantity": "9"})
    assert response.status_code == 404
    line.refresh_from_db()
    assert line.quantity == 1


def test_a_full_cart_says_so(offer: Offer) -> None:
    cart = cart_for(user=None, public_id=None)
    for _ in range(20):
        add_to_cart(cart_id=cart.pk, revision=make_revision(offer))
    with pytest.raises(DomainError) as refused:
        add_to_cart(cart_id=cart.pk, revision=make_revision(offer))
    assert refused.value.code == "cart_full"
    assert cart.lines.count() == 20


def test_adding_beyond_the_most_is_refused_and_changes_nothing(offer: Offer) -> None:
    cart = cart_for(user=None, public_id=None)
    line = add_to_cart(cart_id=cart.pk, revision=make_revision(offer), quantity=20)
    with pytest.raises(DomainError) as refused:
        add_to_cart(cart_id=cart.pk, revision=line.revision)
    assert refused.value.code == "quantity_out_of_range"
    line.refresh_from_db()
    assert line.quantity == 20
    with pytest.raises(DomainError):
        set_quantity(cart_id=cart.pk, line_id=line.public_id, quantity=21)


def test_signing_in_takes_the_cart_along(offer: Offer, client: Client, ada: User) -> None:
    put_in(client, size="large")
    client.post(reverse("account_login"), {"login": "ada@example.org", "password": PASSWORD})
    cart = Cart.objects.get()
    assert cart.user == ada
    assert cart.lines.count() == 1
    assert "€150.00" in client.get("/cart/").content.decode()
    client.post(reverse("account_logout"))
    assert "Your cart is empty" in client.get("/cart/").content.decode()


def test_two_carts_become_one_and_the_same_design_adds_up(offer: Offer, ada: User) -> None:
    known, fresh = make_revision(offer), make_revision(offer, size="large")
    mine = cart_for(user=ada, public_id=None)
    add_to_cart(cart_id=mine.pk, revision=known, quantity=15)
    before = cart_for(user=None, public_id=None)
    add_to_cart(cart_id=before.pk, revision=known, quantity=10)
    add_to_cart(cart_id=before.pk, revision=fresh, quantity=2)
    adopt_cart(user=ada, public_id=before.public_id)
    adopt_cart(user=ada, public_id=before.public_id)  # a second time finds nothing
    quantities = dict(mine.lines.values_list("revision_id", "quantity"))
    assert quantities == {known.pk: 20, fresh.pk: 2}
    assert Cart.objects.count() == 1


def test_nobodys_cart_is_taken_twice(offer: Offer, ada: User) -> None:
    bob = User.objects.create_user("bob@example.org")
    his = cart_for(user=bob, public_id=None)
    add_to_cart(cart_id=his.pk, revision=make_revision(offer))
    adopt_cart(user=ada, public_id=his.public_id)
    assert his.lines.count() == 1


def test_an_outdated_design_is_shown_but_cannot_be_ordered(offer: Offer, client: Client) -> None:
    put_in(client)
    make_offer(make_plant(), price={"base": "120", "lines": []})
    page = client.get("/cart/").content.decode()
    assert "The offer has changed since" in page
    assert reverse("orders:address") not in page


def test_the_cart_counts_in_the_head_of_every_page(offer: Offer, client: Client) -> None:
    put_in(client)
    assert '<span class="count">1</span>' in client.get("/").content.decode()
