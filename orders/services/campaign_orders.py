"""After success: every pledge becomes an order with held capacity, and is charged or asked to pay.

One transaction a pledge. Killed anywhere, the next sweep goes on: the order is found again by its
checkout key, the charge by its reference.
"""

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from cosmo.lib.clock import real_now
from cosmo.lib.errors import DomainError
from cosmo.lib.sweeps import sweep
from orders.lifecycle import CampaignStatus, PaymentStatus, PledgeStatus
from orders.models import Campaign, Order, Payment, Pledge
from orders.payments.base import authorising_provider
from orders.services.campaign_letters import tell_backers
from orders.services.campaigns import close_campaign, move_campaign
from orders.services.checkout import PRICE_LASTS, Agreed, Contact, Wanted, place_order
from orders.services.payments import settle_payment
from orders.services.pledges import end_pledge, free_pledge, lock_campaign, settle_pledge
from orders.services.refunds import move_payment

LIMIT = 200  # of one sweep


@transaction.atomic
def order_pledge(*, pledge_id: int) -> Pledge:
    """The order of a committed pledge, at the price reached, its capacity held. Safe to repeat.

    Where nothing can be promised any more the pledge ends and the person is told.
    """
    pledge = (
        Pledge.objects.select_for_update(no_key=True, of=("self",))
        .select_related(
            *("user", "campaign__revision__offer"),
            "campaign__revision__design__product__published_texts",
        )
        .get(pk=pledge_id)
    )
    campaign = pledge.campaign
    if pledge.status != PledgeStatus.COMMITTED or campaign.status != CampaignStatus.SUCCEEDED:
        return pledge
    try:
        with transaction.atomic():
            order = _place(pledge, campaign)
    except DomainError as refused:
        end_pledge(pledge, refused.code)
        tell_backers(campaign, [pledge], "pledge_impossible")
        return pledge
    pledge.order, pledge.status, pledge.contact = order, PledgeStatus.ORDERED, {}
    pledge.save(update_fields=["order", "status", "contact"])
    if authorising_provider(pledge.provider) is None:
        _ask_to_pay(pledge, campaign)
    else:
        Payment.objects.create(
            order=order,
            provider=pledge.provider,
            provider_reference=f"pledge-{pledge.public_id}",
            amount=order.total,
            currency=order.currency,
        )
    return pledge


def _place(pledge: Pledge, campaign: Campaign) -> Order:
    agreed = Agreed(percent_off=campaign.percent_off)
    order = place_order(
        wanted=[Wanted(revision=campaign.revision, quantity=pledge.quantity, agreed=agreed)],
        contact=Contact(**pledge.contact),
        language=pledge.language,
        checkout_key=f"pledge-{pledge.public_id}",
        said=None,
        user=pledge.user,
        hold_lasts=PRICE_LASTS,
    )
    if pledge.terms_accepted_at is not None:  # then, not now, and those of then
        order.terms_version, order.terms_accepted_at = (
            pledge.terms_version,
            pledge.terms_accepted_at,
        )
        order.save(update_fields=["terms_version", "terms_accepted_at"])
    return order


def charge_pledge(*, pledge_id: int) -> Pledge:
    """Take what was authorised; where the bank no longer agrees, ask the person to pay."""
    pledge = Pledge.objects.select_related("campaign", "order", "user").get(
        pk=pledge_id, status=PledgeStatus.ORDERED
    )
    gateway = authorising_provider(pledge.provider)
    assert pledge.order is not None  # noqa: S101 - a constraint of the table
    payment = pledge.order.payments.filter(provider_reference__startswith="pledge-").first()
    if pledge.settled_at is not None or gateway is None or payment is None:
        return pledge
    is_taken = gateway.capture(
        authorisation=pledge.reference,
        reference=payment.provider_reference,
        amount=payment.amount,
        currency=payment.currency,
    )
    if is_taken:
        settle_payment(payment_id=payment.pk)
        Pledge.objects.filter(pk=pledge.pk).update(settled_at=real_now())
    else:
        _refuse(pledge, payment)
    return pledge


@transaction.atomic
def _refuse(pledge: Pledge, payment: Payment) -> None:
    order = Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
    locked = Payment.objects.select_for_update().get(pk=payment.pk, order=order)
    if locked.status == PaymentStatus.CREATED:
        move_payment(locked, PaymentStatus.REFUSED)
    _ask_to_pay(pledge, pledge.campaign)


def _ask_to_pay(pledge: Pledge, campaign: Campaign) -> None:
    if Pledge.objects.filter(pk=pledge.pk, settled_at=None).update(settled_at=real_now()):
        tell_backers(campaign, [pledge], "pledge_pay")


def finish_campaign(*, campaign_id: int) -> None:
    """Ordered, once no pledge waits for its order."""
    with transaction.atomic():
        campaign = lock_campaign(campaign_id)
        waiting = campaign.pledges.filter(status=PledgeStatus.COMMITTED)
        if campaign.status == CampaignStatus.SUCCEEDED and not waiting.exists():
            move_campaign(campaign, CampaignStatus.ORDERED)


def sweep_campaigns() -> int:
    """Everything that is due, in the order in which one thing follows from another; failures."""
    pledges = Pledge.objects.order_by("pk")
    begun = pledges.filter(status=PledgeStatus.STARTED)
    succeeded = Campaign.objects.filter(status=CampaignStatus.SUCCEEDED).order_by("pk")
    ready = pledges.filter(status=PledgeStatus.COMMITTED, campaign__status=CampaignStatus.SUCCEEDED)
    unsettled = pledges.filter(settled_at=None)
    failed = sweep(_ids(begun), partial(_call, settle_pledge), what="pledge")
    failed += sweep(_due(), lambda pk: close_campaign(campaign_id=pk), what="campaign")
    failed += sweep(_ids(ready), partial(_call, order_pledge), what="pledge")
    failed += sweep(
        _ids(unsettled.filter(status=PledgeStatus.ORDERED)),
        partial(_call, charge_pledge),
        what="pledge",
    )
    failed += sweep(
        _ids(unsettled.filter(status=PledgeStatus.RELEASED)),
        partial(_call, free_pledge),
        what="pledge",
    )
    failed += sweep(
        list(succeeded.values_list("pk", flat=True)),
        lambda pk: finish_campaign(campaign_id=pk),
        what="campaign",
    )
    return failed


def _ids(pledges: QuerySet[Pledge]) -> list[int]:
    return list(pledges.values_list("pk", flat=True)[:LIMIT])


def _call(act: Callable[..., object], pledge_id: int) -> None:
    act(pledge_id=pledge_id)


def _due() -> list[int]:
    """Campaigns whose hour has come, or whose places are all committed."""
    found = Campaign.objects.filter(status=CampaignStatus.COLLECTING).annotate(
        backers=Count("pledges", filter=Q(pledges__status=PledgeStatus.COMMITTED))
    )
    is_due = Q(closes_at__lte=real_now()) | Q(backers__gte=F("maximum"))
    return list(found.filter(is_due).values_list("pk", flat=True))
