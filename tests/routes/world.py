"""One consumer's order, one partner's order, a foreign factory, and everybody who might look."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.test import Client

from cosmo.accounts.models import Membership, Organisation, User
from cosmo.accounts.roles import Role
from cosmo.lib.clock import real_now
from design.models import Design, Draft, Product, Publication
from design.services.comments import write_comment
from design.services.drafts import start_draft
from design.services.ideas import write_idea
from orders.models import Campaign, CartLine, Order, Payment, Unit
from orders.selectors.access import SESSION_GRANTS
from orders.services.carts import add_to_cart, cart_for
from orders.services.pledges import start_pledge
from production.lifecycle import DowntimeKind, SlipCause
from production.models import Downtime, Plant, PurchaseProposal, Resource, Slip, WorkOrder
from production.services.materials import order_component
from production.services.plants import load_plant
from tests.factories.cocreation import known_person, open_for, show
from tests.factories.documents import PLANT
from tests.factories.orders import CONTACT, make_revision, pay, place
from tests.factories.partners import Api, make_program, make_token, order_body
from tests.factories.production import MONDAY, make_factory, make_offer, make_plant, set_plant_time
from tests.production.materials.stocks import count

SECRET_CONTACT = replace(
    CONTACT, name="Adelheid Verborgen", street="9 Hidden Lane", email="hidden@example.org"
)
STAFF_OF_SELLER = ("planner", "operator", "administrator")
VISITORS = (
    *("stranger", "guest", "owner", "other consumer", *STAFF_OF_SELLER, "author"),
    *("foreign planner", "foreign author", "partner person", "program", "foreign program"),
)
NONE = UUID(int=0)  # of no order
SEES_ORDER = frozenset({"guest", "owner", *STAFF_OF_SELLER})


@dataclass(frozen=True, slots=True)
class World:
    """What there is.

    Attributes:
        places: What addresses hold, by name.
        secrets: Words of the consumer's order that nobody else may ever read.
        partner_secrets: The same of the partner's order.
    """

    owner: User
    order: Order
    places: dict[str, Any]
    secrets: tuple[str, ...]
    partner_secrets: tuple[str, ...]

    def state(self, *, but: UUID = NONE) -> tuple[Any, ...]:
        """Everything a stranger's call might have changed; ``but`` an order of the caller's own."""
        orders = Order.objects.exclude(public_id=but).order_by("pk")
        units = Unit.objects.exclude(line__order__public_id=but).order_by("pk")
        payments = Payment.objects.exclude(order__public_id=but).order_by("pk")
        work_orders = WorkOrder.objects.exclude(unit__line__order__public_id=but).order_by("pk")
        return (
            list(orders.values_list("pk", "status", "close_reason")),
            list(payments.values_list("pk", "status")),
            list(units.values_list("pk", flat=True)),
            list(work_orders.values_list("pk", "status", "dispatch")),
            list(CartLine.objects.filter(cart__user=self.owner).values_list("pk", "quantity")),
            list(Design.objects.filter(owner=self.owner).values_list("pk", "name")),
            None if but != NONE else Plant.objects.get(code="yard").plan_wanted_at,
        )

    def written(self) -> tuple[Any, ...]:
        """What authors of the factory have written and published."""
        return (
            list(Draft.objects.order_by("pk").values_list("pk", "version", "status")),
            list(Publication.objects.order_by("pk").values_list("pk", flat=True)),
            list(Product.objects.order_by("pk").values_list("pk", "needs_sign_off")),
        )


def _made_together(owner: User, pilot: Unit) -> dict[str, Any]:
    """The owner shows a design, which somebody else comments; and takes part in a campaign."""
    other = known_person("somebody@example.org", "Somebody")
    shown = show(known_person("shower@example.org", "Shower"))
    own = show(known_person(owner, "Owner of it"))
    campaign = open_for(shown, owner=other)
    Campaign.objects.filter(pk=campaign.pk).update(pilot=pilot)
    start_pledge(
        campaign_id=campaign.pk, user=owner, quantity=1, contact=SECRET_CONTACT, language="en"
    )
    stranger = User.objects.create_user("stranger@example.org")
    waiting = write_idea(user=stranger, title="Later", text="Something to sit on.", name="New")
    idea = write_idea(
        user=other, title="For cats", text="A stool with a cave for a cat.", product=shown.product
    )
    return {
        "shown_design": shown.design.code,
        "own_design": own.design.code,
        "own_entry": own.public_id,
        "comment": write_comment(about_id=own.pk, user=other, text="Well made.").public_id,
        "idea": idea.public_id,
        "waiting_idea": waiting.public_id,
        "campaign": campaign.public_id,
        "pledge": campaign.pledges.get().reference,
    }


def _draft() -> Draft:
    """What somebody in the factory is writing about the stool."""
    writer = User.objects.create_user("writer@example.org")
    return start_draft(
        organisation=Organisation.objects.get(slug="factory"),
        author=writer,
        slug="stool",
        note="Hidden plans",
    )


def _standstill() -> Downtime:
    """A machine of the factory that is maintained, late enough to move nothing."""
    plant = Plant.objects.get(code="yard")
    begins = plant.clock.now() + timedelta(days=200)
    return Downtime.objects.create(
        plant=plant,
        resource=Resource.objects.filter(work_centre__plant=plant).order_by("pk")[0],
        kind=DowntimeKind.MAINTENANCE,
        period=(begins, begins + timedelta(hours=1)),
    )


def _slip(unit: Unit) -> Slip:
    """The unit will be a week late, and its customer was told."""
    promised = unit.line.promise_date
    slip = Slip.objects.create(
        plant=Plant.objects.get(code="yard"),
        unit=unit,
        cause=SlipCause.OVERLOAD,
        cause_key="overload",
        promised=promised,
        expected=promised + timedelta(days=7),
        answer_until=real_now() + timedelta(days=2),
    )
    slip.words.create(said="told", speaker="factory")
    return slip


def _stores() -> dict[str, UUID]:
    """A screw that nothing is made of: counted, low and ordered."""
    screw = {"code": "SCREW", "on_hand": "1", "reorder_level": "9", "lead_time_days": 3}
    stock = count(Plant.objects.get(code="yard"), screw)["SCREW"]
    purchase = order_component(stock_id=stock.pk, quantity=Decimal(2))
    proposal = PurchaseProposal.objects.get(stock=stock)
    return {
        "component": stock.component.public_id,
        "purchase": purchase.public_id,
        "proposal": proposal.public_id,
    }


def make_world() -> World:
    offer = make_offer(make_plant())
    foreign = Organisation.objects.create(slug="foreign", name="Foreign")
    document = {**PLANT, "code": "foreign", "names": {"en": "Foreign"}}
    set_plant_time(load_plant(organisation=foreign, document=document).plant, MONDAY)
    owner = User.objects.create_user("owner@example.org", "a password")
    order = pay(place(offer, user=owner, contact=SECRET_CONTACT))
    line = order.lines.get()
    unit = line.units.get()
    cart = cart_for(user=owner, public_id=None)
    add_to_cart(cart_id=cart.pk, revision=make_revision(offer, size="large"))
    api = Api(token=make_token(make_program("partner")))
    code = api.save_design()
    contact = {**order_body(code)["deliver_to"], "name": "Partners Kundin"}
    placed = api.order(design=code, reference="PO-HIDDEN", deliver_to=contact).json()
    partner_unit = placed["lines"][0]["units"][0]
    places: dict[str, Any] = {
        "order": order.public_id,
        "unit": unit.public_id,
        "serial": unit.serial,
        "gtin": unit.gtin.zfill(14),
        "design": line.revision.design.code,
        "product": "stool",
        "payment": order.payments.get().provider_reference,
        "cart_line": cart.lines.get().public_id,
        "work_order": WorkOrder.objects.get(unit=unit).public_id,
        "downtime": _standstill().public_id,
        "slip": _slip(unit).public_id,
        **_stores(),
        "partner_design": code,
        "partner_order": UUID(placed["id"]),
        "partner_unit": UUID(partner_unit["id"]),
        "partner_slip": _slip(Unit.objects.get(public_id=partner_unit["id"])).public_id,
        "draft": _draft().public_id,
        **_made_together(owner, unit),
        "publication": Publication.objects.latest("pk").public_id,
        "one": ContentType.objects.get_for_model(User).pk,
    }
    return World(
        owner=owner,
        order=order,
        places=places,
        secrets=(
            *(SECRET_CONTACT.name, SECRET_CONTACT.street, SECRET_CONTACT.email),
            *(order.number, str(order.public_id), str(unit.public_id)),
        ),
        partner_secrets=(
            *("Partners Kundin", "PO-HIDDEN", placed["number"], placed["id"]),
            partner_unit["id"],
        ),
    )


def visit(visitor: str, world: World) -> Client:
    """A browser, or a program, of ``visitor``."""
    client = Client(raise_request_exception=False)
    if visitor == "guest":
        session = client.session
        session[SESSION_GRANTS] = [str(world.order.public_id)]
        session.save()
    elif visitor == "owner":
        client.force_login(world.owner)
    elif visitor.endswith("program"):
        program = make_program("partner" if visitor == "program" else "foreign-partner")
        token = make_token(program)
        client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})
    elif visitor != "stranger":
        client.force_login(_person(visitor))
    return client


def _person(visitor: str) -> User:
    user = User.objects.create_user(f"{visitor.replace(' ', '-')}@example.org", "a password")
    belongs = {
        "planner": ("factory", Role.PLANNER),
        "operator": ("factory", Role.OPERATOR),
        "author": ("factory", Role.AUTHOR),
        "administrator": ("factory", Role.ADMINISTRATOR),
        "foreign planner": ("foreign", Role.PLANNER),
        "foreign author": ("foreign", Role.AUTHOR),
        "partner person": ("partner", Role.PARTNER),
    }
    if visitor in belongs:
        slug, role = belongs[visitor]
        Membership.objects.create(user=user, organisation=make_factory(slug), role=role)
    if visitor == "administrator":
        user.is_staff = user.is_superuser = True
        user.save()
    return user
