"""What is missing before a release is told to both sides, with the next step for whoever can take it."""

import pytest
from django.urls import reverse

from tests.desk import NOW, Desk
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.models import Agreement
from tidemark.records.projects.models import Engagement
from tidemark.web.agreements.gaps import Gap, why_not_yet


def _gap(desk: Desk, who: str, viewer: str) -> Gap | None:
    asked = Person.objects.get(pk=desk[viewer].pk)
    return why_not_yet(desk[who], desk.project, viewer=asked, now=NOW)


def test_where_nothing_is_missing_nothing_is_told(desk: Desk) -> None:
    assert _gap(desk, "member", "officer") is None
    assert _gap(desk, "member", "member") is None


def test_who_has_not_accepted_is_led_to_it_and_the_owner_is_told_to_wait(desk: Desk) -> None:
    desk.agreements["supplier"].acceptances.filter(person=desk["member"]).delete()
    own, owners = _gap(desk, "member", "member"), _gap(desk, "member", "officer")
    assert own is not None
    assert owners is not None
    assert own.href == reverse("agreement_accept", args=(desk.agreements["supplier"].pk,))
    assert own.reason == owners.reason
    assert (owners.href, desk["member"].name in owners.step) == ("", True)


@pytest.mark.parametrize(("viewer", "is_led"), [("contact", True), ("member", False), ("officer", False)])
def test_only_a_contact_is_led_to_accept_for_the_company(desk: Desk, viewer: str, is_led: bool) -> None:
    desk.agreements["supplier"].acceptances.filter(for_party=True).delete()
    gap = _gap(desk, "member", viewer)
    assert gap is not None
    assert bool(gap.href) is is_led


@pytest.mark.parametrize(
    ("viewer", "is_led"), [("officer", True), ("legal", True), ("administrator", False), ("contact", False)]
)
def test_who_may_register_is_led_to_the_form_filled_in(desk: Desk, viewer: str, is_led: bool) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state=Agreement.State.TERMINATED)
    gap = _gap(desk, "contact", viewer)
    assert gap is not None
    asked = f"{reverse('agreement_new')}?recipient={desk.supplier.pk}&project={desk.project.pk}"
    assert gap.href == (asked if is_led else "")


def test_what_lacks_above_is_named_to_the_owner_only(desk: Desk) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state=Agreement.State.TERMINATED)
    own, owners = _gap(desk, "sub_vendor_contact", "sub_vendor_contact"), _gap(desk, "sub_vendor_contact", "officer")
    assert own is not None
    assert owners is not None
    assert desk.supplier.name not in own.reason
    assert desk.supplier.name in owners.reason


def test_a_suspension_leads_officers_to_the_supply_tree(desk: Desk) -> None:
    Engagement.objects.filter(pk=desk.engagements["supplier"].pk).update(state=Engagement.State.SUSPENDED)
    officers, own = _gap(desk, "contact", "officer"), _gap(desk, "contact", "contact")
    assert officers is not None
    assert own is not None
    assert officers.href == reverse("project-tree", args=(desk.project.pk,))
    assert own.href == ""


def test_of_statuses_that_are_not_asked_for_nothing_is_told(desk: Desk) -> None:
    gap = why_not_yet(desk["contact"], desk.project, viewer=desk["contact"], now=NOW, statuses=("final",))
    assert gap is not None
    assert "status" in gap.reason
