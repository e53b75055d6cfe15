"""Every page a customer can meet, taken from the table of routes: a new one cannot be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from tests.routes.table import ROUTES, Route
from tests.routes.world import World, make_world, visit

# Not our pages: Django's admin and the API's own document have tests of their own.
FOREIGN = ("admin:", "api-docs")
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
ERRORS = ("400", "403", "409", "500")


@dataclass(frozen=True, slots=True)
class Place:
    """One page: who sees it, by the name of a visitor of the routes' world."""

    name: str
    path: str
    visitor: str


def make_places() -> tuple[World, list[Place]]:
    """The routes' world and every page that opens to its customer or to a stranger."""
    world = make_world()
    clients = {visitor: visit(visitor, world) for visitor in ("owner", "stranger")}
    found = []
    for name, route in ROUTES.items():
        if route.method != "GET" or name.startswith(FOREIGN):
            continue
        path = _path(name, route, world)
        for visitor, client in clients.items():
            if _is_page(client, path):
                found.append(Place(name, path, visitor))
                break
    return world, [*found, Place("404", "/nothing/", "stranger")]


def _path(name: str, route: Route, world: World) -> str:
    names = {key: world.places.get(value, value) for key, value in route.names.items()}
    query = "&".join(f"{key}={value}" for key, value in route.query.items())
    return reverse(name, kwargs=names) + (f"?{query}" if query else "")


def _is_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and is_html and b"<html" in answer.content


def error_pages(language: str) -> Iterator[tuple[str, str]]:
    """(name, HTML) of what is shown when something goes wrong on the way to a page."""
    request: HttpRequest = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    with translation.override(language):
        for code in ERRORS:
            facts = {"chain_id": "4f2c", "is_stale_form": code == "403"}
            yield code, render_to_string(f"{code}.html", facts, request)
    page = Path(settings.BASE_DIR) / "static" / "maintenance" / "index.html"
    yield "maintenance", page.read_text(encoding="utf-8")
