"""The configurator engine (PURE): which options go together, why not, and what completes a design.

    >>> engine = Engine(Model.from_document(document))
    >>> choices = check_choices(engine.model, {"width": ["w700"], "colour": ["graphite"]})
    >>> engine.domains(choices)["water"]
    frozenset({'none', 'mains'})

``check_choices`` first for anything from outside; the other functions trust their arguments.
"""

from .answer_table import Domain
from .choices import ChoiceError, check_choices, check_selection, check_text
from .clicks import Clicks
from .combinations import answers
from .components import FITTED, flat_document
from .conflict import Choice, Conflict, Contradiction, TextNeeded
from .coverage import first_fault
from .diagram import DRAWING, Caps, Diagram, StoredDiagramInvalid, unpacked
from .engine import Domains, Engine
from .features import (
    ANY_TEXT,
    NONE,
    Choices,
    ChoiceValue,
    Feature,
    FeatureKind,
    Including,
    Interval,
    Option,
    Selection,
    with_unit,
)
from .first_answers import FirstAnswersInvalid
from .model import Model, scope_of, violations
from .redundant import changes_count
from .rule import Rule, Table
from .selection import canonical, selection_hash
from .session import Refused, Session

__all__ = [
    "ANY_TEXT",
    "DRAWING",
    "FITTED",
    "NONE",
    "Caps",
    "Choice",
    "ChoiceError",
    "ChoiceValue",
    "Choices",
    "Clicks",
    "Conflict",
    "Contradiction",
    "Diagram",
    "Domain",
    "Domains",
    "Engine",
    "Feature",
    "FeatureKind",
    "FirstAnswersInvalid",
    "Including",
    "Interval",
    "Model",
    "Option",
    "Refused",
    "Rule",
    "Selection",
    "Session",
    "StoredDiagramInvalid",
    "Table",
    "TextNeeded",
    "answers",
    "canonical",
    "changes_count",
    "check_choices",
    "check_selection",
    "check_text",
    "first_fault",
    "flat_document",
    "scope_of",
    "selection_hash",
    "unpacked",
    "violations",
    "with_unit",
]
