"""Somebody's saved selection and its frozen states."""

from django.db import models

from cosmo.lib.ids import new_public_id, short_code


class Design(models.Model):
    """A saved selection with a short link. Whoever has the link may look and start from it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(max_length=16, default=short_code, unique=True, editable=False)
    product = models.ForeignKey("design.Product", on_delete=models.PROTECT, related_name="designs")
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="designs"
    )
    partner = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="designs",
    )
    name = models.CharField(max_length=80, blank=True)
    is_public = models.BooleanField(
        default=False, help_text="A campaign shows it to everybody, under its name."
    )
    forked_from = models.ForeignKey(
        "design.DesignRevision", on_delete=models.SET_NULL, null=True, related_name="forks"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["partner", "id"], name="design_design_partner")]

    def __str__(self) -> str:
        return self.code


class DesignRevision(models.Model):
    """One frozen state of a design: what was chosen, and the full selection it came to."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    design = models.ForeignKey("design.Design", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60, blank=True, help_text="Given by its owner; may change.")
    offer = models.ForeignKey("design.Offer", on_delete=models.PROTECT, related_name="revisions")
    choices = models.JSONField(help_text="Answers given, oldest first: [[feature, answer], ...].")
    selection = models.JSONField(help_text="Every feature's answer, given or completed.")
    selection_hash = models.CharField(
        max_length=64, help_text="SHA-256 of the canonical selection."
    )
    said_date = models.DateField(
        null=True, help_text="Day of delivery that was said when it was saved; promised to nobody."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["design", "number"], name="design_revision_number")
        ]
        indexes = [models.Index(fields=["offer", "selection_hash"], name="design_revision_hash")]

    def __str__(self) -> str:
        return f"{self.design} r{self.number}"
