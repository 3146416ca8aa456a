"""Files that show one picture are told from files that merely share a frame, whatever copies they were made from."""

import numpy as np
import pytest

from tests.engine.workshop import Draft, Pixels, bumper, jpeg, landscape, png, shrunk
from tidemark.engine.carriers import image

FIRST = Draft("first", landscape(1))


def framed(pixels: Pixels, *, border: int = 90) -> Pixels:
    """The picture in the window of a program: the same window around every picture."""
    rows, columns = pixels.shape[:2]
    window = landscape(99)
    whole = np.tile(window, (2, 2, 1))[: rows + 2 * border, : columns + 2 * border].copy()
    whole[border : border + rows, border : border + columns] = pixels
    return whole


@pytest.mark.slow
@pytest.mark.parametrize(
    "found",
    [
        jpeg(FIRST.copy("copy 3"), 30),
        jpeg(shrunk(FIRST.copy("copy 3"), 0.6), 70),
        jpeg(FIRST.copy("copy 3")[60:230, 200:600], 70),
        jpeg(FIRST.copy("copy 3")[:, ::-1], 70),
    ],
    ids=["compressed", "smaller", "crop", "mirrored"],
)
def test_reposts_and_crops_show_the_same_picture_either_way_round(found: bytes) -> None:
    first, other = image.look(jpeg(FIRST.pixels, 85)), image.look(found)
    assert image.same_picture(first, other)
    assert image.same_picture(other, first)


@pytest.mark.slow
def test_copies_of_two_holders_look_the_same() -> None:
    alike = image.same_picture(image.look(png(FIRST.copy("copy 1"))), image.look(png(FIRST.copy("copy 2"))))
    assert alike
    assert alike.correlation > 0.95
    assert alike.share > 0.95


def test_unrelated_pictures_do_not() -> None:
    alike = image.same_picture(image.look(png(landscape(1))), image.look(png(bumper("A"))))
    assert not alike
    assert (alike.correlation, alike.share) == (0.0, 0.0)


@pytest.mark.slow
def test_a_common_frame_does_not_make_two_pictures_one() -> None:
    one, other = image.look(jpeg(framed(landscape(1)), 85)), image.look(jpeg(framed(landscape(2)), 85))
    assert not image.same_picture(one, other)
    assert image.same_picture(one, image.look(jpeg(framed(landscape(1)), 40)))
