"""What is computed once for all the lies about one leak."""

from functools import cache

import pytest

from tests.evidence import affair
from tidemark.engine.carriers import image
from tidemark.evidence import recomputed

_look, _observe = cache(image.look), cache(image.observe)


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember what pure functions of a leak and a draft returned: they take seconds, and the lies are about other
    things."""
    monkeypatch.setattr(recomputed, "retrace", affair.retraced)
    monkeypatch.setattr(image, "look", _look)
    monkeypatch.setattr(image, "observe", _observe)
