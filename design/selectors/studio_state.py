"""The studio's state lives in the address: every answer, and which of them were given by a person.

``?width=w830&colour=sage&by=colour,width``: ``by`` names the answers a person gave, oldest first;
the others are kept where they still fit. Without ``by`` every answer counts as given. A page's form
sends the address it was made from as ``was``, so that the server sees what changed, with JavaScript
or without; ``anyway`` names a changed answer that is wanted even where earlier ones must go.
No session, no row: reload, Back and a sent link all come to the same design.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from design.compile import CompiledOffer
from design.rules import (
    NONE,
    ChoiceError,
    Choices,
    ChoiceValue,
    Conflict,
    Feature,
    Selection,
    check_choices,
)
from design.selectors.configured import complete_for_show
from design.selectors.lettering import check_words
from design.selectors.wording import inner_features

LONGEST_ADDRESS = 4000  # characters of a query that are read
LONGEST_TEXT = 400  # characters that are given back to a field whose text is refused
NUMBER_FAULTS = frozenset({"not_a_number", "parameter_out_of_range", "parameter_between_steps"})


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
        changed: Features whose answer was changed by the form, as it was asked.
        blocked: What was asked for and cannot be had.
        refused: Answers that are no answers (an old link, a typed address).
        typed: Of refused texts and numbers, what was written: it stays in its field.
        replaced: The address of a whole design that this one took the place of, to go back to;
            None where none was replaced.
    """

    choices: Choices
    prefer: Selection
    before: str = ""
    changed: tuple[str, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    refused: tuple[ChoiceError, ...] = field(default=())
    typed: Mapping[str, str] = field(default_factory=dict)
    replaced: str | None = None


def read_state(compiled: CompiledOffer, query: QueryDict) -> StudioState:
    """The state an address or a sent form describes; never raises for what people can send."""
    if "was" in query:
        was = str(query.get("was", ""))[:LONGEST_ADDRESS]
        return _changed_state(compiled, query, _read_address(compiled, QueryDict(was)), was)
    state = _read_address(compiled, query)
    if "instead" in query:
        return replace(state, replaced=str(query.get("instead", ""))[:LONGEST_ADDRESS])
    return state


def _read_address(compiled: CompiledOffer, query: QueryDict) -> StudioState:
    known = compiled.model.by_id
    answers, refused = _answers(compiled, query, [name for name in query if name in known])
    choices: Choices = {name: answers[name] for name in _by(query, answers)}
    if not compiled.engine.is_valid(choices):  # an address typed or grown old
        choices, _dropped = compiled.engine.keep_newest(choices)
    typed = _typed(query, refused)
    return StudioState(choices=choices, prefer=answers, refused=refused, typed=typed)


def _by(query: QueryDict, answers: Mapping[str, object]) -> list[str]:
    if "by" not in query:
        return list(answers)
    return list(
        dict.fromkeys(name for name in str(query.get("by", "")).split(",") if name in answers)
    )


def _answers(
    compiled: CompiledOffer, query: QueryDict, names: Sequence[str]
) -> tuple[dict[str, ChoiceValue], tuple[ChoiceError, ...]]:
    answers: dict[str, ChoiceValue] = {}
    refused = []
    for name in names:
        try:
            checked = check_choices(compiled.model, {name: _values(compiled, query, name)})
            feature = compiled.model.by_id[name]
            if feature.kind == "text":
                check_words(compiled, feature, str(checked[name]))
            answers.update(checked)
        except ChoiceError as error:
            refused.append(error)
    return answers, tuple(refused)


def _typed(query: QueryDict, refused: Sequence[ChoiceError]) -> dict[str, str]:
    """What was written in fields whose text or number is refused; what no field can show is taken
    out.
    """
    written = {
        error.feature: str(query.get(error.feature, ""))[:LONGEST_TEXT]
        for error in refused
        if error.code.startswith("text_") or error.code in NUMBER_FAULTS
    }
    return {
        name: "".join(sign for sign in text if sign.isprintable()) for name, text in written.items()
    }


def _values(compiled: CompiledOffer, query: QueryDict, name: str) -> list[str]:
    """What was sent for a feature; check boxes come with an empty marker, for when none is set.

    The same boxes are the same answer, in whatever order they were written.
    """
    values = query.getlist(name)
    feature = compiled.model.by_id[name]
    if feature.kind != "multi":
        return values
    place = {option: number for number, option in enumerate(feature.option_ids)}
    return sorted((v for v in values if v), key=lambda v: place.get(v, len(place))) or [""]


def _changed_state(
    compiled: CompiledOffer, query: QueryDict, start: StudioState, before: str
) -> StudioState:
    """The state after a form: what differs from before becomes the newest choice, if it can."""
    shown = _shown(compiled, start)
    sent, refused = _answers(
        compiled, query, [f.id for f in compiled.model.features if f.id in query]
    )
    changed = [name for name, answer in sent.items() if answer != shown.get(name)]
    choices, prefer = dict(start.choices), dict(shown)
    blocked = []
    for name in changed:
        feature = compiled.model.by_id[name]
        if choices.get(feature.component) == NONE:  # it has just gone with all that is in it
            continue
        # A component that comes or goes takes the answers inside it along.
        inner = inner_features(compiled.model, name)
        free = _without(choices, inner)
        others = _without(free, {name})
        wished: Choices = {**others, name: sent[name]}
        if _is_cleared(feature, sent[name]):
            choices = others
            prefer.pop(name, None)
        elif compiled.engine.is_valid(wished):
            choices, prefer = dict(wished), _without(prefer, inner)
        elif query.get("anyway") == name:
            choices = dict(compiled.engine.keep_newest(wished)[0])
            prefer = _without(prefer, inner)
        else:
            blocked.append(_blocked(compiled, free, feature, sent[name]))
    refusing = {b.feature for b in blocked}
    return StudioState(
        choices=choices,
        prefer=prefer,
        before=before,
        changed=tuple(name for name in changed if name not in refusing),
        blocked=tuple(blocked),
        refused=(*start.refused, *refused),
        typed={**start.typed, **_typed(query, refused)},
    )


def _without(answers: Mapping[str, ChoiceValue], names: Collection[str]) -> dict[str, ChoiceValue]:
    return {name: answer for name, answer in answers.items() if name not in names}


def _is_cleared(feature: Feature, answer: ChoiceValue) -> bool:
    """A text taken away is no answer any more, rather than a wish to have none."""
    return feature.kind == "text" and answer == "" and feature.default == ""


def _shown(compiled: CompiledOffer, state: StudioState) -> Selection:
    """What the page at that address shows in its form."""
    selection, missing_text = complete_for_show(compiled, state.choices, state.prefer)
    return {**selection, missing_text: ""} if missing_text else selection


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
    """The query of this state: given answers, and completed ones that differ from the default.

    ``selection`` may lack a text that is still to be written.
    """
    pairs: list[tuple[str, str]] = []
    for feature in compiled.model.features:
        answer = selection.get(feature.id)
        if answer is None:
            continue
        if feature.id not in choices and answer == compiled.model.defaults.get(feature.id):
            continue
        pairs += answer_pairs(feature, answer)
    if not pairs:
        return ""
    return urlencode([*pairs, ("by", ",".join(choices))])


def answer_pairs(feature: Feature, answer: ChoiceValue) -> list[tuple[str, str]]:
    """An answer as an address writes it: numbers as people do."""
    if feature.kind == "parameter" and isinstance(answer, int):
        return [(feature.id, feature.shown(answer))]
    values = answer if isinstance(answer, tuple) else (answer,)
    return [(feature.id, str(value)) for value in values] or [(feature.id, "")]


def anyway_address(here: str, feature: Feature, blocked: Blocked) -> str:
    """Where "choose it anyway" leads: from ``here``, with the answer that is wanted most."""
    pairs = answer_pairs(feature, blocked.answer)
    return urlencode([("was", here), *pairs, ("anyway", blocked.feature)])
