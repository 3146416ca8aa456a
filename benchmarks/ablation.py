"""What each decision behind the mark and its residual is worth: scores of the true copy with one of them changed.

    python -m benchmarks.ablation

Constants are replaced for the length of one variant; this is a laboratory, and the only place that does so.
"""

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from benchmarks import pages
from benchmarks.subjects import subjects
from tidemark.engine.carriers.image import feature, grid, marking, mask, observe, writing
from tidemark.engine.drill.leaks import LEAKS
from tidemark.engine.drill.run import Drilled, drill

SECRET = hashlib.sha256(b"secret of the ablation").digest()
SUBJECTS = ("ms11-front-bumper", "ms11-drawing", "retina")
LEAKED = (
    "as sent",
    "jpeg 30",
    "jpeg 8",
    "480 px + jpeg 50",
    "320 px + jpeg 60",
    "crop 5 %",
    "mean of 10",
    "minority extreme of 20",
)
VARIANTS: dict[str, dict[Any, dict[str, Any]]] = {
    "as decided": {},
    "band 6-180, slope 0.25 from 60 (ADR 2)": {grid: {"BAND_HIGH": 180.0, "SLOPE_KNEE": 60.0, "SLOPE": 0.25}},
    "band 6-240, slope 0.5 from 60 (ADR 2)": {grid: {"SLOPE_KNEE": 60.0, "SLOPE": 0.5}},
    "band 6-240, slope 1.2 from 40 (ADR 2)": {grid: {"SLOPE_KNEE": 40.0}},
    "paint as strong as the rest (ADR 7)": {marking: {"SMOOTH_RMS_CEILING": 1.12}},
    "paint at 0.6 levels (ADR 7)": {marking: {"SMOOTH_RMS_CEILING": 0.6}},
    "no dither (ADR 7)": {writing: {"_DITHER": 0 * writing._DITHER}},
    "dither of 0.375 levels (ADR 7)": {writing: {"_DITHER": writing._DITHER * 0.375 / writing.DITHER_LEVELS}},
    "mask 0.6 + 0.08 a level (ADR 7)": {mask: {"FLAT": 0.6, "PER_LEVEL": 0.08}},
    "JPEG not repeated on the draft (ADR 3)": {observe: {"luma_steps": lambda _data: None}},
    "quiet areas trusted (ADR 3)": {feature: {"_variance_floor": lambda v, _steps: feature_floor(v)}},
    "head-room 0": {marking: {"HEAD_ROOM": 0.0}},
    "head-room 1": {marking: {"HEAD_ROOM": 1.0}},
}


def feature_floor(variance: Any) -> float:
    """The floor that was used before the coarseness of JPEG counted."""
    import numpy as np

    return 0.1 * float(np.median(variance)) + 0.01


@contextmanager
def changed(changes: dict[Any, dict[str, Any]]) -> Iterator[None]:
    """Replace constants of modules, and forget what was computed with the old ones."""
    patches = [mock.patch.multiple(module, **names) for module, names in changes.items()]
    grid.band.cache_clear()
    if grid in changes and "BAND_HIGH" in changes[grid]:
        patches += [mock.patch.object(module, "BAND_HIGH", changes[grid]["BAND_HIGH"]) for module in (marking, feature)]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()
        grid.band.cache_clear()


def main() -> None:
    """Run every variant and write docs/benchmarks/ablation.md."""
    chosen = [subject for subject in subjects() if subject.name in SUBJECTS]
    leaks = [leak for leak in LEAKS if leak.name in LEAKED]
    rows = []
    for name, changes in VARIANTS.items():
        with changed(changes):
            scores = {
                subject.name: [_cell(r) for r in drill(subject.data, secret=SECRET, leaks=leaks, decoys=100)]
                for subject in chosen
            }
        cells = (" / ".join(scores[subject.name][i] for subject in chosen) for i in range(len(leaks)))
        rows.append((name, *cells))
        print(rows[-1], flush=True)
    pages.write(
        "ablation",
        "python -m benchmarks.ablation",
        "# What each decision is worth",
        "Score z of the true copy, or of the weakest of the colluders named and how many were, on the MS11 front bumper / "
        "the MS11 drawing / a photograph.",
        pages.table(("variant", *(leak.name for leak in leaks)), rows),
    )


def _cell(result: Drilled) -> str:
    score = "–" if math.isnan(result.z) else f"{result.z:.1f}"
    return score + (f" ({result.named})" if result.leak.holders > 1 else "")


if __name__ == "__main__":
    main()
