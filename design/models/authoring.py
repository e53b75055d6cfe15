"""The life of a document: drafts, what checking them found, and what was published when."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from cosmo.lib.ids import new_public_id
from design.lifecycle import CheckStep, DraftStatus


class Draft(models.Model):
    """A product folder being written: the files as text, comments and all.

    ``version`` goes up with every saved text, so that two windows cannot overwrite each other.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="drafts"
    )
    product = models.ForeignKey(
        "design.Product",
        on_delete=models.PROTECT,
        null=True,
        related_name="drafts",
        help_text="Empty until a new product is published for the first time.",
    )
    slug = models.SlugField(help_text="The product it is for.")
    note = models.CharField(max_length=120, blank=True, help_text="What it changes, in words.")
    files = models.JSONField(help_text="Name in the product folder to text.")
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=16, choices=DraftStatus.choices, default=DraftStatus.DRAFT)
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="drafts")
    editors = models.ManyToManyField(
        "accounts.User", related_name="+", help_text="Everybody who wrote in it; none may sign off."
    )
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_off_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    publish_at = models.DateTimeField(null=True, help_text="Real time; empty for at once.")
    refusal = models.CharField(
        max_length=300, blank=True, help_text="Why it was not published when it was due."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=DraftStatus.SCHEDULED) | Q(publish_at__isnull=False),
                name="design_draft_scheduled_has_time",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "status"], name="design_draft_status"),
            models.Index(
                fields=["publish_at"],
                condition=Q(status=DraftStatus.SCHEDULED),
                name="design_draft_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} draft {self.pk}"


class DraftCheck(models.Model):
    """One look at one version of a draft, step by step; what was done survives the worker."""

    draft = models.ForeignKey("design.Draft", on_delete=models.CASCADE, related_name="checks")
    draft_version = models.PositiveIntegerField()
    live = models.ForeignKey(
        "design.Publication",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="What it was compared with; empty for a product that is not on sale yet.",
    )
    step = models.CharField(max_length=16, choices=CheckStep.choices, default=CheckStep.READ)
    percent = models.PositiveSmallIntegerField(default=0)
    attempt = models.PositiveIntegerField(
        default=0, help_text="Who took it over last may write; an earlier worker may not."
    )
    lease_until = models.DateTimeField(
        null=True, help_text="Real time after which another worker may take it over."
    )
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    is_cancelled = models.BooleanField(default=False, help_text="The draft was edited meanwhile.")
    fault_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    difference = models.JSONField(default=list)
    designs = models.JSONField(default=dict, help_text="How many designs of each kind of effect.")
    cursor = models.BigIntegerField(default=0, help_text="The last design that was tried.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft"],
                condition=Q(finished_at__isnull=True),
                name="design_draftcheck_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=Q(finished_at__isnull=True),
                name="design_draftcheck_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft} v{self.draft_version}"


class DesignEffect(models.Model):
    """What publishing a checked draft would do to one saved design; unchanged ones have no row."""

    class Kind(models.TextChoices):
        PRICE_MOVED = "price", "price moved"
        NEEDS_REPAIR = "repair", "needs repair"

    draft_check = models.ForeignKey(
        "design.DraftCheck", on_delete=models.CASCADE, related_name="effects"
    )
    revision = models.ForeignKey(
        "design.DesignRevision", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    old_total = models.DecimalField(max_digits=12, decimal_places=2)
    new_total = models.DecimalField(max_digits=12, decimal_places=2)
    repair = models.JSONField(
        default=list, help_text="[[feature, answer before, answer after], ...]; null for none."
    )
    rules = models.JSONField(default=list, help_text="Ids of the rules the design would break.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft_check", "revision"], name="design_effect_once")
        ]
        indexes = [models.Index(fields=["draft_check", "kind"], name="design_effect_kind")]

    def __str__(self) -> str:
        return f"{self.revision}: {self.kind}"

    @property
    def moved(self) -> Decimal:
        return self.new_total - self.old_total


class Publication(models.Model):
    """One moment at which something became what customers meet; the newest one is live."""

    class Kind(models.TextChoices):
        LOADED = "loaded", "loaded from a folder"
        DRAFT = "draft", "published from a draft"
        ROLLED_BACK = "rolled_back", "rolled back"

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    product = models.ForeignKey(
        "design.Product", on_delete=models.PROTECT, related_name="publications"
    )
    offer = models.ForeignKey("design.Offer", on_delete=models.PROTECT, related_name="publications")
    texts = models.ForeignKey("design.TextBundle", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    draft = models.OneToOneField(
        "design.Draft", on_delete=models.PROTECT, null=True, related_name="publication"
    )
    rolled_back_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+"
    )
    files = models.JSONField(
        default=dict, help_text="The files as they were written; empty where they are not known."
    )
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_off_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["product", "-id"], name="design_publication_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_off_by__isnull=True)
                | ~Q(signed_off_by=models.F("published_by")),
                name="design_publication_two_people",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.kind} {self.pk}"
