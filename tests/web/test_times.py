"""Times on pages: to the minute or the day, in UTC, exact for programs."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.template import Context, Template

AT = datetime(2026, 3, 9, 23, 5, 59, 120_000, tzinfo=UTC)
EXACT = "2026-03-09T23:05:59.120000+00:00"


@pytest.mark.parametrize(
    ("written", "time", "said"),
    [
        ("moment", AT, f'<time datetime="{EXACT}">2026-03-09 23:05</time>'),
        ("moment_utc", AT, f'<time datetime="{EXACT}">2026-03-09 23:05 UTC</time>'),
        ("day", AT, f'<time datetime="{EXACT}">2026-03-09</time>'),
        ("day", date(2026, 3, 9), '<time datetime="2026-03-09">2026-03-09</time>'),
        ("day", date(202, 3, 9), '<time datetime="0202-03-09">0202-03-09</time>'),
        ("moment", AT.astimezone(timezone(timedelta(hours=8))), f'<time datetime="{EXACT}">2026-03-09 23:05</time>'),
        ("moment", None, ""),
        ("day", None, ""),
        ('moment|default:"–"', None, "–"),
    ],
)
def test_a_time_is_written_for_people_and_for_programs(written: str, time: date | None, said: str) -> None:
    assert Template(f"{{{{ time|{written} }}}}").render(Context({"time": time})) == said
