"""Where a text has a Chinese name, in Chinese or in pinyin, however short: for texts in which no reason lets it pass.

A name of two characters may be a word of everyday Chinese; it counts all the same. In pinyin a name counts where it is
written as one: "Huaan", "Hua'an" and "Li Ning" are names, "lining" and "Lining" are not.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from tidemark.records.reidentify import ordinary
from tidemark.records.reidentify.folded import Folded, is_ideograph, squeeze
from tidemark.records.reidentify.known import KnownParty
from tidemark.records.reidentify.latin import in_pinyin, syllables
from tidemark.records.reidentify.names import chinese_cores
from tidemark.records.reidentify.occurrences import ANYWHERE

_SAY_NOTHING = frozenset((*ordinary.ORDINARY_ZH, *ordinary.GENERIC_ZH, *ordinary.LEGAL_FORMS_ZH))
_BETWEEN = r"[\s,_'’‘\-‐·]{0,2}"
"""What may stand between two syllables of a name."""
_NEW_WORD = re.compile(r"[\s,_]")


@dataclass(frozen=True, slots=True)
class ChineseName:
    """A name of a person, or the core of a company's: 霁川 of 苏州霁川汽车饰件有限公司."""

    text: str
    is_person: bool


def chinese_names(parties: Iterable[KnownParty]) -> frozenset[ChineseName]:
    """Return the Chinese names of parties and of their people, but for words that name nobody."""
    found: set[ChineseName] = set()
    for party in parties:
        found.update(ChineseName(core, False) for name in party.names for core, _ in chinese_cores(name, ()) if core)
        people = ("".join(filter(is_ideograph, squeeze(each))) for each in party.persons)
        found.update(ChineseName(each, True) for each in people if len(each) > 1 and each not in _SAY_NOTHING)
    return frozenset(found)


def places_of(
    names: Iterable[ChineseName], seen: Folded, text: str, *, but: Iterable[ChineseName] = ()
) -> Iterator[tuple[int, int]]:
    """Yield where names stand in a text, as indices into it as it was written.

    Parameters
    ----------
    seen : Folded
        The text, folded.
    text : str
        As it was written: it tells capitals.
    but : iterable of ChineseName
        Names that may be said, and whatever is spelt like them in pinyin.
    """
    told = frozenset(but)
    hidden = {each.text for each in told}
    may_be_said = [re.compile(each) for name in told for each in _spellings(name)]
    letters = "".join(filter(str.isalnum, seen.text))
    for name in names:
        if name.text not in hidden and name.text[0] in letters:
            for found in re.finditer(r"[\s·]*".join(name.text), seen.text):
                yield seen.span(*found.span())
        if not _can_be_spelt(name.text, letters):
            continue
        for spelling in _spellings(name):
            for found in re.finditer(rf"(?<![0-9a-z]){spelling}(?![0-9a-z])", seen.text):
                if _is_name(found, seen, text) and not any(each.fullmatch(found[0]) for each in may_be_said):
                    yield seen.span(*found.span())


def _is_name(found: "re.Match[str]", seen: Folded, text: str) -> bool:
    """Whether syllables are written as a name, and are no word of everyday English and no city."""

    def is_capital(place: int) -> bool:
        return text[seen.at[place]].isupper()

    starts = [found.start(number) for number in range(1, len(found.groups()) + 1)]
    gaps = [seen.text[found.end(number) : start] for number, start in enumerate(starts[1:], 1)]
    words = [starts[0], *(start for start, gap in zip(starts[1:], gaps, strict=True) if _NEW_WORD.search(gap))]
    is_capitalised = all(map(is_capital, words))
    letters = "".join(found.groups())
    if letters in _everyday():
        is_camel = any(is_capital(start) and not is_capital(start - 1) for start in starts[1:])
        return is_capitalised and (any(gaps) or is_camel)
    return is_capitalised or len(letters) >= ANYWHERE


def _can_be_spelt(name: str, letters: str) -> bool:
    """Whether some syllable of each character is among the letters of a text: most names are absent by that."""
    return all(any(syllable in letters for syllable in syllables(char)) for char in name)


@lru_cache(maxsize=20_000)
def _spellings(name: ChineseName) -> tuple[str, ...]:
    """Return the regular expressions of a name in pinyin, a group for each syllable; a person's surname first or last.

    A surname has one character, or two.
    """
    text = name.text
    surnames = range(1, min(2, len(text) - 1) + 1) if name.is_person else ()
    ordered = (text, *(text[count:] + text[:count] for count in surnames))
    return tuple(_BETWEEN.join(f"({'|'.join(syllables(char))})" for char in each) for each in dict.fromkeys(ordered))


@cache
def _everyday() -> frozenset[str]:
    cities = (spelt for city in ordinary.PLACES_ZH for spelt in in_pinyin(city))
    return ordinary.READ_AS_PINYIN | ordinary.ORDINARY | ordinary.GENERIC | frozenset(cities)
