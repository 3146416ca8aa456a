"""What rests on no accused copy is put by an override: in writing, approved by two persons, under one agreement."""

from contextlib import nullcontext

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import (
    bodies,
    copy_of,
    kinds,
    leak_of,
    opened,
    under_another,
)
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.cases.allege import approve_override, edit, prepare, prepare_override, put
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.models import Allegation, Approval
from tidemark.records.cases.override import approvals_of_override, content_of, needs_override
from tidemark.records.cases.summary import draft_summary
from tidemark.records.home import Home

REASON = "The metadata of the file names its author; two experts looked at it."


def _override(home: Home, desk: Desk) -> Allegation:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)], verdict="suspected"))
    made = prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW)
    assert needs_override(made)
    assert "does not accuse a copy" in made.summary
    with pytest.raises(Refused, match="still to be said"):
        put(home, made, by=desk["legal"], now=NOW)
    edit(home, made, summary="The file's metadata.", answer_by=made.answer_by, by=desk["legal"], now=NOW)
    return made


def test_an_override_does_not_claim_that_an_agreement_of_two_others_stands_with_the_owner(desk: Desk) -> None:
    said = draft_summary(desk.sub_vendor, [], desk.agreements["sub_vendor"], owner="O", language="en")
    assert "Between us" not in said
    assert "The owner is no party to this agreement" in said
    assert "Between us" in draft_summary(desk.supplier, [], desk.agreements["supplier"], owner="O", language="en")


def test_an_override_is_put_only_when_legal_and_an_officer_have_both_approved_it(home: Home, desk: Desk) -> None:
    allegation = _override(home, desk)
    for who in ("", "legal", "officer"):
        with pytest.raises(Refused, match="two persons") if who != "officer" else nullcontext():
            if who:
                approve_override(home, allegation, by=desk[who], now=NOW)
            put(home, allegation, by=desk["legal"], now=NOW)
    allegation.refresh_from_db()
    assert allegation.state == Allegation.State.PUT
    (body,) = bodies(allegation.case_id, Kind.ALLEGATION_PUT)
    assert body["override"] is True
    assert kinds(allegation.case_id).count(Kind.APPROVAL_GIVEN) == 2


def test_one_person_with_both_roles_is_one_person(home: Home, desk: Desk) -> None:
    allegation = _override(home, desk)
    desk["legal"].grants.create(role="officer")
    both = Person.objects.get(pk=desk["legal"].pk)
    first = approve_override(home, allegation, by=both, now=NOW)
    assert approve_override(home, allegation, by=both, now=NOW, role="officer") == first
    assert Approval.objects.count() == 1
    with pytest.raises(Refused, match="missing: legal"):
        put(home, allegation, by=both, now=NOW)


def test_a_change_of_the_words_voids_what_was_approved(home: Home, desk: Desk) -> None:
    allegation = _override(home, desk)
    for who in ("legal", "officer"):
        approve_override(home, allegation, by=desk[who], now=NOW)
    edit(
        home,
        allegation,
        summary=f"{allegation.summary} And more.",
        answer_by=allegation.answer_by,
        by=desk["legal"],
        now=NOW,
    )
    with pytest.raises(Refused, match="missing: legal, officer"):
        put(home, allegation, by=desk["officer"], now=NOW)


def test_what_is_put_are_the_words_on_record_when_it_is_put(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW)
    stale = Allegation.objects.get(pk=made.pk)
    edit(home, made, summary="You sold it.", answer_by=made.answer_by, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="missing: legal, officer"):
        put(home, stale, by=desk["legal"], now=NOW)
    made.refresh_from_db()
    assert made.state == Allegation.State.PREPARED


def test_who_approves_or_puts_other_words_than_were_read_is_refused(home: Home, desk: Desk) -> None:
    made = _override(home, desk)
    read = content_sha256(content_of(made))
    edit(home, made, summary="You sold it.", answer_by=made.answer_by, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="since you read it"):
        approve_override(home, made, by=desk["officer"], now=NOW, seen=read)
    for who in ("legal", "officer"):
        approve_override(home, made, by=desk[who], now=NOW, seen=content_sha256(content_of(made)))
    with pytest.raises(Refused, match="since you read it"):
        put(home, made, by=desk["legal"], now=NOW, seen=read)
    put(home, made, by=desk["legal"], now=NOW, seen=content_sha256(content_of(made)))


def test_an_override_speaks_of_leads_under_one_agreement(home: Home, desk: Desk) -> None:
    newer = under_another(desk, copy_of(desk, desk.supplier, number=2))
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier), newer], verdict="suspected"))
    with pytest.raises(Refused, match="several agreements"):
        prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW)
    made = prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW, copies=[newer.pk])
    assert made.agreement == newer.agreement
    assert [each.copy_id for each in made.named.all()] == [newer.pk]


def test_leads_under_several_agreements_are_put_in_an_override_each(home: Home, desk: Desk) -> None:
    copies = [copy_of(desk, desk.supplier), under_another(desk, copy_of(desk, desk.supplier, number=2))]
    case = opened(home, desk, leak_of(desk, copies, verdict="suspected"))
    for wrong in (desk.agreements["sibling"].pk, ""):
        with pytest.raises(Refused, match="No lead in this case points"):
            prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW, under=wrong)
    for copy in copies:
        under = copy.agreement_id
        made = prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW, under=under)
        assert (made.agreement_id, [each.copy_id for each in made.named.all()]) == (under, [copy.pk])


@pytest.mark.parametrize("who", ["investigator", "communications", "administrator", "contact"])
def test_others_approve_no_override(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused):
        approve_override(home, _override(home, desk), by=desk[who], now=NOW)


def test_an_allegation_from_an_accused_copy_has_nothing_to_override(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    with pytest.raises(Refused, match="without an override"):
        prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW)
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="needs no override"):
        approve_override(home, made, by=desk["officer"], now=NOW)
    assert approvals_of_override(made).by_role == {}
