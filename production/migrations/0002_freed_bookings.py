"""Bookings that are gone are noted by the database itself, whoever deletes them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

NOTE_FREED = """
CREATE FUNCTION production_note_freed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO production_freedbooking (plant_id, seq, booking)
    SELECT gone.plant_id, plant.booking_seq + 1, gone.id
    FROM gone JOIN production_plant plant ON plant.id = gone.plant_id;
    RETURN NULL;
END $$;
CREATE TRIGGER production_booking_freed AFTER DELETE ON production_booking
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION production_note_freed();
"""
NOTE_NO_MORE = """
DROP TRIGGER production_booking_freed ON production_booking;
DROP FUNCTION production_note_freed();
"""


class Migration(migrations.Migration):
    dependencies = [("production", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FreedBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "seq",
                    models.BigIntegerField(
                        help_text="The plant's booking_seq of the change that freed it."
                    ),
                ),
                ("booking", models.BigIntegerField(help_text="The row that was deleted.")),
                (
                    "freed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="Real time.",
                    ),
                ),
                (
                    "plant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="production.plant",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["plant", "seq"], name="production_freed_seq"),
                    models.Index(fields=["freed_at"], name="production_freed_at"),
                ],
            },
        ),
        migrations.RunSQL(NOTE_FREED, NOTE_NO_MORE),
    ]
