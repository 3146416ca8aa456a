"""Where a picture shows drafts: each place of each, small and mirrored ones on a busy sheet, and none where none is."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.conftest import make_draft
from tidemark.engine.carriers import image
from tidemark.engine.carriers.image.places import Place, overlap, part, places

WITHIN_PX = 3


@pytest.fixture(scope="module")
def drafts() -> dict[str, bytes]:
    return {f"f-{seed}": image.describe(image.read(make_draft(seed))) for seed in (1, 2)}


def _draft(seed: int, share: float = 1.0) -> Image.Image:
    picture = Image.open(io.BytesIO(make_draft(seed))).convert("RGB")
    return picture.resize((round(640 * share), round(480 * share)), Image.Resampling.LANCZOS)


def _busy(width: int, height: int) -> Image.Image:
    levels = np.random.default_rng(3).integers(0, 256, (height // 6 + 1, width // 6 + 1, 3), dtype=np.uint8)
    return Image.fromarray(levels).resize((width, height), Image.Resampling.BICUBIC)


def _picture(drawn: Image.Image) -> image.Picture:
    return image.read(_png(drawn))


def _boxes(found: tuple[Place, ...]) -> dict[tuple[int, ...], tuple[str, ...]]:
    return {(each.left, each.top, each.right, each.bottom): each.drafts for each in found}


def _is_about(box: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return bool(np.abs(np.subtract(box, wanted)).max() <= WITHIN_PX)


@pytest.mark.slow
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_quarter_of_a_drafts_size_is_placed_on_a_busy_sheet(drafts: dict[str, bytes], is_mirrored: bool) -> None:
    sheet, small = _busy(1000, 800), _draft(1, 0.25)
    sheet.paste(small.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if is_mirrored else small, (700, 430))
    ((box, names),) = _boxes(places(_picture(sheet), drafts)).items()
    assert names == ("f-1",)
    assert _is_about(box, (700, 430, 860, 550))


def test_a_draft_that_lies_on_itself_has_two_places(drafts: dict[str, bytes]) -> None:
    sheet = _draft(1)
    sheet.paste(_draft(1, 0.4), (360, 20))
    whole, inset = sorted(_boxes(places(_picture(sheet), drafts)))
    assert _is_about(whole, (0, 0, 640, 480))
    assert _is_about(inset, (360, 20, 616, 212))


def test_two_drafts_beside_one_another_are_two_places(drafts: dict[str, bytes]) -> None:
    sheet = Image.new("RGB", (1000, 520), (235, 235, 235))
    sheet.paste(_draft(1), (10, 20))
    sheet.paste(_draft(2, 0.5).rotate(90, expand=True), (700, 100))
    found = _boxes(places(_picture(sheet), drafts))
    (one,) = [box for box, names in found.items() if names == ("f-1",)]
    (other,) = [box for box, names in found.items() if names == ("f-2",)]
    assert _is_about(one, (10, 20, 650, 500))
    assert _is_about(other, (700, 100, 940, 420))


def test_revisions_that_lie_on_one_another_are_one_place(drafts: dict[str, bytes]) -> None:
    revised = _draft(1)
    revised.paste(_draft(2, 0.2), (300, 200))
    both = {"f-1": drafts["f-1"], "f-1b": image.describe(image.read(_png(revised)))}
    (place,) = places(_picture(revised), both)
    assert set(place.drafts) == set(both)


@pytest.mark.parametrize("sheet", [_busy(700, 500), Image.new("RGB", (300, 300), (90, 90, 90))])
def test_a_picture_that_shows_no_draft_has_no_place(drafts: dict[str, bytes], sheet: Image.Image) -> None:
    assert places(_picture(sheet), drafts) == ()


def test_boxes_share_of_their_union_what_both_cover() -> None:
    one = Place(0, 0, 10, 10, ("f-1",), 8)
    assert overlap(one, one) == 1
    assert overlap(one, Place(5, 0, 15, 10, ("f-2",), 8)) == pytest.approx(1 / 3)
    assert overlap(one, Place(10, 0, 20, 10, ("f-2",), 8)) == 0


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def test_a_place_is_cut_out_as_a_file_of_its_own(drafts: dict[str, bytes]) -> None:
    sheet = Image.new("RGB", (1000, 520), (235, 235, 235))
    sheet.paste(_draft(1), (10, 20))
    shown = _picture(sheet)
    (place,) = places(shown, drafts)
    assert str(place) == (
        f"the {place.right - place.left} × {place.bottom - place.top} pixels from {place.left} to the right and "
        f"{place.top} down"
    )
    file = part(shown, place)
    assert file is not None
    assert np.array_equal(
        image.read(file).pixels, np.asarray(sheet)[place.top : place.bottom, place.left : place.right]
    )
    assert not place.is_all_of(shown)
    assert Place(0, 0, 1000, 500, ("f-1",), 8).is_all_of(shown)


def test_a_place_of_a_few_pixels_is_no_file() -> None:
    assert part(_picture(Image.new("RGB", (300, 300))), Place(10, 10, 14, 200, ("f-1",), 8)) is None
