"""What an officer says of copies and of onward sharing names no other party to whoever reads it."""

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.asked import NEW_PARTY, approve, ask, waiting
from tests.records.copies.desk_copies import put_draft
from tidemark.errors import Refused
from tidemark.records.copies import onward
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.revoke import revoke
from tidemark.records.copies.share import share
from tidemark.records.home import Home

LEAK = "Ardoise Injection has told us of a leak there."


def test_no_reason_for_taking_back_an_approval_names_another_party(home: Home, desk: Desk, held: Copy) -> None:
    request = waiting(home, desk, held)
    with pytest.raises(Refused, match=r"names Ardoise Injection\. A party learns of no other party"):
        onward.take_back(home, request, why=LEAK, by=desk["officer"], now=NOW)
    request.refresh_from_db()
    assert (request.state, request.taken_back_why) == (OnwardRequest.State.APPROVED, "")


@pytest.mark.parametrize("is_approved", [True, False])
def test_no_reason_of_a_decision_names_another_party(home: Home, desk: Desk, held: Copy, is_approved: bool) -> None:
    request = ask(home, desk, held)
    with pytest.raises(Refused, match="names Ardoise Injection"):
        onward.decide(home, request, approve=is_approved, why=LEAK, by=desk["officer"], now=NOW)
    request.refresh_from_db()
    assert (request.state, request.decision) == (OnwardRequest.State.ASKED, "")


def test_what_the_supplier_wrote_itself_may_be_said_back_to_it(home: Home, desk: Desk, held: Copy) -> None:
    request = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="ada@kestrel.test")
    said = "Kestrel Tooling is not ready yet; ask Wen Li, ada@kestrel.test."
    onward.decide(home, request, approve=False, why=said, by=desk["officer"], now=NOW)
    assert request.decision == said


def test_no_reason_for_a_revocation_names_another_party_to_the_holder(home: Home, desk: Desk, held: Copy) -> None:
    with pytest.raises(Refused, match="names Ardoise Injection"):
        revoke(home, [held], by=desk["officer"], why=LEAK, now=NOW)
    held.refresh_from_db()
    assert held.revoked is None
    revoke(home, [held], by=desk["officer"], why="Northwick Mouldings has lost the bid.", now=NOW)


def test_a_reason_that_a_supplier_may_read_is_refused_if_its_sub_vendor_reads_it_too(
    home: Home, desk: Desk, held: Copy
) -> None:
    approve(home, desk, ask(home, desk, held))
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    why = "Northwick Mouldings has lost the bid."
    with pytest.raises(Refused, match=rf"Take the names out: {desk.sub_vendor.name} – Northwick"):
        revoke(home, [held], by=desk["officer"], why=why, now=NOW, with_children=True)
    assert revoke(home, [held], by=desk["officer"], why=why, now=NOW).open_children == (child.pk,)
    assert revoke(home, [child], by=desk["officer"], why="The bid was lost.", now=NOW).copies == (child.pk,)


def test_a_reason_is_refused_for_each_party_that_reads_it(home: Home, desk: Desk, held: Copy) -> None:
    draft = put_draft(home, desk, seed=2, name="rear.png")
    shared = share(home, [(draft, desk["sibling_contact"])], project=desk.project, by=desk["officer"], now=NOW)
    others = make_copy(home, shared.planned[0].pk, now=NOW)
    with pytest.raises(Refused) as refusal:
        revoke(home, [held, others], by=desk["officer"], why="Northwick and Ardoise have lost.", now=NOW)
    assert "Ardoise Injection – Northwick; Northwick Mouldings – Ardoise" in str(refusal.value)
    assert len(revoke(home, [held, others], by=desk["officer"], why="Both have lost.", now=NOW).copies) == 2


def test_whoever_stands_above_the_holder_reads_the_reason_too(home: Home, desk: Desk, held: Copy) -> None:
    approve(home, desk, ask(home, desk, held))
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    with pytest.raises(Refused, match="Ardoise") as refusal:
        revoke(home, [child], by=desk["officer"], why=LEAK, now=NOW)
    assert desk.supplier.name in str(refusal.value)
    assert desk.sub_vendor.name in str(refusal.value)
