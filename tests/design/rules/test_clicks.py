"""The protocol of clicks, byte by byte: through the command, in this process and in one of its own.

Each answer below is worked out by hand from the rules in ``small_files``.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from design.model_files import load_model
from design.rules import Clicks, Engine, Session
from tests.design.small_files import LIGHTS, SWITCHES, write_offer

CHECKOUT = Path(__file__).parents[3]


def _configure(model: Path, clicks: bytes, *options: str) -> tuple[list[dict[str, Any]], int]:
    """The answers and the exit code."""
    file = model.parent / "clicks.jsonl"
    file.write_bytes(clicks)
    out, code = io.StringIO(), 0
    try:
        call_command("configure", str(model), "--clicks", str(file), "--json", *options, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], code


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    folder = tmp_path / "stool"
    folder.mkdir()
    return write_offer(folder)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(load_model(write_offer(tmp_path_factory.mktemp("stool"))).model)


def _lines(*clicks: object) -> bytes:
    return b"".join(json.dumps(click).encode() + b"\n" for click in clicks)


def test_an_answer_says_what_is_left_of_every_feature(offer: Path) -> None:
    ((answer,), code) = _configure(offer, b"{}\n")
    assert code == 0
    assert list(answer) == ["accepted", "domains", "count"]
    assert answer["accepted"] is True
    assert answer["domains"] == {
        "wood": ["none", "oak", "ash"],
        "legs": ["front", "back", "left", "right"],
        "angle": [70.5, 71.0, 71.5, 72.0, 72.5, 73.0, 73.5, 74.0, 74.5, 75.0],
        "height": {"min": 300, "max": 723, "step": 1},  # 12 times 60.25
        "width": {"min": 25.0, "max": 60.25, "step": 0.25},  # a twelfth of 300
        "name": ["", "*"],
        "drawer": ["none", "fitted"],
        "drawer_front": ["none", "plain", "glass"],
    }
    assert answer["count"] == _count()


def _count() -> int:
    """Every design, by loops over what the rules tie together."""
    three_legs = {"all": 6 + 4, "left": 3 + 3}  # of four, two or three; those with left
    standing = sum(three_legs["left" if angle < 720 else "all"] for angle in range(705, 751, 5))
    found = 0
    for wood in ("none", "oak", "ash"):
        highest = 600 if wood == "ash" else 800
        sizes = sum(
            max(min(highest, 12 * width // 100) - 299, 0) for width in range(2025, 6026, 25)
        )
        names = 1 if wood == "none" else 2
        drawers = 1 + (1 if wood == "none" else 2)
        found += sizes * names * drawers * standing
    return found


def test_numbers_of_parameters_go_in_and_out_as_people_write_them(offer: Path) -> None:
    for written in ("73.5", '"73.5"', "73.50", "735e-1", "7.35E1"):
        (answer,), code = _configure(
            offer, b'{"feature": "angle", "option": %b}' % written.encode()
        )
        assert (answer["accepted"], code) == (True, 0)
    answers, code = _configure(
        offer,
        _lines(
            {"feature": "width", "option": 40.25},
            {"feature": "height", "option": 483},
            {"feature": "height", "option": 484},
            {"feature": "angle", "option": 70.5},
        ),
    )
    assert code == 0
    first, second, third, fourth = answers
    assert first["domains"]["height"] == {"min": 300, "max": 483, "step": 1}
    assert second["domains"]["width"] == {"min": 40.25, "max": 60.25, "step": 0.25}
    assert third == {
        "accepted": False,
        "conflict": [{"feature": "width", "option": 40.25}],
        "rules": ["R3"],
        "repairs": [[{"feature": "width", "option": 40.25}]],
    }
    assert fourth["accepted"] is True


def test_a_multi_select_adds_and_loses_options(offer: Path) -> None:
    def click(option: str) -> dict[str, str]:
        return {"feature": "legs", "option": option}

    answers, code = _configure(
        offer,
        _lines(
            *(click(option) for option in ("front", "right", "back", "left")),
            {"retract": "legs", "option": "right"},
            click("left"),
            {"retract": "legs"},
        ),
    )
    assert [answer["accepted"] for answer in answers] == [True, True, True, False, True, True, True]
    assert code == 0  # a click that is refused is no fault
    assert answers[3]["conflict"] == [
        {"feature": "legs", "option": "front"},
        {"feature": "legs", "option": "right"},
        {"feature": "legs", "option": "back"},
    ]
    assert answers[3]["rules"] == []
    assert [len(repair) for repair in answers[3]["repairs"]] == [1, 1, 1]
    assert answers[5]["domains"]["legs"] == ["front", "back", "left"]
    assert answers[6]["domains"]["legs"] == ["front", "back", "left", "right"]


def test_the_state_stays_what_it_was_after_each_refusal(offer: Path) -> None:
    answers, _ = _configure(
        offer,
        _lines(
            {"feature": "wood", "option": "ash"},
            {"feature": "height", "option": 700},
            {},
            {"retract": "wood"},
            {"feature": "height", "option": 700},
            {"feature": "wood", "option": "ash"},
            {"undo": True},
            {"undo": True},
            {"undo": True},
            {"undo": True},
        ),
    )
    assert [a["accepted"] for a in answers] == [True, False, True, True, True, False, *[True] * 4]
    assert answers[1]["conflict"] == [{"feature": "wood", "option": "ash"}]
    assert answers[1]["rules"] == ["R1"]
    assert answers[2] == answers[0]
    assert answers[5]["conflict"] == [{"feature": "height", "option": 700}]
    assert answers[6] == answers[3]  # the height is undone
    assert answers[7] == answers[0]  # the retraction is undone
    assert answers[8] == answers[9] == answers[3]  # nothing is chosen, and nothing to be undone


def test_rules_of_a_component_are_named_by_their_component(offer: Path) -> None:
    answers, _ = _configure(
        offer,
        _lines(
            {"feature": "drawer_front", "option": "glass"}, {"feature": "wood", "option": "none"}
        ),
    )
    assert answers[0]["domains"]["drawer"] == ["fitted"]
    assert answers[1]["conflict"] == [{"feature": "drawer_front", "option": "glass"}]
    assert answers[1]["rules"] == ["drawer_D1"]


BAD = [
    (b'{"feature": "woods", "option": "oak"}', "unknown_feature"),
    (b'{"feature": "wood", "option": "Oak"}', "unknown_option"),
    (b'{"feature": "wood", "option": ""}', "unknown_option"),
    (b'{"feature": "legs", "option": ""}', "unknown_option"),
    (b'{"feature": "legs", "option": ["front"]}', "not_an_option"),
    (b'{"feature": "wood", "option": null}', "not_an_option"),
    (b'{"feature": "wood", "option": {"id": "oak"}}', "not_an_option"),
    (b'{"feature": "wood", "option": true}', "unknown_option"),
    (b'{"feature": "height", "option": true}', "not_a_number"),
    (b'{"feature": "height", "option": "tall"}', "not_a_number"),
    (b'{"feature": "height", "option": " 450"}', "not_a_number"),
    (b'{"feature": "height", "option": "4_50"}', "not_a_number"),
    (b'{"feature": "height", "option": NaN}', "not_an_option"),
    (b'{"feature": "height", "option": Infinity}', "not_an_option"),
    (b'{"feature": "height", "option": -Infinity}', "not_an_option"),
    (b'{"feature": "height", "option": 450.5}', "parameter_between_steps"),
    (b'{"feature": "height", "option": 801}', "parameter_out_of_range"),
    (b'{"feature": "height", "option": -450}', "parameter_out_of_range"),
    (b'{"feature": "height", "option": 99999999999999999999}', "not_a_number"),
    (b'{"feature": "height", "option": 1e400}', "not_a_number"),
    (b'{"feature": "height", "option": 1e999999999}', "not_a_number"),
    (b'{"feature": "height", "option": 1e-999999999}', "not_a_number"),
    (b'{"feature": "height", "option": 1e99999999999999999999}', "not_json"),
    (b'{"feature": "height", "option": ' + b"9" * 5000 + b"}", "not_json"),
    (b'{"feature": "angle", "option": 73.25}', "parameter_between_steps"),
    (b'{"feature": "name", "option": "Anneliese"}', "text_too_long"),
    (b'{"feature": "name", "option": "\\u0000"}', "text_not_printable"),
    (b'{"feature": "name", "option": "\\ud800"}', "text_not_printable"),
    (b'{"feature": "\\ud800", "option": "oak"}', "unknown_feature"),
    (b'{"feature": 7, "option": "oak"}', "not_a_click"),
    (b'{"feature": null, "option": "oak"}', "not_a_click"),
    (b'{"feature": ' + b"[" * 900 + b"]" * 900 + b', "option": 1}', "not_a_click"),
    (b'{"feature": "wood", "option": ' + b"[" * 900 + b"]" * 900 + b"}", "not_an_option"),
    (b'{"feature": "wood"}', "not_a_click"),
    (b'{"option": "oak"}', "not_a_click"),
    (b'{"feature": "wood", "option": "oak", "why": 1}', "not_a_click"),
    (b'{"\\ud800": 1}', "not_a_click"),
    (b'{"retract": "woods"}', "unknown_feature"),
    (b'{"retract": ["wood"]}', "not_a_click"),
    (b'{"retract": "wood", "option": "elm"}', "unknown_option"),
    (b'{"undo": false}', "not_a_click"),
    (b'{"undo": 1}', "not_a_click"),
    (b'{"undo": true, "feature": "wood"}', "not_a_click"),
    (b"[]", "not_a_click"),
    (b"null", "not_a_click"),
    (b"NaN", "not_a_click"),
    (b'"wood"', "not_a_click"),
    (b"[" * 100_000, "not_json"),
    (b"{", "not_json"),
    (b"{'feature': 'wood'}", "not_json"),
    (b"{} {}", "not_json"),
    (b"wood oak", "not_json"),
    (b"\x00", "not_json"),
    (b'{"feature": "w\xf6od", "option": "oak"}', "not_json"),
    (b"\xff\xfe{\x00}\x00", "not_json"),
]


@pytest.mark.parametrize(("line", "code"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_a_line_that_is_no_click_is_told_and_changes_nothing(
    line: bytes, code: str, engine: Engine
) -> None:
    chosen = _lines({"feature": "wood", "option": "ash"})
    session = Session(engine)
    before, bad, after = Clicks(session).answers([chosen, line, b"{}"])
    assert bad["error"]["code"] == code
    assert bad["error"]["line"] == 2
    assert list(bad) == ["accepted", "error"]
    assert bad["accepted"] is False
    assert after == before
    assert session.choices == {"wood": "ash"}
    written = json.dumps(bad, ensure_ascii=False).encode()  # no lone surrogate, nothing endless
    assert len(written) < 600
    session.undo()
    assert session.choices == {}


def test_every_line_has_its_answer_whatever_stands_in_the_others(offer: Path) -> None:
    clicks = b"\n".join(line for line, _ in BAD)
    answers, code = _configure(
        offer, b"\xef\xbb\xbf{}\r\n\r\n  \n" + clicks + b"\r\n{}", "--seconds=0"
    )
    assert code == 1
    assert [a.get("error", {}).get("code") for a in answers] == [None, *(c for _, c in BAD), None]
    assert answers[1]["error"]["line"] == 4  # as an editor counts them
    assert answers[0] == answers[-1]
    assert answers[0]["count"] is None  # without a diagram


def test_a_separator_of_unicode_does_not_end_a_line(offer: Path) -> None:
    clicks = (
        '{"feature": "wood",\u2028"option": "oak"}\n{"feature": "name", "option": "a\u2028b"}\n'
    )
    answers, code = _configure(offer, clicks.encode(), "--seconds=0")
    assert [answer["error"]["code"] for answer in answers] == ["not_json", "text_not_printable"]
    assert code == 1


def test_a_file_without_clicks_has_no_answers(offer: Path) -> None:
    assert _configure(offer, b"") == ([], 0)
    assert _configure(offer, b"\n\n") == ([], 0)


def test_switches_answer_true_and_false(tmp_path: Path) -> None:
    model = tmp_path / "switches.dimacs"
    model.write_text(SWITCHES)
    answers, code = _configure(
        model,
        _lines(
            {},
            {"feature": "dimmer", "option": "true"},
            {"feature": "power", "option": False},
            {"feature": "loose", "option": True},
            {"retract": "dimmer"},
        ),
    )
    assert code == 0
    both = ["true", "false"]
    assert answers[0]["domains"] == dict.fromkeys(["power", "light", "dimmer", "loose"], both)
    assert [answer.get("count") for answer in answers] == [4, 1, None, 1, 4]
    assert answers[1]["domains"] == {
        "power": ["true"], "light": ["true"], "dimmer": both, "loose": both,
    }  # fmt: skip
    assert answers[2] == {
        "accepted": False,
        "conflict": [{"feature": "dimmer", "option": "true"}],
        "rules": ["line-6", "line-7"],
        "repairs": [[{"feature": "dimmer", "option": "true"}]],
    }


def test_lights_of_another_tool_are_answered(tmp_path: Path) -> None:
    model = tmp_path / "lights.uvl"
    model.write_text(LIGHTS)
    answers, _ = _configure(
        model,
        _lines({"feature": "cold", "option": "true"}, {"feature": "dimmer", "option": "true"}),
    )
    assert [answer.get("count") for answer in answers] == [1, None]
    assert answers[0]["domains"]["lamp"] == ["true"]
    assert answers[1]["conflict"] == [{"feature": "cold", "option": "true"}]


@pytest.mark.parametrize(
    ("path", "clicks", "sentence"),
    [("nowhere", "clicks", "neither a folder"), ("stool", "no-clicks", "cannot be read")],
)
def test_files_that_are_not_there_are_told(
    path: str, clicks: str, sentence: str, offer: Path
) -> None:
    (offer.parent / "clicks").write_text("{}")
    with pytest.raises(CommandError, match=sentence):
        call_command("configure", str(offer.parent / path), "--clicks", str(offer.parent / clicks))


def test_a_process_of_its_own_needs_no_folder_of_ours_and_starts_nothing(
    offer: Path, tmp_path: Path
) -> None:
    away, home = tmp_path / "away", tmp_path / "home"
    away.mkdir()
    without = ("DATABASE_URL", "VALKEY_URL", "BROKER_URL", "DJANGO_SETTINGS_MODULE")
    environment = {key: value for key, value in os.environ.items() if key not in without}
    environment |= {"COSMO_DATA": str(home), "NUMBA_CACHE_DIR": os.environ["NUMBA_CACHE_DIR"]}
    command = [sys.executable, str(CHECKOUT / "manage.py"), "configure", str(offer), "--json",
               "--clicks", "-"]  # fmt: skip
    name = '{"feature": "name", "option": "Ä"}'
    clicks = '\ufeff{"feature": "angle", "option": 70.5}\r\nnonsense\n' + name
    ran = subprocess.run(
        command,
        input=clicks.encode(),
        capture_output=True,
        cwd=away,
        env=environment,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    assert ran.stderr == b""
    first, second, third = (json.loads(line) for line in ran.stdout.splitlines())
    assert first["domains"]["angle"][0] == 70.5
    assert second["error"]["line"] == 2
    assert third["accepted"] is True
    assert third["count"] * 20 < _count()
    assert list(away.iterdir()) == []
    assert not home.exists() or {path.name for path in home.iterdir()} <= {"numba", "secret_key"}
