"""What was put to parties and what came of it, as the dossier's pages say it."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tidemark.records.cases.models import Allegation, Reply
from tidemark.records.dossier.blocks import (
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
    under,
)
from tidemark.records.dossier.document_plans import reports
from tidemark.records.dossier.facts import Facts, Imposed, Paid, Put, Sanctioned, Stated
from tidemark.records.sanctions.models import Decision, Measure, MeasureReport, Sanction
from tidemark.records.statements.models import Statement

_MEASURE: Mapping[str, str | Promise] = {each.value: each.label for each in MeasureReport.Verdict}


def allegations(facts: Facts) -> Block:
    """Return the section of what was put to parties, and what they answered."""
    return section(_("Allegations and replies"), *(part for put in facts.allegations for part in _put(put)))


def sanctions(facts: Facts) -> Block:
    """Return the section of the sanctions."""
    return section(_("Sanctions"), *(part for each in facts.sanctions for part in _sanctioned(each)))


def statements(facts: Facts) -> Block:
    """Return the section of what was said in public."""
    return section(_("Statements"), *(part for each in facts.statements for part in _stated(each)))


def _put(put: Put) -> Iterator[Block | None]:
    yield under(put.party)
    if put.withdrawn and not put.put:
        yield said(_("This was never put to %(party)s, and is given up.") % {"party": put.party}, strong=True)
    elif put.withdrawn:
        words = _(
            "This allegation was withdrawn on %(day)s. It does not stand, and nothing of it is held against %(party)s."
        )
        yield said(words % {"day": day(put.withdrawn), "party": put.party}, strong=True)
        yield quoted(put.apology, lead=_("The apology"))
    if put.stopped:
        yield said(_("This allegation is stopped: nothing goes on from it."), strong=True)
        yield said(put.stopped[(get_language() or "en").partition("-")[0]])
    yield rows(
        (_("State"), str(Allegation.State(put.state).label)),
        (_("Copies"), _(", ").join(put.copies)),
        (_("Agreement"), put.agreement or _("none on record")),
        (_("Prepared"), f"{moment(put.created)}, {person(put.by)}"),
        (_("Put (UTC)"), moment(put.put)),
        (_("To be answered until"), moment(put.answer_by)),
        (_("Final (UTC)"), moment(put.final)),
        (_("Evidence asked for"), day(put.evidence_asked)),
        (_("Evidence granted"), day(put.evidence_granted) or (_("not granted") if put.evidence_asked else "")),
    )
    was_put = put.put is not None
    by_two = _("Put by override: two persons approved it, because")
    yield quoted(put.override_reason, lead=by_two if was_put else _("To be put by override, because"))
    yield quoted(put.clause, lead=_("The clause"))
    yield quoted(put.summary, lead=_("What was put") if was_put else _("What is prepared"))
    for answer in put.answers:
        word = str(Reply.Answer(answer.answer).label)
        named = f"{word}: {answer.names}" if answer.names else word
        yield quoted(answer.text, lead=f"{moment(answer.time)} · {person(answer.by)} · {named}")
        yield handed_in(answer.files)
    for held in put.holds:
        until = _("until %(time)s") % {"time": moment(held.ended)} if held.ended else _("until the gate opens")
        facts = {"place": held.place, "time": moment(held.begun), "until": until, "name": person(held.by)}
        yield quoted(held.why, lead=_("Access suspended in %(place)s, from %(time)s %(until)s, by %(name)s") % facts)
    for override in put.overrides:
        used = _("access returned %(time)s") % {"time": moment(override.used)} if override.used else _("not used")
        facts = {"time": moment(override.proposed), "name": person(override.by), "used": used}
        yield quoted(override.reason, lead=_("Override of the gate, proposed %(time)s by %(name)s; %(used)s") % facts)


def _sanctioned(row: Sanctioned) -> Iterator[Block | None]:
    yield under(f"{row.number} · {row.party}")
    if row.state == Sanction.State.WITHDRAWN:
        yield said(_("This sanction is void: the party owes nothing under it."), strong=True)
    rate = ""
    if row.converted is not None and row.amount is not None:
        rate = _("%(converted)s at %(rate)s, %(day)s, %(source)s") % {
            "converted": money(row.converted),
            "rate": row.rate,
            "day": day(row.rate_on),
            "source": row.rate_source,
        }
    yield rows(
        (_("State"), str(Sanction.State(row.state).label)),
        (_("Damages by the agreement"), money(row.agreed)),
        (_("Amount"), money(row.amount) or _("none: measures only")),
        (_("As it was imposed"), money(row.imposed_amount) if row.imposed_amount != row.amount else ""),
        (_("Converted"), rate),
        (_("Why it deviates"), row.deviation_reason),
        (_("Calculation"), row.calculation),
        (_("Imposed (UTC)"), moment(row.imposed)),
        (_("To be paid until"), day(row.due_on)),
        (_("Appeal until"), moment(row.appeal_until) if row.imposed else ""),
        (_("Still to be paid"), money(row.balance)),
        (_("To be paid back"), money(row.pay_back)),
    )
    yield quoted(row.words, lead=_("Further words to the party"))
    lines = [(day(each.paid_on), money(each.amount), _what_was_paid(each), each.reference) for each in row.payments]
    yield table((_("Day"), _("Amount"), "", _("Reference")), ("auto", "auto", "auto", "1fr"), lines)
    yield from map(_why_taken_back, row.payments)
    for term in row.terms:
        yield quoted(term.text, lead=_("Agreed: to be paid until %(day)s") % {"day": day(term.until)})
    yield quoted(row.appeal, lead=_("The appeal of %(day)s") % {"day": day(row.appealed)})
    for each in row.decisions:
        outcome = str(Decision.Outcome(each.outcome).label)
        left = f" · {money(each.amount)}" if each.amount is not None else ""
        when = day(each.taken) or _("not taken yet")
        yield quoted(each.reason, lead=_("Decision: %(outcome)s, %(when)s") % {"outcome": outcome + left, "when": when})
    for measure in row.measures:
        yield from _measure(measure)
    yield handed_in(row.files)


def _what_was_paid(row: Paid) -> str:
    words = _("paid back") if row.is_repayment else _("paid")
    return words if row.taken_back is None else _("%(paid)s; taken back") % {"paid": words}


def _why_taken_back(row: Paid) -> Block | None:
    if row.taken_back is None or row.taken_back_by is None:
        return None
    facts = {"amount": money(row.amount), "day": day(row.paid_on), "time": moment(row.taken_back)}
    facts["name"] = person(row.taken_back_by)
    lead = _("%(amount)s of %(day)s, taken back on %(time)s by %(name)s and in no sum, because")
    return quoted(row.taken_back_why, lead=lead % facts)


def _measure(row: Imposed) -> Iterator[Block | None]:
    facts = {
        "kind": f"{Measure.Kind(row.kind).label} ({row.project})" if row.project else Measure.Kind(row.kind).label,
        "state": Measure.State(row.state).label,
        "until": _(", until %(day)s") % {"day": day(row.due)} if row.due else "",
    }
    yield quoted(row.text, lead=_("Measure: %(kind)s, %(state)s%(until)s") % facts)
    yield from reports(row.reports, _MEASURE)


def _stated(row: Stated) -> Iterator[Block | None]:
    facts = {"kind": Statement.Kind(row.kind).label, "day": day(row.issued), "channel": row.channel}
    yield under(capfirst(_("%(kind)s, issued on %(day)s: %(channel)s") % facts))
    if row.state != Statement.State.ISSUED:
        yield small(str(Statement.State(row.state).label))
    for language, text in row.texts.items():
        yield quoted(text, lead=row.titles.get(language, ""))
    yield handed_in(row.files)
