import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_content_and_ends"),
        ("copies", "0010_made_sub_vendor"),
    ]

    operations = [
        migrations.AddField(
            model_name="copy",
            name="answers_under",
            field=models.ForeignKey(
                help_text="The responsible party's own agreement; null of copies from before it was kept.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="agreements.agreement",
            ),
        ),
    ]
