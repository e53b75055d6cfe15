"""The constraints of a UVL file, from words to trees.

From loose to tight: ``<=>``, ``=>``, ``|``, ``&``, ``!``, comparisons, ``+ -``, ``* /``. Equal
operators group from the left, ``=>`` too, as in the published grammar of the language.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from cosmo.lib.expressions import suggestion
from cosmo.lib.expressions.tree import Node

from .errors import FileModelError, printable
from .nodes import chosen, implied, joined, negated
from .uvl_attributes import read_number
from .uvl_features import FeatureTree, UvlFeature
from .uvl_linear import LARGEST, Linear, TooLarge
from .uvl_lines import Word
from .uvl_words import Words

MAX_DEPTH = 60
MAX_PARTS = 200_000
_SUGGEST_UP_TO = 20_000
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_REFUSED = {
    "avg": "avg() is not a sum; compare sum() with a number",
    "len": "len() belongs to texts, which cannot be read",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """A part that is true or false. ``parts`` bounds the size of its tree, ``depth`` is exact."""

    node: Node
    parts: int = 1
    depth: int = 1


def read_constraint(words: Sequence[Word], tree: FeatureTree) -> Node:
    """The tree of one constraint.

    Raises:
        FileModelError: it cannot be read, or names what is not there.
    """
    return _Reader(Words(words), tree).read()


class _Reader:
    def __init__(self, words: Words, tree: FeatureTree) -> None:
        self._words = words
        self._tree = tree
        self._brackets = 0

    def read(self) -> Node:
        found = self._truth(self._equivalence())
        self._words.require_end()
        return found.node

    def _refusal(self, code: str, text: str, sentence: str, line: int = 0) -> FileModelError:
        return FileModelError(code, line or self._words.line, text, sentence)

    # Truths, loosest first.

    def _equivalence(self) -> Truth | Linear:
        left = self._implication()
        while self._words.take_sign("<=>"):
            one, other = self._truth(left), self._truth(self._implication())
            both = (implied(one.node, other.node), implied(other.node, one.node))
            left = self._built(joined("and", both), (one, other), factor=2)
        return left

    def _implication(self) -> Truth | Linear:
        left = self._several("|", "or", self._conjunction)
        while self._words.take_sign("=>"):
            when = self._truth(left)
            then = self._truth(self._several("|", "or", self._conjunction))
            left = self._built(implied(when.node, then.node), (when, then))
        return left

    def _conjunction(self) -> Truth | Linear:
        return self._several("&", "and", self._negation)

    def _several(
        self, sign: str, operator: str, read: Callable[[], Truth | Linear]
    ) -> Truth | Linear:
        first = read()
        if self._words.next is None or not self._words.next.is_sign(sign):
            return first
        parts = [self._truth(first)]
        while self._words.take_sign(sign):
            parts.append(self._truth(read()))
        return self._built(joined(operator, [part.node for part in parts]), parts)

    def _negation(self) -> Truth | Linear:
        is_negated, is_asked = False, False
        while self._words.take_sign("!"):
            is_negated, is_asked = not is_negated, True
        found = self._comparison()
        if not is_asked:
            return found
        truth = self._truth(found)
        return self._built(negated(truth.node), (truth,)) if is_negated else truth

    def _comparison(self) -> Truth | Linear:
        left = self._sum()
        sign = self._words.take_sign(*_COMPARISONS)
        if sign is None:
            return left
        difference = self._number(left).plus(self._number(self._sum()), -1)
        try:
            node = difference.compare_to_zero(sign.text)
        except TooLarge:
            sentence = f"The numbers of this comparison are beyond {LARGEST:,}, the largest."
            raise self._refusal("too_large", sign.text, sentence, sign.line) from None
        return Truth(node, 1 + 4 * len(difference.weights), 20)

    # Numbers.

    def _sum(self) -> Truth | Linear:
        left = self._product()
        while (sign := self._words.take_sign("+", "-")) is not None:
            right = self._number(self._product())
            left = self._small(self._number(left).plus(right, 1 if sign.text == "+" else -1))
        return left

    def _product(self) -> Truth | Linear:
        left = self._primary()
        while (sign := self._words.take_sign("*", "/")) is not None:
            one, other = self._number(left), self._number(self._primary())
            left = self._small(self._scaled(one, sign, other))
        return left

    def _scaled(self, one: Linear, sign: Word, other: Linear) -> Linear:
        if sign.text == "*" and other.weights:
            one, other = other, one
        if other.weights:
            sentence = (
                f"'{sign.text}' needs a number without sum() on one side; this is not linear."
            )
            if sign.text == "/":
                sentence = "Only numbers without sum() can stand below '/'; this is not linear."
            raise self._refusal("not_linear", sign.text, sentence, sign.line)
        if sign.text == "*":
            return one.times(other.constant)
        if not other.constant:
            raise self._refusal("division_by_zero", "/", "This divides by zero.", sign.line)
        return one.times(1 / other.constant)

    def _small(self, found: Linear) -> Linear:
        for number in (found.constant, *found.weights.values()):
            if max(abs(number.numerator), number.denominator) > LARGEST**2:
                sentence = f"The numbers of this constraint are beyond {LARGEST:,}, the largest."
                raise self._refusal("too_large", "", sentence)
        return found

    # What stands alone.

    def _primary(self) -> Truth | Linear:
        words = self._words
        if words.take_sign("("):
            return self._bracket()
        factor = 1
        while words.take_sign("-"):
            factor = -factor
        if factor < 0:
            return self._number(self._primary()).times(Fraction(-1))
        word = words.next
        if word is not None and word.kind == "number":
            return Linear(read_number(words), {})
        if word is not None and word.kind == "string":
            sentence = f"'{printable(word.text)}' is a text; constraints over texts cannot be read."
            raise self._refusal("text_in_constraint", word.text, sentence)
        following = words.after_next()
        if word is not None and following is not None and following.is_sign("("):
            return self._function(words.take())
        return self._reference()

    def _bracket(self) -> Truth | Linear:
        self._brackets += 1
        if self._brackets > MAX_DEPTH:
            sentence = f"The constraint is nested more than {MAX_DEPTH} deep."
            raise self._refusal("too_deep", "(", sentence)
        found = self._equivalence()
        self._words.require_sign(")")
        self._brackets -= 1
        return found

    def _function(self, word: Word) -> Linear:
        self._words.require_sign("(")
        if word.is_key("sum"):
            return self._total()
        if word.is_key("floor", "ceil"):
            found = self._number(self._reference())
            self._words.require_sign(")")
            whole = floor(found.constant) if word.text == "floor" else ceil(found.constant)
            return Linear(Fraction(whole), {})
        reason = _REFUSED.get(word.text, f"There is no function '{printable(word.text)}'")
        raise self._refusal("not_supported", word.text, f"{reason}.", word.line)

    def _total(self) -> Linear:
        """``sum(attribute)``, or with the feature it is to be taken below, in either order."""
        first = self._path()
        second = self._path() if self._words.take_sign(",") else None
        self._words.require_sign(")")
        below, attribute = self._told_apart(first, second) if second else self._whole(first)
        features: Iterable[UvlFeature] = self._tree.by_name.values()
        if below:
            features = self._tree.within(self._tree.by_name[below])
        weights = {
            feature.name: feature.attributes.numbers[attribute]
            for feature in features
            if attribute in feature.attributes.numbers
        }
        if not weights:
            place = f"'{printable(below)}' or below" if below else "any feature"
            known = suggestion(attribute, sorted(self._tree.numbers)[:_SUGGEST_UP_TO])
            sentence = f"There is no number '{printable(attribute)}' at {place}.{known}"
            raise self._refusal("unknown_attribute", attribute, sentence, first[0].line)
        return Linear(Fraction(), weights)

    def _whole(self, path: list[Word]) -> tuple[str, str]:
        """The attribute of ``sum(attribute)``, over all features."""
        return "", ".".join(word.text for word in path)

    def _told_apart(self, first: list[Word], second: list[Word]) -> tuple[str, str]:
        """The feature and the attribute of a sum over part of the tree."""
        one, other = (".".join(w.text for w in path) for path in (first, second))
        fits = [
            (feature, attribute)
            for feature, attribute in ((one, other), (other, one))
            if feature in self._tree.by_name and attribute in self._tree.numbers
        ]
        if len(fits) != 1:
            known = "both of them are" if fits else "neither of them is"
            sentence = (
                f"sum('{printable(one)}', '{printable(other)}') needs a feature and a number; "
                f"{known} one."
            )
            raise self._refusal("unknown_attribute", one, sentence, first[0].line)
        return fits[0]

    def _path(self) -> list[Word]:
        path = [self._words.require_name("a feature or an attribute")]
        while self._words.take_sign("."):
            path.append(self._words.require_name("the name of an attribute"))
        return path

    def _reference(self) -> Truth | Linear:
        first, *rest = self._path()
        feature = self._tree.by_name.get(first.text)
        if feature is None:
            names = self._tree.by_name if len(self._tree.by_name) <= _SUGGEST_UP_TO else ()
            known = suggestion(first.text, names)
            sentence = f"There is no feature '{printable(first.text)}'.{known}"
            raise self._refusal("unknown_feature", first.text, sentence, first.line)
        if not rest:
            return Truth(chosen(feature.name))
        attribute = ".".join(word.text for word in rest)
        if attribute in feature.attributes.numbers:
            return Linear(feature.attributes.numbers[attribute], {})
        known = suggestion(attribute, feature.attributes.numbers)
        kind = "attribute" if attribute not in feature.attributes.others else "number"
        sentence = f"'{printable(feature.name)}' has no {kind} '{printable(attribute)}'.{known}"
        raise self._refusal("unknown_attribute", attribute, sentence, first.line)

    # What fits where.

    def _truth(self, found: Truth | Linear) -> Truth:
        if isinstance(found, Truth):
            return found
        sentence = "A number stands where a feature or a comparison is expected."
        raise self._refusal("wrong_kind", "", sentence)

    def _number(self, found: Truth | Linear) -> Linear:
        if isinstance(found, Linear):
            return found
        sentence = (
            "A feature or a condition stands where a number is expected; "
            "an attribute is written feature.attribute."
        )
        raise self._refusal("wrong_kind", "", sentence)

    def _built(self, node: Node, parts: Sequence[Truth], factor: int = 1) -> Truth:
        size = 1 + factor * sum(part.parts for part in parts)
        depth = 2 + max(part.depth for part in parts)
        if size > MAX_PARTS or depth > 3 * MAX_DEPTH:
            sentence = "The constraint is too long or nested too deep; split it."
            raise self._refusal("too_deep", "", sentence)
        return Truth(node, size, depth)
