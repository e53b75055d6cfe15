"""Taking everything along, and leaving: what goes, what the law keeps, what must end first."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db.models import EmailField, Field
from django.test import Client

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.models import OutboxEvent
from design.models import Contributor, Design, Offer
from orders.models import Complaint, Order
from orders.selectors.my_data import MINE, NOT_MINE, my_data
from orders.selectors.papers import billed_to
from orders.services.addresses import Destination, change_address
from orders.services.closing import accounts_to_close, close_account
from orders.tasks import close_due_accounts
from production.models import Shipment
from tests.factories.cocreation import known_person, saved
from tests.factories.orders import place
from tests.orders.account.lives import delivered, ordered, planner, send_off, signed_in, units
from tests.orders.account.test_complaints import complained

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
CLOSE = "/account/my-data/close"


def leads_to_a_person(field: object) -> bool:
    if isinstance(field, EmailField):
        return True
    related = getattr(field, "related_model", None)
    return related is not None and not isinstance(related, str) and related._meta.label in MINE


def test_every_table_that_leads_to_a_person_is_theirs_or_says_why_not() -> None:
    found, ways = set(), set()
    for model in apps.get_models():
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            assert isinstance(field, Field)
            if leads_to_a_person(field):
                ways.add(f"{model._meta.label}.{field.name}")
                if model._meta.label not in MINE:
                    found.add(f"{model._meta.label}.{field.name}")
    assert found - set(NOT_MINE) == set(), "Name these in orders/selectors/my_data.py."
    assert set(NOT_MINE) - ways == set(), "These are gone; take them out of NOT_MINE."


def test_one_file_holds_everything_and_nothing_of_others(offer: Offer, ada: User) -> None:
    order = delivered(offer, user=ada)
    complained(order)
    saved(ada)
    foreign = ordered(offer, user=User.objects.create_user("eve@example.org"))
    answer = signed_in(ada).get("/account/my-data/export")
    archive = ZipFile(BytesIO(answer.content))
    assert {"README.txt", "my-data.json", f"papers/invoice-{order.number}.pdf"} == set(
        archive.namelist()
    )
    text = archive.read("my-data.json").decode()
    rows = json.loads(text)
    assert set(rows) == set(MINE)
    assert [one["number"] for one in rows["orders.Order"]] == [order.number]
    assert rows["orders.Complaint"][0]["text"].startswith("The seat")
    assert rows["production.Shipment"][0]["goes_to"]["street"] == "1 Loom Street"
    assert "Für Lotte" in text
    for secret in (foreign.number, "eve@example.org", ada.password, "pbkdf2"):
        assert secret not in text
    assert sum(len(found) for found in my_data(ada).values()) > 10


def test_leaving_waits_for_what_runs_and_for_the_right_password(offer: Offer, ada: User) -> None:
    order = place(offer, user=ada)
    client = signed_in(ada)
    page = client.get("/account/my-data/").content.decode()
    assert order.number in page
    refused = client.post(CLOSE, {"password": PASSWORD})
    assert refused.status_code == 409
    assert order.number in refused.content.decode()
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    assert client.post(CLOSE, {"password": "wrong"}).status_code == 403
    staff = planner()
    refused = signed_in(staff).post(CLOSE, {"password": "a password"})
    assert "an administrator closes it" in refused.content.decode()
    ada.refresh_from_db()
    assert ada.closes_at is None


def test_closing_signs_out_everywhere_and_can_be_taken_back(ada: User) -> None:
    here, there = signed_in(ada), signed_in(ada)
    here.post(CLOSE, {"password": PASSWORD})
    assert "/accounts/login/" in there.get("/account/")["Location"]
    assert "/accounts/login/" in here.get("/account/")["Location"]
    assert accounts_to_close() == []  # not before its week is over
    again = Client()
    again.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    assert "This account closes on" in again.get("/account/").content.decode()
    again.post("/account/my-data/keep")
    ada.refresh_from_db()
    assert ada.closes_at is None
    assert not close_account(user_id=ada.pk)


def test_what_goes_and_what_the_law_keeps(offer: Offer, ada: User) -> None:
    order = delivered(offer, user=ada)
    never = place(offer, user=ada)
    Order.objects.filter(pk=never.pk).update(status="cancelled")
    complained(order)
    Complaint.objects.update(status="declined")
    known_person(ada, "Ada of the looms")
    own, built_on = saved(ada), saved(ada)
    fork = saved(None, forked_from=built_on)
    Design.objects.filter(pk=built_on.design_id).update(name="For Lotte")
    signed_in(ada).post(CLOSE, {"password": PASSWORD})
    User.objects.filter(pk=ada.pk).update(closes_at=real_now() - timedelta(seconds=1))
    close_due_accounts()
    close_due_accounts()  # safe to repeat
    assert not User.objects.filter(email="ada@example.org").exists()
    order.refresh_from_db()
    never.refresh_from_db()
    assert (order.user, order.email, order.phone) == (None, "", "")
    assert (order.name, order.street) == ("Ada", "1 Loom Street")  # whom the invoice names
    assert (never.name, never.street, never.email) == ("", "", "")
    assert Complaint.objects.get().text == ""
    assert Contributor.objects.get(user=None).name == ""
    assert not Design.objects.filter(pk=own.design_id).exists()
    kept = Design.objects.get(pk=built_on.design_id)
    assert (kept.name, kept.owner) == ("", None)
    fork.design.refresh_from_db()
    assert fork.design.forked_from_id == built_on.pk
    assert not OutboxEvent.objects.filter(body__icontains="ada@example.org").exists()


def test_an_account_that_began_something_meanwhile_stays(offer: Offer, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(closes_at=real_now() - timedelta(seconds=1))
    place(offer, user=ada)
    assert accounts_to_close() == [ada.pk]
    assert not close_account(user_id=ada.pk)
    assert User.objects.filter(pk=ada.pk).exists()


def test_an_address_in_the_history_goes_with_the_account(offer: Offer, ada: User) -> None:
    order = place(offer, user=ada)
    change_address(
        order_id=order.pk, destination=Destination("Ada", "7 Mill Lane", "20095", "Hamburg", "DE")
    )
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    User.objects.filter(pk=ada.pk).update(closes_at=real_now())
    assert close_account(user_id=ada.pk)
    assert order.address_changes.count() == 0


def test_an_invoice_still_names_whom_it_was_written_to_and_a_parcel_nobody(
    offer: Offer, ada: User
) -> None:
    order = ordered(offer, user=ada)
    billed = billed_to(order)
    there = Destination("Ada", "7 Mill Lane", "20095", "Hamburg", "DE", phone="+49 40 1")
    change_address(order_id=order.pk, destination=there)
    order.refresh_from_db()
    (unit,) = units(order)
    send_off(unit, arrived=True)
    Order.objects.filter(pk=order.pk).update(status="fulfilled")
    User.objects.filter(pk=ada.pk).update(closes_at=real_now())
    assert close_account(user_id=ada.pk)
    order.refresh_from_db()
    assert billed_to(order) == billed
    assert "Mill Lane" not in str(list(Shipment.objects.values_list("goes_to", flat=True)))
