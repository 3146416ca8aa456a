"""Whatever happens to leaks, copies, agreements and cases: what is stopped is among what is looked at.

The oracle is :func:`stopped` of all allegations there are; what is played is drawn by chance from a seed, with clocks
that lie behind the ledger by up to its limit.
"""

import hashlib
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import CLAUSE, copy_of, leak_of, trace_of
from tidemark import limits
from tidemark.errors import Refused
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import terminate
from tidemark.records.cases.allege import approve_override, prepare, prepare_override, put
from tidemark.records.cases.change import add_leaks, change_status, close, merge, remove_leak, reopen
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.open import open_case
from tidemark.records.cases.override import needs_override
from tidemark.records.cases.stopped import stopped, stopped_now
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.looks import confirm, join, split
from tidemark.records.leaks.models import Leak, Post, Trace
from tidemark.records.plans.take_back import withdraw_allegation

Row = TypeVar("Row", Allegation, Agreement, Case, Leak, Post)
STEPS = 60
BEHIND_HOURS = limits.MAX_BEHIND_LEDGER_HOURS - 1


class Play:
    """What can happen, each thing once it is called, with what is drawn by chance."""

    def __init__(self, home: Home, desk: Desk, seed: int) -> None:
        self.home, self.desk, self.chance = home, desk, random.Random(seed)
        self.hours = 0
        Agreement.objects.update(clause=CLAUSE, survival_months=0)
        parties = (desk.supplier, desk.sibling, desk.sub_vendor)
        self.copies = [copy_of(desk, party, number=number) for party in parties for number in range(2)]
        Copy.objects.filter(pk__in=[each.pk for each in self.copies[::2]]).update(path="")
        for number in range(4):
            copies, verdict = self._found()
            leak_of(desk, copies, title=f"leak {number}", verdict=verdict, home=home)
            with suppress(Refused):
                self.open()
        self.prepare()
        self.put()

    @property
    def now(self) -> timedelta:
        """By a clock that may lie behind."""
        return timedelta(hours=self.hours - self.chance.choice((0, 0, 1, BEHIND_HOURS)))

    def step(self) -> None:
        """Let one thing happen; what is refused does not."""
        self.hours += self.chance.choice((0, 0, 1, 6))
        do: Callable[[], object] = self.chance.choice(
            (
                self.prepare, self.prepare, self.prepare_lead, self.put, self.put, self.put, self.withdraw,
                self.open, self.open, self.add, self.remove, self.merge, self.close, self.reopen,
                self.trace, self.trace, self.correct, self.post, self.join, self.split, self.confirm, self.cluster,
                self.terminate, self.cut_off, self.leak,
            )
        )  # fmt: skip
        try:
            do()
        except (Refused, IndexError):
            return

    def prepare(self) -> None:
        """The first that is not refused: from what is accused, or by override."""
        parties = (self.desk.supplier, self.desk.sibling, self.desk.sub_vendor)
        tries = [(case, party) for case in Case.objects.order_by("number") for party in parties]
        for case, party in self.chance.sample(tries, k=len(tries)):
            with suppress(Refused):
                prepare(self.home, case, party, by=self.desk["legal"], now=NOW + self.now)
                return

    def prepare_lead(self) -> None:
        case, party = self._one(Case), self.chance.choice((self.desk.supplier, self.desk.sibling))
        prepare_override(self.home, case, party, reason="A word.", by=self.desk["legal"], now=NOW + self.now)

    def put(self) -> None:
        """All that can be, by override where it is needed."""
        for made in Allegation.objects.filter(state=Allegation.State.PREPARED).order_by("case__number", "party"):
            words = {"summary": "What we found.", "answer_by": NOW + timedelta(days=900)}
            reason = "Somebody’s word." if needs_override(made) else ""
            Allegation.objects.filter(pk=made.pk).update(**words, override_reason=reason)
            made.refresh_from_db()
            with suppress(Refused):
                for role in (Role.LEGAL, Role.OFFICER) if reason else ():
                    approve_override(self.home, made, by=self.desk[role.value], now=NOW + timedelta(hours=self.hours))
                put(self.home, made, by=self.desk["legal"], now=NOW + self.now)

    def withdraw(self) -> None:
        if self.chance.random() < 0.3:
            made = self._one(Allegation)
            withdraw_allegation(self.home, made, apology="Sorry.", by=self.desk["legal"], now=NOW + self.now)

    def open(self) -> None:
        leaks = self.chance.sample(sorted(Leak.objects.standing(), key=lambda each: each.title), k=1)
        case = open_case(self.home, leaks, title="A case", by=self.desk["officer"], now=NOW + self.now)
        change_status(self.home, case, "investigating", by=self.desk["officer"], now=NOW + self.now)

    def add(self) -> None:
        add_leaks(self.home, self._one(Case), [self._one(Leak)], by=self.desk["officer"], now=NOW + self.now)

    def remove(self) -> None:
        case = self._one(Case)
        remove_leak(self.home, case, self._one(Leak), by=self.desk["officer"], now=NOW + self.now)

    def merge(self) -> None:
        case, into = self._one(Case), self._one(Case)
        merge(self.home, case, into, why="One affair.", by=self.desk["officer"], now=NOW + self.now)

    def close(self) -> None:
        if self.chance.random() < 0.3:
            close(self.home, self._one(Case), why="It is over.", by=self.desk["officer"], now=NOW + self.now)

    def reopen(self) -> None:
        case = self.chance.choice(list(Case.objects.filter(status=Case.Status.CLOSED).order_by("number")))
        reopen(self.home, case, why="It is not over.", by=self.desk["officer"], now=NOW + self.now)

    def trace(self) -> None:
        copies, verdict = self._found()
        hours = int(self.now / timedelta(hours=1))
        trace = trace_of(self._post(), copies, verdict=verdict, hours=hours)
        asked = NOW + timedelta(hours=self.hours)  # in the order in which they are asked for, whatever clocks say
        last = Trace.objects.exclude(pk=trace.pk).order_by("-requested").values_list("requested", flat=True)[0]
        Trace.objects.filter(pk=trace.pk).update(requested=max(asked, last + timedelta(seconds=1)))

    def correct(self) -> None:
        post = self._one(Post)
        known = Known(
            posted=self.chance.choice((None, post.received, NOW - timedelta(hours=self.chance.randrange(40))))
        )
        correct(self.home, post, known, why="By its clock.", by=self.desk["investigator"], now=NOW + self.now)

    def post(self) -> None:
        leak, again = self._post().leak, self._post()
        is_same, at = self.chance.random() < 0.5, NOW + self.now
        sha256 = again.file_sha256 if is_same else hashlib.sha256(str(self.chance.random()).encode()).hexdigest()
        Post.objects.create(
            leak=again.leak if is_same else leak,
            file_sha256=sha256,
            file_name="found.jpg",
            size_bytes=1,
            received=at,
            posted=self.chance.choice((None, at - timedelta(hours=self.chance.randrange(90)))),
            leaf_index=Post.objects.count(),
        )

    def join(self) -> None:
        join(self.home, self._one(Leak), self._one(Leak), by=self.desk["officer"], why="Alike.", now=NOW + self.now)

    def split(self) -> None:
        split(self.home, self._one(Post), by=self.desk["officer"], why="Not alike.", now=NOW + self.now)

    def confirm(self) -> None:
        confirm(self.home, self._one(Post), by=self.desk["officer"], why="Alike.", now=NOW + self.now)

    def cluster(self) -> None:
        """By looks, as a comparison does: a post that nobody compared, and whose leak is in no case."""
        posts = Post.objects.filter(compared=None, leak__cases=None).order_by("file_sha256", "leaf_index")
        post, into = self.chance.choice(list(posts)), self._one(Leak)
        if into.joined_into_id is None:
            moved = Post.objects.filter(leak=post.leak_id, file_sha256=post.file_sha256)
            moved.update(leak=into)
            Post.objects.filter(pk=post.pk).update(compared=NOW + self.now, joined=Post.Joined.LOOKS)

    def terminate(self) -> None:
        agreement = self._one(Agreement)
        if self.chance.random() < 0.7:
            return
        by = self.desk["legal"] if agreement.discloser.is_owner else self.desk["contact"]
        terminate(self.home, agreement, why="Over.", by=by, now=NOW + self.now)

    def cut_off(self) -> None:
        if self.chance.random() < 0.2:
            Copy.objects.filter(pk=self.chance.choice(self.copies).pk).update(state=Copy.State.UNDELIVERED)

    def leak(self) -> None:
        copies, verdict = self._found()
        made = leak_of(self.desk, copies, title=f"later {self.chance.random()}", verdict=verdict, home=self.home)
        at = NOW + self.now
        Post.objects.filter(leak=made).update(received=at)
        Trace.objects.filter(post__leak=made).update(requested=at, finished=at)

    def _found(self) -> tuple[list[Copy], str]:
        verdict = self.chance.choice(("accused", "accused", "suspected", "inconclusive"))
        number = 0 if verdict == "inconclusive" else self.chance.choice((1, 1, 2))
        return self.chance.sample(self.copies, k=number), verdict

    def _post(self) -> Post:
        """Mostly one that something was put of."""
        named = Post.objects.filter(traces__named__allegations__put__isnull=False).distinct()
        known = list(named.order_by("file_sha256", "leaf_index"))
        return self.chance.choice(known) if known and self.chance.random() < 0.7 else self._one(Post)

    def _one(self, model: type[Row]) -> Row:
        orders = {
            Case: ("number",),
            Leak: ("title", "created"),
            Post: ("file_sha256", "leaf_index"),
            Agreement: ("reference",),
            Allegation: ("case__number", "created", "party"),
        }
        return self.chance.choice(list(model._default_manager.order_by(*orders[model])))


@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, 5))])
def test_what_is_stopped_is_found_among_all_whatever_happens(home: Home, desk: Desk, seed: int) -> None:
    play, found = Play(home, desk, seed), set[str]()
    for number in range(STEPS):
        play.step()
        known = {pk: str(each) for pk, each in stopped(Allegation.objects.all()).items()}
        assert {pk: str(each) for pk, each in stopped_now().items()} == known, (seed, number)
        found |= known.keys()
    assert found, seed
