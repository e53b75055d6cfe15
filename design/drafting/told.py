"""What a check found, each with file, line and a sentence: for the page and the command line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Literal

from cosmo.lib.documents import Document, PlacedProblem
from design.rules import ANY_TEXT, Feature, Model, with_unit
from design.rules.components import flat_features, flat_rules
from design.rules.findings import Finding

Severity = Literal["fault", "warning"]
FAULTS = frozenset({"void_model", "dead_option"})


@dataclass(frozen=True, slots=True)
class Told:
    """One finding with its place.

    Attributes:
        severity: A fault stands against publishing; a warning is worth a look.
        options: The options it is about, as texts; the ends of a run of parameter values.
        rules: Rules that cause it, none superfluous.
    """

    severity: Severity
    code: str
    file: str
    line: int
    column: int
    path: str
    sentence: str
    feature: str = ""
    options: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rule: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        path = f"{self.path}: " if self.path else ""
        return f"{where}: {self.severity}: {path}{self.sentence}"

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "options": list(self.options),
            "rules": list(self.rules),
        }


def told_problems(problems: Iterable[PlacedProblem]) -> Iterator[Told]:
    """Faults of the documents themselves."""
    for one in problems:
        place = one.place
        yield Told("fault", one.code, one.file, place.line, place.column, one.path, one.sentence)


def told_findings(offer: Document, model: Model, found: Sequence[Finding]) -> Iterator[Told]:
    """Findings about the rules, placed in the offer; a run of parameter values is told as one.

    What the document allows to be dead is not told, but what it allows without need is.
    """
    allowed = _allowed(offer.content, model)
    dead = [(one, _dead(model, one)) for one in found]
    to_tell = [one for one, about in dead if not about or not about <= set(allowed)]
    yield from _all_told(offer, model, to_tell)
    met = {entry for _, about in dead for entry in about}
    for entry, place in allowed.items():
        if entry not in met:
            yield _needless(offer, entry, place)


def _dead(model: Model, finding: Finding) -> set[tuple[str, str]]:
    """What a finding says is dead, as ``allow_dead`` would name it: a run has two ends and all
    between them.
    """
    feature = model.by_id.get(finding.feature)
    if finding.code != "dead_option" or feature is None:
        return set()
    first, last = finding.option, finding.until
    if isinstance(first, int) and isinstance(last, int):
        values: list[int | str] = [*range(first, last + 1, feature.step or 1)]
    else:
        values = [first]
    return {(feature.id, option_text(feature, value)) for value in values}


def _all_told(offer: Document, model: Model, found: Sequence[Finding]) -> Iterator[Told]:
    for key, group in groupby(found, key=lambda one: _run_of(model, one)):
        members = list(group)
        yield _told(offer, model, members if key else members[:1])
        if not key:
            for other in members[1:]:
                yield _told(offer, model, [other])


def _allowed(offer: Mapping[str, Any], model: Model) -> dict[tuple[str, str], int]:
    """(feature, option as it is told) to its number in the list of the document."""
    return {
        (entry["feature"], _as_told(model.by_id.get(entry["feature"]), str(option))): number
        for number, entry in enumerate(offer.get("allow_dead", ()))
        for option in entry["options"]
    }


def _as_told(feature: Feature | None, option: str) -> str:
    if feature is None or feature.kind != "parameter":
        return option
    try:
        return option_text(feature, feature.read(option))
    except ValueError:
        return option


def _needless(offer: Document, entry: tuple[str, str], number: int) -> Told:
    feature, option = entry
    sentence = f"{feature} = {option} is allowed to be dead, but it is not; take it off this list."
    problem = offer.problem(("allow_dead", number), "not_dead", sentence)
    place = problem.place
    return Told(
        severity="warning",
        code="not_dead",
        file=problem.file,
        line=place.line,
        column=place.column,
        path=problem.path,
        sentence=sentence,
        feature=feature,
        options=(option,),
    )


def _run_of(model: Model, finding: Finding) -> tuple[str, tuple[str, ...]] | None:
    feature = model.by_id.get(finding.feature)
    if finding.code != "dead_option" or feature is None or feature.kind != "parameter":
        return None
    return finding.feature, finding.rules


def _told(offer: Document, model: Model, members: Sequence[Finding]) -> Told:
    finding = members[0]
    feature = model.by_id.get(finding.feature)
    values = [one.option for one in members] + [one.until for one in members if one.until != ""]
    options = tuple(option_text(feature, value) for value in values) if feature else ()
    if len(options) > 2:
        options = (options[0], options[-1])
    path = _path_of(offer.content, finding)
    problem = offer.problem(path, finding.code, _sentence(finding, options))
    return Told(
        severity="fault" if finding.code in FAULTS else "warning",
        code=finding.code,
        file=problem.file,
        line=problem.place.line,
        column=problem.place.column,
        path=problem.path,
        sentence=problem.sentence,
        feature=finding.feature,
        options=options,
        rules=finding.rules,
        rule=finding.rule,
    )


def option_text(feature: Feature, option: str | int) -> str:
    """An option as the document writes it."""
    if feature.kind == "text":
        return "a text" if option == ANY_TEXT else "no text"
    if isinstance(option, int):
        return with_unit(feature.shown(option), feature.unit)
    return option


def _sentence(finding: Finding, options: tuple[str, ...]) -> str:
    rules = _listed(finding.rules)
    named = f"{finding.feature} = {' to '.join(options)}"
    match finding.code:
        case "void_model":
            return f"No design keeps {rules or 'the features'} together; change one of them."
        case "dead_option":
            return f"No design can have {named}: forbidden by {rules or 'the features'}."
        case "only_option":
            cause = f", by {rules}" if rules else ""
            return f"Every design has {named}{cause}; there is nothing to choose."
        case "redundant_rule":
            return f"{finding.rule} adds nothing{f' to {rules}' if rules else ''}; it can go."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def _path_of(offer: Mapping[str, Any], finding: Finding) -> tuple[str | int, ...]:
    if not finding.feature:
        first = finding.rule or (finding.rules[0] if finding.rules else "")
        return next((path for path, rule in flat_rules(offer) if rule["id"] == first), ("rules",))
    for path, feature in flat_features(offer):
        if feature["id"] == finding.feature:
            ids = [option["id"] for option in feature.get("options", ())]
            if finding.option in ids:
                return (*path, "options", ids.index(str(finding.option)))
            return path
    return ("features",)
