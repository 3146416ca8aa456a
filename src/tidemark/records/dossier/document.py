"""The dossier as one PDF: for a management board, a lawyer, or whoever takes the case over."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import resources

from django.utils import translation
from django.utils.translation import gettext as _

from tidemark.records.cases.history import OF_LEAKS
from tidemark.records.cases.models import Allegation, Case, Intent
from tidemark.records.dossier.blocks import (
    NOTHING,
    Block,
    day,
    handed_in,
    moment,
    money,
    person,
    quoted,
    rows,
    said,
    section,
    small,
    table,
)
from tidemark.records.dossier.document_dealt import allegations, sanctions, statements
from tidemark.records.dossier.document_found import leaks, sightings
from tidemark.records.dossier.document_plans import plans
from tidemark.records.dossier.facts import Facts, Put
from tidemark.records.dossier.gather import files_of
from tidemark.records.dossier.happened import happened
from tidemark.records.paper import paper
from tidemark.records.projects.models import Label
from tidemark.records.sanctions.models import Sanction

LANGUAGES = {"en": ("en", "GB"), "zh": ("zh-hans", "CN")}
"""ISO 639-1 code → the language of the texts, and the region whose typography it takes."""


def document(facts: Facts, language: str, *, picture: Callable[[str], bytes], by: str, now: datetime) -> bytes:
    """Set the dossier.

    Parameters
    ----------
    facts : Facts
    language : str
        One of :data:`LANGUAGES`.
    picture : callable
        SHA-256 of a picture on record → its bytes.
    by : str
        Who had it made.

    Returns
    -------
    bytes
        A PDF file, archival and accessible.

    Raises
    ------
    ReportFontMissing
        If there is Chinese text and no typeface for it.
    ReportFailed
        If the typesetter fails otherwise.
    """
    texts, region = LANGUAGES[language]
    with translation.override(texts):
        made = content(facts, by=by, now=now) | {"language": language, "region": region}
    template = resources.files("tidemark.records.dossier").joinpath("dossier.typ").read_bytes()
    pictures = {sha256: picture(sha256) for sha256 in dict.fromkeys(_pictures(made["sections"]))}
    return paper(template, made, what="the dossier", made=now, pictures=pictures)


def content(facts: Facts, *, by: str, now: datetime) -> Block:
    """Return all that the dossier says, in the language that is chosen at present."""
    sections = [
        _in_brief(facts),
        leaks(facts),
        sightings(facts),
        allegations(facts),
        _intents(facts),
        sanctions(facts),
        plans(facts),
        statements(facts),
        _duties(facts),
        _notes(facts),
        _timeline(facts),
        _files(facts),
        _what_it_is(facts),
    ]
    return {
        "owner": facts.owner,
        "kind": _("Dossier"),
        "number": facts.number,
        "title": facts.title.strip() or NOTHING,
        "label": str(Label(facts.label).label) if facts.label else str(Label.CONFIDENTIAL.label),
        "made_by": _("Made on %(time)s (UTC) by %(name)s.") % {"time": moment(now), "name": by},
        "footer": _("Case %(number)s · page {page} of {pages}") % {"number": facts.number},
        "sections": [each for each in sections if each["parts"]],
    }


def _in_brief(facts: Facts) -> Block:
    severities = {"low": _("low"), "medium": _("medium"), "high": _("high")}
    status = str(Case.Status(facts.status).label)
    return section(
        _("In brief"),
        rows(
            (_("Project"), facts.project),
            (_("Status"), f"{status}, {day(facts.closed)}" if facts.closed else status),
            (_("Severity"), severities.get(facts.severity, facts.severity)),
            (_("Opened"), f"{day(facts.opened)}, {person(facts.opened_by)}"),
            (_("Works on it"), person(facts.assignee)),
            (_("Next response until"), moment(facts.respond_by) if not facts.closed else ""),
            (_("Goes on in"), facts.merged_into),
            (_("Holds also"), _(", ").join(facts.merged)),
        ),
        table(
            (_("Party"), _("Allegation"), _("Sanction"), _("Still to be paid"), _("Plan")),
            ("2fr", "1.6fr", "1.6fr", "1.6fr", "1.2fr"),
            [_line(facts, put) for put in facts.allegations],
        ),
        None if facts.allegations else said(_("Nothing was put to any party.")),
    )


def _line(facts: Facts, put: Put) -> list[str]:
    """Return one party's line. Of a withdrawn allegation nothing is left, and that is said."""
    if put.state == Allegation.State.WITHDRAWN:
        return [put.party, _("withdrawn: it does not stand"), NOTHING, NOTHING, NOTHING]
    gone = Sanction.State.WITHDRAWN
    sanction = next((s for s in reversed(facts.sanctions) if s.allegation == put.id and s.state != gone), None)
    plan = next((each for each in facts.plans if each.allegation == put.id), None)
    verified = sum(each.progress == "verified" for each in plan.actions) if plan else 0
    amount = (money(sanction.amount) or _("measures only")) if sanction else ""
    state = str(Allegation.State(put.state).label)
    return [
        put.party,
        _("%(state)s, but stopped") % {"state": state} if put.stopped else state,
        f"{amount}: {Sanction.State(sanction.state).label}" if sanction else NOTHING,
        money(sanction.balance) or NOTHING if sanction else NOTHING,
        _("%(verified)d of %(all)d verified") % {"verified": verified, "all": len(plan.actions)} if plan else NOTHING,
    ]


def _intents(facts: Facts) -> Block:
    parts = [
        quoted(
            each.reason,
            lead=_("%(intent)s, in the judgement of %(name)s on %(day)s")
            % {"intent": Intent.Kind(each.kind).label, "name": person(each.by), "day": day(each.time)},
        )
        for each in facts.intents
    ]
    last = small(_("A judgement is an opinion with an author, never a fact. The last one counts.")) if parts else None
    return section(_("How it came about, as it was judged"), *parts, last)


def _duties(facts: Facts) -> Block:
    lines = [
        (
            each.title + (f" ({_('promised in a statement')})" if each.is_promise else ""),
            each.assignee.name or NOTHING,
            day(each.due) or NOTHING,
            day(each.done) or _("open"),
        )
        for each in facts.duties
    ]
    head = _("What is to be done"), _("Who"), _("Until"), _("Done")
    return section(_("Duties"), table(head, ("3fr", "1.4fr", "auto", "auto"), lines))


def _notes(facts: Facts) -> Block:
    parts = [quoted(each.text, lead=f"{moment(each.time)} · {person(each.by)}") for each in facts.notes]
    return section(_("Notes (internal)"), *parts)


def _timeline(facts: Facts) -> Block:
    lines = [
        (moment(each.time), happened(each, facts.persons), each.by.name or _nobody(each.kind), str(each.leaf_index))
        for each in facts.timeline
    ]
    head = _("Time (UTC)"), _("What happened"), _("By"), _("Ledger entry")
    return section(_("Timeline"), table(head, ("auto", "3fr", "1.4fr", "auto"), lines))


def _nobody(kind: str) -> str:
    """Say who did what no person did: to a leak the machine, in a case the clock."""
    return "–" if kind in OF_LEAKS else _("the clock")


def _files(facts: Facts) -> Block:
    return section(_("Files"), handed_in(files_of(facts)))


def _what_it_is(facts: Facts) -> Block:
    notes = _("Internal notes are part of it.") if facts.notes else _("Internal notes are not part of it.")
    return section(
        _("What this dossier is, and is not"),
        said(
            _("It says what is on record of the case at the time given on its first page. %(notes)s") % {"notes": notes}
        ),
        said(
            _(
                "It names parties and persons, and what is alleged of them: who reads it owes them confidence. Which "
                "party answers follows from agreements; who passed the material on is not claimed anywhere here."
            )
        ),
        said(
            _(
                "It proves nothing by itself. What proves is the sealed evidence (.tidemark), which anybody can verify "
                "offline, and the receipts of the ledger's entries; both lie in the export of the case as data."
            )
        ),
    )


def _pictures(sections: list[Block]) -> Iterator[str]:
    for each in sections:
        for part in each["parts"]:
            yield from (picture["name"] for picture in part.get("pictures", ()))
