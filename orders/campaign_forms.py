"""What people type about campaigns, checked at the border."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cosmo.lib.formats import format_money, format_number
from orders.forms import ContactForm
from orders.models import Campaign
from orders.models.campaign import MOST_UNITS
from orders.selectors.papers import seller_zone
from orders.services.checkout import Contact


class PledgeForm(ContactForm):
    """How many, and where they go if the campaign succeeds."""

    quantity = forms.TypedChoiceField(label=_("Quantity"), coerce=int, initial=1)
    terms = forms.BooleanField()  # drawn by accept_terms.html, with the way to them
    field_order = ("quantity", *ContactForm.base_fields, "terms")

    def __init__(self, *args: Any, campaign: Campaign, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["quantity"].choices = [  # type: ignore[attr-defined]
            (number, _most(number, campaign)) for number in range(1, MOST_UNITS + 1)
        ]

    def contact(self) -> Contact:
        return Contact(**{name: self.cleaned_data[name] for name in ContactForm.base_fields})


def _most(quantity: int, campaign: Campaign) -> str:
    """So many units, and the most that they can come to."""
    return ngettext(
        "%(count)s unit, at most %(sum)s", "%(count)s units, at most %(sum)s", quantity
    ) % {
        "count": format_number(quantity),
        "sum": format_money(campaign.unit_price * quantity, campaign.currency),
    }


class CampaignForm(forms.Form):
    """A campaign and two steps of its ladder."""

    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(
        label=_("Why should it be made?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    minimum = forms.IntegerField(label=_("People needed"), min_value=2, max_value=10_000)
    maximum = forms.IntegerField(label=_("Places"), min_value=2, max_value=10_000)
    closes_on = forms.DateField(
        label=_("Closes at the end of"), widget=forms.DateInput(attrs={"type": "date"})
    )
    first_people = forms.IntegerField(label=_("From so many people"), min_value=2, required=False)
    first_percent = forms.DecimalField(
        label=_("percent less"), min_value=Decimal(0), decimal_places=1, required=False
    )
    second_people = forms.IntegerField(label=_("From so many people"), min_value=2, required=False)
    second_percent = forms.DecimalField(
        label=_("percent less"), min_value=Decimal(0), decimal_places=1, required=False
    )

    def asked(self) -> dict[str, Any]:
        """As ``open_campaign`` takes it; steps that were left empty are none."""
        read = self.cleaned_data
        end = datetime.combine(read["closes_on"] + timedelta(days=1), time(0), tzinfo=seller_zone())
        steps = [(read[f"{n}_people"], read[f"{n}_percent"]) for n in ("first", "second")]
        return {
            **{name: read[name] for name in ("title", "text", "minimum", "maximum")},
            "closes_at": end,
            "ladder": [(people, percent) for people, percent in steps if people and percent],
        }
