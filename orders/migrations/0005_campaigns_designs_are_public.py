"""Designs of campaigns that were opened before designs knew that they are shown."""

from django.db import migrations


def mark(apps, schema_editor):
    shown = apps.get_model("orders", "Campaign").objects.values("revision__design")
    apps.get_model("design", "Design").objects.filter(pk__in=shown).update(is_public=True)


class Migration(migrations.Migration):
    dependencies = [
        ("design", "0009_public_designs"),
        ("orders", "0004_complaints_and_addresses"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
