"""People who show designs, and campaigns for them, by the services visitors meet."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from cosmo.accounts.models import Membership, User
from cosmo.accounts.roles import Role
from cosmo.lib.clock import real_now
from design.models import Contributor, DesignRevision, GalleryEntry, Product
from design.services.designs import save_design
from design.services.gallery import publish_entry
from orders.models import Campaign
from orders.payments.simulated_authorisations import decide_authorisation
from orders.services.campaigns import open_campaign
from orders.services.pledges import settle_pledge, start_pledge
from tests.factories.orders import CONTACT
from tests.factories.production import numbers

SECRET_TEXT = "Für Lotte"


def known_person(user: User | str, name: str) -> User:
    """Somebody whose contributions are shown at once."""
    found = user if isinstance(user, User) else User.objects.create_user(user)
    Contributor.objects.create(user=found, name=name, is_known=True)
    return found


def designer_of(product: Product, email: str = "designer@example.org") -> User:
    user = User.objects.create_user(email)
    Membership.objects.create(user=user, organisation=product.organisation, role=Role.DESIGNER)
    return user


def saved(owner: User | None, **choices: Any) -> DesignRevision:
    """A saved stool with an engraving of one's own."""
    origin = choices.pop("forked_from", None)
    product = Product.objects.select_related("published_offer").get(slug="stool")
    assert product.published_offer is not None
    revision = save_design(
        offer=product.published_offer,
        choices={"engraving": SECRET_TEXT, **choices},
        owner=owner,
        forked_from=origin,
    )
    return reread(revision)


def reread(revision: DesignRevision) -> DesignRevision:
    return DesignRevision.objects.select_related(
        "offer", "design__product__published_texts", "design__product__organisation"
    ).get(pk=revision.pk)


def show(owner: User, title: str = "", **choices: Any) -> GalleryEntry:
    """An entry of the gallery; its design holds a private text."""
    title = title or f"Stool {next(numbers)}"
    return publish_entry(revision=saved(owner, **choices), user=owner, title=title)


def open_for(entry: GalleryEntry, *, owner: User, **changes: Any) -> Campaign:
    """A campaign of two to eight people with two steps."""
    facts: dict[str, Any] = {
        "title": "Stools for all",
        "text": "It is worth it.",
        "minimum": 2,
        "maximum": 8,
        "closes_at": real_now() + timedelta(days=7),
        "ladder": [(3, Decimal(5)), (5, Decimal(10))],
        **changes,
    }
    return open_campaign(revision=reread(entry.revision), owner=owner, **facts)


def begin(campaign: Campaign, user: User, quantity: int = 1) -> str:
    """A begun pledge; the bank's reference."""
    started = start_pledge(
        campaign_id=campaign.pk, user=user, quantity=quantity, contact=CONTACT, language="en"
    )
    assert started is not None
    return started.reference


def commit(campaign: Campaign, user: User, quantity: int = 1) -> None:
    """Take part, with the bank's word."""
    reference = begin(campaign, user, quantity)
    decide_authorisation(reference=reference, choice="accept")
    settle_pledge(pledge_id=campaign.pledges.get(reference=reference).pk)


def people(count: int) -> list[User]:
    return [User.objects.create_user(f"backer{next(numbers)}@example.org") for _ in range(count)]
