from pathlib import Path

import pytest

from cosmo.lib.errors import Invalid
from production.scheduling.instances import parse_shop, read_shop

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "scheduling"
FLEXIBLE = "2 2 1.5\n2 1 0 5 2 0 4 1 3\n1 1 1 7\n"
WITH_SET_UPS = "1 2\n2 1 1 5 2 1 4 2 3\n\n0 1\n2 3\n\n4 5\n6 7\n"


def test_a_job_shop_has_one_operation_for_each_machine():
    shop = parse_shop("2 2\n0 3 1 2\n1 4 0 1\n", "jsp")
    assert shop.jobs == ((((0, 3),), ((1, 2),)), (((1, 4),), ((0, 1),)))
    assert (shop.machines, shop.first_machine, shop.size) == (2, 0, 4)


def test_a_flexible_shop_counts_machines_from_nought():
    shop = parse_shop(FLEXIBLE, "fjsp")
    assert shop.jobs == ((((0, 5),), ((0, 4), (1, 3))), (((1, 7),),))
    assert shop.is_flexible


def test_set_ups_are_read_by_machine_then_before_then_after():
    shop = parse_shop(WITH_SET_UPS, "sdst")
    assert shop.jobs == ((((0, 5),), ((0, 4), (1, 3))),)
    assert shop.first_machine == 1
    assert shop.set_ups is not None
    assert shop.set_ups.tolist() == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]


def test_due_dates_and_weights_of_singer_and_pinedo():
    text = "10 1\n" + "".join(f"0 {n + 1}\n" for n in range(10))
    shop = parse_shop(text, "jsp").with_due_dates()
    assert shop.due == (1, 2, 3, 5, 6, 7, 9, 10, 11, 13)
    assert shop.weights == (4, 4, 2, 2, 2, 2, 2, 2, 1, 1)


def test_the_due_date_of_a_flexible_job_counts_its_fastest_machines():
    assert parse_shop(FLEXIBLE, "fjsp").with_due_dates().due == (10, 9)


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        ("jsp", "", "text ends after line 0; the first line"),
        ("jsp", "2\n", "line 1: the number of machines is missing"),
        ("jsp", "0 2\n", "line 1: the number of jobs is 0"),
        ("jsp", "1 2\n0 3 2 1\n", "line 2: a machine is 2; it must be 0 to 1."),
        ("jsp", "1 2\n0 3 1\n", "line 2: a duration is missing after 3 numbers."),
        ("jsp", "1 2\n0 3 1 x\n", "line 2: a duration is 'x'; a whole number is needed."),
        ("jsp", "1 2\n0 3 1 1.5\n", "line 2: a duration is '1.5'"),
        ("jsp", "1 2\n0 3 1 -4\n", "line 2: a duration is -4"),
        ("jsp", "1 2\n0 3 1 4 5\n", "line 2: 1 numbers too many, from '5'"),
        ("jsp", "2 2\n0 3 1 4\n", "text ends after line 2; job 1 is missing."),
        ("jsp", "1 2\n0 3 1 4\n\n0 3 1 4\n", "line 4: nothing more is expected"),
        ("fjsp", "1 2 x\n1 1 0 5\n", "line 1: the mean number of alternatives is 'x'."),
        ("fjsp", "1 2\n1 3 0 5 1 5 1 6\n", "line 2: the number of alternatives is 3"),
        ("fjsp", "1 2\n1 2 0 5 0 6\n", "line 2: machine 0 stands twice"),
        ("sdst", "1 2\n1 1 0 5\n", "line 2: a machine is 0; it must be 1 to 2."),
        ("sdst", "1 1\n1 1 1 5\n", "row 1 of the set-ups of machine 1 is missing."),
        ("sdst", "1 1\n1 1 1 5\n-3\n", "line 3: a set-up is -3"),
    ],
)
def test_a_fault_names_its_line_and_its_value(form, text, said):
    with pytest.raises(Invalid) as caught:
        parse_shop(text, form)
    assert caught.value.code == "bad_instance"
    assert said in caught.value.message


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Invalid, match=r"nowhere.txt cannot be read: No such file"):
        read_shop(tmp_path / "nowhere.txt", "jsp")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "odd.txt"
    file.write_bytes(b"1 1\n\xff")
    with pytest.raises(Invalid, match=r"byte 4 is 0xff"):
        read_shop(file, "jsp")


@pytest.mark.parametrize(
    ("pattern", "form", "files", "operations"),
    [
        ("jsp/*/*.txt", "jsp", 40, 1625 + 6750),
        ("fjsp/brandimarte/*.txt", "fjsp", 10, 1414),
        ("fjsp-sdst/*.fjs", "sdst", 10, 74),
    ],
)
def test_the_instances_of_the_literature_are_read(pattern, form, files, operations):
    if not DATA.is_dir():
        pytest.skip(f"no instances in {DATA}; the texts above are read instead")
    shops = [read_shop(path, form) for path in sorted(DATA.glob(pattern))]
    assert (len(shops), sum(shop.size for shop in shops)) == (files, operations)
