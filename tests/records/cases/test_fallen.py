"""An allegation falls with what it rests on: nothing goes on from it once the last trace says otherwise."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, bodies, copy_of, felled, leak_of, opened, played, trace_of
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import approve_override, edit, prepare, prepare_override, put
from tidemark.records.cases.change import add_leaks, remove_leak
from tidemark.records.cases.conclude import make_final, why_not_final
from tidemark.records.cases.fallen import fallen, why_fallen
from tidemark.records.cases.models import Allegation, Case, CaseEvent
from tidemark.records.cases.named import named_of
from tidemark.records.cases.override import approvals_of_override
from tidemark.records.cases.remind import look_after
from tidemark.records.cases.reply import reply
from tidemark.records.cases.stopped import stopped_now
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.looks import join, split
from tidemark.records.leaks.models import Leak, NamedCopy, Post, Trace
from tidemark.records.ledger.models import Leaf
from tidemark.records.plans.take_back import withdraw_allegation


def _retraced(*copies: Copy, verdict: str, hours: int = 2) -> Trace:
    return trace_of(Post.objects.get(), copies, verdict=verdict, hours=hours)


def _lead_beside(trace: Trace, copy: Copy) -> None:
    NamedCopy.objects.create(trace=trace, copy=copy, is_accused=False, z=5.0, log10_bound=-3.0, round=2)


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
        _lead_beside(again, copy)
    for act in (lambda: _approve(home, desk, made), lambda: put(home, made, by=desk["legal"], now=LATER)):
        with pytest.raises(Refused, match="for which Northwick Mouldings does not answer"):
            act()


def test_what_is_put_rests_on_the_file_that_it_names_though_another_accuses_the_same_copy(
    home: Home, desk: Desk
) -> None:
    copy = copy_of(desk, desk.supplier)
    case = opened(home, desk, *(leak_of(desk, [copy], title=title) for title in ("one", "two")))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    (named,) = made.named.all()
    assert named.trace.post.file_sha256 in made.summary
    trace_of(named.trace.post, [], verdict="unmatched", hours=2)
    with pytest.raises(Refused, match=f"does not accuse copy {copy.pk} any more"):
        put(home, made, by=desk["legal"], now=LATER)
    withdraw_allegation(home, made, by=desk["legal"], now=LATER)
    again = prepare(home, case, desk.supplier, by=desk["legal"], now=LATER)
    assert [each.trace.post.file_sha256 in again.summary for each in (named, *again.named.all())] == [False, True]
    put(home, again, by=desk["legal"], now=LATER)


def test_a_trace_that_says_the_same_again_takes_nothing_from_an_override(home: Home, desk: Desk) -> None:
    """Two mixed their copies: one was accused and the other suspected when two persons approved it."""
    theirs, ours = copy_of(desk, desk.sibling), copy_of(desk, desk.supplier)
    case = opened(home, desk, leak_of(desk, [theirs]))
    _lead_beside(Trace.objects.get(), ours)
    made = prepare_override(home, case, desk.supplier, reason="They mixed them.", by=desk["legal"], now=NOW)
    edit(home, made, summary="The metadata.", answer_by=made.answer_by, by=desk["legal"], now=NOW)
    _approve(home, desk, made)
    put(home, made, by=desk["officer"], now=NOW)
    _lead_beside(_retraced(theirs, verdict="accused"), ours)
    assert why_fallen(made) == ""
    third = copy_of(desk, desk.sibling, number=2)
    _lead_beside(_retraced(theirs, third, verdict="accused", hours=3), ours)
    assert f"It accuses copy {third.pk}, for which Northwick Mouldings does not answer." in why_fallen(made)


def test_what_one_file_accused_then_is_news_of_another(home: Home, desk: Desk) -> None:
    theirs = copy_of(desk, desk.sibling)
    one, two = leak_of(desk, [theirs], title="one"), leak_of(desk, [], verdict="inconclusive", title="two")
    case = opened(home, desk, one, two)
    made = prepare_override(home, case, desk.supplier, reason="Two experts.", by=desk["legal"], now=NOW)
    assert why_fallen(made) == ""
    trace_of(Post.objects.get(leak=two), [theirs], verdict="accused", hours=2)
    assert f"It accuses copy {theirs.pk}" in why_fallen(made)


def test_what_came_after_an_override_in_the_ledger_was_not_known_by_any_clock(home: Home, desk: Desk) -> None:
    """The machine that traced it was an hour behind: what it found looks older than what was prepared before."""
    case = opened(home, desk, leak_of(desk, [], verdict="inconclusive"))
    made = prepare_override(home, case, desk.supplier, reason="Two experts.", by=desk["legal"], now=LATER)
    theirs = copy_of(desk, desk.sibling)
    again = trace_of(Post.objects.get(), [theirs], verdict="accused", hours=23)
    Trace.objects.filter(pk=again.pk).update(leaf_index=Leaf.objects.latest("index").index + 1)
    assert f"It accuses copy {theirs.pk}" in why_fallen(made)
    assert list(stopped_now()) == [made.pk]
    Trace.objects.filter(pk=again.pk).update(leaf_index=1)
    assert why_fallen(made) == ""  # whoever prepared it could see it


def _answered(home: Home, desk: Desk, made: Allegation) -> Allegation:
    """Put what two persons approved, and have it answered."""
    put(home, made, by=desk["officer"], now=NOW)
    reply(home, made, "disputes", text="Not ours.", by=desk["contact"], now=LATER)
    return made


def test_an_override_that_fell_is_not_raised_again_by_taking_its_leak_out(home: Home, desk: Desk) -> None:
    made = _answered(home, desk, _overridden(home, desk))
    _retraced(copy_of(desk, desk.sibling), verdict="accused")
    leak = Leak.objects.get()
    with pytest.raises(Refused, match=r"to Northwick Mouldings rests on this leak\. Withdraw the"):
        remove_leak(home, made.case, leak, by=desk["officer"], now=LATER)
    Case.leaks.through.objects.filter(leak=leak).delete()
    with pytest.raises(Refused, match="for which Northwick Mouldings does not answer"):
        make_final(home, made, by=desk["officer"], now=LATER)
    made.case.leaks.add(leak)
    withdraw_allegation(home, made, apology="We were wrong.", by=desk["legal"], now=LATER)
    remove_leak(home, made.case, leak, by=desk["officer"], now=LATER)


@pytest.mark.parametrize("is_lead", [True, False])
def test_an_override_that_fell_is_not_raised_again_by_splitting_a_file_off(
    home: Home, desk: Desk, is_lead: bool
) -> None:
    lead = [copy_of(desk, desk.supplier)] if is_lead else []
    leak = leak_of(desk, lead, verdict="suspected" if lead else "inconclusive", home=home)
    other = leak_of(desk, [], verdict="inconclusive", title="cropped", home=home)
    (cropped,) = other.posts.all()
    join(home, other, leak, by=desk["officer"], why="The same picture, cropped.", now=NOW)
    case = opened(home, desk, leak)
    made = prepare_override(home, case, desk.supplier, reason="Two experts.", by=desk["legal"], now=NOW)
    edit(home, made, summary="The metadata.", answer_by=made.answer_by, by=desk["legal"], now=NOW)
    _approve(home, desk, made)
    _answered(home, desk, made)
    trace_of(cropped, [copy_of(desk, desk.sibling)], verdict="accused", hours=2)
    why = f"to Northwick Mouldings in case {case.number} rests on this file"
    with pytest.raises(Refused, match=why):
        split(home, cropped, by=desk["officer"], why="Not the same picture after all.", now=LATER)
    with pytest.raises(Refused, match="for which Northwick Mouldings does not answer"):
        make_final(home, made, by=desk["officer"], now=LATER)
    withdraw_allegation(home, made, apology="We were wrong.", by=desk["legal"], now=LATER)
    split(home, cropped, by=desk["officer"], why="Not the same picture after all.", now=LATER)


def test_what_came_into_the_case_after_an_override_was_prepared_does_not_fell_it_and_may_leave(
    home: Home, desk: Desk
) -> None:
    made = _overridden(home, desk)
    later = leak_of(desk, [copy_of(desk, desk.sibling)], title="later")
    add_leaks(home, made.case, [later], by=desk["officer"], now=NOW)
    trace_of(Post.objects.get(leak=later), [copy_of(desk, desk.sibling, number=2)], verdict="accused", hours=2)
    assert why_fallen(made) == ""
    remove_leak(home, made.case, later, by=desk["officer"], now=LATER)


def test_the_ledger_says_which_files_were_there_when_an_override_was_prepared(home: Home, desk: Desk) -> None:
    made = _overridden(home, desk)
    (prepared,) = (body for body in bodies(made.case_id, Kind.CASE_CHANGED) if body.get("prepared"))
    assert prepared["files"] == [Post.objects.get().file_sha256]


def test_who_handles_the_case_is_mailed_once_of_each_trace_that_fells_it_and_the_party_never(
    home: Home, desk: Desk
) -> None:
    made = played(home, desk, desk.supplier)
    felled(desk, made, hours=2)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        for hours in (3, 3, 4):
            look_after(home, now=NOW + timedelta(hours=hours))
        felled(desk, made, hours=5)
        look_after(home, now=NOW + timedelta(hours=6))
    told = [message for message in mail.outbox if "is stopped" in message.subject]
    assert sorted(message.to for message in told) == sorted([desk[who].email] for who in ("officer", "legal") * 2)
    assert f"/allegations/{made.pk}/" in told[0].body


def test_it_is_asked_of_many_as_of_one(home: Home, desk: Desk) -> None:
    """Eight questions: the allegations, their copies, what was there, where that was not told, its leaks, the traces,
    what they name, and where in the ledger they were prepared.
    """

    def more(number: int) -> None:
        copy = copy_of(desk, desk.supplier, number=number)
        case = opened(home, desk, leak_of(desk, [copy], verdict="suspected", title=f"Leak {number}"))
        prepare_override(home, case, desk.supplier, reason="Two experts.", by=desk["legal"], now=NOW)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            rows = Allegation.objects.all()
            fallen(rows, named_of(rows))
        return len(captured)

    more(1)
    assert asked() == 8 + 1  # the caller's own
    for number in range(2, 6):
        more(number)
    assert asked() == 8 + 1


def test_an_override_of_which_no_files_were_told_falls_by_those_of_its_case(home: Home, desk: Desk) -> None:
    lead = copy_of(desk, desk.supplier)
    made = _overridden(home, desk, lead)
    for event in CaseEvent.objects.filter(detail__has_key="files", detail__override=True):
        del event.detail["files"]
        event.save()
    _approve(home, desk, made)
    _answered(home, desk, made)
    again = _retraced(copy_of(desk, desk.sibling), verdict="accused")
    _lead_beside(again, lead)
    with pytest.raises(Refused, match="does not answer"):
        make_final(home, made, by=desk["officer"], now=LATER)
