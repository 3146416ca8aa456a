"""The affair in windows: from the leak to the closed case, in the order in which it goes."""

from dataclasses import dataclass

from tests import people
from tests.journey import accused, casework
from tests.journey.browser import Window
from tests.journey.persons import CONTACT


@dataclass(frozen=True, slots=True)
class Desks:
    """The windows of those who play."""

    officer: Window
    legal: Window
    communications: Window
    contact: Window
    deputy: Window


@dataclass(frozen=True, slots=True)
class Told:
    """What pages said at each step, by what the steps call it; the leak laid on its draft, slider at either end; and
    the evidence as the accused took it."""

    texts: dict[str, str]
    laid: tuple[bytes, bytes]
    evidence: bytes

    def __getitem__(self, name: str) -> str:
        return self.texts[name]


def play(desks: Desks, leak: str) -> Told:
    """Play the whole affair about a leak."""
    opened = casework.open_case(desks.officer, leak)
    laid = casework.slide(desks.officer)
    texts, evidence = _accuse(desks)
    texts |= _impose(desks) | _put_right(desks) | _speak(desks)
    texts |= {"case": opened, "closed": casework.close_case(desks.officer)}
    return Told(texts, laid, evidence)


def _accuse(desks: Desks) -> tuple[dict[str, str], bytes]:
    """From the case to the final allegation."""
    texts = {"put": casework.put(desks.legal)}
    texts["alleged"] = accused.dispute(desks.contact)
    casework.grant(desks.legal)
    evidence = accused.take_evidence(desks.contact)
    texts["named"] = accused.name_sub_vendor(desks.contact, people.SUB_VENDOR)
    texts["decided"] = casework.decide(desks.legal)
    return texts, evidence


def _impose(desks: Desks) -> dict[str, str]:
    """The sanction, the appeal against it, the payments, and the measure that is reported."""
    prepared = casework.prepare_sanction(desks.legal)
    casework.approve_sanction(desks.legal)
    casework.approve_sanction(desks.deputy)
    imposed = casework.impose(desks.legal)
    seen = accused.appeal(desks.contact)
    casework.propose_to_uphold(desks.legal)
    casework.take_decision(desks.deputy)
    half = casework.record_payment(desks.legal, "400000", "bank statement 1")
    paid = casework.record_payment(desks.legal, "600000", "bank statement 2")
    accused.report_measure(desks.contact)
    casework.accept_measure(desks.legal)
    return {"prepared": prepared, "imposed": imposed, "sanctioned": seen, "half": half, "paid": paid}


def _put_right(desks: Desks) -> dict[str, str]:
    """The plan with its one action, which is returned once; the check of the sub-vendor; the gate."""
    casework.ask_for_plan(desks.officer)
    accused.write_plan(desks.contact, CONTACT.name)
    casework.judge_action(desks.officer, accepts=False)
    returned = accused.write_anew(desks.contact, CONTACT.name)
    casework.judge_action(desks.officer, accepts=True)
    waiting = casework.look_at_gate(desks.officer)
    accused.report_action(desks.contact)
    casework.judge_action(desks.officer, accepts=True)
    accused.state_checks(desks.contact, CONTACT.name)
    casework.confirm_checks(desks.officer)
    return {"returned": returned, "waiting": waiting, "opened": casework.open_gate(desks.officer)}


def _speak(desks: Desks) -> dict[str, str]:
    """The statement, which names nobody."""
    refused = casework.prepare_statement(desks.communications)
    casework.approve_statement(desks.legal)
    casework.approve_statement(desks.communications)
    return {"refused": refused, "issued": casework.issue_statement(desks.communications)}
