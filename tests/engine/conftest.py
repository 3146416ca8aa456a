"""The drafts of the engine's tests, each drawn and marked once a session."""

import cv2
import pytest

from tests.engine import workshop
from tests.engine.workshop import Draft


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """OpenCV's threads would only fight with pytest-xdist's."""
    cv2.setNumThreads(1)


@pytest.fixture(scope="session")
def bumper_a() -> Draft:
    return Draft("bumper rev A", workshop.bumper("A"))


@pytest.fixture(scope="session")
def bumper_b() -> Draft:
    return Draft("bumper rev B", workshop.bumper("B"))


@pytest.fixture(scope="session")
def landscape() -> Draft:
    return Draft("landscape", workshop.landscape())


@pytest.fixture(scope="session")
def drawing() -> Draft:
    return Draft("drawing", workshop.drawing())
