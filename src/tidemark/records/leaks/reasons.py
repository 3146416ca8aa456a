"""Why a person does something with what was found: each has to say it, in words that are kept."""

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.limits import MAX_FOUND_CHARS


def reason_of(why: str) -> str:
    """Return a reason as it is kept.

    Raises
    ------
    Refused
        If there is none, or it is too long.
    """
    words = why.encode(errors="replace").decode().replace("\x00", "").strip()
    if not words or len(words) > MAX_FOUND_CHARS:
        raise Refused(_("Give a reason of at most %(limit)d characters.") % {"limit": MAX_FOUND_CHARS})
    return words
