"""The feature tree of a UVL file: features, attributes and groups."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .errors import FileModelError, printable
from .file_model import MAX_FEATURES
from .uvl_attributes import AttributeReader, Attributes
from .uvl_lines import Line
from .uvl_words import Words

_GROUPS = ("mandatory", "optional", "or", "alternative")
_TYPES = ("Integer", "Real", "String")


@dataclass(slots=True)
class UvlFeature:
    """One feature of the tree.

    Attributes:
        subtree: Places of the feature itself and of all below it, in the order of the file.
    """

    name: str
    line: int
    attributes: Attributes = field(default_factory=Attributes)
    groups: list["UvlGroup"] = field(default_factory=list)
    subtree: range = range(0)


@dataclass(slots=True)
class UvlGroup:
    """Children of one feature. ``least`` and ``most`` are of a ``[n..m]`` group; None is ``*``."""

    kind: str
    line: int
    children: list[UvlFeature] = field(default_factory=list)
    least: int = 0
    most: int | None = None


@dataclass(slots=True)
class _Open:
    """A line that may get children, and where they stand once the first is there."""

    indent: int
    node: UvlFeature | UvlGroup
    inner: int | None = None


class FeatureTree:
    """All features in the order of the file, the root first.

    Attributes:
        numbers: Every numeric attribute some feature has.
    """

    def __init__(self, header: Line) -> None:
        self.by_name: dict[str, UvlFeature] = {}
        self.numbers: set[str] = set()
        self._header = header
        self._open: list[_Open] = []
        self._root_indent: int | None = None

    @property
    def root(self) -> UvlFeature:
        return next(iter(self.by_name.values()))

    def within(self, feature: UvlFeature) -> Iterator[UvlFeature]:
        """The feature and everything below it."""
        everything = list(self.by_name.values())
        return iter(everything[feature.subtree.start : feature.subtree.stop])

    def add(self, line: Line) -> None:
        while self._open and self._open[-1].indent >= line.indent:
            self._close()
        if not self._open:
            self._add_root(line)
            return
        parent = self._open[-1]
        if parent.inner is None:
            parent.inner = line.indent
        elif parent.inner != line.indent:
            raise _bad_indent(line)
        if isinstance(parent.node, UvlFeature):
            group = _read_group(line, parent.node)
            parent.node.groups.append(group)
            self._open.append(_Open(line.indent, group))
        else:
            feature = self._read_feature(line)
            parent.node.children.append(feature)
            self._open.append(_Open(line.indent, feature))

    def finish(self) -> None:
        while self._open:
            self._close()
        if not self.by_name:
            sentence = "There is no feature under 'features'; a model has at least its root."
            raise FileModelError("no_features", self._header.number, "features", sentence)

    def _add_root(self, line: Line) -> None:
        if self._root_indent is None:
            self._root_indent = line.indent
            self._open.append(_Open(line.indent, self._read_feature(line)))
            return
        if line.indent != self._root_indent:
            raise _bad_indent(line)
        sentence = (
            f"'{printable(line.words[0].text)}' stands beside the root "
            f"'{printable(self.root.name)}'; a model has one root."
        )
        raise FileModelError("second_root", line.number, line.words[0].text, sentence)

    def _close(self) -> None:
        node = self._open.pop().node
        if isinstance(node, UvlFeature):
            node.subtree = range(node.subtree.start, len(self.by_name))
        elif not node.children:
            sentence = f"The group '{node.kind}' has no features; indent them below it."
            raise FileModelError("empty_group", node.line, node.kind, sentence)
        else:
            _check_limits(node)

    def _read_feature(self, line: Line) -> UvlFeature:
        words = Words(line.words)
        _read_type(words)
        name = words.require_name("the name of a feature")
        feature = UvlFeature(name.text, name.line)
        if name.text in self.by_name:
            earlier = self.by_name[name.text].line
            sentence = f"'{printable(name.text)}' is already a feature, in line {earlier}."
            raise FileModelError("duplicate_name", name.line, name.text, sentence)
        if len(self.by_name) == MAX_FEATURES:
            sentence = f"There are more than the {MAX_FEATURES:,} features allowed."
            raise FileModelError("too_many_features", name.line, name.text, sentence)
        cardinality = words.take_key("cardinality")
        if cardinality is not None:
            sentence = (
                f"'{printable(name.text)}' may be there several times; that is not supported."
            )
            raise FileModelError("feature_cardinality", name.line, name.text, sentence)
        if words.take_sign("{"):
            AttributeReader(words, feature.attributes).read()
        words.require_end()
        feature.subtree = range(len(self.by_name), 0)
        self.by_name[name.text] = feature
        self.numbers |= feature.attributes.numbers.keys()
        return feature


def _read_type(words: Words) -> None:
    following = words.after_next()
    if following is None or not following.is_name or following.is_key("cardinality"):
        return
    if words.take_key("Boolean"):
        return
    typed = words.take_key(*_TYPES)
    if typed is not None:
        sentence = (
            f"'{printable(following.text)}' is of type {typed.text}; only features that are chosen "
            "or not can be read."
        )
        raise FileModelError("typed_feature", typed.line, typed.text, sentence)


def _read_group(line: Line, parent: UvlFeature) -> UvlGroup:
    words = Words(line.words)
    key = words.take_key(*_GROUPS)
    if key is not None:
        words.require_end()
        return UvlGroup(key.text, line.number)
    if not words.take_sign("["):
        wanted = f"mandatory, optional, or, alternative or [n..m] below '{printable(parent.name)}'"
        raise words.refusal(wanted, words.next)
    least = _read_limit(words)
    most: int | None = least
    if words.take_sign(".."):
        most = None if words.take_sign("*") else _read_limit(words)
    words.require_sign("]")
    words.require_end()
    return UvlGroup(line.text, line.number, least=least, most=most)


def _check_limits(group: UvlGroup) -> None:
    if group.most is not None and group.least > group.most:
        sentence = f"{group.kind} asks for more than it allows; nothing could be chosen."
        raise FileModelError("empty_range", group.line, group.kind, sentence)


def _read_limit(words: Words) -> int:
    word = words.take()
    if word.kind != "number" or not word.text.isdigit() or len(word.text) > 9:
        raise words.refusal("a whole number", word)
    return int(word.text)


def _bad_indent(line: Line) -> FileModelError:
    sentence = (
        f"'{printable(line.words[0].text)}' is indented unlike the lines beside it, so it is not "
        "clear what it belongs to."
    )
    return FileModelError("bad_indent", line.number, line.words[0].text, sentence)
