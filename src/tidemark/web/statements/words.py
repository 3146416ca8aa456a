"""What the check found, in the words of the reader's language, and where it stands in a text."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tidemark.records.reidentify.objection import Objection, Rule, Severity
from tidemark.records.statements.examine import Examined
from tidemark.records.statements.models import Statement

_COLOURS = {
    Statement.State.APPROVED: "is-accent",
    Statement.State.ISSUED: "is-good",
    Statement.State.CORRECTED: "is-warn",
    Statement.State.WITHDRAWN: "is-bad",
}

_RULES = {
    Rule.NAME: gettext_lazy("It names a party on record."),
    Rule.MASKED: gettext_lazy("Letters are masked. Who knows the name reads it all the same."),
    Rule.ENCODED: gettext_lazy(
        "Letters are written in code, and a page may show what they stand for. Write them as letters; behind a percent "
        "sign, leave a blank."
    ),
    Rule.ALMOST: gettext_lazy("It reads almost like a party’s name."),
    Rule.INITIALS: gettext_lazy("These are the initials of a party on record."),
    Rule.PERSON: gettext_lazy("It names a person of a party."),
    Rule.ADDRESS: gettext_lazy("It is an address, or a number, of a party."),
    Rule.PLACE: gettext_lazy("A party has its place there."),
    Rule.CODE: gettext_lazy("It is, or looks like, the id of a copy or the hash of a file."),
    Rule.FILE_NAME: gettext_lazy("It is the name of a draft or of a found file."),
    Rule.CODE_NAME: gettext_lazy("It is the code name of a project that is not public."),
    Rule.REFERENCE: gettext_lazy("It is the number of an agreement."),
    Rule.NUMBER: gettext_lazy("It is the number of a sanction, or of another case."),
    Rule.QUOTE: gettext_lazy("It is a quote from confidential papers, of this case or of another."),
    Rule.PHRASE: gettext_lazy("Of all papers on record, only one party’s have these words."),
    Rule.AMOUNT: gettext_lazy("Of all agreements and sanctions, only one party’s have this amount."),
    Rule.CLAIM: gettext_lazy("It claims something of somebody’s part in it, and nothing here bears that out."),
    Rule.STATUS: gettext_lazy("By the records, what leaked is a final design, or it is not known what it is."),
    Rule.PROMISE: gettext_lazy("It promises something, and nobody is asked to keep it. Mark it as a promise."),
    Rule.PICTURE: gettext_lazy("It shows a draft, a copy, a leak or a sighting on record."),
    Rule.UNCOMPARED: gettext_lazy("It is not compared yet with the drafts, leaks and sightings on record."),
    Rule.METADATA: gettext_lazy("The file holds more than the picture that is seen. Export it anew, without metadata."),
}

_PLACES = {
    "title_en": pgettext_lazy("part of a statement", "English title"),
    "text_en": pgettext_lazy("part of a statement", "English text"),
    "title_zh": pgettext_lazy("part of a statement", "Chinese title"),
    "text_zh": pgettext_lazy("part of a statement", "Chinese text"),
    "channel": pgettext_lazy("part of a statement", "channel"),
}
_AROUND = 40
"""Characters of the text that are shown on either side of what was found."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; ``colour`` is '' where nothing was found."""

    text: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An objection as the page shows it, in what surrounds it."""

    objection: Objection
    place: str
    said: str
    before: str
    after: str
    colour: str
    reason: str

    @property
    def waits(self) -> bool:
        """Whether it is about a comparison that is still to be made."""
        return self.objection.rule == Rule.UNCOMPARED

    @property
    def refuses(self) -> bool:
        """Whether nothing lets it pass."""
        return self.objection.severity == Severity.REFUSES


def state_colour(state: str) -> str:
    """Return the badge's class for a statement's state."""
    return _COLOURS.get(Statement.State(state), "")


def shown(examined: Examined, texts: dict[str, str]) -> list[Shown]:
    """Return the objections, those that refuse first, each with the words around it."""
    found = []
    for each in sorted(examined.objections, key=lambda one: one.severity != Severity.REFUSES):
        text = texts.get(each.place, "")
        before, after = text[: each.start].rpartition("\n")[2], text[each.end :].partition("\n")[0]
        reason = examined.reasons.get(each.key, "")
        found.append(
            Shown(
                objection=each,
                place=str(_PLACES.get(each.place, _("a picture"))),
                said=str(_RULES[each.rule]),
                before=("…" if len(before) > _AROUND else "") + before[-_AROUND:],
                after=after[:_AROUND] + ("…" if len(after) > _AROUND else ""),
                colour=_colour(each, examined),
                reason=reason,
            )
        )
    return found


def pieces(text: str, objections: Iterable[Objection], examined: Examined) -> list[Piece]:
    """Cut a text where something was found in it."""
    cut, at = [], 0
    for each in sorted(objections, key=lambda one: (one.start, -one.end)):
        start = max(each.start, at)
        if start >= each.end:
            continue
        cut += [Piece(text[at:start]), Piece(text[start : each.end], _colour(each, examined))]
        at = each.end
    return [piece for piece in (*cut, Piece(text[at:])) if piece.text]


def _colour(objection: Objection, examined: Examined) -> str:
    if objection.severity == Severity.REFUSES:
        return "is-bad"
    return "is-good" if objection.key in examined.reasons else "is-warn"
