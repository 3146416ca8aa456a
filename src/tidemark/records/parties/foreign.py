"""Whether words of the owner's people name another party to those who are going to read them.

What names a party is found by cases (:mod:`tidemark.records.cases.foreign`), and who writes such words early, of an
agreement or a copy, knows nothing of cases. So cases say here how, when the records are started (their
``AppConfig.ready``).
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import fold

Finder = Callable[[str, Party], list[str]]
"""Returns what in a text names another party than the one that reads it, and those below it."""

_finders: list[Finder] = []


def find_by(finder: Finder) -> None:
    """Have it asked from now on. Saying it twice is saying it once."""
    if finder not in _finders:
        _finders.append(finder)


def refuse_foreign(words: str, readers: Collection[Party], *, wrote: Collection[str] = ()) -> None:
    """Refuse words that name another party to one of those who are going to read them.

    Parameters
    ----------
    wrote : collection of str
        Names that the readers themselves wrote: these may be said back to them.

    Raises
    ------
    Refused
        It says what was found, and whom it must not reach.
    """
    if len(readers) > 1 and not foreign_in(words, Party.objects.filter(is_owner=True), wrote=wrote):
        return  # the owner's names are everybody's to read, so what names nobody to the owner names nobody
    found = foreign_in(words, readers, wrote=wrote)
    if not found:
        return
    if len(readers) == 1:
        ((_party, names),) = found.items()
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(names)}
        )
    raise Refused(
        _("Several parties read this text, and each learns of no other party. Take the names out: %(found)s.")
        % {"found": "; ".join(f"{party} – {_(', ').join(names)}" for party, names in found.items())}
    )


def refuse_any_name(words: str) -> None:
    """Refuse words that name any party but the owner: many are going to read them, and who is not settled yet.

    Raises
    ------
    Refused
        It says what was found.
    """
    refuse_foreign(words, Party.objects.filter(is_owner=True))


def names_any(words: str) -> bool:
    """Whether words name any party but the owner."""
    return bool(foreign_in(words, Party.objects.filter(is_owner=True)))


def foreign_in(words: str, readers: Collection[Party], *, wrote: Collection[str] = ()) -> dict[Party, list[str]]:
    """Return, by reader, what names another party in words; those to whom nothing does are left out."""
    known = [fold(name) for name in wrote]
    found = {}
    for party in readers:
        names = [name for finder in _finders for name in finder(words, party)]
        foreign = [name for name in names if not any(fold(name) in each for each in known)]
        if foreign:
            found[party] = foreign
    return found
