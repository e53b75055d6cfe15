"""The studio's state lives in the address: every answer, and which of them were given by a person.

``?width=w830&colour=sage&by=colour,width``: ``by`` names the answers a person gave, oldest first;
the others are kept where they still fit. Without ``by`` every answer counts as given. A page's form
sends the address it was made from as ``was``, so that the server sees what changed, with JavaScript
or without. No session, no row: reload, Back and a sent link all come to the same design.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict

from design.compile import CompiledOffer
from design.rules import (
    ChoiceError,
    Choices,
    ChoiceValue,
    Conflict,
    Feature,
    Selection,
    TextNeeded,
    check_choices,
)

LONGEST_ADDRESS = 4000  # characters of a query that are read


@dataclass(frozen=True, slots=True)
class Blocked:
    """An answer that was asked for and cannot be had as things are.

    Attributes:
        conflict: The earlier choices and the rules that stand against it.
        anyway: The choices that would remain if it were taken nevertheless, newest last.
        given_up: Earlier choices that would have to go for it.
    """

    feature: str
    answer: ChoiceValue
    option: str | int
    conflict: Conflict | None
    anyway: Choices
    given_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudioState:
    """What the address (and a form sent from it) says.

    Attributes:
        choices: Answers a person gave, oldest first; free of contradictions.
        prefer: All answers before, kept where they fit.
        before: The address before a change; "" when nothing was changed.
        blocked: What was asked for and cannot be had.
        refused: Sentences about answers that are no answers (an old link, a typed address).
    """

    choices: Choices
    prefer: Selection
    before: str = ""
    changed: tuple[str, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    refused: tuple[str, ...] = field(default=())


def read_state(compiled: CompiledOffer, query: QueryDict) -> StudioState:
    """The state an address or a sent form describes; never raises for what people can send."""
    if "was" not in query:
        answers, refused = _answers(compiled, query, _given_features(compiled, query))
        given = [name for name in _by(compiled, query, answers) if name in answers]
        choices = {name: answers[name] for name in given}
        if not compiled.engine.is_valid(choices):  # an address typed or grown old
            choices = dict(compiled.engine.keep_newest(choices)[0])
        return StudioState(choices=choices, prefer=answers, refused=refused)
    was = str(query.get("was", ""))[:LONGEST_ADDRESS]
    start = read_state(compiled, _without_was(QueryDict(was)))
    return _changed_state(compiled, query, start, was)


def _without_was(query: QueryDict) -> QueryDict:
    plain = query.copy()
    plain.pop("was", None)
    return plain


def _given_features(compiled: CompiledOffer, query: QueryDict) -> list[str]:
    known = compiled.model.by_id
    return [name for name in query if name in known]


def _by(compiled: CompiledOffer, query: QueryDict, answers: Mapping[str, object]) -> list[str]:
    if "by" not in query:
        return list(answers)
    return list(
        dict.fromkeys(name for name in str(query.get("by", "")).split(",") if name in answers)
    )


def _answers(
    compiled: CompiledOffer, query: QueryDict, names: Sequence[str]
) -> tuple[dict[str, ChoiceValue], tuple[str, ...]]:
    answers: dict[str, ChoiceValue] = {}
    refused = []
    for name in names:
        try:
            answers.update(check_choices(compiled.model, {name: query.getlist(name)}))
        except ChoiceError as error:
            refused.append(error.message)
    return answers, tuple(refused)


def _changed_state(
    compiled: CompiledOffer, query: QueryDict, start: StudioState, before: str
) -> StudioState:
    """The state after a form: what differs from before becomes the newest choice, if it can."""
    shown = dict(_full(compiled, start))
    sent, refused = _answers(compiled, query, _sent_features(compiled, query))
    changed = [name for name, answer in sent.items() if answer != shown.get(name)]
    choices = dict(start.choices)
    blocked = []
    for name in changed:
        wished = {key: value for key, value in choices.items() if key != name} | {name: sent[name]}
        if compiled.engine.is_valid(wished):
            choices = wished
        else:
            blocked.append(_blocked(compiled, choices, compiled.model.by_id[name], sent[name]))
    return StudioState(
        choices=choices,
        prefer=shown,
        before=before,
        changed=tuple(name for name in changed if choices.get(name) == sent[name]),
        blocked=tuple(blocked),
        refused=refused,
    )


def _sent_features(compiled: CompiledOffer, query: QueryDict) -> list[str]:
    """A form sends every feature; a multi-select with nothing chosen sends only its marker."""
    return [f.id for f in compiled.model.features if f.id in query]


def _full(compiled: CompiledOffer, state: StudioState) -> Selection:
    try:
        return compiled.engine.complete(state.choices, state.prefer)
    except TextNeeded:
        return {**compiled.model.defaults, **state.prefer, **state.choices}


def _blocked(
    compiled: CompiledOffer, choices: Choices, feature: Feature, answer: ChoiceValue
) -> Blocked:
    option = _asked_option(choices, feature, answer)
    conflict = None
    if option != "":
        conflict = compiled.engine.explain(choices, feature.id, option)
    wished = {key: value for key, value in choices.items() if key != feature.id}
    kept, dropped = compiled.engine.keep_newest({**wished, feature.id: answer})
    return Blocked(
        feature=feature.id,
        answer=answer,
        option=option,
        conflict=conflict,
        anyway=kept,
        given_up=tuple(dict.fromkeys(c.feature for c in dropped if c.feature != feature.id)),
    )


def _asked_option(choices: Choices, feature: Feature, answer: ChoiceValue) -> str | int:
    """The option a click asked for; of a multi-select, the one that was added."""
    if feature.kind == "text":
        return ""
    if not isinstance(answer, tuple):
        return answer
    before = choices.get(feature.id, feature.default)
    added = [option for option in answer if option not in (before or ())]  # type: ignore[operator]
    return added[0] if added else ""


def address(compiled: CompiledOffer, choices: Choices, selection: Selection) -> str:
    """The query of this state: given answers, and completed ones that differ from the default."""
    pairs: list[tuple[str, str]] = []
    for feature in compiled.model.features:
        answer = selection[feature.id]
        if feature.id not in choices and answer == compiled.model.defaults.get(feature.id):
            continue
        values = answer if isinstance(answer, tuple) else (answer,)
        pairs += [(feature.id, str(value)) for value in values] or [(feature.id, "")]
    if not pairs:
        return ""
    return urlencode([*pairs, ("by", ",".join(choices))])
