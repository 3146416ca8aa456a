"""One picture under every scheme: marked once, then leaked and read back, leak by leak.

Both halves run in worker processes and share a folder: ``mark_all`` leaves draft and copies there, ``leak_all`` reads
them. Every reading is timed in CPU seconds of one thread, so that what else the machine does stays out of it.
"""

import hashlib
import math
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from skimage.metrics import structural_similarity

from benchmarks.peers import ours
from benchmarks.peers.blind_watermark_peer import BlindWatermark
from benchmarks.peers.codewords import PAYLOAD_BITS, Bits, codebook, named, nearest, radius
from benchmarks.peers.imwatermark_peers import INVISIBLE_WATERMARK
from benchmarks.peers.laid_back import Placed, Sheet
from benchmarks.peers.pictures import picture, png
from benchmarks.peers.scheme import Peer
from tidemark.engine.carriers import image
from tidemark.engine.drill.leak import Leak, Pixels
from tidemark.limits import ACCUSED_BOUND, SUSPECTED_BOUND

PEERS: tuple[Peer, ...] = (*INVISIBLE_WATERMARK, BlindWatermark())

MOST_HOLDERS = 2

_NOTHING = (PAYLOAD_BITS + 1, -1)


@dataclass(frozen=True, slots=True)
class Quality:
    """What marking one copy did to a picture, and what it cost; from the draft's pixels to the copy's file."""

    scheme: str
    picture: str
    psnr_db: float
    ssim: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Whom a scheme names on a leak.

    Attributes
    ----------
    accused, at_least_suspected : frozenset of int
        Copies named at bounds of 10⁻⁶ and 10⁻³.
    nearest : (int, int)
        Bits in which the nearest codeword differs from what was read, and whose it is; copy −1 where nothing was read,
        and for ours.
    seconds : float
    """

    accused: frozenset[int]
    at_least_suspected: frozenset[int]
    nearest: tuple[int, int]
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scheme on one leak of one picture. ``as_shipped`` is None for ours, which always registers."""

    scheme: str
    picture: str
    leak: str
    family: str
    holders: int
    as_shipped: Reading | None
    registered: Reading


def mark_all(name: str, folder: Path) -> list[Quality]:
    """Mark a picture for the first holders under every scheme and leave draft and copies in the folder."""
    cv2.setNumThreads(1)
    rgb = picture(name)
    draft = png(rgb)
    (folder / f"{name}.png").write_bytes(draft)
    plate = image.prepare(image.read(draft))
    ways: dict[str, Callable[[int], bytes]] = {ours.NAME: lambda copy: image.mark(plate, ours.key(copy)).data}
    for peer in PEERS:
        ways[peer.name] = lambda copy, peer=peer: png(peer.mark(rgb, codebook()[copy]))  # type: ignore[misc]
    qualities = []
    for scheme, mark in ways.items():
        for copy in range(MOST_HOLDERS):  # the last is timed: what is loaded once is no part of the price
            started = time.process_time()
            data = mark(copy)
            seconds = time.process_time() - started
            _copy_path(folder, name, scheme, copy).write_bytes(data)
        qualities.append(_quality(scheme, name, rgb, _pixels(data), seconds))
    return qualities


def leak_all(name: str, leak: Leak, folder: Path) -> list[Outcome]:
    """Leak every scheme's copies of a picture in one way, and read each leak back."""
    cv2.setNumThreads(1)
    draft, sheet, description = _draft(name, folder)
    about = (name, leak.name, leak.family, leak.holders)
    outcomes = [Outcome(ours.NAME, *about, None, _ours(_leaked(leak, folder, name, ours.NAME), draft, description))]
    placed, registering = None, math.nan
    for peer in PEERS:
        pixels = _no_larger(_pixels(_leaked(leak, folder, name, peer.name)), sheet.rgb)
        shipped = _reading(peer, peer.as_shipped(pixels, sheet.rgb))
        started = time.process_time()
        own = sheet.place(pixels, like=placed)
        if placed is None:
            placed, registering = own, time.process_time() - started
        outcomes.append(Outcome(peer.name, *about, shipped, _helped(peer, pixels, sheet, own, shipped, registering)))
    return outcomes


def _ours(leak: bytes, draft: bytes, description: bytes) -> Reading:
    started = time.process_time()
    found = ours.named(leak, draft, description)
    return Reading(found.accused, found.at_least_suspected, _NOTHING, time.process_time() - started)


def _helped(
    peer: Peer, leak: Pixels, sheet: Sheet, placed: Placed | None, shipped: Reading, registering: float
) -> Reading:
    """Read the leak laid back, if it names nobody as found and does not lie in its place already."""
    started = time.process_time()
    if shipped.accused or placed is None or (laid := sheet.lay_back(leak, placed)) is None:
        return Reading(shipped.accused, shipped.at_least_suspected, shipped.nearest, math.nan)
    laying = time.process_time() - started
    reading = _reading(peer, (peer.read(picture) for picture in [laid]))
    return Reading(
        reading.accused,
        shipped.at_least_suspected | reading.at_least_suspected,
        min(shipped.nearest, reading.nearest),
        registering + laying + reading.seconds,
    )


def _reading(peer: Peer, payloads: Iterable[Bits]) -> Reading:
    accused: frozenset[int] = frozenset()
    suspected: frozenset[int] = frozenset()
    closest = _NOTHING
    started = time.process_time()
    with suppress(RuntimeError, ValueError, IndexError, AssertionError, cv2.error):
        # "Image too small" and the like: a leak that a package will not read names nobody.
        for payload in payloads:
            accused |= named(payload, radius(ACCUSED_BOUND, tries=peer.tries))
            suspected |= named(payload, radius(SUSPECTED_BOUND, tries=peer.tries))
            closest = min(closest, nearest(payload))
    return Reading(accused, suspected, closest, time.process_time() - started)


def _leaked(leak: Leak, folder: Path, name: str, scheme: str) -> bytes:
    copies = [_pixels(_copy_path(folder, name, scheme, copy).read_bytes()) for copy in range(leak.holders)]
    seed = int.from_bytes(hashlib.sha256(leak.name.encode()).digest()[:8], "big")  # as the drill does
    return leak.make(copies[0] if leak.holders == 1 else copies, np.random.default_rng(seed))


def _no_larger(leak: Pixels, draft: Pixels) -> Pixels:
    """Shrink a leak of more pixels than the draft to as many: blind decoding of 12 megapixels would take minutes.

    It is a favour besides, for a leak that was enlarged gets its size back.
    """
    scale = math.sqrt(draft.size / leak.size)
    if scale >= 1:
        return leak
    size = round(leak.shape[1] * scale), round(leak.shape[0] * scale)
    return np.asarray(cv2.resize(leak, size, interpolation=cv2.INTER_AREA), np.uint8)


def _quality(scheme: str, name: str, draft: Pixels, copy: Pixels, seconds: float) -> Quality:
    ssim = structural_similarity(draft, copy, channel_axis=2)
    return Quality(scheme, name, float(cv2.PSNR(draft, copy)), float(ssim), seconds)


def _pixels(data: bytes) -> Pixels:
    return np.asarray(image.read(data, animated="first").rgb(), np.uint8)


def _copy_path(folder: Path, name: str, scheme: str, copy: int) -> Path:
    return folder / f"{name}, {scheme}, {copy}.png"


@cache
def _draft(name: str, folder: Path) -> tuple[bytes, Sheet, bytes]:
    draft = (folder / f"{name}.png").read_bytes()
    return draft, Sheet.of(_pixels(draft)), ours.described(draft)
