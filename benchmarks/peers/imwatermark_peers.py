"""The three methods of invisible-watermark: dwtDct, dwtDctSvd and rivaGAN."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from benchmarks.peers.codewords import PAYLOAD_BITS, Bits
from benchmarks.peers.torch_stub import standing_in
from tidemark.engine.drill.leak import Pixels

with standing_in():
    import imwatermark
    from imwatermark import WatermarkDecoder, WatermarkEncoder
    from imwatermark.rivaGan import RivaWatermark


@dataclass(frozen=True)
class InvisibleWatermark:
    """One method of the package, behind its own encoder and decoder classes."""

    name: str
    method: str
    tries: int = 2  # the leak as found, and laid back

    def mark(self, draft: Pixels, payload: Bits) -> Pixels:
        _networks(self.method)
        encoder = WatermarkEncoder()
        encoder.set_watermark("bits", payload.astype(int).tolist())
        return _swapped(encoder.encode(_swapped(draft), self.method))

    def read(self, picture: Pixels) -> Bits:
        _networks(self.method)
        decoder = WatermarkDecoder("bits", PAYLOAD_BITS)
        return np.asarray(decoder.decode(_swapped(picture), self.method)).astype(bool)

    def as_shipped(self, leak: Pixels, draft: Pixels) -> Iterator[Bits]:  # noqa: ARG002 - it knows no draft
        yield self.read(leak)


INVISIBLE_WATERMARK = (
    InvisibleWatermark("invisible-watermark dwtDct", "dwtDct"),
    InvisibleWatermark("invisible-watermark dwtDctSvd", "dwtDctSvd"),
    InvisibleWatermark("invisible-watermark rivaGAN", "rivaGan"),
)


@cache
def _networks(method: str) -> None:
    """Load rivaGAN's networks, on one thread as all else here: the package's own loader takes every core."""
    if method != "rivaGan":
        return
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    folder = Path(imwatermark.__file__).parent
    RivaWatermark.encoder = onnxruntime.InferenceSession(str(folder / "rivagan_encoder.onnx"), options)
    RivaWatermark.decoder = onnxruntime.InferenceSession(str(folder / "rivagan_decoder.onnx"), options)


def _swapped(picture: Pixels) -> Pixels:
    """RGB to OpenCV's BGR, or back."""
    return np.ascontiguousarray(picture[..., ::-1])
