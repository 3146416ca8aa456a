"""What others read of a draft, its file name and its id, names no party to another.

It is asked where it is known who will read it: a draft that nobody is shown may be called anything.
"""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.records.parties.foreign import foreign_in, names_any
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft
from tidemark.records.sentences import joined


def refuse_telling(readers_of: Mapping[Draft, Collection[Party]]) -> None:
    """Refuse to show drafts whose file name or id names another party to one that reads it.

    Parameters
    ----------
    readers_of : mapping of Draft to collection of Party
        Who is shown which. Where that is not settled yet, the owner alone: then nobody else may be named.

    Raises
    ------
    Refused
        It says which file, what was found, and what to do.
    """
    if not names_any("\n".join(f"{draft.file_name}\n{_readable(draft.pk)}" for draft in readers_of)):
        return
    for draft, readers in readers_of.items():
        in_name, in_id = _found(draft.file_name, readers), _found(_readable(draft.pk), readers)
        if not in_name and not in_id:
            continue
        said = _("%(file)s (%(id)s) names %(others)s, and a party learns of no other party.")
        if in_id or draft.copies.exists():
            what_to_do = _("This draft keeps its name. Export the drawing anew under another name, and upload that.")
        else:
            what_to_do = _("Rename the file and upload it again: the draft takes the new name.")
        facts = {"file": draft.file_name, "id": draft.pk, "others": in_name or in_id}
        raise Refused(joined((said % facts, what_to_do)))


def may_take_name(draft: Draft, file_name: str) -> bool:
    """Whether a draft that is uploaded again takes this name: its own names a party, and no copy was made of it yet."""
    return file_name != draft.file_name and not draft.copies.exists() and names_any(draft.file_name)


def _found(words: str, readers: Collection[Party]) -> str:
    found = foreign_in(words, readers)
    return _(", ").join(dict.fromkeys(name for names in found.values() for name in names))


def _readable(draft_id: str) -> str:
    """Return what can be read of an id: all but the digits of the file's hash at its end."""
    return draft_id.rpartition("-")[0]
