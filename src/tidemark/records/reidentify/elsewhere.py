"""The papers of all cases, as a statement of one of them is compared with: each sequence of words as a number.

There may be millions of words, so no sequence is kept as words: it is a number of 64 bits, and numbers are looked up by
bisection. Two different sequences have one number less than once in 10^9 statements. The numbers differ from process
to process, as :func:`hash` does; what is found does not.

A sequence points to a party if the papers of that party alone have it. What several parties' papers have points to
none of them; nor do the owner's own words, what was said in public, and what everybody says. Whatever is found needs a
reason, and refuses nothing by itself: a party writes what it likes, and must not keep another case's statement from
being issued by having written its sentences before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tidemark.records.reidentify import ordinary
from tidemark.records.reidentify.folded import Folded, is_ideograph, stretches_of
from tidemark.records.reidentify.known import KnownText, Source
from tidemark.records.reidentify.objection import Rule, Severity
from tidemark.records.reidentify.phrases import (
    PHRASE_IDEOGRAPHS,
    PHRASE_WORDS,
    QUOTE_IDEOGRAPHS,
    QUOTE_WORDS,
    STOP,
    STOP_ZH,
    Token,
    placed_stretches,
)

LEAST_TELLING, LEAST_TELLING_ZH = 4, 7
"""How many different words, or Chinese characters, that not every text has must stand in a quote."""

PHRASE_TELLING, PHRASE_TELLING_ZH = 3, 6
"""The same of a phrase."""

Numbers = npt.NDArray[np.uint64]
Common = frozenset[tuple[str, ...]]
Found = tuple[Rule, Severity, int, int]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, and no small one: the order of words counts
_NONE: Numbers = np.zeros(0, np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Papers:
    """Papers, made ready to be looked for.

    Attributes
    ----------
    quotes, phrases : array of uint64, ascending
        Sequences of a quote's and of a phrase's length that one party's papers alone have.
    notes : array of uint64, ascending
        Sequences of a quote's length that the notes of one case alone have, and no party's papers.
    shared : array of uint64, ascending
        Sequences of a phrase's length that several parties' papers have.
    """

    quotes: Numbers = field(default_factory=lambda: _NONE)
    phrases: Numbers = field(default_factory=lambda: _NONE)
    notes: Numbers = field(default_factory=lambda: _NONE)
    shared: Numbers = field(default_factory=lambda: _NONE)

    def found(self, seen: Folded, common: Common) -> Iterator[Found]:
        """Yield what a folded text has of them, with where in it.

        Parameters
        ----------
        common : frozenset of sequences of a phrase's length
            They point to nobody.
        """
        for stretch, is_chinese in placed_stretches(seen):
            words = [token[0] for token in stretch]
            numbers = _numbers(words)
            phrase = PHRASE_IDEOGRAPHS if is_chinese else PHRASE_WORDS
            quote = QUOTE_IDEOGRAPHS if is_chinese else QUOTE_WORDS
            plain = _plain(words, phrase, common)
            least = LEAST_TELLING_ZH if is_chinese else LEAST_TELLING
            for sequences in (self.quotes, self.notes):
                for first, last in _runs(_within(_sequences(numbers, quote), sequences), quote):
                    if _tells(words, plain, first, last, least=least):
                        yield Rule.QUOTE, Severity.NEEDS_REASON, *_span(stretch, first, last)
            least = PHRASE_TELLING_ZH if is_chinese else PHRASE_TELLING
            for first, last in _runs(_within(_sequences(numbers, phrase), self.phrases), phrase):
                if _tells(words, plain, first, last, least=least, least_own=2):
                    yield Rule.PHRASE, Severity.NEEDS_REASON, *_span(stretch, first, last)

    def is_shared(self, sequence: Sequence[str]) -> bool:
        """Whether several parties' papers have this sequence of a phrase's length."""
        return bool(_within(_sequences(_numbers(sequence), len(sequence)), self.shared).any())


@lru_cache(maxsize=2)
def papers_of(texts: tuple[KnownText, ...]) -> Papers:
    """Make papers ready. What was made last is kept: papers change more rarely than statements are looked at."""
    whose: dict[str, int] = {}
    of_parties, of_notes = _Sequences(), _Sequences()
    for each in texts:
        if each.source == Source.ALLEGATION:  # the owner's own words, though they may quote a party's
            continue
        is_note = each.source == Source.NOTE
        owner = whose.setdefault(f"party {each.party}" if each.party else f"case {each.case}", len(whose))
        (of_notes if is_note else of_parties).add(each.text, owner)
    quotes, shared_quotes = of_parties.by_owner(QUOTE_WORDS, QUOTE_IDEOGRAPHS)
    phrases, shared = of_parties.by_owner(PHRASE_WORDS, PHRASE_IDEOGRAPHS)
    notes, _of_several = of_notes.by_owner(QUOTE_WORDS, QUOTE_IDEOGRAPHS)
    only_notes = notes[~(_within(notes, quotes) | _within(notes, shared_quotes))]
    return Papers(quotes, phrases, only_notes, shared)


class _Sequences:
    """The words of texts as numbers, each stretch of them with whose it is."""

    def __init__(self) -> None:
        self._stretches: list[Numbers] = []
        self._owners: list[int] = []
        self._chinese: list[bool] = []

    def add(self, text: str, owner: int) -> None:
        for words in stretches_of(text):
            self._stretches.append(_numbers(words))
            self._owners.append(owner)
            self._chinese.append(is_ideograph(words[0][0]))

    def by_owner(self, words: int, ideographs: int) -> tuple[Numbers, Numbers]:
        """Return the sequences of such a length that one owner alone has, and those that several have."""
        made: list[Numbers] = []
        owners: list[int] = []
        for numbers, owner, is_chinese in zip(self._stretches, self._owners, self._chinese, strict=True):
            made.append(_sequences(numbers, ideographs if is_chinese else words))
            owners.append(owner)
        if not made:
            return _NONE, _NONE
        sequences = np.concatenate(made)
        owned = np.repeat(np.array(owners, np.int32), [len(each) for each in made])
        if not len(sequences):
            return _NONE, _NONE
        order = np.argsort(sequences)
        sequences, owned = sequences[order], owned[order]
        starts = np.flatnonzero(np.concatenate(([True], sequences[1:] != sequences[:-1])))
        is_one = np.minimum.reduceat(owned, starts) == np.maximum.reduceat(owned, starts)
        return sequences[starts[is_one]], sequences[starts[~is_one]]


def _numbers(words: Sequence[str]) -> Numbers:
    return np.fromiter(map(hash, words), np.int64, len(words)).view(np.uint64)


def _sequences(numbers: Numbers, length: int) -> Numbers:
    """Return the number of each sequence of so many words in a row, in their order."""
    count = len(numbers) - length + 1
    if count <= 0:
        return _NONE
    made: Numbers = np.zeros(count, np.uint64)
    for place in range(length):
        made = made * _FACTOR + numbers[place : place + count]
    return made


def _within(some: Numbers, ascending: Numbers) -> npt.NDArray[np.bool_]:
    """Return of each number whether it is one of these."""
    if not len(ascending):
        return np.zeros(len(some), np.bool_)
    at = np.minimum(np.searchsorted(ascending, some), len(ascending) - 1)
    found: npt.NDArray[np.bool_] = ascending[at] == some
    return found


def _runs(hits: npt.NDArray[np.bool_], length: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last word of sequences that were found, those that run into one another as one."""
    start = end = -1
    for first in np.flatnonzero(hits).tolist():
        if start >= 0 and first > end:
            yield start, end
            start = -1
        start, end = (first if start < 0 else start), first + length - 1
    if start >= 0:
        yield start, end


def _plain(words: Sequence[str], length: int, common: Common) -> frozenset[int]:
    """Return the places of the words that stand in what points to nobody."""
    found: set[int] = set()
    for place in range(len(words) - length + 1):
        if tuple(words[place : place + length]) in common:
            found.update(range(place, place + length))
    return frozenset(found)


def _tells(
    words: Sequence[str], plain: frozenset[int], first: int, last: int, *, least: int, least_own: int = 1
) -> bool:
    """Whether a run has so many words that not every text has, and so many that are none of the trade either."""
    telling = {words[place] for place in range(first, last + 1) if place not in plain and not _is_stop(words[place])}
    own = telling - ordinary.GENERIC - ordinary.ORDINARY
    return len(telling) >= least and len(own) >= least_own


def _is_stop(word: str) -> bool:
    """Whether every text has it, or it is of a figure: sums and days have rules of their own, or point to nobody."""
    return word in STOP or word in STOP_ZH or word.isdecimal()


def _span(stretch: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    return stretch[first][1], stretch[last][2]


def common_of(texts: Iterable[str]) -> Common:
    """Return the sequences of a phrase's length that point to nobody."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        for words in stretches_of(text):
            length = PHRASE_IDEOGRAPHS if is_ideograph(words[0][0]) else PHRASE_WORDS
            found.update(tuple(words[place : place + length]) for place in range(len(words) - length + 1))
    return frozenset(found)
