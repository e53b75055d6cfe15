"""The family of a design: what it was started from, and what was started from it.

Two recursive statements walk up to the first ancestor and down to all that came of it; one more
fetches what is shown of them. However large a family is, it costs the same number of statements.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from cosmo.accounts.models import User
from design.lifecycle import ContributionStatus
from design.models import Design, GalleryEntry
from design.selectors.contributions import shown_name

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
    """One design of the family, as this viewer may see it.

    Attributes:
        code: Of its link; empty for a private design, of which nothing else is told either.
        title: As the gallery shows it, or as its owner named it.
        author: Who is credited; empty where nobody is named.
        is_here: The design the family was asked for.
        children: What was started from it, oldest first.
    """

    code: str
    title: str
    author: str
    is_here: bool
    is_shown: bool
    is_own: bool
    children: tuple["Relative", ...]


@dataclass(frozen=True, slots=True)
class Family:
    """``count`` designs; ``is_cut`` when there are more than are shown."""

    root: Relative
    count: int
    is_cut: bool


def family_of(design: Design, user: User | None) -> Family:
    """The whole family, nested. Four statements."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [design.pk, DEEPEST])
        (first,) = cursor.fetchone()
        cursor.execute(_ALL, [first, DEEPEST, MOST_NODES + 1])
        rows = [(int(pk), parent) for pk, parent in cursor.fetchall()]
    kept = rows[:MOST_NODES]
    ids = [pk for pk, _parent in kept]
    below: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in kept:
        below[parent].append(pk)
    designs = Design.objects.in_bulk(ids)
    entries = {
        entry.design_id: entry
        for entry in GalleryEntry.objects.filter(
            design__in=ids, status=ContributionStatus.SHOWN
        ).select_related("author")
    }

    def relative(pk: int) -> Relative:
        children = tuple(relative(child) for child in below[pk])
        return _relative(designs[pk], entries.get(pk), children, here=design.pk, user=user)

    return Family(root=relative(first), count=len(kept), is_cut=len(rows) > MOST_NODES)


def _relative(
    design: Design,
    entry: GalleryEntry | None,
    children: tuple[Relative, ...],
    *,
    here: int,
    user: User | None,
) -> Relative:
    is_own = user is not None and design.owner_id == user.pk
    is_here = design.pk == here
    if entry is None and not is_own and not is_here:
        return Relative("", "", "", False, False, False, children)
    return Relative(
        code=design.code,
        title=entry.title if entry else design.name,
        author=shown_name(entry.author) if entry else "",
        is_here=is_here,
        is_shown=entry is not None,
        is_own=is_own,
        children=children,
    )
