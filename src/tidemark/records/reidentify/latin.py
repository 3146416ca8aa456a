"""Chinese names as they are written in our letters: pinyin without tones."""

from collections.abc import Iterator

from pypinyin import lazy_pinyin


def in_pinyin(run: str) -> tuple[str, ...]:
    """Return the spellings of a run of Chinese, in one word; that of ü as v, and as u."""
    plain = "".join(lazy_pinyin(run, errors="ignore"))
    return tuple(dict.fromkeys((plain, plain.replace("v", "u"))))


def persons_in_pinyin(name: str) -> Iterator[str]:
    """Yield the spellings of a person's Chinese name, with its surname, of one character or two, first and last."""
    yield from in_pinyin(name)
    for surname in range(1, min(2, len(name) - 1) + 1):
        yield from in_pinyin(name[surname:] + name[:surname])
