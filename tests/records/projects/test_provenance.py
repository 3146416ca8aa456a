"""Nobody's copy becomes part of a new draft: every leak of that would name its holder."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.conftest import NOW, make_draft
from tidemark.errors import Unmarkable
from tidemark.records.copies.issue import issue
from tidemark.records.copies.secret import master_secret
from tidemark.records.home import Home
from tidemark.records.parties.recipients import Recipient
from tidemark.records.projects.provenance import refuse_marked


@pytest.fixture
def original() -> Image.Image:
    return Image.open(io.BytesIO(make_draft(1))).convert("RGB")


@pytest.fixture
def copy(home: Home, tmp_path: Path) -> Image.Image:
    secret = master_secret(home, now=NOW)
    (made,) = issue(home, make_draft(1), [Recipient("Innocent")], name="f.png", out=tmp_path, secret=secret, now=NOW)
    return Image.open(made.path).convert("RGB")


def _refused(home: Home, sheet: Image.Image) -> str:
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    try:
        refuse_marked(home, stream.getvalue(), secret=master_secret(home, now=NOW))
    except Unmarkable as refused:
        return str(refused)
    return ""


def _above_one_another(*pictures: Image.Image) -> Image.Image:
    width = max(each.width for each in pictures) + 40
    sheet = Image.new("RGB", (width, sum(each.height + 20 for each in pictures) + 20), (235, 235, 235))
    top = 20
    for each in pictures:
        sheet.paste(each, ((width - each.width) // 2, top))
        top += each.height + 20
    return sheet


def _smaller(picture: Image.Image, share: float) -> Image.Image:
    return picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("share", [pytest.param(1.0, marks=pytest.mark.slow), 0.85])
def test_a_copy_beside_its_own_original_is_found(
    home: Home, original: Image.Image, copy: Image.Image, share: float
) -> None:
    for sheet in (
        _above_one_another(original, _smaller(copy, share)),
        _above_one_another(_smaller(copy, share), original),
    ):
        assert "the mark of copy" in _refused(home, sheet)


def test_a_copy_that_lies_on_its_own_original_is_found(home: Home, original: Image.Image, copy: Image.Image) -> None:
    inset = _smaller(copy, 0.5)
    original.paste(inset, (original.width - inset.width - 12, 12))
    assert "the mark of copy" in _refused(home, original)


@pytest.mark.slow
def test_originals_beside_one_another_are_a_draft(home: Home, original: Image.Image, copy: Image.Image) -> None:
    assert copy.size == original.size
    assert _refused(home, _above_one_another(original, _smaller(original, 0.85), original.rotate(180))) == ""


@pytest.mark.slow
def test_a_revision_that_differs_everywhere_is_a_draft(home: Home, original: Image.Image, copy: Image.Image) -> None:
    assert copy.size == original.size
    levels = np.asarray(original, np.float32)
    grain = np.random.default_rng(7).normal(0, 30, levels.shape)
    repainted = Image.fromarray(np.clip(0.6 * levels + 60 + grain, 0, 255).astype(np.uint8))
    assert _refused(home, repainted) == ""


def test_a_draft_that_shows_another_too_often_is_refused_in_words(
    home: Home, original: Image.Image, copy: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copy.size == original.size
    monkeypatch.setattr("tidemark.limits.MAX_PROVENANCE_TRACES", 2)
    assert "after 2 traces" in _refused(home, _above_one_another(original, original, original))
