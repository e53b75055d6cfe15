"""What a line would report about one job, jobresponse.schema.json."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from production.lines.forms import misfit
from production.models import LineReport, WorkOrder
from production.services.inbox import read_received, store_reports
from production.services.reports import apply_reports
from tests.production.fake_line import EPOCH

Body = dict[str, Any]


class Reporter:
    """Counts seq for one job and knows its operations."""

    def __init__(self, work_order: WorkOrder, *, epoch: str = EPOCH) -> None:
        self.work_order = work_order
        self.epoch = epoch
        self.seq = 0
        self.operations = list(
            work_order.operations.select_related("booking__lane__resource").order_by("position")
        )
        self.now: datetime = self.operations[0].booking.period.lower

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def say(self, state: str, **facts: Any) -> Body:
        name, _, sub_state = state.partition("/")
        self.seq += 1
        body: Body = {
            "job": str(self.work_order.public_id),
            "epoch": self.epoch,
            "seq": self.seq,
            "state": name,
            "sub_state": sub_state or None,
            "plant_time": self.now.isoformat().replace("+00:00", "Z"),
            "operation": None,
            "operation_event": None,
            "station": None,
            "step": None,
            "queue_position": None,
            "reason": None,
            "inspection": None,
            "produced": 0,
            "scrap": 0,
            **facts,
        }
        assert misfit("jobresponse", body) == ""
        return body

    def about(self, code: str, event: str | None, state: str = "Running", **facts: Any) -> Body:
        """A report about one operation, at its planned station."""
        number, operation = next(
            (n, one) for n, one in enumerate(self.operations, start=1) if one.code == code
        )
        return self.say(
            state,
            operation=code,
            operation_event=event,
            **{
                "station": operation.booking.lane.resource.code,
                "step": {"number": number, "count": len(self.operations)},
                **facts,
            },
        )

    def queue(self) -> list[Body]:
        return [
            self.say("NotAllowedToStart"),
            self.say("AllowedToStart/Waiting", queue_position=3),
            self.say("AllowedToStart/Waiting", queue_position=2),
            self.say("AllowedToStart/Ready", queue_position=1),
            self.say("AllowedToStart/Loaded"),
        ]

    def make(self, code: str, **facts: Any) -> list[Body]:
        """One operation from its planned start to its planned end."""
        period = next(one for one in self.operations if one.code == code).booking.period
        self.now = max(self.now, period.lower)
        started = self.about(code, "started")
        self.now += period.upper - period.lower
        return [started, self.about(code, "ended", **facts)]

    def finish(self) -> list[Body]:
        completed = self.say("Ended/Completed", produced=1)
        self.later(20)
        return [completed, self.say("Ended/Closed", produced=1)]

    def life(self) -> list[Body]:
        """All of a job's life, with a stop, as planned."""
        said = self.queue()
        for operation in self.operations:
            facts: Body = {}
            if operation.kind == "inspect":
                facts["inspection"] = {"result": "pass", "findings": []}
            said += self.make(operation.code, **facts)
            if operation.code == "saw":
                reason = {"code": "tool_worn", "text": "A worn tool."}
                said.append(self.about("saw", None, "Interrupted/Held", reason=reason))
                self.later(5)
                said.append(self.about("saw", None))
        return said + self.finish()


def store(work_order: WorkOrder, bodies: Sequence[Body]) -> None:
    """Into the inbox, in the order given."""
    received = [read_received(body) for body in bodies]
    store_reports(line=work_order.line, reports=[one for one in received if one])


def deliver(work_order: WorkOrder, bodies: Sequence[Body]) -> WorkOrder:
    """Stored and applied; the work order as it is then."""
    store(work_order, bodies)
    apply_reports(job=work_order.public_id)
    return WorkOrder.objects.get(pk=work_order.pk)


def flags(work_order: WorkOrder) -> list[tuple[int, str]]:
    """Seq and flag of the flagged reports."""
    rows = LineReport.objects.filter(job=work_order.public_id).exclude(flag="").order_by("seq")
    return list(rows.values_list("seq", "flag"))
