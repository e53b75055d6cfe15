"""Products and their immutable offers; texts have a life of their own."""

from django.db import models

from cosmo.lib.ids import new_public_id


class Product(models.Model):
    """Something the factory makes to order. What may be chosen stands in its published offer."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="products"
    )
    slug = models.SlugField(unique=True)
    gtin = models.CharField(max_length=14, help_text="GTIN-13 with its check digit.")
    published_offer = models.ForeignKey(
        "design.Offer", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_texts = models.ForeignKey(
        "design.TextBundle", on_delete=models.PROTECT, null=True, related_name="+"
    )
    needs_sign_off = models.BooleanField(
        default=False, help_text="A second person signs off before anything is published."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug


class Offer(models.Model):
    """One immutable document: features, rules, prices, shape. Never changed, only followed."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    product = models.ForeignKey("design.Product", on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the product.")
    document = models.JSONField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the canonical document.")
    published_at = models.DateTimeField()
    diagram = models.ForeignKey(
        "design.OfferDiagram",
        on_delete=models.SET_NULL,
        null=True,
        related_name="offers",
        help_text="Drawn from the document by a worker; never needed for a right answer.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="design_offer_number"),
            models.UniqueConstraint(fields=["product", "content_hash"], name="design_offer_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.product} offer {self.number}"


class TextBundle(models.Model):
    """The words of a product in every language; a corrected typo mints no offer."""

    product = models.ForeignKey("design.Product", on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField()
    document = models.JSONField(help_text="Language code to texts document.")
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="design_texts_number"),
            models.UniqueConstraint(fields=["product", "content_hash"], name="design_texts_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.product} texts {self.number}"
