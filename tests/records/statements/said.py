"""Statements as the tests need them: of a case with something final in it, ready to be issued."""

from datetime import datetime, timedelta

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, played
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import Case, Reply
from tidemark.records.cases.reply import reply
from tidemark.records.home import Home
from tidemark.records.statements.issue import approve_statement, issue
from tidemark.records.statements.models import Statement
from tidemark.records.statements.write import edit, prepare, promise

AFTER = LATER + timedelta(days=1)
DUE = NOW + timedelta(days=60)
REPLY = "A trainee in our paint shop copied the files to a shared drive on a Sunday night, against every rule we have."


def decided(home: Home, desk: Desk) -> Case:
    """Play a case to its end: the sub-vendor's copy leaked, the supplier answers for it, and it is final."""
    made = played(home, desk)
    reply(home, made, Reply.Answer.ACCEPTS, text=REPLY, by=desk["contact"], now=LATER)
    make_final(home, made, by=desk["legal"], now=LATER)
    made.case.refresh_from_db()
    return made.case


def ready(home: Home, desk: Desk, case: Case, kind: str = "final", **more: object) -> Statement:
    """Prepare a statement, and say who keeps its promises."""
    made = prepare(home, case, kind, by=desk["communications"], now=LATER, **more)  # type: ignore[arg-type]
    keep_promises(home, desk, made)
    made.refresh_from_db()
    return made


def keep_promises(home: Home, desk: Desk, statement: Statement) -> None:
    """Say of every promise who keeps it until when."""
    for each in statement.promises.all():
        words = {"words_en": each.words_en, "words_zh": each.words_zh}
        who = desk["officer"]
        promise(home, statement, **words, assignee=who, due=DUE, known=each, by=desk["communications"], now=LATER)


def rewrite(home: Home, desk: Desk, statement: Statement, **texts: str) -> None:
    """Change some of its words."""
    words = {name: getattr(statement, name) for name in ("title_en", "text_en", "title_zh", "text_zh")}
    edit(home, statement, **{**words, **texts}, by=desk["communications"], now=LATER)
    statement.refresh_from_db()


def approved(home: Home, desk: Desk, statement: Statement) -> Statement:
    """Have both roles approve it."""
    for who in ("communications", "legal"):
        approve_statement(home, statement, by=desk[who], now=LATER)
    statement.refresh_from_db()
    return statement


def issued(
    home: Home, desk: Desk, case: Case, kind: str = "final", *, now: datetime = AFTER, **more: object
) -> Statement:
    """Prepare, approve and issue one."""
    made = approved(home, desk, ready(home, desk, case, kind, **more))
    issue(home, made, channel="Press release", by=desk["communications"], now=now)
    made.refresh_from_db()
    return made
