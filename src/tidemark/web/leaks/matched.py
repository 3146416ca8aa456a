"""The drafts that a file shows, as pages show them: laid under it, with the scores of their copies."""

from collections.abc import Mapping
from dataclasses import dataclass

from tidemark.records.leaks.models import Match, Trace
from tidemark.web.leaks.plot import Plot, plot
from tidemark.web.leaks.words import draft_text


@dataclass(frozen=True, slots=True)
class MatchView:
    """A draft that a file shows."""

    match: Match
    said: str
    newest: int
    plot: Plot | None
    is_main: bool
    """Whether a copy of it is named, or it fits best: other revisions of a draft fit nearly as well."""

    @property
    def is_outdated(self) -> bool:
        return self.newest > self.match.draft.revision


def match_views(trace: Trace | None, newest: Mapping[str, int]) -> tuple[MatchView, ...]:
    """Return the drafts that a trace registered its file to, in its order; none before it is done.

    Parameters
    ----------
    trace : Trace or None
        With all that it found, as :func:`tidemark.records.leaks.glance.traces_that_speak` reads it.
    newest : mapping of str to int
        Draft id → the newest revision on record.
    """
    if trace is None or trace.state != Trace.State.DONE:
        return ()
    return tuple(
        MatchView(
            each,
            draft_text(each.draft),
            newest.get(each.draft_id, 0),
            plot(trace, each),
            is_main=number == 0 or any(one.copy.draft_id == each.draft_id for one in trace.named.all()),
        )
        for number, each in enumerate(trace.matches.all())
    )
