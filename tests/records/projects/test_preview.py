"""Previews of copies: small beside the copy, whatever its size, so that the file itself is had by a download alone."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import NOW, make_draft
from tidemark.records import blobs
from tidemark.records.copies.issue import issue
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.leaks.tracing import candidates, trace_leak
from tidemark.records.parties.recipients import Recipient
from tidemark.records.projects.preview import copy_preview


def _kept_copy(home: Home, width_px: int, height_px: int) -> str:
    stream = io.BytesIO()
    Image.new("RGB", (width_px, height_px), (20, 120, 200)).save(stream, "PNG")
    blobs.put(home, blobs.Shelf.COPIES, stream.getvalue())
    return hashlib.sha256(stream.getvalue()).hexdigest()


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((256, 300), (64, 75)),
        ((640, 480), (160, 120)),
        ((1000, 2000), (250, 500)),
        ((2560, 1440), (640, 360)),
        ((3840, 2160), (640, 360)),
    ],
)
def test_a_copys_preview_is_a_quarter_of_it_and_640_pixels_at_most(
    home: Home, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    copy = _kept_copy(home, *size)
    for _ in ("made", "kept"):
        assert Image.open(io.BytesIO(copy_preview(home, copy))).size == shown


def test_a_screenshot_of_a_preview_leads_to_its_holder(home: Home, tmp_path: Path) -> None:
    secret = master_secret(home, now=NOW)
    (made,) = issue(home, make_draft(1), [Recipient("Lanting")], name="f.png", out=tmp_path, secret=secret, now=NOW)
    data = made.path.read_bytes()
    blobs.put(home, blobs.Shelf.COPIES, data)
    shown = copy_preview(home, hashlib.sha256(data).hexdigest())
    found = trace_leak(shown, candidates(home, secret=secret), decoys=1000)
    assert [found.holders[each.copy] for each in found.trace.accused] == ["Lanting"]
