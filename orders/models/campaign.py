"""One design, made once enough people want it; and each person's word to take it."""

from django.db import models
from django.db.models import F, Q

from cosmo.lib.ids import new_public_id
from orders.lifecycle import CampaignStatus, PledgeStatus

MOST_UNITS = 3  # of one person: a campaign is for many


class Campaign(models.Model):
    """A frozen design that is made when ``minimum`` people commit before ``closes_at``."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="campaigns"
    )
    seller = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="campaigns"
    )
    revision = models.ForeignKey(
        "design.DesignRevision", on_delete=models.PROTECT, related_name="campaigns"
    )
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=2000)
    minimum = models.PositiveIntegerField(help_text="People without whom nothing is made.")
    maximum = models.PositiveIntegerField(help_text="People with whom it succeeds at once.")
    ladder = models.JSONField(help_text="[[people, percent off], ...], ascending.")
    unit_price = models.DecimalField(max_digits=12, decimal_places=2, help_text="Gross, frozen.")
    currency = models.CharField(max_length=3)
    status = models.CharField(
        max_length=10, choices=CampaignStatus.choices, default=CampaignStatus.COLLECTING
    )
    percent_off = models.DecimalField(
        max_digits=4, decimal_places=1, default=0, help_text="The step reached when it succeeded."
    )
    pilot = models.ForeignKey(
        "orders.Unit",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="A first unit of the owner's that backers may follow.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closes_at = models.DateTimeField(help_text="Real time.")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__gte=2, maximum__gte=F("minimum")),
                name="orders_campaign_minimum",
            )
        ]
        indexes = [
            models.Index(
                fields=["closes_at"],
                condition=Q(status__in=["collecting", "succeeded"]),
                name="orders_campaign_open",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Pledge(models.Model):
    """Somebody's word to take ``quantity`` units if the campaign succeeds. Nothing is charged."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    campaign = models.ForeignKey(
        "orders.Campaign", on_delete=models.PROTECT, related_name="pledges"
    )
    user = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="pledges"
    )
    quantity = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(
        max_length=10, choices=PledgeStatus.choices, default=PledgeStatus.STARTED
    )
    contact = models.JSONField(help_text="Who gets it and where, as of an order; private.")
    terms_version = models.CharField(max_length=20, blank=True)
    terms_accepted_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=16, default="en")
    provider = models.CharField(max_length=40)
    reference = models.CharField(
        max_length=80, unique=True, help_text="The provider's name for what was authorised."
    )
    authorised = models.DecimalField(
        max_digits=12, decimal_places=2, help_text="At most this is ever charged."
    )
    order = models.OneToOneField(
        "orders.Order", on_delete=models.PROTECT, null=True, related_name="pledge"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(
        null=True, help_text="The provider has charged what was authorised, or let go of it."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "user"],
                condition=~Q(status="released"),
                name="orders_pledge_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_UNITS),
                name="orders_pledge_quantity",
            ),
            models.CheckConstraint(
                condition=Q(status="ordered") ^ Q(order=None), name="orders_pledge_order"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "status"], name="orders_pledge_campaign"),
            models.Index(
                fields=["id"],
                condition=Q(settled_at=None, status__in=["ordered", "released"]),
                name="orders_pledge_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"pledge {self.public_id}"

    @property
    def is_live(self) -> bool:
        return self.status != PledgeStatus.RELEASED


class SimulatedAuthorisation(models.Model):
    """What the simulated provider may charge later: its own ledger, apart from ours."""

    reference = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    outcome = models.CharField(
        max_length=10, blank=True, help_text="authorised or refused, once chosen."
    )
    released_at = models.DateTimeField(null=True)
    charge = models.OneToOneField(
        "orders.SimulatedCharge", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(charge=None) | Q(released_at=None),
                name="orders_authorisation_charged_or_released",
            )
        ]

    def __str__(self) -> str:
        return self.reference
