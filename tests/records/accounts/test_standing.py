"""Roles and standing: who may change them, and what the owner is never left without."""

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records.accounts.models import Person, Readmission
from tidemark.records.accounts.standing import deactivate, reactivate, set_roles
from tidemark.records.accounts.tokens import find_token, issue_token
from tidemark.records.check import check
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf


def _again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_roles_take_the_place_of_those_before(desk: Desk) -> None:
    set_roles(desk["member"], ["contact"], by=desk["administrator"], now=NOW)
    assert _again(desk["member"]).roles == {"contact"}


def test_who_keeps_a_role_keeps_from_whom_and_since_when(desk: Desk) -> None:
    set_roles(desk["member"], ["contact"], by=desk["administrator"], now=NOW)
    set_roles(desk["member"], ["contact", "member"], by=desk["officer"], now=NOW + timedelta(days=1))
    given = {each.role: (each.granted_by, each.granted) for each in desk["member"].grants.all()}
    assert given == {
        "contact": (desk["administrator"], NOW),
        "member": (desk["officer"], NOW + timedelta(days=1)),
    }


@pytest.mark.parametrize("who", ["investigator", "legal", "communications", "contact", "member"])
def test_whoever_may_not_manage_people_is_refused(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="Your role"):
        set_roles(desk["member"], ["contact"], by=desk[who], now=NOW)
    with pytest.raises(Refused, match="Your role"):
        deactivate(desk["sibling_contact"], by=desk[who], now=NOW)
    with pytest.raises(Refused, match="Your role"):
        reactivate(home, desk["sibling_contact"], by=desk[who], now=NOW)


def test_a_supplier_has_no_role_of_the_owner(desk: Desk) -> None:
    with pytest.raises(Refused, match="cannot have"):
        set_roles(desk["contact"], ["contact", "officer"], by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="cannot have"):
        set_roles(desk["legal"], ["contact"], by=desk["officer"], now=NOW)
    assert _again(desk["contact"]).roles == {"contact"}


@pytest.mark.parametrize("role", ["administrator", "officer"])
def test_the_last_administrator_and_the_last_officer_stay(desk: Desk, role: str) -> None:
    other = desk["officer" if role == "administrator" else "administrator"]
    with pytest.raises(Refused, match=f"no other active {role}"):
        deactivate(desk[role], by=other, now=NOW)
    with pytest.raises(Refused, match=f"no other active {role}"):
        set_roles(desk[role], ["legal"], by=other, now=NOW)
    set_roles(desk["legal"], [role], by=other, now=NOW)
    deactivate(desk[role], by=other, now=NOW)
    assert not _again(desk[role]).is_active


def test_an_inactive_administrator_counts_for_nothing(desk: Desk) -> None:
    set_roles(desk["legal"], ["administrator"], by=desk["officer"], now=NOW)
    deactivate(desk["legal"], by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="no other active administrator"):
        deactivate(desk["administrator"], by=desk["officer"], now=NOW)


def test_nobody_deactivates_himself(desk: Desk) -> None:
    set_roles(desk["legal"], ["administrator"], by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="yourself"):
        deactivate(desk["administrator"], by=desk["administrator"], now=NOW)


def test_deactivation_ends_sessions_and_tokens_for_good(home: Home, desk: Desk) -> None:
    issued = issue_token(desk["member"], name="n", scopes=["read"], expires=NOW + timedelta(days=9), now=NOW)
    session = desk["member"].get_session_auth_hash()
    deactivate(desk["member"], by=desk["officer"], now=NOW)
    assert not _again(desk["member"]).is_active
    reactivate(home, desk["member"], by=desk["officer"], now=NOW)
    assert _again(desk["member"]).is_active
    assert _again(desk["member"]).get_session_auth_hash() != session
    assert find_token(issued.token, now=NOW) is None


def test_to_let_somebody_in_again_is_one_entry_of_the_ledger_and_to_leave_somebody_in_is_none(
    home: Home, desk: Desk
) -> None:
    reactivate(home, desk["member"], by=desk["officer"], now=NOW)
    assert not Leaf.objects.filter(kind=Kind.PERSON_READMITTED).exists()
    deactivate(desk["member"], by=desk["officer"], now=NOW)
    for _ in range(2):
        reactivate(home, desk["member"], by=desk["officer"], now=NOW)
    row, leaf = Readmission.objects.get(), Leaf.objects.get(kind=Kind.PERSON_READMITTED)
    assert (row.person, row.by, row.time, row.leaf_index) == (desk["member"], desk["officer"], NOW, leaf.index)
    said = {"person": desk["member"].pk, "party": desk["member"].party.name, "by": desk["officer"].pk}
    assert decode(bytes(leaf.data)).body == said


@pytest.mark.parametrize("missing", ["record", "entry"])
def test_check_tells_who_was_let_in_again_by_the_records_or_the_ledger_alone(
    home: Home, desk: Desk, missing: str
) -> None:
    def found() -> dict[str, bool]:
        return {step.detail: step.holds for step in check(home) if "readmission" in step.step}

    deactivate(desk["member"], by=desk["officer"], now=NOW)
    reactivate(home, desk["member"], by=desk["officer"], now=NOW)
    assert list(found().values()) == [True]
    if missing == "record":
        Readmission.objects.all().delete()
    else:
        Readmission.objects.update(leaf_index=7)
    (said,) = found().items()
    assert (f"person {desk['member'].pk}: " in said[0], said[1]) == (True, False)
