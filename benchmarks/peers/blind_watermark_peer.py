"""blind-watermark, with the tools that its package has against resizing and cropping."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from blind_watermark import WaterMark, att, bw_notes
from blind_watermark.recover import estimate_crop_parameters, recover_crop

from benchmarks.peers.codewords import PAYLOAD_BITS, Bits
from tidemark.engine.drill.leak import Pixels

bw_notes.close()

_PASSWORD = 1
_UNSCALED_FIT = 0.9
"""Correlation from which a crop is taken to be unscaled, and the package's search over scales is spared."""

_COARSE_SIDE_PX = 384
_SCALES = (0.5, 2.0)  # the package's default, as is the number of scales tried
_SCALES_TRIED = 200
_FINE = 0.012


@dataclass(frozen=True)
class BlindWatermark:
    """The package's class, with fixed passwords."""

    name: str = "blind-watermark"
    tries: int = 4  # as found, resized back, uncropped, and laid back by ours

    def mark(self, draft: Pixels, payload: Bits) -> Pixels:
        scheme = WaterMark(password_img=_PASSWORD, password_wm=_PASSWORD)
        scheme.read_img(img=_swapped(draft))
        scheme.read_wm(payload.copy(), mode="bit")
        return _swapped(np.rint(scheme.embed()).astype(np.uint8))

    def read(self, picture: Pixels) -> Bits:
        scheme = WaterMark(password_img=_PASSWORD, password_wm=_PASSWORD)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the mean of no block at all, in pictures without any mark
            found = scheme.extract(embed_img=_swapped(picture), wm_shape=PAYLOAD_BITS, mode="bit")
        return np.asarray(found).astype(bool)

    def as_shipped(self, leak: Pixels, draft: Pixels) -> Iterator[Bits]:
        yield self.read(leak)
        if leak.shape == draft.shape:
            return
        yield self.read(att.resize_att(input_img=leak, out_shape=draft.shape[1::-1]))
        if (whole := _uncropped(leak, draft)) is not None:
            yield self.read(whole)


def _uncropped(leak: Pixels, draft: Pixels) -> Pixels | None:
    """The leak put where the package's search finds it in the draft, the rest black; None where it finds nothing.

    The package tries 200 scales at full size. Here it tries them on both pictures shrunk, and at full size those about
    the best: the same place in a fraction of the time.
    """
    host, part = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (draft, leak))
    try:
        place, shape, fit, _ = (None, None, -1.0, None)
        if all(small <= large for small, large in zip(part.shape, host.shape, strict=True)):
            place, shape, fit, _ = estimate_crop_parameters(ori_img=host, tem_img=part, scale=(1, 1))
        if fit < _UNSCALED_FIT:
            shrink = min(1.0, _COARSE_SIDE_PX / max(host.shape))
            small = [
                cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
                for picture in (host, part)
            ]
            *_, scale = estimate_crop_parameters(
                ori_img=small[0], tem_img=small[1], scale=_SCALES, search_num=_SCALES_TRIED
            )
            near = (scale * (1 - _FINE), scale * (1 + _FINE))
            place, shape, fit, _ = estimate_crop_parameters(ori_img=host, tem_img=part, scale=near, search_num=16)
        return np.rint(recover_crop(tem_img=leak, loc=place, image_o_shape=shape)).astype(np.uint8)
    except (cv2.error, ValueError, IndexError, TypeError):  # what the package raises when nothing fits inside the draft
        return None


def _swapped(picture: Pixels) -> Pixels:
    """RGB to OpenCV's BGR, or back."""
    return np.ascontiguousarray(picture[..., ::-1])
