"""An override is for each single thing that lacked. Earlier proposals name none, so they pass over nothing any more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0003_payment_terms_move'),
    ]

    operations = [
        migrations.AddField(
            model_name='gateoverride',
            name='lacks',
            field=models.JSONField(default=list, help_text='Each single thing that lacked then: it passes over just these.'),
        ),
    ]
