"""Campaigns: how far each is, what it costs at which step, and who takes part."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.translation import get_language

from cosmo.accounts.models import User
from cosmo.accounts.roles import Role
from cosmo.accounts.selectors import has_role
from cosmo.lib.errors import NotFound, Sentence
from cosmo.lib.money import round_money
from design.selectors.texts import texts_in
from orders.lifecycle import CampaignStatus, OrderStatus, PledgeStatus
from orders.models import Campaign, Pledge, Unit

STARTERS = (Role.DESIGNER, Role.AUTHOR, Role.ADMINISTRATOR)
COUNTED = (PledgeStatus.COMMITTED, PledgeStatus.ORDERED)
LIVE = (PledgeStatus.STARTED, *COUNTED)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: from so many people on, one unit costs ``price``."""

    people: int
    percent_off: Decimal
    price: Decimal
    is_reached: bool


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as pages show it.

    Attributes:
        backers: People who have committed.
        percent: Of the minimum, at most 100.
        missing: People still needed; 0 once there are enough.
        price: What one unit costs at the step reached.
        places: How many may still join.
    """

    campaign: Campaign
    product_name: str
    backers: int
    percent: int
    missing: int
    steps: tuple[Step, ...]
    price: Decimal
    places: int
    is_open: bool


def campaigns() -> QuerySet[Campaign]:
    """With how many people take part; one statement."""
    return Campaign.objects.select_related(
        "revision__offer", "revision__design__product__published_texts", "seller"
    ).annotate(
        backers=Count("pledges", filter=Q(pledges__status__in=COUNTED)),
        taken=Count("pledges", filter=Q(pledges__status__in=LIVE)),
    )


def open_first() -> QuerySet[Campaign]:
    """Those that collect, soonest to close first; then the others, newest first."""
    place = Case(When(status=CampaignStatus.COLLECTING, then=0), default=1)
    return campaigns().order_by(place, "closes_at", "pk")


def access_campaign(public_id: UUID) -> Campaign:
    """Anybody may look.

    Raises:
        DomainError: ``unknown_campaign``.
    """
    found = campaigns().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("unknown_campaign", Sentence("There is no such campaign."))
    return found


def campaigns_of_design(code: str) -> QuerySet[Campaign]:
    """Campaigns started from the design behind a short link."""
    return campaigns().filter(revision__design__forked_from__design__code=code).order_by("-id")


def view_campaign(campaign: Campaign) -> CampaignView:
    """``campaign`` as ``campaigns()`` finds it."""
    backers = int(campaign.backers)  # type: ignore[attr-defined]
    taken = int(campaign.taken)  # type: ignore[attr-defined]
    steps = steps_of(campaign, backers)
    product = campaign.revision.design.product
    bundle = product.published_texts
    texts = texts_in(bundle, get_language() or "en") if bundle else None
    return CampaignView(
        campaign=campaign,
        product_name=texts.product_name if texts else product.slug,
        backers=backers,
        percent=min(100, backers * 100 // campaign.minimum),
        missing=max(0, campaign.minimum - backers),
        steps=steps,
        price=[step.price for step in steps if step.is_reached][-1],
        places=max(0, campaign.maximum - taken),
        is_open=campaign.status == CampaignStatus.COLLECTING,
    )


def steps_of(campaign: Campaign, backers: int) -> tuple[Step, ...]:
    """The ladder from the first person on; its first step is always reached."""
    rungs: Sequence[tuple[int, str]] = [(0, "0"), *((int(n), str(p)) for n, p in campaign.ladder)]
    return tuple(
        Step(
            people=people,
            percent_off=Decimal(percent),
            price=price_at(campaign, Decimal(percent)),
            is_reached=backers >= people,
        )
        for people, percent in rungs
    )


def price_at(campaign: Campaign, percent_off: Decimal) -> Decimal:
    off = round_money(campaign.unit_price * percent_off / 100, campaign.currency)
    return campaign.unit_price - off


def percent_reached(campaign: Campaign, backers: int) -> Decimal:
    return [step.percent_off for step in steps_of(campaign, backers) if step.is_reached][-1]


def live_pledge(campaign: Campaign, user: User | None) -> Pledge | None:
    """The person's own pledge, if they take part."""
    if user is None:
        return None
    mine = Pledge.objects.filter(campaign=campaign, user=user, status__in=LIVE)
    return mine.select_related("order").first()


def pledges_of(user: User) -> QuerySet[Pledge]:
    """Everything the person ever took part in, newest first."""
    return Pledge.objects.filter(user=user).select_related("campaign", "order").order_by("-id")


def may_run(campaign: Campaign, user: User | None) -> bool:
    """Whether the person may choose its pilot unit: its owner while they have the role."""
    return (
        user is not None
        and campaign.owner_id == user.pk
        and has_role(user, campaign.seller, *STARTERS)
    )


def pilot_candidates(campaign: Campaign) -> QuerySet[Unit]:
    """Units of the owner's own orders that are of this very design."""
    if campaign.owner is None:
        return Unit.objects.none()
    return Unit.objects.filter(
        line__revision_id=campaign.revision_id,
        line__order__user=campaign.owner,
        line__order__status__in=[OrderStatus.CONFIRMED, OrderStatus.FULFILLED],
        line__cancelled_at=None,
        line__order__pledge=None,
    ).order_by("pk")
