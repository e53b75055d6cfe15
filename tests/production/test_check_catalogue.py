"""``manage.py check_catalogue``: what a repository's CI asks, without any database."""

import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cosmo.embedded.folders import CHECKOUT

LAMP = CHECKOUT / "tests" / "catalogue" / "products" / "lamp"


def run(*arguments: str) -> tuple[int, list[str]]:
    out = StringIO()
    try:
        call_command("check_catalogue", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """A copy of the lamp to break."""
    return Path(shutil.copytree(LAMP, tmp_path / "lamp"))


def put_rules(lamp: Path, *rules: str) -> None:
    """Further rules with words in every language."""
    offer = lamp / "offer.yaml"
    text = offer.read_text()
    written = "".join(f"  - {rule}\n" for rule in rules)
    offer.write_text(text.replace("rules:\n", f"rules:\n{written}", 1))
    for file in (lamp / "texts").glob("*.yaml"):
        names = "".join(f"  {rule[5 : rule.index(',')]}: Words.\n" for rule in rules)
        file.write_text(file.read_text().replace("rules:\n", f"rules:\n{names}", 1))


def test_a_clean_product_has_nothing_to_say(lamp: Path) -> None:
    assert run(str(lamp)) == (0, ["1 products, 0 faults, 0 warnings"])


def test_a_dead_option_is_a_fault_with_file_and_line(lamp: Path) -> None:
    put_rules(lamp, "{id: no-touch, never: \"dimmer == 'touch'\"}")
    code, lines = run(str(lamp))
    assert code == 1
    line = (
        (lamp / "offer.yaml")
        .read_text()
        .splitlines()
        .index("    options: [{id: knob}, {id: touch}]")
    )
    assert lines[0].startswith(f"{lamp}/offer.yaml:{line + 1}:")
    assert "No design can have dimmer = touch: forbidden by no-touch." in lines[0]
    assert lines[-1] == "1 products, 1 faults, 2 warnings"


def test_a_dead_option_that_is_meant_may_be_allowed(lamp: Path) -> None:
    put_rules(lamp, "{id: no-touch, never: \"dimmer == 'touch'\"}")
    code, lines = run(str(lamp), "--allow-dead", "dimmer=touch")
    assert code == 0
    assert lines[-1] == "1 products, 0 faults, 2 warnings"


def test_a_rule_without_effect_is_a_warning_only(lamp: Path) -> None:
    put_rules(lamp, "{id: again, never: \"shade == 'glass' and height > 550\"}")
    code, lines = run(str(lamp), "--json")
    assert code == 0
    [told] = [json.loads(line) for line in lines]
    assert (told["code"], told["severity"]) == ("redundant_rule", "warning")
    assert (told["rule"], told["rules"]) == ("again", ["tall-glass"])
    assert told["file"] == f"{lamp}/offer.yaml"


def test_a_void_model_names_the_rules_that_contradict_each_other(lamp: Path) -> None:
    put_rules(
        lamp,
        "{id: oak-only, always: \"shade == 'oak'\"}",
        "{id: no-oak, never: \"shade == 'oak'\"}",
    )
    code, lines = run(str(lamp), "--json")
    assert code == 1
    void = [told for line in lines if (told := json.loads(line))["code"] == "void_model"]
    assert [told["rules"] for told in void] == [["oak-only", "no-oak"]]


def test_a_missing_translation_is_a_fault(lamp: Path) -> None:
    file = lamp / "texts" / "zh-hans.yaml"
    kept = [row for row in file.read_text().splitlines() if not row.startswith("  tall-glass:")]
    file.write_text("\n".join(kept) + "\n")
    code, lines = run(str(lamp))
    assert code == 1
    assert "'tall-glass' has no words here" in lines[0]


def test_a_test_of_the_document_that_fails_is_a_fault(lamp: Path) -> None:
    offer = lamp / "offer.yaml"
    offer.write_text(offer.read_text().replace('price: "89"', 'price: "90"'))
    code, lines = run(str(lamp))
    assert code == 1
    assert "costs 89" in lines[0]


def test_a_folder_without_products_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no product folder"):
        run(str(tmp_path))


def test_it_runs_where_there_is_no_database(tmp_path: Path) -> None:
    """As a CI would run it: a process of its own, no servers, no settings but our own."""
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check_catalogue", str(LAMP)],
        cwd=CHECKOUT,
        env={**environment, "COSMO_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "1 products, 0 faults, 0 warnings\n"), done.stderr
    assert {file.name for file in tmp_path.iterdir()} <= {"secret_key", "numba"}


def test_missing_words_do_not_hide_a_dead_option(lamp: Path) -> None:
    offer = lamp / "offer.yaml"
    rule = "rules:\n  - {id: no-touch, never: \"dimmer == 'touch'\"}\n"
    offer.write_text(offer.read_text().replace("rules:\n", rule, 1))
    code, lines = run(str(lamp), "--json")
    found = [json.loads(line) for line in lines]
    assert code == 1
    languages = len(list((lamp / "texts").glob("*.yaml")))
    assert [one["code"] for one in found].count("text_missing") == languages
    assert [one["rules"] for one in found if one["code"] == "dead_option"] == [["no-touch"]]


def allow_dead(lamp: Path, entries: str) -> None:
    offer = lamp / "offer.yaml"
    offer.write_text(f"{offer.read_text()}\nallow_dead: {entries}\n")


def test_the_document_itself_allows_what_is_meant_to_be_dead(lamp: Path) -> None:
    put_rules(lamp, "{id: no-touch, never: \"dimmer == 'touch'\"}")
    allow_dead(lamp, "[{feature: dimmer, options: [touch]}]")
    code, lines = run(str(lamp), "--json")
    assert code == 0
    assert [json.loads(line)["code"] for line in lines if "dead" in line] == []


def test_a_run_of_numbers_is_allowed_by_its_ends(lamp: Path) -> None:
    put_rules(lamp, '{id: tall, always: "height >= 400"}')
    _, lines = run(str(lamp), "--json")
    [dead] = [told for told in map(json.loads, lines) if told["code"] == "dead_option"]
    first, last = (option.removesuffix(" mm") for option in dead["options"])
    allow_dead(lamp, f"[{{feature: height, options: [{first}, {last}]}}]")
    code, lines = run(str(lamp), "--json")
    assert (code, [line for line in lines if "_dead" in line or "dead_" in line]) == (0, [])


def test_what_is_allowed_without_need_is_said(lamp: Path) -> None:
    allow_dead(lamp, "[{feature: dimmer, options: [touch]}, {feature: wings, options: [two]}]")
    code, lines = run(str(lamp), "--json")
    told = [json.loads(line) for line in lines]
    assert code == 0
    assert [(one["code"], one["feature"]) for one in told] == [
        ("not_dead", "dimmer"),
        ("not_dead", "wings"),
    ]
    assert told[0]["line"] == len((lamp / "offer.yaml").read_text().splitlines())
