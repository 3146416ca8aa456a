"""What keeps a suspended engagement from being resumed by hand, and a party from a new place in a project.

Cases suspend engagements, and projects know nothing of cases. So whoever keeps a gate says so here when the records are
started (its ``AppConfig.ready``), and :mod:`tidemark.records.projects.engagements` asks. An engagement that says itself
who holds it stays held, even if nobody keeps that gate.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement, Project

Gate = Callable[[Engagement, datetime], str]
"""Says why an engagement cannot be resumed by hand; '' if this gate does not hold it."""

Bar = Callable[[Party, Project], bool]
"""Says whether a party gets no new place in a project."""

_kept: list[Gate] = []
_bars: list[Bar] = []


def keep(gate: Gate) -> None:
    """Have a gate asked before any engagement is resumed. Keeping it twice is keeping it once."""
    if gate not in _kept:
        _kept.append(gate)


def keep_bar(bar: Bar) -> None:
    """Have a bar asked before any party is engaged. Keeping it twice is keeping it once."""
    if bar not in _bars:
        _bars.append(bar)


def is_barred(party: Party, project: Project) -> bool:
    """Whether a party gets no new place in a project."""
    return any(bar(party, project) for bar in _bars)


def why_held(engagement: Engagement, *, now: datetime) -> str:
    """Return why an engagement cannot be resumed by hand, with what is still open; '' if it can."""
    for gate in _kept:
        said = gate(engagement, now)
        if said:
            return said
    return _("Access was suspended in a case. It returns through that case's gate alone.") if engagement.held_by else ""
