"""A picture is compared in the background, after it was laid to a statement."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("statements", "0002_pictures_compared_anew")]

    operations = [
        migrations.AlterField(
            model_name="statementpicture",
            name="compared",
            field=models.DateTimeField(
                help_text="When it was last compared with what is on record; null: not yet.", null=True
            ),
        ),
        migrations.AddField(
            model_name="statementpicture",
            name="known",
            field=models.JSONField(
                default=dict, help_text="With what it was compared: ids, by draft, leak and sighting."
            ),
        ),
        migrations.AddField(
            model_name="statementpicture",
            name="fault",
            field=models.TextField(blank=True, default="", help_text="Why it could not be compared."),
            preserve_default=False,
        ),
    ]
