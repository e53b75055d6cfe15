"""One report of a line, read from jobresponse.schema.json."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from production.lines.forms import misfit


@dataclass(frozen=True, slots=True)
class JobReport:
    """What happened to one job.

    Attributes:
        state, sub_state: ISA-95, of the job after this.
        plant_time: When, by the line.
        event: ``started``, ``ended`` or ``failed`` of ``operation``; empty for none.
        step: (number, count) of the operation.
        is_passed: Of an inspection; None where there was none.
    """

    state: str
    sub_state: str
    plant_time: datetime
    operation: str = ""
    event: str = ""
    station: str = ""
    step: tuple[int, int] | None = None
    queue_position: int | None = None
    reason_code: str = ""
    reason_text: str = ""
    is_passed: bool | None = None
    findings: Sequence[Mapping[str, str]] = ()

    @property
    def name(self) -> str:
        return f"{self.state}/{self.sub_state}" if self.sub_state else self.state


def read_report(body: Mapping[str, Any]) -> JobReport:
    """The report in ``body``.

    Raises:
        ValueError: it does not follow the schema; the sentence says where.
    """
    wrong = misfit("jobresponse", body)
    if wrong:
        raise ValueError(wrong)
    reason, step, inspection = body["reason"] or {}, body["step"], body["inspection"]
    return JobReport(
        state=body["state"],
        sub_state=body["sub_state"] or "",
        plant_time=datetime.fromisoformat(body["plant_time"]),
        operation=body["operation"] or "",
        event=body["operation_event"] or "",
        station=body["station"] or "",
        step=(step["number"], step["count"]) if step else None,
        queue_position=body["queue_position"],
        reason_code=reason.get("code", ""),
        reason_text=reason.get("text", ""),
        is_passed=inspection["result"] == "pass" if inspection else None,
        findings=inspection["findings"] if inspection else (),
    )
