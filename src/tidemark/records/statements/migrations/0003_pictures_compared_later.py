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
        )
    ]
