"""What a writer says: every answer a proposition with a name, every rule a formula over them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from design.rules.combinations import TooManyCombinations, Variables
from design.rules.features import ANY_TEXT, MAX_STEPS, NONE, Feature
from design.rules.formula import Formula
from design.rules.model import Model
from design.rules.translate import Translator

from .errors import FileModelError, printable


@dataclass(frozen=True, slots=True)
class Statements:
    """A model as named propositions.

    Attributes:
        names: What stands behind each number from 1 on: features and ``feature=option``.
        own: With parents, the number of each feature itself.
        variables: The literal of each answer, by feature.
        formulas: Every rule with what it asks; those of the structure have no id.
    """

    names: tuple[str, ...]
    own: Mapping[str, int]
    variables: Variables
    formulas: tuple[tuple[str, Formula], ...]


def is_boolean(feature: Feature) -> bool:
    """Whether it is a feature of a Boolean model: chosen or not."""
    return feature.kind == "choice" and set(feature.option_ids) == {"true", "false"}


def read_statements(model: Model, *, with_parents: bool) -> Statements:
    """Number the answers of a model and translate its rules.

    Args:
        with_parents: Every feature has a proposition of its own beside those of its options, and
            ``none`` is its absence. Otherwise there is one an option and nothing else.

    Raises:
        FileModelError: a feature or rule cannot be said in propositions, or two get one name.
    """
    names = _Names()
    own: dict[str, int] = {}
    variables: dict[str, dict[str | int, int]] = {}
    for feature in model.features:
        if with_parents or is_boolean(feature) or feature.kind == "text":
            own[feature.id] = names.new(feature.id)
        variables[feature.id] = dict(_answers(feature, own.get(feature.id), names))
    return Statements(tuple(names.numbers), own, variables, tuple(_formulas(model, variables)))


class _Names:
    """Names numbered from 1, each only once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def new(self, name: str) -> int:
        if name in self.numbers:
            raise unwritable(name, f"'{printable(name)}' would stand for two things; rename one.")
        self.numbers[name] = len(self.numbers) + 1
        return self.numbers[name]


def unwritable(text: str, sentence: str) -> FileModelError:
    return FileModelError("not_writable", 0, text, sentence)


def _answers(feature: Feature, own: int | None, names: _Names) -> Iterator[tuple[str | int, int]]:
    """The literal of each answer."""
    if feature.is_scaled:
        sentence = (
            f"'{printable(feature.id)}' has {len(feature.numbers):,} values; at most {MAX_STEPS} "
            "can be written one by one. Use a coarser step."
        )
        raise unwritable(feature.id, sentence)
    if own and is_boolean(feature):
        yield from (("true", own), ("false", -own))
    elif own and feature.kind == "text":
        yield ANY_TEXT, own
    else:
        for value in feature.domain:
            if own and value == NONE and feature.kind == "choice":
                yield value, -own
            else:
                yield value, names.new(f"{feature.id}={shown(feature, value)}")


def shown(feature: Feature, value: str | int) -> str:
    """An answer as it stands in a file."""
    return feature.shown(value) if isinstance(value, int) else value


def _formulas(model: Model, variables: Variables) -> Iterator[tuple[str, Formula]]:
    translator = Translator(model.by_id, variables)
    for rules, is_named in ((model.structure, False), (model.rules, True)):
        for rule in rules:
            try:
                formula = translator.rule(rule)
            except TooManyCombinations as error:
                raise unwritable(rule.id, f"Rule {printable(rule.id)}: {error}") from error
            yield rule.id if is_named else "", formula
