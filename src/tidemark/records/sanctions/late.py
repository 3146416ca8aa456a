"""What is late of sanctions now: the one rule for mails, pages and the overview. Of money see :mod:`.settle`."""

from datetime import datetime

from django.db.models import QuerySet

from tidemark.records.sanctions.models import OWED, Measure


def is_late(measure: Measure, *, now: datetime) -> bool:
    """Whether the party had to report a measure as done by now, and has not."""
    return measure.is_owed and measure.due is not None and measure.due <= now


def measures_due(*, until: datetime) -> QuerySet[Measure]:
    """Return the measures that the party has to report as done by a time; those until now are late."""
    return Measure.objects.exclude(kind=Measure.Kind.SUSPENSION).filter(state__in=OWED, due__lte=until)
