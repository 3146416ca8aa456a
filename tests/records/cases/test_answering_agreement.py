"""Who answers for a copy, and under which agreement: the one that was in force when it was issued."""

from datetime import datetime, timedelta

import pytest

from tests.desk import NOW, Desk, agree
from tests.people import SUB_VENDOR
from tests.records.cases.played import (
    CLAUSE,
    copy_of,
    kinds,
    leak_of,
    opened,
    played,
)
from tidemark.ledger.entry import Kind
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.accusable import accusables
from tidemark.records.cases.allege import (
    prepare_override,
)
from tidemark.records.cases.answering import agreement_of, agreement_with
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.projects.edit import classify_draft
from tidemark.records.projects.models import Draft

REASON = "The metadata of the file names its author; two experts looked at it."

AT = NOW - timedelta(days=30)
"""When the copy was issued."""


def test_the_contracting_supplier_answers_for_its_sub_vendors_copy_under_its_own_agreement(
    home: Home, desk: Desk
) -> None:
    allegation = played(home, desk)
    assert allegation.party == desk.supplier
    assert allegation.agreement == desk.agreements["supplier"]
    assert allegation.clause == CLAUSE
    assert SUB_VENDOR in allegation.summary  # it is the supplier's own sub-vendor
    assert allegation.state == Allegation.State.PUT
    allegation.case.refresh_from_db()
    assert allegation.case.status == Case.Status.ALLEGED
    assert kinds(allegation.case_id)[-2:] == [Kind.ALLEGATION_PUT, Kind.CASE_CHANGED]


@pytest.mark.parametrize(
    ("newer", "answers_under"),
    [
        ({}, "newer"),
        ({"valid_from": NOW.date()}, "older"),  # not in force yet
        ({"state": "prepared"}, "older"),
        ({"valid_until": AT.date() - timedelta(days=1)}, "older"),
        ({"valid_until": AT.date()}, "newer"),  # it has lapsed since
        ({"state": "terminated", "terminated": AT + timedelta(days=1)}, "newer"),
        ({"state": "terminated", "terminated": AT - timedelta(days=1)}, "older"),
        ({"content_sha256": "0" * 64}, "older"),  # never accepted as it stands
        ({"covers_all_projects": False}, "older"),
        ({"kinds": ["final"]}, "older"),
    ],
    ids=lambda each: str(each)[:50],
)
def test_without_an_agreement_on_record_the_one_that_bound_when_the_copy_was_issued_counts(
    desk: Desk, newer: dict[str, object], answers_under: str
) -> None:
    older = desk.agreements["supplier"]
    made = Agreement.objects.create(
        reference="newer",
        discloser=desk.owner,
        recipient=desk.supplier,
        covers_all_projects=True,
        kinds=older.kinds,
        valid_from=AT.date(),
        state="in force",
        created=AT,
    )
    for agreement in (older, made):
        agreement.acceptances.filter(for_party=True).delete()
        agreement.acceptances.create(person=desk["contact"], for_party=True, accepted=AT, leaf_index=0)
    Agreement.objects.filter(pk=made.pk).update(**newer)
    copy = copy_of(desk, desk.supplier)
    copy.agreement, copy.released = None, AT
    assert agreement_of(desk.supplier, copy) == {"newer": made, "older": older}[answers_under]


def test_an_agreement_that_was_accepted_after_the_copy_was_issued_did_not_bind_it(desk: Desk) -> None:
    copy = copy_of(desk, desk.supplier)
    copy.agreement, copy.released = None, AT  # the desk's agreements were accepted later
    assert agreement_of(desk.supplier, copy) is None
    copy.released = NOW
    assert agreement_of(desk.supplier, copy) == desk.agreements["supplier"]


def _renewed(desk: Desk, *, at: datetime) -> Agreement:
    """Let the supplier's agreement be replaced, while the flow-down below it stays under the one that was replaced."""
    older = desk.agreements["supplier"]
    newer = agree(desk.owner, desk.supplier, desk.project, desk.persons, ("contact",), now=at)
    Agreement.objects.filter(pk=newer.pk).update(reference="renewed", damages="1000", valid_from=at.date())
    Agreement.objects.filter(pk=older.pk).update(state=Agreement.State.TERMINATED, terminated=at)
    return Agreement.objects.get(pk=newer.pk)


@pytest.mark.parametrize(
    ("renewed", "answers_under"), [(NOW - timedelta(days=10), "renewed"), (NOW + timedelta(days=10), "replaced")]
)
def test_a_sub_vendors_copy_is_answered_for_under_the_agreement_that_was_in_force_when_it_was_issued(
    home: Home, desk: Desk, renewed: datetime, answers_under: str
) -> None:
    newer = _renewed(desk, at=renewed)
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.sub_vendor)]))
    (found,) = accusables(case)
    assert found.party == desk.supplier
    assert found.agreement == {"renewed": newer, "replaced": desk.agreements["supplier"]}[answers_under]


def test_copies_that_were_issued_before_and_after_a_renewal_are_answered_for_under_one_agreement_each(
    home: Home, desk: Desk
) -> None:
    copies = [copy_of(desk, desk.sub_vendor, number=number) for number in (1, 2)]
    newer = _renewed(desk, at=NOW + timedelta(days=10))
    Copy.objects.filter(pk=copies[1].pk).update(released=NOW + timedelta(days=11))
    case = opened(home, desk, leak_of(desk, copies))
    under = {found.named[0].copy_id: found.agreement for found in accusables(case)}
    assert under == {copies[0].pk: desk.agreements["supplier"], copies[1].pk: newer}


def test_a_change_of_the_drafts_status_does_not_take_the_agreement_above_away(desk: Desk) -> None:
    copy = copy_of(desk, desk.sub_vendor)
    copy.draft.status = Draft.Status.FINAL  # of which no agreement of the desk speaks
    assert agreement_of(desk.supplier, copy) == desk.agreements["supplier"]
    desk.agreements["sub_vendor"].under = Agreement(recipient=desk.supplier, state="prepared", valid_from=NOW.date())
    copy.agreement = desk.agreements["sub_vendor"]
    assert agreement_of(desk.supplier, copy) is None


def test_a_change_of_the_drafts_status_does_not_put_a_dearer_agreement_in_place_of_the_one_kept_with_the_copy(
    home: Home, desk: Desk
) -> None:
    signed = desk.agreements["supplier"]
    dearer = agree(desk.owner, desk.supplier, desk.project, desk.persons, ("contact",), now=NOW)
    Agreement.objects.filter(pk=dearer.pk).update(reference="final drawings", kinds=["final"], damages="9000000")
    copy = copy_of(desk, desk.sub_vendor, answers_under=signed)
    case = opened(home, desk, leak_of(desk, [copy]))
    classify_draft(home, copy.draft, status="final", label=copy.draft.label, by=desk["officer"], now=NOW)
    assert [each.agreement for each in accusables(case)] == [signed]
    Copy.objects.filter(pk=copy.pk).update(responsible=desk.sub_vendor)
    assert [each.agreement for each in accusables(case)] == [desk.agreements["sub_vendor"]]  # it took no other


def test_without_an_agreement_on_record_one_that_does_not_cover_such_drafts_is_not_cited(
    home: Home, desk: Desk
) -> None:
    copy = copy_of(desk, desk.supplier)
    Copy.objects.filter(pk=copy.pk).update(agreement=None)
    case = opened(home, desk, leak_of(desk, [copy]))
    assert [each.agreement for each in accusables(case)] == [desk.agreements["supplier"]]
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(kinds=["final"])
    assert [each.agreement for each in accusables(case)] == [None]


@pytest.mark.parametrize("posted", [AT, None])
def test_without_leads_the_agreement_is_the_one_that_bound_when_the_leak_was_first_seen(
    home: Home, desk: Desk, posted: datetime | None
) -> None:
    leaks = [leak_of(desk, [], title=title, verdict="inconclusive") for title in ("First", "Second")]
    Post.objects.filter(leak=leaks[0]).update(posted=posted, received=NOW if posted else AT)
    case = opened(home, desk, *leaks)
    case.project = desk.project
    case.save()
    signed = desk.agreements["supplier"]
    assert agreement_with(desk.supplier, case.project, at=case.opened) == signed  # it was accepted after the leak
    made = prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW)
    assert (made.agreement, made.clause) == (None, "")


def test_without_leads_an_agreement_that_bound_before_the_leak_is_the_one_answered_under(
    home: Home, desk: Desk
) -> None:
    case = opened(home, desk, leak_of(desk, [], verdict="inconclusive"))
    case.project = desk.project
    case.save()
    made = prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW)
    assert made.agreement == desk.agreements["supplier"]
