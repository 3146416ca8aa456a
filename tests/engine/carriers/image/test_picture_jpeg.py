"""JPEG copies: the draft comes through as it is, the mark comes through too, and both cheaply."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tidemark.engine.carriers.image import jpeg
from tidemark.engine.carriers.image.picture import turned
from tidemark.engine.carriers.image.reading import read_picture
from tidemark.engine.carriers.image.writing import copy_writer, write_picture

from .picture_samples import PROFILE, drawn, image, noise, psnr_db, saved, seen, telltale_exif

HEIGHT, WIDTH = 272, 336  # whole blocks, of 16 × 16 pixels too

DRAFTS = {
    "4:2:0": {"quality": 85, "subsampling": 2},
    "4:2:2": {"quality": 85, "subsampling": 1},
    "4:4:4": {"quality": 85, "subsampling": 0},
    "progressive": {"quality": 85, "progressive": True},
    "fine": {"quality": 96},
    "restart markers": {"quality": 80, "restart_marker_rows": 1},
}


def draft(height: int = HEIGHT, width: int = WIDTH, mode: str = "RGB", **options) -> bytes:
    return saved(image(drawn(height, width, mode), mode), "JPEG", **options)


def other_draft(factor: int) -> bytes:
    """Encode by OpenCV, which knows samplings that Pillow does not."""
    return cv2.imencode(".jpg", drawn(HEIGHT, WIDTH), [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor])[1].tobytes()


def correlation(copy: bytes, stored: bytes, pattern: np.ndarray) -> float:
    change = (seen(copy) - seen(stored)).mean(axis=2)
    return float((change * pattern).sum() / np.sqrt((change**2).sum() * (pattern**2).sum()))


@pytest.mark.parametrize("name", DRAFTS)
def test_a_copy_with_no_mark_looks_like_the_draft(name):
    stored = draft(**DRAFTS[name])
    copy = copy_writer(read_picture(stored)).copy(np.zeros((HEIGHT, WIDTH), np.float32))
    assert psnr_db(seen(copy), seen(stored)) > 58


@pytest.mark.parametrize("name", DRAFTS)
def test_a_mark_of_46_db_costs_hardly_more_in_jpeg_and_survives(name):
    stored = draft(**DRAFTS[name])
    pattern = noise(HEIGHT, WIDTH, rms=1.17)
    copy = copy_writer(read_picture(stored)).copy(pattern)
    assert psnr_db(seen(copy), seen(stored)) > 46
    assert correlation(copy, stored, pattern) > 0.92
    assert len(copy) < 2.5 * len(stored)


def test_odd_sizes_lose_nothing_at_their_edges():
    for subsampling in (0, 1, 2):
        stored = draft(203, 301, quality=85, subsampling=subsampling)
        copy = copy_writer(read_picture(stored)).copy(np.zeros((203, 301), np.float32))
        assert psnr_db(seen(copy), seen(stored)) > 50


def test_the_drafts_own_table_would_have_lost_the_mark():
    # What this module is for: the same delta, written with the draft's table.
    stored = draft(quality=60)
    pattern = noise(HEIGHT, WIDTH, rms=1.17)
    naive = Image.fromarray(np.clip(np.rint(seen(stored) + pattern[..., None]), 0, 255).astype(np.uint8))
    plain = saved(naive, "JPEG", qtables=Image.open(io.BytesIO(stored)).quantization)
    assert correlation(plain, stored, pattern) < 0.7
    assert correlation(copy_writer(read_picture(stored)).copy(pattern), stored, pattern) > 0.9


def test_marks_of_longer_waves_give_smaller_copies():
    picture = read_picture(draft(quality=85))
    nothing = np.zeros((HEIGHT, WIDTH), np.float32)
    fine, coarse = (copy_writer(picture, shortest_wavelength_px=wave).copy(nothing + 0.4) for wave in (4, 20))
    assert len(coarse) < len(fine)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_turned_drafts_keep_their_blocks(orientation, subsampling):
    stored = draft(quality=85, subsampling=subsampling, exif=telltale_exif(orientation=orientation))
    picture = read_picture(stored)
    copy = copy_writer(picture).copy(np.zeros(picture.pixels.shape[:2], np.float32))
    assert psnr_db(seen(copy), turned(seen(stored), orientation)) > 53.5
    # 4:2:2 on its side is 4:4:0, which Pillow cannot write; mirrored, it is smoothed otherwise.
    layout = jpeg.layout_of(picture)
    assert layout.subsampling == (subsampling if subsampling != 1 or orientation in (1, 4) else 0)
    assert max(layout.tables[0]) > 1


def test_drafts_whose_blocks_lose_their_places_are_rounded_anew_but_finely():
    stored = draft(203, 301, quality=85, exif=telltale_exif(orientation=3))
    picture = read_picture(stored)
    pattern = noise(203, 301, rms=1.17)
    copy = copy_writer(picture).copy(pattern)
    assert {max(table) for table in jpeg.layout_of(picture).tables} == {1}
    assert psnr_db(seen(copy), turned(seen(stored), 3)) > 45.5


@pytest.mark.parametrize("factor", [cv2.IMWRITE_JPEG_SAMPLING_FACTOR_411, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_440])
def test_samplings_that_cannot_be_written_become_full_chroma(factor):
    stored = other_draft(factor)
    copy = copy_writer(read_picture(stored)).copy(np.zeros((HEIGHT, WIDTH), np.float32))
    assert psnr_db(seen(copy), seen(stored)) > 54


def test_grey_drafts_stay_grey_and_exact():
    stored = draft(mode="L", quality=80)
    picture = read_picture(stored)
    pattern = noise(HEIGHT, WIDTH, rms=1.17)
    assert read_picture(copy_writer(picture).copy(pattern)).mode == "L"
    assert psnr_db(seen(copy_writer(picture).copy(pattern)), seen(stored)) > 46
    assert psnr_db(seen(write_picture(picture, picture.pixels)), seen(stored)) > 58


def test_drafts_stored_as_rgb_stay_so():
    stored = draft(quality=85, keep_rgb=True, subsampling=0, exif=telltale_exif())
    picture = read_picture(stored)
    assert jpeg.layout_of(picture).coded_as == "RGB"
    pattern = noise(HEIGHT, WIDTH, rms=1.17)
    copy = copy_writer(picture).copy(pattern)
    assert jpeg.layout_of(read_picture(copy)).coded_as == "RGB"
    assert psnr_db(seen(copy), seen(stored)) > 46
    assert correlation(copy, stored, pattern) > 0.92


@pytest.mark.parametrize("says_adobe", [True, False])
def test_cmyk_drafts_are_inverted_as_they_were(says_adobe):
    stored = saved(image(drawn(HEIGHT, WIDTH, "CMYK") // 2, "CMYK"), "JPEG", quality=85)
    at = stored.find(b"\xff\xee")
    if not says_adobe:
        stored = stored[:at] + stored[at + 16 :]
    picture = read_picture(stored)
    pattern = noise(HEIGHT, WIDTH, rms=1.17)
    copy = copy_writer(picture).copy(pattern)
    assert (b"Adobe" in copy) == says_adobe
    assert read_picture(copy).mode == "CMYK"
    assert psnr_db(seen(copy), seen(stored)) > 46
    assert correlation(copy, stored, pattern) > 0.9


def test_a_copy_is_one_interleaved_baseline_scan():
    for options in DRAFTS.values():
        copy = copy_writer(read_picture(draft(**options))).copy(np.zeros((HEIGHT, WIDTH), np.float32))
        assert copy.count(b"\xff\xda\x00\x0c\x03") == copy.count(b"\xff\xda") == 1
        assert b"\xff\xc0" in copy
        assert b"\xff\xc2" not in copy


def test_a_copy_keeps_profile_and_resolution():
    stored = draft(quality=85, icc_profile=PROFILE, dpi=(300, 300))
    again = read_picture(copy_writer(read_picture(stored)).copy(np.zeros((HEIGHT, WIDTH), np.float32)))
    assert again.profile == PROFILE
    assert again.dpi == (300, 300)


def test_noise_at_the_finest_steps_still_fits_the_encoders_buffer():
    rough = np.random.default_rng(3).integers(0, 256, (203, 301, 3), dtype=np.uint8)
    picture = read_picture(saved(Image.fromarray(rough), "JPEG", quality=100, subsampling=0))
    copy = copy_writer(picture).copy(noise(203, 301, rms=30))
    assert read_picture(copy).pixels.shape == (203, 301, 3)


@given(st.lists(st.integers(1, 255), min_size=64, max_size=64), st.floats(2, 60))
def test_steps_of_a_copy_divide_the_drafts(table, wavelength_px):
    steps = np.array(table).reshape(8, 8)
    fine = jpeg._fine_steps(steps, 16 / wavelength_px)
    assert (steps % fine == 0).all()
    assert fine[0, 0] <= 2
