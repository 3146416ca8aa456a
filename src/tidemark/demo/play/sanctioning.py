"""The money and the measures: what the agreement's clause leads to, the appeal against it, and the payments."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tidemark.demo.play.accusing import ACCUSED, SUB_VENDOR
from tidemark.demo.play.line import File
from tidemark.demo.play.stage import Stage, expect, in_days, today
from tidemark.demo.scenes import PHOTO

_DAMAGES = {"amount": "1000000.00", "currency": "CNY"}
_RATE = {"per_unit": "6.7221", "currency": "USD", "source": "People's Bank of China, central parity"}
_CONVERTED = "148763.04"
_APPEAL = "One photograph, by a person who was not ours. We ask you to halve the sum."
_UPHELD = (
    "The clause names one sum for each drawing, whoever of the recipient's sub-vendors was at fault, and the front "
    "bumper is one drawing. The sum stands."
)


def impose(stage: Stage) -> Iterator[str]:
    """A sanction is derived from the clause, approved by legal and an officer, and imposed with a letter."""
    made = stage.legal.post(f"/allegations/{stage.allegations[PHOTO]}/sanction")
    stage.sanction = mine = made["id"]
    expect(_money(made["agreed"]) == _money(_DAMAGES), "the amount is the agreement's")
    address = f"/sanctions/{mine}"
    terms: dict[str, Any] = {
        "amount": {"amount": "750000.00", "currency": "CNY"},
        "rate": {**_RATE, "on": today().isoformat()},
        "pay_to": "Halden Motors, account 000-000-11, reference: the number of this letter",
        "due_on": (today() + timedelta(days=30)).isoformat(),
        "appeal_until": in_days(14),
    }
    reason = stage.legal.refused(address, terms, method="PUT")
    seen = stage.legal.put(address, {**terms, "amount": _DAMAGES})
    expect(seen["converted"]["amount"].rstrip("0") == _CONVERTED, "1,000,000 CNY at 6.7221 is 148,763.04 USD")
    yield f"The clause says {_said(made['agreed'])}; at 6.7221 that is {_said(seen['converted'])}. Less: “{reason}”"
    for kind, text, due in (
        ("suspension", "No drawings until the way back is free.", None),
        ("obligation", "Bar telephones and cameras from every desk at which drawings are shown.", in_days(21)),
        ("person", "Instruct the intern and the head of the paint shop, and tell us when.", in_days(21)),
    ):
        stage.legal.post(f"{address}/measures", {"kind": kind, "text": text, "due": due})
    stage.legal.refused(f"{address}/impose")
    for line in (stage.legal, stage.officer):
        line.post(f"{address}/approvals")
    stage.by(ACCUSED).refused(address, method="GET", status=404)
    done = stage.legal.post(f"{address}/impose")
    for language in done["letters"]:
        letter = stage.by(ACCUSED).fetch(f"{address}/letter/{language}")
        expect(letter.startswith(b"%PDF"), "the letter is a PDF")
        (stage.folder / "evidence" / f"{done['number']}-{language}.pdf").write_bytes(letter)
    stage.by(SUB_VENDOR).refused(address, method="GET", status=404)
    yield (
        f"{done['number']}, approved by legal and an officer: {_said(done['imposed_amount'])}, three measures, letters "
        f"in {' and '.join(done['letters'])}. Access is suspended."
    )


def appeal(stage: Stage) -> Iterator[str]:
    """The supplier appeals; two persons decide, and their reason is what it reads."""
    address, contact = f"/sanctions/{stage.sanction}", stage.by(ACCUSED)
    contact.post(f"{address}/appeal", {"reason": _APPEAL})
    proposed = stage.legal.post(f"{address}/decision", {"outcome": "upheld", "reason": _UPHELD})["proposed"]["id"]
    stage.legal.post(f"{address}/decision/approvals", {"decision": proposed})
    stage.legal.refused(f"{address}/decision/take", {"decision": proposed})
    stage.officer.post(f"{address}/decision/approvals", {"decision": proposed})
    stage.legal.post(f"{address}/decision/take", {"decision": proposed})
    (decision,) = contact.get(address)["decisions"]
    expect((decision["outcome"], decision["reason"]) == ("upheld", _UPHELD), "the party reads what was decided and why")
    yield f"“{_APPEAL}” Upheld: “{_UPHELD.partition('. ')[0]}.”"


def pay(stage: Stage) -> Iterator[str]:
    """The money comes in two parts; the measures are reported with their proofs, one is returned once."""
    address, contact = f"/sanctions/{stage.sanction}", stage.by(ACCUSED)
    for number, amount in enumerate(("400000.00", "600000.00"), start=1):
        payment = {"amount": {"amount": amount, "currency": "CNY"}, "paid_on": today().isoformat()}
        seen = stage.legal.post(f"{address}/payments", {**payment, "reference": f"bank statement {number}"})
        yield f"CNY {float(amount):,.0f} came in; {_said(seen['balance'])} left."
    measures = {each["kind"]: each["id"] for each in seen["measures"]}
    proof = File("desk-rules.txt", b"No telephones at desks 1-14. Lockers at the door. Signed by all.\n")
    obligation = f"{address}/measures/{measures['obligation']}"
    contact.post(f"{obligation}/reports/with-file", {"text": "There is a rule now."}, file=proof)
    read = _last_report(stage, measures["obligation"])
    returned = {"accepts": False, "reason": "A rule is no lock. Show us the lockers."}
    stage.legal.post(f"{obligation}/judge", {**returned, "report": read})
    photo = File("lockers.txt", b"Photographs of the lockers, and the list of keys.\n")
    contact.post(f"{obligation}/reports/with-file", {"text": "Lockers stand at the door of the room."}, file=photo)
    stage.legal.refused(f"{obligation}/judge", {"accepts": True, "report": read})
    stage.legal.post(f"{obligation}/judge", {"accepts": True, "report": _last_report(stage, measures["obligation"])})
    person = f"{address}/measures/{measures['person']}"
    contact.post(f"{person}/reports", {"text": "Both were instructed, and signed it."})
    stage.legal.post(f"{person}/judge", {"accepts": True, "report": _last_report(stage, measures["person"])})
    yield "Telephones are barred from the desks: returned once (“A rule is no lock”), then accepted with its proof."


def _last_report(stage: Stage, measure: str) -> int:
    """Read what was reported last of a measure, as legal does before it judges; return its id."""
    (row,) = (each for each in stage.legal.get(f"/sanctions/{stage.sanction}")["measures"] if each["id"] == measure)
    return int(row["reports"][-1]["id"])


def _money(amount: Any) -> tuple[float, str]:
    return float(amount["amount"]), amount["currency"]


def _said(amount: Any) -> str:
    value = float(amount["amount"])
    return f"{value:,.2f} {amount['currency']}" if value % 1 else f"{value:,.0f} {amount['currency']}"
