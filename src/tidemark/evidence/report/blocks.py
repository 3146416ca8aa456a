"""What the sections of a report are made of: blocks that go to the template as JSON; ``kind`` says how one is set."""

from typing import Any

from scipy.special import ndtri

from tidemark.evidence.finding import Finding
from tidemark.evidence.report.runs import Runs, phrase

Block = dict[str, Any]


def threshold_z(finding: Finding, *, round_: int = 1) -> float:
    """Return z from which a copy is accused in a round: where K·T·(r (r + 1) / 2)·Q(z) is the threshold."""
    tests = max(finding.tested.copies, 1) * max(finding.tested.hypotheses, 1) * round_ * (round_ + 1) / 2
    return float(-ndtri(finding.thresholds.accused / tests))


def paragraph(template: str, **values: str | Runs) -> Block:
    """Return a paragraph."""
    return {"kind": "paragraph", "runs": phrase(template, **values)}


def lead(template: str, **values: str | Runs) -> Block:
    """Return a paragraph that stays on one page with what follows it."""
    return {"kind": "lead", "runs": phrase(template, **values)}
