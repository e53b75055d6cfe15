import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("design", "0003_offer_diagram"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedDesign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Source of the mapping it was read with.", max_length=60
                    ),
                ),
                (
                    "row_name",
                    models.CharField(help_text="What the file calls the design.", max_length=200),
                ),
                (
                    "row_hash",
                    models.CharField(
                        help_text="SHA-256 of everything the row says.", max_length=64
                    ),
                ),
                (
                    "columns",
                    models.JSONField(help_text="Columns without a feature, as in the file."),
                ),
                (
                    "changes",
                    models.JSONField(
                        help_text="What was rounded and repaired, and what the row left open was "
                        "filled with."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "design",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_from",
                        to="design.design",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_designs",
                        to="design.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "source", "row_hash"), name="design_imported_row_once"
                    )
                ],
            },
        ),
    ]
