"""Prepare a statement from what is on record, and write it: its words, its promises, the reasons for what may stand.

Whatever is changed voids every approval, since those bind to the whole content.
"""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_PROMISES, MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.merged import together
from tidemark.records.cases.models import Case
from tidemark.records.cases.notes import refuse_as_assignee, refuse_unless
from tidemark.records.cases.status import locked
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import NamedCopy
from tidemark.records.parties.models import Party
from tidemark.records.reidentify.folded import squeeze
from tidemark.records.reidentify.objection import Severity
from tidemark.records.statements.examine import established, examine, leaked_statuses
from tidemark.records.statements.models import LANGUAGES, OPEN, Promise, Statement
from tidemark.records.statements.on_record import is_public
from tidemark.records.statements.wording import Facts, written
from tidemark.records.visible import readable, unseen


def prepare(
    home: Home,
    case: Case,
    kind: str,
    *,
    by: Person,
    now: datetime,
    follows: Statement | None = None,
    with_amount: bool = False,
    languages: Iterable[str] = LANGUAGES,
) -> Statement:
    """Prepare a statement from the template, filled with what is on record.

    Parameters
    ----------
    kind : str
        One of :class:`Statement.Kind`.
    follows : Statement or None
        An issued one that this one corrects or, if it is a withdrawal, withdraws.
    with_amount : bool
        Whether the agreed damages are said.

    Raises
    ------
    Refused
        If the person may not; a final one is asked for and nothing final in the case stands; or what it follows is not
        issued, or of a case that is neither this one nor merged into it.
    """
    refuse_unless(by, Act.STATE)
    chosen = tuple(dict.fromkeys(languages))
    if kind not in Statement.Kind.values or not chosen or not set(chosen) <= set(LANGUAGES):
        raise Refused(_("A statement is holding, final or a withdrawal, in English, Chinese or both."))
    with writing(home):
        seen = locked(case)
        _refuse_unfit(seen, kind, follows)
        facts = _facts(seen, kind, follows, with_amount=with_amount)
        made = Statement(case=seen, kind=kind, follows=follows, created=now, created_by=by)
        proposals = {each: written(kind, facts, each) for each in chosen}
        for language, proposal in proposals.items():
            setattr(made, f"title_{language}", proposal.title)
            setattr(made, f"text_{language}", proposal.text)
        made.save(force_insert=True)
        for number in range(max(len(each.promises) for each in proposals.values())):
            words = {f"words_{language}": each.promises[number] for language, each in proposals.items()}
            Promise.objects.create(statement=made, created=now, **words)
        _told(home, made, by=by, now=now, prepared=True)
    return made


def edit(
    home: Home,
    statement: Statement,
    *,
    by: Person,
    now: datetime,
    title_en: str = "",
    text_en: str = "",
    title_zh: str = "",
    text_zh: str = "",
) -> None:
    """Change its words. A language whose title and text are both empty is left out."""
    refuse_unless(by, Act.STATE)
    texts = {"title_en": title_en, "text_en": text_en, "title_zh": title_zh, "text_zh": text_zh}
    texts = {
        name: " ".join(readable(text).split()) if "title" in name else _lines(text) for name, text in texts.items()
    }
    for name, text in texts.items():
        if "\0" in text or len(text) > (MAX_NAME_CHARS if "title" in name else MAX_NOTE_CHARS):
            raise Refused(
                _("A title has at most %(title)d characters, a text %(text)d.")
                % {"title": MAX_NAME_CHARS, "text": MAX_NOTE_CHARS}
            )
    if odd := unseen("".join(texts.values())):
        said = _("There are characters in it that nobody sees: %(codes)s. Write it without them.")
        raise Refused(said % {"codes": _(", ").join(f"U+{ord(char):04X}" for char in odd[:5])})
    if not any(texts.values()):
        raise Refused(_("A statement says something, in English or in Chinese."))
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        if all(getattr(statement, name) == text for name, text in texts.items()):
            return
        for name, text in texts.items():
            setattr(statement, name, text)
        reopen(statement)
        statement.save(update_fields=[*texts, "state"])
        _told(home, statement, by=by, now=now)


LEAST_REASON = 30
"""Characters of a reason why an objection may stand: the two who approve it judge it by these words alone."""


def explain(home: Home, statement: Statement, key: str, *, reason: str, by: Person, now: datetime) -> None:
    """Say why an objection may stand. Who approves the statement approves the reason too.

    Raises
    ------
    Refused
        If nothing of this key is found, or nothing lets it pass; or the reason is too short for others to judge it.
    """
    refuse_unless(by, Act.STATE)
    words = readable(reason)
    if not LEAST_REASON <= len(words) <= MAX_TEXT_CHARS or "\0" in words:
        raise Refused(
            _("Say why it may stand, in %(least)d to %(most)d characters.")
            % {"least": LEAST_REASON, "most": MAX_TEXT_CHARS}
        )
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        found = [each for each in examine(statement).objections if each.key == key]
        if not found:
            raise Refused(_("This was found no longer. Reload the page."))
        if any(each.severity == Severity.REFUSES for each in found):
            raise Refused(_("No reason lets this pass. Take it out."))
        statement.reasons = {**statement.reasons, key: {"text": words, "person": by.pk, "time": time_text(now)}}
        reopen(statement)
        statement.save(update_fields=["reasons", "state"])
        _told(home, statement, by=by, now=now, reason_sha256=hash_of(words))


def promise(
    home: Home,
    statement: Statement,
    *,
    by: Person,
    now: datetime,
    words_en: str = "",
    words_zh: str = "",
    assignee: Person | None = None,
    due: datetime | None = None,
    known: Promise | None = None,
) -> Promise:
    """Mark words of the statement as a promise, or say of one that is marked who keeps it until when."""
    refuse_unless(by, Act.STATE)
    if assignee is not None:
        refuse_as_assignee(assignee)
    words = {name: " ".join(readable(said).split()) for name, said in (("words_en", words_en), ("words_zh", words_zh))}
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        _refuse_words(statement, words)
        if known is None:
            if statement.promises.count() >= MAX_PROMISES:
                raise Refused(_("A statement has at most %(most)d promises.") % {"most": MAX_PROMISES})
            made = Promise(statement=statement, created=now)
        else:
            made = statement.promises.select_for_update().get(pk=known.pk)
        made.words_en, made.words_zh, made.assignee, made.due = words["words_en"], words["words_zh"], assignee, due
        made.save()
        _changed(home, statement, by=by, now=now, promise=made.pk)
    return made


def unpromise(home: Home, statement: Statement, known: Promise, *, by: Person, now: datetime) -> None:
    """Take the mark of a promise away."""
    refuse_unless(by, Act.STATE)
    with writing(home):
        locked(statement.case)
        statement.lock(*OPEN)
        statement.promises.filter(pk=known.pk).delete()
        _changed(home, statement, by=by, now=now, promise=known.pk)


def content_of(statement: Statement) -> dict[str, JSON]:
    """Return what approvals bind to, and what is issued: everything."""
    return {
        "statement": statement.pk,
        "case": statement.case_id,
        "kind": str(statement.kind),
        "follows": statement.follows_id or "",
        **{f"{part}_{each}": getattr(statement, f"{part}_{each}") for each in LANGUAGES for part in ("title", "text")},
        "pictures": [{"sha256": each.file_sha256, "name": each.file_name} for each in statement.pictures.all()],
        "promises": [
            {
                "words_en": each.words_en,
                "words_zh": each.words_zh,
                "assignee": each.assignee_id or "",
                "due": time_text(each.due) if each.due else "",
            }
            for each in statement.promises.all()
        ],
        "reasons": {key: str(each["text"]) for key, each in sorted(statement.reasons.items())},
    }


def subject_of(statement: Statement) -> str:
    """Return under what its approvals are kept."""
    return f"statement:{statement.pk}"


def holds_words(text: str, words: str) -> bool:
    """Whether a text has these words, however they are spaced and written."""
    return bool(squeeze(words)) and squeeze(words) in squeeze(text)


def reopen(statement: Statement) -> None:
    """Make it prepared again, in the row at hand; the caller saves it."""
    statement.state = Statement.State.PREPARED


def _changed(home: Home, statement: Statement, *, by: Person, now: datetime, **said: JSON) -> None:
    reopen(statement)
    statement.save(update_fields=["state"])
    _told(home, statement, by=by, now=now, **said)


def _told(home: Home, statement: Statement, *, by: Person, now: datetime, **said: JSON) -> None:
    detail: dict[str, JSON] = {"statement": statement.pk, "kind": str(statement.kind), **said}
    detail["content_sha256"] = content_sha256(content_of(statement))
    tell(home, statement.case, Kind.CASE_CHANGED, by=by, now=now, detail=detail)


def _refuse_unfit(case: Case, kind: str, follows: Statement | None) -> None:
    if kind == Statement.Kind.FINAL and not established(case):
        raise Refused(
            _("Nothing in this case is final and stands. Until an allegation is, only a holding statement is prepared.")
        )
    if kind == Statement.Kind.WITHDRAWAL and follows is None:
        raise Refused(_("Say which statement is withdrawn."))
    if follows is not None:
        state = Statement.objects.select_for_update().get(pk=follows.pk).state
        if follows.case_id not in together(case) or state != Statement.State.ISSUED:
            raise Refused(_("Only a statement of this case that was issued, and stands, is corrected or withdrawn."))


def _facts(case: Case, kind: str, follows: Statement | None, *, with_amount: bool) -> Facts:
    owner = Party.objects.filter(is_owner=True).values_list("name", flat=True).first() or ""
    final = established(case)
    named = NamedCopy.objects.filter(allegations__in=final).select_related("copy")
    answers = {each.party_id for each in final}
    amount = ""
    if with_amount and kind == Statement.Kind.FINAL:
        agreed = [each.agreement for each in final if each.agreement and each.agreement.is_owners]
        owed = [each.damages for each in agreed if each.damages is not None]
        if len(owed) != 1:
            raise Refused(_("There is not one agreed amount in this case that could be said. Write it by hand."))
        amount = f"{owed[0].currency} {owed[0].amount:,.2f}".removesuffix(".00")
    return Facts(
        owner=owner,
        code_name=case.project.code_name if case.project and is_public(case.project) else "",
        statuses=leaked_statuses(case),
        downstream=any(each.copy.holder_id not in answers for each in named),
        amount=amount,
        follows=follows.issued if follows else None,
    )


def _refuse_words(statement: Statement, words: dict[str, str]) -> None:
    if not any(words.values()) or any(len(each) > MAX_NAME_CHARS or "\0" in each for each in words.values()):
        raise Refused(_("Give the words of the promise, in at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    for name, said in words.items():
        if said and not holds_words(statement.text_in(name[-2:]), said):
            raise Refused(_("These words do not stand in the statement: %(words)s") % {"words": said})


def _lines(text: str) -> str:
    return readable("\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
