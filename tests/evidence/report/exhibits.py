"""A finding and its pictures as a report would be made of: one affair, its scores drawn from the laws they follow."""

import io
from dataclasses import replace
from functools import cache

import numpy as np
from PIL import Image
from scipy import ndimage

from tidemark.engine.accuse import log10_bound
from tidemark.engine.detect import Scores
from tidemark.evidence.finding import (
    Accused,
    Decoys,
    DraftClaim,
    Event,
    Finding,
    Leak,
    Rivals,
    Tested,
    Thresholds,
)
from tidemark.evidence.report import Pictures

HOLDERS = ("Ningbo Huaxin Trim", "Harbour Mould & Die", "澄石模具 Chengshi Tooling", "Oakhollow Textures")
OWNER = "Meridian Motors"
_LEAK_SHA256 = "3f2a9c41d07b25e86b1f0c2a9be7735ed41f7a9034bb12c75d8e6f0199aa40c2"


def a_finding(*z: float, copies: int = 200, seed: int = 1) -> Finding:
    """Return a finding that accuses as many copies as scores are given, the highest first."""
    rng = np.random.default_rng(seed)
    innocent = rng.normal(0, 1, max(0, copies - len(z))).tolist()
    accused = tuple(
        Accused(
            draft="d41f0c2a9be7735e",
            copy=f"{0x7F3A9C41D07B25E8 ^ index * 0x1F2E3D4C5B6A7:016x}",
            z=each,
            log10_bound=round(log10_bound(each, copies=copies, hypotheses=2, naming=index + 1), 2),
            round=index + 1,
            holder=HOLDERS[index % len(HOLDERS)],
            issued="2026-02-03T08:15:42Z",
            agreement="NDA-2025-117, clause 9.2" if index % 2 == 0 else "",
            responsible="Harbour Mould & Die" if index % 2 == 0 else "",
        )
        for index, each in enumerate(z)
    )
    following = max(innocent, default=0.0)
    return Finding(
        verdict="accused",
        reason="the leak carries the mark of a copy",
        leak=Leak(
            name="wx_20260311_083417.jpg",
            sha256=_LEAK_SHA256,
            size_bytes=287_411,
            found="on 11 March 2026, in a public post of an automotive forum, by Meridian Motors’ design protection",
            received="2026-03-11T09:02:00Z",
        ),
        draft=_draft(),
        accused=accused,
        tested=Tested(
            copies, 2, tuple(sorted([*innocent, *(score * 0.97 if n else score for n, score in enumerate(z))]))
        ),
        decoys=Decoys(_LEAK_SHA256, 10_000, 3.87, 0.43),
        thresholds=Thresholds(1e-6, 1e-3),
        rivals=Rivals(
            next_copy_z=round(following, 2),
            next_copy_log10_bound=round(log10_bound(following, copies=copies, hypotheses=2, naming=len(z) + 1), 2),
            master_z=-0.31,
            master_log10_bound=0.0,
            other_revisions=(),
        ),
        timeline=(
            Event(14, "draft-registered", "2026-01-29T16:40:11Z"),
            *(Event(31 + 4 * index, "copy-issued", "2026-02-03T08:15:42Z") for index in range(len(z))),
            Event(61, "copy-downloaded", "2026-02-04T01:22:09Z"),
            Event(207, "leak-received", "2026-03-11T09:02:00Z"),
            Event(208, "trace-run", "2026-03-11T09:05:37Z"),
        ),
        owner=OWNER,
        made="2026-03-12T10:00:00Z",
        versions={
            "tidemark": "0.2.0",
            "mark": "tidemark-mark 1",
            "numpy": "2.3.5",
            "opencv": "4.12.0",
            "scipy": "1.16.3",
        },
    )


def _draft() -> DraftClaim:
    return DraftClaim(
        draft="d41f0c2a9be7735e",
        sha256="b61f46ed2cc5fe2f493140353b52fcce3d8c1dab1111594931acc1cea3500782",
        file_name="MS11 front bumper.png",
        revision=2,
        project="MS11",
        correlation=0.987,
        coverage=0.624,
        mirrored=False,
    )


def with_another_revision(finding: Finding) -> Finding:
    """Return the finding with a leak that fits an earlier revision too."""
    earlier = replace(finding.draft, draft="0ab4e19a77c23f5d", revision=1, correlation=0.913, coverage=0.61)
    return replace(finding, rivals=replace(finding.rivals, other_revisions=(earlier,)))


def some_decoys() -> Scores:
    """Return as many scores of decoys as the finding speaks of, the highest as it says."""
    return np.append(np.random.default_rng(4).normal(0, 1, 9_999).clip(-3.8, 3.8), 3.87)


@cache
def some_pictures() -> Pictures:
    """Return pictures of a synthetic draft that nobody has to wait for."""
    rows, columns = np.mgrid[0:160, 0:256]
    draft = 168 + 60 * np.sin(columns / 22) * np.cos(rows / 17)
    return pictures_of(np.repeat(draft[..., None], 3, axis=2).astype(np.uint8))


def pictures_of(draft: np.ndarray) -> Pictures:
    """Return what a report shows of a leak that cut off the right part of a draft, shape (rows, columns, 3)."""
    rng = np.random.default_rng(8)
    height, width = draft.shape[:2]
    cut = round(width * 0.7)
    leak = draft.copy()
    leak[:, cut:] = 236
    difference = np.full(draft.shape, 128.0)
    difference[:, :cut] += ndimage.gaussian_filter(rng.normal(0, 90, (height, cut)), 2)[..., None]
    heat = ndimage.gaussian_filter(rng.normal(0.02, 1, (height, width)), 26)
    share = np.clip(heat / heat.max(), 0, 1)[..., None]
    share[:, cut:] = 0
    where = (255 - 0.35 * (255 - draft.mean(axis=-1, keepdims=True))) * (1 - 0.8 * share)
    where = where + np.array((225, 90, 40)) * 0.8 * share
    return Pictures(
        leak=_png(leak),
        draft=_png(draft),
        difference=_png(difference),
        where=_png(where),
        leak_as_found=_png(np.asarray(Image.fromarray(draft[:, :cut]).resize((720, round(720 * height / cut))))),
    )


def _png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()
