"""What the letters say, read out of their PDFs in both languages: the clause, the money, its conversion, the days."""

import pypdfium2
import pytest
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.people import OWNER, SUPPLIER
from tests.records.cases.played import CLAUSE, played
from tests.records.sanctions.imposed import approved, final_below, imposed, terms
from tidemark.errors import Refused
from tidemark.evidence.report import fonts
from tidemark.records import blobs
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.reply import reply
from tidemark.records.home import Home
from tidemark.records.sanctions.impose import approve_sanction, impose
from tidemark.records.sanctions.letter import no_letter_in
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.prepare import edit, prepare

LETTERS = {
    "en": {
        "agreement": (
            "agreement NDA Halden Motors – Northwick Mouldings stands, valid from 1 January 2026",
            CLAUSE,
        ),
        "amount": ("1,000,000.00 CNY", "as the agreement provides"),
        "conversion": (
            "148,763.04 USD",
            "at 6.7221 CNY per USD, rate of 13 March 2026, source: People's Bank of China, central parity",
        ),
        "payment": ("due in CNY and is to be received by us until 30 April 2026", "account 12 3456 789"),
        "appeal": ("You may appeal until 2026-04-03 09:26 UTC, once",),
        "measures": ("Bind all sub-vendors.", "2026-04-13", "Until the gate opens.", "project MS11"),
        "signed": ("legal person", "officer person", "Design protection officer"),
        "final": ("it names its sub-vendor", "became final on 14 March 2026"),
        "not claimed": ("Nothing in this letter claims who passed the material on, or with what intent.",),
    },
    "zh": {
        "agreement": ("订有协议《NDA Halden Motors – Northwick Mouldings》，自2026年1月1日起生效", CLAUSE),
        "amount": ("1,000,000.00 CNY", "按协议约定"),
        "conversion": (
            "148,763.04 USD",
            "按 1 USD = 6.7221 CNY 折算，汇率日期：2026年3月13日，来源：People's Bank of China, central parity",
        ),
        "payment": ("应以CNY支付，并于2026年4月30日前到账", "account 12 3456 789"),
        "appeal": ("贵司可于 2026-04-03 09:26（UTC）前",),
        "measures": ("Bind all sub-vendors.", "2026-04-13", "Until the gate opens.", "项目 MS11"),
        "signed": ("legal person", "officer person", "保密专员"),
        "final": ("指明其下级供应商", "于2026年3月14日成为定论"),
        "not claimed": ("本函不就何人传出资料、出于何种主观状态作任何主张。",),
    },
}


def read(home: Home, sanction: Sanction, language: str) -> str:
    """Return what a letter that was imposed says, without blanks and the hyphens at the ends of lines."""
    data = blobs.get(home, blobs.Shelf.CASES, getattr(sanction, f"letter_{language}_sha256"))
    with pypdfium2.PdfDocument(data) as document:
        return flat("".join(page.get_textpage().get_text_range() for page in document))


def flat(text: str) -> str:
    return "".join(char for char in text.replace("\ufffe", "").replace("’", "'") if not char.isspace() and char != "-")


@pytest.mark.parametrize("language", LETTERS)
def test_a_letter_says_the_clause_the_money_and_the_days(home: Home, desk: Desk, language: str) -> None:
    text = read(home, imposed(home, desk), language)
    lacking = {part: words for part, said in LETTERS[language].items() for words in said if flat(words) not in text}
    assert lacking == {}
    assert flat(OWNER) in text
    assert flat(SUPPLIER) in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("400,000.00 CNY", "By the agreement", "Less is claimed than the agreement provides for.")),
        ("zh", ("400,000.00 CNY", "协议约定金额", "主张的金额低于协议约定。")),
    ],
)
def test_a_deviation_is_said_with_its_reason_beside_what_was_agreed(
    home: Home, desk: Desk, language: str, said: tuple[str, ...]
) -> None:
    reason = "It reported the leak itself on 9 March."
    text = read(home, imposed(home, desk, amount=Money(400_000, "CNY"), deviation_reason=reason), language)
    for words in (*said, reason, "1,000,000.00 CNY", "59,505.21 USD"):
        assert flat(words) in text, words
    for other in LETTERS[language]["amount"][1:]:
        assert flat(other) not in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("under the agreement FD-1, to which Halden Motors is no party", "The agreement is not one with us")),
        ("zh", ("依据《FD-1》承担责任", "该协议并非与我方订立")),
    ],
)
def test_a_letter_cites_no_clause_of_an_agreement_that_is_not_the_owners(
    home: Home, desk: Desk, language: str, said: tuple[str, ...]
) -> None:
    made = prepare(home, final_below(home, desk), by=desk["officer"], now=NOW)
    changed = terms(amount=Money(1_000, "CNY"), deviation_reason="Agreed at the meeting.")
    edit(home, made, changed, by=desk["officer"], now=NOW)
    for who in ("legal", "officer"):
        approve_sanction(home, made, by=desk[who], now=NOW)
    impose(home, made, by=desk["officer"], now=NOW)
    made.refresh_from_db()
    text = read(home, made, language)
    assert [words for words in said if flat(words) not in text] == []
    assert flat(CLAUSE) not in text
    assert "1,000,000" not in text


def test_a_reason_of_many_lines_goes_on_on_the_next_page(home: Home, desk: Desk) -> None:
    reason = "\n".join(f"Point {number}." for number in range(80))
    made = imposed(home, desk, amount=Money(400_000, "CNY"), deviation_reason=reason)
    assert flat("Point 79.") in read(home, made, "en")
    with pypdfium2.PdfDocument(blobs.get(home, blobs.Shelf.CASES, made.letter_en_sha256)) as document:
        texts = [page.get_textpage() for page in document]
        lowest = min(text.get_charbox(index)[1] for text in texts for index in range(text.count_chars()))
    assert lowest > 0  # nothing stands below the edge of a page


def test_without_a_conversion_none_is_said(home: Home, desk: Desk) -> None:
    made = imposed(home, desk, rate=None)
    for language, words in (("en", "For reporting"), ("zh", "折算")):
        assert flat(words) not in read(home, made, language)


def test_that_there_will_be_no_letter_in_chinese_is_known_before_it_is_imposed(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert no_letter_in() == []
    for name in ("CHINESE_SERIF", "CHINESE_SANS"):
        monkeypatch.setattr(fonts, name, ("No Such Family",))
    assert no_letter_in() == ["zh"]
    allegation = played(home, desk, desk.supplier)
    reply(home, allegation, "accepts", text="It was us.", by=desk["contact"], now=NOW)
    make_final(home, allegation, by=desk["legal"], now=NOW)
    made = prepare(home, allegation, by=desk["officer"], now=NOW)
    edit(home, made, terms(), by=desk["officer"], now=NOW)
    for who in ("legal", "officer"):
        approve_sanction(home, made, by=desk[who], now=NOW)
    impose(home, made, by=desk["officer"], now=NOW)
    made.refresh_from_db()
    assert (bool(made.letter_en_sha256), made.letter_zh_sha256) == (True, "")
    assert flat(CLAUSE) in read(home, made, "en")


def test_an_english_letter_with_chinese_words_in_it_is_not_set_without_a_typeface_for_them(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = approved(home, desk)  # its allegation names the sub-vendor, in Chinese
    for name in ("CHINESE_SERIF", "CHINESE_SANS"):
        monkeypatch.setattr(fonts, name, ("No Such Family",))
    with pytest.raises(Refused, match="fonts-noto-cjk"):
        impose(home, made, by=desk["officer"], now=NOW)
