"""A stand-in for torch, as far as invisible-watermark's rivaGAN wrapper uses it: ten calls that only move axes.

It belongs to this bench, not to the peer. The package imports torch at its top and does nothing with it that NumPy
does not do: the network itself runs in onnxruntime, from the ONNX files that the package bundles. So the package's own
lines run here unchanged, without a gigabyte of torch. The stub is in ``sys.modules`` only while the package is
imported: SciPy asks that table whether torch is there.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Self

import numpy as np
import numpy.typing as npt


class Tensor:
    """An array with torch's names for what NumPy calls otherwise."""

    def __init__(self, array: npt.NDArray[np.float32]) -> None:
        self._array = array

    def __truediv__(self, other: float) -> "Tensor":
        return Tensor(self._array / other)

    def __sub__(self, other: float) -> "Tensor":
        return Tensor(self._array - other)

    def __add__(self, other: float) -> "Tensor":
        return Tensor(self._array + other)

    def __mul__(self, other: float) -> "Tensor":
        return Tensor(self._array * other)

    def __getitem__(self, index: object) -> "Tensor":
        return Tensor(self._array[index])  # type: ignore[index]

    def permute(self, *axes: int) -> "Tensor":
        return Tensor(self._array.transpose(axes))

    def unsqueeze(self, axis: int) -> "Tensor":
        return Tensor(np.expand_dims(self._array, axis))

    def detach(self) -> Self:
        return self

    def cpu(self) -> Self:
        return self

    def numpy(self) -> npt.NDArray[np.float32]:
        return self._array


def _clamp(tensor: Tensor, *, min: float, max: float) -> Tensor:  # noqa: A002 - torch's own names
    return Tensor(np.clip(tensor.numpy(), min, max))


@contextmanager
def standing_in() -> Iterator[None]:
    """Let ``import torch`` find the stub inside the block, and nothing of it afterwards."""
    module = ModuleType("torch")
    module.from_numpy, module.clamp, module.Tensor = Tensor, _clamp, Tensor  # type: ignore[attr-defined]
    sys.modules["torch"] = module
    try:
        yield
    finally:
        del sys.modules["torch"]
