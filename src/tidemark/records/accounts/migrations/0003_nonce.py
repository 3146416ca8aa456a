from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sessions_and_links")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="nonce",
            field=models.BinaryField(
                default=bytes, help_text="What the person contributes to the keys of later copies."
            ),
        ),
    ]
