"""Open cases stand in the supply tree with the parties to which something is put: with an innocent, never."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, copy_of, leak_of, opened, played
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.allege import prepare
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.places import OpenCases, open_cases, open_cases_for
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.models import Project


def seen(desk: Desk, project: Project | None = None) -> OpenCases:
    return open_cases(project or desk.project, set(Party.objects.values_list("pk", flat=True)))


def test_a_case_stands_with_who_answers_and_not_with_the_custodian_below(home: Home, desk: Desk) -> None:
    allegation = played(home, desk, desk.sub_vendor)
    assert seen(desk) == OpenCases({desk.supplier.pk: (allegation.case,)}, ())
    assert seen(desk, desk.other_project) == OpenCases({}, ())


def test_who_is_accused_by_a_trace_alone_has_no_case(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)], home=home))
    assert seen(desk) == OpenCases({}, (case,))
    prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    assert seen(desk) == OpenCases({}, (case,))


def test_what_was_withdrawn_stands_with_nobody_and_what_was_closed_nowhere(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert seen(desk) == OpenCases({}, (allegation.case,))
    Allegation.objects.update(state=Allegation.State.FINAL)
    assert seen(desk).by_party == {desk.supplier.pk: (allegation.case,)}
    Case.objects.update(status=Case.Status.CLOSED)
    assert seen(desk) == OpenCases({}, ())


def test_a_case_about_several_projects_stands_in_each_by_its_copies(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    Case.objects.update(project=None)
    assert seen(desk).by_party == {desk.supplier.pk: (allegation.case,)}
    assert seen(desk, desk.other_project).by_party == {}


def test_a_case_of_a_party_that_is_not_drawn_stands_with_nobody(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    assert open_cases(desk.project, {desk.sibling.pk}) == OpenCases({}, (allegation.case,))


@pytest.mark.parametrize("cases", [1, 5])
def test_it_takes_two_queries_however_many_there_are(home: Home, desk: Desk, cases: int) -> None:
    allegation = played(home, desk)
    for number in range(1, cases):
        case = Case.objects.create(
            number=f"2026-9{number:02d}", title="More", project=desk.project, opened=NOW, opened_by=desk["officer"]
        )
        given = {"summary": "s", "answer_by": LATER, "created": NOW, "created_by": desk["legal"], "put": NOW}
        Allegation.objects.create(case=case, party=desk.supplier, state=Allegation.State.PUT, **given)
    with CaptureQueriesContext(connection) as captured:
        found = open_cases(desk.project, {desk.supplier.pk, desk.sibling.pk})
    assert len(captured) == 2
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert [case.number for case in found.by_party[desk.supplier.pk]] == numbers
    assert allegation.case in found.by_party[desk.supplier.pk]


@pytest.mark.parametrize(("who", "sees"), [("officer", True), ("investigator", True), ("contact", False)])
def test_only_the_owners_people_who_may_see_cases_see_where_they_stand(
    home: Home, desk: Desk, who: str, sees: bool
) -> None:
    allegation = played(home, desk)
    found = open_cases_for(desk[who], desk.project, {desk.supplier.pk})
    assert found == (OpenCases({desk.supplier.pk: (allegation.case,)}, ()) if sees else None)


def test_an_administrator_who_may_not_see_cases_sees_none(home: Home, desk: Desk) -> None:
    played(home, desk)
    assert not desk["administrator"].may(Act.SEE_CASES)
    assert open_cases_for(desk["administrator"], desk.project, {desk.supplier.pk}) is None
