import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_nonce")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="granted_by",
            field=models.ForeignKey(
                help_text="Who gave it, or invited to it; null for the first officer, and where it was not kept.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="accounts.person",
            ),
        ),
    ]
