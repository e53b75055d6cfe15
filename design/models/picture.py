"""Pictures of designs for lists and link previews: derived, drawn once by a worker."""

from django.db import models


class DesignPicture(models.Model):
    """One drawn picture; designs that look the same share it.

    It may be deleted at any time: whoever asks for it has it drawn again.
    """

    offer_hash = models.CharField(max_length=64, help_text="SHA-256 of the offer's document.")
    look_hash = models.CharField(
        max_length=64, help_text="SHA-256 of the selection without what the customer wrote."
    )
    kind = models.CharField(
        max_length=10, choices=[("thumbnail", "thumbnail"), ("preview", "link preview")]
    )
    version = models.PositiveSmallIntegerField(help_text="PICTURE_VERSION when it was drawn.")
    png = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer_hash", "look_hash", "kind", "version"], name="design_picture_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.look_hash[:12]}"
