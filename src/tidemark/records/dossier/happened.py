"""What happened in a case, in the words of the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from tidemark.ledger.entry import Kind
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.models import Case, Intent, Reply
from tidemark.records.dossier.happened_found import SAID as SAID_OF_LEAKS
from tidemark.records.dossier.happened_sanctions import SAID as SAID_OF_SANCTIONS
from tidemark.records.dossier.happened_sanctions import changed
from tidemark.records.plans.models import Reason


class Event(Protocol):
    """What a line of the timeline is told from: its row, or what a dossier has of it."""

    @property
    def kind(self) -> str: ...

    @property
    def detail(self) -> Mapping[str, Any]: ...


def happened(event: Event, names: Mapping[str, str]) -> str:
    """Say what happened. ``names`` are persons' names by their ids; texts of persons are shown beside it."""
    if event.kind in SAID_OF_LEAKS:
        return SAID_OF_LEAKS[event.kind](event.detail)
    if event.kind in SAID_OF_SANCTIONS:
        return SAID_OF_SANCTIONS[event.kind](event.detail)
    say = _SAID.get(event.kind)
    return say(event.detail, names) if say else event.kind.replace("-", " ")


def _changed(detail: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if "sanction" in detail:
        return changed(detail)
    if "status" in detail:
        return _("The case is now: %(status)s.") % {"status": Case.Status(detail["status"]).label}
    if "statement" in detail:
        return _about_statement(detail)
    if "duty" in detail:
        return _about_duty(detail)
    if "assignee" in detail:
        person = names.get(str(detail["assignee"]), "")
        return _("%(person)s works on it.") % {"person": person} if person else _("Nobody is assigned any more.")
    if "plan" in detail:
        return _about_plan(detail)
    if "allegation" in detail:
        return _about_allegation(detail)
    if "severity" in detail:
        words = {"low": _("low"), "medium": _("medium"), "high": _("high")}
        return _("The severity is now: %(severity)s.") % {"severity": words.get(detail["severity"], "")}
    plain = {
        "note": _("A note was written."),
        "title_sha256": _("The case was renamed."),
        "file_sha256": _("A file was added."),
        "leaks_added": _("Leaks were put into the case."),
        "leak_removed": _("A leak was taken out of the case."),
        "leak_joined": _("Two leaks were joined, of which one or both are in the case."),
        "leak_split": _("A file was split off from a leak, and left the case with it."),
        "sighting_added": _("A sighting was linked to the case."),
        "sighting_removed": _("A sighting was taken out of the case."),
    }
    return next((text for name, text in plain.items() if name in detail), _("The case was changed."))


def _about_duty(detail: Mapping[str, Any]) -> str:
    if detail.get("done"):
        return _("A duty was done.")
    if detail.get("changed"):
        return _("A duty was given another date or another person.")
    return _("Something was asked to be done.")


def _about_allegation(detail: Mapping[str, Any]) -> str:
    if detail.get("prepared"):
        said = _("An allegation to %(party)s was prepared, by override.")
        return (said if detail.get("override") else _("An allegation to %(party)s was prepared.")) % detail
    if detail.get("suspended"):
        return _("The access of %(party)s was suspended.") % detail
    if detail.get("gate_override"):
        return _("It was proposed to return the access of %(party)s though conditions are open.") % detail
    if detail.get("payment_agreed"):
        return _("It was agreed that %(party)s pays until %(payment_agreed)s.") % detail
    if detail.get("unanswered"):
        return _("%(party)s did not answer in time.") % detail
    return _("The text of an allegation was changed.")


def _about_plan(detail: Mapping[str, Any]) -> str:
    if detail.get("reported"):
        return _("%(party)s reports action %(number)d as done.") % detail
    return _("%(party)s has until another date for its plan.") % detail


def _judged(detail: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    if detail["accepted"]:
        return _("Action %(number)d of the plan of %(party)s was accepted.") % detail
    facts = {**detail, "reason": Reason(detail["reason"]).label}
    return _("Action %(number)d of the plan of %(party)s was returned: %(reason)s.") % facts


def _verified(detail: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    if detail["verified"]:
        return _("It was verified that %(party)s has done action %(number)d.") % detail
    facts = {**detail, "reason": Reason(detail["reason"]).label}
    return _("The report of %(party)s on action %(number)d was returned: %(reason)s.") % facts


def _checked(detail: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    if "confirmed" not in detail:
        return _("%(party)s states that it has checked %(sub_vendor)s.") % detail
    said = _("The check of %(sub_vendor)s was confirmed.") if detail["confirmed"] else ""
    return (said or _("The check of %(sub_vendor)s was returned.")) % detail


def _returned(detail: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    if not detail["engagements"]:
        return _("This case suspends %(party)s no longer; its access stays suspended for another reason.") % detail
    if detail["override"]:
        return _("The access of %(party)s returned by override, though conditions were open.") % detail
    return _("The access of %(party)s returned.") % detail


def _about_statement(detail: Mapping[str, Any]) -> str:
    if detail.get("prepared"):
        return _("A statement was prepared.")
    if "picture_sha256" in detail or "picture_removed" in detail:
        return _("The pictures of a statement were changed.")
    return _("A statement was changed.")


def _replied(detail: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    answers = {
        Reply.Answer.ACCEPTS: _("%(party)s accepts the allegation."),
        Reply.Answer.DISPUTES: _("%(party)s disputes the allegation."),
        Reply.Answer.NAMES: _("%(party)s names its sub-vendor."),
    }
    return answers[Reply.Answer(detail["answer"])] % {"party": detail["party"]}


def _merged(detail: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    return _("This case was merged into another.") if "into" in detail else _("Another case was merged into this one.")


def _approved(detail: Mapping[str, Any], _names: Mapping[str, str]) -> str:
    said = {
        "override": _("The override of an allegation was approved, as %(role)s."),
        "gate": _("The return of access, though conditions are open, was approved, as %(role)s."),
        "sanction": _("The sanction was approved, as %(role)s."),
        "sanction-decision": _("What was proposed for the sanction was approved, as %(role)s."),
        "statement": _("The statement was approved, as %(role)s."),
    }
    approved = said.get(str(detail.get("subject", "")).partition(":")[0], _("Approved as %(role)s."))
    return approved % {"role": Role(detail["role"]).label}


_SAID: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], str]] = {
    Kind.CASE_OPENED: lambda _d, _n: _("The case was opened."),
    Kind.CASE_CHANGED: _changed,
    Kind.CASE_MERGED: _merged,
    Kind.CASE_ESCALATED: lambda _d, _n: _("The next response was overdue. Officers were told."),
    Kind.CASE_EXPORTED: lambda d, _n: (
        _("The case was exported, with internal notes.") if d["with_notes"] else _("The case was exported.")
    ),
    Kind.ALLEGATION_PUT: lambda d, _n: _("The allegation was put to %(party)s.") % d,
    Kind.REPLY_RECEIVED: _replied,
    Kind.ALLEGATION_FINAL: lambda d, _n: _("The allegation to %(party)s is final.") % d,
    Kind.ALLEGATION_WITHDRAWN: lambda d, _n: _("The allegation to %(party)s was withdrawn.") % d,
    Kind.EVIDENCE_ASKED: lambda d, _n: _("%(party)s asked for the evidence.") % d,
    Kind.EVIDENCE_GRANTED: lambda d, _n: _("%(party)s was granted the evidence.") % d,
    Kind.EVIDENCE_HANDED_OVER: lambda d, _n: _("The evidence was handed over to %(party)s.") % d,
    Kind.INTENT_JUDGED: lambda d, _n: (
        _("The intent was judged: %(intent)s.") % {"intent": Intent.Kind(d["intent"]).label}
    ),
    Kind.APPROVAL_GIVEN: _approved,
    Kind.PLAN_ASKED: lambda d, _n: _("%(party)s was asked for a rectification plan.") % d,
    Kind.PLAN_SUBMITTED: lambda d, _n: _("%(party)s submitted its plan, version %(version)d.") % d,
    Kind.ACTION_JUDGED: _judged,
    Kind.PLAN_ACCEPTED: lambda d, _n: _("The plan of %(party)s was accepted.") % d,
    Kind.ACTION_VERIFIED: _verified,
    Kind.FLOW_DOWN_CHECKED: _checked,
    Kind.ACCESS_RETURNED: _returned,
    Kind.STATEMENT_ISSUED: lambda _d, _n: _("A statement was issued."),
    Kind.STATEMENT_CORRECTED: lambda _d, _n: _("A statement was corrected by a later one."),
    Kind.STATEMENT_WITHDRAWN: lambda _d, _n: _("A statement was withdrawn."),
}
