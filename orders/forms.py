"""What people type, checked at the border."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from orders.services.checkout import Contact

POSTAL_CODES = {"DE": r"[0-9]{5}"}
no_control = RegexValidator(
    r"^[^\x00-\x1f\x7f<>]*$", _("Please use letters, digits and signs only.")
)


class ContactForm(forms.Form):
    """Who gets it and where."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("For the confirmation and the way back to your order."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        validators=[no_control],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=160,
        validators=[no_control],
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = forms.CharField(
        label=_("Postcode"),
        max_length=20,
        validators=[no_control],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    city = forms.CharField(
        label=_("Town"),
        max_length=100,
        validators=[no_control],
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        validators=[no_control],
        help_text=_("Only for the carrier on the day of delivery."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = list(settings.COSMO_SHIP_TO.items())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        code, country = cleaned.get("postal_code", ""), cleaned.get("country", "")
        pattern = POSTAL_CODES.get(country)
        if code and pattern and not re.fullmatch(pattern, code):
            self.add_error(
                "postal_code",
                _("“%(code)s” is no German postcode; those have five digits.") % {"code": code},
            )
        return cleaned

    def contact(self) -> Contact:
        return Contact(**{name: self.cleaned_data[name] for name in self.fields})
