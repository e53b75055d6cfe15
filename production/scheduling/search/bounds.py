"""What no plan of a shop can go below, reckoned in no time."""

from heapq import heappop, heappush

from production.scheduling.instances.shop import Shop


def lower_bound(shop: Shop) -> int:
    """For weighted tardiness what each job alone is late; for the makespan the longest job, the
    mean load, and each machine alone with the work that has no alternative (Jackson's preemptive
    schedule).
    """
    lengths = [sum(min(m for _, m in options) for options in job) for job in shop.jobs]
    if shop.due:
        alone = zip(lengths, shop.due, shop.weights, strict=True)
        return sum(weight * max(0, length - due) for length, due, weight in alone)
    mean = -(-sum(lengths) // shop.machines)
    return max(max(lengths), mean, *(_alone(shop, machine) for machine in range(shop.machines)))


def _alone(shop: Shop, machine: int) -> int:
    works = []
    for job in shop.jobs:
        shortest = [min(minutes for _, minutes in options) for options in job]
        for position, options in enumerate(job):
            if len(options) == 1 and options[0][0] == machine:
                head, tail = sum(shortest[:position]), sum(shortest[position + 1 :])
                works.append((head, options[0][1], tail))
    return jackson(works)


def jackson(works: list[tuple[int, int, int]]) -> int:
    """The least end of ``(head, minutes, tail)`` on one machine that may interrupt."""
    waiting = sorted(works)
    open_: list[tuple[int, int]] = []
    now = at = best = 0
    while at < len(waiting) or open_:
        if not open_:
            now = max(now, waiting[at][0])
        while at < len(waiting) and waiting[at][0] <= now:
            heappush(open_, (-waiting[at][2], waiting[at][1]))
            at += 1
        tail, minutes = heappop(open_)
        until = now + minutes if at == len(waiting) else min(now + minutes, waiting[at][0])
        if until < now + minutes:
            heappush(open_, (tail, now + minutes - until))
        else:
            best = max(best, until - tail)
        now = until
    return best
