from django.db import migrations, models


def as_on_record(apps, schema_editor):
    """Who asked before has read the name as it is on record; nothing else is known any more."""
    for request in apps.get_model("copies", "OnwardRequest").objects.select_related("sub_vendor").iterator():
        request.sub_vendor_name = request.sub_vendor.name
        request.save(update_fields=["sub_vendor_name"])


class Migration(migrations.Migration):
    dependencies = [
        ("copies", "0005_kept_copies"),
    ]

    operations = [
        migrations.AddField(
            model_name="onwardrequest",
            name="sub_vendor_name",
            field=models.CharField(default="", help_text="As the asking party wrote it.", max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(as_on_record, migrations.RunPython.noop),
    ]
