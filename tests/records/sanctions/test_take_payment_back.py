"""A payment that was recorded by mistake is taken back: it stays on record, and nothing counts it any more."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.people import STRANGER
from tests.records.cases.played import bodies, kinds
from tests.records.plans.rehearsed import overridden
from tests.records.sanctions.after import DAY, decided, fresh, paid, yuan
from tests.records.sanctions.imposed import LATER, imposed
from tidemark.errors import Refused
from tidemark.records.cases.change import close
from tidemark.records.home import Home
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.models import Measure, Payment, Sanction
from tidemark.records.sanctions.pay import record_repayment
from tidemark.records.sanctions.settle import Account, account_of, is_overdue
from tidemark.records.sanctions.take_payment_back import take_payment_back

AFTER = LATER + timedelta(hours=1)
WHY = "It was paid for another invoice."


def payment(reference: str, *, back: bool = False) -> Payment:
    return Payment.objects.select_related("sanction__allegation__party").get(
        reference=reference, is_repayment=back, taken_back=None
    )


def taken_back(home: Home, desk: Desk, reference: str, *, back: bool = False, who: str = "officer") -> None:
    take_payment_back(home, payment(reference, back=back), why=WHY, by=desk[who], now=AFTER)


def repaid(home: Home, desk: Desk, sanction: Sanction, amount: int, reference: str) -> None:
    record_repayment(home, sanction, yuan(amount), paid_on=DAY, reference=reference, by=desk["legal"], now=LATER)


def account(sanction: Sanction) -> Account:
    found = account_of(fresh(sanction))
    assert found is not None
    return found


def money_holds(sanction: Sanction) -> bool:
    return next(each.holds for each in gate_of(sanction.allegation, now=AFTER) if each.key == "money")


def test_what_was_taken_back_stays_on_record_with_who_when_and_why_and_is_owed_again(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 300_000, "A1")
    paid(home, desk, made, 700_000, "A2")
    assert money_holds(made)
    taken_back(home, desk, "A2")
    row = Payment.objects.get(reference="A2")
    assert (row.amount, row.recorded_by, row.taken_back, row.taken_back_by, row.taken_back_why) == (
        yuan(700_000), desk["legal"], AFTER, desk["officer"], WHY
    )  # fmt: skip
    assert (account(made).paid, account(made).balance) == (yuan(300_000), yuan(700_000))
    assert not money_holds(made)
    assert is_overdue(fresh(made), account(made), now=NOW + timedelta(days=60))


def test_the_ledger_has_what_was_taken_back_and_what_is_owed_since(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 400_000, "A1")
    taken_back(home, desk, "A1")
    assert kinds(made.case.pk)[-1] == "sanction-payment-taken-back"
    (said,) = bodies(made.case.pk, "sanction-payment-taken-back")
    assert {name: said[name] for name in ("amount", "currency", "is_repayment", "paid_on", "balance", "pay_back")} == {
        "amount": "400000.00", "currency": "CNY", "is_repayment": False, "paid_on": "2026-03-14",
        "balance": "1000000.00", "pay_back": "0.00",
    }  # fmt: skip
    assert (said["by"], said["was_settled"], WHY in str(said)) == (desk["officer"].pk, False, False)
    first = bodies(made.case.pk, "sanction-paid")[0]
    assert said["reference_sha256"] == first["reference_sha256"]


def test_the_same_bank_reference_is_recorded_again_as_it_should_have_been(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    for amount in (100_000, 10_000):
        paid(home, desk, made, amount, "A1")
        taken_back(home, desk, "A1")
    paid(home, desk, made, 1_000, "A1")
    assert account(made).paid == yuan(1_000)
    assert made.payments.count() == 3
    with pytest.raises(Refused, match="already"):
        paid(home, desk, made, 1_000, "A1")


def test_what_was_settled_by_it_is_imposed_again_and_access_that_returned_stays(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 1_000_000, "A1")
    Measure.objects.exclude(kind="suspension").update(state="done")
    overridden(home, desk, made.allegation)
    assert fresh(made).state == "settled"
    taken_back(home, desk, "A1")
    assert (fresh(made).state, fresh(made).settled) == ("imposed", None)
    assert bodies(made.case.pk, "sanction-payment-taken-back")[0]["was_settled"] is True
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "active"
    assert Measure.objects.get(kind="suspension").state == "ended"
    assert not money_holds(made)
    paid(home, desk, made, 1_000_000, "A1")
    assert fresh(made).state == "settled"


def test_what_is_paid_without_it_stays_settled(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    Measure.objects.update(state="done")
    paid(home, desk, made, 1_000_000, "A1")
    paid(home, desk, made, 7, "A2", is_overpaid=True)
    taken_back(home, desk, "A2")
    assert fresh(made).state == "settled"
    assert account(made).pay_back == yuan(0)


def test_an_appeal_stays_an_appeal_and_a_waiver_a_waiver(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    Measure.objects.update(state="done")
    paid(home, desk, made, 600_000, "A1")
    paid(home, desk, made, 400_000, "A2")
    appeal(home, made, reason="x", by=desk["contact"], now=LATER)
    taken_back(home, desk, "A1")
    assert fresh(made).state == "appealed"
    decided(home, desk, made, "waived")
    assert account(made).pay_back == yuan(400_000)
    taken_back(home, desk, "A2")
    assert (fresh(made).state, account(made).pay_back) == ("waived", yuan(0))


def test_nothing_is_taken_back_twice_of_a_void_sanction_or_from_under_what_was_paid_back(
    home: Home, desk: Desk
) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 1_000_005, "A1", is_overpaid=True)
    repaid(home, desk, made, 5, "B1")
    paid(home, desk, made, 9, "A2", is_overpaid=True)
    taken_back(home, desk, "A2")  # it came in after what was paid back
    with pytest.raises(Refused, match="already"):
        take_payment_back(home, Payment.objects.get(reference="A2"), why=WHY, by=desk["legal"], now=AFTER)
    with pytest.raises(Refused, match=r"5\.00 CNY were paid back since, on 2026-03-14"):
        taken_back(home, desk, "A1")
    taken_back(home, desk, "B1", back=True)
    assert account(made).pay_back == yuan(5)
    taken_back(home, desk, "A1")
    assert account(made) == Account(yuan(1_000_000), yuan(0))
    paid(home, desk, made, 5, "A3")


def test_of_a_void_sanction_what_never_came_in_or_was_never_paid_back_is_taken_back_too(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 5, "A1")
    paid(home, desk, made, 9, "A2")
    withdraw_allegation(home, made.allegation, apology="We were wrong.", by=desk["legal"], now=AFTER)
    taken_back(home, desk, "A2")
    assert account(made).pay_back == yuan(5)
    repaid(home, desk, made, 5, "B1")
    assert account(made).pay_back == yuan(0)
    taken_back(home, desk, "B1", back=True)
    assert account(made).pay_back == yuan(5)


@pytest.mark.parametrize("who", ["contact", "investigator", "communications", "administrator"])
def test_who_may_not_record_a_payment_takes_none_back(home: Home, desk: Desk, who: str) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 5, "A1")
    with pytest.raises(Refused):
        taken_back(home, desk, "A1", who=who)
    assert account(made).paid == yuan(5)


@pytest.mark.parametrize("why", ["", "  ", "\u202e", "x" * 4001, f"It was {STRANGER}'s."])
def test_it_takes_a_reason_that_names_no_other_party(home: Home, desk: Desk, why: str) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 5, "A1")
    with pytest.raises(Refused):
        take_payment_back(home, payment("A1"), why=why, by=desk["legal"], now=AFTER)
    assert account(made).paid == yuan(5)


def test_it_can_be_taken_back_in_a_closed_case_too(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 5, "A1")
    close(home, made.case, why="Done.", by=desk["officer"], now=LATER)
    taken_back(home, desk, "A1")
    assert account(made).paid == yuan(0)
