"""What the tests of an imposed sanction do again and again: pay, agree, decide."""

from datetime import date, timedelta

from djmoney.money import Money

from tests.desk import Desk
from tests.records.sanctions.imposed import LATER
from tidemark.records.agreements.documents import Document
from tidemark.records.home import Home
from tidemark.records.plans.access import agree_payment
from tidemark.records.sanctions.decide import approve_decision, propose, take
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.sanctions.pay import record_payment

PROOF = Document("proof.pdf", b"signed by all of them")
DAY = date(2026, 3, 14)


def yuan(amount: int) -> Money:
    return Money(amount, "CNY")


def fresh(sanction: Sanction) -> Sanction:
    return Sanction.objects.get(pk=sanction.pk)


def paid(home: Home, desk: Desk, sanction: Sanction, amount: int, reference: str, **more: bool) -> None:
    record_payment(home, sanction, yuan(amount), paid_on=DAY, reference=reference, by=desk["legal"], now=LATER, **more)


def agreed(home: Home, desk: Desk, sanction: Sanction, until: date, *, days: int = 0) -> None:
    at = LATER + timedelta(days=days)
    agree_payment(home, sanction.allegation, until=until, text="Later.", by=desk["legal"], now=at)


def decided(home: Home, desk: Desk, sanction: Sanction, outcome: str, amount: Money | None = None) -> None:
    made = propose(home, sanction, outcome, reason="We weighed it.", amount=amount, by=desk["legal"], now=LATER)
    for who in ("legal", "officer"):
        approve_decision(home, made, by=desk[who], now=LATER)
    take(home, made, by=desk["officer"], now=LATER)


def measure(sanction: Sanction, kind: str) -> Measure:
    return Measure.objects.select_related("sanction__allegation__party").get(sanction=sanction, kind=kind)
