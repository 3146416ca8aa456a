"""Papers of all cases: what one party's alone have points to it; what several have, or everybody says, to nobody."""

import random
import time
from decimal import Decimal

import pytest

from tidemark.records.reidentify.check import compiled
from tidemark.records.reidentify.elsewhere import papers_of
from tidemark.records.reidentify.folded import folded, stretches_of
from tidemark.records.reidentify.known import Known, KnownAmount, KnownText, Source
from tidemark.records.reidentify.objection import Rule, Severity
from tidemark.records.reidentify.phrases import placed_stretches

REPLY = "It was our sub-vendor. The copy that you name was never in our house: it went to our paint shop."
REPLY_ZH = "您所指的副本从未到过我公司，而是直接送到了外面的喷漆车间。"
BOTH = "The drawings lay on an unguarded server behind the canteen for a fortnight."
NOTE = "Their purchasing lady told me on the phone that the night shift took photographs."
FORM = "Nothing is claimed of who passed the material on, or why."
KNOWN = Known(
    papers=(
        KnownText("1", Source.REPLY, REPLY, "a"),
        KnownText("1", Source.REPLY, REPLY_ZH, "a"),
        KnownText("1", Source.REPLY, f"We take this matter very seriously and regret it. {BOTH}", "a"),
        KnownText("1", Source.ALLEGATION, f"{FORM} You have until Monday to let us know.", "a"),
        KnownText("2", Source.REPLY, f"{BOTH} We paid for that.", "b"),
        KnownText("", Source.NOTE, NOTE, "a"),
        KnownText("", Source.NOTE, "Called twice, nobody picked up the telephone there.", "a"),
        KnownText("", Source.NOTE, "Called twice, nobody picked up the telephone there.", "b"),
    ),
    plain=("The supplier hands in a detailed rectification plan within thirty days.",),
    forms=(FORM,),
)

Q, P = Rule.QUOTE, Rule.PHRASE
WHY = Severity.NEEDS_REASON


def found(text: str, known: Known = KNOWN) -> set[tuple[Rule, Severity]]:
    return {(each.rule, each.severity) for each in compiled(known).text("t", text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REPLY, {(Q, WHY)}),
        (REPLY.upper(), {(Q, WHY)}),
        ("They say the сopy that you nаme was never in our hоuse.", {(Q, WHY)}),
        ("They say that the copy that you name was never in theirs.", {(P, WHY)}),
        (REPLY_ZH, {(Q, WHY)}),
        ("据称副本从未到过我公司而是直接送到别处。", {(Q, WHY)}),
        ("He wrote that the night shift took pictures of it.", set()),
        ("A purchasing lady told me on the phone that all is well.", {(Q, WHY)}),
        ("Whatever was in the drawings behind, it never went: the copy that you name.", set()),
        ("A canteen server, unguarded, for a fortnight behind the wall.", set()),
        (BOTH, set()),
        ("Called twice, nobody picked up the telephone there.", set()),
        (FORM, set()),
        ("We take this matter very seriously and regret it.", set()),
        ("The supplier hands in a detailed rectification plan.", set()),
        ("", set()),
        ("Short.", set()),
    ],
)
def test_what_points_to_one_party_is_objected_to_and_nothing_else(
    text: str, expected: set[tuple[Rule, Severity]]
) -> None:
    assert found(text) == expected


def test_a_phrase_that_one_partys_papers_have_needs_a_reason() -> None:
    known = Known(papers=(KnownText("1", Source.REPLY, "A locksmith forged our archive keys.", "a"),))
    assert found("They heard that a locksmith forged our archive gate.", known) == {(P, WHY)}
    other = KnownText("2", Source.REPLY, "They say a locksmith forged our archive gate.", "b")
    assert found("They heard that a locksmith forged our archive door.", Known(papers=(*known.papers, other))) == set()


def test_a_phrase_of_this_case_that_papers_of_another_party_have_too_points_to_nobody() -> None:
    text = KnownText("1", Source.REPLY, "A locksmith forged our archive keys.", "a")
    other = KnownText("2", Source.REPLY, "They say a locksmith forged our archive gate.", "b")
    said = "They heard that a locksmith forged our archive door."
    assert found(said, Known(texts=(text,), papers=(text,))) == {(P, WHY)}
    assert found(said, Known(texts=(text,), papers=(text, other))) == set()


def test_a_sum_or_a_day_is_no_phrase() -> None:
    known = Known(papers=(KnownText("1", Source.REPLY, "On 14 March 2026 at 10:30 we owed CNY 1,000,000.00.", "a"),))
    for said in ("It owes CNY 1,000,000.00 now.", "It was on 14 March 2026 at 10:30."):
        assert found(said, known) == set(), said


def test_an_objection_shows_its_own_words_alone() -> None:
    (each,) = compiled(KNOWN).text("t", "We hear the copy that you name was never in a house.")
    assert each.said == "the copy that you name was never in"


def test_a_sum_of_one_partys_sanction_needs_a_reason_unless_agreements_have_it() -> None:
    imposed = (KnownAmount("1", Decimal(500_000), "CNY"), KnownAmount("1", Decimal("500000.00"), "CNY"))
    agreed = (KnownAmount("1", Decimal(500_000), "CNY"), KnownAmount("2", Decimal(500_000), "CNY"))
    for said in ("500,000 CNY", "half a million yuan", "50万元"):
        assert found(f"It pays {said}.", Known(imposed=imposed)) == {(Rule.AMOUNT, WHY)}
        assert found(f"It pays {said}.", Known(imposed=imposed, amounts=agreed)) == set()
    assert found("500,000 EUR or 500,001 CNY", Known(imposed=imposed)) == set()


def test_a_sum_that_one_party_agreed_and_another_was_sanctioned_with_points_to_nobody() -> None:
    first, second = (KnownAmount(party, Decimal(500_000), "CNY") for party in "12")
    said = "It pays 500,000 CNY."
    assert found(said, Known(amounts=(first,), imposed=(second,))) == set()
    assert found(said, Known(imposed=(first, second))) == set()
    assert found(said, Known(amounts=(first,), imposed=(first,))) == {(Rule.AMOUNT, WHY)}


def test_the_number_of_a_sanction_is_refused_that_of_a_case_needs_a_reason_and_a_day_is_none() -> None:
    known = Known(numbers=("S-2026-002", "2026-004", "2026-101"))
    for said in ("S-2026-002", "s 2026/002", "Ｓ－２０２６－００２", "S2026002"):
        assert found(f"It is about {said}, then.", known) == {(Rule.NUMBER, Severity.REFUSES)}, said
    for said in ("case 2026-004", "No. 2026/101", "By the end of 2026, 101 employees"):  # the last is no case at all
        assert found(f"It is about {said}, then.", known) == {(Rule.NUMBER, WHY)}, said
    for said in ("2026", "2026-04-00", "on 2026-10-1", "2026/10/1", "12026-004", "2026-0045", "S-2026-003"):
        assert found(f"It is about {said}, then.", known) == set(), said


def test_the_words_of_a_text_are_the_same_with_their_places_and_without() -> None:
    dice = random.Random(3)
    texts = [
        "Hello wörld_x 我们ABC词 〇 ０１２ ½ ﬁne",
        "a\0b İstanbul",
        "\u200bx y\u00adz 我、你 he",
        "№ 5 ㎏ Ⅻ 🇳🇴x",
        "hello ䷀ world again",
        "我们䷀的 \U0002fa1e 词 a\U0003fffd b",
        "",
    ]
    texts += [
        "".join(dice.choice("ab _-1我们词䷀，。〇ß½ﬁİж\n") for _ in range(dice.randrange(40))) for _ in range(500)
    ]
    for text in texts:
        with_places = [[word for word, _, _ in stretch] for stretch, _ in placed_stretches(folded(text))]
        assert list(stretches_of(text)) == with_places, text


def test_the_papers_of_many_cases_are_made_ready_once_and_looked_through_at_once() -> None:
    dice = random.Random(1)
    words = [
        "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(dice.randrange(2, 10))) for _ in range(8000)
    ]
    written = [" ".join(dice.choice(words) for _ in range(330)) for _ in range(4000)]
    papers = tuple(
        KnownText(str(place % 60), Source.REPLY, text, str(place // 20)) for place, text in enumerate(written)
    )
    began = time.process_time()
    papers_of(papers)
    assert time.process_time() - began < 10  # it is below one second
    again = tuple(KnownText(each.party, each.source, each.text, each.case) for each in papers)
    statement = "The supplier was ordered to hand in a plan. " * 100
    began = time.process_time()
    found_there = compiled(Known(papers=again)).text("t", f"{statement} {written[1234][400:500]}")
    assert time.process_time() - began < 1
    assert [each.rule for each in found_there] == [Rule.QUOTE]


def test_nothing_that_a_party_writes_keeps_another_cases_statement_from_being_issued() -> None:
    said = "Pictures of a vehicle that nobody has presented yet are circulating on several platforms."
    objections = compiled(Known(papers=(KnownText("1", Source.REPLY, said, "a"),))).text("t", said)
    assert {each.severity for each in objections} == {WHY}


def test_what_the_owner_put_to_parties_is_its_own_and_takes_no_quote_from_its_author() -> None:
    said = "A picture of a vehicle that is not presented yet was published on a public forum."
    assert found(said, Known(papers=(KnownText("1", Source.ALLEGATION, said, "a"),))) == set()
    quoting = KnownText("2", Source.ALLEGATION, f"Another party says: {REPLY}", "b")
    assert found(REPLY, Known(papers=(KnownText("1", Source.REPLY, REPLY, "a"), quoting))) == {(Q, WHY)}
