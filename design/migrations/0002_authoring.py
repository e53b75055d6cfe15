from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cosmo.lib.ids


def record_present_publications(apps: Any, schema_editor: Any) -> None:
    """What is on sale already gets the moment it was published, so that one can return to it."""
    product_model = apps.get_model("design", "Product")
    publication_model = apps.get_model("design", "Publication")
    on_sale = product_model.objects.filter(
        published_offer__isnull=False, published_texts__isnull=False
    ).select_related("published_offer", "published_texts")
    for product in on_sale.iterator():
        publication_model.objects.create(
            product=product,
            offer=product.published_offer,
            texts=product.published_texts,
            kind="loaded",
            at=max(product.published_offer.published_at, product.published_texts.published_at),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("design", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="product",
            name="needs_sign_off",
            field=models.BooleanField(
                default=False, help_text="A second person signs off before anything is published."
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=cosmo.lib.ids.new_public_id, editable=False, unique=True
                    ),
                ),
                ("slug", models.SlugField(help_text="The product it is for.")),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="What it changes, in words.", max_length=120
                    ),
                ),
                ("files", models.JSONField(help_text="Name in the product folder to text.")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("awaiting", "Waiting for sign-off"),
                            ("scheduled", "Scheduled"),
                            ("published", "Published"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                (
                    "publish_at",
                    models.DateTimeField(help_text="Real time; empty for at once.", null=True),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        help_text="Why it was not published when it was due.",
                        max_length=300,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "editors",
                    models.ManyToManyField(
                        help_text="Everybody who wrote in it; none may sign off.",
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        help_text="Empty until a new product is published for the first time.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="design.product",
                    ),
                ),
                (
                    "signed_off_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("draft_version", models.PositiveIntegerField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("read", "Reading the documents"),
                            ("rules", "Looking at the rules"),
                            ("compare", "Comparing with what is published"),
                            ("designs", "Trying every saved design"),
                            ("done", "Done"),
                        ],
                        default="read",
                        max_length=16,
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                (
                    "attempt",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Who took it over last may write; an earlier worker may not.",
                    ),
                ),
                (
                    "lease_until",
                    models.DateTimeField(
                        help_text="Real time after which another worker may take it over.",
                        null=True,
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "is_cancelled",
                    models.BooleanField(default=False, help_text="The draft was edited meanwhile."),
                ),
                ("fault_count", models.PositiveIntegerField(default=0)),
                ("warning_count", models.PositiveIntegerField(default=0)),
                ("findings", models.JSONField(default=list)),
                ("difference", models.JSONField(default=list)),
                (
                    "designs",
                    models.JSONField(
                        default=dict, help_text="How many designs of each kind of effect."
                    ),
                ),
                (
                    "cursor",
                    models.BigIntegerField(default=0, help_text="The last design that was tried."),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="design.draft",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DesignEffect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("price", "price moved"), ("repair", "needs repair")], max_length=8
                    ),
                ),
                ("old_total", models.DecimalField(decimal_places=2, max_digits=12)),
                ("new_total", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "repair",
                    models.JSONField(
                        default=list,
                        help_text="[[feature, answer before, answer after], ...]; null for none.",
                    ),
                ),
                (
                    "rules",
                    models.JSONField(
                        default=list, help_text="Ids of the rules the design would break."
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="design.designrevision",
                    ),
                ),
                (
                    "draft_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="design.draftcheck",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=cosmo.lib.ids.new_public_id, editable=False, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("loaded", "loaded from a folder"),
                            ("draft", "published from a draft"),
                            ("rolled_back", "rolled back"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "files",
                    models.JSONField(
                        default=dict,
                        help_text="The files as they were written; empty where they are not known.",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "draft",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="design.draft",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="design.offer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="design.product",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rolled_back_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="design.publication",
                    ),
                ),
                (
                    "signed_off_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "texts",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="design.textbundle",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="draftcheck",
            name="live",
            field=models.ForeignKey(
                help_text="What it was compared with; empty for a product that is not on sale yet.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="design.publication",
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["organisation", "status"], name="design_draft_status"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("status", "scheduled")),
                fields=["publish_at"],
                name="design_draft_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "scheduled"), _negated=True),
                    ("publish_at__isnull", False),
                    _connector="OR",
                ),
                name="design_draft_scheduled_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="designeffect",
            index=models.Index(fields=["draft_check", "kind"], name="design_effect_kind"),
        ),
        migrations.AddConstraint(
            model_name="designeffect",
            constraint=models.UniqueConstraint(
                fields=("draft_check", "revision"), name="design_effect_once"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["product", "-id"], name="design_publication_newest"),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_off_by__isnull", True),
                    models.Q(("signed_off_by", models.F("published_by")), _negated=True),
                    _connector="OR",
                ),
                name="design_publication_two_people",
            ),
        ),
        migrations.AddIndex(
            model_name="draftcheck",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", True)),
                fields=["lease_until"],
                name="design_draftcheck_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("draft",),
                name="design_draftcheck_one_open",
            ),
        ),
        migrations.RunPython(record_present_publications, migrations.RunPython.noop),
    ]
