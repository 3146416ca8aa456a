"""Every leak of the drill on every subject: what is traced, what is not, and how the copies look.

    python -m benchmarks.robustness [--photos DIR] [--only NAME…] [--leaks TEXT…]

Results go to docs/benchmarks/robustness.jsonl as they come, so that an interrupted run is taken up again, on another
machine too; what another engine made is run anew. The page docs/benchmarks/robustness.md is written at the end.
"""

import argparse
import hashlib
import json
import math
import multiprocessing
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from skimage.metrics import structural_similarity

from benchmarks import pages
from benchmarks.subjects import Subject, subjects
from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.drill.leaks import LEAKS
from tidemark.engine.drill.run import drill

ON_RECORD = 200
RAW = pages.PAGES / "robustness.jsonl"
SECRET = hashlib.sha256(b"the benchmark's own secret").digest()
FLAT_STD_LEVELS = 1.0
REQUIRED = ("mean", "median", "minimum", "maximum", "mosaic", "minority extreme")

Row = dict[str, Any]


def quality(subject: Subject) -> Row:
    """Measure one copy as a viewer decodes it: PSNR, SSIM of luma, and the change's rms where the draft is flat."""
    picture = image.read(subject.data)
    copy = image.read(
        image.mark(image.prepare(picture), keys.copy_key(SECRET, draft=subject.name, copy="quality")).data
    )
    draft_rgb, copy_rgb = picture.rgb().astype(np.float32), copy.rgb().astype(np.float32)
    draft, marked = picture.luma(), copy.luma()
    mean = cv2.blur(draft, (15, 15))
    flat = cv2.blur(draft * draft, (15, 15)) - mean * mean < FLAT_STD_LEVELS**2
    change = marked - draft
    return {
        "subject": subject.name,
        "kind": subject.kind,
        "size": "{} × {}".format(*subject.size),
        "psnr_db": 10 * math.log10(255**2 / float(((copy_rgb - draft_rgb) ** 2).mean())),
        "ssim": float(structural_similarity(draft, marked, data_range=255)),
        "flat_share": float(flat.mean()),
        "flat_rms": float(np.sqrt((change[flat] ** 2).mean())) if flat.mean() > 0.005 else 0.0,
    }


def run_subject(subject: Subject, wanted: list[str]) -> list[Row]:
    """Drill one subject with the named leaks."""
    cv2.setNumThreads(1)
    rows: list[Row] = []
    if "quality" in wanted:
        rows.append(quality(subject) | {"leak": "quality"})
    leaks = [leak for leak in LEAKS if leak.name in wanted]
    for result in drill(subject.data, secret=SECRET, leaks=leaks, on_record=ON_RECORD, decoys=1_000):
        rows.append(
            {
                "subject": subject.name,
                "kind": subject.kind,
                "leak": result.leak.name,
                "family": result.leak.family,
                "holders": result.leak.holders,
                "verdict": result.verdict.value,
                "z": None if math.isnan(result.z) else round(result.z, 2),
                "named": result.named,
                "wrong": result.wrong,
                "reason": result.reason,
            }
        )
    return rows


def main() -> None:
    """Run what has not been run yet, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, help="a folder of further pictures")
    parser.add_argument("--only", nargs="*", help="names of subjects")
    parser.add_argument("--leaks", nargs="*", help="parts of names of leaks")
    parser.add_argument("--fresh", action="store_true", help="forget earlier results")
    parser.add_argument("--page", action="store_true", help="only write the page, from the results so far")
    options = parser.parse_args()
    engine = pages.engine_version()
    if options.fresh:
        RAW.unlink(missing_ok=True)
    rows = [json.loads(line) for line in RAW.read_text(encoding="utf-8").splitlines()] if RAW.exists() else []
    rows = [row for row in rows if row["engine"] == engine]
    RAW.write_text("".join(_line(row) for row in rows), encoding="utf-8")
    done = {(row["subject"], row["leak"]) for row in rows}
    command = "python -m benchmarks.robustness" + (" --photos DIR" if options.photos else "")
    command += " --only " + " ".join(options.only) if options.only else ""
    if options.page:
        page(rows, command)
        return
    names = [
        "quality",
        *(leak.name for leak in LEAKS if not options.leaks or any(t in leak.name for t in options.leaks)),
    ]
    chosen = [subject for subject in subjects(options.photos) if not options.only or subject.name in options.only]
    context = multiprocessing.get_context("spawn")  # OpenCV's threads do not survive a fork
    with ProcessPoolExecutor(2, mp_context=context) as pool, RAW.open("a", encoding="utf-8") as raw:
        tasks = {}
        for subject in chosen:
            missing = [name for name in names if (subject.name, name) not in done]
            for first in range(0, len(missing), 15):  # small parts, so that little is lost when a run is interrupted
                tasks[pool.submit(run_subject, subject, missing[first : first + 15])] = subject.name
        for task in as_completed(tasks):
            for row in task.result():
                rows.append(row | {"engine": engine})
                raw.write(_line(rows[-1]))
            raw.flush()
            print(f"{len(rows)} results, {tasks[task]}", file=sys.stderr)
    page(rows, command)


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def page(rows: list[Row], command: str) -> None:
    """Write docs/benchmarks/robustness.md."""
    looks = [row for row in rows if row["leak"] == "quality"]
    leaks = [row for row in rows if row["leak"] != "quality"]
    accused = sum(row["verdict"] == "accused" for row in leaks)
    wrong = sum(row["wrong"] for row in leaks)
    summary = (
        f"**{accused} of {len(leaks)} leaks ({100 * accused / len(leaks):.2f} %) are accused** at a false-accusation bound "
        f"of at most 10⁻⁶ with {ON_RECORD} copies on record, and **{wrong} wrong names** are given, over {len(looks)} pictures."
    )
    whole = len(looks) * len(LEAKS)
    if len(leaks) < whole:
        summary += f" The run was interrupted: {len(leaks)} of {whole} leaks of these pictures were tried so far."
    missed = [row for row in leaks if row["verdict"] != "accused"]
    pages.write(
        "robustness",
        command,
        "# What is traced",
        summary,
        "## How the copies look",
        pages.table(
            ("picture", "size", "PSNR dB", "SSIM", "flat share", "rms in flat areas, levels"),
            (
                (
                    r["subject"],
                    r["size"],
                    f"{r['psnr_db']:.2f}",
                    f"{r['ssim']:.4f}",
                    f"{r['flat_share']:.2f}",
                    f"{r['flat_rms']:.2f}",
                )
                for r in looks
            ),
        ),
        "## Score of the weakest named holder, by leak",
        "A dash: not accused. For colluded leaks, `n/m` is how many of the holders are named.",
        _scores(leaks),
        "## Colluders",
        _colluders(leaks),
        "## Not accused",
        pages.table(
            ("picture", "leak", "verdict", "why"),
            ((r["subject"], r["leak"], r["verdict"], r["reason"]) for r in missed),
        )
        if missed
        else "None.",
    )


def _scores(rows: list[Row]) -> str:
    drafts = list(dict.fromkeys(row["subject"] for row in rows if row["kind"] == "draft"))
    found = {(row["subject"], row["leak"]): row for row in rows}
    others: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row["kind"] != "draft":
            others[row["leak"]].append(row["z"] if row["verdict"] == "accused" and row["z"] is not None else 0.0)

    def cell(row: Row | None) -> str:
        if row is None or row["verdict"] != "accused":
            return "–"
        return f"{row['z']:.0f}" + (f" ({row['named']}/{row['holders']})" if row["holders"] > 1 else "")

    lines = []
    for leak in dict.fromkeys(row["leak"] for row in rows):
        values = others.get(leak, [])
        share = f"{np.median(values):.0f} · {min(values):.0f}" if values else ""
        lines.append((leak, *(cell(found.get((draft, leak))) for draft in drafts), share))
    return pages.table(("leak", *(draft.removeprefix("ms11-") for draft in drafts), "photos: median · least"), lines)


def _colluders(rows: list[Row]) -> str:
    lines = []
    for leak in dict.fromkeys(row["leak"] for row in rows if row["holders"] > 1):
        ran = [row for row in rows if row["leak"] == leak]
        everyone = sum(row["named"] == row["holders"] for row in ran)
        required = "yes" if leak.rsplit(" of ", 1)[0] in REQUIRED else ""
        shares = [row["named"] / row["holders"] for row in ran]
        lines.append(
            (
                leak,
                required,
                f"{everyone}/{len(ran)}",
                f"{np.mean(shares):.0%}",
                f"{min(shares):.0%}",
                sum(r["wrong"] for r in ran),
            )
        )
    return pages.table(
        ("leak", "required", "pictures: all named", "mean share named", "least", "outsiders named"), lines
    )


if __name__ == "__main__":
    main()
