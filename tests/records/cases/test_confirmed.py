"""A name that only a supplier has written down stops no text; a party that the owner deals with is not named."""

import pytest

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.cases.played import copy_of, leak_of, opened
from tests.records.copies.asked import approve, ask
from tests.records.copies.desk_copies import put_draft
from tidemark.records.accounts.invite import accept, invite
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import terminate
from tidemark.records.cases.allege import approve_override, edit, prepare_override, put
from tidemark.records.cases.confirmed import confirmed
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import Allegation
from tidemark.records.copies import onward
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.projects.engagements import engage
from tidemark.records.statements.on_record import known_of

KESTREL = "Kestrel Tooling"


@pytest.fixture
def held(home: Home, desk: Desk) -> Copy:
    """The supplier's own copy of a draft."""
    shared = share(home, [(put_draft(home, desk), desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    return make_copy(home, shared.planned[0].pk, now=NOW)


def _asked_for(home: Home, desk: Desk, held: Copy, name: str) -> OnwardRequest:
    return ask(home, desk, held, sub_vendor=name, contact_email="wen@kestrel.test")


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_sub_vendor_called_the_stops_no_termination_of_anothers_agreement(
    home: Home, desk: Desk, held: Copy, is_refused: bool
) -> None:
    request = _asked_for(home, desk, held, "the")
    if is_refused:
        onward.decide(home, request, approve=False, why="Not this one.", by=desk["officer"], now=NOW)
    terminate(home, desk.agreements["sibling"], why="Breach of the terms.", by=desk["officer"], now=NOW)
    assert Agreement.objects.get(pk=desk.agreements["sibling"].pk).state == Agreement.State.TERMINATED


def test_nor_an_allegation_that_is_approved_and_put_to_another(home: Home, desk: Desk, held: Copy) -> None:
    _asked_for(home, desk, held, "the")
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.sibling)], verdict="suspected"))
    made = prepare_override(home, case, desk.sibling, reason="Two experts.", by=desk["legal"], now=NOW)
    edit(home, made, summary="The metadata of the file.", answer_by=made.answer_by, by=desk["officer"], now=NOW)
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)
    put(home, made, by=desk["officer"], now=NOW)
    assert Allegation.objects.get(pk=made.pk).put is not None


def test_a_colleague_stops_no_words_before_he_came_and_then_only_where_they_are_a_name(desk: Desk) -> None:
    given = {"name": "Terminated Because", "email": "terminated@because.it", "roles": [Role.MEMBER]}
    invitation = invite(desk.supplier, **given, by=desk["contact"], now=NOW).invitation
    said = "Terminated because it was breached. It is terminated because it was."
    assert foreign_names(f"{said} Ask Terminated Because.", desk.sibling) == []
    accept(Invitation.objects.get(pk=invitation.pk), password="driftwood-lantern-eleven", now=NOW)
    assert foreign_names(said, desk.sibling) == []
    assert foreign_names("Ask Terminated Because.", desk.sibling) == ["Terminated Because"]
    assert foreign_names("Write to terminated@because.it.", desk.sibling) == ["terminated@because.it"]


def test_whom_the_owner_invites_is_named_to_nobody_from_then_on(desk: Desk) -> None:
    invite(
        desk.stranger, name="Odalys Fenwright", email="o@x.test", roles=[Role.MEMBER], by=desk["administrator"], now=NOW
    )
    assert foreign_names("Ask Odalys Fenwright.", desk.sibling) == ["Odalys Fenwright"]


@pytest.mark.parametrize("dealt", ["approved", "engaged", "agreed", "given a copy", "invited", "its person came"])
def test_a_sub_vendor_is_confirmed_by_whatever_the_owner_has_to_do_with_it(
    home: Home, desk: Desk, held: Copy, dealt: str
) -> None:
    request = _asked_for(home, desk, held, KESTREL)
    party = Party.objects.get(name=KESTREL)
    assert not confirmed().filter(pk=party.pk).exists()
    assert foreign_names("It lay with Kestrel.", desk.sibling) == []
    terms = {"kinds": ["bidding"], "valid_from": NOW.date(), "created": NOW}
    Agreement.objects.create(discloser=desk.supplier, recipient=party, **terms)  # the supplier's own word again
    assert not confirmed().filter(pk=party.pk).exists()
    match dealt:
        case "approved":
            approve(home, desk, request)
        case "engaged":
            engage(desk.project, party, parent=None, by=desk["officer"], now=NOW)
        case "agreed":
            Agreement.objects.create(discloser=desk.owner, recipient=party, **terms)
        case "given a copy":
            copy_of(desk, party)
        case "invited":
            invite(party, name="A B", email="a@b.test", roles=[Role.CONTACT], by=desk["administrator"], now=NOW)
        case _:
            Person.objects.create(party=party, name="Wen Li", email="wen@kestrel.test", created=NOW)
    assert foreign_names("It lay with Kestrel.", desk.sibling) == ["Kestrel"]


def test_an_approval_that_was_taken_back_was_one(home: Home, desk: Desk, held: Copy) -> None:
    request = approve(home, desk, _asked_for(home, desk, held, KESTREL))
    onward.take_back(home, request, why="Not this one.", by=desk["officer"], now=NOW)
    assert foreign_names("It lay with Kestrel.", desk.sibling) == ["Kestrel"]


def test_a_party_that_was_on_record_before_it_was_asked_for_stays_confirmed(home: Home, desk: Desk, held: Copy) -> None:
    Party.named(KESTREL, {}, now=NOW)
    _asked_for(home, desk, held, KESTREL)
    assert foreign_names("It lay with Kestrel.", desk.sibling) == ["Kestrel"]


def test_in_a_statement_what_nobody_confirmed_weighs_as_what_others_have_named(
    home: Home, desk: Desk, held: Copy
) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.sibling)], verdict="suspected"))
    _asked_for(home, desk, held, KESTREL)
    invite(desk.supplier, name="Ada Quill", email="a@q.test", roles=[Role.MEMBER], by=desk["contact"], now=NOW)
    known = known_of(case)
    by_name = {name: each.is_on_record for each in known.parties for name in (*each.names, *each.persons)}
    assert (by_name[KESTREL], by_name["Ada Quill"], by_name[desk.sibling.name]) == (False, False, True)
