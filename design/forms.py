"""What people type about designs and ideas, checked at the border."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cosmo.accounts.models import User
from design.lifecycle import ColourFamily, IdeaStage
from design.models import Contributor, Idea
from design.selectors.gallery import GalleryFilter
from design.services.comments import LONGEST as LONGEST_COMMENT
from design.services.contributing import LONGEST_NAME
from design.services.moderation import LONGEST_REASON

Pairs = list[tuple[str, Any]]


class FilterForm(forms.Form):
    """The gallery's questions; what cannot be read counts as not asked."""

    product = forms.ChoiceField(label=_("Product"), required=False)
    colour = forms.ChoiceField(label=_("Colour"), required=False)
    least = forms.DecimalField(
        label=_("Price from"),
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    most = forms.DecimalField(
        label=_("Price to"),
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    age = forms.ChoiceField(
        label=_("Shown since"),
        required=False,
        choices=[
            ("", _("Any time")),
            ("week", _("A week ago")),
            ("month", _("A month ago")),
            ("year", _("A year ago")),
        ],
    )
    order = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("new", _("Newest first")),
            ("votes", _("Most voted first")),
            ("price", _("Cheapest first")),
        ],
    )

    def __init__(self, sent: Any, products: Pairs) -> None:
        super().__init__(sent)
        fields: dict[str, Any] = self.fields
        fields["product"].choices = [("", _("All products")), *products]
        fields["colour"].choices = [("", _("All colours")), *ColourFamily.choices]

    def asked(self) -> GalleryFilter:
        self.is_valid()
        read = self.cleaned_data
        return GalleryFilter(
            product=read.get("product") or "",
            colour=read.get("colour") or "",
            least=read.get("least"),
            most=read.get("most"),
            age=read.get("age") or "",
            order=read.get("order") or "new",
        )


class NamedForm(forms.Form):
    """Asks for a name to be shown, of who has none yet."""

    name = forms.CharField(
        label=_("Your name here"),
        max_length=LONGEST_NAME,
        help_text=_("Everybody sees it beside what you show. It need not be your own."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def __init__(self, *args: Any, contributor: Contributor | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contributor is not None:
            del self.fields["name"]


class PublishForm(NamedForm):
    title = forms.CharField(label=_("Title"), max_length=60)
    story = forms.CharField(
        label=_("What is special about it"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    idea = forms.ModelChoiceField(
        label=_("Made for the idea"), queryset=Idea.objects.none(), required=False
    )
    field_order = ("title", "story", "idea", "name")

    def __init__(self, *args: Any, ideas: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["idea"]
        choices.queryset = ideas
        if not ideas:
            del self.fields["idea"]


class CommentForm(NamedForm):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("text", "name")


class IdeaForm(NamedForm):
    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(
        label=_("What should be made, and for whom?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    product = forms.ChoiceField(label=_("About"), required=False)
    field_order = ("title", "text", "product", "name")

    def __init__(self, *args: Any, products: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["product"].choices = [("", _("Something new")), *products]


class IdeaFilterForm(forms.Form):
    stage = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("All stages")), *IdeaStage.choices]
    )
    product = forms.ChoiceField(label=_("Product"), required=False)
    order = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[("new", _("Newest first")), ("votes", _("Most voted first"))],
    )

    def __init__(self, sent: Any, products: Pairs) -> None:
        super().__init__(sent)
        fields: dict[str, Any] = self.fields
        fields["product"].choices = [("", _("All products")), *products]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


def person(user: object) -> User | None:
    """The one who is signed in, if anybody is."""
    return user if isinstance(user, User) else None
