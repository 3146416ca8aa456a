

import django.db.models.deletion
import tidemark.records.accounts.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('parties', '0002_ledger'),
        ('projects', '0002_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bidder',
            fields=[
                ('id', models.CharField(default=tidemark.records.accounts.models.new_id, max_length=32, primary_key=True, serialize=False)),
                ('invited', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('pending', 'pending'), ('won', 'won'), ('lost', 'lost'), ('declined', 'declined')], default='pending', max_length=12)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='biddings', to='parties.party')),
            ],
            options={
                'ordering': ('party__name',),
            },
        ),
        migrations.CreateModel(
            name='Bid',
            fields=[
                ('id', models.CharField(default=tidemark.records.accounts.models.new_id, max_length=32, primary_key=True, serialize=False)),
                ('note', models.TextField(blank=True, max_length=4000, verbose_name='note')),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('handed_in', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bidder', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='bids', to='rounds.bidder')),
            ],
            options={
                'ordering': ('-handed_in',),
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('means', models.CharField(choices=[('returned', 'returned'), ('destroyed', 'destroyed')], max_length=12)),
                ('statement', models.TextField(blank=True, max_length=4000)),
                ('certified', models.DateTimeField()),
                ('leaf_index', models.PositiveBigIntegerField(help_text='Of its entry in the ledger.')),
                ('bidder', models.OneToOneField(on_delete=django.db.models.deletion.RESTRICT, related_name='certificate', to='rounds.bidder')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.CharField(default=tidemark.records.accounts.models.new_id, max_length=32, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('closes', models.DateTimeField(verbose_name='closes')),
                ('state', models.CharField(choices=[('prepared', 'prepared'), ('open', 'open'), ('closed', 'closed')], default='prepared', max_length=12)),
                ('created', models.DateTimeField()),
                ('closed', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafts', models.ManyToManyField(related_name='rounds', to='projects.draft')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='rounds', to='projects.project')),
            ],
            options={
                'ordering': ('-closes',),
            },
        ),
        migrations.AddField(
            model_name='bidder',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='bidders', to='rounds.round'),
        ),
        migrations.AddConstraint(
            model_name='bidder',
            constraint=models.UniqueConstraint(fields=('round', 'party'), name='one_invitation_a_party'),
        ),
    ]
