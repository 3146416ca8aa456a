import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("copies", "0007_taken_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="onwardrequest",
            name="taken_back",
            field=models.DateTimeField(help_text="When the approval was; who gave it stays on record.", null=True),
        ),
        migrations.AddField(
            model_name="onwardrequest",
            name="taken_back_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="onwardrequest",
            name="taken_back_why",
            field=models.TextField(blank=True, max_length=4000),
        ),
    ]
