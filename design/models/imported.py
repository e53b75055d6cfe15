"""Where designs from files came from."""

from django.db import models


class ImportedDesign(models.Model):
    """The row of a file behind a design. The same row again is known by its content."""

    design = models.OneToOneField(
        "design.Design", on_delete=models.PROTECT, related_name="imported_from"
    )
    product = models.ForeignKey(
        "design.Product", on_delete=models.PROTECT, related_name="imported_designs"
    )
    source = models.CharField(max_length=60, help_text="Source of the mapping it was read with.")
    row_name = models.CharField(max_length=200, help_text="What the file calls the design.")
    row_hash = models.CharField(max_length=64, help_text="SHA-256 of everything the row says.")
    columns = models.JSONField(help_text="Columns without a feature, as in the file.")
    changes = models.JSONField(
        help_text="What was rounded and repaired, and what the row left open was filled with."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "source", "row_hash"], name="design_imported_row_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.row_name}"
