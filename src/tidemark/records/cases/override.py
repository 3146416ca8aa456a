"""Whether an allegation is put by override, to what an override's approval binds, and who has approved it.

An allegation that rests on accused copies alone, and against which nothing speaks, is put at once. Any other is put
only by override: in writing, approved by two persons with the very words that are put.

What is on record is loaded for many allegations in one go, and decided from that for each: one is many of one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import time_text
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.accusable import speaking_in
from tidemark.records.cases.approvals import Approvals
from tidemark.records.cases.as_put import told_as_put
from tidemark.records.cases.caveats import Caveats, caveats_of_each
from tidemark.records.cases.counting import Counted
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.named import named_of
from tidemark.records.leaks.models import NamedCopy

OVERRIDE_ROLES = (Role.LEGAL, Role.OFFICER)
"""Who approves that something is put though no copy is accused, or the duties had ended: one person each."""


@dataclass(frozen=True, slots=True)
class Footing:
    """What an allegation stands on, as it is on record.

    Attributes
    ----------
    allegation : Allegation
    named : sequence of NamedCopy
        The copies that it speaks of.
    caveats : Caveats
        What speaks against it, by what is known of its leaks now.
    told : mapping of str to JSON
        What was told when it was put; empty before.
    traces : mapping of str to JSON or None
        The traces that its override is approved of, id → verdict: those that speak in its case, once it is put those
        that spoke then. None if it gives no reason for an override, or none were kept.
    """

    allegation: Allegation
    named: Sequence[NamedCopy]
    caveats: Caveats
    told: Mapping[str, JSON]
    traces: JSON

    @property
    def rests_on_accused(self) -> bool:
        """Whether it rests on accused copies alone."""
        return bool(self.named) and all(each.is_accused for each in self.named)

    @property
    def needs_override(self) -> bool:
        """Whether it rests on no accused copy, or on any that is not, or something speaks against it all the same."""
        return not self.rests_on_accused or bool(self.caveats)

    @property
    def by_override(self) -> bool:
        """Whether it is put by override. What was put without a reason was not, whatever became known since: that keeps
        it from becoming final (:mod:`.conclude`).
        """
        return self.needs_override and (self.allegation.put is None or bool(self.allegation.override_reason))

    @property
    def spoken_against(self) -> JSON:
        """The facts of its caveats; once it is put those that were told then, None if none were kept."""
        return self.caveats.facts() if self.allegation.put is None else self.told.get("caveats")

    @property
    def content(self) -> dict[str, JSON]:
        """What is put, and its override's approval binds to: to whom, about which copies, in which words, why.

        An override is approved of what the case's traces say, and of all that speaks against it: once a file is traced
        again, or another caveat is known, its approvals are void.
        """
        row, spoken_against = self.allegation, self.spoken_against
        return {
            **({"traces": self.traces} if self.traces is not None else {}),
            **({"caveats": spoken_against} if spoken_against else {}),
            "allegation": row.pk,
            "party": row.party_id,
            "copies": sorted(each.copy_id for each in self.named),
            "agreement": row.agreement_id or "",
            "clause": row.clause,
            "summary": row.summary,
            "answer_by": time_text(row.answer_by),
            "reason": row.override_reason,
        }

    def approved_in(self, given: Approvals) -> Counted:
        """Return which approvals of its override count; once it is put, what becomes of their givers takes nothing
        from them.
        """
        is_over = self.allegation.put is not None
        return given.of(subject_of(self.allegation), self.content, OVERRIDE_ROLES, is_over=is_over)


def footings_of(allegations: Iterable[Allegation]) -> dict[str, Footing]:
    """Return what allegations stand on, by their ids. The number of queries does not grow with them."""
    rows = list(allegations)
    prefetch_related_objects(rows, "agreement")
    named, told = named_of(rows), told_as_put(row for row in rows if row.put is not None)
    caveats = caveats_of_each(rows, named)
    asked = {row.case_id for row in rows if row.override_reason and row.put is None}
    spoken = speaking_in(asked) if asked else {}

    def traces(row: Allegation) -> JSON:
        if not row.override_reason:
            return None
        if row.put is None:
            return {trace.pk: trace.verdict for trace in spoken[row.case_id]}
        return told.get(row.pk, {}).get("traces")

    return {row.pk: Footing(row, named[row.pk], caveats[row.pk], told.get(row.pk, {}), traces(row)) for row in rows}


def footing_of(allegation: Allegation) -> Footing:
    """Return the same of one."""
    return footings_of([allegation])[allegation.pk]


def needs_override(allegation: Allegation) -> bool:
    """Whether an allegation is put only by override: see :class:`Footing`."""
    return footing_of(allegation).needs_override


def content_of(allegation: Allegation) -> dict[str, JSON]:
    """Return what is put: see :class:`Footing`."""
    return footing_of(allegation).content


def approvals_of_override(allegation: Allegation) -> Counted:
    """Return which approvals of its override count: see :class:`Footing`."""
    return footing_of(allegation).approved_in(overrides_given([allegation]))


def overrides_given(allegations: Collection[Allegation]) -> Approvals:
    """Return the approvals of overrides that are on record. Two queries, however many allegations there are."""
    return Approvals([subject_of(each) for each in allegations])


def subject_of(allegation: Allegation) -> str:
    """Return under what the approvals of its override are kept."""
    return f"override:{allegation.pk}"
