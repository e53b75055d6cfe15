"""What ``make demo ONCE=1`` prints: every line at once, the JSON object held back for the end."""

import os
import sys

from cosmo.embedded.journeys import play_journey


def play(script: str) -> tuple[int, str]:
    looks: list[int] = []
    return play_journey([sys.executable, "-c", script], os.environ, lambda: looks.append(1))


def test_lines_pass_through_and_the_object_is_held_back(capfd):
    code, last = play("print('ordered'); print('delivered'); print('{\"unit\": 1}')")
    assert (code, last) == (0, '{"unit": 1}')
    assert capfd.readouterr().out == "ordered\ndelivered\n"


def test_a_journey_that_fails_shows_its_last_sentence_and_its_exit_code(capfd):
    code, last = play("print('ordered'); print('the page says 500'); raise SystemExit(3)")
    assert (code, last) == (3, "{}")
    assert capfd.readouterr().out == "ordered\nthe page says 500\n"


def test_half_a_line_at_the_end_is_not_taken_for_the_object(capfd):
    code, last = play("import sys; print('ordered'); sys.stdout.write('{\"unit\": ')")
    assert (code, last) == (0, "{}")
    assert capfd.readouterr().out == 'ordered\n{"unit": \n'
