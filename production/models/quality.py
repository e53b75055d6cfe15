"""What an inspection found."""

from django.db import models


class Inspection(models.Model):
    """The result of one inspect operation."""

    work_order = models.ForeignKey(
        "production.WorkOrder", on_delete=models.PROTECT, related_name="inspections"
    )
    report = models.OneToOneField(
        "production.LineReport", on_delete=models.PROTECT, related_name="inspection"
    )
    operation_code = models.CharField(max_length=60)
    is_passed = models.BooleanField()
    findings = models.JSONField(default=list)
    plant_time = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.work_order} {'passed' if self.is_passed else 'failed'}"
