"""Halftone, ink and scanner, each against what it claims."""

import io

import numpy as np
import pytest
from PIL.JpegImagePlugin import JpegImageFile

from tidemark.engine.drill import encoding, paper
from tidemark.engine.drill.leak import Pixels


def opened(data: bytes) -> JpegImageFile:
    return JpegImageFile(io.BytesIO(data))


@pytest.mark.parametrize("halftone", [paper._clustered, paper._scattered])
@pytest.mark.parametrize("coverage", [0, 8, 64, 128, 200, 255])
def test_halftone_lays_as_many_dots_as_asked(halftone: object, coverage: int) -> None:
    wanted = np.full((512, 512), coverage, np.uint8)
    for ink in range(4):
        dots = halftone(wanted, ink, range(100, 612), range(40, 552))  # type: ignore[operator]
        assert dots.mean() == pytest.approx(coverage / 255, abs=0.02)


def test_halftone_does_not_depend_on_where_a_tile_begins() -> None:
    wanted = np.full((64, 64), 90, np.uint8)
    for halftone in (paper._clustered, paper._scattered):
        whole = halftone(wanted, 0, range(64), range(64))
        assert np.array_equal(halftone(wanted[20:, 30:], 0, range(30, 64), range(20, 64)), whole[20:, 30:])


def test_blue_noise_has_little_energy_at_low_frequencies() -> None:
    mask = paper._blue_noise().astype(float)
    power = np.abs(np.fft.fft2(mask - mask.mean())) ** 2
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(len(mask)), np.fft.fftfreq(len(mask))))
    assert power[(f > 0) & (f < 0.1)].mean() < 0.02 * power[f > 0.3].mean()
    assert np.bincount(paper._blue_noise().ravel()).std() < 1


def sheet_of(copy: Pixels, *, grey: bool = True) -> paper.Sheet:
    return paper.printed(copy, np.random.default_rng(0), grey=grey, clustered=True, around=paper.LID)


def test_print_shows_the_lines_of_its_screen() -> None:
    """Black at 45°: both axes carry 106 lines an inch over √2."""
    sheet = sheet_of(np.full((300, 400, 3), 150, np.uint8))
    light = sheet.radiance(range(2000, 2600), range(2000, 2600), (1, 1))[..., 1]
    spectrum = np.abs(np.fft.rfft2((light - light.mean()) * np.hanning(600)[:, None] * np.hanning(600)))
    row, column = np.unravel_index(spectrum.argmax(), spectrum.shape)
    wanted = 106 / 600 / np.sqrt(2)
    assert abs(np.fft.fftfreq(600)[row]) == pytest.approx(wanted, abs=0.003)
    assert np.fft.rfftfreq(600)[column] == pytest.approx(wanted, abs=0.003)


@pytest.mark.parametrize("level", [60, 128, 190, 235])
def test_print_reflects_about_what_the_picture_would(level: int) -> None:
    light = sheet_of(np.full((300, 400, 3), level, np.uint8)).radiance(range(2000, 2600), range(2000, 2600), (1, 1))
    wanted = ((level / 255 + 0.055) / 1.055) ** 2.4 * float(paper.PAPER_WHITE[1])
    assert float(light[..., 1].mean()) == pytest.approx(wanted, abs=0.07)


@pytest.mark.parametrize("colour", [(200, 60, 60), (60, 180, 70), (50, 70, 200)])
def test_inks_keep_the_colour_apart(colour: tuple[int, int, int]) -> None:
    sheet = sheet_of(np.full((300, 400, 3), colour, np.uint8), grey=False)
    light = sheet.radiance(range(2000, 2400), range(2000, 2400), (1, 1)).mean(axis=(0, 1))
    assert light.argmax() == np.argmax(colour)
    assert light.max() > 2 * np.sort(light)[-2]


def test_paper_beside_the_picture_is_bare_and_the_lid_lies_around() -> None:
    sheet = sheet_of(np.zeros((300, 400, 3), np.uint8))
    bare = sheet.radiance(range(20, 120), range(20, 120), (1, 1))
    assert np.allclose(bare.mean(axis=(0, 1)), paper.PAPER_WHITE, rtol=0.01)
    assert np.allclose(sheet.radiance(range(-60, -10), range(50), (1, 1)), paper.LID)


@pytest.mark.usefixtures("small_studio")
@pytest.mark.parametrize(("dpi", "quality"), [(300, 80), (150, 60)])
def test_scan_has_its_size_its_quality_and_a_small_turn(dpi: int, quality: int) -> None:
    black = np.zeros((200, 300, 3), np.uint8)
    data = paper.scanned(black, np.random.default_rng(2), dpi=dpi, quality=quality)
    with opened(data) as picture:
        assert picture.size == (round(1169 * dpi / 600), round(827 * dpi / 600))
        assert picture.quantization[0][0] == (16 * (200 - 2 * quality) + 50) // 100
    dark = encoding.decoded(data).max(axis=2) < 128
    columns = np.arange(dark.shape[1] // 4, 3 * dark.shape[1] // 4)
    slope = np.polyfit(columns, dark[:, columns].argmax(axis=0), 1)[0]
    assert 0.4 < abs(np.degrees(np.arctan(slope))) < 1.0


@pytest.mark.usefixtures("small_studio")
def test_grey_scan_is_grey_and_white_paper_nearly_white(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(paper.scanned(copy, rng, dpi=200, grey=True))
    assert np.ptp(leak, axis=2).max() <= 1
    assert leak[6:10, 80:250].mean() > 240


@pytest.mark.usefixtures("small_studio")
def test_photo_of_a_tall_print_is_upright_and_shows_the_desk(copy: Pixels, rng: np.random.Generator) -> None:
    leak = encoding.decoded(paper.paper_photo(np.ascontiguousarray(copy.transpose(1, 0, 2)), rng))
    assert leak.shape == (544, 408, 3)
    corner = leak[:10, :10].mean(axis=(0, 1))
    assert corner[0] > 1.3 * corner[2]  # brown wood, not paper
