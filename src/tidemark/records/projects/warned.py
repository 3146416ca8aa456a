"""What somebody should know of drafts before they are sent: what their drills say against them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tidemark.records.projects.models import Draft, DrillRun


@dataclass(frozen=True, slots=True)
class Warned:
    """A draft with what is to be said against it.

    Attributes
    ----------
    draft : Draft
    sentences : list of str
        What it is too weak for, or why nobody knows yet.
    is_weak : bool
        Whether too many of its leaks would not be traced.
    """

    draft: Draft
    sentences: list[str]
    is_weak: bool


def warned(drafts: Sequence[Draft]) -> list[Warned]:
    """Return those of the drafts of which there is something to say, in their order; weak ones first. One query."""
    runs = {run.draft_id: run for run in DrillRun.objects.filter(draft__in=drafts).defer("results")}
    found = [
        Warned(draft, sentences, is_weak=draft.pk in runs and runs[draft.pk].is_weak)
        for draft in drafts
        if (sentences := _sentences(runs.get(draft.pk)))
    ]
    return sorted(found, key=lambda each: not each.is_weak)


def _sentences(run: DrillRun | None) -> list[str]:
    if run is None:
        return [_("It was not drilled: nobody knows which leaks of it would be traced.")]
    if run.fault:
        return [*run.too_weak_for, _("Its drill failed: nobody knows which leaks of it would be traced.")]
    if run.finished is None:
        return [*run.too_weak_for, _("Its drill is not finished.")]
    return run.too_weak_for
