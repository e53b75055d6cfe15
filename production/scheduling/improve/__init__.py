"""Better plans of large factories: parameters of the rule, local search, the ladder of both."""


def warm_search() -> None:
    """Compile and cache what the search needs, so that the first plan does not wait."""
    from production.scheduling.improve.anytime import plan_anytime  # numba only if wanted
    from production.scheduling.improve.local import search_locally
    from production.scheduling.improve.parameters import first_listed
    from production.scheduling.ladder import WEIGHTED_TARDINESS, RungContext
    from production.scheduling.problem import Job, Lane, Operation, Problem
    from production.scheduling.stop import after_plans

    tiny = Problem(
        lanes=(Lane("lane", ((0, 10),)),),
        jobs=(Job("job", due=0),),
        operations=(Operation(0, ((0, 1),)),),
    )
    plan = plan_anytime(tiny, seconds=0)
    first_listed(tiny, WEIGHTED_TARDINESS)
    list(search_locally(tiny, plan.placements, RungContext(stop=after_plans(1))))
