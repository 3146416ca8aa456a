"""Everything late is in one list, from the moment it is late and until it is done; and nothing else is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, felled, played, seen_before_it_was_issued
from tests.records.overview.test_exposure import lost_round
from tests.records.plans.rehearsed import DONE_BY, DUE, accepted, asked
from tests.records.sanctions.imposed import imposed
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.models import Allegation, Case, Duty
from tidemark.records.cases.remind import mark_unanswered
from tidemark.records.home import Home
from tidemark.records.overview.overdue import Late, all_late
from tidemark.records.plans.gate import Side
from tidemark.records.plans.models import Action, Plan
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.models import Draft
from tidemark.records.rounds.models import Bidder, Round
from tidemark.records.sanctions.models import Measure, PaymentTerm


def late(now: datetime, subject: str = "") -> list[Late]:
    return [each for each in all_late(now=now) if not subject or each.subject == subject]


def alone(now: datetime, subject: str) -> Late:
    (found,) = late(now, subject)
    return found


def test_nothing_is_late_at_a_desk_where_nothing_is_due(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy_of(desk, desk.supplier)
    assert all_late(now=NOW) == []


def test_a_response_and_a_duty_are_the_owners(home: Home, desk: Desk) -> None:  # noqa: ARG001
    case = Case.objects.create(
        number="2026-001", title="A leak", project=desk.project, opened=NOW, opened_by=desk["officer"],
        assignee=desk["investigator"], respond_by=NOW,
    )  # fmt: skip
    duty = Duty.objects.create(case=case, title="Ask the forum", due=NOW, created=NOW)
    assert late(NOW) == []
    response, other = late(NOW + timedelta(seconds=1))
    assert {response.subject, other.subject} == {"response", "duty"}
    response = alone(NOW + timedelta(seconds=1), "response")
    assert (response.who_acts, response.person, response.case) == (Side.OWNER, desk["investigator"], case)
    assert (response.view, response.ids, response.since) == ("case", (case.pk,), NOW)
    assert alone(NOW + timedelta(seconds=1), "duty").what == "Ask the forum"
    Duty.objects.filter(pk=duty.pk).update(done=NOW)
    Case.objects.update(status="closed")
    assert late(NOW + timedelta(days=9)) == []


def test_a_reply_is_late_from_its_deadline_on_whether_it_was_marked_or_not(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    assert late(allegation.answer_by - timedelta(seconds=1), "reply") == []
    before = alone(allegation.answer_by, "reply")
    mark_unanswered(home, now=allegation.answer_by)
    assert alone(allegation.answer_by, "reply") == before
    assert (before.party, before.who_acts, before.ids) == (desk.supplier, Side.PARTY, (allegation.pk,))
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=allegation.answer_by)
    assert late(allegation.answer_by, "reply") == []


def test_a_plan_is_late_until_it_is_submitted_and_of_a_withdrawn_allegation_never(home: Home, desk: Desk) -> None:
    plan = asked(home, desk)
    assert late(DUE - timedelta(seconds=1), "plan") == []
    found = alone(DUE, "plan")
    assert (found.view, found.ids, found.party) == ("plan", (plan.pk,), desk.supplier)
    withdraw_allegation(home, plan.allegation, apology="We were wrong.", by=desk["legal"], now=DUE)
    assert late(DUE, "plan") == []


def test_an_action_is_late_from_the_end_of_its_day(home: Home, desk: Desk) -> None:
    accepted(home, desk)
    action = Action.objects.earliest("number")
    Action.objects.exclude(pk=action.pk).update(progress="reported")
    ends = datetime.combine(DONE_BY + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    assert late(ends - timedelta(seconds=1), "action") == []
    found = alone(ends, "action")
    assert (found.since, found.ids, found.who_acts) == (ends, (action.plan_id, action.pk), Side.PARTY)


def test_measures_and_money_are_late_until_they_are_done_or_agreed_later(home: Home, desk: Desk) -> None:
    sanction = imposed(home, desk)
    assert sanction.due_on is not None
    after = datetime(2026, 5, 1, tzinfo=UTC)
    assert len(late(after, "measure")) == 2
    Measure.objects.update(state="done")
    assert late(after, "measure") == []
    assert late(after - timedelta(seconds=1), "payment") == []
    found = alone(after, "payment")
    assert "1,000,000.00 CNY" in found.what
    assert (found.since, found.view, found.ids) == (after, "sanction", (sanction.pk,))
    term = {"sanction": sanction, "text": "Later.", "person": desk["legal"]}
    PaymentTerm.objects.create(**term, until=date(2026, 8, 1), time=NOW)
    PaymentTerm.objects.create(**term, until=date(2026, 6, 1), time=NOW + timedelta(days=1))
    assert late(after, "payment") == []
    assert late(datetime(2026, 6, 1, 23, tzinfo=UTC), "payment") == []
    assert alone(datetime(2026, 6, 2, tzinfo=UTC), "payment").since == datetime(2026, 6, 2, tzinfo=UTC)
    withdraw_allegation(home, sanction.allegation, apology="We were wrong.", by=desk["legal"], now=after)
    assert late(datetime(2026, 7, 1, tzinfo=UTC), "payment") == []


@pytest.mark.parametrize("stop", [felled, seen_before_it_was_issued])
def test_what_follows_from_a_stopped_allegation_is_not_late(
    home: Home, desk: Desk, stop: Callable[[Desk, Allegation], object]
) -> None:
    """Money and measures; a plan and its action; and, as if it were open still, the reply."""
    sanction, after = imposed(home, desk), datetime(2026, 5, 1, tzinfo=UTC)
    allegation = sanction.allegation
    plan = Plan.objects.create(allegation=allegation, asked=NOW, asked_by=desk["officer"], due=NOW)
    Action.objects.create(plan=plan, number=1, text="Stop it.", due=NOW.date(), state=Action.State.ACCEPTED)
    following = {"reply", "plan", "action", "measure", "payment"}
    Allegation.objects.update(state=Allegation.State.UNANSWERED)
    assert {each.subject for each in late(after)} >= following
    stop(desk, allegation)
    assert {each.subject for each in late(after)} & following == set()


def test_an_award_is_late_a_week_after_the_closing_and_the_owner_must_act(home: Home, desk: Desk) -> None:  # noqa: ARG001
    bidding = Round.objects.create(
        project=desk.project, title="Bumpers", closes=NOW, created=NOW, created_by=desk["officer"], state="closed",
        closed=NOW,
    )  # fmt: skip
    bidder = Bidder.objects.create(round=bidding, party=desk.supplier, invited=NOW)
    since = NOW + timedelta(days=7)
    assert late(since - timedelta(seconds=1)) == []
    found = alone(since, "award")
    assert (found.since, found.who_acts, found.project, found.party) == (since, Side.OWNER, desk.project, None)
    assert (found.view, found.ids) == ("round", (bidding.pk,))
    Bidder.objects.filter(pk=bidder.pk).update(outcome="lost")
    assert late(since) == []


def test_a_certificate_is_late_a_week_after_the_copies_were_revoked(home: Home, desk: Desk) -> None:  # noqa: ARG001
    bidder = lost_round(desk, desk.supplier, copy_of(desk, desk.supplier).draft)
    assert bidder.must_certify_since is not None
    since = bidder.must_certify_since + timedelta(days=7)
    assert late(since - timedelta(seconds=1)) == []
    found = alone(since, "certificate")
    assert (found.since, found.party, found.project, found.ids) == (
        since, desk.supplier, desk.project, (bidder.round_id,),
    )  # fmt: skip


def test_an_agreement_that_is_over_is_late_while_copies_are_open_under_it(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy = copy_of(desk, desk.supplier)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=NOW.date())
    found = alone(NOW + timedelta(days=1), "agreement")
    assert (found.who_acts, found.party, found.project) == (Side.OWNER, desk.supplier, desk.project)
    assert found.since == datetime(2026, 3, 15, tzinfo=UTC)
    type(copy).objects.update(revoked=NOW)
    assert late(NOW + timedelta(days=1)) == []


def test_an_agreement_that_is_over_in_two_projects_is_late_in_both(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy_of(desk, desk.supplier)
    copy_of(desk, desk.supplier, number=2)
    elsewhere = copy_of(desk, desk.supplier, name="rear.png")
    Draft.objects.filter(pk=elsewhere.draft_id).update(project=desk.other_project)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=NOW.date())
    rows = late(NOW + timedelta(days=1), "agreement")
    assert {(each.project, each.ids) for each in rows} == {
        (project, (desk.agreements["supplier"].pk,)) for project in (desk.project, desk.other_project)
    }
    assert ["2 copies" in each.what for each in rows] == [each.project == desk.project for each in rows]


def test_the_longest_late_comes_first(home: Home, desk: Desk) -> None:
    imposed(home, desk)
    since = [each.since for each in all_late(now=NOW + timedelta(days=400))]
    assert len(since) > 3
    assert since == sorted(since)
