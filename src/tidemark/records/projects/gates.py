"""What keeps a suspended engagement from being resumed by hand.

Cases suspend engagements, and projects know nothing of cases. So whoever keeps a gate says so here when the records are
started (its ``AppConfig.ready``), and :func:`tidemark.records.projects.engagements.resume` asks. An engagement that
says itself who holds it stays held, even if nobody keeps that gate.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.records.projects.models import Engagement

Gate = Callable[[Engagement, datetime], str]
"""Says why an engagement cannot be resumed by hand; '' if this gate does not hold it."""

_kept: list[Gate] = []


def keep(gate: Gate) -> None:
    """Have a gate asked before any engagement is resumed. Keeping it twice is keeping it once."""
    if gate not in _kept:
        _kept.append(gate)


def why_held(engagement: Engagement, *, now: datetime) -> str:
    """Return why an engagement cannot be resumed by hand, with what is still open; '' if it can."""
    for gate in _kept:
        said = gate(engagement, now)
        if said:
            return said
    return _("Access was suspended in a case. It returns through that case's gate alone.") if engagement.held_by else ""
