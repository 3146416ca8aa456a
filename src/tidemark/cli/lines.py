"""The JSON lines of ``tidemark trace``."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidemark import limits
from tidemark.engine.accuse import Accusation
from tidemark.records.leaks.tracing import TracedLeak


def traced_json(leak: str, found: TracedLeak, *, evidence: Sequence[Path], seconds: float) -> dict[str, Any]:
    """Return the object of one leak's line."""
    trace = found.trace
    decoys = trace.decoys
    return {
        "leak": leak,
        "verdict": str(trace.verdict),
        "draft": trace.draft,
        "reason": trace.reason,
        "accused": [_named(accusation, found) for accusation in trace.accused],
        "suspected": [_named(accusation, found) for accusation in trace.suspected],
        "tested": {"copies": trace.copies_tested, "hypotheses": trace.hypotheses},
        "decoys": decoys
        and {
            "count": decoys.count,
            "seed": found.decoy_seed.hex(),
            "max_z": decoys.max_z,
            "ks_p": decoys.ks_p,
        },
        "evidence": [str(path) for path in evidence],
        "seconds": round(seconds, 3),
    }


def _named(accusation: Accusation, found: TracedLeak) -> dict[str, Any]:
    return {
        "recipient": found.holders.get(accusation.copy),
        "copy": accusation.copy,
        "z": round(accusation.z, 3),
        "false_accusation_bound": accusation.false_accusation_bound,
        "log10_false_accusation_bound": _rounded_up(max(accusation.log10_bound, limits.LEAST_LOG10_BOUND)),
        "round": accusation.round,
    }


def _rounded_up(log10_bound: float) -> float:
    """Return a bound's logarithm with two decimals, so that what is stated is never smaller than what is true."""
    return math.ceil(log10_bound * 100) / 100
