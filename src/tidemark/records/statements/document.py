"""A statement as it is handed out: plain text, and a PDF by the report's typesetter and typefaces.

Of one that was issued, both are made of the content as it was kept then. Neither says anything of the case.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.records.paper import paper
from tidemark.records.parties.models import Party
from tidemark.records.statements.models import Statement
from tidemark.records.statements.wording import day_in

_FOOTERS = {"en": ("Statement", "Draft: not issued"), "zh": ("声明", "草稿：尚未发布")}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement in one language.

    Attributes
    ----------
    issued : datetime or None
        None for a draft.
    dated : datetime
        When it was issued; of a draft, when it was prepared.
    """

    language: str
    owner: str
    title: str
    text: str
    issued: datetime | None
    dated: datetime

    @property
    def day(self) -> str:
        """The day of its issue, in words; '' for a draft."""
        return day_in(self.issued, self.language) if self.issued else ""


def spoken(statement: Statement, language: str) -> Spoken:
    """Return a statement in a language, as it was issued or as it stands.

    Raises
    ------
    Refused
        If it is not written in that language.
    """
    kept: Any = json.loads(statement.content) if statement.content else {}
    said = {
        part: kept.get(f"{part}_{language}", getattr(statement, f"{part}_{language}", "")) for part in ("title", "text")
    }
    if not all(said.values()):
        raise Refused(_("It is not written in this language."))
    owner = Party.objects.filter(is_owner=True).values_list("name", flat=True).first() or ""
    return Spoken(
        language, owner, str(said["title"]), str(said["text"]), statement.issued, statement.issued or statement.created
    )


def plain_text(said: Spoken) -> bytes:
    """Return it as text in UTF-8."""
    end = ("，" if said.language == "zh" else ", ").join(part for part in (said.owner, said.day) if part)
    return f"{said.title}\n\n{said.text}\n\n{end or said.owner}\n".encode()


def pdf(said: Spoken) -> bytes:
    """Set it as a PDF, archival and accessible. The same statement gives the same bytes.

    Raises
    ------
    ReportFontMissing
        If there is Chinese text and no typeface for it.
    ReportFailed
        If the typesetter fails otherwise.
    """
    footer, draft = _FOOTERS[said.language]
    document: dict[str, Any] = {
        "language": said.language,
        "region": "CN" if said.language == "zh" else "GB",
        "owner": said.owner,
        "title": said.title,
        "day": said.day,
        "paragraphs": [part.split("\n") for part in said.text.split("\n\n") if part.strip()],
        "footer": footer,
        "draft": "" if said.issued else draft,
    }
    template = resources.files("tidemark.records.statements").joinpath("statement.typ").read_bytes()
    return paper(template, document, what="the statement", made=said.dated)


def file_name(statement: Statement, language: str, extension: str) -> str:
    """Return under what name it is saved: it says nothing of the case."""
    day = f"{statement.issued:%Y-%m-%d}" if statement.issued else "draft"
    return f"statement-{day}-{language}.{extension}"
