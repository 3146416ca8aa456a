"""Times as pages write them: in UTC, to the minute or to the day, with the exact time for programs."""

from datetime import UTC, date, datetime

from django.template import Library
from django.utils.safestring import SafeString, mark_safe

register = Library()

_TO_THE_MINUTE, _TO_THE_DAY = len("2026-01-31 09:30"), len("2026-01-31")


@register.filter
def moment(time: datetime | None) -> SafeString:
    """Write a time to the minute, where a heading says that times are UTC; nothing for None."""
    return _element(time, _TO_THE_MINUTE)


@register.filter
def moment_utc(time: datetime | None) -> SafeString:
    """Write a time to the minute, and that it is UTC; nothing for None."""
    return _element(time, _TO_THE_MINUTE, " UTC")


@register.filter
def day(time: date | None) -> SafeString:
    """Write a day, or that of a time; nothing for None."""
    return _element(time, _TO_THE_DAY)


def _element(time: date | None, length: int, after: str = "") -> SafeString:
    if not time:
        return mark_safe("")
    exact = time.astimezone(UTC).isoformat() if isinstance(time, datetime) else time.isoformat()
    return mark_safe(f'<time datetime="{exact}">{exact[:length].replace("T", " ")}{after}</time>')
