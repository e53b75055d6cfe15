"""The live socket: a ticket of the page opens it, nothing else does; it carries ids and seq."""

import json
import time
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core import signing

from production.tickets import LASTS_S, SALT, group_of, issue_ticket, plant_group, unit_group
from tests.production.live.browser_socket import BrowserSocket

# The consumer itself asks no database, but Channels looks after connections left open before it.
pytestmark = pytest.mark.django_db

UNIT = uuid4()
HERE = b"http://127.0.0.1:8000"


async def opens(path: str, *, origin: bytes | None = HERE) -> bool:
    async with BrowserSocket(path, origin=origin) as socket:
        return socket.is_open


@pytest.mark.parametrize(
    ("path", "group"),
    [(f"/ws/units/{UNIT}", unit_group(UNIT)), ("/ws/plants/yard", plant_group("yard"))],
    ids=["unit", "plant"],  # names of tests must not hold random ids: workers compare them
)
def test_socket_forwards_type_and_seq_of_its_group_and_nothing_else(path: str, group: str) -> None:
    async def scene() -> None:
        layer = get_channel_layer()
        assert layer is not None
        async with BrowserSocket(f"{path}?ticket={issue_ticket(group)}") as socket:
            assert socket.is_open
            foreign = {"type": "unit.changed", "seq": 1, "secret": "x"}
            await layer.group_send(unit_group(uuid4()), foreign)
            await layer.group_send(group, {"type": "unit.changed", "seq": 41, "secret": "x"})
            assert json.loads(await socket.receive()) == {"type": "unit.changed", "seq": 41}
            await socket.send("hello?")
            assert await socket.hears_nothing()

    async_to_sync(scene)()


def forged() -> str:
    return signing.dumps({"group": unit_group(UNIT)}, salt="another.salt")


@pytest.mark.parametrize(
    "ticket",
    [
        "",
        "nonsense",
        "a:b:c",
        forged(),
        issue_ticket(unit_group(uuid4())),
        issue_ticket(plant_group("yard")),
        issue_ticket(unit_group(UNIT)) + "x",
    ],
    ids=["empty", "nonsense", "form", "forged", "other-unit", "plant", "longer"],
)
def test_wrong_ticket_opens_nothing(ticket: str) -> None:
    assert not async_to_sync(opens)(f"/ws/units/{UNIT}?ticket={ticket}")


def test_ticket_of_a_unit_opens_no_plant() -> None:
    assert not async_to_sync(opens)(f"/ws/plants/yard?ticket={issue_ticket(unit_group(UNIT))}")


def test_ticket_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = issue_ticket(unit_group(UNIT))
    assert group_of(ticket) == unit_group(UNIT)
    later = time.time() + LASTS_S + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert group_of(ticket) == ""
    assert not async_to_sync(opens)(f"/ws/units/{UNIT}?ticket={ticket}")


def test_ticket_of_another_form_is_none() -> None:
    assert group_of(signing.dumps(["unit"], salt=SALT)) == ""
    assert group_of(signing.dumps({"other": 1}, salt=SALT)) == ""


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", None])
def test_foreign_origin_opens_nothing(origin: bytes | None) -> None:
    path = f"/ws/units/{UNIT}?ticket={issue_ticket(unit_group(UNIT))}"
    assert async_to_sync(opens)(path)
    assert not async_to_sync(opens)(path, origin=origin)
