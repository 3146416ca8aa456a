"""One retrace for all the lies about one leak: it is a pure function, and takes seconds."""

import pytest

from tests.evidence import affair
from tidemark.evidence import verify


@pytest.fixture(autouse=True)
def _retrace_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "retrace", affair.retraced)
