from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("copies", "0009_taken_back_apart"),
    ]

    operations = [
        migrations.AddField(
            model_name="onwardrequest",
            name="made_sub_vendor",
            field=models.BooleanField(default=False, help_text="Whether the party was not on record before."),
        ),
    ]
