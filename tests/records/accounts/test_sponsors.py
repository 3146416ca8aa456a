"""Who brought somebody: by invitations and roles, one after another, as far back as is asked for."""

from datetime import timedelta

from tests.conftest import NOW
from tests.desk import PASSWORD, Desk
from tidemark.records.accounts.invite import accept, invite
from tidemark.records.accounts.sponsors import Brought, Origins, sponsors
from tidemark.records.accounts.standing import deactivate, reactivate, set_roles
from tidemark.records.home import Home

MONTH = timedelta(days=30)


def _by(who: str, role: str = "", *, days: int | None = 1) -> Brought:
    return Brought(who, who, role, None if days is None else NOW - timedelta(days=days))


def _sponsors(brought: dict[str, list[Brought]], *, days: int = 30, until: int | None = None) -> list[str]:
    since = NOW - timedelta(days=days)
    return list(
        sponsors(brought, "me", "legal", since=since, until=None if until is None else NOW - timedelta(days=until))
    )


def test_who_invited_and_who_invited_that_one_are_sponsors_the_nearest_first() -> None:
    assert _sponsors({"me": [_by("a")], "a": [_by("b")], "b": [_by("c")]}) == ["a", "b", "c"]


def test_a_chain_ends_at_who_came_before() -> None:
    assert _sponsors({"me": [_by("a", days=29)], "a": [_by("b", days=30)], "b": [_by("c")]}) == ["a"]


def test_who_gave_the_role_is_a_sponsor_and_who_gave_another_is_not() -> None:
    assert _sponsors({"me": [_by("a", "legal"), _by("b", "officer")]}) == ["a"]


def test_who_gave_a_sponsor_the_role_that_brings_others_is_behind_it() -> None:
    for role, found in (("administrator", ["a", "b"]), ("officer", ["a", "b"]), ("legal", ["a"])):
        assert _sponsors({"me": [_by("a")], "a": [_by("b", role)]}) == found


def test_who_gives_a_role_to_oneself_has_it_from_who_made_that_possible() -> None:
    assert _sponsors({"me": [_by("me", "legal"), _by("a", "administrator")]}) == ["a"]


def test_who_let_somebody_in_again_is_a_sponsor_in_every_role_and_behind_a_sponsor(home: Home, desk: Desk) -> None:
    for who, by, days in (("legal", "officer", 1), ("officer", "administrator", 2)):
        if who == "officer":
            set_roles(desk["administrator"], ["administrator", "officer"], by=desk["officer"], now=NOW - 2 * MONTH)
        deactivate(desk[who], by=desk[by], now=NOW + timedelta(days=days))
        reactivate(home, desk[who], by=desk[by], now=NOW + timedelta(days=days))
    found = Origins().sponsors(desk["legal"].pk, "legal", since=NOW)
    assert list(found) == [desk["officer"].pk, desk["administrator"].pk]
    assert found[desk["officer"].pk].brought.is_again
    assert not Origins().sponsors(desk["legal"].pk, "legal", since=NOW + timedelta(days=1))


def test_two_who_brought_each_other_end() -> None:
    assert _sponsors({"me": [_by("a")], "a": [_by("me", "officer")]}) == ["a"]


def test_a_day_that_is_not_on_record_may_be_any_lately_and_is_none_for_what_is_over() -> None:
    brought = {"me": [_by("a", "legal", days=None)]}
    assert _sponsors(brought) == ["a"]
    assert _sponsors(brought, until=20) == []


def test_what_was_done_later_is_left_out() -> None:
    assert _sponsors({"me": [_by("a", days=10), _by("b", "legal", days=5)]}, until=10) == ["a"]


def test_founders_came_without_an_invitation_and_have_a_role_that_nobody_gave(home: Home, desk: Desk) -> None:  # noqa: ARG001
    sent = invite(desk.owner, name="Wu", email="wu@private.test", roles=["legal"], by=desk["officer"], now=NOW)
    invited = accept(sent.invitation, password=PASSWORD, now=NOW)
    set_roles(desk["communications"], ["officer"], by=desk["administrator"], now=NOW)
    set_roles(desk["legal"], ["legal", "officer"], by=desk["administrator"], now=NOW)
    origins = Origins()
    assert origins.founders == {desk[who].pk for who in ("administrator", "officer", "investigator", "legal")}
    assert list(origins.sponsors(invited.pk, "legal", since=NOW - MONTH)) == [desk["officer"].pk]
    assert list(origins.sponsors(desk["legal"].pk, "officer", since=NOW - MONTH)) == [desk["administrator"].pk]
    assert not origins.sponsors(desk["legal"].pk, "legal", since=NOW - MONTH)
    assert not origins.sponsors(invited.pk, "legal", since=NOW)
