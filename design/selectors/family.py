"""The family of a design: what it was started from, and what was started from it.

Two recursive statements walk up to the first ancestor and down to all that came of it; one more
fetches what is shown of them. However large a family is, it costs the same number of statements.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from design.models import Design
from design.selectors.credits import Credit, credits_of
from design.selectors.design_access import Reader

MOST_NODES = 200
DEEPEST = 40
_FIRST = """
    WITH RECURSIVE up AS (
        SELECT d.id, d.forked_from_id, 0 AS depth FROM design_design d WHERE d.id = %s
        UNION ALL
        SELECT p.id, p.forked_from_id, up.depth + 1 FROM up
        JOIN design_designrevision r ON r.id = up.forked_from_id
        JOIN design_design p ON p.id = r.design_id
        WHERE up.depth < %s
    )
    SELECT id FROM up ORDER BY depth DESC LIMIT 1
"""
_ALL = """
    WITH RECURSIVE down AS (
        SELECT d.id, NULL::bigint AS parent, 0 AS depth FROM design_design d WHERE d.id = %s
        UNION ALL
        SELECT c.id, down.id, down.depth + 1 FROM down
        JOIN design_designrevision r ON r.design_id = down.id
        JOIN design_design c ON c.forked_from_id = r.id
        WHERE down.depth < %s
    )
    SELECT id, parent FROM down ORDER BY depth, id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Relative:
    """One design of the family, as this reader may see it.

    Attributes:
        is_here: The design the family was asked for.
        children: What was started from it, oldest first.
    """

    credit: Credit
    is_here: bool
    children: tuple["Relative", ...]


@dataclass(frozen=True, slots=True)
class Family:
    """``count`` designs; ``is_cut`` when there are more than are shown."""

    root: Relative
    count: int
    is_cut: bool


def family_of(design: Design, reader: Reader) -> Family:
    """The whole family, nested. Four statements."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [design.pk, DEEPEST])
        (first,) = cursor.fetchone()
        cursor.execute(_ALL, [first, DEEPEST, MOST_NODES + 1])
        rows = [(int(pk), parent) for pk, parent in cursor.fetchall()]
    kept = rows[:MOST_NODES]
    below: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in kept:
        below[parent].append(pk)
    designs = Design.objects.filter(pk__in=[pk for pk, _parent in kept])
    known = credits_of(list(designs), reader, here=design.pk)

    def relative(pk: int) -> Relative:
        children = tuple(relative(child) for child in below[pk])
        return Relative(known[pk], pk == design.pk, children)

    return Family(root=relative(first), count=len(kept), is_cut=len(rows) > MOST_NODES)
