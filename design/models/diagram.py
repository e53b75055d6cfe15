"""The decision diagram of an offer: derived from the document, drawn once by a worker."""

from django.db import models


class OfferDiagram(models.Model):
    """What a worker drew, or is drawing, for the document with this hash.

    Offers point at it once it is drawn. It may be deleted at any time: the solver answers without
    it, and the next sweep draws it again.
    """

    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the offer's document.")
    version = models.PositiveSmallIntegerField(help_text="design.rules.DRAWING when it was drawn.")
    percent = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    nodes = models.PositiveIntegerField(null=True)
    first_answers = models.BinaryField(
        null=True, help_text="The solver's answers to the first clicks, where there is no diagram."
    )
    packed = models.BinaryField(null=True, help_text="Empty where it would have been too large.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_hash", "version"], name="design_diagram_once")
        ]

    def __str__(self) -> str:
        return f"diagram of {self.content_hash[:12]}"
