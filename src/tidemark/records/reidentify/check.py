"""The check itself: what is on record is compiled once, and any number of texts are compared with it.

Steps, each a rule of its own (:class:`~tidemark.records.reidentify.objection.Rule`):

    1. names of parties and persons, whole or by the words that only they have, however they are spelt
    2. masked names, letters in code, names with a letter wrong, initials
    3. e-mail and web addresses, streets, numbers, places
    4. ids of copies and hashes, whole or in part; file names; code names; numbers of agreements, sanctions, cases
    5. quotes from a party's papers, in any case, and phrases that only one party's papers have
    6. sums of money that agreements and sanctions of one party alone have
    7. names in base64 or hexadecimal digits
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tidemark.records.reidentify import ordinary
from tidemark.records.reidentify.amounts import sums_in
from tidemark.records.reidentify.decoded import LEAST_RUN, decoded
from tidemark.records.reidentify.elsewhere import Common, Papers, common_of, papers_of
from tidemark.records.reidentify.encoded import encoded_letters
from tidemark.records.reidentify.folded import (
    Folded,
    folded,
    is_ideograph,
    lettered,
    runs,
    squeeze,
    words_of,
)
from tidemark.records.reidentify.known import Known, KnownParty
from tidemark.records.reidentify.names import (
    LEAST_ALMOST,
    LEAST_PART,
    Pattern,
    chinese_cores,
    distinctive,
    initials_of,
    patterns_of,
)
from tidemark.records.reidentify.objection import Objection, Rule, Severity
from tidemark.records.reidentify.occurrences import AT_AN_END, occurrences
from tidemark.records.reidentify.phrases import (
    PHRASE_IDEOGRAPHS,
    PHRASE_WORDS,
    QUOTE_IDEOGRAPHS,
    QUOTE_WORDS,
    Phrases,
    found,
    phrases_of,
)

LEAST_CODE = 8
"""Hexadecimal digits in a row from which a part of an id or a hash gives it away."""

LONG_CODE = 32
"""From so many on, it is the hash of something, whether or not that is on record."""

_LONGEST_MASKED = 60
_MOST_INITIALS = 5
_LIKE_A_DATE = re.compile(r"\d{4}\W+(?:0?[1-9]|1[0-2])\W+(?:0?[1-9]|[12]\d|3[01])")
"""2026-10-1 is a day, though case 2026-101 has its digits."""
_LOCAL = frozenset(
    map(
        squeeze,
        ordinary.words("contact office service support vertrieb einkauf marketing quality postmaster webmaster"),
    )
)
"""What stands before the @ in anybody's address."""
_HEX = re.compile(r"(?<![0-9a-z])[0-9a-f](?:[\s:\-_.]?[0-9a-f]){7,}")
_MASKED = re.compile(r"(?<!\S)[(\"'“‘]?([a-z][^\s,;()\"“”]*?(?:[*•●█▇■□○×…?@!#$|_]|\.\.)[^\s,;()\"“”]*)")
_STARS = re.compile(r"[*•●█▇■□○×…]+|\.{2,}|_+|[?@!#$|]")
_MASKED_ZH = re.compile(r"[\u3400-\u9fff]某|某[\u3400-\u9fff]|[\u3400-\u9fff][*×○□x]")
_CARRIERS = re.compile(r"[*•●█▇■□○×…]")


@dataclass(frozen=True, slots=True)
class Check:
    """What is on record, made ready to be looked for."""

    patterns: tuple[Pattern, ...]
    tokens: frozenset[str]
    almost: frozenset[str]
    initials: frozenset[str]
    cores: frozenset[str]
    codes: str
    phrases: Phrases
    papers: Papers
    common: Common
    amounts: Mapping[tuple[str, str], frozenset[str]]
    own: frozenset[str]

    def text(self, place: str, text: str) -> tuple[Objection, ...]:
        """Return what a text gives away, in the order in which it stands there."""
        seen = folded(text)
        spans = [
            *self._patterns(seen, text),
            *self._words(seen, text),
            *self._codes(seen),
            *self._phrases(seen),
            *self.papers.found(seen, self.common),
            *self._amounts(seen),
        ]
        objections = []
        for rule, severity, first, last in spans:
            start, end = seen.span(first, last)
            objections.append(Objection(rule, severity, place, start, end, text[start:end]))
        for start, end in encoded_letters(text):
            objections.append(Objection(Rule.ENCODED, Severity.REFUSES, place, start, end, text[start:end]))
        for rule, severity, start, end in self._decoded(text):
            objections.append(Objection(rule, severity, place, start, end, text[start:end]))
        return tuple(_outermost(objections))

    def _patterns(self, seen: Folded, text: str) -> "Iterator[_Span]":
        for each, first, last in occurrences(self.patterns, seen, text):
            if each.rule != Rule.NUMBER or not _LIKE_A_DATE.fullmatch(seen.text, first, last):
                yield each.rule, each.severity, first, last

    def _decoded(self, text: str) -> "Iterator[_Span]":
        """Look for names in what is decoded, joined so that it is folded once; yield places of the code in the text."""
        pieces = list(dict.fromkeys(decoded(text)))
        if not pieces:
            return
        joined, starts = "\n".join(each.text for each in pieces), [0]
        for each in pieces:
            starts.append(starts[-1] + len(each.text) + 1)
        seen = folded(joined)
        for pattern, first, last in occurrences(self.patterns, seen, joined):
            start, end = seen.span(first, last)
            at = bisect_right(starts, start) - 1
            is_sure = len(pattern.text) >= LEAST_RUN or is_ideograph(pattern.text[0]) or pieces[at].is_whole
            if is_sure and len(pattern.text) >= _least_coded(pattern) and end < starts[at + 1]:
                yield pattern.rule, pattern.severity, pieces[at].start, pieces[at].end

    def _words(self, seen: Folded, text: str) -> "Iterator[_Span]":
        """Look at one word after another: a letter wrong, letters masked, initials."""
        single: list[tuple[int, int]] = []
        for word, start, end in runs(seen):
            plain = lettered(word)
            is_long = len(word) >= LEAST_ALMOST - 1 and word not in self.own and plain not in self.tokens
            if is_long and not self.almost.isdisjoint({plain, *_shortened(plain)}):
                yield Rule.ALMOST, Severity.NEEDS_REASON, start, end
            is_upper = text[slice(*seen.span(start, end))].isupper()
            single = [*single[1 - _MOST_INITIALS :], (start, end)] if len(word) == 1 and is_upper else []
            if is_upper and word in self.initials:
                yield Rule.INITIALS, Severity.NEEDS_REASON, start, end
            for count in range(2, len(single) + 1):
                if "".join(seen.text[first:last] for first, last in single[-count:]) in self.initials:
                    yield Rule.INITIALS, Severity.NEEDS_REASON, single[-count][0], end
        for match in _MASKED.finditer(seen.text):
            yield from self._masked(match)
        for match in _MASKED_ZH.finditer(seen.text):
            if any(char in core for char in match[0] for core in self.cores):
                yield Rule.MASKED, Severity.NEEDS_REASON, match.start(), match.end()

    def _masked(self, match: "re.Match[str]") -> "Iterator[_Span]":
        if _STARS.sub("", match[1]) == "" or len(match[1]) > _LONGEST_MASKED:
            return
        parts = [lettered("".join(filter(str.isalnum, part))) for part in _STARS.split(match[1])]
        like = re.compile(
            ".+".join(map(re.escape, parts)) if parts[-1] else ".+".join(map(re.escape, parts[:-1])) + ".+"
        )
        shown = sum(map(len, parts))
        if shown >= 3 and any(like.match(token) and (not parts[-1] or like.fullmatch(token)) for token in self.tokens):
            yield Rule.MASKED, Severity.REFUSES, match.start(1), match.end(1)
        elif len(parts) == 2 and not parts[1] and shown > 2:
            return  # a word with a footnote's star, or a sentence that breaks off
        elif _CARRIERS.search(match[1]):
            yield Rule.MASKED, Severity.NEEDS_REASON, match.start(1), match.end(1)

    def _codes(self, seen: Folded) -> "Iterator[_Span]":
        for match in _HEX.finditer(seen.text):
            digits = re.sub(r"[^0-9a-f]", "", match[0])
            if digits.isdecimal() and len(digits) < LONG_CODE // 2:
                continue  # a date, a number of a telephone: no hash begins with so many decimal digits by chance
            known = any(digits[at : at + LEAST_CODE] in self.codes for at in range(len(digits) - LEAST_CODE + 1))
            if known:
                yield Rule.CODE, Severity.REFUSES, match.start(), match.end()
            elif len(digits) >= LONG_CODE:
                yield Rule.CODE, Severity.NEEDS_REASON, match.start(), match.end()

    def _phrases(self, seen: Folded) -> "Iterator[_Span]":
        words, ideographs = QUOTE_WORDS, QUOTE_IDEOGRAPHS
        for start, end in found(seen, self.phrases.quotes, words=words, ideographs=ideographs):
            yield Rule.QUOTE, Severity.REFUSES, start, end
        for start, end in found(seen, self.phrases.notes, words=words, ideographs=ideographs):
            yield Rule.QUOTE, Severity.NEEDS_REASON, start, end
        words, ideographs, but = PHRASE_WORDS, PHRASE_IDEOGRAPHS, self.papers.is_shared
        for start, end in found(seen, self.phrases.unique, words=words, ideographs=ideographs, but=but):
            yield Rule.PHRASE, Severity.NEEDS_REASON, start, end

    def _amounts(self, seen: Folded) -> "Iterator[_Span]":
        for each in sums_in(seen.text):
            if len(self.amounts.get((str(each.amount.normalize()), each.currency), ())) == 1:
                yield Rule.AMOUNT, Severity.NEEDS_REASON, each.start, each.end


_Span = tuple[Rule, Severity, int, int]


@lru_cache(maxsize=8)
def compiled(known: Known) -> Check:
    """Make ready what is on record. The last few are kept, since a page asks again with every letter that is typed."""
    own = frozenset(_own_words(known))
    patterns: dict[Pattern, None] = {}
    for party in known.parties:
        for pattern in (*patterns_of(party, own), *_details_of(party, own, known)):
            weighed = pattern if party.is_on_record else replace(pattern, severity=Severity.NEEDS_REASON)
            patterns[weighed] = None
    patterns.update(dict.fromkeys(_of_files(known, own)))
    tokens = {squeeze(word) for party in known.parties for name in party.names for word in distinctive(name, own)}
    cores = {core for party in known.parties for name in party.names for core, _ in chinese_cores(name, own) if core}
    almost = {each for token in tokens if len(token) >= LEAST_ALMOST for each in (token, *_shortened(token))}
    amounts: dict[tuple[str, str], set[str]] = {}
    for each in (*known.amounts, *known.imposed):
        amounts.setdefault((str(each.amount.normalize()), each.currency), set()).add(each.party)
    owners = {each for name in (known.owner.names if known.owner else ()) for each in initials_of(name)}
    initials = {each for party in known.parties for name in party.names for each in initials_of(name)}
    return Check(
        patterns=tuple(each for each in patterns if len(each.text) > 1),
        tokens=frozenset(token for token in tokens if len(token) > 3),
        almost=frozenset(almost),
        initials=frozenset(initials - owners),
        cores=frozenset(cores),
        codes="\n".join(code.lower() for code in known.codes),
        phrases=phrases_of(known.texts, (*known.plain, *known.public)),
        papers=papers_of(known.papers),
        common=common_of((*known.plain, *known.public, *known.forms, *ordinary.SAID_BY_ALL)),
        amounts={key: frozenset(parties) for key, parties in amounts.items()},
        own=own,
    )


def _own_words(known: Known) -> Iterator[str]:
    """Yield the words that point to nobody here: the templates', and those of the owner's name."""
    for text in known.plain:
        yield from words_of(text)
    for name in known.owner.names if known.owner else ():
        yield from words_of(name)
        yield from (core for core, _ in chinese_cores(name, ()) if core)


def _details_of(party: KnownParty, own: frozenset[str], known: Known) -> Iterator[Pattern]:
    owners = {domain.casefold() for domain in (known.owner.domains if known.owner else ())}
    for email in party.emails:
        if "@" in email:
            yield Pattern(squeeze(email), Rule.ADDRESS, Severity.REFUSES)
        local = squeeze(email.partition("@")[0])
        if len(local) >= AT_AN_END and local not in _LOCAL and not own.issuperset(words_of(local)):
            yield Pattern(local, Rule.ADDRESS, Severity.NEEDS_REASON, whole=True)
    for domain in party.domains:
        labels = domain.casefold().removeprefix("www.").split(".")
        if len(labels) < 2 or domain.casefold() in owners or set(labels) & ordinary.FREE_MAIL:
            continue
        yield Pattern(squeeze(domain), Rule.ADDRESS, Severity.REFUSES, whole=True)
        label = max(labels[:-1] or labels, key=len)
        words = words_of(label)
        says = [
            word for word in words if word not in ordinary.GENERIC and word not in ordinary.ORDINARY and word not in own
        ]
        if says and len(squeeze(label)) >= 4:
            yield Pattern(squeeze(label), Rule.ADDRESS, Severity.REFUSES)
    for place in party.places:
        text = squeeze(place)
        is_long = len(text) > 3 or (len(text) > 1 and is_ideograph(text[0]))
        if is_long and text not in ordinary.LEGAL_FORMS_ZH and text not in ordinary.GENERIC_ZH:
            yield Pattern(text, Rule.PLACE, Severity.NEEDS_REASON, whole=True)
    for detail in party.details:
        text = squeeze(detail)
        if len(text) >= AT_AN_END and (any(map(str.isdigit, detail)) or " " in detail.strip()):
            yield Pattern(text, Rule.ADDRESS, Severity.REFUSES, whole=True)


def _of_files(known: Known, own: frozenset[str]) -> Iterator[Pattern]:
    for name in known.file_names:
        stem = name.rpartition(".")[0] or name
        yield Pattern(squeeze(name), Rule.FILE_NAME, Severity.REFUSES, whole=True)
        words = words_of(stem)
        says = (any(map(str.isdigit, stem)) and any(map(str.isalpha, stem))) or len(words) > 2
        if says and len(squeeze(stem)) >= 5 and not set(words) <= own:
            yield Pattern(squeeze(stem), Rule.FILE_NAME, Severity.REFUSES, whole=True)
    for name in known.code_names:
        yield Pattern(squeeze(name), Rule.CODE_NAME, Severity.NEEDS_REASON, whole=True)
    for reference in known.references:
        if len(words_of(reference)) > 1 or any(map(str.isdigit, reference)):
            yield Pattern(squeeze(reference), Rule.REFERENCE, Severity.REFUSES, whole=True)
    for number in known.numbers:
        # "2026-150" of a case may be a year and a count, "S-2026-150" of a sanction is nothing else.
        severity = Severity.REFUSES if number[:1].isalpha() else Severity.NEEDS_REASON
        yield Pattern(squeeze(number), Rule.NUMBER, severity, whole=True)


def _least_coded(pattern: Pattern) -> int:
    """Return how many letters of a pattern are looked for in code."""
    return 2 if is_ideograph(pattern.text[0]) else LEAST_PART


def _shortened(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


_ORDER = {rule: number for number, rule in enumerate(Rule)}


def _outermost(objections: Sequence[Objection]) -> Iterator[Objection]:
    """Leave out what stands within an objection that weighs as much, or that is the same."""
    last: list[Objection] = []
    named = [each for each in objections if each.severity == Severity.REFUSES]
    kept = {
        each
        for each in objections
        if each.rule != Rule.ALMOST or not any(one.start < each.end and each.start < one.end for one in named)
    }
    for each in sorted(kept, key=lambda one: (one.start, -one.end, one.severity != Severity.REFUSES, _ORDER[one.rule])):
        within = (
            other
            for other in last
            if other.end >= each.end and (other.severity == each.severity or other.severity == Severity.REFUSES)
        )
        if next(within, None) is None:
            last = [other for other in last if other.end > each.start]
            last.append(each)
            yield each
