"""What was planned is done, reported with proof, verified or returned; and both sides are told once of what is late."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.test import override_settings

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, bodies, felled, seen_before_it_was_issued
from tests.records.plans.rehearsed import DONE_BY, DUE, accepted, asked, checked, submitted, words
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.models import Allegation
from tidemark.records.home import Home
from tidemark.records.plans.execute import report_done, verify
from tidemark.records.plans.judge import judge
from tidemark.records.plans.late import overdue
from tidemark.records.plans.models import Action, ActionFile, DoneReport, Plan
from tidemark.records.plans.remind import remind
from tidemark.records.plans.submit import submit
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.plans.write import save_wording

PROOF = Document("protocol.pdf", b"%PDF signed")


@pytest.fixture
def plan(home: Home, desk: Desk) -> Plan:
    return accepted(home, desk)


def _first(plan: Plan) -> Action:
    return Action.objects.select_related("plan__allegation__case", "plan__allegation__party").get(plan=plan, number=1)


@pytest.mark.parametrize("is_done", [True, False])
def test_what_was_reported_anew_is_not_verified_unread(home: Home, desk: Desk, plan: Plan, is_done: bool) -> None:
    read = report_done(home, _first(plan), text="Done.", by=desk["contact"], now=LATER)
    verify(home, _first(plan), is_done=False, reason="thin-proof", read=read.pk, by=desk["officer"], now=LATER)
    reason = "" if is_done else "symptom"
    newer = report_done(home, _first(plan), text="Not all of it.", by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="reported anew in between"):
        verify(home, _first(plan), is_done=is_done, reason=reason, read=read.pk, by=desk["officer"], now=LATER)
    newer.refresh_from_db()
    assert (newer.verdict, _first(plan).progress) == ("", Action.Progress.REPORTED)
    verify(home, _first(plan), is_done=is_done, reason=reason, read=newer.pk, by=desk["officer"], now=LATER)
    newer.refresh_from_db()
    assert newer.verdict == ("verified" if is_done else "returned")


def test_the_report_that_came_last_is_verified_whatever_the_clock_said(home: Home, desk: Desk, plan: Plan) -> None:
    first = report_done(home, _first(plan), text="Done.", by=desk["contact"], now=LATER)
    judge(home, _first(plan), accepts=False, reason="symptom", by=desk["officer"], now=LATER)
    save_wording(home, _first(plan), words(text="Every folder."), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    judge(home, _first(plan), accepts=True, by=desk["officer"], now=LATER)
    before = LATER - timedelta(minutes=1)
    newer = report_done(home, _first(plan), text="Done now.", by=desk["contact"], now=before)
    verify(home, _first(plan), is_done=True, read=newer.pk, by=desk["officer"], now=LATER)
    assert [DoneReport.objects.get(pk=each.pk).verdict for each in (first, newer)] == ["", "verified"]


def test_an_action_is_reported_returned_reported_again_and_verified(home: Home, desk: Desk, plan: Plan) -> None:
    report_done(home, _first(plan), text="Done.", files=[PROOF], by=desk["contact"], now=LATER)
    assert _first(plan).progress == Action.Progress.REPORTED
    with pytest.raises(Refused, match="nothing to report now"):
        report_done(home, _first(plan), text="Done.", by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="Choose the reason"):
        verify(home, _first(plan), is_done=False, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="or choose no reason"):
        verify(home, _first(plan), is_done=True, reason="thin-proof", by=desk["officer"], now=LATER)
    verify(home, _first(plan), is_done=False, reason="thin-proof", text="Unsigned.", by=desk["officer"], now=LATER)
    assert _first(plan).progress == Action.Progress.RETURNED
    with pytest.raises(Refused, match="no report that waits"):
        verify(home, _first(plan), is_done=True, by=desk["officer"], now=LATER)
    report_done(home, _first(plan), text="Signed now.", by=desk["contact"], now=LATER)
    verify(home, _first(plan), is_done=True, by=desk["officer"], now=LATER)
    assert (_first(plan).progress, _first(plan).verified) == (Action.Progress.VERIFIED, LATER)
    assert [body["verified"] for body in bodies(plan.allegation.case_id, Kind.ACTION_VERIFIED)] == [False, True]
    assert [report.verdict for report in DoneReport.objects.order_by("pk")] == ["returned", "verified"]
    assert ActionFile.objects.get().is_submitted
    assert "Signed now" not in str(bodies(plan.allegation.case_id, Kind.CASE_CHANGED))


def test_a_report_says_what_was_done_and_comes_from_the_party(home: Home, desk: Desk, plan: Plan) -> None:
    for text in ("", " ", "\u202e", "x" * 20_001):
        with pytest.raises(Refused):
            report_done(home, _first(plan), text=text, by=desk["contact"], now=LATER)
    for files in ([Document("a", b"")], [PROOF] * 21):
        with pytest.raises(Refused):
            report_done(home, _first(plan), text="Done.", files=files, by=desk["contact"], now=LATER)
    for who in ("officer", "member", "sibling_contact", "sub_vendor_contact"):
        with pytest.raises(Refused, match="Only a contact"):
            report_done(home, _first(plan), text="Done.", by=desk[who], now=LATER)
    report_done(home, _first(plan), text="Done.", by=desk["contact"], now=LATER)
    for who in ("legal", "investigator", "contact"):
        with pytest.raises(Refused, match="None of your roles"):
            verify(home, _first(plan), is_done=True, by=desk[who], now=LATER)


def test_an_accepted_action_need_not_wait_for_the_others(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    with pytest.raises(Refused, match="Action 1 is submitted"):
        report_done(home, _first(plan), text="Done.", by=desk["contact"], now=LATER)
    judge(home, _first(plan), accepts=True, by=desk["officer"], now=LATER)
    report_done(home, _first(plan), text="Done.", by=desk["contact"], now=LATER)
    verify(home, _first(plan), is_done=True, by=desk["officer"], now=LATER)
    judge(home, _first(plan), accepts=False, reason="unverifiable", by=desk["officer"], now=LATER)
    assert (_first(plan).progress, _first(plan).verified) == (Action.Progress.OPEN, None)  # it begins anew


def test_when_an_action_is_overdue() -> None:
    action = Action(state="accepted", progress="open", due=DONE_BY)
    assert not overdue(action, on=DONE_BY)
    assert overdue(action, on=DONE_BY + timedelta(days=1))
    for state, progress in (("submitted", "open"), ("accepted", "reported"), ("accepted", "verified")):
        assert not overdue(Action(state=state, progress=progress, due=DONE_BY), on=date(2027, 1, 1))
    assert overdue(Action(state="accepted", progress="returned", due=DONE_BY), on=date(2027, 1, 1))


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def _sent(now: datetime) -> list[tuple[str, str]]:
    mail.outbox = []
    remind(now=now)
    return sorted((each.to[0].partition("@")[0], each.subject.removeprefix("[Tidemark] ")) for each in mail.outbox)


def test_the_party_is_reminded_of_its_plan_and_both_sides_are_told_when_it_is_late(home: Home, desk: Desk) -> None:
    asked(home, desk)
    assert [who for who, _subject in _sent(LATER)] == ["contact"]
    assert _sent(LATER) == []
    assert [who for who, _subject in _sent(DUE - timedelta(days=1))] == ["contact"]
    assert [who for who, _subject in _sent(DUE + timedelta(minutes=1))] == ["contact", "officer"]
    assert _sent(DUE + timedelta(days=1)) == []


@pytest.mark.parametrize("stop", [felled, seen_before_it_was_issued])
def test_nobody_is_reminded_of_a_plan_or_an_action_while_the_allegation_is_stopped(
    home: Home, desk: Desk, stop: Callable[[Desk, Allegation], object]
) -> None:
    plan = asked(home, desk)
    _sent(LATER)
    stop(desk, plan.allegation)
    assert [_sent(at) for at in (DUE - timedelta(days=1), DUE + timedelta(minutes=1))] == [[], []]
    Plan.objects.update(state=Plan.State.ACCEPTED)
    Action.objects.create(
        plan=plan, number=1, section="containment", text="Stop it.", due=DUE.date(), state=Action.State.ACCEPTED
    )
    assert [_sent(at) for at in (DUE - timedelta(days=1), DUE + timedelta(days=1))] == [[], []]


def test_each_side_hears_of_what_waits_for_it_once(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    assert [(who, "submitted" in subject) for who, subject in _sent(LATER)] == [("officer", True)]
    for action in plan.actions.all():
        reason = "symptom" if action.number == 1 else ""
        judge(home, action, accepts=not reason, reason=reason, by=desk["officer"], now=LATER)
    assert _sent(LATER) == [("contact", "Your rectification plan was returned in part")]
    checked(home, desk, plan, confirms=False)
    report_done(home, Action.objects.get(plan=plan, number=2), text="Done.", by=desk["contact"], now=LATER)
    assert [who for who, _subject in _sent(LATER)] == ["officer", "officer"]
    verify(
        home, Action.objects.get(plan=plan, number=2), is_done=False, reason="not-done", by=desk["officer"], now=LATER
    )
    assert _sent(LATER) == [("contact", "Your report of action 2 was returned")]


@pytest.mark.usefixtures("plan")
def test_late_actions_are_told_to_both_sides_and_no_other_party() -> None:
    _sent(LATER)
    soon = datetime(2026, 4, 28, 8, tzinfo=NOW.tzinfo)
    assert {who for who, _subject in _sent(soon)} == {"contact"}
    late = _sent(datetime(2026, 5, 1, 8, tzinfo=NOW.tzinfo))
    assert sorted({who for who, _subject in late}) == ["contact", "officer"]
    assert len(late) == 10
    assert _sent(datetime(2026, 5, 2, 8, tzinfo=NOW.tzinfo)) == []


def test_nobody_is_reminded_once_the_allegation_was_withdrawn(home: Home, desk: Desk, plan: Plan) -> None:
    withdraw_allegation(home, plan.allegation, apology="We are sorry.", by=desk["legal"], now=LATER)
    assert _sent(datetime(2026, 5, 1, 8, tzinfo=NOW.tzinfo)) == []
