"""How far a pilot unit has got, for strangers: stages and days, no parcel, no slip, no serial."""

from dataclasses import dataclass
from datetime import datetime

from orders.models import Unit
from production.lifecycle import Stage
from production.selectors.progress import State, progress_of

# What these say beside their name is about the customer: parcel number, expected day at the door.
WITHOUT_NOTE = frozenset({Stage.ON_ITS_WAY, Stage.DELIVERED, Stage.READY})


@dataclass(frozen=True, slots=True)
class PublicStage:
    state: State
    title: str
    note: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicProgress:
    """``headline`` is the present stage in a sentence; empty before the first."""

    headline: str
    stages: tuple[PublicStage, ...]
    time_zone: str
    is_over: bool
    is_cancelled: bool


def public_progress(unit: Unit) -> PublicProgress:
    told = progress_of(unit)
    return PublicProgress(
        headline=told.headline,
        stages=tuple(
            PublicStage(
                state=stage.state,
                title=stage.title,
                note="" if stage.stage in WITHOUT_NOTE else stage.note,
                at=stage.at,
            )
            for stage in told.stages
        ),
        time_zone=told.time_zone,
        is_over=told.is_over,
        is_cancelled=told.stage == Stage.CANCELLED,
    )
