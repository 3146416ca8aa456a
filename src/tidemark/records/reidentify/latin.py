"""Chinese names as they are written in our letters: pinyin without tones."""

from collections.abc import Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin


@lru_cache(maxsize=20_000)
def in_pinyin(run: str) -> tuple[str, ...]:
    """Return the spellings of a run of Chinese, in one word; that of ü as v, and as u."""
    plain = "".join(lazy_pinyin(run, errors="ignore"))
    return tuple(dict.fromkeys((plain, plain.replace("v", "u"))))


def persons_in_pinyin(name: str) -> Iterator[str]:
    """Yield the spellings of a person's Chinese name, with its surname, of one character or two, first and last."""
    yield from in_pinyin(name)
    for surname in range(1, min(2, len(name) - 1) + 1):
        yield from in_pinyin(name[surname:] + name[:surname])


@lru_cache(maxsize=10_000)
def syllables(char: str) -> tuple[str, ...]:
    """Return the syllables that a character may be, in any of its readings; ü as u, and as v and yu beside it."""
    read = [each for found in pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore") for each in found]
    spelt = (each.replace("v", letter) for each in read for letter in ("u", "v", "yu"))
    return tuple(dict.fromkeys(spelt))
