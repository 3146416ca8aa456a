"""Cases: numbers without gaps, steps that follow, an end with a reason, and deadlines that are heard of once."""

from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.core import mail
from django.db import connections
from django.test import override_settings

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, bodies, copy_of, draft, kinds, leak_of, opened, played, trace_of
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, time_text
from tidemark.records.agreements.documents import Document
from tidemark.records.cases import deadlines
from tidemark.records.cases.change import (
    add_leaks,
    assign,
    change_status,
    close,
    merge,
    rate,
    remove_leak,
    rename,
    reopen,
)
from tidemark.records.cases.models import Case, CaseEvent, Duty, Note
from tidemark.records.cases.notes import add_duty, add_note, attach_file, change_duty, finish_duty, state_of
from tidemark.records.cases.open import open_case
from tidemark.records.cases.remind import escalate
from tidemark.records.cases.status import next_by_hand
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak
from tidemark.records.ledger.check import log_faults


def _open(home: Home, desk: Desk, *, now: datetime = NOW, title: str = "A leak") -> Case:
    return open_case(home, [], title=title, by=desk["officer"], now=now)


def test_numbers_go_on_without_gaps_and_begin_anew_each_year(home: Home, desk: Desk) -> None:
    with pytest.raises(Refused):
        open_case(home, [], title=" ", by=desk["officer"], now=NOW)
    numbers = [_open(home, desk).number for _ in range(3)]
    numbers.append(_open(home, desk, now=NOW.replace(year=2027)).number)
    assert numbers == ["2026-001", "2026-002", "2026-003", "2027-001"]


def test_cases_opened_at_once_get_different_numbers(home: Home, desk: Desk) -> None:
    def run() -> None:
        _open(home, desk)
        connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Case.objects.values_list("number", flat=True)) == [f"2026-00{n}" for n in range(1, 5)]


def test_whatever_happens_is_one_leaf_and_one_row_of_the_timeline(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    add_note(home, case, "The forum was asked to take it down.", by=desk["investigator"], now=NOW)
    assign(home, case, desk["investigator"], by=desk["officer"], now=NOW)
    rows = list(CaseEvent.objects.filter(case=case).order_by("leaf_index").values_list("kind", flat=True))
    assert rows == kinds(case.pk)
    assert rows == [Kind.CASE_OPENED, *[Kind.CASE_CHANGED] * 3]
    assert "forum" not in str(bodies(case.pk, Kind.CASE_CHANGED))
    assert list(log_faults(home)) == []


def test_words_of_persons_do_not_fit_into_the_ledger(home: Home, desk: Desk) -> None:
    case = _open(home, desk)
    with pytest.raises(ValueError, match="too long"), writing(home):
        tell(home, case, Kind.CASE_CHANGED, by=desk["officer"], now=NOW, detail={"text": "x" * 201})


def test_a_case_takes_the_project_of_its_leaks_unless_there_are_two(home: Home, desk: Desk) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)])
    assert opened(home, desk, leak).project == desk.project
    other = leak_of(desk, [copy_of(desk, desk.supplier, name="rear.png")], title="Rear")
    row = draft(desk, "rear.png")
    row.project = desk.other_project
    row.save()
    another = leak_of(desk, [copy_of(desk, desk.supplier, number=2)], title="Front again")
    assert open_case(home, [other, another], title="Two", by=desk["officer"], now=NOW).project is None


def test_a_leak_is_in_one_open_case(home: Home, desk: Desk) -> None:
    leak = leak_of(desk, [])
    first, second = opened(home, desk, leak), _open(home, desk)
    with pytest.raises(Refused, match=first.number):
        open_case(home, [leak], title="Again", by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match=first.number):
        add_leaks(home, second, [leak], by=desk["officer"], now=NOW)
    close(home, first, why="It was a press photo.", by=desk["officer"], now=NOW)
    add_leaks(home, second, [leak], by=desk["officer"], now=NOW)
    assert list(second.leaks.all()) == [leak]


def test_a_case_is_not_reopened_while_its_leak_is_in_another_open_one(home: Home, desk: Desk) -> None:
    leak = leak_of(desk, [])
    first = opened(home, desk, leak)
    close(home, first, why="It was a press photo.", by=desk["officer"], now=NOW)
    second = opened(home, desk, leak)
    with pytest.raises(Refused, match=second.number):
        reopen(home, first, why="It was none.", by=desk["officer"], now=NOW)
    remove_leak(home, second, leak, by=desk["officer"], now=NOW)
    reopen(home, first, why="It was none.", by=desk["officer"], now=NOW)


def test_a_leak_without_posts_of_its_own_is_put_into_no_case(home: Home, desk: Desk) -> None:
    leak, other = leak_of(desk, []), leak_of(desk, [], title="The same")
    Leak.objects.filter(pk=other.pk).update(joined_into=leak)
    other.refresh_from_db()
    with pytest.raises(Refused, match="was joined to another"):
        open_case(home, [other], title="A case", by=desk["officer"], now=NOW)


def test_a_leak_that_an_allegation_rests_on_stays(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    with pytest.raises(Refused, match="rests on this leak"):
        remove_leak(home, allegation.case, Leak.objects.get(), by=desk["officer"], now=NOW)
    spare = leak_of(desk, [], title="Spare")
    add_leaks(home, allegation.case, [spare], by=desk["officer"], now=NOW)
    remove_leak(home, allegation.case, spare, by=desk["officer"], now=NOW)
    assert allegation.case.leaks.count() == 1


def test_a_leak_that_is_in_another_case_is_not_taken_out_of_this_one(home: Home, desk: Desk) -> None:
    case, elsewhere = _open(home, desk), leak_of(desk, [], title="Elsewhere")
    before = kinds(case.pk)
    with pytest.raises(Refused, match="not in the case"):
        remove_leak(home, case, elsewhere, by=desk["officer"], now=NOW)
    assert kinds(case.pk) == before


def test_a_case_gets_another_title_and_the_ledger_its_hash(home: Home, desk: Desk) -> None:
    case = _open(home, desk)
    rename(home, case, "  Rear \n bumper ", by=desk["investigator"], now=NOW)
    case.refresh_from_db()
    assert case.title == "Rear bumper"
    assert bodies(case.pk, "case-changed")[-1]["title_sha256"] == hash_of("Rear bumper")
    for title in (" ", "\u202e", "x" * 201):
        with pytest.raises(Refused, match="title"):
            rename(home, case, title, by=desk["officer"], now=NOW)
    for who in ("legal", "communications", "contact"):
        with pytest.raises(Refused, match="roles"):
            rename(home, case, "Mine", by=desk[who], now=NOW)
    close(home, case, why="Done.", by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="closed"):
        rename(home, case, "Later", by=desk["officer"], now=LATER)


def test_a_duty_gets_another_person_and_date_until_it_is_done(home: Home, desk: Desk) -> None:
    duty = add_duty(home, _open(home, desk), "Ask", assignee=desk["legal"], due=NOW, by=desk["officer"], now=NOW)
    change_duty(home, duty, assignee=desk["investigator"], due=LATER, by=desk["communications"], now=NOW)
    duty.refresh_from_db()
    assert (duty.assignee, duty.due) == (desk["investigator"], LATER)
    said = bodies(duty.case_id, "case-changed")[-1]
    assert (said["duty"], said["assignee"], said["due"]) == (duty.pk, desk["investigator"].pk, time_text(LATER))
    for who, assignee in (("officer", "contact"), ("contact", "legal"), ("administrator", "legal")):
        with pytest.raises(Refused):
            change_duty(home, duty, assignee=desk[assignee], due=None, by=desk[who], now=NOW)
    change_duty(home, duty, assignee=None, due=None, by=desk["officer"], now=NOW)
    finish_duty(home, duty, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="done already"):
        change_duty(home, duty, assignee=desk["legal"], due=None, by=desk["officer"], now=LATER)


def test_nothing_is_asked_for_until_a_date_that_has_passed(home: Home, desk: Desk) -> None:
    case = _open(home, desk)
    with pytest.raises(Refused, match="lies ahead"):
        add_duty(home, case, "Ask", due=NOW, by=desk["officer"], now=LATER)
    duty = add_duty(home, case, "Ask", due=LATER, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="lies ahead"):
        change_duty(home, duty, due=LATER - timedelta(hours=1), by=desk["officer"], now=LATER)
    assert [each.due for each in case.duties.all()] == [LATER]


def test_what_others_changed_of_a_duty_meanwhile_is_not_undone(home: Home, desk: Desk) -> None:
    stale = add_duty(home, _open(home, desk), "Ask", assignee=desk["legal"], due=NOW, by=desk["officer"], now=NOW)
    shown = state_of(stale)
    change_duty(home, stale, due=LATER, by=desk["communications"], now=NOW)
    with pytest.raises(Refused, match="since you looked"):
        change_duty(home, stale, assignee=None, due=NOW, by=desk["officer"], now=NOW, shown=shown)
    change_duty(home, stale, assignee=desk["investigator"], by=desk["officer"], now=NOW)
    stale.refresh_from_db()
    assert (stale.assignee, stale.due) == (desk["investigator"], LATER)


def test_a_promised_duty_keeps_a_person_and_a_date_and_a_new_date_lies_ahead(home: Home, desk: Desk) -> None:
    who = desk["legal"]
    case = _open(home, desk)
    duty = add_duty(home, case, "Look", assignee=who, due=NOW, promised_in="s1", by=desk["officer"], now=NOW)
    for assignee, due, why in (
        (None, NOW, "Give both"),
        (who, None, "Give both"),
        (who, NOW + timedelta(hours=1), "lies ahead"),
    ):
        with pytest.raises(Refused, match=why):
            change_duty(home, duty, assignee=assignee, due=due, by=desk["officer"], now=LATER)
    duty.refresh_from_db()
    assert (duty.assignee, duty.due) == (who, NOW)
    change_duty(home, duty, assignee=desk["investigator"], due=NOW, by=desk["officer"], now=LATER)  # late, but unmoved
    change_duty(home, duty, assignee=who, due=LATER, by=desk["officer"], now=NOW)
    duty.refresh_from_db()
    assert (duty.assignee, duty.due) == (who, LATER)


BY_HAND = {
    "reported": {"investigating", "closed"},
    "investigating": {"closed"},
    "alleged": {"investigating", "closed"},
    "decided": {"investigating", "rectifying", "closed"},
    "rectifying": {"investigating", "closed"},
    "closed": {"investigating"},
}
"""What may be done by hand in a case in which no allegation stands."""


@pytest.mark.parametrize("status", Case.Status.values)
@pytest.mark.parametrize("asked", Case.Status.values)
def test_a_step_that_does_not_follow_is_refused(home: Home, desk: Desk, status: str, asked: str) -> None:
    case = _open(home, desk)
    Case.objects.filter(pk=case.pk).update(status=status)
    may = asked in BY_HAND[status]
    if may:
        change_status(home, case, asked, why="Because.", by=desk["investigator"], now=NOW)
    else:
        with pytest.raises(Refused):
            change_status(home, case, asked, why="Because.", by=desk["investigator"], now=NOW)
    case.refresh_from_db()
    assert case.status == (asked if may else status)


@pytest.mark.parametrize(("status", "offered"), [("decided", {"rectifying", "closed"}), ("rectifying", {"closed"})])
def test_while_an_allegation_is_final_its_case_is_not_investigated_anew(
    home: Home, desk: Desk, status: str, offered: set[str]
) -> None:
    made = played(home, desk)
    case = made.case
    type(made).objects.update(state="final")
    Case.objects.update(status=status)
    case.refresh_from_db()
    assert set(next_by_hand(case)) == offered
    with pytest.raises(Refused, match="An allegation stands"):
        change_status(home, case, "investigating", why="Because.", by=desk["officer"], now=LATER)


def test_a_case_is_closed_and_reopened_with_a_reason_that_stays_a_note(home: Home, desk: Desk) -> None:
    case = _open(home, desk)
    for nothing in (" ", "\u202e"):
        with pytest.raises(Refused):
            close(home, case, why=nothing, by=desk["officer"], now=NOW)
    close(home, case, why="Public since yesterday.", by=desk["officer"], now=LATER)
    case.refresh_from_db()
    assert (case.closed, case.respond_by) == (LATER, None)
    with pytest.raises(Refused, match="closed"):
        assign(home, case, desk["officer"], by=desk["officer"], now=LATER)
    reopen(home, case, why="A second file.", by=desk["officer"], now=LATER)
    case.refresh_from_db()
    assert (case.status, case.closed) == (Case.Status.INVESTIGATING, None)
    assert list(Note.objects.values_list("text", flat=True)) == ["Public since yesterday.", "A second file."]


def test_a_case_with_an_open_allegation_is_not_closed(home: Home, desk: Desk) -> None:
    case = played(home, desk).case
    with pytest.raises(Refused, match="stands open"):
        close(home, case, why="Enough.", by=desk["officer"], now=NOW)


def test_a_merged_case_points_to_where_it_goes_on(home: Home, desk: Desk) -> None:
    one = opened(home, desk, leak_of(desk, []))
    two = opened(home, desk, leak_of(desk, [], title="Repost"))
    duty = add_duty(home, one, "Ask for its removal", by=desk["officer"], now=NOW)
    merge(home, one, two, why="One affair.", by=desk["officer"], now=LATER)
    one.refresh_from_db()
    duty.refresh_from_db()
    assert (one.merged_into, one.status, one.respond_by) == (two, Case.Status.CLOSED, None)
    assert (two.leaks.count(), one.leaks.count(), duty.case) == (2, 1, two)
    assert kinds(one.pk)[-1] == kinds(two.pk)[-1] == Kind.CASE_MERGED
    for refused in (
        lambda: add_note(home, one, "More.", by=desk["officer"], now=LATER),
        lambda: reopen(home, one, why="Again.", by=desk["officer"], now=LATER),
        lambda: merge(home, two, one, why="Back.", by=desk["officer"], now=LATER),
        lambda: merge(home, two, two, why="Itself.", by=desk["officer"], now=LATER),
    ):
        with pytest.raises(Refused):
            refused()
    assert _open(home, desk).number == "2026-003"  # a merged case keeps its number


def test_a_case_with_an_allegation_is_merged_into_no_other(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    other = _open(home, desk)
    with pytest.raises(Refused, match="keeps its case"):
        merge(home, allegation.case, other, why="One.", by=desk["officer"], now=NOW)
    merge(home, other, allegation.case, why="One.", by=desk["officer"], now=NOW)


@pytest.mark.parametrize("who", ["legal", "communications", "administrator", "contact", "member"])
def test_only_officers_and_investigators_handle_cases(home: Home, desk: Desk, who: str) -> None:
    case = _open(home, desk)
    by = desk[who]
    for refused in (
        lambda: open_case(home, [], title="A", by=by, now=NOW),
        lambda: assign(home, case, None, by=by, now=NOW),
        lambda: rate(home, case, "low", by=by, now=NOW),
        lambda: close(home, case, why="A.", by=by, now=NOW),
        lambda: add_leaks(home, case, [], by=by, now=NOW),
    ):
        with pytest.raises(Refused, match="None of your roles"):
            refused()


@pytest.mark.parametrize("who", ["administrator", "contact", "member"])
def test_who_does_not_work_on_cases_writes_nothing_and_is_asked_for_nothing(home: Home, desk: Desk, who: str) -> None:
    case = _open(home, desk)
    for refused in (
        lambda: add_note(home, case, "A.", by=desk[who], now=NOW),
        lambda: add_duty(home, case, "A.", by=desk[who], now=NOW),
        lambda: attach_file(home, case, Document("a.txt", b"a"), by=desk[who], now=NOW),
        lambda: assign(home, case, desk[who], by=desk["officer"], now=NOW),
        lambda: add_duty(home, case, "A.", assignee=desk[who], by=desk["officer"], now=NOW),
    ):
        with pytest.raises(Refused):
            refused()


def test_a_duty_is_done_once_and_by_somebody(home: Home, desk: Desk) -> None:
    case = _open(home, desk)
    duty = add_duty(home, case, "Ask the forum", assignee=desk["communications"], by=desk["officer"], now=NOW)
    for who in ("communications", "legal"):
        finish_duty(home, duty, by=desk[who], now=NOW)
    duty.refresh_from_db()
    assert (duty.done, duty.done_by) == (NOW, desk["communications"])
    assert kinds(case.pk).count(Kind.CASE_CHANGED) == 2


def test_response_times_follow_severity_and_status(home: Home, desk: Desk) -> None:
    case = _open(home, desk)
    assert case.respond_by == NOW + deadlines.TAKE_UP_WITHIN["high"]
    rate(home, case, "low", by=desk["officer"], now=LATER)
    case.refresh_from_db()
    assert case.respond_by == NOW + deadlines.TAKE_UP_WITHIN["low"]
    change_status(home, case, Case.Status.INVESTIGATING, by=desk["officer"], now=LATER)
    case.refresh_from_db()
    assert case.respond_by == LATER + deadlines.INVESTIGATE_WITHIN["low"]
    allegation = played(home, desk)
    allegation.case.refresh_from_db()
    assert allegation.case.respond_by == allegation.answer_by + deadlines.DECIDE_WITHIN["high"]


def test_a_late_case_is_escalated_once_to_assignee_and_officers(home: Home, desk: Desk) -> None:
    case = _open(home, desk)
    assign(home, case, desk["investigator"], by=desk["officer"], now=NOW)
    duty = add_duty(
        home, case, "Ask", assignee=desk["legal"], due=NOW + timedelta(hours=1), by=desk["officer"], now=NOW
    )
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        assert escalate(home, now=NOW + timedelta(minutes=59)) == 0
        assert escalate(home, now=LATER) == 3
        assert escalate(home, now=LATER + timedelta(days=3)) == 0
    to = sorted(address.split("@")[0] for message in mail.outbox for address in message.to)
    assert to == ["investigator", "legal", "officer"]
    assert case.number in mail.outbox[0].subject
    assert kinds(case.pk).count(Kind.CASE_ESCALATED) == 1
    change_status(home, case, Case.Status.INVESTIGATING, by=desk["officer"], now=LATER)
    finish_duty(home, Duty.objects.get(pk=duty.pk), by=desk["legal"], now=LATER)
    assert escalate(home, now=LATER + timedelta(days=4)) == 2  # the next response is late: another matter
    assert kinds(case.pk).count(Kind.CASE_ESCALATED) == 2


def test_a_trace_that_was_run_again_speaks_for_its_file(home: Home, desk: Desk) -> None:
    from tidemark.records.cases.accusable import speaking

    leak = leak_of(desk, [copy_of(desk, desk.supplier)], verdict="suspected")
    case = opened(home, desk, leak)
    last = trace_of(leak.posts.get(), [copy_of(desk, desk.supplier, number=2)], verdict="accused", hours=1)
    assert speaking(case) == [last]
