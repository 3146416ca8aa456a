"""What a party puts right, as the dossier's pages say it; and what it reports as done, of a plan or of a measure."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tidemark.records.dossier.blocks import (
    NOTHING,
    Block,
    day,
    handed_in,
    moment,
    person,
    quoted,
    rows,
    said,
    section,
    table,
    under,
)
from tidemark.records.dossier.facts import Facts, Judged, Planned, Rectified, Reported
from tidemark.records.plans.controls import CATALOGUE
from tidemark.records.plans.models import Action, DoneReport, FlowDownCheck, Plan, Reason, Section

_VERDICTS: Mapping[str, str | Promise] = {each.value: each.label for each in DoneReport.Verdict}


def plans(facts: Facts) -> Block:
    """Return the section of the rectification plans and their gates."""
    return section(_("Rectification"), *(part for each in facts.plans for part in _rectified(each)))


def reports(
    found: Sequence[Reported], verdicts: Mapping[str, str | Promise], *, of: str = ""
) -> Iterator[Block | None]:
    """Yield what a party reported as done, and what was said to that.

    Parameters
    ----------
    verdicts : mapping of str to str
        A report's verdict → its word.
    of : str
        Of what they are, if several follow one another.
    """
    for each in found:
        said_of = {"time": moment(each.time), "name": person(each.by)}
        lead = _("Report of %(time)s, %(name)s") % said_of
        yield quoted(each.text, lead=f"{of} · {lead}" if of else lead)
        yield handed_in(each.files)
        if not each.verdict:
            yield said(_("It is not judged yet."))
        else:
            reason = str(Reason(each.reason).label) if each.reason else ""
            why = _(". ").join(part for part in (reason, each.words) if part)
            judged = f"{verdicts[each.verdict]}, {moment(each.judged)}"
            yield said(judged + (f": {why}" if why else ""))


def _rectified(row: Rectified) -> Iterator[Block | None]:
    yield under(row.party)
    yield rows(
        (_("State"), str(Plan.State(row.state).label)),
        (_("Asked for"), day(row.asked)),
        (_("Until"), day(row.due)),
        (_("Sections"), _(", ").join(str(Section(each).label) for each in row.sections)),
        (_("Version"), str(row.version) if row.version else ""),
        (_("Accepted"), day(row.accepted)),
    )
    yield quoted(row.words, lead=_("What was asked for"))
    head = "", _("Part"), _("Action"), _("Owner, until"), _("Controls"), _("How far")
    widths = "auto", "1.3fr", "3fr", "1.5fr", "1.2fr", "1.1fr"
    yield table(head, widths, [_line(each) for each in row.actions])
    for action in row.actions:
        named = _("Action %(number)d") % {"number": action.number}
        yield quoted(action.proof, lead=_("%(action)s · proof") % {"action": named})
        yield from (_returned(judged, named) for judged in action.judgements if not judged.is_accepted)
        yield handed_in(action.files)
        yield from reports(action.reports, _VERDICTS, of=named)
    checks = [
        (
            each.sub_vendor,
            _("yes") if each.is_bound else _("no"),
            _(". ").join(part for part in (str(FlowDownCheck.Result(each.result).label), each.remark) if part),
            f"{day(each.checked)}, {each.checked_by}",
            _(". ").join(part for part in (_judged(each.verdict), each.verdict_text) if part),
        )
        for each in row.checks
    ]
    checked = _("Sub-vendor"), _("Bound"), _("Result"), _("Checked"), _("Judged")
    yield table(checked, ("1.6fr", "auto", "1.6fr", "1.8fr", "1.2fr"), checks)
    open_ones = sum(not each.holds for each in row.gate)
    if open_ones:
        yield said(_("The gate: %(open)d of %(all)d conditions are open.") % {"open": open_ones, "all": len(row.gate)})
    else:
        yield said(_("The gate: all conditions hold."))


def _line(action: Planned) -> tuple[str, ...]:
    how_far = Action.Progress(action.progress) if action.state == Action.State.ACCEPTED else Action.State(action.state)
    return (
        str(action.number),
        str(Section(action.section).label),
        action.text,
        f"{action.owner}, {day(action.due)}",
        _(", ").join(CATALOGUE[control].name for control in action.controls if control in CATALOGUE),
        str(how_far.label),
    )


def _returned(judged: Judged, named: str) -> Block | None:
    facts = {
        "action": named,
        "day": day(judged.time),
        "name": person(judged.by),
        "reason": Reason(judged.reason).label if judged.reason else "",
    }
    return quoted(judged.text or NOTHING, lead=_("%(action)s · returned %(day)s by %(name)s: %(reason)s") % facts)


def _judged(verdict: str) -> str:
    return str(FlowDownCheck.Verdict(verdict).label) if verdict else _("not judged yet")
