"""Whether a text that a party is going to read names another: it learns of none but those below it, and the owner.

The rule for names is that of public statements (:mod:`tidemark.records.reidentify`), as far as that refuses outright.
Here no reason lets anything pass, so what the party's own names say points to nobody else, and a short word that is a
name, such as "Lantern", counts only where it is written with a capital.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from django.utils import translation

from tidemark.records.accounts.recognised import people_by_party, recognised
from tidemark.records.cases.summary import PROPOSED, below
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import fold
from tidemark.records.reidentify.folded import folded, is_ideograph, squeeze, words_of
from tidemark.records.reidentify.known import KnownParty
from tidemark.records.reidentify.names import Pattern, patterns_of
from tidemark.records.reidentify.objection import Rule, Severity
from tidemark.records.reidentify.occurrences import ANYWHERE, occurrences


def foreign_names(text: str, party: Party) -> list[str]:
    """Return what in a text names another party on record or one of its people, as it stands there, each once."""
    learns_of = {party.pk, *below(party).values_list("party_id", flat=True)}
    people = people_by_party()
    own: list[KnownParty] = []
    others: list[KnownParty] = []
    for row in Party.objects.order_by("pk"):
        is_own = row.is_owner or row.pk in learns_of
        (own if is_own else others).append(recognised(row, people.get(row.pk, ())))
    own_names = [name for each in own for name in (*each.names, *each.persons)]
    found = [*_written(text, _patterns(others, own), own_names)]
    found += _whole(text, [name for each in others for name in each.names], own_names)
    longest_first = sorted(dict.fromkeys(found), key=len, reverse=True)
    kept: list[str] = []
    for each in longest_first:
        if not any(fold(each) in fold(longer) for longer in kept):
            kept.append(each)
    return kept


def _patterns(others: Iterable[KnownParty], own: Collection[KnownParty]) -> Iterator[Pattern]:
    """Yield what gives the others away, for which nothing on the party's own side stands."""
    plain = _proposed_words()
    names = plain | {word for each in own for name in (*each.names, *each.persons) for word in words_of(name)}
    persons = {squeeze(person) for each in own for person in each.persons}
    for other in others:
        yield from patterns_of(KnownParty(other.key, other.names), names)
        strangers = tuple(person for person in other.persons if squeeze(person) not in persons)
        yield from patterns_of(KnownParty(other.key, (), strangers), plain)
        yield from (Pattern(squeeze(email), Rule.ADDRESS, Severity.REFUSES) for email in other.emails)


def _written(text: str, patterns: Iterable[Pattern], own_names: Iterable[str]) -> Iterator[str]:
    """Yield what gives the others away, as it stands in the text."""
    seen, excused = folded(text), _spans(text, own_names)
    refusing = [each for each in patterns if each.severity == Severity.REFUSES and len(each.text) > 1]
    for pattern, first, last in occurrences(refusing, seen, text):
        start, end = seen.span(first, last)
        is_plain = len(pattern.text) < ANYWHERE and not is_ideograph(pattern.text[0]) and not text[start].isupper()
        if not is_plain and not _is_excused((start, end), excused):
            yield text[start:end]


def _whole(text: str, names: Iterable[str], own_names: Iterable[str]) -> Iterator[str]:
    """Yield the names that stand in a text just as they are on record, however plain their words."""
    seen = fold(text)
    excused = _spans(seen, map(fold, own_names))
    for name in names:
        wanted = fold(name)
        if wanted in seen and not all(_is_excused(span, excused) for span in _spans(seen, [wanted])):
            yield name


def _spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Return where names stand in a text as words of their own, the longer ones first: "Li" is no part of "Lin"."""
    known = sorted({name for name in names if name}, key=len, reverse=True)
    words = "|".join(rf"{_edge(name[0], ahead=False)}{re.escape(name)}{_edge(name[-1], ahead=True)}" for name in known)
    return [match.span() for match in re.finditer(words, text, flags=re.IGNORECASE)] if known else []


def _edge(letter: str, *, ahead: bool) -> str:
    """Return what keeps a name from being part of a longer word; nothing at a Chinese letter, which has no spaces."""
    if not (letter.isascii() and letter.isalnum()):
        return ""
    return "(?![0-9A-Za-z])" if ahead else "(?<![0-9A-Za-z])"


def _is_excused(span: tuple[int, int], own: Iterable[tuple[int, int]]) -> bool:
    """Whether what was found is a part of a longer name of the party's own side."""
    start, end = span
    return any(first <= start and end <= last and end - start < last - first for first, last in own)


@cache
def _proposed_words() -> frozenset[str]:
    """Return the words of our own proposals in either language."""
    found: set[str] = set()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found.update(word for each in PROPOSED for word in words_of(str(each)))
    return frozenset(found)
