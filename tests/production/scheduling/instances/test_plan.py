import pytest

from production.scheduling.instances import ShopPlan, Stand, faults, parse_shop

SHOP = parse_shop("2 2\n2 1 1 3 1 2 2\n1 1 1 4\n" + "1 2 3\n2 1 2\n3 3 1\n" * 2, "sdst")
GOOD = (Stand(0, 0, 0, 3), Stand(1, 3, 3, 5), Stand(0, 3, 6, 10))


def test_a_right_plan_has_no_fault_and_measures_itself():
    assert faults(SHOP, GOOD) == []
    assert ShopPlan(SHOP, GOOD).objective == 10
    late = SHOP.with_due_dates()
    assert late.due == (6, 5)
    assert late.weights == (2, 1)
    assert ShopPlan(late, GOOD).objective == 5


@pytest.mark.parametrize(
    ("number", "stand", "said"),
    [
        (0, Stand(1, 0, 0, 3), "cannot be done on machine 1"),
        (0, Stand(0, 0, 0, 2), "takes 3 min"),
        (0, Stand(0, -1, -1, 2), "is set up from -1"),
        (1, Stand(1, 2, 2, 4), "starts at 2, before 3"),
        (2, Stand(0, 2, 5, 9), "overlap on machine 0"),
        (2, Stand(0, 4, 6, 10), "has 2 min set-up on 0, needs 3"),
        (2, Stand(0, 7, 6, 10), "is set up from 7 and starts at 6"),
    ],
)
def test_a_wrong_plan_is_refused(number, stand, said):
    stands = [*GOOD]
    stands[number] = stand
    assert any(said in fault for fault in faults(SHOP, stands))


def test_a_plan_with_an_operation_missing_is_refused():
    assert faults(SHOP, GOOD[:2]) == ["The plan has 2 operations; the shop has 3."]


def test_the_engine_gets_the_same_shop_unless_set_ups_count_otherwise():
    assert SHOP.as_problem() is None
    problem = parse_shop("2 2\n0 3 1 2\n1 4 0 1\n", "jsp").with_due_dates().as_problem()
    assert problem is not None
    assert [own.predecessors for own in problem.operations] == [(), (0,), (), (2,)]
    assert [(job.due, job.weight) for job in problem.jobs] == [(6, 2), (6, 1)]
