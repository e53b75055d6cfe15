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


def reason_text(facts: Mapping[str, Any]) -> str:
    """What we know in the reader's language, else what the line wrote."""
    known = KNOWN.get(str(facts.get("reason", "")))
    return str(known or facts.get("text") or _("for a reason the line did not give"))


def finding_text(finding: Mapping[str, Any]) -> str:
    known = FINDINGS.get(str(finding.get("code", "")))
    return str(known or finding.get("text") or finding.get("code", ""))
