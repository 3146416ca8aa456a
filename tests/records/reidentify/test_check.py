"""The check that a statement points to nobody: what it finds, whatever is done to hide it, and what it lets pass."""

import subprocess
import sys
import time
from decimal import Decimal

import pytest

from tests.people import OWNER, STRANGER, SUB_VENDOR, SUPPLIER
from tidemark.records.reidentify.check import compiled
from tidemark.records.reidentify.known import Known, KnownAmount, KnownParty, KnownText, Source
from tidemark.records.reidentify.objection import Objection, Rule, Severity

COPY, HASH = "c0ffee1234567890", "ab12" * 16
REPLY = "A trainee in our paint shop copied the files to a shared drive on a Sunday night, against every rule."
REPLY_ZH = "我公司涂装车间的一名实习生于周日夜间擅自将图纸复制到共享硬盘。"
NOTE = "The caller sounded like somebody who had been dismissed last autumn."
PLAIN = (
    "The supplier was ordered to strengthen its information security and the control of its sub-vendors, and to hand "
    "in a detailed rectification plan. 我们已责令该供应商加强信息安全及对下级供应商的管控。"
)
KNOWN = Known(
    parties=(
        KnownParty(
            "1",
            (f"{SUPPLIER} Ltd",),
            persons=("Anneke Petrov", "王志强", "李霁"),
            emails=("a.petrov@nw-plant.example", "petrov.sales@gmail.com"),
            domains=("nw-plant.example",),
            places=("Brackford",),
            details=("17 Quarry Lane", "HRB 448812"),
        ),
        KnownParty("2", (SUB_VENDOR,)),
        KnownParty("3", (STRANGER,)),
        KnownParty("4", ("Ardoise Injection S.A.S.",)),
        KnownParty("5", ("苏州云岚汽车饰件有限公司",)),
        KnownParty("6", ("Summit Plastics Group",)),
        KnownParty("7", ("BZX Group",)),
        KnownParty("8", ("Müßler & Söhne GmbH",)),
        KnownParty("9", ("Systems International Ltd",)),
        KnownParty("10", ("Halden Trim Components",)),
        KnownParty("named 1", ("Quillfeather",), is_on_record=False),
    ),
    owner=KnownParty("0", (OWNER,), domains=("halden.example",)),
    codes=(COPY, HASH),
    file_names=("Front Bumper v2.png", "front.png", "IMG_20331.jpg"),
    code_names=("MS11",),
    references=("NDA-2026-017", f"NDA {OWNER} – {SUPPLIER}"),
    texts=(
        KnownText("1", Source.REPLY, REPLY),
        KnownText("1", Source.REPLY, REPLY_ZH),
        KnownText(
            "1", Source.AGREEMENT, f"{PLAIN} For each drawing that reaches a third party, the recipient owes a sum."
        ),
        KnownText("4", Source.AGREEMENT, "For each drawing that reaches a third party, the recipient owes a sum."),
        KnownText("", Source.NOTE, NOTE),
    ),
    amounts=(
        KnownAmount("1", Decimal(1_000_000), "CNY"),
        KnownAmount("2", Decimal("250000.00"), "EUR"),
        KnownAmount("3", Decimal(250_000), "EUR"),
    ),
    plain=(PLAIN,),
)


def found(text: str) -> tuple[Objection, ...]:
    return compiled(KNOWN).text("text_en", text)


REFUSED = [
    # a party's name, written in every way
    (Rule.NAME, "Northwick"),
    (Rule.NAME, "northwick"),
    (Rule.NAME, "NORTHWICK MOULDINGS LTD."),
    (Rule.NAME, "Northwick's people"),
    (Rule.NAME, "Ｎｏｒｔｈｗｉｃｋ"),
    (Rule.NAME, "𝓝𝓸𝓻𝓽𝓱𝔀𝓲𝓬𝓴"),
    (Rule.NAME, "Ⓝⓞⓡⓣⓗⓦⓘⓒⓚ"),
    (Rule.NAME, "🄽🄾🅁🅃🄷🅆🄸🄲🄺"),
    (Rule.NAME, "🇳🇴🇷🇹🇭🇼🇮🇨🇰"),
    (Rule.NAME, "Nоrthwісk"),  # Cyrillic о, і, с
    (Rule.NAME, "Νοrthwick"),  # Greek Ν, ο
    (Rule.NAME, "North\u200bwick"),
    (Rule.NAME, "North\u00adwick"),
    (Rule.NAME, "N\u0336o\u0336r\u0336t\u0336h\u0336w\u0336i\u0336c\u0336k"),
    (Rule.NAME, "Ñørthwíck"),
    (Rule.NAME, "N o r t h w i c k"),
    (Rule.NAME, "N.o.r.t.h.w.i.c.k"),
    (Rule.NAME, "North-wick"),
    (Rule.NAME, "North\nwick"),
    (Rule.NAME, "N0rthw1ck"),
    (Rule.NAME, "Northwlck"),  # l for i
    (Rule.NAME, "#NorthwickMouldings"),
    (Rule.NAME, "https://www.northwick.example/press"),
    (Rule.NAME, "\u202ekciwhtroN"),
    (Rule.NAME, "TheNorthwickAffair"),
    (Rule.ENCODED, "&#78;orthwic&#x6B;"),
    (Rule.ENCODED, "N&oacute;rthwick"),
    (Rule.ENCODED, "%4eorthwic%6B"),
    (Rule.ENCODED, "https://example.org/%E9%9C%81%E5%B7%9D"),
    (Rule.ENCODED, r"N\u006frthwick"),
    (Rule.ENCODED, r"\x4eorthwick"),
    (Rule.ENCODED, "&#78&#111rthwick"),
    (Rule.ENCODED, "&#x4E&#x6Frthwick"),
    (Rule.ENCODED, "&#" + "0" * 5000 + "78;orthwick"),
    (Rule.ENCODED, "N&oacuterthwick"),
    (Rule.ENCODED, "&amp;amp;#78;orthwick"),
    (Rule.ENCODED, "&ampamp;#78;orthwick"),
    (Rule.ENCODED, "%254eorthwick"),
    (Rule.ENCODED, "&percnt;4eorthwick"),
    (Rule.ENCODED, "%u004eorthwick"),
    (Rule.ENCODED, r"\u{4e}orthwick"),
    (Rule.ENCODED, r"\U0000004eorthwick"),
    (Rule.MASKED, "N*rthwick"),
    (Rule.MASKED, "Northw***"),
    (Rule.MASKED, "Nor...ck"),
    (Rule.MASKED, "N@rthwick"),
    (Rule.MASKED, "N_rthw_ck"),
    (Rule.NAME, "霁川"),
    (Rule.NAME, "霁 川"),
    (Rule.NAME, "霁·川公司"),
    (Rule.NAME, "霽川"),  # in traditional characters
    (Rule.NAME, "Jichuan"),
    (Rule.NAME, "Vellmar"),
    (Rule.NAME, "ardoise"),
    (Rule.NAME, "云岚公司"),
    (Rule.NAME, "雲嵐"),
    (Rule.NAME, "Summit Plastics"),
    (Rule.NAME, "summit-plastics"),
    (Rule.NAME, "the firm BZX said"),
    (Rule.NAME, "Mussler"),
    (Rule.NAME, "Muessler"),
    (Rule.NAME, "Systems International Ltd"),
    (Rule.NAME, "Halden Trim Components"),
    # persons, addresses, numbers
    (Rule.PERSON, "Anneke Petrov"),
    (Rule.PERSON, "Petrov, Anneke"),
    (Rule.PERSON, "王志强"),
    (Rule.ADDRESS, "write to a.petrov@nw-plant.example"),
    (Rule.ADDRESS, "a dot petrov: a . petrov @ nw-plant . example"),
    (Rule.ADDRESS, "see nw-plant.example"),
    (Rule.ADDRESS, "17 Quarry Lane"),
    (Rule.ADDRESS, "hrb448812"),
    # ids, hashes, files, agreements
    (Rule.CODE, "copy c0ffee1234567890"),
    (Rule.CODE, "copy C0FF EE12"),
    (Rule.CODE, "copy …ee123456…"),
    (Rule.CODE, "c0:ff:ee:12:34"),
    (Rule.CODE, f"SHA-256 {HASH[8:24]}"),
    (Rule.FILE_NAME, "front.png"),
    (Rule.FILE_NAME, "Front Bumper v2"),
    (Rule.FILE_NAME, "front_bumper_V2.PNG"),
    (Rule.FILE_NAME, "IMG_20331"),
    (Rule.REFERENCE, "NDA-2026-017"),
    (Rule.REFERENCE, "nda 2026/017"),
    # quotes
    (Rule.QUOTE, "copied the files to a shared drive"),
    (Rule.QUOTE, "COPIED – the files; to «a» shared\ndrive"),
    (Rule.QUOTE, "соpied the filеs to a shared drive"),
    (Rule.QUOTE, "一名实习生于周日夜间擅自将图纸"),
    (Rule.QUOTE, "一名实习生，于周日夜间，擅自将图纸"),
    (Rule.QUOTE, "each drawing that reaches a third party"),
]


@pytest.mark.parametrize(("rule", "words"), REFUSED)
def test_what_names_a_party_or_points_to_one_is_refused(rule: Rule, words: str) -> None:
    text = f"What we know of it is this: {words} and no more."
    objections = found(text)
    assert (rule, Severity.REFUSES) in {(each.rule, each.severity) for each in objections}, objections
    for each in objections:
        assert text[each.start : each.end] == each.said


REASONED = [
    (Rule.ALMOST, "Nortwick"),
    (Rule.ALMOST, "Northwyck"),
    (Rule.ALMOST, "Norhtwick"),
    (Rule.ALMOST, "Norrthwick"),
    (Rule.ALMOST, "they met at Summit in May"),
    (Rule.INITIALS, "NM"),
    (Rule.INITIALS, "N.M."),
    (Rule.INITIALS, "N. M. L."),
    (Rule.INITIALS, "ＮＭＬ"),
    (Rule.MASKED, "N****"),
    (Rule.MASKED, "N██ M██"),
    (Rule.MASKED, "霁某"),
    (Rule.MASKED, "某川公司"),
    (Rule.MASKED, "霁×公司"),
    (Rule.PERSON, "a Mr Petrov"),
    (Rule.PERSON, "李霁"),
    (Rule.PLACE, "a plant in Brackford"),
    (Rule.CODE_NAME, "the MS11"),
    (Rule.CODE_NAME, "the MS-11"),
    (Rule.CODE, "its hash is " + "0f" * 32),
    (Rule.QUOTE, "somebody who had been dismissed last autumn"),
    (Rule.PHRASE, "in our paint shop copied"),
    (Rule.PHRASE, "涂装车间的一名"),
    (Rule.AMOUNT, "CNY 1,000,000"),
    (Rule.AMOUNT, "1.000.000 CNY"),
    (Rule.AMOUNT, "1 000 000 yuan"),
    (Rule.AMOUNT, "RMB 1 million"),
    (Rule.AMOUNT, "RMB1,000,000.00"),
    (Rule.AMOUNT, "one million yuan"),
    (Rule.AMOUNT, "a million yuan"),
    (Rule.AMOUNT, "¥1.0 million"),
    (Rule.AMOUNT, "1,000,000 (CNY)"),
    (Rule.AMOUNT, "one million Chinese yuan"),
    (Rule.AMOUNT, "100万元"),
    (Rule.AMOUNT, "一百万元"),
    (Rule.AMOUNT, "人民币1,000,000元"),
    (Rule.NAME, "Quillfeather"),  # a supplier wrote it down, and could write anything
]


@pytest.mark.parametrize(("rule", "words"), REASONED)
def test_what_may_point_to_a_party_needs_a_reason(rule: Rule, words: str) -> None:
    objections = found(f"What we know of it is this: {words} and no more.")
    assert rule in {each.rule for each in objections}, objections
    assert {each.severity for each in objections} == {Severity.NEEDS_REASON}, objections


PASSED = [
    PLAIN,
    "The supplier of the front bumper makes mouldings, coatings and other plastic parts by injection.",
    "We moulded a new international system of quality control for all components and trims.",
    "Halden Motors thanks everybody in its group. Halden's engineers said so.",
    "The summit of the industry takes place in spring. Summit talks are planned.",
    "A petroleum company; the harbour; an arduous road; the jury; a gardener; hardened steel.",
    "On 14 March 2026 at 10:00, telephone 020 7946 0958, we published 12 images and 3,400 words.",
    "PDF, CAD, CEO, NDA, EU, UK, USD and VAT are short forms. So is GmbH.",
    "Write to press@halden.example or see www.halden.example.",
    "The car weighs 1,000,000 grams; it is no. 1,000,000 of its kind. 250,000 EUR were given. It costs CNY 2,000,000.",
    "该供应商的汽车饰件、塑料零部件、精密模具和喷涂业务在苏州。某供应商、某公司、某些图片。",
    "本公司于2026年3月14日发布第3号公告，共12张图片。",
    "See the footnote* below, wait… and so on... What?! Yes! 5*4=20; e.g. A/B.",
    "The front of the bumper, version 2, as a PNG file. The front is png-like.",
    "It is a matter of trust. We owe it to our customers and to those who work with us.",
    "For each of the drawings, third parties may be liable.",
    "They work with a shared drive. Nothing happens on a Sunday night.",
    "Ordinary hexadecimal words: decade, facade, defaced, 00000000, #ff8800, deadbeef.",
    "A 50&nbsp;%&#32;share, of R&amp;D; 100%25 of it, at 20%20: &c; C:\\users\\x; 占50% 30家",
    "Q&A with AT&T; https://example.org/?a=1&lt=2&ampersand; x&copyright y; M&amp;Ms; &, %, \\",
    "to get her; a wick in the north; ar dent; sum mit",
]


@pytest.mark.parametrize("text", PASSED)
def test_ordinary_words_pass(text: str) -> None:
    assert found(text) == ()


def test_an_objection_never_shows_what_the_text_was_compared_with() -> None:
    for words in ("Nortwick", "N****", "NM", "霁某"):
        for each in found(f"It was {words} then."):
            assert "Northwick" not in repr(each)
            assert "霁川" not in repr(each)


def test_a_reason_is_kept_for_the_same_words_by_the_same_rule_wherever_they_stand() -> None:
    one, two = found("It was NM."), found("And then, later, it was NM again.")
    assert one[0].key == two[0].key
    assert one[0].key != found("It was N.M.")[0].key


def test_an_amount_that_two_parties_have_points_to_nobody() -> None:
    assert found("EUR 250,000") == ()
    alone = Known(amounts=KNOWN.amounts[:2])
    assert [each.rule for each in compiled(alone).text("t", "EUR 250,000")] == [Rule.AMOUNT]


def test_a_domain_of_free_mail_is_nobodys() -> None:
    assert found("We were asked by gmail.com.") == ()
    assert found("Ask petrov.sales@gmail.com then.")


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\n" * 50, "🚗" * 50, "*" * 5000, "a" * 20_000, "1 " * 9000, "N*" * 4000]
)
def test_odd_texts_are_looked_at_quickly(text: str) -> None:
    check = compiled(KNOWN)
    began = time.process_time()
    check.text("text_en", text)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "name", ["", " ", "Ltd", "GmbH & Co. KG", "有限公司", "汽车", "A", "7", "!", "\u200b", "3M", "The Group"]
)
def test_a_name_that_says_nothing_forbids_no_words(name: str) -> None:
    check = compiled(Known(parties=(KnownParty("1", (name,), (name,), (name,), (name,), (name,), (name,)),)))
    assert check.text("t", "The company, Ltd and group, sold 7 cars. 有限公司制造汽车。") == ()


def _made_up(n: int) -> KnownParty:
    name, persons, domain = f"Zorb{n}lex Mouldings GmbH", (f"Per{n} Nam{n}er",), f"zorb{n}.example"
    return KnownParty(str(n), (name,), persons, (f"p{n}@{domain}",), (domain,))


def test_many_parties_and_a_long_statement_stay_quick() -> None:
    many = Known(
        parties=tuple(_made_up(n) for n in range(2000)),
        codes=tuple(f"{n:064x}" for n in range(10**6, 10**6 + 20_000)),
    )
    check = compiled(many)
    assert compiled(many) is check
    text = "The supplier was ordered to hand in a plan. " * 400 + "Zorb77lex"
    began = time.process_time()
    objections = check.text("text_en", text)
    assert time.process_time() - began < 3
    assert [each.said for each in objections] == ["Zorb77lex"]


def test_the_check_loads_no_django() -> None:
    code = (
        "import sys; import tidemark.records.reidentify.check; "
        "sys.exit(any(name.startswith('django') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
