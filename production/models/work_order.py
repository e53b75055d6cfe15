"""What one unit needs done; frozen when the order is confirmed."""

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from production.lifecycle import LIVE_WORK_ORDER, DispatchStatus, OperationStatus, WorkOrderStatus


class WorkOrder(models.Model):
    """Make this unit. Its public id is the job id at the line; its row is its own outbox row.

    A remake is a further work order of the same unit; at most one is live.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="work_orders"
    )
    line = models.ForeignKey(
        "production.Line", on_delete=models.PROTECT, related_name="work_orders"
    )
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="work_orders")
    engineering = models.ForeignKey(
        "production.Engineering", on_delete=models.PROTECT, related_name="+"
    )
    generation = models.PositiveSmallIntegerField(default=1, help_text="1, then +1 per remake.")
    bom = models.JSONField(help_text="[{component, quantity, unit}], frozen.")
    status = models.CharField(
        max_length=10, choices=WorkOrderStatus.choices, default=WorkOrderStatus.PLANNED
    )
    due_at = models.DateTimeField(help_text="Plant time the last operation must end by.")
    release_at = models.DateTimeField(help_text="Plant time its components are there.")
    change_until = models.DateTimeField(
        null=True,
        help_text="Plant time before which nothing begins, as its customer was told.",
    )
    is_rush = models.BooleanField(default=False, help_text="Goes before others of the plant.")
    chain_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    dispatch = models.CharField(
        max_length=10, choices=DispatchStatus.choices, default=DispatchStatus.WAITING
    )
    next_at = models.DateTimeField(
        null=True, blank=True, help_text="Lease: real time from which the relay may claim it."
    )
    hints = models.PositiveIntegerField(
        default=0, help_text="Hints sent since the line last answered or failed to."
    )
    sending_until = models.DateTimeField(
        null=True, blank=True, help_text="Lease: real time until which one worker calls the line."
    )
    attempts = models.PositiveIntegerField(default=0, help_text="Calls that got no answer.")
    last_error = models.CharField(max_length=300, blank=True)
    sent_plan = models.BigIntegerField(
        default=0, help_text="The plant's booking_seq whose times the line was last told."
    )
    dispatched_at = models.DateTimeField(null=True, blank=True, help_text="Real time of the ack.")

    job_state = models.CharField(max_length=20, blank=True, help_text="ISA-95, last applied.")
    job_sub_state = models.CharField(max_length=20, blank=True)
    job_station = models.CharField(max_length=60, blank=True)
    job_reason = models.CharField(max_length=200, blank=True)
    queue_position = models.PositiveIntegerField(null=True, blank=True)
    applied_epoch = models.CharField(max_length=64, blank=True)
    applied_seq = models.BigIntegerField(default=0, help_text="Last applied seq of that epoch.")
    gap_since = models.DateTimeField(
        null=True, blank=True, help_text="Real time since which a report is missing."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(status__in=sorted(LIVE_WORK_ORDER)),
                name="production_workorder_one_live",
            ),
            models.UniqueConstraint(
                fields=["unit", "generation"], name="production_workorder_generation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(dispatch="due"), name="production_workorder_due"
            ),
            models.Index(fields=["plant", "status"], name="production_workorder_status"),
        ]

    def __str__(self) -> str:
        return f"work order {self.public_id}"


class Operation(models.Model):
    """One step of a work order, with the slot it is planned in (its booking is the capacity)."""

    work_order = models.ForeignKey(
        "production.WorkOrder", on_delete=models.PROTECT, related_name="operations"
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default="make", help_text="make, inspect or pack.")
    work_centre = models.ForeignKey(
        "production.WorkCentre", on_delete=models.PROTECT, related_name="operations"
    )
    alternatives = models.JSONField(help_text="[[resource code, minutes], ...], frozen.")
    after = models.JSONField(default=list, help_text="Codes of the operations before it.")
    set_up_family = models.CharField(max_length=60, blank=True)
    freezes = models.JSONField(default=list, help_text="Features fixed once it has started.")
    status = models.CharField(
        max_length=10, choices=OperationStatus.choices, default=OperationStatus.PLANNED
    )
    started_at = models.DateTimeField(null=True, blank=True, help_text="Plant time, reported.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Plant time, reported.")
    is_pinned = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_order", "position"], name="production_operation_position"
            ),
            models.UniqueConstraint(
                fields=["work_order", "code"], name="production_operation_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_order}: {self.code}"
