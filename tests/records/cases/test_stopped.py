"""Nothing goes on from an allegation once a caveat is known of which its party was not told, whoever takes the step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk
from tests.records.cases.played import (
    LATER,
    copy_of,
    felled,
    leak_of,
    opened,
    played,
    seen_before_it_was_issued,
    trace_of,
)
from tests.records.sanctions.after import decided as decided_on
from tests.records.sanctions.imposed import imposed
from tests.records.statements.said import AFTER, approved, decided, ready
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import terminate
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.models import Allegation, CaseEvent
from tidemark.records.cases.remind import look_after, mark_unanswered
from tidemark.records.cases.stoppable import stoppable
from tidemark.records.cases.stopped import stopped, stopped_now, why_stopped
from tidemark.records.home import Home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.looks import join, split
from tidemark.records.leaks.models import Correction, Post
from tidemark.records.ledger.models import Leaf
from tidemark.records.plans.access import suspend_access
from tidemark.records.plans.ask import PLAN_WITHIN, ask_plan
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.prepare import prepare as prepare_sanction
from tidemark.records.statements.issue import issue
from tidemark.records.statements.write import prepare as prepare_statement

UNTOLD = r"Since it was put it became known: .*only after this leak was first seen"


def _seen_before_it_was_issued(home: Home, desk: Desk) -> None:
    known, why = Known(posted=NOW - timedelta(hours=2)), "By the forum's own clock."
    correct(home, Post.objects.get(), known, why=why, by=desk["investigator"], now=NOW + timedelta(minutes=1))


def test_no_access_is_suspended_for_it(home: Home, desk: Desk) -> None:
    made = played(home, desk)
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match=UNTOLD):
        suspend_access(home, made, why="Containment.", by=desk["officer"], now=LATER)


def test_no_sanction_is_prepared_no_plan_asked_for_and_no_final_statement_prepared(home: Home, desk: Desk) -> None:
    case = decided(home, desk)
    made = Allegation.objects.get()
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match=UNTOLD):
        prepare_sanction(home, made, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match=UNTOLD):
        ask_plan(home, made, due=LATER + PLAN_WITHIN, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="Nothing in this case is final and stands"):
        prepare_statement(home, case, "final", by=desk["communications"], now=LATER)
    assert prepare_statement(home, case, "holding", by=desk["communications"], now=LATER).kind == "holding"


def test_a_final_statement_that_was_approved_is_not_issued(home: Home, desk: Desk) -> None:
    made = approved(home, desk, ready(home, desk, decided(home, desk)))
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match="Nothing that is final in this case stands any more"):
        issue(home, made, channel="Press release", by=desk["communications"], now=AFTER)


def test_an_appeal_is_not_turned_down_but_the_sanction_can_be_waived(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    appeal(home, made, reason="We had not got it yet.", by=desk["contact"], now=LATER)
    _seen_before_it_was_issued(home, desk)
    with pytest.raises(Refused, match=UNTOLD):
        decided_on(home, desk, made, "upheld")
    decided_on(home, desk, made, "waived")
    assert Sanction.objects.get(pk=made.pk).state == Sanction.State.WAIVED


def test_it_is_asked_of_many_as_of_one(home: Home, desk: Desk) -> None:
    """What is asked does not grow with the allegations; the reasons are those of each, and a withdrawn one has none."""
    made = played(home, desk)
    _seen_before_it_was_issued(home, desk)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            stopped(Allegation.objects.all())
        return len(captured)

    before = asked()
    others = [_put_one(home, desk, number) for number in range(2, 5)]
    assert asked() == before
    felled(desk, others[0])
    found = {pk: str(each) for pk, each in stopped(Allegation.objects.all()).items()}
    assert found == {each.pk: why for each in Allegation.objects.all() if (why := why_stopped(each))}
    assert len(found) == 2
    withdraw_allegation(home, made, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert why_stopped(made) == ""
    assert made.pk not in stopped([made])


def _put_one(home: Home, desk: Desk, number: int) -> Allegation:
    """Put another allegation of a leak of its own, in a case of its own; LATER, so that nothing is news of it."""
    copy = copy_of(desk, desk.sibling, number=number)
    case = opened(home, desk, leak_of(desk, [copy], title=f"Leak {number}"))
    made = prepare(home, case, desk.sibling, by=desk["legal"], now=LATER)
    put(home, made, by=desk["legal"], now=LATER)
    return made


@pytest.mark.parametrize("hours", [1, -23])
@pytest.mark.parametrize("news", ["corrected", "reposted", "the same file", "traced", "moved", "clustered", "untold"])
def test_whatever_stops_one_is_found_among_all(home: Home, desk: Desk, news: str, hours: int) -> None:
    """Also what was begun before it was prepared and is on record only after it was put: it has the earlier time."""
    other = leak_of(desk, [copy_of(desk, desk.sibling, number=9)], title="other", home=home)
    Post.objects.filter(leak=other).update(posted=NOW - timedelta(hours=3))
    made = _put_one(home, desk, 1)
    assert stopped_now() == {}
    assert made not in stoppable()
    (named,) = made.named.all()
    post, at = named.trace.post, LATER + timedelta(hours=hours)
    early = {"posted": NOW - timedelta(hours=3)}
    if news == "corrected":
        correct(home, post, Known(**early), why="By its clock.", by=desk["investigator"], now=at)
    elif news in ("reposted", "the same file"):
        file, leak = (post.file_sha256, other) if news == "the same file" else ("5" * 64, post.leak)
        Post.objects.create(
            leak=leak, file_sha256=file, file_name="b", size_bytes=1, received=at, leaf_index=0, **early
        )
    elif news == "traced":  # what was another copy's is nobody's any more, and speaks of this one
        Post.objects.filter(leak=other).update(leak=post.leak)
        assert stopped_now() == {}
        trace_of(Post.objects.exclude(pk=post.pk).get(), [], verdict="inconclusive", hours=24 + hours)
    elif news == "moved":
        trace_of(Post.objects.get(leak=other), [], verdict="inconclusive", hours=1)
        join(home, other, post.leak, by=desk["officer"], why="It looks the same.", now=at)
    elif news == "clustered":
        trace_of(Post.objects.get(leak=other), [], verdict="inconclusive", hours=1)
        Post.objects.filter(leak=other).update(leak=post.leak, compared=at)
    else:
        Post.objects.filter(pk=post.pk).update(**early)
        for event in CaseEvent.objects.filter(kind=Kind.ALLEGATION_PUT):
            del event.detail["caveats"]
            event.save()
    assert why_stopped(made)
    assert {pk: str(each) for pk, each in stopped_now().items()} == {made.pk: why_stopped(made)}


def test_an_agreement_that_ended_by_a_clock_that_was_behind_is_looked_at(home: Home, desk: Desk) -> None:
    """By a right clock its duties last until the leak was seen at least."""
    copy = copy_of(desk, desk.sibling, number=1)
    leak = leak_of(desk, [copy], title="one", home=home)
    Post.objects.filter(leak=leak).update(received=LATER)
    Agreement.objects.filter(pk=desk.agreements["sibling"].pk).update(survival_months=0, valid_until=None)
    made = prepare(home, opened(home, desk, leak), desk.sibling, by=desk["legal"], now=LATER)
    put(home, made, by=desk["legal"], now=LATER)
    assert stopped_now() == {}
    agreement = Agreement.objects.get(pk=made.agreement_id)
    terminate(home, agreement, why="It is over.", by=desk["legal"], now=LATER - timedelta(hours=23))
    made.refresh_from_db()
    assert "The duties ended" in why_stopped(Allegation.objects.get(pk=made.pk))
    assert list(stopped_now()) == [made.pk]


def test_a_file_that_was_moved_out_before_it_was_put_is_looked_at(home: Home, desk: Desk) -> None:
    other = leak_of(desk, [], verdict="inconclusive", title="other", home=home)
    copy = copy_of(desk, desk.sibling, number=1)
    leak = leak_of(desk, [copy], title="one", home=home)
    moved = Post.objects.get(leak=other)
    join(home, other, leak, by=desk["officer"], why="It looks the same.", now=NOW)
    split(home, moved, by=desk["officer"], why="It does not.", now=NOW)
    made = prepare(home, opened(home, desk, leak), desk.sibling, by=desk["legal"], now=LATER)
    put(home, made, by=desk["legal"], now=LATER)
    assert stopped_now() == {}
    known = Known(posted=NOW - timedelta(hours=3))
    moved.refresh_from_db()
    correct(home, moved, known, why="By its clock.", by=desk["investigator"], now=LATER + timedelta(hours=1))
    assert why_stopped(made)
    assert list(stopped_now()) == [made.pk]


def test_of_all_only_those_are_loaded_of_which_something_became_known(home: Home, desk: Desk) -> None:
    """However many there are: the questions are the same ones, and what nothing is known of is not read."""
    first = _put_one(home, desk, 1)
    felled(desk, first, hours=40)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert list(stopped_now()) == [first.pk]
        return len(captured)

    before = asked()
    for number in range(2, 6):
        _put_one(home, desk, number)
    assert asked() == before
    assert list(stoppable()) == [first]


def mailed(home: Home, *hours: int) -> list[str]:
    """Run the task at these hours; return to whom mails went that say that it is stopped."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        for each in hours:
            look_after(home, now=NOW + timedelta(hours=each))
    return sorted(message.to[0].partition("@")[0] for message in mail.outbox if "is stopped" in message.subject)


def test_who_handles_the_case_is_mailed_once_of_each_caveat_that_becomes_known_and_the_party_never(
    home: Home, desk: Desk
) -> None:
    made = played(home, desk)
    assert mailed(home, 1) == []
    _seen_before_it_was_issued(home, desk)
    assert mailed(home, 3, 3, 4) == ["legal", "officer"]
    assert "something became known that speaks against it" in mail.outbox[0].body
    known = Known(posted=NOW)
    correct(home, Post.objects.get(), known, why="By ours.", by=desk["officer"], now=NOW + timedelta(hours=5))
    assert "Before a post of this leak was corrected" in why_stopped(made)
    assert mailed(home, 6) == []  # it is the same that speaks against it
    Post.objects.update(posted=NOW + timedelta(days=400))
    Agreement.objects.update(valid_until=NOW.date() - timedelta(days=1), survival_months=0)
    assert "The duties ended" in why_stopped(Allegation.objects.get())
    assert mailed(home, 7) == ["legal", "officer"]
    withdraw_allegation(home, made, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert mailed(home, 8) == []


@pytest.mark.parametrize("stop", [felled, seen_before_it_was_issued])
def test_the_party_is_not_reminded_to_answer_what_is_stopped(
    home: Home, desk: Desk, stop: Callable[[Desk, Allegation], object]
) -> None:
    made = played(home, desk)
    hours = (made.answer_by - NOW) // timedelta(hours=1) - 24
    mailed(home, 1)
    stop(desk, made)
    mailed(home, hours)
    assert [each.to for each in mail.outbox if "Your answer is asked for" in each.subject] == []
    (copy,) = (each.copy for each in made.named.all())
    trace_of(Post.objects.get(), [copy], verdict="accused", hours=40)
    Post.objects.update(posted=None)
    Correction.objects.all().delete()
    mailed(home, hours)
    asked = [each.to[0].partition("@")[0] for each in mail.outbox if "Your answer is asked for" in each.subject]
    assert asked == ["contact"]


def test_a_fall_that_was_hidden_by_another_is_told_whenever_it_comes_to_light(home: Home, desk: Desk) -> None:
    """It fell twice, and was mailed of once; then the first file was traced again and bears it."""
    copies = [copy_of(desk, desk.sibling, number=number) for number in (1, 2)]
    copies.sort(key=lambda each: each.pk)
    leaks = [leak_of(desk, [copy], title=copy.pk, home=home) for copy in copies]
    made = prepare(home, opened(home, desk, *leaks), desk.sibling, by=desk["legal"], now=LATER)
    put(home, made, by=desk["legal"], now=LATER)
    for number, copy in enumerate(copies):
        trace_of(Post.objects.get(leak__title=copy.pk), [], verdict="inconclusive", hours=30 + number)
    assert mailed(home, 32) == ["legal", "officer"]
    trace_of(Post.objects.get(leak__title=copies[0].pk), [copies[0]], verdict="accused", hours=31 * 24 + 40)
    assert copies[1].pk in why_stopped(made)
    assert mailed(home, 31 * 24 + 41, 31 * 24 + 42) == ["legal", "officer"]


@pytest.mark.parametrize("stop", [felled, seen_before_it_was_issued])
def test_the_party_is_not_said_to_have_kept_silent_to_what_is_stopped(
    home: Home, desk: Desk, stop: Callable[[Desk, Allegation], object]
) -> None:
    made = played(home, desk)
    late = made.answer_by + timedelta(hours=1)
    stop(desk, made)
    leaves = Leaf.objects.count()
    assert mark_unanswered(home, now=late) == 0
    made.refresh_from_db()
    assert made.state == Allegation.State.PUT
    assert Leaf.objects.count() == leaves
    (copy,) = (each.copy for each in made.named.all())
    trace_of(Post.objects.get(), [copy], verdict="accused", hours=40)
    Post.objects.update(posted=None)
    Correction.objects.all().delete()
    assert mark_unanswered(home, now=late) == 1
