from django.db import migrations, models


def date_from_invitations(apps, schema_editor):
    """A role that who invited had given with the invitation is as old as its acceptance; of others no date is known."""
    for invitation in apps.get_model("accounts", "Invitation").objects.exclude(person=None).exclude(accepted=None):
        given = invitation.person.grants.filter(granted_by=invitation.invited_by, role__in=invitation.roles)
        given.exclude(granted_by=None).update(granted=invitation.accepted)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_on_record_at")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="granted",
            field=models.DateTimeField(help_text="When it was given; null where it was not kept.", null=True),
        ),
        migrations.RunPython(date_from_invitations, migrations.RunPython.noop),
    ]
