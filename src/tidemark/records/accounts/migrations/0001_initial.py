

import django.db.models.deletion
import tidemark.records.accounts.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('parties', '0002_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.CharField(default=tidemark.records.accounts.models.new_id, max_length=32, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('email', models.EmailField(help_text='In lower case.', max_length=254, unique=True, verbose_name='e-mail')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', '简体中文')], default='en', max_length=10)),
                ('is_active', models.BooleanField(default=True, help_text='Persons are never deleted: the ledger speaks of them.')),
                ('created', models.DateTimeField()),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='persons', to='parties.party')),
            ],
            options={
                'verbose_name_plural': 'persons',
                'ordering': ('name', 'id'),
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.CharField(default=tidemark.records.accounts.models.new_id, max_length=32, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('token_sha256', models.CharField(help_text='The token itself is shown once.', max_length=64, unique=True)),
                ('scopes', models.JSONField(default=list)),
                ('created', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('last_used', models.DateTimeField(null=True)),
                ('revoked', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-created',),
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.CharField(default=tidemark.records.accounts.models.new_id, max_length=32, primary_key=True, serialize=False)),
                ('token_sha256', models.CharField(help_text="Of the link's secret, which is not kept.", max_length=64, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(max_length=254)),
                ('language', models.CharField(default='en', max_length=10)),
                ('roles', models.JSONField(default=list)),
                ('created', models.DateTimeField()),
                ('expires', models.DateTimeField()),
                ('accepted', models.DateTimeField(null=True)),
                ('withdrawn', models.DateTimeField(null=True)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='invitations', to='parties.party')),
                ('person', models.OneToOneField(null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='invitation', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-created',),
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('administrator', 'administrator'), ('officer', 'officer'), ('investigator', 'investigator'), ('legal', 'legal'), ('communications', 'communications'), ('contact', 'contact'), ('member', 'member')], max_length=20)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'role'), name='one_grant_a_role')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(help_text='Such as `agreement-expires:ID:30`.', max_length=200)),
                ('created', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'reason'), name='one_notice_a_reason')],
            },
        ),
    ]
