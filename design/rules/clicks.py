"""Clicks and answers as JSON lines, so that engines can be held against each other.

{"feature": "door", "option": "graphite"}   {"retract": "door"}   {"undo": true}   {}
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from cosmo.lib.errors import DomainError, Invalid
from cosmo.lib.expressions import suggestion

from .choices import check_option, shorten
from .conflict import Choice
from .features import Feature, Interval
from .session import Refused, Session

LONGEST = 1_000
"""Digits of a number; one that is longer is not written out to say that it is too large."""


class Clicks:
    """Reads clicks for one session and writes what each comes to."""

    def __init__(self, session: Session, uncounted: Sequence[str] = ()) -> None:
        self._session = session
        self._model = session.engine.model
        self._uncounted = uncounted

    def answers(self, lines: Iterable[str | bytes]) -> Iterator[dict[str, Any]]:
        """One answer a line; empty lines are passed over. A line that is no click changes nothing:
        its answer has ``error`` with line, code and sentence."""
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                refused = self._carry_out(_parsed(line))
            except DomainError as error:
                told = {"line": number, "code": error.code, "message": error.message}
                yield {"accepted": False, "error": told}
                continue
            yield self._accepted() if refused is None else self._refused(refused)

    def _carry_out(self, click: Mapping[str, Any]) -> Refused | None:
        if not click:
            return None
        if click.get("undo") is True and len(click) == 1:
            self._session.undo()
            return None
        if "retract" in click and set(click) <= {"retract", "option"}:
            feature = self._feature(click["retract"])
            option = click.get("option")
            self._session.retract(
                feature.id, None if option is None else self._option(feature, option)
            )
            return None
        if set(click) == {"feature", "option"}:
            feature = self._feature(click["feature"])
            return self._session.choose(feature.id, self._option(feature, click["option"]))
        sentence = (
            'A click is {"feature": ..., "option": ...}, {"retract": feature}, {"undo": true} or '
            f"{{}}, not one with {shorten(', '.join(sorted(click)))}."
        )
        raise Invalid("not_a_click", sentence)

    def _feature(self, name: object) -> Feature:
        if not isinstance(name, str):
            raise Invalid("not_a_click", f"A feature is named by a text, not by {_kind(name)}.")
        feature = self._model.by_id.get(name)
        if feature is None:
            shown = shorten(name)
            known = suggestion(shown, self._model.by_id)
            raise Invalid("unknown_feature", f"There is no feature '{shown}'.{known}")
        return feature

    def _option(self, feature: Feature, option: object) -> str | int:
        return check_option(feature, _text(option))

    def _accepted(self) -> dict[str, Any]:
        domains = self._session.domains()
        return {
            "accepted": True,
            "domains": {name: self._domain(name, domains[name]) for name in domains},
            "count": self._session.count(self._uncounted),
        }

    def _domain(self, name: str, domain: Any) -> object:
        feature = self._model.by_id[name]
        if isinstance(domain, Interval):
            limits = {"min": domain.minimum, "max": domain.maximum, "step": domain.step}
            return {key: _number(feature, value) for key, value in limits.items()}
        listed = [value for value in feature.domain if value in domain]
        return [_number(feature, v) if isinstance(v, int) else v for v in listed]

    def _refused(self, refused: Refused) -> dict[str, Any]:
        return {
            "accepted": False,
            "conflict": [self._choice(choice) for choice in refused.conflict.choices],
            "rules": list(refused.conflict.rules),
            "repairs": [[self._choice(c) for c in repair] for repair in refused.repairs],
        }

    def _choice(self, choice: Choice) -> dict[str, Any]:
        feature, option = self._model.by_id[choice.feature], choice.option
        shown = _number(feature, option) if isinstance(option, int) else option
        return {"feature": choice.feature, "option": shown}


def _parsed(line: str | bytes) -> Mapping[str, Any]:
    try:
        text = line.decode("utf-8-sig") if isinstance(line, bytes) else line
        click = json.loads(text, parse_float=Decimal)
    except InvalidOperation:
        raise Invalid("not_json", "This line has a number that is out of all reach.") from None
    except (ValueError, RecursionError) as error:
        raise Invalid("not_json", f"This line is not JSON: {str(error)[:120]}.") from None
    if not isinstance(click, dict):
        raise Invalid("not_a_click", f"A click is a JSON object, not {shorten(text.strip())}.")
    return click


def _text(option: object) -> str:
    if isinstance(option, bool):
        return "true" if option else "false"
    if isinstance(option, Decimal) and abs(option.adjusted()) > LONGEST:
        return f"{option:e}"  # written out it might fill the memory; no parameter goes so far
    if isinstance(option, int | str | Decimal):
        return f"{option:f}" if isinstance(option, Decimal) else str(option)
    raise Invalid("not_an_option", f"An option is a text or a number, not {_kind(option)}.")


def _kind(value: object) -> str:
    """What a JSON value is; its text may be endless."""
    if value is None or isinstance(value, float):  # NaN and Infinity, which JSON does not have
        return json.dumps(value)
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return kinds.get(type(value), "a number")


def _number(feature: Feature, value: int) -> int | float:
    """As people write it; one or two decimals survive JSON's numbers."""
    return float(feature.shown(value)) if feature.decimals else value
