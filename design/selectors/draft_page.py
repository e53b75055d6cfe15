"""What every page of a draft shows beside its own matter: where the draft stands, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.lifecycle import OPEN_DRAFTS, CheckStep, DraftStatus
from design.models import Draft, DraftCheck
from design.selectors.drafts import may_sign, newest_check
from design.selectors.finding_words import SaidFinding, said_findings

_STAGES: tuple[tuple[str, Promise], ...] = (
    (DraftStatus.DRAFT, _("Write")),
    (DraftStatus.CHECKED, _("Check")),
    (DraftStatus.AWAITING, _("Sign off")),
    (DraftStatus.SCHEDULED, _("Wait")),
    (DraftStatus.PUBLISHED, _("Publish")),
)
MOVING = frozenset({DraftStatus.CHECKING, DraftStatus.AWAITING, DraftStatus.SCHEDULED})
_SHOWN_AS = {DraftStatus.CHECKING: DraftStatus.CHECKED}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on the way; ``state`` is is-done, is-current or is-next."""

    label: str | Promise
    state: str


@dataclass(frozen=True, slots=True)
class DraftState:
    """Where a draft stands.

    Attributes:
        check: The newest check of this text; None when the text was edited since.
        key: Changes whenever the panel would look different.
    """

    draft: Draft
    check: DraftCheck | None
    findings: Sequence[SaidFinding]
    stages: tuple[Stage, ...]
    needs_sign_off: bool
    may_sign: bool
    key: str

    @property
    def is_open(self) -> bool:
        return self.draft.status in OPEN_DRAFTS

    @property
    def is_running(self) -> bool:
        return self.draft.status == DraftStatus.CHECKING

    @property
    def moves_by_itself(self) -> bool:
        """Whether somebody else, or the time, moves it on while one looks."""
        return self.draft.status in MOVING

    @property
    def may_publish(self) -> bool:
        return (
            self.draft.status == DraftStatus.CHECKED
            and self.check is not None
            and not self.check.fault_count
        )

    @property
    def refusal(self) -> str:
        """Why it was not published when it was due, in the reader's language."""
        said = gettext(self.draft.refusal) if self.draft.refusal else ""
        return said.replace("%(product)s", self.draft.slug)

    @property
    def step_label(self) -> str | Promise:
        return CheckStep(self.check.step).label if self.check else ""


def draft_state(draft: Draft, user: Any, *, needs_sign_off: bool) -> DraftState:
    check = newest_check(draft)
    if check is not None and check.draft_version != draft.version:
        check = None
    return DraftState(
        draft=draft,
        check=check,
        findings=said_findings(check) if check and check.finished_at else (),
        stages=_stages(draft, needs_sign_off, has_faults=bool(check and check.fault_count)),
        needs_sign_off=needs_sign_off,
        may_sign=draft.status == DraftStatus.AWAITING and may_sign(draft, user),
        key=f"{draft.version}-{draft.status}-{check.pk if check else 0}-"
        f"{check.percent if check else 0}-{check.step if check else ''}",
    )


def _stages(draft: Draft, needs_sign_off: bool, *, has_faults: bool) -> tuple[Stage, ...]:
    status = _SHOWN_AS.get(DraftStatus(draft.status), DraftStatus(draft.status))
    way = [
        (code, label)
        for code, label in _STAGES
        if code == status
        or (
            (code != DraftStatus.AWAITING or needs_sign_off)
            and (code != DraftStatus.SCHEDULED or draft.publish_at is not None)
        )
    ]
    codes = [code for code, _label in way]
    place = codes.index(status) if status in codes else 0
    if draft.status == DraftStatus.CHECKED and not has_faults:
        place += 1  # the check is behind; what comes is current
    states = ("is-done", "is-current", "is-next")
    last = len(way) if status == DraftStatus.PUBLISHED else place
    return tuple(
        Stage(label, states[(number >= last) + (number > last)])
        for number, (_code, label) in enumerate(way)
    )
