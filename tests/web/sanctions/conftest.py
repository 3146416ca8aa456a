"""The tests here import models at their top, and the faces' clock is the desk's, a day on."""

from datetime import timedelta

import pytest
from django.utils import timezone

import tests.started  # noqa: F401
from tests.desk import NOW


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
