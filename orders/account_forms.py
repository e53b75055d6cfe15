"""What people type in their account, checked at the border."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from orders.forms import ContactForm, no_control
from orders.lifecycle import ComplaintReason, ComplaintStatus
from orders.services.addresses import Destination
from orders.services.complaints import Answer


class DestinationForm(ContactForm):
    """Another address; the e-mail address of an order stays."""

    field_order = ("name", "street", "postal_code", "city", "country", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"]

    def destination(self) -> Destination:
        return Destination(**{name: self.cleaned_data[name] for name in self.fields})


class ComplaintForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=ComplaintReason.choices)
    text = forms.CharField(
        label=_("Tell us more"),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "What you see, where, and since when. Photos can be sent by e-mail, with the serial."
        ),
    )


class AnswerForm(forms.Form):
    """Staff's answer to a complaint."""

    status = forms.ChoiceField(
        label=_("What follows"),
        choices=[
            (status.value, status.label)
            for status in (
                ComplaintStatus.REFUNDED,
                ComplaintStatus.REMADE,
                ComplaintStatus.DECLINED,
            )
        ],
    )
    refund = forms.DecimalField(
        label=_("Amount that goes back"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        help_text=_("Only where money goes back."),
    )
    text = forms.CharField(
        label=_("Your words to the customer"),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_refund = cleaned.get("status") == ComplaintStatus.REFUNDED
        if is_refund and not cleaned.get("refund") and "refund" not in self.errors:
            self.add_error("refund", _("Write how much goes back."))
        return cleaned

    def answer(self) -> Answer:
        status = ComplaintStatus(self.cleaned_data["status"])
        is_refund = status == ComplaintStatus.REFUNDED
        refund = self.cleaned_data["refund"] if is_refund else Decimal(0)
        return Answer(status=status, text=self.cleaned_data["text"], refund=refund)


class FindOrderForm(forms.Form):
    number = forms.CharField(
        label=_("Order number"),
        max_length=20,
        validators=[no_control],
        help_text=_("It stands in our mails, like C-2026-004711."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The one you ordered with; the link goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class MailLanguageForm(forms.Form):
    mail_language = forms.ChoiceField(label=_("Language of our mails"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mail_language"]
        field.choices = [("", _("As I ordered")), *settings.LANGUAGES]


class CloseForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
