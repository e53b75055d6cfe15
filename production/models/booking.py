"""The only record of capacity: rows of (lane, period, owner). One table, one safety net."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cosmo.lib.ids import new_public_id
from production.lifecycle import HoldStatus


class Hold(models.Model):
    """Capacity kept for one quoted order until it expires (real time)."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="holds")
    status = models.CharField(max_length=10, choices=HoldStatus.choices, default=HoldStatus.ACTIVE)
    expires_at = models.DateTimeField(help_text="Real time.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="active"), name="production_hold_one_active"
            )
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(status="active"), name="production_hold_expiry"
            )
        ]

    def __str__(self) -> str:
        return f"hold of {self.order} until {self.expires_at:%H:%M:%S}"


class HeldUnit(models.Model):
    """What was said of one unit when its capacity was held, so that confirming repeats it exactly.

    The engineering is immutable and the order line keeps the selection, so both together give
    the operations that were placed, even if newer engineering is published meanwhile.
    """

    hold = models.ForeignKey(
        "production.Hold", on_delete=models.PROTECT, related_name="units", db_index=False
    )
    unit = models.ForeignKey("orders.Unit", on_delete=models.PROTECT, related_name="+")
    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    engineering = models.ForeignKey(
        "production.Engineering", on_delete=models.PROTECT, related_name="+"
    )
    promise_date = models.DateField(help_text="Day of delivery at the customer, of the line.")
    due_at = models.DateTimeField(help_text="Plant time the last operation must end by.")
    buffer_min = models.PositiveIntegerField(
        default=0, help_text="Plant minutes of it that were learnt: Engineering.learnt_buffer_min."
    )
    material_at = models.DateTimeField(
        null=True, help_text="Plant time its components are expected; null: they are there."
    )
    change_until = models.DateTimeField(
        null=True,
        help_text="Plant time before which nothing begins, as its customer was told.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "unit"], name="production_heldunit_once")
        ]
        indexes = [models.Index(fields=["plant", "hold"], name="production_heldunit_plant")]

    def __str__(self) -> str:
        return f"{self.unit} for {self.promise_date}"


class Booking(models.Model):
    """A period (plant time, half open) of one lane that belongs to a hold or to an operation.

    A hold's booking counts the worst set-up; a published plan's counts the real one. A running
    operation's begins when it began; one that is done keeps the part that lies in the past.

    Every index is written with every booking, under the plant's lock: keys that an index of a
    constraint or of several columns begins with have none of their own.
    """

    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    lane = models.ForeignKey(
        "production.ResourceLane", on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    second_lane = models.ForeignKey(
        "production.ResourceLane",
        on_delete=models.PROTECT,
        null=True,
        related_name="second_bookings",
        db_index=False,
        help_text="Of the crew that works there; crews book nothing else.",
    )
    period = DateTimeRangeField(help_text="Plant time, [start, end): set-up and run.")
    set_up_min = models.PositiveIntegerField(help_text="Of the period, at its beginning.")
    set_up_family = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(
        "orders.Unit", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    operation_code = models.CharField(max_length=60)
    hold = models.ForeignKey(
        "production.Hold", on_delete=models.PROTECT, null=True, related_name="bookings"
    )
    operation = models.OneToOneField(
        "production.Operation", on_delete=models.PROTECT, null=True, related_name="booking"
    )
    seq = models.BigIntegerField(help_text="The plant's booking_seq of the change that wrote it.")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="production_booking_no_overlap",
                expressions=[
                    (F("lane"), RangeOperators.EQUAL),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="production_booking_one_crew",
                expressions=[
                    (F("second_lane"), RangeOperators.EQUAL),
                    (F("period"), RangeOperators.OVERLAPS),
                ],
                condition=Q(second_lane__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(hold__isnull=False, operation__isnull=True)
                | Q(hold__isnull=True, operation__isnull=False),
                name="production_booking_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False), name="production_booking_not_empty"
            ),
        ]
        indexes = [
            models.Index(fields=["plant", "seq"], name="production_booking_seq"),
            models.Index(fields=["unit"], name="production_booking_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.lane} {self.period}"


class FreedBooking(models.Model):
    """That a booking is gone, for indexes of free time that follow the bookings by ``seq``.

    Written by a trigger of the database in the statement that deletes, so that no way of deleting
    can forget it; rows are kept a day, and whoever has not looked for longer reads all anew.
    """

    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seq = models.BigIntegerField(help_text="The plant's booking_seq of the change that freed it.")
    booking = models.BigIntegerField(help_text="The row that was deleted.")
    freed_at = models.DateTimeField(db_default=Now(), help_text="Real time.")

    class Meta:
        indexes = [
            models.Index(fields=["plant", "seq"], name="production_freed_seq"),
            models.Index(fields=["freed_at"], name="production_freed_at"),
        ]

    def __str__(self) -> str:
        return f"booking {self.booking} freed by change {self.seq}"
