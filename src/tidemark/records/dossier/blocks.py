"""The parts of a dossier's page, as its template sets them, and times and figures in words."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.odds import one_in
from tidemark.records.dossier.facts_found import File, Who
from tidemark.records.paper import paragraphs
from tidemark.records.sanctions.clause import plain

Block = dict[str, Any]
Row = tuple[str, str]

NOTHING = "–"


def section(heading: str, *parts: Block | None) -> Block:
    """Return a section; parts that are None are left out."""
    return {"heading": heading, "parts": [part for part in parts if part is not None]}


def under(text: str) -> Block:
    """Return a heading within a section."""
    return {"kind": "under", "text": text.strip() or NOTHING}


def said(text: str, *, strong: bool = False) -> Block:
    """Return a paragraph of ours."""
    return {"kind": "said", "text": text, "strong": strong}


def small(text: str) -> Block:
    """Return a remark of ours."""
    return {"kind": "small", "text": text}


def quoted(text: str, *, lead: str = "") -> Block | None:
    """Return what somebody wrote, word for word; nothing if it is empty."""
    return {"kind": "quoted", "lead": lead, "paragraphs": paragraphs(text)} if text.strip() else None


def rows(*found: Row) -> Block | None:
    """Return facts by their names; those without a value are left out."""
    kept = [{"label": label, "text": paragraphs(text)} for label, text in found if text]
    return {"kind": "rows", "rows": kept} if kept else None


def table(head: Sequence[str], widths: Sequence[str], lines: Sequence[Sequence[str]]) -> Block | None:
    """Return a table; nothing if it has no line. Widths are the template's: ``auto``, ``2fr``."""
    if not lines:
        return None
    return {"kind": "table", "head": list(head), "widths": list(widths), "rows": [list(line) for line in lines]}


def pictures(found: Sequence[tuple[str, str]]) -> Block | None:
    """Return pictures beside one another, each by its SHA-256 and with what it shows."""
    shown = [{"name": sha256, "caption": caption} for sha256, caption in found if sha256]
    return {"kind": "pictures", "pictures": shown} if shown else None


def handed_in(files: Sequence[File]) -> Block | None:
    """Return the files that somebody handed in, with their hashes."""
    return table((_("File"), "SHA-256"), ("2fr", "3fr"), [(each.name, each.sha256) for each in files])


def moment(time: datetime | None) -> str:
    """Write a time, UTC, to the minute."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M}" if time else ""


def day(time: date | datetime | None) -> str:
    """Write a day, UTC."""
    if isinstance(time, datetime):
        return f"{time.astimezone(UTC):%Y-%m-%d}"
    return f"{time:%Y-%m-%d}" if time else ""


def money(amount: Money | None) -> str:
    """Write an amount with its currency; '' for none."""
    return plain(amount) if amount is not None else ""


def person(who: Who) -> str:
    """Write a person with the party; '' for nobody."""
    return _("%(name)s (%(party)s)") % {"name": who.name, "party": who.party} if who.name else ""


def odds(log10_bound: float) -> str:
    """Put the bound of an accusation, which is below 1, into words that never understate it."""
    return _("at most 1 in %(number)s") % {"number": one_in(log10_bound)}
