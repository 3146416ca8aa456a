import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_granted_by"), ("parties", "0002_ledger")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="on_record_at",
            field=models.ForeignKey(
                help_text="Where the address was on record already: nothing was mailed, and the supplier is not told.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="parties.party",
            ),
        ),
    ]
