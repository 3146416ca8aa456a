"""Approvals count as long as their givers have the role, and two persons are two if nobody brought one by the other."""

from datetime import datetime, timedelta

import pytest

from tests.desk import NOW, PASSWORD, Desk, person
from tests.records.cases.played import LATER, copy_of, kinds, leak_of, opened
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.invite import accept, invite
from tidemark.records.accounts.models import Grant, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.accounts.standing import deactivate, reactivate, set_roles
from tidemark.records.cases.allege import approve_override, edit, prepare_override, put
from tidemark.records.cases.approvals import approvals_of
from tidemark.records.cases.counting import Counted
from tidemark.records.cases.models import Allegation, Approval
from tidemark.records.cases.override import OVERRIDE_ROLES, content_of, subject_of
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
    return approvals_of(subject_of(allegation), content_of(allegation), OVERRIDE_ROLES, is_over=is_over)


def _invited(desk: Desk, who: str, *roles: Role, by: Person, now: datetime = NOW) -> Person:
    """Have somebody come by an invitation."""
    sent = invite(desk.owner, name=who, email=f"{who}@private.test", roles=roles, by=by, now=now).invitation
    return accept(sent, password=PASSWORD, now=now)


def _settled(desk: Desk, *roles: Role) -> Person:
    """Have somebody there who came by an invitation, long ago: no founder."""
    return _invited(desk, "settled", *roles, by=desk["administrator"], now=NOW - timedelta(days=90))


def _refused(home: Home, desk: Desk, allegation: Allegation, why: str) -> None:
    with pytest.raises(Refused, match=why):
        put(home, allegation, by=desk["officer"], now=NOW)


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
    reactivate(home, desk["legal"], by=desk["administrator"], now=NOW)
    assert _given(made).by_role.keys() == {"legal", "officer"}
    put(home, made, by=desk["officer"], now=NOW)


@pytest.mark.parametrize("days", [1, 31])
def test_who_was_let_in_again_by_the_other_approver_is_no_second_person_for_thirty_days(
    home: Home, desk: Desk, days: int
) -> None:
    made = _override(home, desk)
    deactivate(desk["legal"], by=desk["officer"], now=NOW)
    reactivate(home, desk["legal"], by=desk["officer"], now=NOW)
    for who in (desk["officer"], _again(desk["legal"])):
        approve_override(home, made, by=who, now=NOW + timedelta(days=days))
    if days > 30:
        assert _given(made).by_role.keys() == {"legal", "officer"}
        return
    with pytest.raises(Refused, match=r"officer person let legal person in again less than 30 days"):
        put(home, made, by=desk["officer"], now=NOW)
    assert [each.person for each in _given(made).uncounted] == [desk["legal"]]


def test_who_got_another_role_approves_anew_in_that_one_and_both_are_in_the_ledger(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    approve_override(home, made, by=desk["legal"], now=NOW)
    set_roles(desk["legal"], [Role.OFFICER], by=desk["administrator"], now=NOW)
    assert _given(made).role_for(_again(desk["legal"]), now=LATER) == "officer"
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
    assert [given.role_for(each, now=NOW) for each in order] == ["", ""]
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
    with pytest.raises(Refused, match=r"officer person made communications person legal less .*gives it again"):
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
    assert not _given(made).role_for(second, now=NOW + timedelta(days=29))
    assert _given(made).role_for(second, now=NOW + timedelta(days=30)) == "legal"
    approve_override(home, made, by=second, now=NOW + timedelta(days=30))
    assert _given(made).by_role == {"officer": desk["officer"], "legal": second}
    assert kinds(made.case_id).count(Kind.APPROVAL_GIVEN) == 3


def test_a_role_that_the_inviter_gives_today_to_whom_came_long_ago_is_no_second_person(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    before = NOW - timedelta(days=90)
    second = _invited(desk, "colleague", Role.COMMUNICATIONS, by=desk["officer"], now=before)
    set_roles(second, [Role.LEGAL], by=desk["officer"], now=NOW)
    for who in (desk["officer"], _again(second)):
        approve_override(home, made, by=who, now=NOW)
    _refused(home, desk, made, "officer person made colleague legal less than 30 days .*gives it again")


@pytest.mark.parametrize("who", ["inviter", "somebody else"])
def test_a_role_counts_beside_who_gave_it_after_as_many_days(home: Home, desk: Desk, who: str) -> None:
    made = _override(home, desk)
    giver = desk["officer"]
    by = giver if who == "inviter" else desk["administrator"]
    second = _invited(desk, "colleague", Role.COMMUNICATIONS, by=by, now=NOW - timedelta(days=90))
    set_roles(second, [Role.LEGAL], by=giver, now=NOW - timedelta(days=30))
    for each in (giver, _again(second)):
        approve_override(home, made, by=each, now=NOW)
    put(home, made, by=giver, now=NOW)


def test_who_gave_a_role_on_a_day_that_is_not_on_record_vouches_for_it(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    set_roles(desk["communications"], [Role.LEGAL], by=desk["officer"], now=NOW - timedelta(days=90))
    Grant.objects.filter(person=desk["communications"]).update(granted=None)
    for who in (desk["officer"], _again(desk["communications"])):
        approve_override(home, made, by=who, now=NOW)
    _refused(home, desk, made, "or on a day that is not on record")


def test_a_chain_of_ones_own_addresses_is_one_person(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    second = _invited(desk, "me2", Role.ADMINISTRATOR, by=desk["officer"])
    for who in (desk["officer"], _invited(desk, "me3", Role.LEGAL, by=second)):
        approve_override(home, made, by=who, now=NOW)
    _refused(home, desk, made, "officer person brought me3 through others, .*30 days .*Somebody else has to approve")


def test_a_chain_of_roles_is_one_person(home: Home, desk: Desk) -> None:
    made, second = _override(home, desk), _settled(desk, Role.INVESTIGATOR)
    set_roles(second, [Role.ADMINISTRATOR], by=desk["officer"], now=NOW)
    set_roles(desk["communications"], [Role.LEGAL], by=_again(second), now=NOW)
    for who in (desk["officer"], _again(desk["communications"])):
        approve_override(home, made, by=who, now=NOW)
    _refused(home, desk, made, "officer person brought communications person through others")


@pytest.mark.parametrize("how", ["invited", "through another", "by a role"])
def test_two_whom_one_has_brought_are_one_person(home: Home, desk: Desk, how: str) -> None:
    made, me = _override(home, desk), _settled(desk, Role.OFFICER)
    first = _invited(desk, "me2", Role.OFFICER, by=me)
    if how == "by a role":
        second = desk["communications"]
        set_roles(second, [Role.LEGAL], by=me, now=NOW)
    else:
        by = _invited(desk, "me4", Role.ADMINISTRATOR, by=me) if how == "through another" else me
        second = _invited(desk, "me3", Role.LEGAL, by=by)
    for who in (first, _again(second)):
        approve_override(home, made, by=who, now=NOW)
    _refused(home, desk, made, f"settled invited both {second.name} and me2 .*30 days .*Somebody else has to approve")
    approve_override(home, made, by=desk["legal"], now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_two_whom_a_founder_invited_are_two_persons(home: Home, desk: Desk) -> None:
    """Else nobody at a new desk could approve anything: who set it up has invited everybody."""
    made = _override(home, desk)
    for who, role in (("one", Role.LEGAL), ("two", Role.OFFICER)):
        approve_override(home, made, by=_invited(desk, who, role, by=desk["administrator"]), now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_two_whom_somebody_invited_long_before_are_two_persons(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    me = _invited(desk, "settled", Role.OFFICER, by=desk["administrator"], now=NOW - timedelta(days=90))
    for who, role in (("one", Role.LEGAL), ("two", Role.OFFICER)):
        invited = _invited(desk, who, role, by=me, now=NOW - timedelta(days=30))
        approve_override(home, made, by=invited, now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_a_role_that_is_given_again_by_the_other_approver_takes_nothing_from_what_was_put(
    home: Home, desk: Desk
) -> None:
    made = _approved(home, desk)
    set_roles(desk["legal"], [Role.INVESTIGATOR], by=desk["administrator"], now=LATER)
    set_roles(desk["legal"], [Role.LEGAL], by=desk["officer"], now=LATER)
    assert _given(made).by_role.keys() == {"legal"}
    assert _given(made, is_over=True).by_role.keys() == {"legal", "officer"}


def test_an_inviter_who_approves_too_spoils_nothing_if_two_others_have(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    second = _invited(desk, "me", Role.LEGAL, by=desk["officer"])
    for who in (desk["officer"], second, person(desk.owner, "officer2", Role.OFFICER)):
        approve_override(home, made, by=who, now=NOW)
    assert _given(made).by_role == {"officer": Person.objects.get(email="officer2@example.test"), "legal": second}
    put(home, made, by=desk["officer"], now=NOW)


def _with(desk: Desk, who: str, *roles: Role) -> Person:
    """Have somebody there who has several roles."""
    made = person(desk.owner, who, roles[0])
    set_roles(made, roles, by=desk["administrator"], now=NOW - timedelta(days=90))
    return _again(made)


def test_an_approval_is_given_in_a_role_that_is_needed_only(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    both = _with(desk, "both", Role.OFFICER, Role.COMMUNICATIONS)
    for asked in ("communications", "administrator"):
        with pytest.raises(Refused, match="Only legal or officer can approve this"):
            approve_override(home, made, by=both, role=asked, now=NOW)
    with pytest.raises(Refused, match="Only legal or officer can approve this"):
        approve_override(home, made, by=desk["communications"], now=NOW)
    approve_override(home, made, by=desk["officer"], now=NOW)
    assert approve_override(home, made, by=both, now=NOW).role == "officer"


def test_an_approval_beyond_those_that_are_needed_blocks_nothing(home: Home, desk: Desk) -> None:
    """Whoever invited legal approves too: the officer who did not is counted."""
    made = _override(home, desk)
    both = _with(desk, "both", Role.OFFICER, Role.COMMUNICATIONS)
    for who in (desk["officer"], both, _invited(desk, "legal2", Role.LEGAL, by=both)):
        approve_override(home, made, by=who, now=NOW)
    assert _given(made).by_role["officer"] == desk["officer"]
    put(home, made, by=desk["officer"], now=NOW)


def test_what_was_approved_in_a_role_that_is_not_needed_is_nothing_and_is_given_anew(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    both = _with(desk, "both", Role.OFFICER, Role.COMMUNICATIONS)
    for who in (both, desk["legal"]):
        approve_override(home, made, by=who, now=NOW)
    Approval.objects.filter(person=both).update(role="communications")
    given = _given(made)
    assert (given.by_role.keys(), given.uncounted, given.missing) == ({"legal"}, (), ["officer"])
    approve_override(home, made, by=both, now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


@pytest.mark.parametrize("asked", ["", "legal"])
def test_who_is_officer_and_legal_fills_in_the_role_whose_giver_left(home: Home, desk: Desk, asked: str) -> None:
    made, both = _override(home, desk), _with(desk, "both", Role.OFFICER, Role.LEGAL)
    for who in (desk["legal"], both, desk["officer"]):
        approve_override(home, made, by=who, now=NOW)
    assert not _given(made).role_for(both, now=NOW)
    deactivate(desk["legal"], by=desk["administrator"], now=NOW)
    assert _given(made).role_for(both, now=NOW) == "legal"
    approve_override(home, made, by=both, role=asked, now=LATER)
    assert _given(made).by_role == {"officer": desk["officer"], "legal": both}
    assert Approval.objects.get(person=both).time == LATER
    assert [event.detail["role"] for event in made.case.events.filter(kind=Kind.APPROVAL_GIVEN, by=both)] == [
        "officer",
        "legal",
    ]
    put(home, made, by=desk["officer"], now=NOW)


def test_who_asks_for_another_role_moves_there_and_the_one_of_before_is_missing(home: Home, desk: Desk) -> None:
    made, both = _override(home, desk), _with(desk, "both", Role.OFFICER, Role.LEGAL)
    assert approve_override(home, made, by=both, now=NOW).role == "legal"
    assert approve_override(home, made, by=both, role="officer", now=LATER).role == "officer"
    assert _given(made).by_role == {"officer": both}
    _refused(home, desk, made, "missing: legal")


def test_approving_again_changes_nothing_as_long_as_nothing_is_gained_by_it(home: Home, desk: Desk) -> None:
    made, both = _override(home, desk), _with(desk, "both", Role.OFFICER, Role.LEGAL)
    for asked in ("", "", "legal"):
        given = approve_override(home, made, by=both, role=asked, now=NOW)
        assert (given.role, given.time) == ("legal", NOW)
    assert kinds(made.case_id).count(Kind.APPROVAL_GIVEN) == 1


def test_what_was_put_meanwhile_is_not_approved_any_more(home: Home, desk: Desk) -> None:
    made = _approved(home, desk)
    read_before = Allegation.objects.get(pk=made.pk)
    put(home, made, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="put already"):
        approve_override(home, read_before, by=person(desk.owner, "legal2", Role.LEGAL), now=NOW)


def test_roles_of_unknown_days_make_nobody_one_with_a_third_and_change_nothing_that_is_over(
    home: Home, desk: Desk
) -> None:
    made, long_ago = _override(home, desk), NOW - timedelta(days=900)
    it = _settled(desk, Role.ADMINISTRATOR)
    both = []
    for name, role in (("anna", Role.OFFICER), ("bert", Role.LEGAL)):
        each = _invited(desk, name, Role.INVESTIGATOR, by=desk["administrator"], now=long_ago)
        set_roles(each, [role], by=it, now=long_ago)
        both.append(_again(each))
    Grant.objects.filter(person__in=both).update(granted=None)
    for each in both:
        approve_override(home, made, by=_again(each), now=NOW)
    assert not _given(made).missing
    assert not _given(made, is_over=True).missing
