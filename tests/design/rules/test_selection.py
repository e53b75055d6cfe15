"""One written form and one hash for equal selections."""

from design.rules import ChoiceValue, Engine, canonical, scope_of, selection_hash
from design.rules.model import Model
from tests.design.rules.documents import choice, offer, parameter, several, writing


def test_the_order_of_answers_and_options_does_not_matter() -> None:
    first: dict[str, ChoiceValue] = {"b": ("wine", "ice"), "a": "x", "n": 3}
    second: dict[str, ChoiceValue] = {"n": 3, "a": "x", "b": ("ice", "wine")}
    assert canonical(first) == canonical(second) == '{"a":"x","b":["ice","wine"],"n":3}'
    assert selection_hash(first) == selection_hash(second)
    assert len(selection_hash(first)) == 64


def test_a_list_read_from_json_is_the_same_selection() -> None:
    assert canonical({"b": ["wine", "ice"]}) == canonical({"b": ("ice", "wine")})  # type: ignore[dict-item]


def test_different_selections_differ() -> None:
    assert selection_hash({"a": "1"}) != selection_hash({"a": 1})
    assert selection_hash({"a": "x"}) != selection_hash({"a": "y"})
    assert canonical({"words": "安娜"}) == '{"words":"安娜"}'


def test_the_scope_reads_like_the_document() -> None:
    model = Model.from_document(
        offer(
            [
                choice("width", "w600=600", "w700=700"),
                choice("water", "tank", optional=True),
                several("inside", "wine", "ice"),
                parameter("height", 1500, 2000, 50),
                writing("words"),
            ]
        )
    )
    selection: dict[str, ChoiceValue] = {
        "width": "w700",
        "water": "none",
        "inside": ("ice",),
        "height": 1550,
        "words": "A",
    }
    scope = scope_of(model, selection)
    assert scope["width"] == "w700"
    assert scope["water"] == "none"
    assert scope["inside"] == {"ice"}
    assert scope["height"] == 1550
    assert scope["words"] == "A"


def test_of_texts_the_clauses_remember_only_that_there_is_one() -> None:
    model = Model.from_document(offer([choice("width", "w600"), writing("words")]))
    empty, ida, max_ = (
        model.encoding.literals(model.by_id["words"], text) for text in ("", "Dear Ida", "Dear Max")
    )
    assert ida == max_ != empty
    assert "Dear" not in repr(model.encoding._known)


def test_whatever_somebody_wrote_the_engine_keeps_the_same_answer_and_no_word() -> None:
    engine = Engine(Model.from_document(offer([choice("width", "w600", "w700"), writing("words")])))
    ida, max_ = ({"words": text} for text in ("Dear Ida", "Dear Max"))
    assert engine.domains(ida) == engine.domains(max_) == engine.sat_domains(ida)
    assert engine.is_valid(ida) is engine.is_valid(max_) is True
    assert (len(engine._domains), len(engine._valid)) == (1, 1)
    assert "Dear" not in repr([vars(kept) for kept in (engine._domains, engine._valid)])
    assert "Dear" not in repr(engine._sat._known)
