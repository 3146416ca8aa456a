"""Approve a statement, in two roles by two persons, and issue it. From then on its words never change.

Each approval and the issue look at it anew: a party may have come on record, an allegation may have been withdrawn or
have fallen.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger import canonical
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.cases.approvals import approvals_of, approve, content_sha256, why_not_approved
from tidemark.records.cases.models import Approval, Case, Duty
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.reidentify.objection import Rule
from tidemark.records.sentences import joined
from tidemark.records.statements.compare import are_compared, compare_again
from tidemark.records.statements.examine import Examined, examine, why_unfounded
from tidemark.records.statements.models import OPEN, Statement
from tidemark.records.statements.write import content_of, holds_words, subject_of
from tidemark.records.visible import readable

APPROVING = (Role.COMMUNICATIONS, Role.LEGAL)
"""Who approves a statement: one person each."""


def approve_statement(
    home: Home, statement: Statement, *, by: Person, now: datetime, role: str = "", seen: str = ""
) -> Approval:
    """Approve a statement as it stands, with its pictures, promises and reasons.

    Parameters
    ----------
    seen : str
        SHA-256 of the content that the person has read; '' for whatever it is now.

    Raises
    ------
    Refused
        If the person has neither role, it was changed since it was read, it is final and nothing final in the case
        stands any more, or something else stands against it.
    """
    with writing(home):
        statement.lock(*Statement.State)
        if statement.state not in OPEN:
            raise Refused(_("It was issued already; there is nothing left to approve."))
        subject, content, case = subject_of(statement), content_of(statement), statement.case
        made = approve(home, subject, content, APPROVING, by=by, now=now, case=case, role=role, seen=seen)
        _refuse_unfounded(statement)
        refuse_found(examine(statement))
        _refuse_incomplete(statement, now=now)
        if statement.state == Statement.State.PREPARED and not approvals_of(subject, content, APPROVING).missing:
            statement.state = Statement.State.APPROVED
            statement.save(update_fields=["state"])
    return made


def issue(home: Home, statement: Statement, *, channel: str, by: Person, now: datetime) -> None:
    """Issue an approved statement: say where, keep its words, turn its promises into duties of the case.

    Raises
    ------
    Refused
        If the person may not, an approval is missing, it is final and nothing final in the case stands any more,
        something else stands against it, or nobody keeps a promise.
    """
    refuse_unless(by, Act.STATE)
    where = " ".join(readable(channel).split())
    if not where or len(where) > MAX_NAME_CHARS or "\0" in where:
        raise Refused(_("Say where it is issued, in at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    if compare_again(home, statement):
        raise Refused(_("What came on record since is being compared with the pictures. Issue it in a moment."))
    with writing(home):
        case = locked(statement.case)
        statement.lock(*OPEN)
        if why_not := why_not_approved(subject_of(statement), content_of(statement), APPROVING):
            raise Refused(joined(why_not))
        _refuse_unfounded(statement)
        _refuse_incomplete(statement, now=now)
        statement.channel = where
        if not are_compared(statement):  # asked first: what is compared from here on was not examined
            raise Refused(
                _("Something came on record just now, and the pictures are to be compared with it. Try again.")
            )
        refuse_found(examine(statement))
        content = content_of(statement)
        statement.content = canonical.dumps(content).decode()
        statement.content_sha256 = content_sha256(content)
        statement.state, statement.issued, statement.issued_by = Statement.State.ISSUED, now, by
        statement.save()
        said: dict[str, JSON] = {
            "statement": statement.pk,
            "kind": str(statement.kind),
            "content_sha256": statement.content_sha256,
            "languages": list(statement.languages),
            "channel_sha256": hash_of(where),
            "follows": statement.follows_id or "",
        }
        tell(home, case, Kind.STATEMENT_ISSUED, by=by, now=now, detail=said)
        _end_earlier(home, case, statement, by=by, now=now)
        _owe(home, case, statement, by=by, now=now)


def refuse_found(examined: Examined) -> None:
    """Raise Refused if something stands against a statement, with the words that do."""
    if pointing := [each for each in examined.refusing if each.rule != Rule.UNCOMPARED]:
        raise Refused(
            _("The check refuses it: %(words)s. Take out what it points to.")
            % {"words": _(", ").join(f"“{each.said[:60]}”" for each in pointing[:5])}
        )
    if examined.refusing:
        raise Refused(
            _("A picture is not compared with what is on record yet. Wait a moment, or take it away and add it again.")
        )
    if examined.unexplained:
        raise Refused(
            _("A reason is needed for: %(words)s. Give it, or take it out.")
            % {"words": _(", ").join(f"“{each.said[:60]}”" for each in examined.unexplained[:5])}
        )


def _refuse_unfounded(statement: Statement) -> None:
    if why_not := why_unfounded(statement):
        raise Refused(why_not)


def _refuse_incomplete(statement: Statement, *, now: datetime) -> None:
    for language in statement.languages:
        if not statement.title_in(language) or not statement.text_in(language):
            raise Refused(_("In each of its languages a statement has a title and a text. Complete it, or empty both."))
    if not statement.languages:
        raise Refused(_("A statement says something, in English or in Chinese."))
    if statement.follows is not None and statement.follows.state != Statement.State.ISSUED:
        raise Refused(_("The statement that it follows was corrected or withdrawn meanwhile."))
    for each in statement.promises.all():
        if each.assignee_id is None or each.due is None or each.due <= now:
            raise Refused(_("Say who keeps this promise, until which day to come: %(words)s") % {"words": str(each)})
        for language in statement.languages:
            words = getattr(each, f"words_{language}")
            if words and not holds_words(statement.text_in(language), words):
                raise Refused(_("These words do not stand in the statement: %(words)s") % {"words": words})


def _end_earlier(home: Home, case: Case, statement: Statement, *, by: Person, now: datetime) -> None:
    if statement.follows is None:
        return
    earlier = statement.follows
    earlier.lock(Statement.State.ISSUED)
    withdraws = statement.kind == Statement.Kind.WITHDRAWAL
    earlier.state = Statement.State.WITHDRAWN if withdraws else Statement.State.CORRECTED
    earlier.ended = now
    earlier.save(update_fields=["state", "ended"])
    kind = Kind.STATEMENT_WITHDRAWN if withdraws else Kind.STATEMENT_CORRECTED
    tell(home, case, kind, by=by, now=now, detail={"statement": earlier.pk, "by_statement": statement.pk})


def _owe(home: Home, case: Case, statement: Statement, *, by: Person, now: datetime) -> None:
    """Make duties of the promises: what is said in public is owed, with the case open or closed."""
    for each in statement.promises.all():
        made = Duty.objects.create(
            case=case, title=str(each), assignee=each.assignee, due=each.due, promised_in=statement.pk, created=now
        )
        said: dict[str, JSON] = {
            "duty": made.pk,
            "assignee": each.assignee_id or "",
            "due": time_text(each.due) if each.due else "",
            "promised_in": statement.pk,
        }
        tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
