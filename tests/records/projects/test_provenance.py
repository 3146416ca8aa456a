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


def _busy(width: int, height: int) -> Image.Image:
    """Return a sheet with strong features everywhere, which outweigh those of what is pasted on it."""
    levels = np.random.default_rng(3).integers(0, 256, (height // 6 + 1, width // 6 + 1, 3), dtype=np.uint8)
    return Image.fromarray(levels).resize((width, height), Image.Resampling.BICUBIC)


def _smaller(picture: Image.Image, share: float) -> Image.Image:
    return picture.resize((round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS)


@pytest.mark.slow
@pytest.mark.parametrize("share", [1.0, 0.85])
def test_a_copy_beside_its_own_original_is_found(
    home: Home, original: Image.Image, copy: Image.Image, share: float
) -> None:
    for sheet in (
        _above_one_another(original, _smaller(copy, share)),
        _above_one_another(_smaller(copy, share), original),
    ):
        assert "the mark of copy" in _refused(home, sheet)


@pytest.mark.slow
def test_a_copy_that_lies_on_its_own_original_is_found(home: Home, original: Image.Image, copy: Image.Image) -> None:
    inset = _smaller(copy, 0.5)
    original.paste(inset, (original.width - inset.width - 12, 12))
    assert "the mark of copy" in _refused(home, original)


@pytest.mark.slow
def test_a_part_of_a_copy_that_lies_where_its_revised_original_has_it_is_found(
    home: Home, original: Image.Image, copy: Image.Image
) -> None:
    levels = np.asarray(original, np.float32)
    grain = np.random.default_rng(1).normal(0, 12, levels.shape)
    revised = Image.fromarray(np.clip(0.8 * levels + 30 + grain, 0, 255).astype(np.uint8))
    box = (200, 100, 296, 172)  # 2 % of the area
    revised.paste(copy.crop(box), box[:2])
    assert "the mark of copy" in _refused(home, revised)


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


@pytest.mark.slow
def test_the_next_revision_of_a_shared_draft_is_a_draft(home: Home, original: Image.Image, copy: Image.Image) -> None:
    assert copy.size == original.size
    original.paste(Image.open(io.BytesIO(make_draft(2, size=(120, 160)))).convert("RGB"), (300, 200))
    assert _refused(home, original) == ""


@pytest.mark.slow
def test_a_small_copy_on_a_busy_sheet_is_found_and_said_where(home: Home, copy: Image.Image) -> None:
    sheet = _busy(1800, 1300)
    sheet.paste(_smaller(copy, 0.5), (900, 600))
    said = _refused(home, sheet)
    assert "the mark of copy" in said
    assert "in the 321 × 241 pixels from 899 to the right and 599 down" in said


@pytest.mark.slow
@pytest.mark.parametrize("size", [(2400, 1800), (3000, 2200)])
def test_a_copy_on_a_large_busy_sheet_is_found(home: Home, copy: Image.Image, size: tuple[int, int]) -> None:
    sheet = _busy(*size)
    sheet.paste(copy, (400, 300))
    assert "the mark of copy" in _refused(home, sheet)


@pytest.mark.slow
def test_a_mirrored_copy_on_a_busy_sheet_is_found(home: Home, copy: Image.Image) -> None:
    sheet = _busy(2400, 1800)
    sheet.paste(copy.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (1500, 900))
    assert "the mark of copy" in _refused(home, sheet)


@pytest.mark.slow
def test_an_original_on_a_large_busy_sheet_is_a_draft(home: Home, original: Image.Image, copy: Image.Image) -> None:
    assert copy.size == original.size
    sheet = _busy(2400, 1800)
    sheet.paste(original, (400, 300))
    assert _refused(home, sheet) == ""


@pytest.mark.slow
def test_a_copy_that_lies_on_the_second_of_two_originals_is_found(
    home: Home, original: Image.Image, copy: Image.Image
) -> None:
    second, inset = original.copy(), _smaller(copy, 0.5)
    second.paste(inset, (second.width - inset.width - 12, 12))
    assert "the mark of copy" in _refused(home, _above_one_another(_smaller(original, 1.5), second))


@pytest.mark.slow
def test_a_draft_that_shows_others_at_too_many_places_is_refused_in_words(
    home: Home, original: Image.Image, copy: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copy.size == original.size
    monkeypatch.setattr("tidemark.limits.MAX_PROVENANCE_PLACES", 2)
    assert "at 3 places; at most 2" in _refused(home, _above_one_another(original, original, original))
