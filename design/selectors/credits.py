"""Who is credited, and what a page may tell of a design it did not ask for.

A code opens its design, so a page names the code of another design only where everybody has it
already (the gallery shows it, a campaign collects for it), or where the reader may read it anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from design.lifecycle import ContributionStatus
from design.models import Design, GalleryEntry
from design.selectors.contributions import shown_name
from design.selectors.design_access import Reader


@dataclass(frozen=True, slots=True)
class Credit:
    """A design as this reader may see it.

    Attributes:
        code: Of its link; empty for a private design, of which nothing else is told either.
        title: As the gallery shows it, or as its owner named it.
        author: Who is credited; empty where nobody is named.
        is_shown: The gallery shows it.
        is_public: A campaign shows it.
    """

    code: str = ""
    title: str = ""
    author: str = ""
    is_shown: bool = False
    is_public: bool = False
    is_own: bool = False


PRIVATE = Credit()


def credits_of(
    designs: Sequence[Design], reader: Reader, *, here: int | None = None
) -> dict[int, Credit]:
    """By primary key; one statement. ``here`` is the design whose code the reader came with."""
    entries = {
        entry.design_id: entry
        for entry in GalleryEntry.objects.filter(
            design__in=[one.pk for one in designs], status=ContributionStatus.SHOWN
        ).select_related("author")
    }
    return {
        one.pk: _credit(one, entries.get(one.pk), reader, is_here=one.pk == here) for one in designs
    }


def _credit(design: Design, entry: GalleryEntry | None, reader: Reader, *, is_here: bool) -> Credit:
    is_open = entry is not None or design.is_public or is_here or reader.may_read(design)
    if not is_open:
        return PRIVATE
    return Credit(
        code=design.code,
        title=entry.title if entry else design.name,
        author=shown_name(entry.author) if entry else "",
        is_shown=entry is not None,
        is_public=design.is_public,
        is_own=reader.owns(design),
    )


def ancestors_of(design: Design, reader: Reader, most: int = 8) -> list[Credit]:
    """The designs it was started from, the nearest first."""
    found: list[Design] = []
    revision = design.forked_from
    while revision is not None and len(found) < most:
        parent = Design.objects.select_related("forked_from").get(pk=revision.design_id)
        found.append(parent)
        revision = parent.forked_from
    if not found:
        return []
    known = credits_of(found, reader)
    return [known[one.pk] for one in found]


def public_name(design: Design) -> str:
    """What the design is called before strangers: as the gallery shows it, where it was shown.

    Whoever was sent the link of one that never was reads the name its owner gave it.
    """
    entry = GalleryEntry.objects.filter(design=design).first()
    if entry is None:
        return design.name
    return entry.title if entry.is_shown else ""
