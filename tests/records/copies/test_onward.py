"""Onward sharing: asked by the supplier, decided by the owner, carried out when nothing is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.desk import Desk, agree, engage, person
from tests.records.cases.played import copy_of
from tests.records.copies.asked import NEW_PARTY, SUB_VENDOR_MAIL, approve, ask, waiting
from tests.records.copies.desk_copies import leaves
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records import blobs
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.blobs import Shelf
from tidemark.records.connect import exclusively
from tidemark.records.copies import onward
from tidemark.records.copies.commit import leaf_of_copy
from tidemark.records.copies.fulfil import fulfil, fulfil_all, waiting_for
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.revoke import revoke
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.ledger.check import copy_faults
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement


def test_an_approved_request_plans_a_child_copy_with_its_parent_and_who_answers(
    home: Home, desk: Desk, held: Copy
) -> None:
    request = approve(home, desk, ask(home, desk, held))
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    assert (child.state, child.person, child.holder) == (
        Copy.State.RELEASED,
        desk["sub_vendor_contact"],
        desk.sub_vendor,
    )
    assert child.engagement == desk.engagements["sub_vendor"]
    assert (child.responsible, child.answers_under) == (desk.supplier, desk.agreements["supplier"])
    assert child.sha256 != held.sha256
    assert request.release == child.release
    assert leaves(Kind.ONWARD_DECIDED) == [request.pk]


def test_under_what_a_child_copy_is_answered_for_is_in_the_ledger_and_checked(
    home: Home, desk: Desk, held: Copy
) -> None:
    approve(home, desk, ask(home, desk, held))
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    leaf = leaf_of_copy(child.pk)
    assert leaf is not None
    assert decode(bytes(leaf.data)).body["answers_under"] == desk.agreements["supplier"].pk
    assert list(copy_faults(home)) == []
    Copy.objects.filter(pk=child.pk).update(answers_under=desk.agreements["sibling"])
    assert list(copy_faults(home)) == [f"copy {child.pk}: the ledger has another answers_under than the records"]


def test_a_child_copy_is_answered_for_under_what_holds_when_it_is_released(home: Home, desk: Desk, held: Copy) -> None:
    approve(home, desk, ask(home, desk, held))
    planned = Copy.objects.get(parent=held)
    renewed = agree(desk.owner, desk.supplier, desk.project, desk.persons, ("contact",), now=NOW)
    Agreement.objects.filter(pk=renewed.pk).update(valid_from=NOW.date())
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state=Agreement.State.TERMINATED)
    assert planned.answers_under == desk.agreements["supplier"]
    make_copy(home, planned.pk, now=NOW)
    assert Copy.objects.get(pk=planned.pk).answers_under == renewed


def test_a_refused_request_plans_nothing_and_needs_a_reason(home: Home, desk: Desk, held: Copy) -> None:
    request = ask(home, desk, held)
    with pytest.raises(Refused, match="reason"):
        onward.decide(home, request, approve=False, by=desk["officer"], now=NOW)
    onward.decide(home, request, approve=False, why="Not this one.", by=desk["officer"], now=NOW)
    assert (request.state, request.decision) == (OnwardRequest.State.REFUSED, "Not this one.")
    assert not Copy.objects.filter(parent=held).exists()
    assert leaves(Kind.ONWARD_DECIDED) == [request.pk]
    with pytest.raises(Refused, match="refused already"):
        approve(home, desk, request)


@pytest.mark.parametrize("who", ["administrator", "legal", "contact", "investigator"])
def test_nobody_but_an_officer_decides(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="officers"):
        onward.decide(home, ask(home, desk, held), approve=True, by=desk[who], now=NOW)


@pytest.mark.parametrize("who", ["member", "sibling_contact", "sub_vendor_contact", "officer"])
def test_nobody_but_the_holders_contact_asks(home: Home, desk: Desk, held: Copy, who: str) -> None:
    with pytest.raises(Refused, match="contact of the party"):
        onward.ask(
            home,
            desk.engagements["supplier"],
            [held],
            sub_vendor=desk.sub_vendor.name,
            contact_name="Wen Li",
            contact_email=SUB_VENDOR_MAIL,
            why="They coat.",
            by=desk[who],
            now=NOW,
        )


def test_only_the_partys_own_open_copies_can_be_asked_for(home: Home, desk: Desk, held: Copy) -> None:
    others = share(
        home, [(held.draft, desk["sibling_contact"])], project=desk.project, by=desk["officer"], now=NOW
    ).planned[0]
    with pytest.raises(Refused, match="own open copies"):
        ask(home, desk, make_copy(home, others.pk, now=NOW))
    revoke(home, [held], by=desk["officer"], why="over", now=NOW)
    held.refresh_from_db()
    with pytest.raises(Refused, match="own open copies"):
        ask(home, desk, held)


@pytest.mark.parametrize("name", ["the owner", "the supplier itself"])
def test_a_party_above_is_no_sub_vendor(home: Home, desk: Desk, held: Copy, name: str) -> None:
    party = desk.owner if name == "the owner" else desk.supplier
    with pytest.raises(Refused, match="below your own"):
        ask(home, desk, held, sub_vendor=party.name.upper())


def test_a_third_tier_does_not_learn_by_asking_who_the_first_tier_is(home: Home, desk: Desk) -> None:
    third = Party.named("Kestrel Tooling", {}, now=NOW)
    desk.persons["third"] = person(third, "third", Role.CONTACT)
    place = engage(desk.project, third, desk.engagements["sub_vendor"])
    below = agree(desk.sub_vendor, third, desk.project, desk.persons, ("third",), under=desk.agreements["sub_vendor"])
    held = copy_of(desk, desk.sibling, number=9)
    Copy.objects.filter(pk=held.pk).update(
        holder=third, person=desk["third"], engagement=place, agreement=below, responsible=desk.supplier, path=""
    )

    def asked_for(party: Party) -> OnwardRequest:
        return onward.ask(
            home,
            place,
            [Copy.objects.get(pk=held.pk)],
            sub_vendor=party.name,
            contact_name="Ada",
            contact_email="ada@kestrel.example.test",
            why="A tool.",
            by=desk["third"],
            now=NOW,
        )

    above, elsewhere = asked_for(desk.supplier), asked_for(desk.sibling)
    assert above.state == elsewhere.state == OnwardRequest.State.ASKED
    with pytest.raises(Refused, match="stands above"):
        onward.decide(home, above, approve=True, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="below your own"):
        asked_for(desk.sub_vendor)


def test_without_a_flow_down_agreement_an_approval_waits_and_says_for_what(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.PREPARED)
    request = approve(home, desk, ask(home, desk, held))
    (missing,) = waiting_for(request, now=NOW)
    assert missing.startswith("An agreement between Northwick Mouldings and ")
    assert not Copy.objects.filter(parent=held).exists()
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.IN_FORCE)
    assert fulfil_all(home, now=NOW) == 1
    assert fulfil_all(home, now=NOW) == 0
    assert Copy.objects.filter(parent=held).count() == 1


def test_a_new_partys_contact_is_invited_engaged_and_gets_a_copy_once_all_is_signed(
    home: Home, desk: Desk, held: Copy
) -> None:
    from allauth.account.models import EmailAddress

    request = ask(home, desk, held, sub_vendor=NEW_PARTY, contact_email="Ada@kestrel.test")
    approve(home, desk, request)
    invitation = Invitation.objects.get(party__name=NEW_PARTY)
    assert (invitation.email, invitation.roles) == ("ada@kestrel.test", ["contact"])
    assert len(waiting_for(request, now=NOW)) == 2
    assert not Engagement.objects.filter(party__name=NEW_PARTY).exists()

    party = invitation.party
    ada = Person.objects.create_user("ada@kestrel.test", None, party=party, name="Ada", created=NOW)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    agreement = desk.agreements["sub_vendor"]
    agreement.pk, agreement.recipient = "kestrel", party
    agreement.save(force_insert=True)
    agreement.projects.add(desk.project)
    Acceptance.objects.create(agreement=agreement, person=ada, for_party=True, accepted=NOW, leaf_index=0)
    fulfil_all(home, now=NOW)
    assert waiting_for(request, now=NOW) == (f"Agreement {agreement.reference} was not accepted by this person yet.",)
    assert Engagement.objects.get(party=party).parent == desk.engagements["supplier"]

    Acceptance.objects.create(agreement=agreement, person=ada, for_party=False, accepted=NOW, leaf_index=0)
    assert fulfil_all(home, now=NOW) == 1
    assert Copy.objects.get(parent=held).person == ada


def test_a_supplier_makes_nobody_the_contact_of_a_party_that_has_people(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(
        standing_approval=True, created_by=desk["officer"]
    )
    request = ask(home, desk, held, sub_vendor=desk.sibling.name, contact_email="mine@example.test")
    assert request.state == OnwardRequest.State.ASKED
    approve(home, desk, request)
    assert Invitation.objects.get(party=desk.sibling).roles == ["member"]


def test_a_standing_approval_decides_at_once(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(standing_approval=True)
    request = ask(home, desk, held)
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (OnwardRequest.State.APPROVED, None)
    assert Copy.objects.filter(parent=held).count() == 1
    assert leaves(Kind.ONWARD_DECIDED) == [request.pk]


def test_a_standing_approval_in_terms_that_nobody_accepted_decides_nothing(home: Home, desk: Desk, held: Copy) -> None:
    changed = {"standing_approval": True, "content_sha256": "0" * 64}
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(**changed)
    assert ask(home, desk, held).state == "asked"


def test_a_flow_down_agreement_in_terms_that_nobody_accepted_is_waited_for(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(content_sha256="0" * 64)
    made = approve(home, desk, ask(home, desk, held))
    assert made.release is None
    assert "in force and accepted" in " ".join(waiting_for(made, now=NOW))


def test_a_suppliers_own_agreement_approves_nothing_beforehand(home: Home, desk: Desk, held: Copy) -> None:
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(standing_approval=True)
    assert ask(home, desk, held).state == OnwardRequest.State.ASKED


def test_withdrawn_by_the_party_alone_and_not_after_copies_are_planned(home: Home, desk: Desk, held: Copy) -> None:
    request = ask(home, desk, held)
    with pytest.raises(Refused, match="contact of the party"):
        onward.withdraw(request, by=desk["sibling_contact"], now=NOW)
    onward.withdraw(request, by=desk["contact"], now=NOW)
    assert request.state == OnwardRequest.State.WITHDRAWN
    with pytest.raises(Refused, match="withdrawn already"):
        approve(home, desk, request)
    planned = approve(home, desk, ask(home, desk, held))
    with pytest.raises(Refused, match="being made"):
        onward.withdraw(planned, by=desk["contact"], now=NOW)


def test_revoking_a_parent_tells_its_open_children_and_takes_them_along_if_asked(
    home: Home, desk: Desk, held: Copy
) -> None:
    approve(home, desk, ask(home, desk, held))
    child = make_copy(home, Copy.objects.get(parent=held).pk, now=NOW)
    first = revoke(home, [held], by=desk["officer"], why="over", now=NOW)
    assert (first.copies, first.open_children) == ((held.pk,), (child.pk,))
    second = revoke(home, [held], by=desk["officer"], why="over", now=NOW, with_children=True)
    assert (second.copies, second.open_children) == ((child.pk,), ())
    assert leaves(Kind.COPY_REVOKED) == [held.pk, child.pk]


def test_a_planned_child_whose_parent_was_revoked_is_not_made_and_says_why(home: Home, desk: Desk, held: Copy) -> None:
    approve(home, desk, ask(home, desk, held))
    planned = Copy.objects.get(parent=held)
    assert revoke(home, [held], by=desk["officer"], why="over", now=NOW).open_children == (planned.pk,)
    child = make_copy(home, planned.pk, now=NOW)
    assert (child.state, child.released) == (Copy.State.FAULTED, None)
    assert "a child of was revoked" in child.fault
    assert child.pk not in leaves(Kind.COPY_ISSUED)
    assert blobs.name_of(child.sha256 or "") not in blobs.stored(home, Shelf.COPIES)


def test_copies_are_planned_under_the_lock_under_which_parents_are_revoked(
    home: Home, desk: Desk, held: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = waiting(home, desk, held)
    Agreement.objects.filter(pk=desk.agreements["sub_vendor"].pk).update(state=Agreement.State.IN_FORCE)

    @contextmanager
    def revoked_before(home: Home) -> Iterator[None]:
        revoke(home, [held], by=desk["officer"], why="over", now=NOW)
        with exclusively(home):
            yield

    monkeypatch.setattr("tidemark.records.copies.fulfil.exclusively", revoked_before)
    said = fulfil(home, request, officer=desk["officer"], now=NOW)
    assert said == ("None of the copies asked for is open any more.",)
    assert not Copy.objects.filter(parent=held).exists()


def test_a_child_copy_expires_with_its_parent(home: Home, desk: Desk, held: Copy) -> None:
    Copy.objects.filter(pk=held.pk).update(expires=NOW + timedelta(days=3))
    held.refresh_from_db()
    approve(home, desk, ask(home, desk, held))
    assert Copy.objects.get(parent=held).expires == NOW + timedelta(days=3)
