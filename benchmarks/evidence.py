"""What evidence costs: verifying a bundle against tracing its leak, and sealing it; and what verifying it elsewhere gives.

    python -m benchmarks.evidence

Writes docs/benchmarks/evidence.md. Each time is the best of three, in one process on one machine. Other processors are
this one with some of its features switched off in the libraries that compute (x86 only).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks import pages
from tidemark import limits
from tidemark.demo import drafts
from tidemark.engine.drill.leaks import LEAKS
from tidemark.records.connect import close_records, open_records
from tidemark.records.home import make_home

COPIES = 50
AVX2 = {
    "OPENCV_CPU_DISABLE": "AVX512-SKX",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL",
    "OPENBLAS_CORETYPE": "Haswell",
}
SSE3 = {
    "OPENCV_CPU_DISABLE": "AVX512-SKX,AVX2,AVX,FP16,SSE4.2,SSE4.1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL",
    "OPENBLAS_CORETYPE": "Nehalem",
}
MACHINES = {
    "this one, in another process": {},
    "this one, with one thread": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"},
    "AVX2 and no AVX-512": AVX2,
    "neither AVX nor SSE4": SSE3,
    "the same, and without Intel's IPP": {**SSE3, "OPENCV_IPP": "disabled"},
}
"""What a verifier's machine may be, by the environment that makes this one compute so."""
LEAKED = ("crop 25 % × 0.6 + jpeg 70", "screen photo, at an angle", "mean of 3", "print + scan")
ROUNDS = 3
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest of several runs, in seconds, and what the last one returned."""
    times, found = [], None
    for _ in range(ROUNDS):
        started = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - started)
    return min(times), found


def main() -> None:
    """Run the whole affair of one draft in a folder of its own, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home")
        os.environ["TIDEMARK_HOME"] = str(home.path)
        open_records(home)
        rows = list(_measured(home, Path(folder)))
        elsewhere = [(machine, *_verified_on(Path(folder), switches)) for machine, switches in MACHINES.items()]
        close_records()
    worst = max(row[-1] for row in rows)
    pages.write(
        "evidence",
        "python -m benchmarks.evidence",
        "# What evidence costs",
        f"Tracing one leak of the MS11 front bumper against {COPIES} copies and {limits.DECOYS:,} decoys is 1. Verifying "
        f"the evidence of it, with registration, scores and decoys computed anew, takes at most **{worst:.2f}** of that "
        "(3 were allowed). Sealing includes computing every figure again, the pictures, the report and one verification.",
        pages.table(
            ("leak", "trace, s", "bundle, MB", "sealing / trace", "verifying / trace"),
            ((name, f"{traced:.1f}", f"{size / 1e6:.1f}", f"{s:.2f}", f"{v:.2f}") for name, traced, size, s, v in rows),
        ),
        "## The same bundles, verified elsewhere",
        "Where the arithmetic is the bundle's own, every digit that is stated must be computed again. Elsewhere figures may "
        "differ by what `evidence/figures.py` allows; here is by how much they do. Every bundle is valid everywhere, "
        "for what accuses is what the verifier computes itself.",
        pages.table(
            ("verified on", "arithmetic", "figures that differ", "z", "decoys' highest z", "decoys' p", "correlation"),
            elsewhere,
        ),
    )


def _verified_on(folder: Path, switches: dict[str, str]) -> tuple[str, ...]:
    """Verify every bundle in a process with these switches; return how far what it computes lies from what is stated."""
    command = "from tidemark.cli import run; run()"
    figures: list[dict[str, Any]] = []
    same = set()
    for path in sorted(folder.glob("*.tidemark")):
        done = subprocess.run(
            [sys.executable, "-c", command, "verify", str(path), "--json"],
            env={**os.environ, **switches},
            capture_output=True,
            text=True,
            check=False,
        )
        said = json.loads(done.stdout)
        assert said["valid"], said
        same.add("the same" if said["arithmetic"]["same"] else "another")
        figures += [figure for step in said["steps"] for figure in step["figures"]]

    def furthest(start: str) -> str:
        return (
            f"{max(abs(each['computed'] - each['stated']) for each in figures if each['figure'].startswith(start)):.3g}"
        )

    differing = sum(each["computed"] != each["stated"] for each in figures)
    names = ("z of copy", "highest z", "Kolmogorov", "correlation")
    return (" or ".join(same), f"{differing} of {len(figures)}", *map(furthest, names))


def _pixels(path: Path) -> Any:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)


def _measured(home: Any, folder: Path) -> Any:
    from tidemark.evidence.verify import verify
    from tidemark.records.copies.issue import issue
    from tidemark.records.copies.secret import master_secret
    from tidemark.records.leaks.evidence import evidence
    from tidemark.records.leaks.journal import write_journal
    from tidemark.records.leaks.tracing import candidates, trace_leak
    from tidemark.records.parties.recipients import Recipient

    secret = master_secret(home, now=NOW)
    (folder / "copies").mkdir()
    recipients = [Recipient(f"Supplier {number}") for number in range(COPIES)]
    data = drafts.png("ms11-front-bumper")
    made = list(issue(home, data, recipients, name="front.png", out=folder / "copies", secret=secret, now=NOW))
    pictures = [_pixels(copy.path) for copy in made[:3]]
    among = candidates(home, secret=secret)
    for leak in (leak for leak in LEAKS if leak.name in LEAKED):
        found = leak.make(pictures[0] if leak.holders == 1 else pictures[: leak.holders], np.random.default_rng(1))
        traced_s, traced = best(lambda found=found: trace_leak(found, among, decoys=limits.DECOYS))
        journal = write_journal(home, found, traced, name="leak", where="", only_draft=None, now=NOW)
        seal = lambda found=found, traced=traced, journal=journal: list(  # noqa: E731
            evidence(home, found, traced, journal, secret=secret, now=NOW)
        )
        sealed_s, (bundle,) = best(seal)
        verified_s, checked = best(lambda bundle=bundle: verify(bundle.data))
        assert checked.valid, leak.name
        (folder / f"{LEAKED.index(leak.name)}.tidemark").write_bytes(bundle.data)
        print(leak.name, traced_s, sealed_s, verified_s, flush=True)
        yield leak.name, traced_s, len(bundle.data), sealed_s / traced_s, verified_s / traced_s


if __name__ == "__main__":
    main()
