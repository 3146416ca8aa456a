"""A party is added once, however its name is spelt."""

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.errors import Refused
from tidemark.records.parties.add import add_party


def test_a_new_party_is_remembered(desk: Desk) -> None:
    assert add_party("  Vellmar   Süd ", by=desk["officer"], now=NOW).name == "Vellmar Süd"


def test_a_known_name_and_no_name_are_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="on record already"):
        add_party(desk.supplier.name.upper(), by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="name"):
        add_party("\u200b", by=desk["officer"], now=NOW)


@pytest.mark.parametrize("who", ["legal", "contact"])
def test_whoever_may_not_manage_people_adds_none(desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="Your role"):
        add_party("Neu", by=desk[who], now=NOW)
