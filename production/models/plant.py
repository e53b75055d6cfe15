"""A plant, what stands in it, and the lines that work for it."""

from django.db import models
from django.db.models import Q

from cosmo.lib.clock import PlantClock
from cosmo.lib.ids import new_public_id


class Plant(models.Model):
    """A factory with a time of its own. ``event_seq`` is only changed under the plant's lock."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="plants"
    )
    code = models.SlugField(unique=True)
    document = models.JSONField(help_text="The plant document as loaded (cosmo-plant/1).")
    content_hash = models.CharField(max_length=64)
    time_zone = models.CharField(max_length=64)
    clock_origin_plant = models.DateTimeField(help_text="Plant time at the clock's origin.")
    clock_origin_real = models.DateTimeField(help_text="Real time at the clock's origin.")
    clock_factor = models.FloatField(default=1.0, help_text="Plant seconds per real second.")
    clock_seen_real = models.DateTimeField(help_text="Real time the clock was last seen running.")
    booking_seq = models.BigIntegerField(
        default=0, help_text="Changes with every change of bookings, under the plant's lock."
    )
    event_seq = models.BigIntegerField(
        default=0, help_text="Last seq given to a unit event, under the plant's lock."
    )
    material_seq = models.BigIntegerField(
        default=0, help_text="Changes with stock, claims and purchases, under the plant's lock."
    )
    plan_wanted_at = models.DateTimeField(
        null=True, blank=True, help_text="Real time since which a new plan is wanted."
    )
    plan_wanted_for = models.CharField(max_length=80, blank=True, help_text="Why.")
    planned_at = models.DateTimeField(null=True, blank=True, help_text="Real time.")
    planning_until = models.DateTimeField(
        null=True, blank=True, help_text="Lease: real time until which one worker plans it."
    )
    improved_seq = models.BigIntegerField(
        default=-1, help_text="The booking_seq from which a better plan was last looked for."
    )
    downtime_seq = models.BigIntegerField(
        default=0, help_text="Changes with every change of downtimes, under the plant's lock."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clock_factor__gt=0), name="production_plant_clock_factor"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def clock(self) -> PlantClock:
        return PlantClock(
            origin_plant=self.clock_origin_plant,
            origin_real=self.clock_origin_real,
            factor=self.clock_factor,
        )


class WorkCentre(models.Model):
    """A group of like resources."""

    plant = models.ForeignKey(
        "production.Plant", on_delete=models.PROTECT, related_name="work_centres"
    )
    code = models.SlugField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plant", "code"], name="production_workcentre_code")
        ]

    def __str__(self) -> str:
        return f"{self.plant}/{self.code}"


class Line(models.Model):
    """What executes work orders: reached through a connector, known by a key."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="lines")
    code = models.SlugField()
    connector = models.CharField(max_length=20, help_text="A key of COSMO_LINE_CONNECTORS.")
    address = models.CharField(max_length=300, blank=True, help_text="Where it takes job orders.")
    key = models.CharField(max_length=100, unique=True, help_text="Shared secret, whsec_ form.")
    epoch = models.CharField(max_length=64, blank=True, help_text="Id of the line's memory.")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Real time of its last word.")
    silent_since = models.DateTimeField(
        null=True, blank=True, help_text="Its last word before the silence that planning knows of."
    )
    status = models.JSONField(default=dict, help_text="Its last status message.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plant", "code"], name="production_line_code")
        ]

    def __str__(self) -> str:
        return f"{self.plant}/{self.code}"


class Resource(models.Model):
    """One machine or station; one with k lanes works on k units side by side."""

    work_centre = models.ForeignKey(
        "production.WorkCentre", on_delete=models.PROTECT, related_name="resources"
    )
    line = models.ForeignKey("production.Line", on_delete=models.PROTECT, related_name="resources")
    code = models.SlugField()
    position = models.PositiveSmallIntegerField()
    speed_percent = models.PositiveSmallIntegerField(default=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_centre", "code"], name="production_resource_code"
            ),
            models.CheckConstraint(
                condition=Q(speed_percent__gte=1), name="production_resource_speed"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ResourceLane(models.Model):
    """One place on a resource: what a booking books."""

    plant = models.ForeignKey("production.Plant", on_delete=models.PROTECT, related_name="lanes")
    resource = models.ForeignKey(
        "production.Resource", on_delete=models.PROTECT, related_name="lanes"
    )
    number = models.PositiveSmallIntegerField()
    is_retired = models.BooleanField(default=False, help_text="No longer in the plant document.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "number"], name="production_lane_number")
        ]

    def __str__(self) -> str:
        return f"{self.resource}#{self.number}"
