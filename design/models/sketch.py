"""What somebody was designing and has not saved."""

from django.db import models
from django.db.models import Q


class Sketch(models.Model):
    """The studio's address where somebody left it; one a product and person, or browser.

    Not a design: nobody else can open it, and the next change takes its place.
    """

    product = models.ForeignKey("design.Product", on_delete=models.CASCADE, related_name="sketches")
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, related_name="sketches"
    )
    browser = models.CharField(
        max_length=32, blank=True, help_text="Random token in the session of who has not signed in."
    )
    address = models.CharField(
        max_length=4000, blank=True, help_text="The studio's query: all answers, and who gave them."
    )
    kept_at = models.DateTimeField(help_text="Real time.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "user"],
                condition=Q(user__isnull=False),
                name="design_sketch_user",
            ),
            models.UniqueConstraint(
                fields=["product", "browser"],
                condition=~Q(browser=""),
                name="design_sketch_browser",
            ),
            models.CheckConstraint(
                condition=Q(user=None, browser__gt="") | Q(user__isnull=False, browser=""),
                name="design_sketch_of_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kept_at"], condition=~Q(browser=""), name="design_sketch_forgotten"
            )
        ]

    def __str__(self) -> str:
        return f"sketch of {self.product_id}"
