from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("copies", "0006_sub_vendor_as_written"),
    ]

    operations = [
        migrations.AlterField(
            model_name="onwardrequest",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "asked"),
                    ("approved", "approved"),
                    ("refused", "refused"),
                    ("taken back", "taken back"),
                    ("withdrawn", "withdrawn"),
                ],
                default="asked",
                max_length=12,
            ),
        ),
    ]
