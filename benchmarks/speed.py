"""Cost, as ratios within one run on one machine, so that no figure depends on the machine's speed.

python -m benchmarks.speed [--photo FILE]
"""

import argparse
import hashlib
import io
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks import pages
from benchmarks.subjects import jpeg
from tidemark.demo import drafts
from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.match import Candidate
from tidemark.engine.trace import trace

SECRET = hashlib.sha256(b"secret of the speed benchmark").digest()
COPIES = 100
ROUNDS = 3


def main() -> None:
    """Measure marking and tracing, write docs/benchmarks/speed.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photo", type=Path, help="a 4K JPEG photograph to mark as well")
    options = parser.parse_args()
    draft = jpeg(drafts.DRAFTS["ms11-full-view"](), 92)
    rows = [marking(draft, "the bundled full view, a smooth render")]
    if options.photo:
        rows.append(marking(options.photo.read_bytes(), "a photograph"))
    rows += tracing(draft)
    header = ("what", "figure", "allowed")
    command = "python -m benchmarks.speed" + (" --photo FILE" if options.photo else "")
    pages.write("speed", command, "# What it costs", pages.table(header, rows))


def marking(draft: bytes, name: str) -> tuple[str, str, str]:
    """Compare marking 100 copies of a 4K JPEG with encoding 100 such files from arrays of their pixels."""
    picture = image.read(draft)
    plate = image.prepare(picture)
    held = [keys.copy_key(SECRET, draft="speed", copy=str(i)) for i in range(COPIES)]
    copy = image.mark(plate, held[0]).data
    with Image.open(io.BytesIO(copy)) as opened:
        tables, pixels = opened.quantization, np.asarray(opened.convert("RGB"))  # type: ignore[attr-defined]
    layout = {"qtables": tables, "subsampling": _subsampling(copy)}

    def encode() -> None:
        for _ in range(COPIES):
            Image.fromarray(pixels).save(io.BytesIO(), "JPEG", **layout)

    def mark() -> None:
        for key in held:
            image.mark(plate, key)

    ratio = _ratio(mark, encode)
    size = f"{picture.width_px} × {picture.height_px}"
    what = f"marking {COPIES} copies of a {size} JPEG ({name}) / encoding them alone"
    return what, f"{ratio:.2f} ×", "≤ 1.5 ×"


def tracing(draft: bytes) -> list[tuple[str, str, str]]:
    """Compare a trace of a 12-megapixel leak with one SIFT extraction of it; then 100,000 copies in absolute terms."""
    cv2.setNumThreads(2)
    picture = image.read(draft)
    plate, description = image.prepare(picture), image.describe(picture)
    held = {str(i): keys.copy_key(SECRET, draft="speed", copy=str(i)) for i in range(1_000)}
    marked = image.read(image.mark(plate, held["7"]).data).rgb()
    scale = (12e6 / (marked.shape[0] * marked.shape[1])) ** 0.5
    leak = jpeg(cv2.resize(marked, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), 85)  # type: ignore[arg-type]
    grey = cv2.imdecode(np.frombuffer(leak, np.uint8), cv2.IMREAD_GRAYSCALE)
    candidate = Candidate("speed", description, lambda: draft, lambda: held)

    def one_trace() -> None:
        found = trace(leak, [candidate], decoy_seed=b"speed")
        assert [a.copy for a in found.accused] == ["7"], found

    one_trace()  # lets the operating system hand out the memory before the clock runs
    ratio = _ratio(one_trace, lambda: cv2.SIFT_create().detectAndCompute(grey, None))
    seconds, peak = _apart(_among_100_000, draft, description, leak)
    return [
        (
            f"tracing a {leak_size(grey)} leak, 1 draft, 1,000 copies / one SIFT extraction of it",
            f"{ratio:.2f} ×",
            "≤ 4 ×",
        ),
        ("tracing it among 100,000 copies, two threads", f"{seconds:.0f} s", "≤ 60 s"),
        ("largest memory of that process", f"{peak:.2f} GiB", "≤ 2 GiB"),
    ]


def _apart(work: Callable[..., tuple[float, float]], *arguments: bytes) -> tuple[float, float]:
    """Run in a fresh process, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _among_100_000(draft: bytes, description: bytes, leak: bytes) -> tuple[float, float]:
    """Trace among 100,000 copies; return seconds and GiB."""
    everyone = {str(i): keys.copy_key(SECRET, draft="speed", copy=str(i)) for i in range(100_000)}
    before = time.perf_counter()
    found = trace(leak, [Candidate("speed", description, lambda: draft, lambda: everyone)], decoy_seed=b"speed")
    seconds = time.perf_counter() - before
    assert [a.copy for a in found.accused] == ["7"]
    status = Path("/proc/self/status").read_text(encoding="ascii")  # ru_maxrss would count the parent's memory too
    peak = int(status.split("VmHWM:")[1].split()[0]) / 2**20
    return seconds, peak


def leak_size(grey: np.ndarray) -> str:
    """Say a picture's size in megapixels."""
    return f"{grey.size / 1e6:.0f}-megapixel"


def _ratio(numerator: Callable[[], object], denominator: Callable[[], object]) -> float:
    """Time both in turn, several times, and return the ratio of the best times."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for i, work in enumerate((numerator, denominator)):
            start = time.perf_counter()
            work()
            best[i] = min(best[i], time.perf_counter() - start)
    return best[0] / best[1]


def _subsampling(data: bytes) -> int:
    from PIL import JpegImagePlugin

    with Image.open(io.BytesIO(data)) as opened:
        return JpegImagePlugin.get_sampling(opened)


if __name__ == "__main__":
    main()
