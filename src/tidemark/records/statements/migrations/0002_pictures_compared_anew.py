"""Pictures of statements that are not issued are compared anew with all that is on record: sightings were not among it."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def have_compared_anew(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Let everything have come after the last comparison, so that the next look makes one."""
    pictures = apps.get_model("statements", "StatementPicture").objects
    pictures.filter(statement__state__in=("prepared", "approved")).update(compared=LONG_AGO)


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial")]

    operations = [migrations.RunPython(have_compared_anew, migrations.RunPython.noop)]
