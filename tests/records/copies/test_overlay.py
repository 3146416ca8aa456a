"""The overlay through a release: whose names it bears, who inherits it, and that the mark still names the holder."""

from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import put_draft
from tests.records.leaks.found import hand_in, repost, traced
from tidemark.engine.carriers import image
from tidemark.engine.keys import copy_key
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.blobs import Shelf
from tidemark.records.copies import onward, overlay
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.overlay import overlay_lines, overlay_typeface, typeface
from tidemark.records.copies.secret import master_secret
from tidemark.records.copies.share import share
from tidemark.records.home import Home

needs_typeface = pytest.mark.skipif(not typeface(), reason="no typeface with Chinese characters on this machine")


def _made(home: Home, desk: Desk, who: str, *, has_overlay: bool) -> Copy:
    shared = share(
        home, [(put_draft(home, desk), desk[who])], project=desk.project, by=desk["officer"], now=NOW,
        has_overlay=has_overlay,
    )  # fmt: skip
    return make_copy(home, shared.planned[0].pk, now=NOW)


def _file(home: Home, copy: Copy) -> bytes:
    return blobs.get(home, Shelf.COPIES, copy.sha256 or "")


def _marked(home: Home, copy: Copy, *lines: str) -> bytes:
    """Return the copy as the engine makes it, with these lines over it."""
    plate = image.prepare(image.read(blobs.get(home, Shelf.ORIGINALS, copy.draft.sha256)))
    key = copy_key(master_secret(home), draft=copy.draft_id, copy=copy.id, nonce=b"")
    return image.mark(image.overlaid(plate, lines, typeface=overlay_typeface(lines)), key).data


def _name(who: Person, name: str) -> None:
    who.name = name
    who.save(update_fields=["name"])


@pytest.mark.parametrize("has_overlay", [True, False])
def test_a_released_copy_bears_party_person_day_and_copy_if_that_was_asked(
    home: Home, desk: Desk, has_overlay: bool
) -> None:
    copy = _made(home, desk, "contact", has_overlay=has_overlay)
    lines = (desk.supplier.name, desk["contact"].name, f"2026-03-14 · {copy.pk}")
    assert overlay_lines(copy) == lines
    assert _file(home, copy) == _marked(home, copy, *(lines if has_overlay else ()))
    change = np.abs(image.read(_file(home, copy)).luma() - image.read(_marked(home, copy)).luma())
    assert bool((change > 10).mean() > 0.02) is has_overlay


@needs_typeface
def test_chinese_names_of_party_and_person_are_written(home: Home, desk: Desk) -> None:
    _name(desk["sub_vendor_contact"], "王芳")
    copy = _made(home, desk, "sub_vendor_contact", has_overlay=True)
    lines = (desk.sub_vendor.name, "王芳", f"2026-03-14 · {copy.pk}")
    assert overlay_lines(copy) == lines
    assert _file(home, copy) == _marked(home, copy, *lines)
    other = _marked(home, copy, lines[0], "李娜", lines[2])  # a face without them draws the same boxes for both
    assert other != _file(home, copy)


def test_a_name_that_no_typeface_shows_is_left_out_and_the_rest_is_written(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlay, "typeface", lambda: b"")
    copy = _made(home, desk, "sub_vendor_contact", has_overlay=True)
    lines = (desk["sub_vendor_contact"].name, f"2026-03-14 · {copy.pk}")
    assert overlay_lines(copy) == lines
    assert _file(home, copy) == _marked(home, copy, *lines)


def test_the_day_is_that_of_utc(home: Home, desk: Desk) -> None:
    copy = _made(home, desk, "contact", has_overlay=True)
    copy.created = datetime(2026, 3, 15, 1, 0, tzinfo=timezone(timedelta(hours=8)))
    assert overlay_lines(copy)[-1] == f"2026-03-14 · {copy.pk}"


@pytest.mark.parametrize("has_overlay", [True, False])
def test_a_child_copy_bears_its_own_holders_overlay_if_its_parent_has_one(
    home: Home, desk: Desk, has_overlay: bool
) -> None:
    held = _made(home, desk, "contact", has_overlay=has_overlay)
    request = onward.ask(
        home,
        desk.engagements["supplier"],
        [held],
        sub_vendor=desk.sub_vendor.name,
        contact_name="Wen Li",
        contact_email=desk["sub_vendor_contact"].email,
        why="They coat the bumper.",
        by=desk["contact"],
        now=NOW,
    )
    onward.decide(home, request, approve=True, by=desk["officer"], now=NOW)
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    assert child.has_overlay is has_overlay
    lines = overlay_lines(child)
    assert desk["sub_vendor_contact"].name in lines
    assert not {desk.supplier.name, desk["contact"].name} & set(lines)
    assert _file(home, child) == _marked(home, child, *(lines if has_overlay else ()))


@pytest.mark.slow
def test_a_leak_of_an_overlaid_copy_accuses_its_holder_and_nobody_else(home: Home, desk: Desk) -> None:
    draft = put_draft(home, desk, size=(480, 640))
    persons = [desk[who] for who in ("contact", "member", "sub_vendor_contact", "sibling_contact")]
    shared = share(
        home, [(draft, each) for each in persons], project=desk.project, by=desk["officer"], now=NOW, has_overlay=True
    )
    made = {copy.person_id: make_copy(home, copy.pk, now=NOW) for copy in shared.planned}
    leaker = made[desk["sub_vendor_contact"].pk]
    trace = traced(home, hand_in(home, desk, repost(_file(home, leaker), box=(0.1, 0.1, 0.9, 0.9))))
    assert trace.verdict == "accused"
    assert [(named.copy, named.is_accused) for named in trace.named.all()] == [(leaker, True)]
