"""Own designs and own units: found, named, removed, followed; in few statements."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cosmo.accounts.models import User
from design.models import Design, Offer
from production.lifecycle import SlipCause
from production.models import Plant, Slip, WorkOrder
from tests.factories.cocreation import saved
from tests.orders.account.lives import delivered, ordered, signed_in, units
from tests.production.fake_line import EPOCH
from tests.production.reporting import Reporter, deliver

DESIGNS = "/account/designs/"


def test_designs_are_named_forked_ordered_and_removed(offer: Offer, ada: User) -> None:
    client = signed_in(ada)
    assert "No design saved yet" in client.get(DESIGNS).content.decode()
    mine, built_on, foreign = saved(ada), saved(ada), saved(None)
    fork = saved(None, forked_from=built_on)
    code = mine.design.code
    client.post(f"{DESIGNS}{code}/rename", {"name": "  For   the kitchen "})
    page = client.get(DESIGNS).content.decode()
    assert "For the kitchen" in page
    assert "<svg" in page
    assert foreign.design.code not in page
    for act in ("rename", "remove"):
        address = f"{DESIGNS}{foreign.design.code}/{act}"
        assert client.post(address, {"name": "Mine"}).status_code == 404
    assert client.post("/cart/add/", {"design": code})["Location"] == "/cart/"
    client.post(f"{DESIGNS}{code}/remove")  # it lies in a cart: it stays without an owner
    client.post(f"{DESIGNS}{built_on.design.code}/remove")
    for kept in (mine, built_on):
        design = Design.objects.get(pk=kept.design_id)
        assert (design.owner, design.name) == (None, "")
    fork.design.refresh_from_db()
    assert fork.design.forked_from_id == built_on.pk
    lonely = saved(ada)
    client.post(f"{DESIGNS}{lonely.design.code}/remove")
    assert not Design.objects.filter(pk=lonely.design_id).exists()
    assert "No design saved yet" in client.get(DESIGNS).content.decode()


def test_units_say_where_they_stand_in_plain_words(offer: Offer, ada: User) -> None:
    client = signed_in(ada)
    assert "Nothing is being made for you" in client.get("/account/units/").content.decode()
    order = ordered(offer, user=ada)
    delivered(offer, user=ada)
    ordered(offer)  # somebody else's
    [unit] = units(order)
    work_order = WorkOrder.objects.get(unit=unit)
    work_order.line.__class__.objects.update(epoch=EPOCH)
    WorkOrder.objects.update(applied_epoch=EPOCH, dispatch="accepted")
    line = Reporter(WorkOrder.objects.get(pk=work_order.pk))
    deliver(work_order, [line.say("AllowedToStart/Waiting", queue_position=4)])
    for address in ("/account/units/", f"/units/{unit.public_id}/"):
        page = client.get(address).content.decode()
        assert "In the queue, position 4" in page
        assert "3 units before yours at: saw" in page
    assert "until work begins, which is planned for" in page
    assert 'data-made="0"' in page
    deliver(work_order, line.make("saw"))
    deliver(
        work_order,
        [line.say("Interrupted/Held", reason={"code": "tool_worn", "text": "A tool is worn."})],
    )
    page = client.get("/account/units/").content.decode()
    assert page.count("account-card") >= 2
    assert "Paused: a tool is being changed" in page
    assert 'data-state="stopped"' in page
    assert 'data-made="2"' in page
    Slip.objects.create(
        plant=Plant.objects.get(code="yard"),
        unit=unit,
        cause=SlipCause.OVERLOAD,
        cause_key="overload",
        promised=unit.line.promise_date,
        expected=unit.line.promise_date + timedelta(days=7),
        answer_until=order.created_at,
    )
    assert "now expected on" in client.get("/account/units/").content.decode()


def test_the_list_of_units_asks_for_itself_while_one_of_them_moves(offer: Offer, ada: User) -> None:
    client = signed_in(ada)
    asks_again = 'hx-get="/account/units/" hx-trigger="every 10s"'
    delivered(offer, user=ada)
    assert asks_again not in client.get("/account/units/").content.decode()
    unit = units(ordered(offer, user=ada))[0]
    whole = client.get("/account/units/").content.decode()
    part = client.get("/account/units/", headers={"HX-Request": "true"}).content.decode()
    assert asks_again in whole
    assert asks_again in part
    assert f'id="unit-{unit.public_id}"' in part  # the focus finds its way back
    assert "<html" in whole
    assert "<html" not in part


def test_a_demonstration_says_that_its_days_are_the_plants(
    offer: Offer, ada: User, settings: Any
) -> None:
    client = signed_in(ada)
    order = ordered(offer, user=ada)
    pages = [
        "/account/units/",
        *(reverse(f"orders:{name}", args=[order.public_id]) for name in ("invoice", "sheet")),
        *(
            reverse(f"account:{name}", args=[order.public_id])
            for name in ("papers", "confirmation")
        ),
    ]
    for is_demo in (False, True):
        settings.COSMO_DEMO = is_demo
        for page in pages:
            shown = client.get(page).content.decode()
            assert shown.count("runs faster than a watch") == is_demo, page


def test_lists_take_as_many_statements_for_many_as_for_one(offer: Offer, ada: User) -> None:
    client = signed_in(ada)
    pages = ("/account/", "/account/units/", DESIGNS)

    def count() -> dict[str, int]:
        found = {}
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as seen:
                client.get(page)
            found[page] = len(seen)
        return found

    ordered(offer, user=ada)
    saved(ada)
    few = count()
    ordered(offer, user=ada, quantity=3)
    ordered(offer, user=ada)
    saved(ada, size="large")
    assert count() == few
    assert max(few.values()) <= 12, few
