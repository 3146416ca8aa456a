from django.db import migrations
from django.db.models import F


def keep_apart(apps, schema_editor):
    """What was written over the approval is of the taking back. Who had approved is not on record any more."""
    rows = apps.get_model("copies", "OnwardRequest").objects.filter(state="taken back")
    rows.update(taken_back=F("decided"), taken_back_by=F("decided_by"), taken_back_why=F("decision"))
    rows.update(decided=None, decided_by=None, decision="")


class Migration(migrations.Migration):
    dependencies = [
        ("copies", "0008_who_took_back"),
    ]

    operations = [
        migrations.RunPython(keep_apart, migrations.RunPython.noop),
    ]
