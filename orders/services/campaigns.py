"""Opening a campaign, and its end: at its hour, or when all places are taken."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Invalid, NotFound, Sentence
from cosmo.lib.transitions import check_transition
from design.compile import compiled_offer, selection_from_json
from design.models import DesignRevision
from design.selectors.configured import price_of
from design.selectors.shown_design import public_choices
from design.services.designs import save_design
from orders.lifecycle import CAMPAIGN_MOVES, CampaignStatus, PledgeStatus
from orders.models import Campaign, Pledge, Unit
from orders.selectors.campaigns import may_run, percent_reached, pilot_candidates
from orders.services.campaign_letters import tell_backers
from orders.services.pledges import committed, end_pledge, lock_campaign, settle_pledge

LONGEST = timedelta(days=90)
MOST_OFF = Decimal(50)
Ladder = Sequence[tuple[int, Decimal]]


@transaction.atomic
def open_campaign(
    *,
    revision: DesignRevision,
    owner: User,
    title: str,
    text: str,
    minimum: int,
    maximum: int,
    closes_at: datetime,
    ladder: Ladder,
) -> Campaign:
    """Collect people for a design. The caller has the role with the product's seller.

    What is made is a design of its own, started from ``revision`` without the words its owner
    wrote for themselves; it and its price are frozen for as long as the campaign lasts.

    Raises:
        DomainError: ``campaign_numbers``; ``campaign_end``; ``offer_outdated``; ``text_needed``.
    """
    _check_numbers(minimum, maximum, ladder)
    now = real_now()
    if not now < closes_at <= now + LONGEST:
        raise Invalid(
            "campaign_end",
            Sentence("A campaign closes within %(days)s days from now."),
            days=LONGEST.days,
        )
    product = revision.design.product
    if product.published_offer_id != revision.offer_id:
        raise Conflict(
            "offer_outdated",
            Sentence(
                "The offer of %(product)s has changed since design %(design)s was saved. "
                "Open the design again to see what changed."
            ),
            product=product.slug,
            design=revision.design.code,
        )
    choices, answers = public_choices(revision)
    frozen = save_design(
        offer=revision.offer,
        choices=choices,
        prefer=answers,
        owner=owner,
        name=title[:80],
        forked_from=revision,
        is_public=True,
    )
    price = price_of(compiled_offer(revision.offer), selection_from_json(frozen.selection))
    return Campaign.objects.create(
        owner=owner,
        seller_id=product.organisation_id,
        revision=frozen,
        title=title,
        text=text,
        minimum=minimum,
        maximum=maximum,
        ladder=[[people, str(percent)] for people, percent in ladder],
        unit_price=price.total,
        currency=price.currency,
        closes_at=closes_at,
    )


def _check_numbers(minimum: int, maximum: int, ladder: Ladder) -> None:
    rungs = [(minimum - 1, Decimal(0)), *ladder]
    climbs = all(low[0] < high[0] and low[1] < high[1] for low, high in pairwise(rungs))
    if not (2 <= minimum <= maximum and climbs and rungs[-1][0] <= maximum):
        raise Invalid(
            "campaign_numbers",
            Sentence(
                "These numbers do not fit together: at least 2 people, no more than the places, "
                "and every step of the ladder needs more people and takes more off."
            ),
        )
    if rungs[-1][1] > MOST_OFF:
        raise Invalid(
            "campaign_numbers",
            Sentence("A step may take at most %(most)s percent off."),
            most=str(MOST_OFF),
        )


def close_campaign(*, campaign_id: int) -> Campaign:
    """End a campaign that is due or has all its people. Safe to repeat, and while people pledge.

    Whoever went to the bank is asked about first, so that a word given in time counts.
    """
    begun = Pledge.objects.filter(campaign=campaign_id, status=PledgeStatus.STARTED)
    for pledge_id in list(begun.values_list("pk", flat=True)):
        settle_pledge(pledge_id=pledge_id)
    with transaction.atomic():
        campaign = lock_campaign(campaign_id)
        backers = committed(campaign)
        is_due = campaign.closes_at <= real_now() or backers >= campaign.maximum
        if campaign.status == CampaignStatus.COLLECTING and is_due:
            _end(campaign, backers)
    return campaign


def _end(campaign: Campaign, backers: int) -> None:
    is_success = backers >= campaign.minimum
    move_campaign(campaign, CampaignStatus.SUCCEEDED if is_success else CampaignStatus.FAILED)
    pledges = list(
        campaign.pledges.select_for_update(no_key=True, of=("self",))
        .filter(status__in=[PledgeStatus.STARTED, PledgeStatus.COMMITTED])
        .select_related("user")
        .order_by("pk")
    )
    committed_ones = [p for p in pledges if p.status == PledgeStatus.COMMITTED]
    if is_success:
        campaign.percent_off = percent_reached(campaign, backers)
        campaign.save(update_fields=["percent_off"])
    for pledge in pledges:
        if not is_success or pledge.status == PledgeStatus.STARTED:
            end_pledge(pledge, "campaign_closed" if is_success else "campaign_failed")
    letter = "campaign_succeeded" if is_success else "campaign_failed"
    tell_backers(campaign, committed_ones, letter, backers=str(backers))


def move_campaign(campaign: Campaign, target: CampaignStatus) -> None:
    """Of a locked campaign."""
    check_transition(
        what=campaign.title, moves=CAMPAIGN_MOVES, source=campaign.status, target=target
    )
    campaign.status = target
    campaign.closed_at = campaign.closed_at or real_now()
    campaign.save(update_fields=["status", "closed_at"])


@transaction.atomic
def choose_pilot(*, campaign_id: int, user: User, unit: Unit) -> Campaign:
    """The owner lets backers follow a first unit of their own.

    Raises:
        DomainError: ``not_yours``; not of this design or not the owner's (``unknown_unit``).
    """
    campaign = lock_campaign(campaign_id)
    if not may_run(campaign, user):
        raise NotFound("not_yours", Sentence("Only who runs the campaign may choose its pilot."))
    if not pilot_candidates(campaign).filter(pk=unit.pk).exists():
        raise NotFound(
            "unknown_unit", Sentence("The pilot is a unit of this design that you ordered.")
        )
    campaign.pilot = unit
    campaign.save(update_fields=["pilot"])
    return campaign
