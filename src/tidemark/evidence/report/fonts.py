"""Typefaces: what the typesetter embeds is enough for Latin, Greek and Cyrillic; all else is looked for on the machine.

The same report must look the same everywhere, so the machine's own typefaces are considered only where a character
needs them.
"""

import json
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

import typst

from tidemark.errors import ReportFontMissing
from tidemark.evidence.report import typesetter

SERIF, MONO = "Libertinus Serif", "DejaVu Sans Mono"
"""Embedded in the typesetter."""

CHINESE_SERIF = (
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "STSong",
    "SimSun",
    "FandolSong",
)
CHINESE_SANS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
"""Families with simplified Chinese: Debian, Fedora, Adobe, macOS, Windows and TeX. The first one found is used."""

# Scripts up to Cyrillic and Armenian, general punctuation to mathematical operators: the embedded typefaces have them.
_EMBEDDED_BELOW = 0x0590
_EMBEDDED_SYMBOLS = range(0x2000, 0x2300)

# Each character stands in a box of its own, so that none hides behind another in a ligature or an emoji sequence.
_PROBE = b"""
#set document(title: "probe")
#let probe = json("probe.json")
#set text(font: probe.fonts)
#for character in probe.characters [#box(text(character)) ]
"""


@dataclass(frozen=True, slots=True)
class Faces:
    """Typefaces of a report, each a list in order of preference."""

    body: tuple[str, ...]
    heading: tuple[str, ...]
    mono: tuple[str, ...]


def faces(available: Collection[str], *, chinese: bool) -> Faces:
    """Choose typefaces among the available families.

    Raises
    ------
    ReportFontMissing
        If Chinese is to be set and no family has it.
    """
    serif = [family for family in CHINESE_SERIF if family in available][:1]
    sans = [family for family in CHINESE_SANS if family in available][:1]
    if chinese and not shows_chinese(available):
        raise ReportFontMissing(
            "the report has Chinese text, and none of these typefaces was found: "
            f"{', '.join(CHINESE_SERIF + CHINESE_SANS)}. Install one (on Debian and Ubuntu the package "
            "fonts-noto-cjk), or name the folder that holds its file"
        )
    return Faces((SERIF, *serif, *sans), (SERIF, *sans, *serif), (MONO, *sans, *serif))


def shows_chinese(available: Collection[str]) -> bool:
    """Say whether one of the available families has Chinese."""
    return any(family in available for family in (*CHINESE_SERIF, *CHINESE_SANS))


def has_chinese(text: str) -> bool:
    """Say whether a text has an ideograph."""
    return any(unicodedata.name(character, "").startswith("CJK") for character in text)


def unusual(text: str) -> str:
    """Return the characters for which the embedded typefaces may not be enough, each once and in order."""
    return "".join(
        sorted({each for each in text if ord(each) >= _EMBEDDED_BELOW and ord(each) not in _EMBEDDED_SYMBOLS})
    )


def unshown(characters: str, chosen: Faces, at_hand: typst.Fonts) -> frozenset[str]:
    """Return those characters that no typeface at hand can show."""
    if not characters or _shows(characters, chosen, at_hand):
        return frozenset()
    if len(characters) == 1:
        return frozenset(characters)
    half = len(characters) // 2
    return unshown(characters[:half], chosen, at_hand) | unshown(characters[half:], chosen, at_hand)


def _shows(characters: str, chosen: Faces, at_hand: typst.Fonts) -> bool:
    """Set the characters as an archival PDF, which refuses glyphs that no typeface has."""
    probe = json.dumps({"fonts": chosen.body, "characters": list(characters)}).encode()
    try:
        typesetter.pdf({"main.typ": _PROBE, "probe.json": probe}, fonts=at_hand)
    except typst.TypstError:
        return False
    return True
