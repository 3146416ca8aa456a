"""The report as its reader gets it: a PDF, and the claims that can be read in it."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pypdfium2
import pytest
import typst

from tests.evidence.report.exhibits import (
    OWNER,
    a_finding,
    pictures_of,
    some_decoys,
    some_pictures,
    with_another_revision,
)
from tidemark.errors import ReportFailed
from tidemark.evidence.finding import Finding
from tidemark.evidence.report import LANGUAGES, Pictures, report
from tidemark.evidence.report.fonts import CHINESE_SANS, CHINESE_SERIF

needs_chinese = pytest.mark.skipif(
    not {*CHINESE_SERIF, *CHINESE_SANS} & {*typst.Fonts().families()}, reason="no typeface with Chinese is installed"
)
either_language = pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=needs_chinese)])


@cache
def _pages(pdf: bytes) -> list[str]:
    """Return the text of each page, on one line, as a reader would copy it."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_range() for page in document]
    return [re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\ufffe", "-")) for text in texts]


def _read(finding: Finding, language: str = "en") -> str:
    return " ".join(_pages(report(finding, some_pictures(), some_decoys(), language=language)))


def _named(*holders: str) -> Finding:
    """Return a finding that accuses a copy of each holder."""
    finding = a_finding(*(40.0 - index for index in range(len(holders))))
    named = (replace(each, holder=holder) for each, holder in zip(finding.accused, holders, strict=True))
    return replace(finding, accused=tuple(named))


@either_language
def test_the_same_finding_gives_the_same_bytes(language: str) -> None:
    first, again = (report(a_finding(40.0), some_pictures(), some_decoys(), language=language) for _ in range(2))
    assert first == again


def test_the_document_is_dated_as_its_finding_is() -> None:
    metadata = pypdfium2.PdfDocument(report(a_finding(40.0), some_pictures(), some_decoys())).get_metadata_dict()
    assert metadata["CreationDate"].startswith("D:20260312100000")
    assert metadata["Author"] == OWNER


def test_the_report_names_copy_custodian_and_responsible_party() -> None:
    text = _read(a_finding(40.0))
    assert "carries the mark of copy 7f3a9c41d07b25e8" in text
    assert "issued to Ningbo Huaxin Trim on 3 February 2026" in text
    assert "Harbour Mould & Die the copy was issued under NDA-2025-117, clause 9.2" in text


@pytest.mark.parametrize(
    "found", ["its screenshot goes round", "its screenshot goes round.", "its screenshot goes round. "]
)
def test_what_a_finder_says_ends_with_one_full_stop(found: str) -> None:
    finding = a_finding(40.0)
    text = _read(replace(finding, leak=replace(finding.leak, found=found)))
    assert "is stated so: its screenshot goes round. Meridian Motors received" in text


def test_nobody_is_responsible_without_an_agreement() -> None:
    finding = a_finding(40.0)
    bare = replace(finding, accused=(replace(finding.accused[0], agreement="", responsible=""),))
    text = _read(bare)
    assert "No agreement on record: no claim." in text
    assert "NDA" not in text


@pytest.mark.parametrize(("z", "said"), [(40.0, "at most 1 in 1077"), (11.0, "at most 1 in 1025")])
def test_no_bound_is_stated_below_what_a_key_allows(z: float, said: str) -> None:
    assert f"named on such evidence is {said}" in _read(a_finding(z))


def test_several_accused_are_counted_and_each_has_a_row() -> None:
    finding = a_finding(41.2, 33.8, 12.4)
    pages = _pages(report(finding, some_pictures(), some_decoys()))
    assert "carries the marks of three copies" in pages[0]
    assert all(each.copy in pages[0] for each in finding.accused)


FINDINGS: dict[str, Callable[[], Finding]] = {
    "three copies": lambda: a_finding(6.5, copies=3),
    "one copy": lambda: a_finding(6.5, copies=1),
    "100,000 copies": lambda: a_finding(300.0, copies=100_000),
    "another revision": lambda: with_another_revision(a_finding(41.2, 33.8, 12.4, copies=5000)),
    "fourteen accused": lambda: a_finding(*(40.0 - n for n in range(14)), copies=500),
}


@either_language
@pytest.mark.parametrize("name", FINDINGS)
def test_a_report_has_between_five_and_nine_pages(name: str, language: str) -> None:
    pages = _pages(report(FINDINGS[name](), some_pictures(), some_decoys(), language=language))
    assert 5 <= len(pages) <= 9
    assert all(len(page) > 100 for page in pages), "no page is all but empty"


@pytest.mark.parametrize("height", range(60, 240, 20))
def test_nothing_that_goes_on_overleaf_stands_before_the_section_that_speaks_of_it(height: int) -> None:
    """Pictures of many heights, so that each page ends at many places."""
    pictures = pictures_of(np.full((height, 256, 3), 200, np.uint8))
    for finding in (a_finding(40.0), a_finding(41.2, 33.8, copies=500)):
        document = pypdfium2.PdfDocument(report(finding, pictures, some_decoys()))
        order = [
            "The leak and the draft",
            "The leak as it was found",
            "The draft before marking",
            "Leak minus draft",
            "when first tested",
            "What was recorded",
            "What this finding does not say",
        ]
        found = [_place(document, words) for words in order]
        assert found == sorted(found)
        for shown in ("when first tested", "Probability for an innocent copy"):
            assert _place(document, "How the copies scored") < _place(document, shown)
        assert _place(document, "Where the mark was found") < _place(document, "Leak minus draft")
        assert _place(document, "Timeline and custody") < _place(document, "What was recorded")


def _place(document: pypdfium2.PdfDocument, words: str) -> tuple[int, float]:
    """Return the page on which words stand first, and how far down it, in points."""
    for number, page in enumerate(document):
        text = page.get_textpage()
        if (found := text.search(words).get_next()) is not None:
            return number, page.get_height() - text.get_charbox(found[0])[3]
    raise AssertionError(words)


@either_language
@pytest.mark.parametrize("name", FINDINGS)
def test_no_page_but_the_last_is_left_a_quarter_blank(name: str, language: str) -> None:
    document = pypdfium2.PdfDocument(report(FINDINGS[name](), some_pictures(), some_decoys(), language=language))
    for page in [*document][:-1]:
        levels = np.asarray(page.render(scale=0.5).to_pil().convert("L"))
        text = levels[: round(len(levels) * (1 - 26 / 297))]  # above the foot
        used = int(np.flatnonzero(text.min(axis=1) < 200)[-1])
        assert len(text) - used < len(levels) / 4


@either_language
def test_every_page_says_which_leak_it_is_about_and_that_it_is_confidential(language: str) -> None:
    pages = _pages(report(a_finding(40.0), some_pictures(), some_decoys(), language=language))
    word = {"en": "CONFIDENTIAL", "zh": "机密"}[language]
    assert all("3f2a9c41d07b25e8" in page and word in page for page in pages)


@either_language
def test_hashes_and_the_seed_stand_in_full(language: str) -> None:
    finding = a_finding(40.0)
    text = _read(finding, language)
    assert all(full in text for full in (finding.leak.sha256, finding.draft.sha256, finding.decoys.seed))


@either_language
def test_a_name_is_never_markup(language: str) -> None:
    names = (
        "#panic()",
        "$x$",
        '"]',
        "*bold* _it_ `raw`",
        '#read("/etc/passwd")',
        "\\#{1}",
        "{holder} **x** 10^9",
        "// @a",
    )
    text = _read(_named(*names), language)
    assert [name for name in names if name not in text] == []


@either_language
def test_any_script_can_be_printed(language: str) -> None:
    names = ("شركة القوالب", "תבניות הנמל", "Trim 🚗👩‍🔧", "𠮷野", "Ωmega Ж", "ffi ﬁ", "บริษัท", "\U0010ffff\ue000")
    text = _read(_named(*names), language)
    assert "Ωmega Ж" in text
    assert "‹U+10FFFF›‹U+E000›" in text


def test_a_character_that_reorders_text_is_shown_and_not_obeyed() -> None:
    assert "‹U+202E›eiD" in _read(_named("\u202eeiD & dluoM"))


@either_language
def test_a_very_long_name_breaks_instead_of_running_off_the_page(language: str) -> None:
    names = ("W" * 200, "Ж" * 200, "é" * 200, "\u202e" * 40, "夏" * 200, "file_name.of-a-kind" * 10)
    document = pypdfium2.PdfDocument(report(_named(*names), some_pictures(), some_decoys(), language=language))
    for page in document:
        reach = [item.get_bounds()[2] for item in page.get_objects(max_depth=1)]
        assert max(reach) < page.get_width() - 50


@needs_chinese
def test_a_chinese_name_is_printed_in_an_english_report() -> None:
    assert "澄石模具" in _read(_named("澄石模具 Chengshi Tooling"))


@needs_chinese
def test_the_chinese_report_makes_the_same_claims() -> None:
    text = _read(a_finding(11.0), "zh").replace(" ", "")
    assert "副本7f3a9c41d07b25e8的标记" in text
    assert "2026年2月3日发放给NingboHuaxinTrim" in text
    assert "不超过1025分之一" in text


@either_language
@pytest.mark.parametrize(("bound", "strength"), [(0.0, "chance"), (-4.2, "faint"), (-9.0, "present")])
def test_other_explanations_are_answered_as_their_figures_say(bound: float, strength: str, language: str) -> None:
    finding = a_finding(40.0)
    rivals = replace(
        finding.rivals, next_copy_z=5.15, next_copy_log10_bound=bound, master_z=5.17, master_log10_bound=bound
    )
    text = _read(replace(finding, rivals=rivals), language).replace(" ", "")
    for question in (LANGUAGES[language].rivals_mixed_one, LANGUAGES[language].rivals_master):
        answer = getattr(question, strength).split("{z}")[0].format(owner=OWNER)
        assert re.sub(r"[_* ]", "", answer) in text
    assert "5.15" in text
    assert "5.17" in text


@either_language
@pytest.mark.parametrize(("z", "bound", "strength"), [(0.0, 0.0, "chance"), (None, None, "untested")])
def test_a_copy_of_the_owners_own_that_scored_nothing_was_tested_all_the_same(
    z: float | None, bound: float | None, strength: str, language: str
) -> None:
    finding = a_finding(40.0)
    rivals = replace(finding.rivals, master_z=z, master_log10_bound=bound)
    text = _read(replace(finding, rivals=rivals), language).replace(" ", "")
    answer = getattr(LANGUAGES[language].rivals_master, strength).split("{z}")[0].format(owner=OWNER)
    assert re.sub(r"[_* ]", "", answer) in text


def test_a_finding_that_accuses_nobody_has_no_report() -> None:
    with pytest.raises(ReportFailed, match="accuses no copy"):
        report(replace(a_finding(40.0), accused=()), some_pictures(), some_decoys())


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(ReportFailed, match="en, zh"):
        report(a_finding(40.0), some_pictures(), some_decoys(), language="fr")


@pytest.mark.parametrize("picture", [b"", b"JFIF", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_a_picture_that_is_no_png_is_refused(picture: bytes) -> None:
    broken: Pictures = replace(some_pictures(), where=picture)
    with pytest.raises(ReportFailed, match="PNG"):
        report(a_finding(40.0), broken, some_decoys())
