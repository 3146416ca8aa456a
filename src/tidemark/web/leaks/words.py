"""Verdicts, probabilities and drafts in the words of the reader's language."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tidemark import limits
from tidemark.records.projects.models import Draft

_POWERS_FROM = 9

LABELS: Mapping[str, Promise] = {
    "accused": gettext_lazy("accused"),
    "suspected": gettext_lazy("a lead"),
    "inconclusive": gettext_lazy("inconclusive"),
    "unmatched": gettext_lazy("no draft found"),
    "failed": gettext_lazy("failed"),
    "waiting": gettext_lazy("waiting"),
    "unreadable": gettext_lazy("not a picture"),
}
_COLOURS = {"accused": "is-bad", "suspected": "is-warn", "failed": "is-warn", "waiting": "is-accent"}


@dataclass(frozen=True, slots=True)
class Badge:
    """How something stands, in a word and a colour."""

    label: str
    colour: str


def badge(standing: str) -> Badge:
    return Badge(str(LABELS[standing]), _COLOURS.get(standing, ""))


def odds_text(log10_bound: float) -> str:
    """Put a bound on a probability into words that never understate it (as :func:`tidemark.odds.odds`)."""
    if log10_bound >= 0:
        return _("any probability")
    bound = max(log10_bound, limits.LEAST_LOG10_BOUND)
    if bound <= -_POWERS_FROM:
        return _("at most 1 in 10^%(power)d") % {"power": math.floor(-bound)}
    return _("at most 1 in %(many)s") % {"many": number_format(math.floor(10.0**-bound), force_grouping=True)}


def draft_text(draft: Draft) -> str:
    """Say which draft it is, and that it is not the final design, where it is not."""
    said = {"revision": draft.revision, "name": draft.file_name}
    if draft.status == Draft.Status.BIDDING:
        return _("This is revision %(revision)d of %(name)s: a bidding draft, not the final design.") % said
    if draft.status == Draft.Status.DEVELOPMENT:
        return _("This is revision %(revision)d of %(name)s: a development draft, not the final design.") % said
    return _("This is revision %(revision)d of %(name)s: the final design.") % said
