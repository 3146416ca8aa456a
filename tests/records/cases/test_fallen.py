"""An allegation falls with what it rests on: nothing goes on from it once the last trace says otherwise."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, bodies, copy_of, leak_of, opened, played, trace_of
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import approvals_of_override, approve_override, edit, prepare_override, put
from tidemark.records.cases.conclude import make_final, why_not_final
from tidemark.records.cases.fallen import why_fallen
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.reply import reply
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import NamedCopy, Post, Trace
from tidemark.records.plans.take_back import withdraw_allegation


def _retraced(*copies: Copy, verdict: str, hours: int = 2) -> Trace:
    return trace_of(Post.objects.get(), copies, verdict=verdict, hours=hours)


@pytest.mark.parametrize("verdict", ["inconclusive", "unmatched", "suspected", "accused"])
def test_nothing_is_final_once_the_last_trace_accuses_the_copy_no_more(home: Home, desk: Desk, verdict: str) -> None:
    made = played(home, desk, desk.supplier)
    reply(home, made, "disputes", text="Not ours.", by=desk["contact"], now=LATER)
    (copy,) = (each.copy for each in made.named.all())
    named = {"suspected": [copy], "accused": [copy_of(desk, desk.sibling)]}.get(verdict, [])
    again = _retraced(*named, verdict=verdict)
    with pytest.raises(Refused, match=f"trace of found.jpg, {again.pk} of 2026-03-14 11:26 UTC.*{copy.pk} any more"):
        make_final(home, made, by=desk["legal"], now=LATER)
    made.refresh_from_db()
    assert made.state == Allegation.State.ANSWERED


def test_it_says_what_to_do_and_that_is_possible(home: Home, desk: Desk) -> None:
    made = played(home, desk, desk.supplier)
    _retraced(verdict="inconclusive")
    assert accusables(made.case) == []
    assert "Withdraw the allegation with an apology, or have the file traced once more." in why_fallen(made)
    assert why_not_final(made, now=NOW) == why_fallen(made)  # not only that there is time to answer
    withdraw_allegation(home, made, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert made.state == Allegation.State.WITHDRAWN


def test_it_goes_on_once_a_still_later_trace_accuses_the_copy_again(home: Home, desk: Desk) -> None:
    made = played(home, desk, desk.supplier)
    (copy,) = (each.copy for each in made.named.all())
    reply(home, made, "disputes", text="Not ours.", by=desk["contact"], now=LATER)
    _retraced(verdict="inconclusive")
    _retraced(copy, verdict="accused", hours=3)
    assert why_fallen(made) == ""
    make_final(home, made, by=desk["legal"], now=LATER)


def test_a_trace_that_fails_or_still_runs_says_nothing(home: Home, desk: Desk) -> None:
    made = played(home, desk, desk.supplier)
    for state in (Trace.State.FAILED, Trace.State.RUNNING):
        Trace.objects.create(post=Post.objects.get(), state=state, requested=NOW + timedelta(hours=2))
    assert why_fallen(made) == ""


def _overridden(home: Home, desk: Desk, *copies: Copy) -> Allegation:
    verdict = "suspected" if copies else "inconclusive"
    case = opened(home, desk, leak_of(desk, copies, verdict=verdict))
    made = prepare_override(home, case, desk.supplier, reason="Two experts.", by=desk["legal"], now=NOW)
    edit(home, made, summary="The metadata.", answer_by=made.answer_by, by=desk["legal"], now=NOW)
    _approve(home, desk, made)
    return made


def _approve(home: Home, desk: Desk, made: Allegation) -> None:
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)


def test_another_trace_voids_the_approvals_of_an_override_and_what_was_put_keeps_its_own(
    home: Home, desk: Desk
) -> None:
    made = _overridden(home, desk)
    again = _retraced(verdict="inconclusive")
    with pytest.raises(Refused, match="missing: legal, officer"):
        put(home, made, by=desk["legal"], now=LATER)
    _approve(home, desk, made)
    put(home, made, by=desk["legal"], now=LATER)
    (body,) = bodies(made.case_id, Kind.ALLEGATION_PUT)
    assert body["traces"] == {again.pk: "inconclusive"}
    _retraced(verdict="unmatched", hours=3)
    assert set(approvals_of_override(made).by_role) == {"legal", "officer"}


def test_an_override_of_a_lead_that_is_none_any_more_is_neither_approved_nor_put(home: Home, desk: Desk) -> None:
    made = _overridden(home, desk, copy_of(desk, desk.supplier))
    _retraced(verdict="unmatched")
    for act in (lambda: _approve(home, desk, made), lambda: put(home, made, by=desk["legal"], now=LATER)):
        with pytest.raises(Refused, match="not even a lead any more"):
            act()


@pytest.mark.parametrize("is_lead", [True, False])
def test_an_override_is_neither_approved_nor_put_once_another_partys_copy_is_accused(
    home: Home, desk: Desk, is_lead: bool
) -> None:
    lead = [copy_of(desk, desk.supplier)] if is_lead else []
    made = _overridden(home, desk, *lead)
    again = _retraced(copy_of(desk, desk.sibling), verdict="accused")
    for copy in lead:
        NamedCopy.objects.create(trace=again, copy=copy, is_accused=False, z=5.0, log10_bound=-3.0, round=2)
    for act in (lambda: _approve(home, desk, made), lambda: put(home, made, by=desk["legal"], now=LATER)):
        with pytest.raises(Refused, match="for which Northwick Mouldings does not answer"):
            act()
