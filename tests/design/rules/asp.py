"""An offer as a logic program for clingo: an oracle that knows nothing of the engine.

It reads the document itself, rules by Python's own parser, components included, and solves by
grounding; the engine reads trees of its own and solves by clauses or a diagram.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import clingo
from clingo import Function, Number, String, Symbol

Document = Mapping[str, Any]
Choices = Mapping[str, Any]
Domains = dict[str, set[Any]]

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


class Program:
    """The designs of one document as the stable models of a program.

    ``val(f,v)`` says that ``v`` is (one of) the answer(s) of ``f``; ``filled(f)`` that a text is.
    """

    def __init__(self, document: Document) -> None:
        self.features: dict[str, Document] = {}
        self._lines: list[str] = []
        self._atoms = 0
        self._add_features(document["features"], "", "")
        self._add_rules(document.get("rules", ()), {}, "")
        self._add_inner_rules(document["features"], "", {})
        self._control = clingo.Control(["--warn=none"])
        self._control.add("base", [], "\n".join(self._lines))
        self._control.ground([("base", [])])

    def exists(self, choices: Choices) -> bool:
        return bool(self._solve("auto", 1, self._assumed(choices)))

    def count(self, choices: Choices, limit: int) -> int | None:
        """How many designs; every inner atom follows from the answers. None beyond ``limit``."""
        found = len(self._solve("auto", limit + 1, self._assumed(choices), keep=False))
        return found if found <= limit else None

    def domains(self, choices: Choices) -> Domains:
        """As ``Engine.domains`` says them; of a parameter every single value."""
        open_ = self._brave(self._assumed(choices))
        found = {name: open_[name] for name in self.features if name not in choices}
        for name, value in choices.items():
            rest = self._assumed({key: held for key, held in choices.items() if key != name})
            if self.features[name]["kind"] != "multi":
                found[name] = self._brave(rest)[name]
                continue
            found[name] = set()
            for option in self._options(name):
                union = {name: {*value, option}}
                if self._solve("auto", 1, [*rest, *self._assumed(union)]):
                    found[name].add(option)
        return {name: found[name] for name in self.features}

    def a_design(self, seed: int) -> dict[str, Any] | None:
        """Some design, another one for another seed; a filled text says ``Anna``."""
        configuration: Any = self._control.configuration
        configuration.solver.seed = str(seed)
        configuration.solver.rand_freq = "1"
        models = self._solve("auto", 1, [])
        if not models:
            return None
        answers = self._answers(models[0])
        return {name: self._as_choice(name, answers[name]) for name in self.features}

    def _as_choice(self, name: str, answers: set[Any]) -> Any:
        kind = self.features[name]["kind"]
        if kind == "multi":
            return [option for option in self._options(name) if option in answers]
        if kind == "text":
            return "Anna" if "*" in answers else ""
        return next(iter(answers))

    def _options(self, name: str) -> list[str]:
        return [option["id"] for option in self.features[name]["options"]]

    # Asking.

    def _solve(
        self, mode: str, models: int, assumed: list[tuple[Symbol, bool]], *, keep: bool = True
    ) -> list[Sequence[Symbol]]:
        configuration: Any = self._control.configuration
        configuration.solve.enum_mode, configuration.solve.models = mode, models
        found: list[Sequence[Symbol]] = []
        with self._control.solve(yield_=True, assumptions=assumed) as handle:
            for model in handle:
                symbols = model.symbols(atoms=True) if keep else ()
                if mode == "brave":
                    found.clear()  # each model adds to the ones before
                found.append(symbols)
        return found

    def _brave(self, assumed: list[tuple[Symbol, bool]]) -> Domains:
        """Every answer that some design has."""
        models = self._solve("brave", 0, assumed)
        domains = self._answers(models[0] if models else ())
        for name, feature in self.features.items():
            if feature["kind"] == "text" and self._solve(
                "auto", 1, [*assumed, (_filled(name), False)]
            ):
                domains[name].add("")
        return domains

    def _answers(self, symbols: Sequence[Symbol]) -> Domains:
        found: Domains = {name: set() for name in self.features}
        for symbol in symbols:
            if symbol.name == "val":
                name, value = symbol.arguments
                is_number = value.type == clingo.SymbolType.Number
                found[name.string].add(value.number if is_number else value.string)
            elif symbol.name == "filled":
                found[symbol.arguments[0].string].add("*")
        return found

    def _assumed(self, choices: Choices) -> list[tuple[Symbol, bool]]:
        assumed = []
        for name, value in choices.items():
            kind = self.features[name]["kind"]
            if kind == "text":
                assumed.append((_filled(name), bool(value)))
            elif kind == "multi":
                assumed += [(_val(name, option), option in value) for option in self._options(name)]
            else:
                assumed.append((_val(name, value), True))
        return assumed

    # Features.

    def _add_features(self, entries: Sequence[Document], prefix: str, parent: str) -> None:
        for entry in entries:
            name = f"{prefix}{entry['id']}"
            if entry["kind"] == "component":
                self.features[name] = {**entry, "kind": "choice", "options": [{"id": "fitted"}]}
            else:
                self.features[name] = entry
            self._add_answers(name, self.features[name], parent)
            self._add_features(entry.get("features", ()), f"{name}_", name)

    def _add_answers(self, name: str, entry: Document, parent: str) -> None:
        inside = f' :- val("{parent}","fitted")' if parent else ""
        outside = f' :- not val("{parent}","fitted")' if parent else ""
        kind = entry["kind"]
        if kind == "text":
            self._lines.append(f'{{filled("{name}")}}{inside}.')
            return
        if kind == "parameter":
            numbers = range(entry["min"], entry["max"] + 1, entry["step"])
            values, still = [str(number) for number in numbers], str(entry["default"])
        else:
            values, still = [f'"{option["id"]}"' for option in entry["options"]], '"none"'
        if kind == "choice" and entry.get("optional"):
            values.append('"none"')
        listed = ";".join(f'val("{name}",{value})' for value in values)
        least, most = (entry["min"], entry["max"]) if kind == "multi" else (1, 1)
        self._lines.append(f"{least} {{{listed}}} {most}{inside}.")
        if parent and kind != "multi":
            self._lines.append(f'val("{name}",{still}){outside}.')
        for option in entry.get("options", ()):
            for key, value in option.get("values", {}).items():
                self._lines.append(f'value("{name}","{option["id"]}","{key}",{value}).')

    # Rules.

    def _add_inner_rules(
        self, entries: Sequence[Document], prefix: str, names: Mapping[str, str]
    ) -> None:
        for entry in entries:
            if entry["kind"] != "component":
                continue
            name = f"{prefix}{entry['id']}"
            own = {child["id"]: f"{name}_{child['id']}" for child in entry.get("features", ())}
            inner = {**names, **own}
            self._add_rules(entry.get("rules", ()), inner, f'val("{name}","fitted"), ')
            self._add_inner_rules(entry.get("features", ()), f"{name}_", inner)

    def _add_rules(self, rules: Sequence[Document], names: Mapping[str, str], guard: str) -> None:
        for rule in rules:
            for body in self._broken(rule, names):
                self._lines.append(f":- {guard}{body}.")

    def _broken(self, rule: Document, names: Mapping[str, str]) -> Iterator[str]:
        """Bodies of which none may hold."""
        if "table" in rule:
            allowed = self._new("t")
            columns = [names.get(name, name) for name in rule["table"]["features"]]
            for row in rule["table"]["allowed"]:
                cells = zip(columns, row, strict=True)
                held = ", ".join(f'val("{name}",{_constant(cell)})' for name, cell in cells)
                self._lines.append(f"{allowed} :- {held}.")
            yield f"not {allowed}"
        elif "never" in rule:
            yield self._truth(_parsed(rule["never"]), names)
        elif "always" in rule:
            yield f"not {self._truth(_parsed(rule['always']), names)}"
        else:
            when, then = (self._truth(_parsed(rule[key]), names) for key in ("when", "then"))
            yield f"{when}, not {then}"

    def _new(self, letter: str) -> str:
        self._atoms += 1
        return f"{letter}({self._atoms})"

    def _truth(self, node: ast.expr, names: Mapping[str, str]) -> str:
        """An atom that holds exactly when ``node`` is true."""
        atom = self._new("t")
        for body in self._bodies(node, names):
            self._lines.append(f"{atom} :- {body}.")
        return atom

    def _bodies(self, node: ast.expr, names: Mapping[str, str]) -> Iterator[str]:
        match node:
            case ast.BoolOp(ast.And(), values):
                yield ", ".join([self._truth(value, names) for value in values])
            case ast.BoolOp(ast.Or(), values):
                yield from [self._truth(value, names) for value in values]
            case ast.UnaryOp(ast.Not(), operand):
                yield f"not {self._truth(operand, names)}"
            case ast.IfExp(test, body, orelse):
                asked = self._truth(test, names)
                yield f"{asked}, {self._truth(body, names)}"
                yield f"not {asked}, {self._truth(orelse, names)}"
            case ast.Compare(left, signs, rights):
                pairs = zip([left, *rights], signs, rights, strict=False)
                yield ", ".join([self._pair(a, sign, b, names) for a, sign, b in pairs])
            case _:
                raise NotImplementedError(ast.dump(node))

    def _pair(
        self, left: ast.expr, sign: ast.cmpop, right: ast.expr, names: Mapping[str, str]
    ) -> str:
        """A body of one comparison."""
        if isinstance(sign, ast.In | ast.NotIn):
            return self._member(left, right, names, negated=isinstance(sign, ast.NotIn))
        for one, other in ((left, right), (right, left)):
            if isinstance(other, ast.Constant) and isinstance(other.value, str):
                name = _flat(one, names)
                is_text = self.features[name]["kind"] == "text"
                held = f'filled("{name}")' if is_text else f'val("{name}","{other.value}")'
                is_asked = isinstance(sign, ast.NotEq) if is_text else isinstance(sign, ast.Eq)
                return held if is_asked else f"not {held}"
        a, b = self._number(left, names), self._number(right, names)
        atom = self._new("t")
        self._lines.append(f"{atom} :- n({a},A), n({b},B), A {_SIGNS[type(sign)]} B.")
        return atom

    def _member(
        self, left: ast.expr, right: ast.expr, names: Mapping[str, str], *, negated: bool
    ) -> str:
        atom = self._new("t")
        if isinstance(right, ast.Tuple):
            name, items = _flat(left, names), right.elts
        else:
            name, items = _flat(right, names), [left]
        for item in items:
            self._lines.append(f'{atom} :- val("{name}",{_constant(ast.literal_eval(item))}).')
        return f"not {atom}" if negated else atom

    def _number(self, node: ast.expr, names: Mapping[str, str]) -> int:
        """The number of a term: ``n(<number>,V)`` holds for its value."""
        self._atoms += 1
        term = self._atoms
        for body in self._values(node, names):
            self._lines.append(f"n({term},{body}.")
        return term

    def _values(self, node: ast.expr, names: Mapping[str, str]) -> Iterator[str]:
        """``<value>) :- <body>`` or ``<value>)``."""
        match node:
            case ast.Constant(int() as value):
                yield f"{value})"
            case ast.UnaryOp(ast.USub(), operand):
                yield f"-V) :- n({self._number(operand, names)},V)"
            case ast.Name(name):
                yield f'V) :- val("{names.get(name, name)}",V)'
            case ast.Attribute(ast.Name(name), key):
                flat = names.get(name, name)
                yield f'V) :- val("{flat}",O), value("{flat}",O,"{key}",V)'
            case ast.IfExp(test, body, orelse):
                asked = self._truth(test, names)
                yield f"V) :- {asked}, n({self._number(body, names)},V)"
                yield f"V) :- not {asked}, n({self._number(orelse, names)},V)"
            case ast.BinOp(left, sign, right):
                a, b = self._number(left, names), self._number(right, names)
                given = f"n({a},A), n({b},B)"
                if isinstance(sign, ast.FloorDiv):  # clingo's division cuts off towards zero
                    yield rf"(A - ((A \ B + B) \ B)) / B) :- {given}"
                else:
                    yield f"A {_ARITHMETIC[type(sign)]} B) :- {given}"
            case ast.Call(ast.Name("len"), [ast.Name(name)]):
                yield f'C) :- C = #count{{O : val("{names.get(name, name)}",O)}}'
            case ast.Call(ast.Name(("min" | "max") as name), [left, right]):
                a, b = self._number(left, names), self._number(right, names)
                yield f"V) :- n({a},A), n({b},B), V = #{name}{{A;B}}"
            case _:
                raise NotImplementedError(ast.dump(node))


def _parsed(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


def _flat(node: ast.expr, names: Mapping[str, str]) -> str:
    """The id of the feature a name means where it stands."""
    if not isinstance(node, ast.Name):
        raise NotImplementedError(ast.dump(node))
    return names.get(node.id, node.id)


def _constant(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _val(name: str, value: str | int) -> Symbol:
    return Function(
        "val", [String(name), String(value) if isinstance(value, str) else Number(value)]
    )


def _filled(name: str) -> Symbol:
    return Function("filled", [String(name)])
