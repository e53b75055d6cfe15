"""What an explanation is made of."""

from dataclasses import dataclass

from cosmo.lib.errors import DomainError


class Contradiction(DomainError):
    """Choices that no design satisfies. Code ``choices_conflict``."""

    def __init__(self) -> None:
        sentence = "These choices do not go together; take one of them back."
        super().__init__("choices_conflict", sentence)


class TextNeeded(DomainError):
    """The choices ask for a text that nobody has written yet. Code ``text_needed``."""

    def __init__(self, feature: str) -> None:
        sentence = f"The other choices need a text in '{feature}'; write one."
        super().__init__("text_needed", sentence, feature=feature)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer in an explanation. ``is_chosen`` is False for an option that was left out."""

    feature: str
    option: str | int
    is_chosen: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why an option is blocked.

    Attributes:
        choices: The earlier choices that together forbid it, none of them superfluous; oldest
            first. Empty when the option is impossible whatever is chosen.
        rules: Ids of the rules that say so, none of them superfluous. Empty when only the number
            of options a feature takes stands against it.
    """

    choices: tuple[Choice, ...]
    rules: tuple[str, ...]
