"""A case with something final in it, for the statements about it."""

import pytest

import tests.started  # noqa: F401
from tests.desk import Desk
from tests.records.statements.said import decided
from tidemark.records.cases.models import Case
from tidemark.records.home import Home


@pytest.fixture
def case(home: Home, desk: Desk) -> Case:
    return decided(home, desk)
