"""Measures once they are imposed: access is suspended, the party reports, the owner accepts or returns.

What is asked of the party's own persons is its own affair: the text and a day, and what it reports. Nobody here claims
who passed anything on.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NOTE_CHARS, MAX_REPLIES, MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.projects.engagements import lock_places, turn
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.files import keep_files, refuse_files, refuse_other_than_sanctioned
from tidemark.records.sanctions.models import OWED, Measure, MeasureFile, MeasureReport, Sanction
from tidemark.records.sanctions.settle import locked_case, settle_if_over
from tidemark.records.visible import readable


def begin(sanction: Sanction, *, now: datetime) -> None:
    """Put a sanction's measures into force. The caller imposes it, is exclusive, and signs the ledger.

    What another allegation's gate holds already stays with that; it is left to this one when that lets go.
    """
    lock_places(sanction.party)
    for measure in sanction.measures.all():
        measure.state = Measure.State.OPEN
        measure.save(update_fields=["state"])
        if measure.kind == Measure.Kind.SUSPENSION:
            for engagement in _engagements(measure):
                turn(engagement, Engagement.State.SUSPENDED, why=measure.text, gate=gate_of(sanction), now=now)


def gate_of(sanction: Sanction) -> str:
    """Return the gate that holds what a sanction suspends: its allegation's."""
    return f"allegation:{sanction.allegation_id}"


def end(measure: Measure, state: Measure.State, *, now: datetime) -> None:
    """End a measure. Access that it suspended is the gate's, which alone gives it back."""
    measure.state, measure.done = state, now
    measure.save(update_fields=["state", "done"])


def void(sanction: Sanction, *, now: datetime) -> None:
    """End all measures of a sanction that fell."""
    _void(sanction.measures.all(), now=now)


def void_owed(sanction: Sanction, *, now: datetime) -> None:
    """End what the party had to do by a sanction that is waived. What that suspends returns through its own gate."""
    _void(sanction.measures.exclude(kind=Measure.Kind.SUSPENSION), now=now)


def report(
    home: Home, measure: Measure, *, text: str, by: Person, now: datetime, files: Sequence[Document] = ()
) -> MeasureReport:
    """Report, for the party, that a measure is done, with its proofs. An obligation needs one at least.

    Raises
    ------
    Refused
        If the person is no contact of the party, it is not the party's turn, or something is missing.
    """
    refuse_other_than_sanctioned(measure.sanction, by)
    words = _words(text, _("Say what was done, in at most %(most)d characters."), most=MAX_NOTE_CHARS)
    if measure.kind == Measure.Kind.SUSPENSION:
        raise Refused(_("A suspension is ended by the owner; there is nothing to report."))
    if measure.kind == Measure.Kind.OBLIGATION and not files:
        raise Refused(_("Add a proof: a file that shows that it was done."))
    refuse_files(files)
    with writing(home):
        case = locked_case(measure.sanction)
        measure.leave(*OWED)
        if measure.reports.count() >= MAX_REPLIES:
            raise Refused(_("Your company has reported often enough here. Write to the owner."))
        made = MeasureReport.objects.create(measure=measure, person=by, text=words, time=now)
        hashes = keep_files(home, MeasureFile, {"report": made}, files)
        measure.state = Measure.State.REPORTED
        measure.save(update_fields=["state"])
        said = {**_said(measure), "text_sha256": hash_of(words), "files": hashes}
        tell(home, case, Kind.MEASURE_REPORTED, by=by, now=now, detail=said)
    return made


def judge(
    home: Home, measure: Measure, *, accepts: bool, reason: str, by: Person, now: datetime, read: int | None = None
) -> None:
    """Accept what the party reported, or return it with the reason, which the party reads.

    Parameters
    ----------
    read : int or None
        Id of the report that was read, if it is known: what was reported in between is not judged unread.

    Raises
    ------
    Refused
        If the person may not, nothing is reported, another report was read, or it is returned without a reason.
    """
    refuse_unless(by, Act.ALLEGE)
    words = readable(reason)
    if len(words) > MAX_TEXT_CHARS or not (words or accepts):
        raise Refused(_("Say what is missing, in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    foreign = foreign_names(words, measure.sanction.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    with writing(home):
        case = locked_case(measure.sanction)
        measure.leave(Measure.State.REPORTED)
        row = measure.reports.filter(verdict="").order_by("pk").last()
        assert row is not None
        if read is not None and read != row.pk:
            raise Refused(
                _("Another report waits: it was reported anew in between, or you name a wrong one. Read it first.")
            )
        verdicts = MeasureReport.Verdict
        row.verdict, row.verdict_reason = (verdicts.ACCEPTED if accepts else verdicts.RETURNED), words
        row.judged, row.judged_by = now, by
        row.save(update_fields=["verdict", "verdict_reason", "judged", "judged_by"])
        if accepts:
            end(measure, Measure.State.DONE, now=now)
        else:
            measure.state = Measure.State.RETURNED
            measure.save(update_fields=["state"])
        said = {**_said(measure), "verdict": str(row.verdict), "reason_sha256": hash_of(words)}
        tell(home, case, Kind.MEASURE_JUDGED, by=by, now=now, detail=said)
        settle_if_over(home, measure.sanction, case, by=by, now=now)


def _void(measures: QuerySet[Measure], *, now: datetime) -> None:
    for measure in measures.exclude(state__in=(Measure.State.DONE, Measure.State.ENDED)):
        end(measure, Measure.State.VOID, now=now)


def _engagements(measure: Measure) -> list[Engagement]:
    found = Engagement.objects.filter(party=measure.sanction.party).select_related("project", "party")
    return list(found.filter(project=measure.project_id) if measure.project_id else found)


def _said(measure: Measure) -> dict[str, JSON]:
    sanction = measure.sanction
    return {
        "sanction": sanction.pk,
        "measure": measure.pk,
        "measure_kind": str(measure.kind),
        "party": sanction.party.name,
    }


def _words(text: str, otherwise: str, *, most: int) -> str:
    words = readable(text)
    if not words or len(words) > most:
        raise Refused(otherwise % {"most": most})
    return words
