from django.db import migrations


def forget_large_previews(apps, schema_editor):
    """Forget the previews of copies that may be as large as their copy; they are made anew when they are asked for."""
    apps.get_model("projects", "Preview").objects.filter(side_px=640).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0005_drill_weaknesses'),
    ]

    operations = [
        migrations.RunPython(forget_large_previews, migrations.RunPython.noop),
    ]
