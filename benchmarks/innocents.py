"""Never an innocent: a million keys that had no part in the leaks, and leaks that must accuse nobody.

python -m benchmarks.innocents [--keys 1000000]
"""

import argparse
import hashlib
from collections.abc import Iterator

import numpy as np
from scipy import stats

from benchmarks import pages
from benchmarks.subjects import Subject, jpeg, png, subjects
from tidemark.demo import drafts
from tidemark.engine import detect, keys
from tidemark.engine.carriers import image
from tidemark.engine.drill.leaks import LEAKS
from tidemark.engine.match import Candidate
from tidemark.engine.trace import trace

SECRET = hashlib.sha256(b"secret of the innocents' benchmark").digest()
ATTACKS = (
    "as sent",
    "jpeg 8",
    "320 px + jpeg 60",
    "crop 5 %",
    "local bending",
    "median 5",
    "dithered 16 greys",
    "screen photo, far",
    "print + scan",
    "mean of 20",
    "minority extreme of 20",
    "modified negative of 20",
)
LEVELS = (4.0, 4.5, 5.0)


def vectors() -> Iterator[tuple[str, detect.Vector]]:
    """Yield feature vectors of attacked and colluded leaks, and of the unmarked originals."""
    chosen = [s for s in subjects() if s.name in ("ms11-front-bumper", "ms11-drawing", "astronaut")]
    for subject in chosen:
        picture = image.read(subject.data)
        plate = image.prepare(picture)
        reference = image.reference(subject.data, image.describe(picture))
        copies = [image.read(image.mark(plate, _guilty(subject, i)).data).rgb() for i in range(20)]
        for leak in (leak for leak in LEAKS if leak.name in ATTACKS):
            mixed = copies[0] if leak.holders == 1 else copies[: leak.holders]
            seen = image.observe(reference, image.look(leak.make(mixed, np.random.default_rng(1))))
            if isinstance(seen, image.Observation):
                yield f"{subject.name}: {leak.name}", seen.vector
        unmarked = image.observe(reference, image.look(subject.data))
        if isinstance(unmarked, image.Observation):
            yield f"{subject.name}: the unmarked original", unmarked.vector


def _guilty(subject: Subject, number: int) -> bytes:
    return keys.copy_key(SECRET, draft=subject.name, copy=f"guilty-{number}")


def harmless() -> Iterator[tuple[str, bytes]]:
    """Yield leaks for which nobody on record may be accused."""
    front = image.read(drafts.png("ms11-front-bumper"))
    yield "unmarked original", drafts.png("ms11-front-bumper")
    yield "unmarked original, JPEG 60", jpeg(front.rgb(), 60)
    revision_a = png(drafts.ms11_front_bumper(revision="A"))
    plate = image.prepare(image.read(revision_a))
    yield "copy of another revision", image.mark(plate, keys.copy_key(SECRET, draft="revision A", copy="1")).data
    other = image.prepare(image.read(drafts.png("ms11-rear-bumper")))
    yield "copy of another draft", image.mark(other, keys.copy_key(SECRET, draft="rear", copy="1")).data
    stranger = image.mark(
        image.prepare(front), keys.copy_key(SECRET, draft="ms11-front-bumper", copy="never on record")
    )
    yield "copy that is not on record", stranger.data
    rng = np.random.default_rng(2)
    yield "white noise", png(rng.integers(0, 256, (900, 1600, 3), dtype=np.uint8))
    smooth = np.cumsum(np.cumsum(rng.normal(size=(900, 1600, 3)), axis=0), axis=1)
    yield "brown noise", png((255 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8))
    for subject in subjects():
        if subject.kind != "draft":
            yield f"unrelated photo ({subject.name})", subject.data


def main() -> None:
    """Run both halves and write docs/benchmarks/innocents.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=1_000_000)
    options = parser.parse_args()
    leaks = list(vectors())
    each = -(-options.keys // len(leaks))
    pooled, rows = [], []
    for number, (name, vector) in enumerate(leaks):
        innocent = list(keys.decoy_keys(f"innocents of leak {number}".encode(), each))
        z = detect.scores(vector, innocent, threads=2)
        pooled.append(z)
        rows.append(
            (
                name,
                f"{detect.effective_count(vector):.0f}",
                f"{detect.normality(z):.3f}",
                f"{z.mean():+.4f}",
                f"{z.std():.4f}",
                f"{z.max():.2f}",
            )
        )
    z = np.concatenate(pooled)
    beyond = [
        (
            f"{level}",
            int((z > level).sum()),
            f"{len(z) * stats.norm.sf(level):.1f}",
            f"{stats.binomtest(int((z > level).sum()), len(z), stats.norm.sf(level)).pvalue:.3f}",
        )
        for level in LEVELS
    ]
    pages.write(
        "innocents",
        f"python -m benchmarks.innocents --keys {options.keys}",
        "# Never an innocent",
        f"{len(z):,} keys that had no part in it were scored against {len(leaks)} leaks. Over all of them the "
        f"Kolmogorov–Smirnov p of N(0, 1) is **{detect.normality(z):.3f}**; the largest z is {z.max():.2f}.",
        pages.table(("beyond z", "found", "normal law expects", "two-sided binomial p"), beyond),
        "## Leak by leak",
        pages.table(("leak", "effective coefficients", "KS p", "mean z", "std z", "largest z"), rows),
        "## Leaks that must accuse nobody",
        "Traced against three drafts with 1,000 copies each on record.",
        pages.table(("leak", "verdict", "accused", "why"), _verdicts()),
    )


def _verdicts() -> Iterator[tuple[str, ...]]:
    candidates = []
    for name in ("ms11-front-bumper", "ms11-drawing", "ms11-full-view"):
        data = drafts.png(name)
        held = {f"copy-{i}": keys.copy_key(SECRET, draft=name, copy=f"copy-{i}") for i in range(1000)}
        candidates.append(
            Candidate(name, image.describe(image.read(data)), lambda data=data: data, lambda held=held: held)  # type: ignore[misc]
        )
    for name, leak in harmless():
        found = trace(leak, candidates, decoy_seed=b"harmless", decoys=2_000)
        yield name, found.verdict.value, str(len(found.accused)), found.reason


if __name__ == "__main__":
    main()
