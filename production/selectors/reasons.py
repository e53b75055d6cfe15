"""Reason codes of lines, in words a customer understands (docs/line-protocol.md, section 6)."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KNOWN: dict[str, str | Promise] = {
    "material_missing": gettext_lazy("a component is on its way to the station"),
    "tool_worn": gettext_lazy("a tool is being changed"),
    "sensor_fault": gettext_lazy("the station is being checked"),
    "rework": gettext_lazy("something was not good enough and is being put right"),
    "scrap": gettext_lazy("it was not good enough for you"),
    "held_by_order": gettext_lazy("held by the plant"),
    "aborted_by_order": gettext_lazy("stopped by the plant"),
    "line_forgot": gettext_lazy("somebody is looking at where it stands"),
}
FINDINGS: dict[str, str | Promise] = {
    "scratch": gettext_lazy("Scratch"),
    "gap": gettext_lazy("Gap out of tolerance"),
    "colour": gettext_lazy("Colour deviates"),
    "fit": gettext_lazy("A part did not fit"),
    "function": gettext_lazy("A function failed"),
}
# Why a promise cannot be kept, as whole sentences.
SLIPS: dict[str, str | Promise] = {
    "breakdown": gettext_lazy("A machine that makes it has broken down and is being repaired."),
    "material": gettext_lazy("A component that it needs arrives later than we were told."),
    "line_silent": gettext_lazy(
        "We have lost contact with the line and cannot tell when it goes on."
    ),
    "quality": gettext_lazy("It was not good enough for you, so we make it again or put it right."),
    "overload": gettext_lazy("More has to be made than the plant can do by that day."),
}


def reason_text(facts: Mapping[str, Any]) -> str:
    """What we know in the reader's language, else what the line wrote."""
    known = KNOWN.get(str(facts.get("reason", "")))
    return str(known or facts.get("text") or _("for a reason the line did not give"))


def finding_text(finding: Mapping[str, Any]) -> str:
    known = FINDINGS.get(str(finding.get("code", "")))
    return str(known or finding.get("text") or finding.get("code", ""))


def slip_text(cause: str) -> str:
    """Why a unit is late, in the reader's language."""
    return str(SLIPS[cause])
