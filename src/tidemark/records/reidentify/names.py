"""What a name is recognised by: the whole of it, the words that only it has, its initials, its Chinese core.

"Northwick Mouldings Ltd" is recognised by "northwick" and by "northwick mouldings", and by "NM"; never by "mouldings".
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tidemark.records.reidentify import ordinary
from tidemark.records.reidentify.folded import is_ideograph, squeeze, words_of
from tidemark.records.reidentify.known import KnownParty
from tidemark.records.reidentify.latin import in_pinyin, persons_in_pinyin
from tidemark.records.reidentify.objection import Rule, Severity

LEAST_PART = 4
"""Letters of a word that is looked for however it is written; shorter ones only where they are written as a name."""

LEAST_PINYIN = 6
"""Letters of a Chinese name in pinyin that is taken for it however it is written."""

LEAST_ALMOST = 7
"""Letters of a word that is recognised with one of them wrong."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is looked for in the squeezed text.

    Attributes
    ----------
    text : str
        Squeezed.
    whole : bool
        Only as a word of its own.
    capital : bool
        Only where it is written like a name: with a capital, within a sentence.
    """

    text: str
    rule: Rule
    severity: Severity
    whole: bool = False
    capital: bool = False


def patterns_of(party: KnownParty, own: Collection[str]) -> Iterator[Pattern]:
    """Yield what a party's names and persons are recognised by. ``own`` are words that point to nobody here."""
    for name in party.names:
        yield from _of_name(name, own)
        if name.translate(_UMLAUTS) != name:
            yield from _of_name(name.translate(_UMLAUTS), own)
    for person in party.persons:
        yield from _of_person(person, own)


def initials_of(name: str) -> set[str]:
    """Return the initials of a name of several words, in lower case, with its legal form and without."""
    spoken = [word for word in words_of(name) if word[0].isascii() and word not in ordinary.JOINING]
    bare = [word for word in spoken if word not in ordinary.LEGAL_FORMS]
    found = {"".join(word[0] for word in words) for words in (spoken, bare) if 2 <= len(words) <= 5}
    return {each for each in found if each not in ordinary.ABBREVIATIONS and each not in ordinary.JOINING}


def distinctive(name: str, own: Collection[str]) -> list[str]:
    """Return the words of a name that only it has."""
    return [word for word in _bare(name) if word not in ordinary.ORDINARY and not _says_nothing(word, own)]


def chinese_cores(name: str, own: Collection[str]) -> list[tuple[str, str]]:
    """Return, for each run of Chinese in a name, its core and the run without its legal form.

    The core of 苏州霁川汽车饰件有限公司 is 霁川. It is '' where nothing is left that is its own.
    """
    found = []
    for run in _chinese_runs(name):
        bare = _without_end(run, ordinary.LEGAL_FORMS_ZH)
        core = bare
        for place in (f"{each}{kind}" for kind in ("省", "市", "") for each in ordinary.PLACES_ZH):
            if core.startswith(place) and len(core) > len(place):
                core = core.removeprefix(place)
                break
        core = _without_end(core, ordinary.GENERIC_ZH)
        if core in own or core in ordinary.ORDINARY_ZH or len(core) < 2 or core in ordinary.GENERIC_ZH:
            core = ""
        found.append((core, bare))
    return found


def _chinese_runs(name: str) -> list[str]:
    return "".join(char if is_ideograph(char) else " " for char in squeeze(name)).split()


def _of_name(name: str, own: Collection[str]) -> Iterator[Pattern]:
    words = _bare(name)
    whole = squeeze(" ".join(words))
    if len(words) > 1 and len(whole) >= LEAST_PART:
        yield Pattern(whole, Rule.NAME, Severity.REFUSES)
        for count in range(2, len(words)):  # "Summit Plastics" of the Summit Plastics Group
            if any(not _says_nothing(word, own) for word in words[:count]):
                yield Pattern(squeeze(" ".join(words[:count])), Rule.NAME, Severity.REFUSES)
    elif words and words[0] in ordinary.GENERIC:  # "Systems Ltd": only with what makes it a name
        yield Pattern(squeeze(name), Rule.NAME, Severity.REFUSES, whole=True)
    for word in distinctive(name, own):
        text = squeeze(word)
        if len(text) >= LEAST_PART:
            yield Pattern(text, Rule.NAME, Severity.REFUSES)
            if len(text) > LEAST_PART + 1 and text != text[::-1]:
                yield Pattern(text[::-1], Rule.NAME, Severity.REFUSES)
        elif len(text) == LEAST_PART - 1:
            yield Pattern(text, Rule.NAME, Severity.REFUSES, whole=True, capital=True)
        elif len(text) > 1:
            yield Pattern(text, Rule.ALMOST, Severity.NEEDS_REASON, whole=True, capital=True)
    if words and words[0] in ordinary.ORDINARY and words[0] not in own:
        yield Pattern(squeeze(words[0]), Rule.ALMOST, Severity.NEEDS_REASON, whole=True, capital=True)
    for core, bare in chinese_cores(name, own):
        if core:
            yield Pattern(core, Rule.NAME, Severity.REFUSES)
        for text in in_pinyin(core or bare):
            yield from _in_our_letters(text, Rule.NAME, own, is_sure=bool(core))
        if len(bare) > 2 and core != bare and bare not in ordinary.GENERIC_ZH:
            yield Pattern(bare, Rule.NAME, Severity.REFUSES)


def _of_person(name: str, own: Collection[str]) -> Iterator[Pattern]:
    chinese = "".join(filter(is_ideograph, squeeze(name)))
    says_nothing = chinese in (*ordinary.ORDINARY_ZH, *ordinary.GENERIC_ZH, *ordinary.LEGAL_FORMS_ZH)
    if 2 <= len(chinese) <= 4 and not says_nothing:
        severity = Severity.REFUSES if len(chinese) > 2 else Severity.NEEDS_REASON
        yield Pattern(chinese, Rule.PERSON, severity)
        for text in persons_in_pinyin(chinese):
            yield from _in_our_letters(text, Rule.PERSON, own, is_sure=len(chinese) > 2)
    words = [word for word in words_of(name) if not is_ideograph(word[0]) and word not in ordinary.JOINING]
    telling = [word for word in words if word not in ordinary.ORDINARY and not _says_nothing(word, own)]
    if len(words) > 1 and telling:
        for ordered in (words, words[::-1], [words[0], words[-1]], [words[-1], words[0]]):
            yield Pattern(squeeze("".join(ordered)), Rule.PERSON, Severity.REFUSES)
    for word in {words[0], words[-1]} if len(words) > 1 else set(words):
        if word in telling and len(word) >= LEAST_PART:
            yield Pattern(squeeze(word), Rule.PERSON, Severity.NEEDS_REASON, whole=True)


def _in_our_letters(text: str, rule: Rule, own: Collection[str], *, is_sure: bool) -> Iterator[Pattern]:
    """Yield what a Chinese name in pinyin is recognised by. A short one reads like a word: it only needs a reason."""
    if len(text) < LEAST_PART or text in ordinary.ORDINARY or _says_nothing(text, own):
        return
    is_long = len(text) >= LEAST_PINYIN
    severity = Severity.REFUSES if is_sure and is_long else Severity.NEEDS_REASON
    yield Pattern(squeeze(text), rule, severity, whole=True, capital=not is_long)


def _bare(name: str) -> list[str]:
    """Return the words of a name in our letters, without what it is in law and without joining words."""
    words = [word for word in words_of(name) if not is_ideograph(word[0]) and word not in ordinary.JOINING]
    kept = [word for word in words if word not in ordinary.LEGAL_FORMS and len(word) > 1]
    return kept or [word for word in words if len(word) > 1]


def _says_nothing(word: str, own: Collection[str]) -> bool:
    return word in ordinary.GENERIC or word in ordinary.LEGAL_FORMS or word in own or word.isdigit()


def _without_end(run: str, ends: Collection[str]) -> str:
    """Cut off, again and again, what a run ends with, as long as something is left."""
    while True:
        end = next((each for each in ends if run.endswith(each) and len(run) > len(each)), "")
        if not end:
            return run
        run = run.removesuffix(end)
