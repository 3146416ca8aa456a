"""An allegation falls with what it rests on: nothing goes on from it once the last trace says otherwise."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, copy_of, played, trace_of
from tidemark.errors import Refused
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.conclude import make_final, why_not_final
from tidemark.records.cases.fallen import why_fallen
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.reply import reply
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post, Trace
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
