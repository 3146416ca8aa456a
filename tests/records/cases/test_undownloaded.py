"""A holder who never had the file is accused of its leak by two persons' word alone: the copy may be from elsewhere."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of, opened
from tidemark.errors import Refused
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import approve_override, edit, prepare, put
from tidemark.records.cases.caveats import caveats_of
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.override import needs_override
from tidemark.records.copies.models import Copy, Download
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post

NOT_LEFT = "nobody had downloaded copy"


def _kept(desk: Desk) -> Copy:
    """A copy that its contact downloads from the desk; of the others a file was handed out."""
    made = copy_of(desk, desk.supplier)
    Copy.objects.filter(pk=made.pk).update(path="", person=desk["contact"])
    return Copy.objects.get(pk=made.pk)


def _downloaded(copy: Copy, desk: Desk, *, hours: int) -> None:
    Download.objects.create(copy=copy, person=desk["contact"], time=NOW + timedelta(hours=hours), leaf_index=0)


def _prepared(home: Home, desk: Desk, copy: Copy) -> Allegation:
    return prepare(home, opened(home, desk, leak_of(desk, [copy])), desk.supplier, by=desk["legal"], now=NOW)


@pytest.mark.parametrize("hours", [None, 1])
def test_what_was_downloaded_after_the_leak_or_never_is_put_only_by_two_persons(
    home: Home, desk: Desk, hours: int | None
) -> None:
    copy = _kept(desk)
    if hours is not None:
        _downloaded(copy, desk, hours=hours)
    made = _prepared(home, desk, copy)
    assert needs_override(made)
    assert NOT_LEFT in made.summary
    with pytest.raises(Refused, match=NOT_LEFT):
        put(home, made, by=desk["officer"], now=NOW)
    edit(
        home,
        made,
        summary=made.summary,
        answer_by=made.answer_by,
        override_reason="It was shown on a screen.",
        by=desk["legal"],
        now=NOW,
    )
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)
    put(home, made, by=desk["officer"], now=NOW)


def test_what_was_downloaded_before_is_put_at_once(home: Home, desk: Desk) -> None:
    copy = _kept(desk)
    _downloaded(copy, desk, hours=-1)
    made = _prepared(home, desk, copy)
    assert (needs_override(made), caveats_of(made).said()) == (False, ())
    put(home, made, by=desk["officer"], now=NOW)


def test_a_post_from_before_the_first_download_says_so_of_the_claim(home: Home, desk: Desk) -> None:
    copy = _kept(desk)
    _downloaded(copy, desk, hours=-1)
    case = opened(home, desk, leak_of(desk, [copy]))
    (claim,) = accusables(case)
    assert claim.caveats.undownloaded is None
    Post.objects.update(posted=NOW - timedelta(hours=2))
    (claim,) = accusables(case)
    assert claim.caveats.undownloaded is not None
    assert claim.caveats.undownloaded.copies == (copy.pk,)


def test_a_file_that_a_command_wrote_needs_no_download_but_one_that_never_was_delivered_was_nobodys(
    home: Home, desk: Desk
) -> None:
    copy = copy_of(desk, desk.supplier)
    case = opened(home, desk, leak_of(desk, [copy]))
    assert accusables(case)[0].caveats.undownloaded is None
    Copy.objects.filter(pk=copy.pk).update(state=Copy.State.UNDELIVERED)
    assert accusables(case)[0].caveats.undownloaded is not None
