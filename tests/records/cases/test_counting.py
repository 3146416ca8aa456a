"""Approvals count as long as their givers have the role, and two persons are two if neither brought the other."""

from datetime import timedelta

import pytest

from tests.desk import NOW, PASSWORD, Desk, person
from tests.records.cases.played import LATER, copy_of, kinds, leak_of, opened
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.invite import accept, invite
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.accounts.standing import deactivate, reactivate, set_roles
from tidemark.records.cases.allege import (
    approve_override,
    content_of,
    edit,
    prepare_override,
    put,
    subject_of,
)
from tidemark.records.cases.approvals import approvals_of
from tidemark.records.cases.counting import Counted
from tidemark.records.cases.models import Allegation, Approval
from tidemark.records.home import Home


def _override(home: Home, desk: Desk) -> Allegation:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)], verdict="suspected"))
    made = prepare_override(home, case, desk.supplier, reason="Two experts.", by=desk["legal"], now=NOW)
    edit(home, made, summary="The metadata.", answer_by=made.answer_by, by=desk["officer"], now=NOW)
    return made


def _approved(home: Home, desk: Desk) -> Allegation:
    made = _override(home, desk)
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)
    return made


def _given(allegation: Allegation, *, is_over: bool = False) -> Counted:
    return approvals_of(subject_of(allegation), content_of(allegation), is_over=is_over)


def _invited(desk: Desk, who: str, role: Role, *, by: Person) -> Person:
    """Have somebody come by an invitation."""
    sent = invite(desk.owner, name=who, email=f"{who}@private.test", roles=[role], by=by, now=NOW).invitation
    return accept(sent, password=PASSWORD, now=NOW)


def _again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("what", ["deactivated", "another role"])
def test_the_approval_of_somebody_who_was_shut_out_or_lost_the_role_counts_for_nothing(
    home: Home, desk: Desk, what: str
) -> None:
    made = _approved(home, desk)
    if what == "deactivated":
        deactivate(desk["legal"], by=desk["administrator"], now=NOW)
    else:
        set_roles(desk["legal"], [Role.INVESTIGATOR], by=desk["administrator"], now=NOW)
    said = "is deactivated" if what == "deactivated" else "is not legal any more"
    with pytest.raises(Refused, match=f"missing: legal.*legal person.*{said}"):
        put(home, made, by=desk["officer"], now=NOW)
    given = _given(made)
    assert given.by_role == {"officer": desk["officer"]}
    (uncounted,) = given.uncounted
    assert (uncounted.role, uncounted.person) == ("legal", desk["legal"])
    assert said in uncounted.why
    approve_override(home, made, by=person(desk.owner, "legal2", Role.LEGAL), now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_an_approval_counts_again_once_its_giver_is_let_in_again(home: Home, desk: Desk) -> None:
    made = _approved(home, desk)
    deactivate(desk["legal"], by=desk["administrator"], now=NOW)
    reactivate(desk["legal"], by=desk["administrator"])
    assert _given(made).by_role.keys() == {"legal", "officer"}
    put(home, made, by=desk["officer"], now=NOW)


def test_who_got_another_role_approves_anew_in_that_one_and_both_are_in_the_ledger(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    approve_override(home, made, by=desk["legal"], now=NOW)
    set_roles(desk["legal"], [Role.OFFICER], by=desk["administrator"], now=NOW)
    assert desk["legal"].pk not in _given(made).givers
    approve_override(home, made, by=_again(desk["legal"]), now=LATER)
    given = _given(made)
    assert (given.by_role, given.uncounted) == ({"officer": desk["legal"]}, ())
    assert (Approval.objects.get().role, Approval.objects.get().time) == ("officer", LATER)
    assert kinds(made.case_id).count(Kind.APPROVAL_GIVEN) == 2


def test_what_became_of_a_giver_later_takes_nothing_from_what_was_put(home: Home, desk: Desk) -> None:
    made = _approved(home, desk)
    put(home, made, by=desk["officer"], now=NOW)
    deactivate(desk["legal"], by=desk["administrator"], now=NOW)
    given = _given(made, is_over=True)
    assert (given.by_role.keys(), given.uncounted) == ({"legal", "officer"}, ())


@pytest.mark.parametrize("first", ["inviter", "invited"])
def test_who_invites_a_second_address_of_his_own_is_not_two_persons(home: Home, desk: Desk, first: str) -> None:
    made = _override(home, desk)
    second = _invited(desk, "me", Role.LEGAL, by=desk["officer"])
    order = (desk["officer"], second) if first == "inviter" else (second, desk["officer"])
    for who in order:
        approve_override(home, made, by=who, now=NOW)
    with pytest.raises(Refused, match=r"officer person invited me less than 30 days .*Somebody else has to approve"):
        put(home, made, by=desk["officer"], now=NOW)
    given = _given(made)
    assert list(given.by_role.values()) == [order[0]]
    assert [each.person for each in given.uncounted] == [order[1]]
    assert given.givers == {each.pk for each in order}
    approve_override(home, made, by=desk["legal"], now=NOW)
    assert _given(made).by_role == {"officer": desk["officer"], "legal": desk["legal"]}
    put(home, made, by=desk["officer"], now=NOW)


def test_who_was_invited_with_another_role_by_the_other_approver_is_no_second_person_either(
    home: Home, desk: Desk
) -> None:
    made = _override(home, desk)
    second = _invited(desk, "me", Role.INVESTIGATOR, by=desk["officer"])
    set_roles(second, [Role.LEGAL], by=desk["administrator"], now=NOW)
    for who in (desk["officer"], _again(second)):
        approve_override(home, made, by=who, now=NOW)
    with pytest.raises(Refused, match="officer person invited me"):
        put(home, made, by=desk["officer"], now=NOW)


def test_who_was_given_the_role_by_the_other_approver_counts_once_a_third_person_gives_it(
    home: Home, desk: Desk
) -> None:
    made = _override(home, desk)
    set_roles(desk["communications"], [Role.LEGAL], by=desk["officer"], now=NOW)
    for who in (desk["officer"], _again(desk["communications"])):
        approve_override(home, made, by=who, now=NOW)
    with pytest.raises(Refused, match=r"officer person made communications person legal, .*gives it again"):
        put(home, made, by=desk["officer"], now=NOW)
    set_roles(desk["communications"], [Role.LEGAL, Role.INVESTIGATOR], by=desk["administrator"], now=NOW)
    assert _given(made).by_role.keys() == {"officer"}  # whoever had it has it from whom it came
    set_roles(desk["communications"], [Role.INVESTIGATOR], by=desk["administrator"], now=NOW)
    set_roles(desk["communications"], [Role.LEGAL], by=desk["administrator"], now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_whom_the_other_approver_invited_long_before_is_a_second_person(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    second = _invited(desk, "colleague", Role.LEGAL, by=desk["officer"])
    approve_override(home, made, by=desk["officer"], now=NOW)
    approve_override(home, made, by=second, now=NOW + timedelta(days=29))
    assert _given(made).by_role.keys() == {"officer"}
    Approval.objects.filter(person=second).delete()
    approve_override(home, made, by=second, now=NOW + timedelta(days=30))
    assert _given(made).by_role == {"officer": desk["officer"], "legal": second}


def test_two_whom_a_third_one_invited_are_two_persons(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    for who, role in (("one", Role.LEGAL), ("two", Role.OFFICER)):
        approve_override(home, made, by=_invited(desk, who, role, by=desk["administrator"]), now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_an_inviter_who_approves_too_spoils_nothing_if_two_others_have(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    second = _invited(desk, "me", Role.LEGAL, by=desk["officer"])
    for who in (desk["officer"], second, person(desk.owner, "officer2", Role.OFFICER)):
        approve_override(home, made, by=who, now=NOW)
    assert _given(made).by_role == {"officer": Person.objects.get(email="officer2@example.test"), "legal": second}
    put(home, made, by=desk["officer"], now=NOW)
