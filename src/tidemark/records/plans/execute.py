"""What was planned is done: the party reports it with proof, the owner verifies it or returns it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_ACTION_FILES, MAX_ACTION_REPORTS, MAX_NOTE_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.notes import refuse_file, refuse_unless
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.plans.ask import refuse_withdrawn
from tidemark.records.plans.judge import checked_words
from tidemark.records.plans.models import Action, DoneReport
from tidemark.records.plans.write import keep_file, refuse_other_than_partys
from tidemark.records.visible import readable


def report_done(
    home: Home, action: Action, *, text: str, by: Person, now: datetime, files: Sequence[Document] = ()
) -> DoneReport:
    """Report an accepted action as done, with what proves it. It need not wait for the rest of the plan.

    Raises
    ------
    Refused
        If the person may not, the action is not accepted, it was reported and not judged yet or is verified, or the
        proof is missing.
    """
    refuse_other_than_partys(action.plan, by)
    words = readable(text)
    if len(words) > MAX_NOTE_CHARS:
        raise Refused(_("The text is too long. Put it into a file."))
    if not words:
        raise Refused(_("Say what was done, and how it can be seen."))
    if len(files) > MAX_ACTION_FILES:
        raise Refused(
            _("Give at most %(most)d files at once; put several into one archive.") % {"most": MAX_ACTION_FILES}
        )
    for document in files:
        refuse_file(document)
    with writing(home):
        refuse_withdrawn(action.plan)
        action.leave(Action.State.ACCEPTED)
        if action.progress not in (Action.Progress.OPEN, Action.Progress.RETURNED):
            raise Refused(
                _("Action %(number)d is %(seen)s. There is nothing to report now.")
                % {"number": action.number, "seen": action.get_progress_display()}
            )
        if action.reports.count() >= MAX_ACTION_REPORTS:
            raise Refused(_("This was reported often enough. Write to the owner."))
        made = DoneReport.objects.create(action=action, person=by, text=words, time=now)
        hashes = [keep_file(home, action, each, by=by, now=now, report=made).file_sha256 for each in files]
        action.progress = Action.Progress.REPORTED
        action.save(update_fields=["progress"])
        said: dict[str, JSON] = {
            "plan": action.plan_id,
            "action": action.pk,
            "number": action.number,
            "party": action.plan.allegation.party.name,
            "reported": True,
            "text_sha256": hash_of(words),
            "files": list(hashes),
        }
        tell(home, action.plan.allegation.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    return made


def verify(
    home: Home,
    action: Action,
    *,
    is_done: bool,
    by: Person,
    now: datetime,
    reason: str = "",
    text: str = "",
    read: int | None = None,
) -> DoneReport:
    """Verify that an action was done as it was planned, or return the report with a reason.

    Parameters
    ----------
    read : int or None
        Id of the report that was read, if it is known: what was reported in between is not judged unread.

    Raises
    ------
    Refused
        If the person may not, nothing was reported, another report was read, the reason is missing, or
        given though it was done, or the text names another party.
    """
    refuse_unless(by, Act.RECTIFY)
    words = checked_words(text, reason, is_returned=not is_done, allegation=action.plan.allegation)
    with writing(home):
        refuse_withdrawn(action.plan)
        action.leave(Action.State.ACCEPTED)
        report = action.reports.filter(verdict="").order_by("pk").last()
        if action.progress != Action.Progress.REPORTED or report is None:
            raise Refused(_("Action %(number)d has no report that waits to be judged.") % {"number": action.number})
        if read is not None and read != report.pk:
            raise Refused(
                _("Another report waits: it was reported anew in between, or you name a wrong one. Read it first.")
            )
        report.verdict = DoneReport.Verdict.VERIFIED if is_done else DoneReport.Verdict.RETURNED
        report.verdict_reason, report.verdict_text = "" if is_done else reason, words
        report.judged, report.judged_by = now, by
        report.save()
        action.progress = Action.Progress.VERIFIED if is_done else Action.Progress.RETURNED
        action.verified = now if is_done else None
        action.save(update_fields=["progress", "verified"])
        said: dict[str, JSON] = {
            "plan": action.plan_id,
            "action": action.pk,
            "number": action.number,
            "party": action.plan.allegation.party.name,
            "verified": is_done,
            "reason": report.verdict_reason,
            "text_sha256": hash_of(words),
        }
        tell(home, action.plan.allegation.case, Kind.ACTION_VERIFIED, by=by, now=now, detail=said)
    return report
