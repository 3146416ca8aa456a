"""A sighting is kept unchanged, told in the ledger, and accuses nobody; it becomes a leak and back with its history."""

import hashlib
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.cases.played import bodies, copy_of, kinds, leak_of, opened
from tests.records.leaks.found import hand_in, hold, repost
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.blobs import Shelf
from tidemark.records.cases.allege import prepare_override
from tidemark.records.cases.change import close
from tidemark.records.cases.models import Case
from tidemark.records.home import Home
from tidemark.records.leaks.glance import similar
from tidemark.records.leaks.models import Leak, NamedCopy, Trace
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.sightings.link import link_case
from tidemark.records.sightings.match import carry_out
from tidemark.records.sightings.models import Sighting, SightingRun
from tidemark.records.sightings.record import Origin, Shown, change_sighting, record_sighting
from tidemark.records.sightings.turn import turn_into_leak, turn_into_sighting

PHOTO = make_draft(5, size=(300, 400))
LATER = NOW + timedelta(hours=1)


def seen(desk: Desk, **more: Any) -> Shown:
    return Shown(**{"vehicle": "estate, plate MS11", "project": desk.project, "camouflage": "wrapped", **more})


def record(home: Home, desk: Desk, data: bytes = PHOTO, *, who: str = "investigator", **more: Any) -> Sighting:
    origin = Origin(**{"url": "https://forum.example/1", "platform": "Forum", "handle": "@Spy", **more})
    return record_sighting(home, Document("spy.jpg", data), seen(desk), origin, by=desk[who], now=NOW)


def test_a_photograph_is_kept_unchanged_and_the_ledger_has_its_hash_and_no_words(home: Home, desk: Desk) -> None:
    made = record(home, desk, text="look what I saw")
    assert blobs.get(home, Shelf.LEAKS, made.file_sha256) == PHOTO
    (body,) = bodies(made.pk, Kind.SIGHTING_RECORDED)
    assert (body["file"], body["embargo"], body["camouflage"]) == (made.file_sha256, "unclear", "wrapped")
    assert "estate" not in str(body)
    assert "look" not in str(body)
    assert not Leak.objects.exists()


def test_the_same_photograph_of_the_same_place_is_one_sighting(home: Home, desk: Desk) -> None:
    assert record(home, desk) == record(home, desk)
    assert record(home, desk, url="https://other.example/2") != record(home, desk)
    assert Sighting.objects.count() == 2


def test_a_leak_and_a_sighting_by_one_account_meet(home: Home, desk: Desk) -> None:
    post = hand_in(home, desk, make_draft(6, size=(300, 400)), platform="FORUM", handle="spy").post
    assert record(home, desk).poster == post.poster


@pytest.mark.parametrize("who", ["administrator", "legal", "communications", "contact", "member"])
def test_only_officers_and_investigators_record_and_turn(home: Home, desk: Desk, who: str) -> None:
    made = record(home, desk)
    with pytest.raises(Refused):
        record(home, desk, make_draft(7, size=(300, 400)), who=who)
    with pytest.raises(Refused):
        turn_into_leak(home, made, why="It is a screen.", by=desk[who], now=LATER)
    assert not Leak.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"vehicle": " "},
        {"vehicle": "v" * 300},
        {"camouflage": "naked"},
        {"drive": ""},
        {"seen": NOW + timedelta(days=1)},
        {"permit": "p" * 300},
    ],
)
def test_what_cannot_be_is_refused(home: Home, desk: Desk, said: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        record_sighting(home, Document("a.jpg", PHOTO), seen(desk, **said), Origin(), by=desk["officer"], now=NOW)
    assert not Sighting.objects.exists()


def test_a_file_that_is_a_leak_is_not_recorded_as_a_sighting_beside_it(home: Home, desk: Desk) -> None:
    hand_in(home, desk, PHOTO)
    with pytest.raises(Refused, match="on record as the leak"):
        record(home, desk)


def test_what_is_known_better_is_changed_and_the_ledger_has_both(home: Home, desk: Desk) -> None:
    made = record(home, desk)
    better = seen(desk, drive="planned", permit="TD-7", seen=NOW - timedelta(days=2), place="Arvidsjaur")
    changed = change_sighting(home, made, better, by=desk["officer"], now=LATER)
    assert (changed.drive, changed.permit, changed.place) == ("planned", "TD-7", "Arvidsjaur")
    (body,) = bodies(made.pk, Kind.SIGHTING_CHANGED)
    assert (body["drive"], body["embargo"]) == ("planned", "in_order")
    change_sighting(home, changed, better, by=desk["officer"], now=LATER)
    assert len(bodies(made.pk, Kind.SIGHTING_CHANGED)) == 1


def test_a_sighting_becomes_a_leak_and_a_sighting_again_with_its_history(home: Home, desk: Desk) -> None:
    made = record(home, desk)
    leak = turn_into_leak(home, made, why="It is a screen.", by=desk["officer"], now=LATER)
    made.refresh_from_db()
    post = leak.posts.get()
    assert (made.turned_into, post.file_sha256, post.poster) == (leak, made.file_sha256, made.poster)
    assert Trace.objects.filter(post=post).count() == 1
    with pytest.raises(Refused, match="already"):
        turn_into_leak(home, made, why="Again.", by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="under way"):
        turn_into_sighting(home, leak, seen(desk), why="It is a car.", by=desk["officer"], now=LATER)
    Trace.objects.update(state="done", verdict="unmatched")
    again = turn_into_sighting(home, leak, seen(desk), why="It is a car.", by=desk["officer"], now=LATER)
    assert (again, again.turned_into, Leak.objects.standing().count()) == (made, None, 0)
    assert turn_into_leak(home, again, why="No.", by=desk["officer"], now=LATER) == leak
    assert list(Leak.objects.standing()) == [leak]
    assert kinds(made.pk) == [Kind.SIGHTING_RECORDED, *[Kind.SIGHTING_TURNED] * 3]
    assert [event.why for event in made.events.all()] == ["", "It is a screen.", "It is a car.", "No."]


def test_a_leak_that_shows_a_car_goes_on_as_a_sighting_with_all_that_is_known(home: Home, desk: Desk) -> None:
    post = hand_in(home, desk, PHOTO, platform="Forum", handle="@spy", channel="cars", url="https://a.example").post
    other = hand_in(home, desk, make_draft(6, size=(300, 400)), platform="Forum", handle="@spy")
    Trace.objects.update(state="done", verdict="unmatched")
    made = turn_into_sighting(home, post.leak, seen(desk), why="It is a car.", by=desk["officer"], now=LATER)
    assert (made.poster, made.channel, made.url, made.file_sha256) == (
        post.poster,
        post.channel,
        post.url,
        post.file_sha256,
    )
    assert made.turned_from == post.leak
    assert list(Leak.objects.standing()) == [other.leak]
    from tidemark.records.leaks.glance import glance

    assert similar(*glance([other.leak])) == []
    with pytest.raises(Refused):
        turn_into_sighting(home, post.leak, seen(desk), why="Again.", by=desk["officer"], now=LATER)
    post.leak.refresh_from_db()
    with pytest.raises(Refused, match="put into no case"):
        opened(home, desk, post.leak)


def test_a_leak_in_a_case_or_with_an_accusation_stays_a_leak(home: Home, desk: Desk) -> None:
    from tests.records.cases.played import copy_of, leak_of

    accused = leak_of(desk, [copy_of(desk, desk.supplier)], home=home)
    with pytest.raises(Refused, match="mark"):
        turn_into_sighting(home, accused, seen(desk), why="It is a car.", by=desk["officer"], now=LATER)
    innocent = leak_of(desk, [], title="Rear", verdict="inconclusive")
    opened(home, desk, innocent)
    with pytest.raises(Refused, match="case"):
        turn_into_sighting(home, innocent, seen(desk), why="It is a car.", by=desk["officer"], now=LATER)


def test_a_leak_on_which_an_allegation_rests_stays_a_leak_also_when_its_case_is_closed(home: Home, desk: Desk) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)], verdict="suspected")
    case = opened(home, desk, leak)
    made = prepare_override(home, case, desk.supplier, reason="Two experts.", by=desk["legal"], now=NOW)
    close(home, case, why="Done.", by=desk["officer"], now=NOW)
    turn = partial(turn_into_sighting, home, leak, seen(desk), why="A car.", by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="rests on this file"):
        turn()
    withdraw_allegation(home, made, by=desk["legal"], now=NOW)
    assert turn().turned_from == leak


def test_a_case_is_linked_and_both_timelines_say_so(home: Home, desk: Desk) -> None:
    made, case = record(home, desk), opened(home, desk)
    link_case(home, made, case, by=desk["officer"], now=LATER)
    assert [each.pk for each in case.sightings.all()] == [made.pk]
    link_case(home, made, None, by=desk["officer"], now=LATER)
    told = [
        body for body in bodies(case.pk, Kind.CASE_CHANGED) if "sighting_added" in body or "sighting_removed" in body
    ]
    assert [sorted(set(body) & {"sighting_added", "sighting_removed"}) for body in told] == [
        ["sighting_added"],
        ["sighting_removed"],
    ]
    with pytest.raises(Refused):
        link_case(home, made, case, by=desk["legal"], now=LATER)
    Case.objects.update(status="closed")
    case.refresh_from_db()
    with pytest.raises(Refused):
        link_case(home, made, case, by=desk["officer"], now=LATER)


def test_a_photographed_file_is_told_and_no_copy_is_named(home: Home, desk: Desk) -> None:
    held = hold(home, desk)
    made = record(home, desk, repost(held.file_of[held.suppliers.pk]))
    run = carry_out(home, SightingRun.objects.get(sighting=made), clock=lambda: LATER)
    assert (run.state, run.has_mark, [match.draft for match in run.matches.all()]) == ("done", True, [held.draft])
    assert not NamedCopy.objects.exists()
    (body,) = bodies(made.pk, Kind.SIGHTING_MATCHED)
    assert (body["has_mark"], body["drafts"]) == (True, [held.draft.pk])
    assert int(str(body["copies"])) > 0
    assert held.suppliers.pk not in str(body)
    assert carry_out(home, run, clock=lambda: LATER) == run
    assert len(bodies(made.pk, Kind.SIGHTING_MATCHED)) == 1


def test_a_run_that_fails_says_why_and_another_can_be_asked_for(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidemark.errors import RecordsDamaged
    from tidemark.records.sightings import match

    def damaged(*_: object, **__: object) -> None:
        raise RecordsDamaged("a draft was changed")

    made = record(home, desk)
    monkeypatch.setattr(match, "trace_leak", damaged)
    run = carry_out(home, SightingRun.objects.get(sighting=made), clock=lambda: LATER)
    assert (run.state, run.fault) == ("failed", "a draft was changed")
    (body,) = bodies(made.pk, Kind.SIGHTING_MATCH_FAILED)
    assert (body["run"], body["fault_sha256"]) == (str(run.pk), hashlib.sha256(b"a draft was changed").hexdigest())
    assert match.match_again(home, made, by=desk["officer"], now=LATER) != run


def test_what_is_no_picture_is_kept_and_not_compared(home: Home, desk: Desk) -> None:
    made = record(home, desk, b"no picture")
    assert made.unreadable
    assert not made.runs.exists()
