"""A person's nonce: taken into the ledger, and no more often than a person needs."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tidemark import limits
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.nonce import give_nonce
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf

DIGITS = ("ab" * 16, "cd" * 16)


def _leaves(who: Person) -> int:
    return Leaf.objects.filter(kind=Kind.NONCE_GIVEN, subject=who.pk).count()


def _fill(home: Home, who: Person) -> None:
    for number in range(limits.MAX_NONCES_A_DAY):
        give_nonce(home, who, DIGITS[number % 2], now=NOW + timedelta(minutes=number))


def test_who_alternates_two_nonces_fills_no_ledger(home: Home, desk: Desk) -> None:
    _fill(home, desk["member"])
    last = bytes(desk["member"].nonce)
    for other in (*DIGITS, ""):
        if bytes.fromhex(other) != last:
            with pytest.raises(Refused, match="at most 5 times in 24 hours"):
                give_nonce(home, desk["member"], other, now=NOW + timedelta(hours=1))
    assert _leaves(desk["member"]) == limits.MAX_NONCES_A_DAY
    assert bytes(Person.objects.get(pk=desk["member"].pk).nonce) == last


def test_the_same_nonce_once_more_counts_for_nothing_and_is_never_refused(home: Home, desk: Desk) -> None:
    for _ in range(limits.MAX_NONCES_A_DAY + 1):
        give_nonce(home, desk["member"], DIGITS[0], now=NOW)
    assert _leaves(desk["member"]) == 1
    _fill(home, desk["contact"])
    give_nonce(home, desk["contact"], bytes(desk["contact"].nonce).hex(), now=NOW)


def test_each_person_has_an_allowance_of_its_own_and_a_new_one_a_day_later(home: Home, desk: Desk) -> None:
    _fill(home, desk["member"])
    give_nonce(home, desk["contact"], DIGITS[0], now=NOW + timedelta(hours=1))
    other = DIGITS[limits.MAX_NONCES_A_DAY % 2]
    give_nonce(home, desk["member"], other, now=NOW + timedelta(days=1))
    assert bytes(desk["member"].nonce).hex() == other
