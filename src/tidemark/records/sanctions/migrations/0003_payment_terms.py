"""Payment terms come from the app of the plans; their table and rows stay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0003_payment_terms_move'),
        ('sanctions', '0002_suspensions_end_by_the_gate'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='PaymentTerm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('until', models.DateField()),
                        ('text', models.TextField(help_text='What was agreed; the party reads it.', max_length=4000)),
                        ('time', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('sanction', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='payment_terms', to='sanctions.sanction')),
                    ],
                    options={
                        'ordering': ('time', 'id'),
                        'db_table': 'plans_paymentterm',
                    },
                ),
            ],
        ),
    ]
