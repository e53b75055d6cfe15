"""A person's word to take part: begun, given by their bank, taken back. Nothing is charged here.

Every function locks the campaign first and the pledge after it: places are counted under that lock.
"""

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Conflict, Invalid, NotFound, Sentence
from cosmo.lib.ids import new_public_id
from cosmo.lib.transitions import check_transition
from orders.lifecycle import PLEDGE_MOVES, CampaignStatus, PledgeStatus
from orders.models import Campaign, Pledge
from orders.models.campaign import MOST_UNITS
from orders.payments.base import Started, authorising_provider
from orders.selectors.campaigns import COUNTED, LIVE
from orders.services.campaign_letters import tell_backers
from orders.services.checkout import TERMS_VERSION, Contact

PROVIDER = "simulator"
ANSWER_LASTS = timedelta(minutes=15)  # a place is kept so long for who went to the bank


def lock_campaign(campaign_id: int) -> Campaign:
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def start_pledge(
    *, campaign_id: int, user: User, quantity: int, contact: Contact, language: str
) -> Started | None:
    """Keep a place and ask the bank; None where the provider cannot be asked beforehand. The person
    has accepted the terms that the order will have.

    Begun again before the bank answered, the first try is let go.

    Raises:
        DomainError: ``campaign_closed``; ``campaign_full``; ``already_pledged``;
            ``quantity_out_of_range``. Nothing was kept.
    """
    if not 1 <= quantity <= MOST_UNITS:
        raise Invalid(
            "quantity_out_of_range",
            Sentence("%(quantity)s units are too many for one person. Take 1 to %(most)s."),
            quantity=quantity,
            most=MOST_UNITS,
        )
    gateway = authorising_provider(PROVIDER)
    with transaction.atomic():
        campaign = lock_campaign(campaign_id)
        _check_open(campaign)
        _let_go_of_begun(campaign, user)
        if campaign.pledges.filter(status__in=LIVE).count() >= campaign.maximum:
            raise Conflict(
                "campaign_full",
                Sentence("All %(most)s places of “%(campaign)s” are taken."),
                most=campaign.maximum,
                campaign=campaign.title,
            )
        pledge = Pledge.objects.create(
            campaign=campaign,
            user=user,
            quantity=quantity,
            status=PledgeStatus.STARTED if gateway else PledgeStatus.COMMITTED,
            contact=asdict(contact),
            terms_version=TERMS_VERSION,
            terms_accepted_at=real_now(),
            language=language,
            provider=PROVIDER,
            reference=str(new_public_id()),
            authorised=campaign.unit_price * quantity,
        )
    if gateway is None:
        return None
    return gateway.authorise(
        reference=pledge.reference, amount=pledge.authorised, currency=campaign.currency
    )


def _check_open(campaign: Campaign) -> None:
    if campaign.status != CampaignStatus.COLLECTING or campaign.closes_at <= real_now():
        raise Conflict(
            "campaign_closed",
            Sentence("“%(campaign)s” takes nobody any more; its page says how it ended."),
            campaign=campaign.title,
        )


def _let_go_of_begun(campaign: Campaign, user: User) -> None:
    mine = campaign.pledges.select_for_update(no_key=True).filter(user=user, status__in=LIVE)
    for pledge in mine:
        if pledge.status != PledgeStatus.STARTED:
            raise Conflict(
                "already_pledged",
                Sentence("You take part in “%(campaign)s” already."),
                campaign=campaign.title,
            )
        end_pledge(pledge, "begun_again")


def end_pledge(pledge: Pledge, reason: str) -> None:
    """Of a locked pledge. The bank is let go of by the sweep; the address is forgotten."""
    check_transition(
        what=str(pledge), moves=PLEDGE_MOVES, source=pledge.status, target=PledgeStatus.RELEASED
    )
    pledge.status = PledgeStatus.RELEASED
    pledge.closed_at, pledge.close_reason, pledge.contact = real_now(), reason[:40], {}
    pledge.save(update_fields=["status", "closed_at", "close_reason", "contact"])


def settle_pledge(*, pledge_id: int) -> Pledge:
    """Ask the bank about a begun pledge and do what follows. Safe to repeat at any time."""
    pledge = Pledge.objects.get(pk=pledge_id)
    gateway = authorising_provider(pledge.provider)
    if pledge.status != PledgeStatus.STARTED or gateway is None:
        return pledge
    answer = gateway.query_authorisation(reference=pledge.reference)
    with transaction.atomic():
        campaign = lock_campaign(pledge.campaign_id)
        pledge = Pledge.objects.select_for_update(no_key=True).get(pk=pledge_id)
        if pledge.status != PledgeStatus.STARTED:
            return pledge
        if answer == "refused":
            end_pledge(pledge, "refused")
        elif answer == "authorised" and campaign.status == CampaignStatus.COLLECTING:
            pledge.status = PledgeStatus.COMMITTED
            pledge.save(update_fields=["status"])
            tell_backers(campaign, [pledge], "pledge_committed")
        elif campaign.status != CampaignStatus.COLLECTING:
            end_pledge(pledge, "campaign_closed")
        elif pledge.created_at < real_now() - ANSWER_LASTS:
            end_pledge(pledge, "no_answer")
    return pledge


@transaction.atomic
def withdraw_pledge(*, campaign_id: int, user: User) -> Pledge:
    """Take one's word back while the campaign still collects.

    Raises:
        DomainError: ``not_pledged``; ``campaign_closed``.
    """
    campaign = lock_campaign(campaign_id)
    pledge = (
        campaign.pledges.select_for_update(no_key=True)
        .filter(user=user, status__in=[PledgeStatus.STARTED, PledgeStatus.COMMITTED])
        .first()
    )
    if pledge is None:
        raise NotFound("not_pledged", Sentence("You do not take part in this campaign."))
    _check_open(campaign)
    end_pledge(pledge, "withdrawn")
    return pledge


def free_pledge(*, pledge_id: int) -> None:
    """The bank learns that nothing will be taken for an ended pledge. Safe to repeat."""
    pledge = Pledge.objects.get(pk=pledge_id, status=PledgeStatus.RELEASED)
    gateway = authorising_provider(pledge.provider)
    if gateway is None or gateway.release(reference=pledge.reference):
        Pledge.objects.filter(pk=pledge.pk).update(settled_at=real_now())


def committed(campaign: Campaign) -> int:
    """How many people have committed; exact under the campaign's lock."""
    return campaign.pledges.filter(status__in=COUNTED).count()
