"""A sanction comes from a final allegation and its clause, is approved by two, and is imposed with a letter."""

import hashlib
from datetime import timedelta

import pytest
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import bodies, kinds, played, trace_of
from tests.records.sanctions.imposed import (
    MILLION,
    approved,
    final,
    final_below,
    imposed,
    prepared,
    terms,
    without_damages,
)
from tidemark.errors import Refused
from tidemark.records import blobs
from tidemark.records.accounts.standing import deactivate
from tidemark.records.cases.models import Allegation
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions import impose as imposing
from tidemark.records.sanctions.impose import approve_sanction, impose, why_not_imposed
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.prepare import edit, give_up, prepare


def test_the_amount_comes_from_the_agreement(home: Home, desk: Desk) -> None:
    made = prepare(home, final(home, desk), by=desk["legal"], now=NOW)
    assert (made.amount, made.damages, made.number) == (MILLION, MILLION, "S-2026-001")


def test_nothing_is_prepared_or_imposed_as_long_as_the_allegation_is_not_final(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    with pytest.raises(Refused, match="only while it is final"):
        prepare(home, allegation, by=desk["legal"], now=NOW)
    Allegation.objects.filter(pk=allegation.pk).update(state="final", final=NOW)
    made = prepare(home, allegation, by=desk["legal"], now=NOW)
    Allegation.objects.filter(pk=allegation.pk).update(state="answered")
    made = Sanction.objects.get(pk=made.pk)
    assert any("not final" in why for why in why_not_imposed(made, now=NOW))


def test_nothing_is_prepared_approved_or_imposed_once_the_last_trace_accuses_the_copy_no_more(
    home: Home, desk: Desk
) -> None:
    made = approved(home, desk)
    trace_of(Post.objects.get(), [], verdict="inconclusive", hours=2)
    with pytest.raises(Refused, match="does not accuse copy"):
        approve_sanction(home, made, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="does not accuse copy"):
        impose(home, made, by=desk["officer"], now=NOW)
    made.refresh_from_db()
    assert made.state == Sanction.State.PREPARED
    give_up(home, made, reason="Another trace.", by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="does not accuse copy"):
        prepare(home, made.allegation, by=desk["legal"], now=NOW)


def test_nothing_is_imposed_while_something_speaks_against_it_that_the_party_was_not_told(
    home: Home, desk: Desk
) -> None:
    made = approved(home, desk)
    Post.objects.update(posted=NOW - timedelta(days=400))  # another post of it, from before the copy was issued
    assert any("Since it was put it became known" in why for why in why_not_imposed(made, now=NOW))
    with pytest.raises(Refused, match="only after this leak was first seen"):
        impose(home, made, by=desk["officer"], now=NOW)


def test_a_trace_that_ends_while_the_letter_is_set_stops_it(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = approved(home, desk)

    def meanwhile(*_args: object, **_more: object) -> bytes:
        trace_of(Post.objects.get(), [], verdict="inconclusive", hours=2)
        return b"%PDF"

    monkeypatch.setattr(imposing, "letter", meanwhile)
    with pytest.raises(Refused, match="does not accuse copy"):
        impose(home, made, by=desk["officer"], now=NOW)
    assert kinds(made.case.pk).count("sanction") == 0


def test_there_is_one_sanction_of_an_allegation_and_another_once_it_was_given_up(home: Home, desk: Desk) -> None:
    made = prepared(home, desk)
    with pytest.raises(Refused, match="already"):
        prepare(home, made.allegation, by=desk["legal"], now=NOW)
    give_up(home, made, reason="The wrong clause.", by=desk["legal"], now=NOW)
    again = prepare(home, made.allegation, by=desk["legal"], now=NOW)
    assert again.number == "S-2026-002"
    assert not Sanction.objects.visible_to(desk["contact"]).exists()


@pytest.mark.parametrize("who", ["administrator", "investigator", "communications", "contact"])
def test_who_may_not_allege_may_not_prepare_a_sanction(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused):
        prepare(home, final(home, desk), by=desk[who], now=NOW)


def test_a_deviation_needs_a_written_reason_and_is_approved_with_it(home: Home, desk: Desk) -> None:
    made = prepared(home, desk)
    less = Money(400_000, "CNY")
    with pytest.raises(Refused, match="deviates"):
        edit(home, made, terms(amount=less), by=desk["legal"], now=NOW)
    approve_sanction(home, made, by=desk["legal"], now=NOW)
    edit(home, made, terms(amount=less, deviation_reason="It was reported at once."), by=desk["legal"], now=NOW)
    made.refresh_from_db()
    assert any("missing: legal, officer" in why for why in why_not_imposed(made, now=NOW))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": Money(1_000_000, "USD")}, "CNY"),
        ({"amount": Money(-5, "CNY")}, "more than zero"),
        ({"amount": None, "rate": None}, "deviates"),
        ({"words": "Ask Ardoise Injection."}, "Ardoise Injection"),
        ({"amount": Money("1e20", "CNY")}, "16 digits"),
    ],
)
def test_terms_that_cannot_stand_are_refused(home: Home, desk: Desk, changes: dict[str, object], why: str) -> None:
    made = prepared(home, desk)
    with pytest.raises(Refused, match=why):
        edit(home, made, terms(**changes), by=desk["legal"], now=NOW)


def test_an_amount_by_formula_needs_a_calculation_and_keeps_to_the_cap(home: Home, desk: Desk) -> None:
    without_damages(desk, damages_formula="2 % of the turnover", damages_cap=Money(500_000, "CNY"))
    made = prepare(home, final(home, desk), by=desk["legal"], now=NOW)
    assert made.amount is None
    with pytest.raises(Refused, match="formula"):
        edit(home, made, terms(amount=Money(400_000, "CNY")), by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match=r"500,000\.00 CNY"):
        edit(home, made, terms(amount=Money(500_001, "CNY"), calculation="x"), by=desk["legal"], now=NOW)
    edit(home, made, terms(amount=Money(400_000, "CNY"), calculation="2 % of 20 million"), by=desk["legal"], now=NOW)
    made.refresh_from_db()
    assert (made.calculation, made.deviation_reason) == ("2 % of 20 million", "")


def test_no_amount_is_derived_from_an_agreement_that_the_owner_is_no_side_of(home: Home, desk: Desk) -> None:
    made = prepare(home, final_below(home, desk), by=desk["legal"], now=NOW)
    assert (made.amount, made.damages, made.damages_formula, made.due_on) == (None, None, "", None)
    with pytest.raises(Refused, match="deviates"):
        edit(home, made, terms(amount=Money(1_000, "CNY")), by=desk["legal"], now=NOW)
    reason = "The party agreed to it at the meeting of 12 March."
    edit(home, made, terms(amount=Money(1_000, "CNY"), deviation_reason=reason), by=desk["legal"], now=NOW)
    approve_sanction(home, made, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="missing: officer"):
        impose(home, made, by=desk["officer"], now=NOW)
    approve_sanction(home, made, by=desk["officer"], now=NOW)
    impose(home, made, by=desk["officer"], now=NOW)
    (said,) = bodies(made.case.pk, "sanction")
    assert (said["amount"], said["deviates"]) == ("1000.00", True)


def test_an_amount_under_anothers_agreement_without_a_reason_is_not_imposed(home: Home, desk: Desk) -> None:
    made = prepare(home, final_below(home, desk), by=desk["legal"], now=NOW)
    made.amount = made.damages = MILLION  # as an older version derived it
    made.save()
    assert any("is no party to the agreement" in why for why in why_not_imposed(made, now=NOW))


def test_it_takes_legal_and_an_officer_and_two_persons(home: Home, desk: Desk) -> None:
    made = prepared(home, desk)
    with pytest.raises(Refused, match="missing: legal, officer"):
        impose(home, made, by=desk["officer"], now=NOW)
    approve_sanction(home, made, by=desk["officer"], now=NOW)
    approve_sanction(home, made, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="missing: legal"):
        impose(home, made, by=desk["officer"], now=NOW)
    for who in ("communications", "contact", "investigator"):
        with pytest.raises(Refused):
            approve_sanction(home, made, by=desk[who], now=NOW)


def test_nothing_is_imposed_on_the_approval_of_somebody_who_was_shut_out(home: Home, desk: Desk) -> None:
    made = approved(home, desk)
    deactivate(desk["legal"], by=desk["administrator"], now=NOW)
    with pytest.raises(Refused, match=r"missing: legal.*is deactivated"):
        impose(home, made, by=desk["officer"], now=NOW)


def test_imposing_keeps_the_letter_suspends_access_and_is_in_the_ledger(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    said = bodies(made.case.pk, "sanction")[0]
    assert (said["amount"], said["currency"], said["deviates"]) == ("1000000.00", "CNY", False)
    for sha256 in (made.letter_en_sha256, made.letter_zh_sha256):
        data = blobs.get(home, blobs.Shelf.CASES, sha256)
        assert data.startswith(b"%PDF")
        assert sha256 in (said["letter_en_sha256"], said["letter_zh_sha256"])
        assert hashlib.sha256(data).hexdigest() == sha256
    engagement = Engagement.objects.get(pk=desk.engagements["supplier"].pk)
    assert engagement.state == Engagement.State.SUSPENDED
    assert kinds(engagement.pk) == ["engagement-suspended"]
    assert str(made.converted) == str(Money("148763.04", "USD"))
    assert Sanction.objects.visible_to(desk["contact"]).get() == made
    for who in ("member", "sub_vendor_contact", "sibling_contact", "stranger_contact"):
        assert not Sanction.objects.visible_to(desk[who]).exists()


def test_it_is_imposed_once(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    letter = made.letter_en_sha256
    with pytest.raises(Refused, match="imposed"):
        impose(home, made, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="imposed"):
        edit(home, made, terms(), by=desk["officer"], now=NOW)
    assert Sanction.objects.get(pk=made.pk).letter_en_sha256 == letter
    assert kinds(made.case.pk).count("sanction") == 1


def test_dates_that_are_too_near_by_now_are_refused(home: Home, desk: Desk) -> None:
    made = approved(home, desk)
    with pytest.raises(Refused, match="at least 7 days to appeal"):
        impose(home, made, by=desk["officer"], now=NOW + timedelta(days=15))
    with pytest.raises(Refused, match="at least 7 days to pay"):
        impose(home, made, by=desk["officer"], now=NOW + timedelta(days=45))
