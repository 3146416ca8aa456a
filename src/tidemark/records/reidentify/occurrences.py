"""Where a text has what names are recognised by, and not pieces of other words that happen to read like it."""

from collections.abc import Iterable, Iterator

from tidemark.records.reidentify.folded import Folded, Squeezed, is_ideograph, squeezed
from tidemark.records.reidentify.names import Pattern
from tidemark.records.reidentify.objection import Rule

ANYWHERE, AT_AN_END = 8, 6
"""Letters from which a name is one within other words, and at the beginning or the end of one."""

_HEAD = 4
_SPELT_ANYHOW = (Rule.CODE_NAME, Rule.FILE_NAME, Rule.REFERENCE, Rule.NUMBER)


def occurrences(patterns: Iterable[Pattern], seen: Folded, text: str) -> Iterator[tuple[Pattern, int, int]]:
    """Yield each pattern that stands in a text, with where in the folded text it begins and ends.

    Parameters
    ----------
    seen : Folded
        The text, folded.
    text : str
        As it was written: it tells capitals.
    """
    flat = squeezed(seen)
    # Most patterns are told to be absent by their first letters.
    heads = {flat.text[at : at + _HEAD] for at in range(len(flat.text))}
    for pattern in patterns:
        if pattern.text[:_HEAD] not in heads and len(pattern.text) >= _HEAD:
            continue
        at = flat.text.find(pattern.text)
        while at >= 0:
            last = at + len(pattern.text) - 1
            if _stands(pattern, flat, at, last) and (not pattern.capital or _is_written_as_name(seen, flat, at, text)):
                yield pattern, flat.at[at], flat.at[last] + 1
            at = flat.text.find(pattern.text, at + 1)


def _stands(pattern: Pattern, flat: Squeezed, start: int, last: int) -> bool:
    """Whether what was found is the pattern, and not a piece of other words that happens to read like it."""
    if is_ideograph(pattern.text[0]):
        return True
    one_word = flat.word[start] == flat.word[last]
    length = last - start + 1
    if flat.begins(start) and flat.ends(last):
        spelt_out = flat.word[last] - flat.word[start] == last - start
        return one_word or length >= AT_AN_END or spelt_out or pattern.rule in _SPELT_ANYHOW
    if pattern.whole:
        return False
    return length >= ANYWHERE or (length >= AT_AN_END and one_word and (flat.begins(start) or flat.ends(last)))


def _is_written_as_name(seen: Folded, flat: Squeezed, start: int, text: str) -> bool:
    """Whether it begins with a capital, and no sentence begins there."""
    place = seen.at[flat.at[start]]
    return text[place].isupper() and (not opens_sentence(text, place) or text[place : place + 2].isupper())


def opens_sentence(text: str, place: int) -> bool:
    """Whether a sentence begins at this place of a text."""
    before = text[:place].rstrip(" \t\"'“”‘’(")
    return not before or before[-1] in ".!?:\n。！？："
