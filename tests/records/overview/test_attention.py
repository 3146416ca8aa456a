"""What waits for somebody today: every kind with what is in it and what is not, for those whose role it is."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, PERSONS, Desk, agree
from tests.records.cases.played import LATER, copy_of, draft, felled, leak_of, opened, played, seen_before_it_was_issued
from tests.records.overview.test_exposure import lost_round
from tests.records.rounds import affair
from tidemark.errors import Refused
from tidemark.records.accounts.roles import OWNER_ROLES
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import Allegation, Case, Duty
from tidemark.records.cases.reply import reply
from tidemark.records.copies.models import Copy, OnwardRequest, Release
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Trace
from tidemark.records.overview.attention import SHOWN, attention
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.rounds.bid import decline
from tidemark.records.rounds.certify import certify
from tidemark.records.rounds.close import award, close
from tidemark.records.rounds.models import Bidder, Round

CASES = frozenset({"officer", "investigator"})
LEGAL = frozenset({"officer", "legal"})
OFFICER = frozenset({"officer"})


def rows(desk: Desk, kind: str, who: str = "officer", *, at=NOW) -> list:  # type: ignore[type-arg, no-untyped-def]
    found = [matter for matter in attention(desk[who], at=at) if matter.kind == kind]
    assert all(matter.count == len(matter.rows) for matter in found)
    return found[0].rows if found else []


def seen_by(desk: Desk, kind: str, *, at=NOW) -> set[str]:  # type: ignore[no-untyped-def]
    """Return which of the owner's roles have this kind on their page."""
    return {role.value for role in OWNER_ROLES if rows(desk, kind, role.value, at=at)}


def case_of(desk: Desk, who: str = "", **fields: object) -> Case:
    given = {"number": "2026-001", "title": "A leak", "opened": NOW, "respond_by": NOW} | fields
    return Case.objects.create(opened_by=desk["officer"], assignee=desk[who] if who else None, **given)


def closed_round(desk: Desk, **fields: object) -> Bidder:
    """Put a round on record that closed now with one bid, and return who waits."""
    bidding = Round.objects.create(
        project=desk.project, title="Bumpers", closes=NOW, created=NOW, created_by=desk["officer"],
        **({"state": "closed", "closed": NOW} | fields),
    )  # fmt: skip
    return Bidder.objects.create(round=bidding, party=desk.supplier, invited=NOW)


def test_at_a_desk_where_all_is_in_order_nothing_waits_for_anybody(home: Home, desk: Desk) -> None:  # noqa: ARG001
    assert {who: attention(desk[who], at=NOW) for who in PERSONS} == {who: [] for who in PERSONS}


def test_a_leak_that_shows_a_draft_waits_until_it_is_in_a_case(home: Home, desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    lead = leak_of(desk, [copy], title="Lead", verdict="suspected")
    accused = leak_of(desk, [copy], title="Accused")
    leak_of(desk, [], title="Somebody else's", verdict="unmatched")
    sighting = leak_of(desk, [copy], title="Sighting")
    Leak.objects.filter(pk=sighting.pk).update(is_sighting=True)
    assert [(row, row.standing) for row in rows(desk, "leaks")] == [(accused, "accused"), (lead, "suspected")]
    assert seen_by(desk, "leaks") == CASES
    opened(home, desk, accused)
    assert rows(desk, "leaks") == [lead]


def test_a_leak_whose_joined_posts_are_in_a_case_is_in_one(home: Home, desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    joined, into = leak_of(desk, [copy], title="Joined"), leak_of(desk, [copy], title="Into")
    opened(home, desk, joined)
    assert rows(desk, "leaks") == [into]
    Leak.objects.filter(pk=joined.pk).update(joined_into=into)
    assert rows(desk, "leaks") == []


def test_what_the_last_trace_of_a_file_says_counts_for_a_leak(home: Home, desk: Desk) -> None:  # noqa: ARG001
    leak = leak_of(desk, [copy_of(desk, desk.supplier)])
    before = Trace.objects.get()
    again = {"post": before.post, "state": "done", "finished": LATER, "copies_tested": 9}
    Trace.objects.create(**again, requested=LATER, verdict="inconclusive")
    assert [row.standing for row in rows(desk, "leaks")] == ["inconclusive"]
    Trace.objects.create(**again, requested=LATER + timedelta(hours=1), verdict="unmatched")
    assert rows(desk, "leaks") == []
    assert Leak.objects.get() == leak


def test_a_failed_trace_waits_until_the_file_is_traced_again(home: Home, desk: Desk) -> None:  # noqa: ARG001
    leak = leak_of(desk, [], verdict="unmatched")
    Trace.objects.update(state="failed", verdict="", fault="No memory.")
    assert rows(desk, "failed") == [leak]
    assert seen_by(desk, "failed") == CASES
    again = Trace.objects.create(post=Trace.objects.get().post, requested=LATER)
    assert rows(desk, "failed") == []
    Trace.objects.filter(pk=again.pk).update(state="failed")
    assert rows(desk, "failed") == [leak]
    Trace.objects.exclude(pk=again.pk).update(state="done", verdict="unmatched")
    assert rows(desk, "failed") == []


def test_an_allegation_waits_from_the_answer_until_it_is_concluded(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    assert rows(desk, "replies") == []
    reply(home, allegation, "disputes", text="Not ours.", by=desk["contact"], now=LATER)
    assert [(row, row.answered) for row in rows(desk, "replies", at=LATER)] == [(allegation, LATER)]
    assert seen_by(desk, "replies", at=LATER) == LEGAL
    make_final(home, allegation, by=desk["legal"], now=LATER)
    assert rows(desk, "replies", at=LATER) == []


def test_an_allegation_without_an_answer_waits_exactly_when_it_can_be_concluded(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    before = allegation.answer_by - timedelta(seconds=1)
    assert rows(desk, "replies", at=before) == []
    with pytest.raises(Refused):
        make_final(home, allegation, by=desk["legal"], now=before)
    assert [(row, row.answered) for row in rows(desk, "replies", at=allegation.answer_by)] == [(allegation, None)]
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=allegation.answer_by)
    assert rows(desk, "replies", at=allegation.answer_by) == []


def test_a_late_case_waits_for_who_handles_cases_and_for_who_works_on_it(home: Home, desk: Desk) -> None:  # noqa: ARG001
    case = case_of(desk, "legal", project=desk.project)
    assert rows(desk, "cases") == []
    assert rows(desk, "cases", at=LATER) == [case]
    assert seen_by(desk, "cases", at=LATER) == CASES | {"legal"}
    Case.objects.update(status="closed")
    assert rows(desk, "cases", at=LATER) == []


def test_a_late_duty_waits_for_who_was_asked_and_one_of_nobody_for_who_handles_cases(home: Home, desk: Desk) -> None:  # noqa: ARG001
    case = case_of(desk, respond_by=None)
    duty = Duty.objects.create(case=case, title="Ask the forum", due=NOW, created=NOW, assignee=desk["communications"])
    assert seen_by(desk, "duties") == set()
    assert seen_by(desk, "duties", at=LATER) == {"communications"}
    Duty.objects.update(assignee=None)
    assert seen_by(desk, "duties", at=LATER) == CASES
    assert rows(desk, "duties", at=LATER) == [duty]
    Duty.objects.update(done=NOW)
    assert seen_by(desk, "duties", at=LATER) == set()


def test_an_onward_request_waits_until_it_is_decided(home: Home, desk: Desk) -> None:  # noqa: ARG001
    asked = OnwardRequest.objects.create(
        engagement=desk.engagements["supplier"], sub_vendor=desk.sub_vendor, asked=NOW, asked_by=desk["contact"]
    )
    assert rows(desk, "onward") == [asked]
    assert seen_by(desk, "onward") == OFFICER
    OnwardRequest.objects.update(state=OnwardRequest.State.REFUSED)
    assert rows(desk, "onward") == []


def test_a_release_waits_with_the_copies_that_could_not_be_made(home: Home, desk: Desk) -> None:  # noqa: ARG001
    release = Release.objects.create(project=desk.project, created=NOW, created_by=desk["officer"])
    for number in (1, 2, 3):
        copy = copy_of(desk, desk.supplier, number=number)
        fault = "Too plain." if number < 3 else ""
        Copy.objects.filter(pk=copy.pk).update(release=release, fault=fault)
    (row,) = rows(desk, "faults")
    assert (row["release_id"], row["count"]) == (release.pk, 2)
    assert seen_by(desk, "faults") == OFFICER
    Copy.objects.update(revoked=NOW)
    assert rows(desk, "faults") == []


def test_a_round_that_closed_with_bids_waits_for_its_award(home: Home, desk: Desk) -> None:
    bidding = affair.opened(home, desk)
    affair.bid(home, desk, bidding, "contact")
    assert rows(desk, "awards") == []
    close(home, bidding, by=desk["officer"], now=NOW)
    assert [(row, row.pending) for row in rows(desk, "awards")] == [(bidding, 1)]
    assert seen_by(desk, "awards") == OFFICER
    award(home, bidding, [], by=desk["officer"], now=NOW)
    assert rows(desk, "awards") == []


def test_a_certificate_waits_from_whoever_owes_it_lost_or_declined_and_from_nobody_else(home: Home, desk: Desk) -> None:
    drawing = affair.draft(desk, "front")
    bidding = affair.opened(home, desk, drafts=(drawing,))
    affair.copy(drawing, desk["contact"], desk.engagements["supplier"])
    decline(home, bidding, by=desk["contact"], now=NOW)
    close(home, bidding, by=desk["officer"], now=NOW)
    declined, without_copies = (affair.bidder(bidding, desk[who]) for who in ("contact", "sibling_contact"))
    assert (declined.outcome, without_copies.outcome) == (Bidder.Outcome.DECLINED, Bidder.Outcome.LOST)
    assert rows(desk, "certificates") == [declined]
    assert seen_by(desk, "certificates") == OFFICER
    with pytest.raises(Refused, match="nothing to certify"):
        certify(home, without_copies, means="returned", statement="", by=desk["sibling_contact"], now=NOW)
    certify(home, declined, means="returned", statement="", by=desk["contact"], now=NOW)
    assert rows(desk, "certificates") == []


def test_the_certificate_that_is_owed_the_longest_comes_first(home: Home, desk: Desk) -> None:  # noqa: ARG001
    drawing = draft(desk)
    second, first = lost_round(desk, desk.supplier, drawing), lost_round(desk, desk.sibling, drawing)
    Bidder.objects.filter(pk=first.pk).update(must_certify_since=NOW - timedelta(days=90))
    assert rows(desk, "certificates") == [first, second]


def test_a_round_waits_in_the_week_before_it_closes_and_not_when_it_has(home: Home, desk: Desk) -> None:
    bidding = affair.opened(home, desk)
    week = affair.CLOSES - timedelta(days=7)
    assert rows(desk, "rounds", at=week - timedelta(seconds=1)) == []
    assert [(row, row.invited) for row in rows(desk, "rounds", at=week)] == [(bidding, 2)]
    assert seen_by(desk, "rounds", at=week) == OFFICER
    close(home, bidding, by=None, now=affair.CLOSES)
    assert rows(desk, "rounds", at=affair.CLOSES) == []


def test_an_agreement_waits_from_thirty_days_before_its_end(home: Home, desk: Desk) -> None:  # noqa: ARG001
    ending = desk.agreements["supplier"]
    Agreement.objects.filter(pk=ending.pk).update(valid_until=NOW.date() + timedelta(days=31))
    assert rows(desk, "lapsing") == []
    assert rows(desk, "lapsing", at=LATER) == [ending]
    assert seen_by(desk, "lapsing", at=LATER) == LEGAL
    Agreement.objects.filter(pk=ending.pk).update(state=Agreement.State.TERMINATED)
    assert rows(desk, "lapsing", at=LATER) == []


def test_an_agreement_waits_until_it_is_accepted_for_the_party_as_it_stands(home: Home, desk: Desk) -> None:  # noqa: ARG001
    waiting = agree(desk.owner, desk.sibling, desk.project, desk.persons, ())
    assert rows(desk, "unaccepted") == [waiting]
    assert seen_by(desk, "unaccepted") == LEGAL
    said = {"agreement": waiting, "person": desk["sibling_contact"], "accepted": NOW, "leaf_index": 0}
    Acceptance.objects.create(**said, for_party=False)
    assert rows(desk, "unaccepted") == [waiting]
    Acceptance.objects.create(**said, for_party=True)
    assert rows(desk, "unaccepted") == []
    Agreement.objects.filter(pk=waiting.pk).update(content_sha256="0" * 64)
    assert rows(desk, "unaccepted") == [waiting]  # what was accepted are other terms


@pytest.mark.parametrize(
    "changes", [{"state": Agreement.State.TERMINATED}, {"valid_until": date(2026, 3, 13)}], ids=["terminated", "over"]
)
def test_what_cannot_be_accepted_any_more_does_not_wait(home: Home, desk: Desk, changes: dict[str, object]) -> None:  # noqa: ARG001
    waiting = agree(desk.owner, desk.sibling, desk.project, desk.persons, ())
    assert rows(desk, "unaccepted") == [waiting]
    Agreement.objects.filter(pk=waiting.pk).update(**changes)
    assert rows(desk, "unaccepted") == []


def test_a_draft_waits_whose_drill_is_weak_or_failed_until_there_is_a_better_revision(home: Home, desk: Desk) -> None:  # noqa: ARG001
    runs = [
        DrillRun.objects.create(draft=draft(desk, name), started=NOW - timedelta(hours=number), total=3, **said)
        for number, (name, said) in enumerate({"a": {"is_weak": True}, "b": {"fault": "Gone."}, "c": {}}.items())
    ]
    assert rows(desk, "weak") == runs[:2]
    assert seen_by(desk, "weak") == OFFICER
    Draft.objects.create(
        id="MS11--a-3", project=desk.project, sha256="3" * 64, description_sha256="3" * 64, file_name="a",
        size_bytes=1, carrier="image", revision=3, created=NOW,
    )  # fmt: skip
    assert rows(desk, "weak") == [runs[1]]


def test_of_many_the_first_few_are_shown_all_are_counted_and_no_more_is_asked(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy = copy_of(desk, desk.supplier)

    def more(number: int) -> None:
        leak_of(desk, [copy], title=f"Leak {number}")
        case = case_of(desk, number=f"2026-{number:03d}")
        Duty.objects.create(case=case, title="Ask", due=NOW, created=NOW)
        closed_round(desk)
        lost_round(desk, desk.sibling, copy.draft)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            attention(desk["officer"], at=LATER)
        return len(captured)

    more(0)
    assert desk["officer"].roles  # read once, and kept
    before = asked()
    for number in range(1, SHOWN + 3):
        more(number)
    assert asked() == before
    found = {matter.kind: (len(matter.rows), matter.count) for matter in attention(desk["officer"], at=LATER)}
    assert found == dict.fromkeys(("leaks", "cases", "duties", "awards", "certificates"), (SHOWN, SHOWN + 3))


@pytest.mark.parametrize("stop", [felled, seen_before_it_was_issued])
def test_an_allegation_that_is_stopped_waits_until_it_is_withdrawn_and_not_to_be_concluded(
    home: Home, desk: Desk, stop: Callable[[Desk, Allegation], object]
) -> None:
    allegation = played(home, desk)
    reply(home, allegation, "disputes", text="Not ours.", by=desk["contact"], now=LATER)
    assert (rows(desk, "stopped"), rows(desk, "replies")) == ([], [allegation])
    stop(desk, allegation)
    assert (rows(desk, "stopped"), rows(desk, "replies")) == ([allegation], [])
    assert seen_by(desk, "stopped") == LEGAL
    Case.objects.update(status=Case.Status.CLOSED)  # it stands there still, against whoever it was put to
    assert rows(desk, "stopped") == [allegation]
    withdraw_allegation(home, allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert (rows(desk, "stopped"), rows(desk, "replies")) == ([], [])


def test_nothing_of_the_owners_day_waits_for_a_suppliers_people(home: Home, desk: Desk) -> None:
    played(home, desk)
    closed_round(desk)
    later = NOW + timedelta(days=400)
    assert len(attention(desk["officer"], at=later)) > 2
    assert [attention(desk[who], at=later) for who in PERSONS if not desk[who].is_owners] == [[]] * 5
