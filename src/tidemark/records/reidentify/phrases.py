"""Quotes, and phrases that only one party's papers have.

Texts are compared word by word, folded, whatever stands between the words. Chinese is compared by the character.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tidemark.records.reidentify import ordinary
from tidemark.records.reidentify.folded import Folded, folded, is_ideograph, runs
from tidemark.records.reidentify.known import KnownText, Source

QUOTE_WORDS, QUOTE_IDEOGRAPHS = 6, 10
"""Consecutive words, or Chinese characters, from which it is a quote."""

PHRASE_WORDS, PHRASE_IDEOGRAPHS = 4, 7
"""Consecutive ones from which it is a phrase of somebody's, if nobody else has it."""

STOP = ordinary.JOINING | frozenset(
    ordinary.words("""
    about after all also any are as be because been before being between both but can could did does during each had
    has have he her his how if into is it its it's may more must no nor not only other our out over shall she should
    since so some such than that their them then there these they this those through under until up upon us was we
    were what when where which while who whom whose will within without would you your
""")
)
STOP_ZH = frozenset("的了在是和与及或等对于以为从将被由其该此本我方您贵并而但如若所有不无也都就则已可应须")
"""Words, and characters, that every text has."""

Token = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Every sequence of words that gives a party away, by its length."""

    quotes: frozenset[tuple[str, ...]]
    notes: frozenset[tuple[str, ...]]
    unique: frozenset[tuple[str, ...]]


def phrases_of(texts: Iterable[KnownText], plain: Iterable[str]) -> Phrases:
    """Gather the sequences of the confidential texts that do not stand in ``plain`` ones."""
    known = _sequences(plain, QUOTE_WORDS, QUOTE_IDEOGRAPHS)
    common = _sequences(plain, PHRASE_WORDS, PHRASE_IDEOGRAPHS)
    quotes: set[tuple[str, ...]] = set()
    notes: set[tuple[str, ...]] = set()
    owners: dict[tuple[str, ...], str] = {}
    for each in texts:
        (notes if each.source == Source.NOTE else quotes).update(
            _sequences([each.text], QUOTE_WORDS, QUOTE_IDEOGRAPHS) - known
        )
        if each.party:
            for sequence in _sequences([each.text], PHRASE_WORDS, PHRASE_IDEOGRAPHS):
                owners[sequence] = each.party if owners.get(sequence, each.party) == each.party else ""
        elif each.source != Source.NOTE:
            common |= _sequences([each.text], PHRASE_WORDS, PHRASE_IDEOGRAPHS)
    unique = {each for each, party in owners.items() if party and each not in common and _says_something(each)}
    return Phrases(frozenset(quotes), frozenset(notes - quotes), frozenset(unique))


def found(
    text: Folded,
    among: frozenset[tuple[str, ...]],
    *,
    words: int,
    ideographs: int,
    but: Callable[[tuple[str, ...]], bool] | None = None,
) -> Iterator[tuple[int, int]]:
    """Yield where a text has sequences of these, those that run into one another as one; ``but`` tells exceptions."""
    start = end = -1
    for first, last, sequence in _windows(text, words, ideographs):
        if sequence not in among or (but is not None and but(sequence)):
            continue
        if start >= 0 and first > end:
            yield start, end
            start = -1
        start, end = (first if start < 0 else start), last
    if start >= 0:
        yield start, end


def _sequences(texts: Iterable[str], words: int, ideographs: int) -> set[tuple[str, ...]]:
    return {sequence for text in texts for _, _, sequence in _windows(folded(text), words, ideographs)}


def _windows(text: Folded, words: int, ideographs: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield each sequence of words, and of Chinese characters, with where it stands in the folded text, in order."""
    for stretch, is_chinese in placed_stretches(text):
        length = ideographs if is_chinese else words
        for place in range(len(stretch) - length + 1):
            window = stretch[place : place + length]
            yield window[0][1], window[-1][2], tuple(token[0] for token in window)


def placed_stretches(text: Folded) -> Iterator[tuple[list[Token], bool]]:
    """Yield the words of a folded text that stand in a row, with their places, and whether they are Chinese."""
    stretch: list[Token] = []
    is_chinese = False
    for word, start, end in runs(text):
        tokens = [(char, start + n, start + n + 1) for n, char in enumerate(word)] if is_ideograph(word[0]) else []
        if stretch and bool(tokens) != is_chinese:
            yield stretch, is_chinese
            stretch = []
        is_chinese = bool(tokens)
        stretch += tokens or [(word, start, end)]
    if stretch:
        yield stretch, is_chinese


def _says_something(sequence: tuple[str, ...]) -> bool:
    if is_ideograph(sequence[0][0]):
        return sum(char not in STOP_ZH for char in sequence) >= PHRASE_IDEOGRAPHS - 1
    return len({word for word in sequence if word not in STOP}) >= PHRASE_WORDS - 1
