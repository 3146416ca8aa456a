"""Personal tokens: shown once, kept as a hash, and worth no more than their person."""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.conftest import NOW
from tidemark.errors import Refused

if TYPE_CHECKING:
    from tests.desk import Desk

LATER = NOW + timedelta(days=30)


def test_a_token_is_found_by_its_text_and_only_its_hash_is_kept(desk: "Desk") -> None:
    from tidemark.records.accounts.tokens import find_token, issue_token

    issued = issue_token(desk["officer"], name="PDM", scopes=["release", "read"], expires=LATER, now=NOW)
    assert issued.token.startswith("tdmk_")
    assert len(issued.token) > 40
    assert issued.token not in repr(issued)
    found = find_token(issued.token, now=NOW)
    assert found is not None
    assert found.person == desk["officer"]
    assert found.scopes == ["read", "release"]
    assert found.covers("read")
    assert not found.covers("admin")
    assert found.token_sha256 == hashlib.sha256(issued.token.encode()).hexdigest()


@pytest.mark.parametrize("text", ["", "tdmk_", "tdmk_nobodys", "Bearer x", "tdmk_\udcff"])
def test_a_text_that_is_no_token_finds_nothing(desk: "Desk", text: str) -> None:
    from tidemark.records.accounts.tokens import find_token

    assert desk.persons
    assert find_token(text, now=NOW) is None


def test_a_token_ends_with_its_time_its_revocation_and_its_person(desk: "Desk") -> None:
    from tidemark.records.accounts.tokens import find_token, issue_token, revoke_token

    issued = [issue_token(desk[who], name="n", scopes=["read"], expires=LATER, now=NOW) for who in ("officer", "legal")]
    assert find_token(issued[0].token, now=LATER) is None
    assert find_token(issued[0].token, now=LATER - timedelta(seconds=1)) is not None
    revoke_token(issued[0].row, now=NOW)
    assert find_token(issued[0].token, now=NOW) is None
    desk["legal"].is_active = False
    desk["legal"].save()
    assert find_token(issued[1].token, now=NOW) is None


def test_its_use_is_noted_once_a_minute(desk: "Desk") -> None:
    from tidemark.records.accounts.tokens import find_token, issue_token

    issued = issue_token(desk["contact"], name="n", scopes=["read"], expires=LATER, now=NOW)
    for seconds, noted in ((0, 0), (59, 0), (61, 61)):
        find_token(issued.token, now=NOW + timedelta(seconds=seconds))
        issued.row.refresh_from_db()
        assert issued.row.last_used == NOW + timedelta(seconds=noted)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"scopes": []}, "at least one"),
        ({"scopes": ["read", "root"]}, "does not exist"),
        ({"expires": NOW}, "future"),
        ({"expires": NOW + timedelta(days=367)}, "366 days"),
    ],
)
def test_a_token_without_a_name_a_scope_or_an_end_is_refused(desk: "Desk", given: dict[str, object], said: str) -> None:
    from tidemark.records.accounts.tokens import issue_token

    with pytest.raises(Refused, match=said):
        issue_token(desk["officer"], **{"name": "n", "scopes": ["read"], "expires": LATER, "now": NOW, **given})  # type: ignore[arg-type]


def test_nobody_has_more_than_fifty(desk: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    from tidemark.records.accounts import tokens

    monkeypatch.setattr(tokens, "MOST_A_PERSON", 2)
    first, _ = (
        tokens.issue_token(desk["officer"], name="n", scopes=["read"], expires=LATER, now=NOW) for _ in range(2)
    )
    with pytest.raises(Refused, match="Revoke one"):
        tokens.issue_token(desk["officer"], name="n", scopes=["read"], expires=LATER, now=NOW)
    tokens.revoke_token(first.row, now=NOW)
    tokens.issue_token(desk["officer"], name="n", scopes=["read"], expires=LATER, now=NOW)


def test_every_act_has_its_scope_and_every_scope_its_meaning() -> None:
    from tidemark.records.accounts.roles import Act
    from tidemark.records.accounts.scopes import MEANINGS, Scope, scope_for

    assert {scope_for(act) for act in Act} == set(Scope)
    assert set(MEANINGS) == set(Scope)
