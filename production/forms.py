"""What planners type, checked at the border."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from production.lifecycle import DowntimeKind

LOCAL = "%Y-%m-%dT%H:%M"


class PlantTimeField(forms.DateTimeField):
    """A moment on the plant's clock, as its walls show it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(widget=widget, input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S"], **kwargs)
        self.zone: ZoneInfo | None = None

    def clean(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(self.zone)
        return value


class DowntimeForm(forms.Form):
    """A resource stands still."""

    resource = forms.ChoiceField(label=_("Resource"))
    kind = forms.ChoiceField(label=_("What it is"), choices=DowntimeKind.choices)
    starts_at = PlantTimeField(
        label=_("From"), required=False, help_text=_("Empty: from now on. Plant time.")
    )
    ends_at = PlantTimeField(label=_("Works again"), help_text=_("As expected. Plant time."))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        resources: Sequence[tuple[str, str]],
        zone: ZoneInfo,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        later = (now + timedelta(hours=4)).replace(minute=0, second=0, microsecond=0)
        super().__init__(*args, **{"initial": {"ends_at": later}, **kwargs})
        choice: Any = self.fields["resource"]
        choice.choices = resources
        for name in ("starts_at", "ends_at"):
            field: Any = self.fields[name]
            field.zone = zone
