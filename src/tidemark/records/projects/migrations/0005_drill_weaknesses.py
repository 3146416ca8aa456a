from django.db import migrations, models


def keep_weaknesses(apps, schema_editor):
    """Say of the drills on record what was missed, from their results."""
    runs = apps.get_model("projects", "DrillRun")
    for run in runs.objects.exclude(results=[]).iterator():
        families = {}
        for result in run.results:
            known = families.setdefault(
                result["family"], {"family": result["family"], "tried": 0, "missed": []}
            )
            known["tried"] += 1
            if not result["traced"]:
                known["missed"].append(result["attack"])
        run.weaknesses = [each for each in families.values() if each["missed"]]
        run.save(update_fields=["weaknesses"])


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0004_engagements_are_held'),
    ]

    operations = [
        migrations.AddField(
            model_name='drillrun',
            name='weaknesses',
            field=models.JSONField(default=list, help_text='Of each family with leaks that were not traced: family, tried, and which were missed.'),
        ),
        migrations.RunPython(keep_weaknesses, migrations.RunPython.noop),
    ]
