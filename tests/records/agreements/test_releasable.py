"""Whether a person may get copies: the decision as a table, and the facts loaded in a bounded number of queries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk, agree, engage, person
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.releasable import (
    Facts,
    Missing,
    Permit,
    Refusal,
    decide,
    load,
    releasable,
    releasable_many,
)
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement

ON = NOW.date()


def _own(facts: Facts, who: Person) -> Agreement:
    return next(iter(facts.agreements[who.party_id]))


def test_everything_in_order_permits_and_names_who_answers(desk: Desk) -> None:
    permit = releasable(desk.project, "bidding", desk["member"], at=NOW)
    assert isinstance(permit, Permit)
    assert permit.engagement == desk.engagements["supplier"]
    assert permit.agreement == permit.answers_under == desk.agreements["supplier"]
    assert permit.responsible == desk.supplier


def test_the_first_tier_answers_for_its_sub_vendor_if_its_agreement_says_so(desk: Desk) -> None:
    permit = releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    assert isinstance(permit, Permit)
    assert permit.agreement == desk.agreements["sub_vendor"]
    assert (permit.responsible, permit.answers_under) == (desk.supplier, desk.agreements["supplier"])
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(liable_downstream=False)
    permit = releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    assert isinstance(permit, Permit)
    assert (permit.responsible, permit.answers_under) == (desk.sub_vendor, desk.agreements["sub_vendor"])


def _set(**fields: object) -> Callable[[Facts, Agreement], Facts]:
    def change(facts: Facts, agreement: Agreement) -> Facts:
        for name, value in fields.items():
            setattr(agreement, name, value)
        return facts

    return change


def _unaccepted(facts: Facts, agreement: Agreement) -> Facts:
    return replace(facts, accepted_for_party=facts.accepted_for_party - {agreement.pk})


def _without(facts: Facts, agreement: Agreement) -> Facts:
    return replace(facts, agreements={**facts.agreements, agreement.recipient_id: []})


LACKS = {
    "project": (lambda facts, own: replace(facts, covering=facts.covering - {own.pk}), Missing.PROJECT),
    "kind": (_set(kinds=["final"]), Missing.KIND),
    "terminated": (_set(state=Agreement.State.TERMINATED), Missing.TERMINATED),
    "ended yesterday": (_set(valid_until=date(2026, 3, 13)), Missing.LAPSED),
    "prepared": (_set(state=Agreement.State.PREPARED), Missing.NOT_IN_FORCE),
    "begins tomorrow": (_set(valid_from=date(2026, 3, 15)), Missing.NOT_YET_VALID),
    "company": (_unaccepted, Missing.COMPANY),
    "person": (lambda facts, _own: replace(facts, accepted_by=frozenset()), Missing.PERSON),
    "none": (_without, Missing.AGREEMENT),
    "another's": (_set(discloser_id=10_000), Missing.AGREEMENT),
}


@pytest.mark.parametrize("lacking", LACKS)
@pytest.mark.parametrize("who", ["contact", "sub_vendor_contact"])
def test_whatever_is_missing_refuses_and_says_what(desk: Desk, who: str, lacking: str) -> None:
    change, missing = LACKS[lacking]
    facts = load(desk.project, [desk[who]])
    found = decide(change(facts, _own(facts, desk[who])), "bidding", desk[who], on=ON)
    assert isinstance(found, Refusal)
    assert not found
    assert found.missing is missing
    assert found.reason
    assert "%(" not in found.reason


@pytest.mark.parametrize("lacking", [each for each in LACKS if each != "person"])
def test_what_the_party_above_lacks_refuses_its_sub_vendor_without_naming_it(desk: Desk, lacking: str) -> None:
    who = desk["sub_vendor_contact"]
    change, _missing = LACKS[lacking]
    facts = load(desk.project, [who])
    above = next(iter(facts.agreements[desk.supplier.pk]))
    found = decide(change(facts, above), "bidding", who, on=ON)
    assert isinstance(found, Refusal)
    assert found.missing is Missing.ABOVE
    assert found.party == desk.supplier
    assert desk.supplier.name not in found.reason


def test_that_nobody_in_person_accepted_above_does_not_stop_the_sub_vendor(desk: Desk) -> None:
    who = desk["sub_vendor_contact"]
    facts = load(desk.project, [who])
    only = replace(facts, accepted_by=frozenset({(desk.agreements["sub_vendor"].pk, who.pk)}))
    assert isinstance(decide(only, "bidding", who, on=ON), Permit)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2027, 12, 31)])
def test_the_first_and_the_last_day_belong_to_the_term(desk: Desk, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
    assert releasable(desk.project, "bidding", desk["contact"], at=at)


def test_an_agreement_without_an_end_does_not_lapse(desk: Desk) -> None:
    Agreement.objects.update(valid_until=None)
    assert releasable(desk.project, "bidding", desk["contact"], at=datetime(2090, 1, 1, tzinfo=UTC))


def test_a_better_agreement_beside_a_lapsed_one_permits(desk: Desk) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state=Agreement.State.TERMINATED)
    assert not releasable(desk.project, "bidding", desk["contact"], at=NOW)
    newer = agree(desk.owner, desk.supplier, desk.project, desk.persons, ("contact",))
    permit = releasable(desk.project, "bidding", desk["contact"], at=NOW)
    assert isinstance(permit, Permit)
    assert permit.agreement == newer


def test_of_several_refusals_the_nearest_to_a_permit_is_told(desk: Desk) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state=Agreement.State.TERMINATED)
    agree(desk.owner, desk.supplier, desk.project, desk.persons, ("contact",))
    found = releasable(desk.project, "bidding", desk["member"], at=NOW)
    assert isinstance(found, Refusal)
    assert found.missing is Missing.PERSON


def test_an_agreement_for_all_projects_covers_this_one(desk: Desk) -> None:
    desk.agreements["supplier"].projects.clear()
    assert not releasable(desk.project, "bidding", desk["contact"], at=NOW)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(covers_all_projects=True)
    assert releasable(desk.project, "bidding", desk["contact"], at=NOW)


@pytest.mark.parametrize("suspended", ["supplier", "sub_vendor"])
def test_a_suspended_engagement_stops_all_below_it(desk: Desk, suspended: str) -> None:
    Engagement.objects.filter(pk=desk.engagements[suspended].pk).update(state=Engagement.State.SUSPENDED)
    found = releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    assert isinstance(found, Refusal)
    assert found.missing is Missing.SUSPENDED
    assert bool(releasable(desk.project, "bidding", desk["contact"], at=NOW)) is (suspended == "sub_vendor")


@pytest.mark.parametrize("who", ["stranger_contact", "officer"])
def test_who_is_not_in_the_supply_tree_is_refused(desk: Desk, who: str) -> None:
    found = releasable(desk.project, "bidding", desk[who], at=NOW)
    assert isinstance(found, Refusal)
    assert found.missing is Missing.ENGAGEMENT


def test_a_closed_account_and_an_unverified_address_are_refused(desk: Desk) -> None:
    EmailAddress.objects.filter(user=desk["member"]).update(verified=False)
    Person.objects.filter(pk=desk["contact"].pk).update(is_active=False)
    for who in ("member", "contact"):
        found = releasable(desk.project, "bidding", Person.objects.get(pk=desk[who].pk), at=NOW)
        assert isinstance(found, Refusal)
        assert found.missing is Missing.ACCOUNT


def test_another_verified_address_does_not_stand_for_the_persons_own(desk: Desk) -> None:
    EmailAddress.objects.filter(user=desk["member"]).update(email="somebody@else.test")
    assert not releasable(desk.project, "bidding", desk["member"], at=NOW)


def test_a_party_engaged_in_two_places_needs_one_of_them_only(desk: Desk) -> None:
    second = engage(desk.project, desk.sub_vendor, desk.engagements["sibling"])
    Engagement.objects.filter(pk=desk.engagements["supplier"].pk).update(state=Engagement.State.SUSPENDED)
    assert not releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    agree(desk.sibling, desk.sub_vendor, desk.project, desk.persons, ("sub_vendor_contact",))
    permit = releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    assert isinstance(permit, Permit)
    assert permit.engagement == second
    assert permit.responsible == desk.sibling


def test_many_are_decided_with_as_many_queries_as_one(desk: Desk) -> None:
    crowd = [desk["contact"], desk["member"]]
    for number in range(30):
        party = Party.named(f"Crowd {number}", {}, now=NOW)
        engage(desk.project, party, desk.engagements["supplier"])
        who = person(party, f"crowd-{number}", Role.CONTACT)
        agree(desk.supplier, party, desk.project, {"who": who}, ("who",))
        crowd.append(who)
    with CaptureQueriesContext(connection) as for_one:
        releasable_many(desk.project, ("bidding",), crowd[:1], at=NOW)
    with CaptureQueriesContext(connection) as for_all:
        found = releasable_many(desk.project, ("bidding", "development", "final"), crowd, at=NOW)
    assert len(for_all) == len(for_one) <= 8
    assert len(found) == 3 * len(crowd)
    assert all(found[each.pk, "bidding"] for each in crowd)
    assert not any(found[each.pk, "final"] for each in crowd)
