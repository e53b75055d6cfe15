"""What backers are told, in their language."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import override

from cosmo.lib.formats import format_day_year, format_money
from cosmo.lib.letters import Letter, queue_letters
from orders.models import Campaign, Pledge
from orders.selectors.campaigns import price_at


def tell_backers(campaign: Campaign, pledges: Iterable[Pledge], letter: str, **facts: str) -> None:
    """Write ``letter`` to each, in this transaction; whoever deleted their account is left out."""
    queue_letters(
        [_letter(campaign, pledge, letter, facts) for pledge in pledges if pledge.user is not None]
    )


def _letter(campaign: Campaign, pledge: Pledge, name: str, facts: dict[str, str]) -> Letter:
    assert pledge.user is not None  # noqa: S101 - left out above
    total = price_at(campaign, campaign.percent_off) * pledge.quantity
    with override(pledge.language):
        return Letter(
            name=name,
            to=pledge.user.email,
            language=pledge.language,
            about=str(pledge.public_id),
            path=reverse("orders:campaign", args=[campaign.public_id]),
            facts={
                "campaign": campaign.title,
                "minimum": str(campaign.minimum),
                "closes": format_day_year(campaign.closes_at.date()),
                "most": format_money(pledge.authorised, campaign.currency),
                "total": format_money(total, campaign.currency),
                "quantity": str(pledge.quantity),
                **facts,
            },
        )
