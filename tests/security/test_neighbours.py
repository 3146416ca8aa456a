"""What a supplier reads beside its own: nothing of the owner's words, nor of others' agreements."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.conftest import NOW
from tests.desk import Desk, agree, engage, person
from tests.security.samples import Samples
from tidemark.records.accounts.roles import Role
from tidemark.records.copies.models import Copy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft

Browse = Callable[[str], Client]
SECRET = "Launch in Geneva, price 41,000"


def _page(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_projects_description_is_the_owners_alone(browse: Browse, desk: Desk) -> None:
    desk.project.description = SECRET
    desk.project.save()
    for path in ("/projects/", f"/projects/{desk.project.pk}/", f"/projects/{desk.project.pk}/tree/"):
        assert SECRET not in _page(browse("contact"), path)
    assert SECRET in _page(browse("officer"), "/projects/")


def test_a_search_does_not_tell_what_a_description_says(browse: Browse, desk: Desk) -> None:
    desk.project.description = SECRET
    desk.project.save()
    assert "MS11" in _page(browse("officer"), "/projects/", q="geneva")
    for guess in ("geneva", "nonsense"):
        assert f"/projects/{desk.project.pk}/" not in _page(browse("contact"), "/projects/", q=guess)
    assert f"/projects/{desk.project.pk}/" in _page(browse("contact"), "/projects/", q="ms1")


@pytest.fixture
def third_tier(desk: Desk, samples: Samples) -> Copy:  # noqa: ARG001
    """A copy of a party two tiers below the supplier."""
    party = Party.named("Kestrel Tooling", {}, now=NOW)
    desk.persons["third"] = person(party, "third", Role.CONTACT)
    place = engage(desk.project, party, desk.engagements["sub_vendor"])
    agreement = agree(
        desk.sub_vendor, party, desk.project, desk.persons, ("third",), under=desk.agreements["sub_vendor"]
    )
    return Copy.objects.create(
        id="3" * 16,
        draft=Draft.objects.get(),
        holder=party,
        person=desk["third"],
        engagement=place,
        agreement=agreement,
        responsible=desk.supplier,
        mark_version=1,
        created=NOW,
        state=Copy.State.FAULTED,
        fault="It may not, by NDA 77.",
    )


def test_a_supplier_above_sees_a_copy_without_the_agreement_of_others(
    browse: Browse, desk: Desk, third_tier: Copy
) -> None:
    assert third_tier.agreement is not None
    page = _page(browse("contact"), f"/copies/{third_tier.pk}/")
    assert "Kestrel Tooling" in page
    assert third_tier.agreement.reference not in page
    assert third_tier.fault not in page
    for who in ("officer", "third"):
        page = _page(browse(who), f"/copies/{third_tier.pk}/")
        assert third_tier.agreement.reference in page
        assert third_tier.fault in page
    assert "Who answers for it" in _page(browse("contact"), f"/copies/{third_tier.pk}/")
    assert desk.supplier.name not in _page(browse("third"), f"/copies/{third_tier.pk}/")
