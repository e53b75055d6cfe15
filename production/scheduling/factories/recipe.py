"""What a synthetic factory is to be like, and the four sizes the benches use."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cosmo.lib.errors import Invalid


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise Invalid("bad_recipe", f"In the recipe of the factory, {sentence}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """The parameters of a factory; the same recipe and seed give the same factory.

    Attributes:
        operations: How many in all, at least 1.
        work_centres, resources: Work centres, and lanes in each; a lane takes one unit.
        alternatives: Lanes of its work centre that can do an operation, at most ``resources``.
        steps: Operations of a unit, fewest and most, in ascending work centres.
        run_min: Shortest and longest run on a lane of ordinary speed.
        speeds: How much slower or faster a lane may be, for instance 0.2: 80 to 120 %.
        families: Colours; a unit has one.
        set_up_share: Share of the work centres that must clean between colours.
        set_up_min: From one colour to the next darker one, and from the darkest to the lightest.
        load: Run and set-up of the fullest work centre, as share of its open time, while units
            arrive.
        shifts: One, two or three of eight hours, five days a week (three: seven), each lane with
            a break of 30 minutes in every shift.
        maintenance: Share of the days on which a lane is blocked for two hours.
        backlog: Share of the units that are there at minute 0; the others arrive one by one.
        tightness: A unit is due so many times its own run of open time after its release, from
            and to.
        heaviest: Weights are 1 to this, small ones more often.
    """

    operations: int = 1_000
    work_centres: int = 6
    resources: int = 3
    alternatives: int = 3
    steps: tuple[int, int] = (3, 6)
    run_min: tuple[int, int] = (15, 90)
    speeds: float = 0.2
    families: int = 8
    set_up_share: float = 0.5
    set_up_min: tuple[int, int] = (5, 40)
    load: float = 0.85
    shifts: int = 2
    maintenance: float = 0.05
    backlog: float = 0.1
    tightness: tuple[float, float] = (2.0, 6.0)
    heaviest: int = 5

    def __post_init__(self) -> None:
        _require(self.operations >= 1, f"operations is {self.operations}; at least 1.")
        _require(self.work_centres >= 1, f"work_centres is {self.work_centres}; at least 1.")
        _require(
            1 <= self.alternatives <= self.resources,
            f"alternatives is {self.alternatives}; 1 to the {self.resources} resources.",
        )
        fewest, most = self.steps
        _require(
            1 <= fewest <= most <= self.work_centres,
            f"steps is {self.steps}; fewest first, 1 to the {self.work_centres} work centres.",
        )
        _require(self.shifts in (1, 2, 3), f"shifts is {self.shifts}; 1, 2 or 3.")
        _require(self.load > 0, f"load is {self.load}; above 0.")
        _require(1 <= self.run_min[0] <= self.run_min[1] <= 180, "run_min is 1 to 180 minutes.")


FACTORIES: Mapping[str, Recipe] = MappingProxyType(
    {
        "factory-1k": Recipe(operations=1_000, work_centres=6, load=0.9, tightness=(1.5, 4.0)),
        "factory-5k": Recipe(operations=5_000, work_centres=10),
        "factory-20k": Recipe(operations=20_000, work_centres=16, resources=5),
        "factory-100k": Recipe(operations=100_000, work_centres=25, resources=8),
    }
)
