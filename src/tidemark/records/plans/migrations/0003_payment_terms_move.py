"""Payment terms belong to the app of the sanctions, whose only subject they speak of; their table and rows stay."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0002_hold'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='PaymentTerm')],
        ),
    ]
