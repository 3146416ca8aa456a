"""Checks of sub-vendors: a party states what it found in its own part of the tree, the owner confirms."""

from datetime import date, timedelta

import pytest

from tests.desk import NOW, Desk, engage
from tests.people import STRANGER
from tests.records.cases.played import LATER, bodies
from tests.records.plans.rehearsed import asked, checked
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.home import Home
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.flow_down import confirm_check, state_check, sub_vendors
from tidemark.records.plans.models import FlowDownCheck, Plan
from tidemark.records.plans.places import bonds, places_of
from tidemark.records.projects.models import Engagement

SAID = {"is_bound": True, "result": "sound", "checked": LATER.date(), "checked_by": "Ines Falk", "remark": "Visited."}


@pytest.fixture
def plan(home: Home, desk: Desk) -> Plan:
    return asked(home, desk)


def _state(home: Home, desk: Desk, plan: Plan, **more: object) -> FlowDownCheck:
    said = {**SAID, "engagement": desk.engagements["sub_vendor"], "by": desk["contact"], "now": LATER} | more
    return state_check(home, plan, said.pop("engagement"), **said)  # type: ignore[arg-type]


def test_below_a_party_is_its_own_part_of_this_project_alone(desk: Desk, plan: Plan) -> None:
    other = engage(desk.other_project, desk.supplier, None)
    engage(desk.other_project, desk.sibling, other)
    engage(desk.project, desk.sub_vendor, desk.engagements["sibling"])
    deeper = engage(desk.project, desk.stranger, desk.engagements["sub_vendor"])
    assert [each.engagement for each in sub_vendors(plan.allegation, on=LATER.date())] == [
        desk.engagements["sub_vendor"],
        deeper,
    ]
    assert [place.pk for place in places_of(plan.allegation)] == [desk.engagements["supplier"].pk]


def test_the_last_statement_counts_and_is_confirmed_once(home: Home, desk: Desk, plan: Plan) -> None:
    first = _state(home, desk, plan, result="gaps", remark="No visitors' book.")
    second = _state(home, desk, plan, now=LATER + timedelta(hours=1))
    with pytest.raises(Refused, match="something newer"):
        confirm_check(home, first, is_confirmed=True, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="Say why"):
        confirm_check(home, second, is_confirmed=False, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="names"):
        confirm_check(home, second, is_confirmed=False, text=STRANGER, by=desk["officer"], now=LATER)
    confirm_check(home, second, is_confirmed=True, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="confirmed already"):
        confirm_check(home, second, is_confirmed=False, text="No.", by=desk["officer"], now=LATER)
    (row,) = sub_vendors(plan.allegation, on=LATER.date())
    assert row.check is not None
    assert (row.check.pk, row.check.verdict, row.agreement) == (second.pk, "confirmed", desk.agreements["sub_vendor"])
    said = bodies(plan.allegation.case_id, Kind.FLOW_DOWN_CHECKED)
    assert [each.get("confirmed") for each in said] == [None, None, True]
    assert said[0]["sub_vendor"] == desk.sub_vendor.name
    assert "visitors" not in str(said)


@pytest.mark.parametrize("is_bound", [True, False])
def test_who_is_not_bound_by_the_partys_own_word_keeps_the_gate_closed(
    home: Home, desk: Desk, plan: Plan, is_bound: bool
) -> None:
    made = _state(home, desk, plan, is_bound=is_bound)
    confirm_check(home, made, is_confirmed=True, by=desk["officer"], now=LATER)
    condition = next(each for each in gate_of(plan.allegation, now=LATER) if each.key == "sub-vendors")
    assert (condition.holds, "is not bound" in condition.detail) == (is_bound, not is_bound)


@pytest.mark.parametrize(
    "more",
    [
        {"result": "fine"},
        {"result": "gaps", "remark": " "},
        {"result": "gaps", "remark": "\u202e"},
        {"checked_by": " "},
        {"checked_by": "\u202e"},
        {"checked_by": "x" * 201},
        {"checked": LATER.date() + timedelta(days=1)},
        {"checked": date(1999, 1, 1)},
        {"remark": "x" * 4001},
    ],
)
def test_an_odd_statement_is_refused(home: Home, desk: Desk, plan: Plan, more: dict[str, object]) -> None:
    with pytest.raises(Refused):
        _state(home, desk, plan, **more)
    assert not FlowDownCheck.objects.exists()


def test_nobody_states_for_another_or_of_whom_is_not_below(home: Home, desk: Desk, plan: Plan) -> None:
    for who in ("member", "sub_vendor_contact", "sibling_contact", "officer"):
        with pytest.raises(Refused, match="Only a contact"):
            _state(home, desk, plan, by=desk[who])
    for which in ("supplier", "sibling", "stranger"):
        with pytest.raises(Refused, match="below your company"):
            _state(home, desk, plan, engagement=desk.engagements[which])
    check = _state(home, desk, plan)
    for who in ("legal", "investigator", "contact"):
        with pytest.raises(Refused, match="None of your roles"):
            confirm_check(home, check, is_confirmed=True, by=desk[who], now=LATER)


@pytest.mark.parametrize("fault", ["terminated", "lapsed", "prepared", "elsewhere", "unaccepted", "other words"])
def test_a_sub_vendor_is_bound_only_by_what_is_in_force_here_and_was_accepted(desk: Desk, fault: str) -> None:
    rows = [desk.engagements["sub_vendor"], desk.engagements["supplier"]]
    before = bonds(rows, on=LATER.date())
    assert before == {rows[0].pk: desk.agreements["sub_vendor"], rows[1].pk: desk.agreements["supplier"]}
    agreement = Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk)
    if fault == "lapsed":
        agreement.update(valid_until=NOW.date())
    elif fault == "elsewhere":
        agreement.get().projects.set([desk.other_project])
    elif fault == "unaccepted":
        Acceptance.objects.filter(agreement=agreement.get(), for_party=True).delete()
    elif fault == "other words":
        agreement.update(content_sha256="c" * 64)
    else:
        agreement.update(state=fault)
    assert bonds(rows, on=LATER.date())[rows[0].pk] is None


def test_checks_are_read_in_so_many_queries_however_many_sub_vendors(home: Home, desk: Desk, plan: Plan) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    checked(home, desk, plan)
    counts = []
    above: Engagement | None = None
    for party in (desk.stranger, desk.sibling):
        with CaptureQueriesContext(connection) as seen:
            assert sub_vendors(plan.allegation, on=LATER.date())
        counts.append(len(seen))
        above = engage(desk.project, party, above or desk.engagements["sub_vendor"])
    assert counts[0] == counts[1]
