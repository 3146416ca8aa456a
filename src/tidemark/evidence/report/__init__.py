"""The report of a finding: one PDF, written for a lawyer first and for an expert behind it.

A face of the evidence, never evidence itself: every figure on it comes from the
:class:`~tidemark.evidence.finding.Finding` and is checked by whoever verifies the bundle, not by whoever
reads the report.
"""

from tidemark.evidence.report.pictures import Pictures
from tidemark.evidence.report.render import LANGUAGES, report

__all__ = ["LANGUAGES", "Pictures", "report"]
