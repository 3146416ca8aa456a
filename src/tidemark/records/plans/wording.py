"""What an action says: the fields that the party writes, and what still lacks in them. Pure.

A draft may lack anything, so that nothing that was typed is ever lost; what cannot be kept at all is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS, MAX_TEXT_CHARS
from tidemark.records.plans.controls import known
from tidemark.records.visible import readable

EARLIEST = date(2000, 1, 1)
FARTHEST = timedelta(days=5 * 366)
"""How far ahead an action may be due: what is put off for longer is not planned."""


@dataclass(frozen=True, slots=True)
class Wording:
    """An action in words.

    Attributes
    ----------
    section : str
        One of :class:`tidemark.records.plans.models.Section`.
    text : str
        What is done.
    owner : str
        The named person at the party who does it.
    due : date or None
    proof : str
        By what it can be verified.
    controls : tuple of str
        Ids of :data:`tidemark.records.plans.controls.CATALOGUE`.
    """

    section: str
    text: str = ""
    owner: str = ""
    due: date | None = None
    proof: str = ""
    controls: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return what a draft keeps."""
        return {
            "section": self.section,
            "text": self.text,
            "owner": self.owner,
            "due": self.due.isoformat() if self.due else None,
            "proof": self.proof,
            "controls": list(self.controls),
        }


def of_json(kept: Mapping[str, Any]) -> Wording:
    """Read what :meth:`Wording.as_json` wrote."""
    due = kept["due"]
    return Wording(
        section=str(kept["section"]),
        text=str(kept["text"]),
        owner=str(kept["owner"]),
        due=date.fromisoformat(due) if due else None,
        proof=str(kept["proof"]),
        controls=tuple(kept["controls"]),
    )


def tidied(wording: Wording, *, sections: tuple[str, ...], today: date) -> Wording:
    """Return the wording as it is kept.

    Raises
    ------
    Refused
        If a text is too long, the section, a control or the date is none that there is.
    """
    if wording.section not in sections:
        raise Refused(_("Choose the section that the action belongs to."))
    for text in (wording.text, wording.proof):
        if len(text) > MAX_TEXT_CHARS:
            raise Refused(
                _("An action is told in at most %(most)d characters. Put the rest into a file.")
                % {"most": MAX_TEXT_CHARS}
            )
    owner = " ".join(readable(wording.owner).split())
    if len(owner) > MAX_NAME_CHARS:
        raise Refused(_("A name has at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    if wording.due is not None and not EARLIEST <= wording.due <= today + FARTHEST:
        raise Refused(_("The date is too far away. Choose one within five years."))
    try:
        controls = known(wording.controls)
    except KeyError as unknown:
        raise Refused(
            _("%(control)s is in no catalogue. Choose controls of the list.") % {"control": str(unknown.args[0])[:40]}
        ) from None
    return Wording(
        wording.section, readable(wording.text), owner, wording.due, readable(wording.proof), tuple(controls)
    )


def lacking(wording: Wording, *, has_files: bool) -> list[str]:
    """Return what must still be said before the action can be submitted; empty if nothing."""
    said = (
        (wording.text, _("what is done")),
        (wording.owner, _("who does it, by name")),
        (wording.due, _("until when")),
        (wording.proof or has_files, _("by what it can be verified: a text or a file")),
        (wording.controls, _("which control it belongs to")),
    )
    return [what for value, what in said if not value]
