"""Two persons decide on the caveats that they read: those that become known later are decided anew."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, bodies, copy_of, leak_of, opened
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, time_text
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import approve_override, edit, prepare, put
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.caveats import caveats_of
from tidemark.records.cases.conclude import make_final, why_not_final
from tidemark.records.cases.models import Allegation, CaseEvent
from tidemark.records.cases.override import approvals_of_override, content_of
from tidemark.records.cases.reply import reply
from tidemark.records.copies.models import Copy, Download
from tidemark.records.home import Home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.looks import join, split
from tidemark.records.leaks.models import Post
from tidemark.records.plans.take_back import withdraw_allegation

EARLIER = NOW - timedelta(hours=2)


def _copy(desk: Desk) -> Copy:
    """A copy that was issued long ago, and downloaded an hour before the leak was received."""
    copy = copy_of(desk, desk.supplier)
    issued = NOW - timedelta(days=30)
    Copy.objects.filter(pk=copy.pk).update(path="", person=desk["contact"], released=issued)
    Download.objects.create(copy=copy, person=desk["contact"], time=NOW - timedelta(hours=1), leaf_index=0)
    return Copy.objects.get(pk=copy.pk)


def _prepared(home: Home, desk: Desk) -> Allegation:
    return prepare(home, opened(home, desk, leak_of(desk, [_copy(desk)])), desk.supplier, by=desk["legal"], now=NOW)


def _end_duties(desk: Desk) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until=date(2026, 2, 10))


def _posted(home: Home, desk: Desk, at: datetime | None, *, by: str = "investigator") -> None:
    """Correct when the file was posted; the copy had not left the desk :data:`EARLIER`."""
    why = "By the forum's own clock."
    correct(home, Post.objects.get(), Known(posted=at), why=why, by=desk[by], now=NOW)


def _approved(home: Home, desk: Desk, made: Allegation) -> Allegation:
    made = Allegation.objects.get(pk=made.pk)
    reason = "It was shown on a screen."
    edit(home, made, summary=made.summary, answer_by=made.answer_by, override_reason=reason, by=desk["legal"], now=NOW)
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)
    return Allegation.objects.get(pk=made.pk)


def test_another_caveat_voids_the_approvals_of_the_first(home: Home, desk: Desk) -> None:
    _end_duties(desk)
    made = _approved(home, desk, _prepared(home, desk))
    _posted(home, desk, EARLIER)
    with pytest.raises(Refused, match=r"duties ended.*nobody had downloaded.*missing: legal, officer"):
        put(home, made, by=desk["officer"], now=NOW)
    put(home, _approved(home, desk, made), by=desk["officer"], now=NOW)


def test_an_allegation_without_a_caveat_is_not_put_as_it_was_read_once_there_is_one(home: Home, desk: Desk) -> None:
    made = _prepared(home, desk)
    read = content_sha256(content_of(made))
    _end_duties(desk)
    made = Allegation.objects.get(pk=made.pk)
    with pytest.raises(Refused, match="changed since you read it"):
        put(home, made, by=desk["officer"], now=NOW, seen=read)


def test_what_was_approved_stays_approved_though_another_caveat_is_known_once_it_is_put(home: Home, desk: Desk) -> None:
    _end_duties(desk)
    made = _approved(home, desk, _prepared(home, desk))
    put(home, made, by=desk["officer"], now=NOW)
    _posted(home, desk, EARLIER)
    made = Allegation.objects.get(pk=made.pk)
    assert len(caveats_of(made).said()) == 2
    assert set(approvals_of_override(made).by_role) == {"legal", "officer"}


def test_the_entry_of_the_putting_says_which_caveats_there_were(home: Home, desk: Desk) -> None:
    _end_duties(desk)
    made = _approved(home, desk, _prepared(home, desk))
    put(home, made, by=desk["officer"], now=NOW)
    (body,) = bodies(made.case_id, Kind.ALLEGATION_PUT)
    assert body["caveats"] == {"duties_ended:2026-02-10": time_text(NOW)} == content_of(made)["caveats"]


def test_what_was_put_before_caveats_were_told_keeps_its_approvals(home: Home, desk: Desk) -> None:
    made = _prepared(home, desk)
    put(home, made, by=desk["officer"], now=NOW)
    (event,) = CaseEvent.objects.filter(kind=Kind.ALLEGATION_PUT)
    assert event.detail.pop("caveats") == {}
    before = content_of(made)
    event.save()
    _end_duties(desk)
    assert content_of(Allegation.objects.get(pk=made.pk)) == before
    assert "caveats" not in before


def _answered(home: Home, desk: Desk, made: Allegation) -> Allegation:
    put(home, made, by=desk["officer"], now=NOW)
    reply(home, made, "disputes", text="We had not even downloaded it.", by=desk["contact"], now=LATER)
    return Allegation.objects.get(pk=made.pk)


def test_nothing_is_final_by_one_person_once_a_caveat_is_known_that_the_party_was_not_told(
    home: Home, desk: Desk
) -> None:
    made = _answered(home, desk, _prepared(home, desk))
    assert why_not_final(made, now=LATER) == ""
    _posted(home, desk, EARLIER)
    with pytest.raises(Refused, match=r"^Since it was put it became known: .*nobody had downloaded.* Withdraw it"):
        make_final(home, made, by=desk["officer"], now=LATER)


def test_what_was_withdrawn_for_a_caveat_is_final_once_it_was_put_anew_by_two_persons(home: Home, desk: Desk) -> None:
    made = _answered(home, desk, _prepared(home, desk))
    _posted(home, desk, EARLIER)
    withdraw_allegation(home, made, apology="It goes on anew.", by=desk["legal"], now=LATER)
    again = prepare(home, made.case, desk.supplier, by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="nobody had downloaded"):
        put(home, again, by=desk["officer"], now=LATER)
    again = _answered(home, desk, _approved(home, desk, again))
    make_final(home, again, by=desk["officer"], now=LATER)


def test_what_was_said_when_it_was_put_is_no_obstacle_on_whatever_day_it_was_seen(home: Home, desk: Desk) -> None:
    _end_duties(desk)
    made = _answered(home, desk, _approved(home, desk, _prepared(home, desk)))
    _posted(home, desk, NOW - timedelta(minutes=5))
    assert caveats_of(made).facts() != content_of(made)["caveats"]
    make_final(home, made, by=desk["officer"], now=LATER)


def test_the_same_caveat_of_another_copy_is_another(home: Home, desk: Desk) -> None:
    copies = [_copy(desk), copy_of(desk, desk.supplier, number=2)]
    Copy.objects.filter(pk=copies[1].pk).update(path="", released=NOW - timedelta(days=30))
    case = opened(home, desk, leak_of(desk, copies))
    prepared = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    made = _answered(home, desk, _approved(home, desk, prepared))
    assert why_not_final(made, now=LATER) == ""
    _posted(home, desk, EARLIER)
    assert copies[0].pk in why_not_final(made, now=LATER)


@pytest.mark.parametrize("reason", ["", "Two experts."])
def test_of_what_was_put_before_caveats_were_told_only_an_override_is_final_in_spite_of_one(
    home: Home, desk: Desk, reason: str
) -> None:
    made = _answered(home, desk, _prepared(home, desk))
    (event,) = CaseEvent.objects.filter(kind=Kind.ALLEGATION_PUT)
    del event.detail["caveats"]
    event.save()
    _end_duties(desk)
    Allegation.objects.update(override_reason=reason)
    made = Allegation.objects.get(pk=made.pk)
    assert ("became known: The duties ended" in why_not_final(made, now=LATER)) is not bool(reason)


@pytest.mark.parametrize("now", [None, NOW - timedelta(minutes=5)])
def test_who_puts_does_not_remove_a_caveat_by_correcting_a_day(home: Home, desk: Desk, now: datetime | None) -> None:
    made = _prepared(home, desk)
    Post.objects.update(posted=EARLIER)
    _posted(home, desk, now, by="officer")
    made = Allegation.objects.get(pk=made.pk)
    said = (
        f"Before a post of this leak was corrected, taken out or put in, this was on record: By the ledger, "
        f"nobody had downloaded copy "
        f"{made.named.get().copy_id} when this leak was first seen on 2026-03-14 07:26 UTC."
    )
    assert caveats_of(made).said() == (said,)
    with pytest.raises(Refused, match=r"^Before a post .* missing: the reason"):
        put(home, made, by=desk["officer"], now=NOW)
    put(home, _approved(home, desk, made), by=desk["officer"], now=NOW)


@pytest.mark.parametrize("before", [None, NOW - timedelta(days=1)])
def test_who_puts_does_not_bring_a_leak_into_the_time_of_the_duties_by_correcting_a_day(
    home: Home, desk: Desk, before: datetime | None
) -> None:
    _end_duties(desk)
    made = _prepared(home, desk)
    Copy.objects.update(released=datetime(2026, 1, 2, tzinfo=UTC))
    Download.objects.update(time=datetime(2026, 1, 3, tzinfo=UTC))
    Post.objects.update(posted=before)
    _posted(home, desk, datetime(2026, 2, 1, tzinfo=UTC), by="officer")
    (said,) = caveats_of(made).said()
    assert said.startswith(
        "Before a post of this leak was corrected, taken out or put in, this was on record: The duties ended on"
    )
    with pytest.raises(Refused, match="missing: the reason"):
        put(home, made, by=desk["officer"], now=NOW)


def test_a_wrong_day_is_corrected_without_more_where_nothing_depends_on_it(home: Home, desk: Desk) -> None:
    made = _prepared(home, desk)
    for minutes in (5, 30):
        _posted(home, desk, NOW - timedelta(minutes=minutes), by="officer")
    assert caveats_of(made).said() == ()
    put(home, made, by=desk["officer"], now=NOW)


def test_what_holds_now_is_not_said_once_more_of_the_day_before(home: Home, desk: Desk) -> None:
    made = _prepared(home, desk)
    for hours in (3, 2):
        _posted(home, desk, NOW - timedelta(hours=hours), by="officer")
    (said,) = caveats_of(made).said()
    assert said.startswith("By the ledger, nobody had downloaded")


def test_a_caveat_that_was_told_and_is_corrected_later_is_no_obstacle(home: Home, desk: Desk) -> None:
    prepared = _prepared(home, desk)
    _posted(home, desk, EARLIER)
    made = _answered(home, desk, _approved(home, desk, prepared))
    _posted(home, desk, None)
    assert caveats_of(made).corrected is not None
    make_final(home, made, by=desk["officer"], now=LATER)


def test_a_caveat_that_was_told_as_corrected_is_another_once_it_holds(home: Home, desk: Desk) -> None:
    prepared = _prepared(home, desk)
    _posted(home, desk, EARLIER)
    _posted(home, desk, None)
    made = _answered(home, desk, _approved(home, desk, prepared))
    assert why_not_final(made, now=LATER) == ""
    _posted(home, desk, EARLIER)
    assert "became known: By the ledger, nobody had downloaded" in why_not_final(made, now=LATER)


def test_a_copy_of_the_very_minute_in_which_a_leak_was_seen_was_not_issued_after_it(home: Home, desk: Desk) -> None:
    copy, at = copy_of(desk, desk.supplier), NOW.replace(second=40)
    Copy.objects.filter(pk=copy.pk).update(created=at, released=at)
    case = opened(home, desk, leak_of(desk, [copy]))
    Post.objects.update(received=NOW + timedelta(minutes=10), posted=at.replace(second=0))
    assert not accusables(case)[0].caveats
    Post.objects.update(posted=at.replace(second=0) - timedelta(minutes=1))
    assert accusables(case)[0].caveats


@pytest.mark.parametrize("event", ["issued", "downloaded"])
def test_the_desks_own_clock_is_exact_within_a_minute(home: Home, desk: Desk, event: str) -> None:
    copy, later = _copy(desk), NOW + timedelta(seconds=5)
    if event == "issued":
        Copy.objects.filter(pk=copy.pk).update(released=later)
    else:
        Download.objects.update(time=later)
    (found,) = accusables(opened(home, desk, leak_of(desk, [copy])))
    assert [bool(found.caveats.issued_after), bool(found.caveats.undownloaded)] == [
        event == "issued",
        event != "issued",
    ]
    if event == "issued":
        assert "issued on 2026-03-14 09:26:58 UTC, only after" in str(found.caveats.issued_after)


@pytest.mark.parametrize("is_same_file", [True, False])
def test_that_duties_had_ended_is_not_removed_by_handing_in_another_post(
    home: Home, desk: Desk, is_same_file: bool
) -> None:
    _end_duties(desk)
    made = _prepared(home, desk)
    Copy.objects.update(released=datetime(2026, 1, 2, tzinfo=UTC))
    Download.objects.update(time=datetime(2026, 1, 3, tzinfo=UTC))
    post = Post.objects.get()
    Post.objects.create(
        leak=post.leak,
        file_sha256=post.file_sha256 if is_same_file else "0" * 64,
        file_name="again.jpg",
        size_bytes=1,
        posted=datetime(2026, 2, 1, tzinfo=UTC),
        received=NOW + timedelta(minutes=1),
        leaf_index=1,
    )
    (said,) = caveats_of(made).said()
    assert said.startswith(
        "Before a post of this leak was corrected, taken out or put in, this was on record: The duti"
    )
    with pytest.raises(Refused, match="missing: the reason"):
        put(home, made, by=desk["officer"], now=NOW)


def test_a_caveat_is_not_removed_by_taking_the_file_out_that_raises_it(home: Home, desk: Desk) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)], home=home)
    other = leak_of(desk, [], verdict="inconclusive", title="cropped", home=home)
    (cropped,) = other.posts.all()
    join(home, other, leak, by=desk["officer"], why="The same picture, cropped.", now=NOW)
    Post.objects.filter(pk=cropped.pk).update(posted=NOW - timedelta(days=20))
    made = prepare(home, opened(home, desk, leak), desk.supplier, by=desk["officer"], now=NOW)
    assert caveats_of(made).issued_after
    split(home, Post.objects.get(pk=cropped.pk), by=desk["officer"], why="Not the same.", now=NOW)
    assert caveats_of(made).corrected
    with pytest.raises(Refused, match="taken out or put in, this was on record"):
        put(home, made, by=desk["officer"], now=NOW)


def test_that_duties_had_ended_is_not_removed_by_putting_an_older_file_in(home: Home, desk: Desk) -> None:
    ended = {"valid_until": date(2026, 2, 10), "survival_months": 1}
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**ended)
    copy = copy_of(desk, desk.supplier)
    Copy.objects.filter(pk=copy.pk).update(created=NOW - timedelta(days=60), released=NOW - timedelta(days=60))
    leak = leak_of(desk, [copy], home=home)
    other = leak_of(desk, [], verdict="inconclusive", title="cropped", home=home)
    Post.objects.filter(leak=other).update(posted=NOW - timedelta(days=20))
    case = opened(home, desk, leak)
    assert accusables(case)[0].caveats.ended
    join(home, other, leak, by=desk["officer"], why="The same picture, cropped.", now=NOW)
    found = accusables(case)[0].caveats
    assert (found.ended, bool(found.corrected)) == (None, True)
