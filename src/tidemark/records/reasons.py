"""Why a person does something that others will ask about: each has to say it, in words that are kept."""

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.records.visible import readable


def reason_of(why: str, *, most: int, is_needed: bool = True) -> str:
    """Return a reason as it is kept; '' if there is none and none is needed.

    Parameters
    ----------
    most : int
        Characters.

    Raises
    ------
    Refused
        If there is none that can be read though one is needed, or it is too long.
    """
    words = readable(storable(why))
    if len(words) > most or (is_needed and not words):
        raise Refused(_("Give a reason of at most %(limit)d characters.") % {"limit": most})
    return words


def storable(text: str) -> str:
    """Return a text without what no database keeps and nothing can be hashed of: NUL, halves of surrogate pairs."""
    return text.encode(errors="replace").decode().replace("\x00", "").strip()
