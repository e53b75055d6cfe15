"""What people show each other: designs, ideas, comments; and the votes on them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cosmo.lib.ids import new_public_id
from design.lifecycle import ColourFamily, ContributionKind, ContributionStatus, IdeaStage


class Contributor(models.Model):
    """A person as others see them: a name they chose, never their address."""

    user = models.OneToOneField(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="contributor"
    )
    name = models.CharField(max_length=40, help_text="Shown to everybody; empty once forgotten.")
    is_known = models.BooleanField(
        default=False, help_text="A moderator has approved something of theirs."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=~Q(name=""), name="design_contributor_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Contribution(models.Model):
    """What an entry, an idea and a comment have in common: who, whether it is shown, votes."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=ContributionKind.choices)
    author = models.ForeignKey(
        "design.Contributor", on_delete=models.PROTECT, related_name="contributions"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose product it is about, and who moderates it; empty for an idea of none.",
    )
    status = models.CharField(max_length=10, choices=ContributionStatus.choices)
    votes = models.PositiveIntegerField(default=0, help_text="Kept with the rows of Vote.")
    created_at = models.DateTimeField(auto_now_add=True)
    shown_at = models.DateTimeField(null=True, help_text="Real time it was first shown.")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "status", "-shown_at"], name="design_contribution_new"),
            models.Index(fields=["kind", "status", "-votes"], name="design_contribution_votes"),
            models.Index(fields=["author", "created_at"], name="design_contribution_rate"),
            models.Index(
                fields=["id"], condition=Q(status="waiting"), name="design_contribution_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_shown(self) -> bool:
        return self.status == ContributionStatus.SHOWN


class Idea(Contribution):
    """Something somebody would like to be made; a designer may take it up."""

    title = models.CharField(max_length=80)
    text = models.TextField(max_length=2000)
    product = models.ForeignKey(
        "design.Product", on_delete=models.PROTECT, null=True, related_name="ideas"
    )
    stage = models.CharField(max_length=8, choices=IdeaStage.choices, default=IdeaStage.OPEN)
    designer = models.ForeignKey(
        "design.Contributor", on_delete=models.PROTECT, null=True, related_name="taken_up"
    )

    def __str__(self) -> str:
        return self.title


class GalleryEntry(Contribution):
    """One frozen revision of a design that its owner shows to everybody.

    Product, price and colour follow from the revision for ever; they stand here to be asked for.
    """

    design = models.OneToOneField(
        "design.Design", on_delete=models.PROTECT, related_name="gallery_entry"
    )
    revision = models.ForeignKey(
        "design.DesignRevision", on_delete=models.PROTECT, related_name="+"
    )
    product = models.ForeignKey(
        "design.Product", on_delete=models.PROTECT, related_name="gallery_entries"
    )
    title = models.CharField(max_length=60)
    story = models.TextField(max_length=600, blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, help_text="Gross.")
    currency = models.CharField(max_length=3)
    colour = models.CharField(max_length=8, choices=ColourFamily.choices)
    from_idea = models.ForeignKey(
        "design.Idea", on_delete=models.SET_NULL, null=True, related_name="entries"
    )

    class Meta:
        indexes = [
            models.Index(fields=["product", "price"], name="design_entry_product_price"),
            models.Index(fields=["colour"], name="design_entry_colour"),
        ]

    def __str__(self) -> str:
        return self.title


class Comment(Contribution):
    """A few plain words about an entry or an idea."""

    about = models.ForeignKey(
        "design.Contribution", on_delete=models.PROTECT, related_name="comments"
    )
    text = models.TextField(max_length=1000)

    def __str__(self) -> str:
        return self.text[:40]


class Vote(models.Model):
    """One person's vote for one entry or idea."""

    contribution = models.ForeignKey(
        "design.Contribution", on_delete=models.PROTECT, related_name="ballots"
    )
    voter = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Empty once the account is gone; the vote still counts.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "voter"], name="design_vote_once")
        ]

    def __str__(self) -> str:
        return f"vote for {self.contribution_id}"
