"""What decides the last digits of a figure: the libraries that compute, the processor, and a probe of both.

One machine computes the same figures every time, whatever its load and its number of threads. Another one may add up
in another order: OpenCV, NumPy and the linear algebra below them each choose their code by the processor. A finding
says what it was computed with; where that is what the verifier computes with, every digit must be the same.

What a finding says of this is its owner's word. Whoever lies about it gains the tolerances of :mod:`.figures`, and the
reader is told that they were applied, and to what.
"""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import scipy.special

from tidemark.engine import keys

_LIBRARIES = ("tidemark", "numpy", "scipy", "opencv-python-headless", "pillow", "pi-heif")
_SIDE_PX = 96


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that figures were computed with, as the finding states it ('' if it does not) and as it is here."""

    name: str
    stated: str
    here: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How what a finding was computed with differs from what it is verified with."""

    differences: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether figures must be the same to their last digit."""
        return not self.differences

    def __str__(self) -> str:
        if self.same:
            return "computed as on the machine that the finding names: every figure must be the same, to its last digit"
        named = "; ".join(f"{each.name} {each.here}, stated {each.stated or 'nothing'}" for each in self.differences)
        return (
            f"computed otherwise than on the machine that the finding names ({named}): figures may differ by what "
            "processors differ by, and both are shown"
        )


def compared(stated: Mapping[str, str]) -> Arithmetic:
    """Compare what a finding was computed with, its ``versions``, with what is at work here.

    What is not installed here has computed nothing here, and is not compared.
    """
    own = arithmetic()
    differing = (Difference(name, stated.get(name, ""), here) for name, here in own.items() if stated.get(name) != here)
    return Arithmetic(tuple(differing))


def arithmetic() -> dict[str, str]:
    """Return what decides the last digits here, by name.

    Returns
    -------
    dict of str to str
        Versions of Tidemark, Python (the first two numbers) and the libraries that compute, as far as they are
        installed; ``mark`` (scheme and version); ``system`` (its name, machine, and C library or release);
        ``processor`` (what OpenCV and NumPy use of it); ``probe`` (:func:`probe`).
    """
    installed = {library: _version(library) for library in _LIBRARIES}
    return {
        **{library: number for library, number in installed.items() if number},
        "mark": f"{keys.SCHEME} {keys.VERSION}",
        "python": ".".join(platform.python_version_tuple()[:2]),
        "system": _system(),
        "processor": _processor(),
        "probe": probe(),
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _system() -> str:
    """Name the system and where its elementary functions come from: NumPy takes some of them from the C library."""
    name, number = platform.libc_ver()
    library = f"{name} {number}".strip() or platform.mac_ver()[0] or platform.win32_ver()[1]
    return f"{platform.system()} {platform.machine()} {library}".strip()


def _processor() -> str:
    """Name the processor's features that are in use. OpenCV marks those with * that it chooses as it starts, those with
    ? that the processor lacks or that were switched off."""
    opencv = [name.strip("*") for name in cv2.getCPUFeaturesLine().split() if not name.endswith("?")]
    config: Any = np.show_config(mode="dicts")  # type: ignore[call-overload, unused-ignore]
    numpy = [
        name for names in (config["SIMD Extensions"].get(kind, []) for kind in ("baseline", "found")) for name in names
    ]
    return f"OpenCV {' '.join(opencv)}, NumPy {' '.join(numpy)}".strip()


@cache
def probe() -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of what some fixed calculations give, to the last bit.

    They are of the kinds that tracing consists of. Two machines that the names above do not tell apart (linear
    algebra chooses its code by the processor's model, and says nothing) are told apart by this.
    """
    digest = hashlib.sha256()
    for each in _calculations():
        digest.update(np.ascontiguousarray(each).tobytes())
    return digest.hexdigest()[:16]


def _calculations() -> Iterator[npt.NDArray[Any]]:
    numbers = keys.gaussians(bytes(32), 2**17)
    yield np.array([numbers[:100_000] @ numbers[17:100_017], np.linalg.norm(numbers.astype(np.float64))])
    square = numbers[: _SIDE_PX**2].reshape(_SIDE_PX, _SIDE_PX)
    yield square @ square.T
    exact = square.astype(np.float64)
    yield np.linalg.solve(exact[:12, :12], exact[:12, 12])
    yield np.linalg.inv(exact[:3, :3])
    yield np.fft.fft2(exact)
    yield scipy.special.log_ndtr(-np.abs(exact))
    yield np.stack([np.exp(exact), np.log(np.abs(exact) + 1), np.sin(exact), np.hypot(exact, exact.T)])
    yield from _of_pictures(square)


def _of_pictures(noise: npt.NDArray[np.float32]) -> Iterator[npt.NDArray[Any]]:
    soft = cv2.GaussianBlur(noise, (0, 0), 1.7)
    yield soft
    yield cv2.Sobel(noise, cv2.CV_32F, 1, 0)
    yield cv2.blur(noise, (5, 5))
    yield cv2.resize(noise, (61, 53), interpolation=cv2.INTER_AREA)
    yield cv2.resize(noise, (131, 127), interpolation=cv2.INTER_CUBIC)
    turn = cv2.getRotationMatrix2D((40.0, 50.0), 7.0, 0.9)
    yield cv2.warpAffine(soft, turn, (_SIDE_PX, _SIDE_PX), flags=cv2.INTER_CUBIC)
    across = np.tile(np.arange(_SIDE_PX, dtype=np.float32), (_SIDE_PX, 1))
    yield cv2.remap(soft, np.multiply(across, 0.93) + 2, np.multiply(across.T, 0.97) + 1, cv2.INTER_CUBIC)
    levels = np.clip(128 + 60 * cv2.resize(soft, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), 0, 255)
    _, found = cv2.SIFT_create(nfeatures=50).detectAndCompute(levels.astype(np.uint8), None)  # type: ignore[attr-defined]
    yield found if found is not None else np.zeros(0)
