"""UVL, the Universal Variability Language: its Boolean level, and sums of its arithmetic level.

Every feature is chosen or not. A chosen feature's parent is chosen, the root always is; groups say
how many of their features a chosen parent takes. ``sum()`` counts an attribute where its feature
is chosen; ``feature.attribute`` by itself is the number that stands in the file.
"""

from collections.abc import Callable, Sequence

from cosmo.lib.expressions.tree import Literal, Node
from design.rules.model import Model

from .errors import FileModelError, printable
from .file_model import FileModel, Rules, boolean_feature
from .nodes import at_most_one, chosen, compared, implied, joined, unchosen, weighted_sum
from .uvl_constraint import read_constraint
from .uvl_features import FeatureTree, UvlFeature, UvlGroup
from .uvl_lines import Line, read_lines
from .uvl_words import Words

_SECTIONS = ("namespace", "include", "imports", "features", "constraints")
_LEVELS = frozenset(
    {
        "Boolean", "Boolean.*", "Boolean.group-cardinality",
        "Arithmetic", "Arithmetic.*", "Arithmetic.aggregate-function",
        "SAT-level", "SAT-level.group-cardinality", "SMT-level", "SMT-level.aggregate-function",
    }
)  # fmt: skip
_SOURCE = 200


def read_uvl(text: str, name: str) -> FileModel:
    """Read a model from the text of a UVL file.

    Raises:
        FileModelError: with the line of the first fault, or of what is not understood.
    """
    sections = _split(read_lines(text))
    for line in sections.get("include", [])[1:]:
        _check_level(line)
    if len(sections.get("imports", [])) > 1:
        line = sections["imports"][1]
        sentence = f"`{printable(line.text)}` brings in another file; join the files into one."
        raise FileModelError("imports", line.number, line.text, sentence)
    if "features" not in sections:
        raise FileModelError("no_features", 0, "", "There is no section 'features'.")
    header, *lines = sections["features"]
    tree = FeatureTree(header)
    for line in lines:
        tree.add(line)
    tree.finish()
    rules = Rules()
    _add_tree_rules(rules, tree)
    for line in _constraint_lines(sections):
        rules.add(line.number, read_constraint(line.words, tree), line.text[:_SOURCE])
    features = tuple(boolean_feature(feature) for feature in tree.by_name)
    return FileModel(name, Model(features, tuple(rules.rules)), frozenset())


def _split(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The lines of each section, its heading first."""
    sections: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for line in lines:
        word = line.words[0]
        if line.indent and current is not None:
            current.append(line)
            continue
        if not word.is_key(*_SECTIONS):
            listed = ", ".join(_SECTIONS)
            sentence = f"'{printable(word.text)}' begins no section; there are {listed}."
            raise FileModelError("unknown_section", line.number, word.text, sentence)
        if word.text in sections:
            sentence = f"A second section '{word.text}'; write it once."
            raise FileModelError("second_section", line.number, word.text, sentence)
        _check_heading(line)
        current = sections[word.text] = [line]
    return sections


def _check_heading(line: Line) -> None:
    words = Words(line.words)
    if words.take().text == "namespace":
        words.require_name("the name of the model")
        while words.take_sign("."):
            words.require_name("the name of the model")
    words.require_end()


def _check_level(line: Line) -> None:
    level = "".join(word.text for word in line.words)
    if level not in _LEVELS:
        listed = "Boolean, Boolean.group-cardinality, Arithmetic and Arithmetic.aggregate-function"
        sentence = f"Language level '{printable(level)}' cannot be read; these can: {listed}."
        raise FileModelError("language_level", line.number, level, sentence)


def _constraint_lines(sections: dict[str, list[Line]]) -> list[Line]:
    lines = sections.get("constraints", [])[1:]
    for line in lines:
        if line.indent != lines[0].indent:
            sentence = f"`{printable(line.text)}` is indented unlike the constraints before it."
            raise FileModelError("bad_indent", line.number, line.text, sentence)
    return lines


def _add_tree_rules(rules: Rules, tree: FeatureTree) -> None:
    root = tree.root
    rules.add(root.line, chosen(root.name), f"{root.name} is the root", (root.name,))
    for feature in tree.by_name.values():
        for group in feature.groups:
            for child in group.children:
                rules.add(
                    child.line,
                    implied(chosen(child.name), chosen(feature.name)),
                    f"{child.name} => {feature.name}",
                    (child.name, feature.name),
                )
            _GROUP_RULES.get(group.kind, _add_limits)(rules, feature, group)
        for words in feature.attributes.constraints:
            source = " ".join(word.text for word in words)[:_SOURCE]
            rules.add(words[0].line, read_constraint(words, tree), source)


def _add_mandatory(rules: Rules, parent: UvlFeature, group: UvlGroup) -> None:
    for child in group.children:
        tree = implied(chosen(parent.name), chosen(child.name))
        rules.add(child.line, tree, f"{parent.name} => {child.name}", (parent.name, child.name))


def _add_nothing(rules: Rules, parent: UvlFeature, group: UvlGroup) -> None:
    """An optional group leaves its features free."""


def _add_limits(rules: Rules, parent: UvlFeature, group: UvlGroup) -> None:
    names = [child.name for child in group.children]
    least, most = _limits(group)
    source = f"{parent.name}: {least} to {most} of {', '.join(names)}"[:_SOURCE]
    for tree in (_at_least(parent, names, least), _at_most(parent, names, most)):
        if not isinstance(tree, Literal):
            rules.add(group.line, tree, source)


def _limits(group: UvlGroup) -> tuple[int, int]:
    size = len(group.children)
    if group.kind in ("or", "alternative"):
        return 1, 1 if group.kind == "alternative" else size
    return group.least, size if group.most is None else min(group.most, size)


def _at_least(parent: UvlFeature, names: list[str], least: int) -> Node:
    if least == 0:
        return Literal(True, 1)
    if least > len(names):
        return unchosen(parent.name)
    if least == 1:
        return joined("or", (unchosen(parent.name), *map(chosen, names)))
    if least == len(names):
        return implied(chosen(parent.name), joined("and", [chosen(name) for name in names]))
    enough = compared(weighted_sum([(name, 1) for name in names]), ">=", least)
    return implied(chosen(parent.name), enough)


def _at_most(parent: UvlFeature, names: list[str], most: int) -> Node:
    """Without the parent there are none anyway, so it need not be named."""
    if most >= len(names):
        return Literal(True, 1)
    if most == 0:
        return joined("and", [unchosen(name) for name in names])
    if most == 1:
        return at_most_one(names)
    return compared(weighted_sum([(name, 1) for name in names]), "<=", most)


_GROUP_RULES: dict[str, Callable[[Rules, UvlFeature, UvlGroup], None]] = {
    "mandatory": _add_mandatory,
    "optional": _add_nothing,
}
