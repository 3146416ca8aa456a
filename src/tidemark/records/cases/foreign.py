"""Whether a text that a party is going to read names another: it learns of none but those below it, and the owner.

The rule for names is that of public statements (:mod:`tidemark.records.reidentify`), as far as that refuses outright.
Here no reason lets anything pass, so what the party's own names say points to nobody else, and a short word that is a
name, such as "Lantern", counts only where it is written with a capital. So do names of everyday words alone, such as
"Summit": a supplier writes down what its people and sub-vendors are called, and must not stop others' texts by that.
A Chinese name counts however short it is, in Chinese and in pinyin, also where it is a word of everyday language: that
can be said otherwise.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from django.utils import translation

from tidemark.records.accounts.recognised import people_by_party, recognised
from tidemark.records.cases.confirmed import confirmed
from tidemark.records.cases.summary import PROPOSED, below
from tidemark.records.parties.models import Party
from tidemark.records.parties.names import fold
from tidemark.records.reidentify import ordinary
from tidemark.records.reidentify.chinese import chinese_names, places_of
from tidemark.records.reidentify.folded import Folded, folded, is_ideograph, squeeze, words_of
from tidemark.records.reidentify.known import KnownParty
from tidemark.records.reidentify.names import Pattern, patterns_of
from tidemark.records.reidentify.objection import Rule, Severity
from tidemark.records.reidentify.occurrences import ANYWHERE, occurrences, opens_sentence
from tidemark.records.reidentify.phrases import STOP, STOP_ZH

_WORD = re.compile(r"[^\W_]+")
_OF_COMPANIES = ordinary.GENERIC | ordinary.LEGAL_FORMS | {*ordinary.GENERIC_ZH, *ordinary.LEGAL_FORMS_ZH}


def foreign_names(text: str, party: Party, *, agreed: str = "") -> list[str]:
    """Return what in a text names another party on record or one of its people, as it stands there, each once.

    Parameters
    ----------
    agreed : str
        Words that the party has agreed to and nobody can change, read after the text: a Chinese name that they have,
        short as a word, is that word.
    """
    learns_of = {party.pk, *below(party).values_list("party_id", flat=True)}
    people = people_by_party()
    own: list[KnownParty] = []
    others: list[KnownParty] = []
    for row in confirmed().order_by("pk"):
        is_own = row.is_owner or row.pk in learns_of
        (own if is_own else others).append(recognised(row, people.get(row.pk, ())))
    ours = chinese_names(own)
    whole_text = f"{text}\n{agreed}" if agreed else text
    seen = folded(whole_text)
    names = [name for each in own for name in (*each.names, *each.persons)]
    known = list(_standing([*names, *(each.text for each in ours)], seen))
    by_parts = _written(whole_text, seen, _patterns(others, own))
    standing = _standing([name for each in others for name in each.names], seen)
    whole = [at for at in standing if not _is_everyday(whole_text[slice(*at)]) or _is_name(whole_text, *at)]
    in_chinese = places_of(chinese_names(others), folded(text), text, but=ours)
    found = [
        *(whole_text[start:end] for start, end in (*by_parts, *in_chinese) if not _within(known, start, end)),
        *(whole_text[start:end] for start, end in whole if not _within(known, start, end, shorter=True)),
    ]
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


def _written(text: str, seen: Folded, patterns: Iterable[Pattern]) -> Iterator[tuple[int, int]]:
    """Yield where in a text the patterns that refuse stand."""
    refusing = [each for each in patterns if each.severity == Severity.REFUSES and len(each.text) > 1]
    for pattern, first, last in occurrences(refusing, seen, text):
        start, end = seen.span(first, last)
        is_plain = len(pattern.text) < ANYWHERE and not is_ideograph(pattern.text[0]) and not text[start].isupper()
        if not is_plain and _is_meant(pattern, text, start, end):
            yield start, end


def _is_meant(pattern: Pattern, text: str, start: int, end: int) -> bool:
    """Whether what a pattern was found in is written as what the pattern is of: an address, a person, a party."""
    said = text[start:end]
    is_one = not any(map(str.isspace, said))
    if pattern.rule == Rule.ADDRESS:  # "a@ndif.it" stands in "and if it" letter by letter
        return is_one or "@" in fold(said)
    if pattern.rule == Rule.PERSON:  # a supplier's contact writes down what colleagues are called, "Terminated Because"
        return is_one or is_ideograph(pattern.text[0]) or _is_name(text, start, end, anybodys=True)
    return not _is_everyday(said) or _is_name(text, start, end)


def _is_name(text: str, start: int, end: int, *, anybodys: bool = False) -> bool:
    """Whether words in our letters are written as a name: one of them has a capital, and not as a sentence's first.

    There it tells something only of a word that few sentences begin with, of "Summit" and not of "The"; and nothing at
    all where the words may be ``anybodys``.
    """
    for match in _WORD.finditer(text, start, end):
        first = match[0][0]
        if first.islower() or is_ideograph(first):
            continue
        is_opening = opens_sentence(text, match.start()) and (anybodys or fold(match[0]) in _opening_words())
        if not first.isupper() or not is_opening:
            return True
    return False


def _is_everyday(name: str) -> bool:
    """Whether each word of a name is one of any text, or of any company's name; "Summit Plastics" is a company's."""
    words = words_of(name)
    telling = set(words) - _opening_words()
    is_companys = not (telling.isdisjoint(ordinary.ORDINARY) or telling.isdisjoint(_OF_COMPANIES))
    everyday = all(len(word) == 1 or word in _everyday_words() or STOP_ZH.issuperset(word) for word in words)
    return bool(words) and everyday and not is_companys


def _standing(names: Iterable[str], seen: Folded) -> Iterator[tuple[int, int]]:
    """Yield where names stand in a text as words of their own, however plain: "Li" is no part of "Lin".

    Chinese has no spaces, so there any place counts.
    """
    for name in dict.fromkeys(names):
        words = folded(name).text.split()
        if words and words[0] in seen.text:
            spaced = r"\s+".join(map(re.escape, words))
            before = "(?<![0-9a-z])" if _is_ours(words[0][0]) else ""
            after = "(?![0-9a-z])" if _is_ours(words[-1][-1]) else ""
            for each in re.finditer(before + spaced + after, seen.text):
                yield seen.span(*each.span())


def _within(known: Iterable[tuple[int, int]], start: int, end: int, *, shorter: bool = False) -> bool:
    """Whether a place lies in one of these, or is all of one unless it has to be shorter."""
    return any(first <= start and end <= last and end - start <= last - first - shorter for first, last in known)


def _is_ours(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


@cache
def _everyday_words() -> frozenset[str]:
    """Return the words by which alone nobody is told, in either language."""
    return _opening_words() | ordinary.ORDINARY | ordinary.EVERYDAY_ZH | _OF_COMPANIES


@cache
def _opening_words() -> frozenset[str]:
    """Return the words with which sentences begin however the parties are called."""
    return STOP | _proposed_words()


@cache
def _proposed_words() -> frozenset[str]:
    """Return the words of our own proposals in either language."""
    found: set[str] = set()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found.update(word for each in PROPOSED for word in words_of(str(each)))
    return frozenset(found)
