"""Every route, as everybody: who may, gets in; who may not, gets nothing and changes nothing."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from production.ws_urls import websocket_urlpatterns
from tests.routes.table import (
    ADMIN,
    ADMINISTERS,
    AUTHORS,
    GRANTED,
    LINE,
    MEMBER,
    OPERATES,
    OWN,
    PLANS,
    PUBLIC,
    ROUTES,
    SCOPE,
    STAFF,
    Route,
    admin_routes,
    named_routes,
)
from tests.routes.world import (
    NONE,
    SEES_ORDER,
    STAFF_OF_SELLER,
    VISITORS,
    World,
    make_world,
    visit,
)

SIGNED_IN = frozenset(VISITORS) - {"stranger", "guest", "program", "foreign program"}
MAY = {
    PUBLIC: frozenset(VISITORS),
    GRANTED: SEES_ORDER,
    MEMBER: SIGNED_IN,
    OWN: frozenset({"owner"}),
    PLANS: frozenset({"planner", "administrator"}),
    OPERATES: frozenset({"operator", "planner", "administrator"}),
    AUTHORS: frozenset({"author", "administrator"}),
    ADMINISTERS: frozenset({"administrator"}),
    SCOPE: frozenset({"program"}),
    LINE: frozenset(),
    STAFF: frozenset({"administrator"}),
    ADMIN: frozenset({"administrator"}),
}
# Foreign tenants with a role or scope of their own: let in, and told of nothing that is not theirs.
FOREIGN = {
    PLANS: "foreign planner",
    OPERATES: "foreign planner",
    AUTHORS: "foreign author",
    SCOPE: "foreign program",
}
NAMES = frozenset(name for name, _ in named_routes())
TABLE = {**ROUTES, **admin_routes(NAMES)}


def test_every_route_is_classified() -> None:
    unnamed = {name for name in NAMES if name.endswith("None")}
    assert unnamed == {"admin:None"}, "Give every route a name."
    assert sorted(NAMES - unnamed - set(TABLE)) == [], "Say in tests/routes/table.py who may."
    assert sorted(set(TABLE) - NAMES) == [], "These routes are gone; take them out of the table."


def test_a_route_that_nobody_classified_is_found() -> None:
    assert not admin_routes(frozenset({"orders:secret", "admin:secret"}))


def test_live_sockets_are_those_that_take_tickets() -> None:
    """tests/production/live opens each with a wrong ticket, a foreign one and none."""
    assert [str(socket.pattern) for socket in websocket_urlpatterns] == [
        "ws/units/<uuid:public_id>",
        "ws/plants/<slug:code>",
    ]


def call(client: Client, name: str, route: Route, world: World, **headers: str) -> Any:
    names = {key: world.places.get(value, value) for key, value in route.names.items()}
    query = {
        key: str(world.places[value[1:]]) if value.startswith("@") else value
        for key, value in route.query.items()
    }
    address = reverse(name, kwargs=names)
    if route.method == "POST":
        if route.access == SCOPE:
            headers["Idempotency-Key"] = f"{name}-1"
            return client.post(address, "{}", content_type="application/json", headers=headers)
        return client.post(address, query, headers=headers)
    return client.get(address, query, headers=headers)


def is_refused(route: Route, visitor: str, answer: Any) -> bool:
    """Whether the answer is the right refusal for somebody who may not."""
    status, location = answer.status_code, answer.headers.get("Location", "")
    if route.access in (GRANTED, STAFF):
        return bool(status == 404)
    if route.access in (SCOPE, LINE):
        return bool(status == 401)
    if route.access == ADMIN:
        return bool(status == 302 and location.startswith("/admin/login/"))
    to_login = status == 302 and location.startswith("/accounts/login/")
    if route.access == OWN and visitor in SIGNED_IN:
        return bool(status in (403, 404))
    return bool(to_login if visitor not in SIGNED_IN else status == 403)


def told(answer: Any, words: tuple[str, ...]) -> list[str]:
    text = answer.content.decode(errors="replace") if not answer.streaming else ""
    text += str(answer.headers.get("Location", ""))
    return [word for word in words if word in text]


def fault(name: str, route: Route, visitor: str, answer: Any) -> str:
    """What is wrong with how ``visitor`` was let in or turned away; empty when nothing is."""
    status = answer.status_code
    if visitor in MAY[route.access]:
        is_right = status in route.ok
    elif FOREIGN.get(route.access) == visitor:
        names_nothing = not route.names and status in route.ok
        is_right = status in {200, 204, 404, 409} or names_nothing
    else:
        is_right = is_refused(route, visitor, answer)
    return "" if is_right else f"{name}: {status} {answer.headers.get('Location', '')}"


def leaks(visitor: str, answer: Any, world: World) -> list[str]:
    """Secrets told to somebody whose they are not, but for words of their own question."""
    secrets = () if visitor in SEES_ORDER else world.secrets
    if visitor not in (*STAFF_OF_SELLER, "program"):
        secrets += world.partner_secrets
    asked = answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]
    return [word for word in told(answer, secrets) if word not in asked]


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", VISITORS)
def test_everybody_gets_what_is_theirs_and_nothing_else(visitor: str, clean_valkey: None) -> None:
    world = make_world()
    client = visit(visitor, world)
    own = world.places["partner_order"] if visitor == "program" else NONE
    before, written = world.state(but=own), world.written()
    wrong = []
    for name, route in sorted(TABLE.items()):
        if name == "admin:logout":
            continue  # it would end the visit
        answer = call(client, name, route, world)
        wrong.append(fault(name, route, visitor, answer))
        wrong += [f"{name}: tells {word}" for word in leaks(visitor, answer, world)]
    assert [entry for entry in wrong if entry] == []
    if visitor not in SEES_ORDER:
        assert world.state(but=own) == before
    if visitor not in MAY[AUTHORS]:
        assert world.written() == written


@pytest.mark.django_db
def test_a_secret_that_is_told_is_found(clean_valkey: None) -> None:
    """The owner's own pages tell what the walk above looks for: the search can find it."""
    world = make_world()
    client = visit("owner", world)
    found = set()
    for name in ("orders:order", "orders:invoice", "orders:list", "production:unit"):
        found |= set(leaks("other consumer", call(client, name, ROUTES[name], world), world))
    assert set(world.secrets[:4]) <= found


@pytest.mark.django_db
def test_customers_do_not_see_other_orders(clean_valkey: None) -> None:
    """Owner and guest see their own order, never the partner's."""
    world = make_world()
    for visitor in ("owner", "guest"):
        client = visit(visitor, world)
        for place in ("partner_order", "partner_unit"):
            world.places["order"] = world.places["unit"] = world.places[place]
            world.places["slip"] = world.places["partner_slip"]
            for name, route in ROUTES.items():
                if route.access == GRANTED and name != "orders:simulator":
                    answer = call(client, name, route, world)
                    assert answer.status_code == 404, (visitor, name)
                    assert not told(answer, world.partner_secrets[:3])


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", ["stranger", "other consumer", "planner"])
def test_fragments_refuse_like_pages(visitor: str, clean_valkey: None) -> None:
    """With htmx's header nothing more is open; who must sign in is told to load the page again."""
    world = make_world()
    client = visit(visitor, world)
    for name, route in ROUTES.items():
        if visitor in MAY[route.access] or route.access in (SCOPE, LINE, ADMIN):
            continue
        answer = call(client, name, route, world, **{"HX-Request": "true"})
        is_sent_to_sign_in = answer.headers.get("HX-Refresh") == "true" and not answer.content
        assert is_sent_to_sign_in or is_refused(route, visitor, answer), name
        assert not told(answer, world.secrets[:4])


@pytest.mark.django_db
def test_unnamed_admin_addresses_lead_strangers_to_the_door(clean_valkey: None) -> None:
    world = make_world()
    patterns = {pattern for name, pattern in named_routes() if name == "admin:None"}
    paths = {"/" + re.sub(r"<[^>]*>|\(\?P[^)]*\)\$", "1", pattern) for pattern in patterns}
    for visitor in ("stranger", "planner"):
        client = visit(visitor, world)
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/admin/")


@pytest.mark.django_db
def test_forms_without_their_token_change_nothing(clean_valkey: None) -> None:
    """CSRF: every form but programs' and lines' calls needs the token of its page."""
    world = make_world()
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.owner)
    before = world.state()
    for name, route in ROUTES.items():
        if route.method == "POST" and route.access not in (SCOPE, LINE) and name != "token":
            assert call(client, name, route, world).status_code == 403, name
    assert world.state() == before


@pytest.mark.django_db
def test_forms_are_not_sent_by_following_a_link(clean_valkey: None) -> None:
    world = make_world()
    client = visit("administrator", world)
    before = world.state()
    for name, route in ROUTES.items():
        if route.method == "POST" and route.access not in (SCOPE, ADMIN):
            answer = call(client, name, replace(route, method="GET"), world)
            assert answer.status_code in (302, 405), name
    assert world.state() == before
