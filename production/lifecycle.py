"""Statuses on the shop floor and their moves (ISA-95 job states: docs/line-protocol.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkOrderStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Being made")
    HELD = "held", _("Paused")
    COMPLETED = "completed", _("Made, quality check")
    CLOSED = "closed", _("Ready to ship")
    ABORTED = "aborted", _("Aborted")
    CANCELLED = "cancelled", _("Cancelled")


WORK_ORDER_MOVES: dict[str, frozenset[str]] = {
    WorkOrderStatus.PLANNED: frozenset(
        {
            WorkOrderStatus.RUNNING,
            WorkOrderStatus.HELD,
            WorkOrderStatus.ABORTED,
            WorkOrderStatus.CANCELLED,
        }
    ),
    WorkOrderStatus.RUNNING: frozenset(
        {WorkOrderStatus.HELD, WorkOrderStatus.COMPLETED, WorkOrderStatus.ABORTED}
    ),
    WorkOrderStatus.HELD: frozenset(
        {
            WorkOrderStatus.RUNNING,
            WorkOrderStatus.PLANNED,
            WorkOrderStatus.COMPLETED,
            WorkOrderStatus.ABORTED,
            WorkOrderStatus.CANCELLED,
        }
    ),
    WorkOrderStatus.COMPLETED: frozenset({WorkOrderStatus.CLOSED}),
}
# Nothing more happens to these, and no report of them is followed.
FINAL = frozenset({WorkOrderStatus.CLOSED, WorkOrderStatus.ABORTED, WorkOrderStatus.CANCELLED})
# A line may hold a job before its first step: status alone does not say that work has begun.
MAY_BE_UNTOUCHED = frozenset({WorkOrderStatus.PLANNED, WorkOrderStatus.HELD})
LIVE_WORK_ORDER = frozenset(
    {
        WorkOrderStatus.PLANNED,
        WorkOrderStatus.RUNNING,
        WorkOrderStatus.HELD,
        WorkOrderStatus.COMPLETED,
        WorkOrderStatus.CLOSED,
    }
)


class DispatchStatus(models.TextChoices):
    """How far the work order's row, which is its own outbox row, has got to the line."""

    WAITING = "waiting", _("Not due yet")
    DUE = "due", _("To be sent")
    ACCEPTED = "accepted", _("Accepted by the line")
    REJECTED = "rejected", _("Rejected by the line")
    STUCK = "stuck", _("Needs an operator")
    REVIEW = "review", _("Line forgot a running job")


DISPATCH_MOVES: dict[str, frozenset[str]] = {
    DispatchStatus.WAITING: frozenset({DispatchStatus.DUE}),
    DispatchStatus.DUE: frozenset(
        {
            DispatchStatus.ACCEPTED,
            DispatchStatus.REJECTED,
            DispatchStatus.STUCK,
            DispatchStatus.WAITING,
            DispatchStatus.REVIEW,
        }
    ),
    DispatchStatus.ACCEPTED: frozenset({DispatchStatus.DUE, DispatchStatus.REVIEW}),
    DispatchStatus.REJECTED: frozenset({DispatchStatus.DUE}),
    DispatchStatus.STUCK: frozenset({DispatchStatus.DUE, DispatchStatus.ACCEPTED}),
    DispatchStatus.REVIEW: frozenset({DispatchStatus.DUE, DispatchStatus.ACCEPTED}),
}


class OperationStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class HoldStatus(models.TextChoices):
    ACTIVE = "active", _("Kept")
    CONFIRMED = "confirmed", _("Confirmed")
    RELEASED = "released", _("Given back")
    EXPIRED = "expired", _("Expired")


HOLD_MOVES: dict[str, frozenset[str]] = {
    HoldStatus.ACTIVE: frozenset({HoldStatus.CONFIRMED, HoldStatus.RELEASED, HoldStatus.EXPIRED}),
}


class Stage(models.TextChoices):
    """What a customer reads about a unit (docs/line-protocol.md, section 7)."""

    CONFIRMED = "confirmed", _("Order confirmed")
    PLANNED = "planned", _("Planned")
    QUEUED = "queued", _("In the queue")
    NEXT = "next", _("Next on the line")
    RUNNING = "running", _("Being made")
    PAUSED = "paused", _("Paused")
    MADE = "made", _("Made, quality check")
    READY = "ready", _("Ready to ship")
    ON_ITS_WAY = "on_its_way", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    REMAKE = "remake", _("Being made again")
    NEW_DAY = "new_day", _("New day of delivery")
    CANCELLED = "cancelled", _("Cancelled")


class StockMoveKind(models.TextChoices):
    RECEIPT = "receipt", _("Received")
    ISSUE = "issue", _("Issued to a unit")
    SCRAP = "scrap", _("Scrapped")
    ADJUSTMENT = "adjustment", _("Counted")
    HOLD = "hold", _("Kept for a quoted unit")
    CONFIRM = "confirm", _("Kept for a sold unit")
    RELEASE = "release", _("No longer kept")


class ReservationStatus(models.TextChoices):
    """How far a unit's claim on a component has got."""

    HELD = "held", _("Kept with a quote")
    CONFIRMED = "confirmed", _("Kept for a sold unit")
    ISSUED = "issued", _("Used")
    RELEASED = "released", _("Given back")


RESERVATION_MOVES: dict[str, frozenset[str]] = {
    ReservationStatus.HELD: frozenset({ReservationStatus.CONFIRMED, ReservationStatus.RELEASED}),
    ReservationStatus.CONFIRMED: frozenset({ReservationStatus.ISSUED, ReservationStatus.RELEASED}),
}


class ProposalStatus(models.TextChoices):
    OPEN = "open", _("Proposed")
    ACCEPTED = "accepted", _("Ordered")
    DROPPED = "dropped", _("Not needed any more")


PROPOSAL_MOVES: dict[str, frozenset[str]] = {
    ProposalStatus.OPEN: frozenset({ProposalStatus.ACCEPTED, ProposalStatus.DROPPED}),
}


class PurchaseStatus(models.TextChoices):
    OPEN = "open", _("Expected")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


PURCHASE_MOVES: dict[str, frozenset[str]] = {
    PurchaseStatus.OPEN: frozenset({PurchaseStatus.RECEIVED, PurchaseStatus.CANCELLED}),
}


class SlipCause(models.TextChoices):
    """Why a promise cannot be kept; in the customer's words in selectors/reasons.py."""

    BREAKDOWN = "breakdown", _("Breakdown")
    MATERIAL = "material", _("Material late")
    LINE_SILENT = "line_silent", _("Line silent")
    QUALITY = "quality", _("Made again or put right")
    OVERLOAD = "overload", _("Too much work")


class SlipStatus(models.TextChoices):
    OPEN = "open", _("Waiting for the customer")
    WAITED = "waited", _("Customer waits")
    SILENT = "silent", _("Kept, no answer")
    CHANGED = "changed", _("Unit changed")
    REFUNDED = "refunded", _("Money back")
    HEALED = "healed", _("On time again")
    OVER = "over", _("Overtaken")  # the unit was cancelled or delivered first


# What healed can come back for the same cause: it is the same slip again.
SLIP_MOVES: dict[str, frozenset[str]] = {
    SlipStatus.OPEN: frozenset(set(SlipStatus.values) - {SlipStatus.OPEN}),
    SlipStatus.HEALED: frozenset({SlipStatus.OPEN}),
}


class PlanReason(models.TextChoices):
    """What asks for a new plan. What a line does other than planned is told in its own words."""

    ORDER_CONFIRMED = "order confirmed", _("an order was confirmed")
    UNIT_CHANGED = "unit changed", _("a unit was changed")
    UNIT_MADE_AGAIN = "unit made again", _("a unit is made again")
    ORDER_ENDED = "work order ended early", _("a work order ended early")
    OFF_PLAN = "off plan", _("the line works off the plan")
    QUALITY = "quality failed", _("an inspection failed")
    REPORT_LATE = "report late", _("a report is late")
    LINE_SILENT = "line silent", _("a line is silent")
    LINE_BACK = "line back", _("a line speaks again")
    BREAKDOWN = "breakdown", _("a resource broke down")
    MAINTENANCE = "maintenance", _("a resource is maintained")
    DOWNTIME_OVER = "downtime over", _("a resource works again")
    MATERIAL = "material changed", _("material comes at another time")
    RUSH = "rush order", _("a unit is in a rush")
    REPORTED_BY_HAND = "reported by hand", _("somebody reported by hand")
    PLANT_LOADED = "plant document loaded", _("the plant changed")
    ASKED = "asked", _("somebody asked")
    PERIODIC = "periodic", _("regular look")
    IMPROVED = "improved", _("a better plan was found")


class DowntimeKind(models.TextChoices):
    BREAKDOWN = "breakdown", _("Breakdown")
    MAINTENANCE = "maintenance", _("Maintenance")
