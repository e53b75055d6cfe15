"""Findings and changes in the reader's language. Ids stay as the document writes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from design.models import DraftCheck
from design.selectors.change_names import NOTHING, Names


@dataclass(frozen=True, slots=True)
class SaidFinding:
    """One finding on the page, with the line it leads to.

    Attributes:
        allowance: What the offer says where a dead option is meant; "" for other findings.
    """

    severity: str
    sentence: str
    file: str
    line: int
    column: int
    path: str
    allowance: str = ""


@dataclass(frozen=True, slots=True)
class SaidChange:
    """One difference on the page."""

    area: str
    act: str
    sentence: str
    before: str
    after: str


def said_findings(check: DraftCheck) -> list[SaidFinding]:
    """Faults first, each group by file and line."""
    rows = sorted(check.findings, key=lambda row: (row["severity"], row["file"], row["line"]))
    return [said_finding(row) for row in rows]


def said_finding(row: Mapping[str, Any]) -> SaidFinding:
    return SaidFinding(
        severity=row["severity"],
        sentence=_finding_sentence(row),
        file=row["file"],
        line=row["line"],
        column=row["column"],
        path=row["path"],
        allowance=_allowance(row) if row["code"] == "dead_option" else "",
    )


def _allowance(row: Mapping[str, Any]) -> str:
    entry = f"{{feature: {row['feature']}, options: {json.dumps(list(row['options']))}}}"
    return f"allow_dead: [{entry}]"


def _finding_sentence(row: Mapping[str, Any]) -> str:
    rules = listed(row["rules"])
    facts = {"rules": rules, "what": f"{row['feature']} = {_span(row['options'])}"}
    match row["code"]:
        case "void_model":
            return _("No design keeps %(rules)s together. Change one of them.") % facts
        case "dead_option" if rules:
            return _("Nobody can choose %(what)s: forbidden by %(rules)s.") % facts
        case "dead_option":
            return _("Nobody can choose %(what)s.") % facts
        case "only_option" if rules:
            return _("Every design has %(what)s, by %(rules)s; there is nothing to choose.") % facts
        case "only_option":
            return _("Every design has %(what)s; there is nothing to choose.") % facts
        case "not_dead":
            return _("%(what)s is allowed to be dead, but it is not. Take it off the list.") % facts
        case "redundant_rule" if rules:
            facts["rule"] = row["rule"]
            return _("%(rule)s adds nothing to %(rules)s; it can go.") % facts
        case "redundant_rule":
            return _("%(rule)s adds nothing; it can go.") % {"rule": row["rule"]}
        case _:
            return str(row["sentence"])


def listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _span(options: Sequence[str]) -> str:
    return (
        _("%(low)s to %(high)s") % {"low": options[0], "high": options[-1]}
        if (len(options) > 1)
        else "".join(options)
    )


def said_changes(check: DraftCheck, names: Names = NOTHING) -> list[tuple[str, list[SaidChange]]]:
    """The differences to what is published, by what they are about: (heading, changes)."""
    groups: dict[str, list[SaidChange]] = {}
    for row in check.difference:
        groups.setdefault(_heading(row["area"]), []).append(_said_change(row, names))
    return list(groups.items())


def _heading(area: str) -> str:
    return {
        "fact": _("Product"),
        "feature": _("Features and options"),
        "option": _("Features and options"),
        "rule": _("Rules"),
        "base": _("Prices"),
        "price": _("Prices"),
        "preset": _("Presets and tests"),
        "test": _("Presets and tests"),
        "shape": _("Shape"),
        "language": _("Words"),
        "text": _("Words"),
        "component": _("How it is made"),
        "operation": _("How it is made"),
    }[area]


def _said_change(row: Mapping[str, str], names: Names) -> SaidChange:
    return SaidChange(
        area=row["area"],
        act=row["act"],
        sentence=_change_sentence(row, names),
        before=row["before"],
        after=row["after"],
    )


def _change_sentence(row: Mapping[str, str], names: Names) -> str:
    area, act, inside = row["area"], row["act"], row["inside"]
    facts = {
        "name": names.label(area, row["name"], inside),
        "inside": names.feature(inside) if area == "option" else inside,
    }
    sentences = {
        ("feature", "added"): _("%(name)s is a new question."),
        ("feature", "removed"): _("%(name)s is asked no more."),
        ("feature", "changed"): _("%(name)s is asked differently."),
        ("option", "added"): _("%(inside)s has a new option %(name)s."),
        ("option", "removed"): _("%(inside)s loses the option %(name)s."),
        ("option", "changed"): _("%(inside)s: the option %(name)s changed."),
        ("rule", "added"): _("Rule %(name)s is new."),
        ("rule", "removed"): _("Rule %(name)s is gone."),
        ("rule", "changed"): _("Rule %(name)s says something else."),
        ("base", "changed"): _("The base price moved."),
        ("price", "added"): _("Price line %(name)s is new."),
        ("price", "removed"): _("Price line %(name)s is gone."),
        ("price", "changed"): _("Price line %(name)s changed."),
        ("preset", "added"): _("Preset %(name)s is new."),
        ("preset", "removed"): _("Preset %(name)s is gone."),
        ("preset", "changed"): _("Preset %(name)s changed."),
        ("test", "added"): _("A test is new."),
        ("test", "removed"): _("A test is gone."),
        ("shape", "added"): _("Part %(name)s is new."),
        ("shape", "removed"): _("Part %(name)s is gone."),
        ("shape", "changed"): _("Part %(name)s changed."),
        ("language", "added"): _("The language %(name)s is new."),
        ("language", "removed"): _("The language %(name)s is gone."),
        ("text", "added"): _("New words in %(inside)s: %(name)s."),
        ("text", "removed"): _("Words gone in %(inside)s: %(name)s."),
        ("text", "changed"): _("Other words in %(inside)s: %(name)s."),
        ("component", "added"): _("Component %(name)s is new."),
        ("component", "removed"): _("Component %(name)s is needed no more."),
        ("component", "changed"): _("Component %(name)s is needed differently."),
        ("operation", "added"): _("Operation %(name)s is new."),
        ("operation", "removed"): _("Operation %(name)s is gone."),
        ("operation", "changed"): _("Operation %(name)s changed."),
    }
    return sentences.get((area, act), _("%(name)s changed.")) % facts
