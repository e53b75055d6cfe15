"""Random small shops, flexible or not, with and without set-ups."""

import random

import numpy as np

from production.scheduling.instances import Shop


def random_shop(seed: int, *, jobs: int = 4, machines: int = 3, steps: int = 3) -> Shop:
    rng = random.Random(seed)
    kind = rng.choice(["jsp", "fjsp", "sdst"])
    made = tuple(
        tuple(_options(rng, kind, machines) for _ in range(rng.randint(1, steps)))
        for _ in range(rng.randint(1, jobs))
    )
    size = sum(len(job) for job in made)
    set_ups = None
    if kind == "sdst":
        drawn = [[[rng.randint(0, 6) for _ in range(size)] for _ in range(size)]] * machines
        set_ups = np.array(drawn, dtype=np.int64)
    shop = Shop(f"{kind} {seed}", made, machines, set_ups=set_ups)
    return shop.with_due_dates() if rng.random() < 0.5 else shop


def _options(rng: random.Random, kind: str, machines: int) -> tuple[tuple[int, int], ...]:
    count = 1 if kind == "jsp" else rng.randint(1, machines)
    able = sorted(rng.sample(range(machines), count))
    return tuple((machine, rng.randint(1, 9)) for machine in able)
