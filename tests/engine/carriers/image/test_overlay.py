"""The overlay is seen, belongs to the copy, keeps the file what it is, and leaves the mark traceable."""

import hashlib
import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.conftest import make_draft
from tidemark.engine.carriers import image
from tidemark.engine.keys import copy_key
from tidemark.engine.match import Candidate
from tidemark.engine.trace import Trace, trace

SECRET = bytes(range(32))
LINES = ("Northwick Mouldings", "Ada Holm", "2026-03-14 · 0123456789abcdef")
OTHER = ("Ardoise Injection", "Wen Li", "2026-03-14 · fedcba9876543210")


def _keys(holders: int = 20) -> dict[str, bytes]:
    return {f"c{number}": copy_key(SECRET, draft="d", copy=f"c{number}") for number in range(holders)}


def _traced(leak: bytes, draft: bytes, keys: dict[str, bytes]) -> Trace:
    described = image.describe(image.read(draft))
    candidate = Candidate(draft="d", description=described, original=lambda: draft, keys=lambda: keys)
    return trace(leak, [candidate], decoy_seed=hashlib.sha256(leak).digest(), decoys=1000)


def _as_leaked(copy: bytes, *, quality: int) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(copy)).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("quality", [90, 60])
def test_a_leak_of_an_overlaid_copy_names_it_and_nobody_else(form: str, quality: int) -> None:
    draft = make_draft(3, form=form)
    keys = _keys()
    copy = image.mark(image.overlaid(image.prepare(image.read(draft)), LINES), keys["c7"])
    found = _traced(_as_leaked(copy.data, quality=quality), draft, keys)
    assert [each.copy for each in found.accused] == ["c7"]


def test_another_holders_overlay_frames_nobody() -> None:
    """The overlay of one holder over the mark of another: the mark decides."""
    draft = make_draft(4)
    keys = _keys()
    plate = image.prepare(image.read(draft))
    copy = image.mark(image.overlaid(plate, OTHER), keys["c3"])
    assert [each.copy for each in _traced(_as_leaked(copy.data, quality=80), draft, keys).accused] == ["c3"]


@pytest.mark.slow
def test_an_overlay_without_a_mark_accuses_nobody() -> None:
    draft = make_draft(5)
    unmarked = image.overlaid(image.prepare(image.read(draft)), LINES).writer.copy(np.zeros((1, 1), np.float32))
    found = _traced(_as_leaked(unmarked, quality=90), draft, _keys())
    assert not found.accused
    assert not found.suspected


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "L"), ("TIFF", "CMYK")]
)
def test_a_copy_keeps_format_size_mode_and_profile(form: str, mode: str) -> None:
    source = Image.open(io.BytesIO(make_draft(6))).convert(mode)
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() if mode.startswith("RGB") else None
    source.save(out, form, icc_profile=profile)
    plate = image.prepare(image.read(out.getvalue()))
    copy = Image.open(io.BytesIO(image.mark(image.overlaid(plate, LINES), bytes(32)).data))
    assert (copy.format, copy.size, copy.mode) == (form, source.size, mode)
    assert copy.info.get("icc_profile") == profile


def test_the_overlay_is_seen_and_restrained() -> None:
    plate = image.prepare(image.read(make_draft(7)))
    plain = image.read(image.mark(plate, bytes(32)).data).luma()
    change = np.abs(image.read(image.mark(image.overlaid(plate, LINES), bytes(32)).data).luma() - plain)
    assert 20 <= change.max() <= 30
    assert 0.02 < (change > 10).mean() < 0.25


def test_it_is_lighter_on_dark_and_darker_on_light() -> None:
    for level, sign in ((30, 1), (225, -1)):
        pixels = np.full((400, 600), level, np.uint8) + np.random.default_rng(1).integers(0, 20, (400, 600))
        out = io.BytesIO()
        Image.fromarray(pixels.astype(np.uint8)).save(out, "PNG")
        plate = image.prepare(image.read(out.getvalue()))
        blank = np.zeros((1, 1), np.float32)
        overlaid = image.read(image.overlaid(plate, LINES).writer.copy(blank)).luma()
        change = overlaid - image.read(plate.writer.copy(blank)).luma()
        assert np.sign(change[np.abs(change) > 5]).mean() == sign


def test_without_a_line_nothing_is_laid_over() -> None:
    plate = image.prepare(image.read(make_draft(8)))
    assert image.overlaid(plate, ("", " ")) is plate
