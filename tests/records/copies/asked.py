"""Requests for onward sharing, asked, approved, and waiting for something."""

from tests.conftest import NOW
from tests.desk import Desk
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies import onward
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.home import Home

SUB_VENDOR_MAIL = "sub_vendor-contact@example.test"
NEW_PARTY = "Kestrel Tooling"


def ask(home: Home, desk: Desk, copy: Copy, **other: str) -> OnwardRequest:
    said = {
        "sub_vendor": desk.sub_vendor.name,
        "contact_name": "Wen Li",
        "contact_email": SUB_VENDOR_MAIL,
        "why": "They coat the bumper.",
        **other,
    }
    engagement = desk.engagements["supplier"]
    return onward.ask(home, engagement, [copy], by=desk["contact"], now=NOW, **said)  # type: ignore[arg-type]


def approve(home: Home, desk: Desk, request: OnwardRequest) -> OnwardRequest:
    return onward.decide(home, request, approve=True, by=desk["officer"], now=NOW)


def new_contact(home: Home, desk: Desk, held: Copy) -> OnwardRequest:
    """Ask for somebody whom nobody knows yet, and approve it: an invitation goes out."""
    return approve(home, desk, ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test"))


def waiting(home: Home, desk: Desk, held: Copy) -> OnwardRequest:
    """Approve a request that waits for the flow-down agreement."""
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    return approve(home, desk, ask(home, desk, held))
