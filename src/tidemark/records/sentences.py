"""Sentences one after another, as the reader's language sets them: English puts a blank between them, Chinese none."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def joined(sentences: Iterable[str]) -> str:
    """Return the sentences as one text; '' of none."""
    said = ""
    for each in sentences:
        said = _("%(before)s %(after)s") % {"before": said, "after": each} if said else each
    return said
