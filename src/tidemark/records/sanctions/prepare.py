"""Prepare a sanction from a final allegation, change it, and give it up before it is imposed."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked_unclosed
from tidemark.records.cases.stopped import refuse_stopped
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.projects.models import Project
from tidemark.records.reasons import reason_of
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.sanctions.terms import (
    APPEAL_WITHIN,
    PAY_WITHIN,
    Terms,
    apply,
    clause_of,
    content_of,
    faults,
    kept_clause,
)
from tidemark.records.sentences import joined
from tidemark.records.visible import readable

LEAST_TO_DO = timedelta(days=1)
"""What a party is given at least to carry out a measure: some, such as deleting copies, cannot wait for a week."""

MOST_MEASURES = 30
"""Measures of one sanction: more than that is a rectification plan, which has its own place."""


def prepare(home: Home, allegation: Allegation, *, by: Person, now: datetime) -> Sanction:
    """Prepare what a final allegation leads to, with the amount that the agreement names.

    Raises
    ------
    Refused
        If the person may not, the allegation is not final or nothing goes on from it (:mod:`.cases.stopped`), or there
        is a sanction of it already.
    """
    refuse_unless(by, Act.ALLEGE)
    with writing(home):
        case = locked_unclosed(allegation.case)
        allegation.leave(Allegation.State.FINAL)
        refuse_stopped(allegation)
        if allegation.sanctions.exclude(state=Sanction.State.WITHDRAWN).exists():
            raise Refused(_("There is a sanction of this allegation already. Go on with that one."))
        clause = clause_of(allegation.agreement)
        day = datetime.combine(now.astimezone(UTC).date(), time(23, 59, 59), UTC)
        made = Sanction(
            number=_next_number(now),
            allegation=allegation,
            damages_formula=clause.formula,
            due_on=(day + PAY_WITHIN).date() if clause.damages is not None else None,
            appeal_until=day + APPEAL_WITHIN,
            created=now,
            created_by=by,
        )
        made.damages, made.damages_cap, made.amount = clause.damages, clause.cap, clause.damages
        made.save(force_insert=True)
        _tell(home, case, made, {"prepared": True}, by=by, now=now)
    return made


def edit(home: Home, sanction: Sanction, terms: Terms, *, by: Person, now: datetime) -> None:
    """Change what is not imposed yet. A change of one letter voids every approval.

    Raises
    ------
    Refused
        If the person may not, it is imposed already, or something is wrong with the terms.
    """

    def change() -> None:
        found = faults(
            terms,
            kept_clause(sanction),
            sanction.party,
            has_agreement=sanction.allegation.agreement_id is not None,
            today=now.astimezone(UTC).date(),
        )
        if found:
            raise Refused(joined(found))
        apply(terms, sanction)
        sanction.save()

    _change(home, sanction, change, {}, by=by, now=now)


def add_measure(
    home: Home,
    sanction: Sanction,
    kind: str,
    *,
    text: str,
    by: Person,
    now: datetime,
    due: datetime | None = None,
    project: Project | None = None,
) -> Measure:
    """Add a measure to a sanction that is not imposed yet.

    Parameters
    ----------
    kind : str
        One of :class:`Measure.Kind`.
    text : str
        What is to be done, or why access is suspended; the party reads it.
    due : datetime or None
        Until when; a suspension has no end of its own.
    project : Project or None
        In which access is suspended; None for all of the party's projects.
    """
    words = readable(text)
    if kind not in Measure.Kind.values:
        raise Refused(_("Choose what kind of measure it is."))
    if not words or len(words) > MAX_TEXT_CHARS:
        raise Refused(_("Say what is to be done, in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS})
    is_suspension = kind == Measure.Kind.SUSPENSION
    if not is_suspension and (due is None or due < now + LEAST_TO_DO):
        raise Refused(_("Say until when, at least a day from now."))
    foreign = foreign_names(words, sanction.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    if is_suspension and not _engaged(sanction, project):
        raise Refused(_("The party is not engaged there: there is no access to suspend."))
    made: list[Measure] = []

    def change() -> None:
        known = sanction.measures.all()
        if len(known) >= MOST_MEASURES:
            raise Refused(_("A sanction has at most %(most)d measures.") % {"most": MOST_MEASURES})
        if is_suspension and any(each.kind == kind and each.project_id in (None, _pk(project)) for each in known):
            raise Refused(_("Its access there is suspended by this sanction already."))
        row = Measure(sanction=sanction, kind=kind, text=words, created=now)
        row.due, row.project = (None, project) if is_suspension else (due, None)
        row.save(force_insert=True)
        made.append(row)

    _change(home, sanction, change, {"measure": str(kind)}, by=by, now=now)
    return made[0]


def remove_measure(home: Home, measure: Measure, *, by: Person, now: datetime) -> None:
    """Take a measure out of a sanction that is not imposed yet."""

    def change() -> None:
        Measure.objects.filter(pk=measure.pk).delete()

    _change(home, measure.sanction, change, {"measure_removed": measure.pk}, by=by, now=now)


def give_up(home: Home, sanction: Sanction, *, reason: str, by: Person, now: datetime) -> None:
    """Give up a sanction that was not imposed. The party never learns of it; another can be prepared."""
    words = reason_of(reason, most=MAX_TEXT_CHARS)

    def change() -> None:
        sanction.state, sanction.withdrawn, sanction.withdrawn_reason = Sanction.State.WITHDRAWN, now, words
        sanction.save(update_fields=["state", "withdrawn", "withdrawn_reason"])
        sanction.measures.update(state=Measure.State.VOID)

    _change(home, sanction, change, {"given_up": True, "reason_sha256": hash_of(words)}, by=by, now=now)


def _change(
    home: Home,
    sanction: Sanction,
    change: Callable[[], None],
    said: dict[str, JSON],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Do something to a sanction that is prepared, and tell of it."""
    refuse_unless(by, Act.ALLEGE)
    with writing(home):
        case = locked_unclosed(sanction.case)
        sanction.leave(Sanction.State.PREPARED)
        change()
        fresh = Sanction.objects.select_related("allegation").get(pk=sanction.pk)
        _tell(home, case, sanction, {"content_sha256": content_sha256(content_of(fresh)), **said}, by=by, now=now)


def _tell(home: Home, case: Case, sanction: Sanction, said: dict[str, JSON], *, by: Person, now: datetime) -> None:
    detail: dict[str, JSON] = {"sanction": sanction.pk, "party": sanction.party.name, **said}
    tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=detail)


def _engaged(sanction: Sanction, project: Project | None) -> bool:
    found = sanction.party.engagements.all()
    return (found.filter(project=project) if project else found).exists()


def _pk(project: Project | None) -> int | None:
    return project.pk if project else None


def _next_number(now: datetime) -> str:
    """Return the next number of the year, UTC. The caller holds the lock."""
    start = f"S-{now.astimezone(UTC).year}-"
    return f"{start}{Sanction.objects.filter(number__startswith=start).count() + 1:03d}"
