"""What is known of a post is corrected by people, with a reason; what was said before stays on record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import NOW, make_draft
from tests.desk import Desk
from tests.records.leaks.found import hand_in
from tests.records.leaks.test_receive import hashed, leaves_of
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.home import Home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.journal import origin_sha256
from tidemark.records.leaks.models import Correction, Post
from tidemark.records.ledger.log import log_size

POSTED = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


def _post(home: Home, desk: Desk, **more: Any) -> Post:
    return hand_in(home, desk, make_draft(4), platform="Forum", handle="@tide", channel="Spotters", **more).post


def test_what_is_known_better_is_kept_and_the_ledger_has_what_differs(home: Home, desk: Desk) -> None:
    post = _post(home, desk, url="https://forum.example/t/1")
    known = Known(url="https://forum.example/t/1", platform="Forum", handle="@wave", channel="Spotters", posted=POSTED)
    correct(home, post, known, why=" It was a quote. ", by=desk["investigator"], now=NOW)
    post.refresh_from_db()
    assert (str(post.poster), str(post.channel), post.posted) == ("@wave (Forum)", "Spotters (Forum)", POSTED)
    assert leaves_of(post.file_sha256, Kind.POST_CHANGED) == [
        {
            "post": post.pk,
            "leak": post.file_sha256,
            "by": desk["investigator"].pk,
            "reason_sha256": hashed("It was a quote."),
            "poster_sha256": hashed("@wave"),
            "posted": "2026-03-12T08:30:00.000000Z",
            "posted_before": "",
        }
    ]
    made = Correction.objects.get()
    assert (made.why, made.by, made.time) == ("It was a quote.", desk["investigator"], NOW)
    assert made.before == {
        "url": "https://forum.example/t/1",
        "platform": "Forum",
        "handle": "@tide",
        "channel": "Spotters",
        "posted": "",
    }


def test_what_turns_out_to_be_unknown_is_taken_away(home: Home, desk: Desk) -> None:
    post = correct(home, _post(home, desk), Known(), why="A mistake.", by=desk["officer"], now=NOW)
    assert (post.platform, post.poster, post.channel, post.url) == ("", None, None, "")


@pytest.mark.parametrize(
    ("known", "why", "refusal"),
    [
        (Known(handle="@wave"), " ", "reason"),
        (Known(handle="@wave"), "x" * 1001, "reason"),
        (Known(posted=NOW + timedelta(minutes=1)), "Why not.", "after it was handed in"),
        (Known(url="https://a.example/" + "y" * 2000), "Why not.", "at most 2000"),
        (Known(platform="Forum", handle="@tide", channel="Spotters"), "Why not.", "Nothing is changed"),
    ],
    ids=["no reason", "long reason", "future", "long address", "the same"],
)
def test_what_is_no_correction_is_refused_and_changes_nothing(
    home: Home, desk: Desk, known: Known, why: str, refusal: str
) -> None:
    post, size = _post(home, desk), log_size()
    with pytest.raises(Refused, match=refusal):
        correct(home, post, known, why=why, by=desk["officer"], now=NOW)
    assert log_size() == size
    post.refresh_from_db()
    assert str(post.poster) == "@tide (Forum)"


def test_who_has_seen_less_than_is_on_record_undoes_nobodys_correction(home: Home, desk: Desk) -> None:
    post = _post(home, desk)
    shown = origin_sha256(post)
    correct(home, post, Known(handle="@wave"), why="A quote.", by=desk["officer"], now=NOW, shown=shown)
    stale = Known(platform="Forum", handle="@tide", channel="Harbour")
    with pytest.raises(Refused, match="since you looked"):
        correct(home, post, stale, why="Another channel.", by=desk["investigator"], now=NOW, shown=shown)
    post.refresh_from_db()
    assert (str(post.poster), post.channel) == ("@wave (–)", None)
    shown = origin_sha256(post)
    correct(home, post, stale, why="Another channel.", by=desk["investigator"], now=NOW, shown=shown)
    assert Correction.objects.count() == 2


@pytest.mark.parametrize("who", ["administrator", "legal", "communications", "contact"])
def test_others_than_officers_and_investigators_correct_nothing(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="officers and investigators"):
        correct(home, _post(home, desk), Known(), why="No.", by=desk[who], now=NOW)
