"""A sanction as the affair has it, played by the actions themselves up to any step."""

from datetime import date, timedelta
from decimal import Decimal

from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import played, played_below
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.reply import reply
from tidemark.records.home import Home
from tidemark.records.sanctions.convert import Rate
from tidemark.records.sanctions.impose import approve_sanction, impose
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.prepare import add_measure, edit, prepare
from tidemark.records.sanctions.terms import Terms

LATER = NOW + timedelta(days=1)
MILLION = Money(1_000_000, "CNY")
RATE = Rate(Decimal("6.7221"), "USD", date(2026, 3, 13), "People's Bank of China, central parity")
PAY_TO = "Bank of Halden, account 12 3456 789\nPlease quote our reference."


def terms(**changes: object) -> Terms:
    """Return the terms that the affair ends with."""
    said: dict[str, object] = {
        "amount": MILLION,
        "rate": RATE,
        "pay_to": PAY_TO,
        "due_on": date(2026, 4, 30),
        "appeal_until": NOW + timedelta(days=20),
    }
    return Terms(**(said | changes))  # type: ignore[arg-type]


def final(home: Home, desk: Desk) -> Allegation:
    """Play a case until its allegation is final: the supplier answers for its sub-vendor's copy."""
    made = played(home, desk)
    reply(home, made, "names", text="It was our sub-vendor.", names_party=desk.sub_vendor, by=desk["contact"], now=NOW)
    make_final(home, made, by=desk["legal"], now=NOW)
    made.refresh_from_db()
    return made


def final_below(home: Home, desk: Desk) -> Allegation:
    """Play a case until it is final that the sub-vendor itself answers, under an agreement that is not the owner's."""
    made = played_below(home, desk)
    reply(home, made, "accepts", text="It was us.", by=desk["sub_vendor_contact"], now=NOW)
    make_final(home, made, by=desk["legal"], now=NOW)
    made.refresh_from_db()
    return made


def prepared(home: Home, desk: Desk, **changes: object) -> Sanction:
    """Prepare a sanction with these terms and one measure of each kind."""
    made = prepare(home, final(home, desk), by=desk["officer"], now=NOW)
    edit(home, made, terms(**changes), by=desk["officer"], now=NOW)
    add_measure(home, made, "suspension", text="Until the gate opens.", project=desk.project, by=desk["legal"], now=NOW)
    due = NOW + timedelta(days=30)
    add_measure(home, made, "obligation", text="Bind all sub-vendors.", due=due, by=desk["legal"], now=NOW)
    add_measure(home, made, "person", text="Train whoever handles drawings.", due=due, by=desk["legal"], now=NOW)
    return Sanction.objects.get(pk=made.pk)


def approved(home: Home, desk: Desk, **changes: object) -> Sanction:
    """Have it approved by legal and by an officer."""
    made = prepared(home, desk, **changes)
    for who in ("legal", "officer"):
        approve_sanction(home, made, by=desk[who], now=NOW)
    return made


def imposed(home: Home, desk: Desk, **changes: object) -> Sanction:
    """Impose it."""
    made = approved(home, desk, **changes)
    impose(home, made, by=desk["officer"], now=NOW)
    return Sanction.objects.get(pk=made.pk)


def without_damages(desk: Desk, **fields: object) -> None:
    """Change what the supplier's agreement says of damages."""
    agreement = desk.agreements["supplier"]
    for name, value in ({"damages": None} | fields).items():
        setattr(agreement, name, value)
    agreement.save()
