"""The supply tree grows, stops and goes on only as its rules allow, and stopping is in the ledger."""

import hashlib

import pytest

import tests.started  # noqa: F401
from tests.desk import NOW, Desk
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.limits import MAX_TIERS
from tidemark.records.agreements.releasable import releasable
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf
from tidemark.records.parties.models import Party
from tidemark.records.projects.engagements import engage, resume, suspend
from tidemark.records.projects.models import Engagement, visible_parties


def _party(name: str) -> Party:
    return Party.named(name, {}, now=NOW)


def test_an_engagement_lies_below_who_engaged_it(desk: Desk) -> None:
    above = desk.engagements["sub_vendor"]
    made = engage(desk.project, _party("Third"), parent=above, by=desk["officer"], now=NOW)
    assert made.path == f"{above.path}{made.pk}/"
    assert made.tier == 3
    assert made.party in visible_parties(desk["contact"])
    assert made.party not in visible_parties(desk["sibling_contact"])


@pytest.mark.parametrize("who", ["administrator", "legal", "investigator", "communications", "contact", "member"])
def test_only_officers_change_the_tree(home: Home, desk: Desk, who: str) -> None:
    first = desk.engagements["supplier"]
    with pytest.raises(Refused):
        engage(desk.project, _party("Third"), parent=None, by=desk[who], now=NOW)
    with pytest.raises(Refused):
        suspend(home, first, by=desk[who], now=NOW)
    with pytest.raises(Refused):
        resume(home, first, by=desk[who], now=NOW)
    assert Engagement.objects.get(pk=first.pk).state == Engagement.State.ACTIVE


@pytest.mark.parametrize("place", ["supplier", "sub_vendor"])
def test_no_party_stands_below_itself(desk: Desk, place: str) -> None:
    with pytest.raises(Refused, match="own sub-vendor"):
        engage(desk.project, desk.supplier, parent=desk.engagements[place], by=desk["officer"], now=NOW)


def test_a_place_is_taken_once_also_at_the_top(desk: Desk) -> None:
    for party, parent in ((desk.supplier, None), (desk.sub_vendor, desk.engagements["supplier"])):
        with pytest.raises(Refused, match="already"):
            engage(desk.project, party, parent=parent, by=desk["officer"], now=NOW)


def test_a_party_may_have_places_below_two_others(desk: Desk) -> None:
    made = engage(desk.project, desk.sub_vendor, parent=desk.engagements["sibling"], by=desk["officer"], now=NOW)
    assert made.party == desk.sub_vendor


def test_the_tree_has_at_most_so_many_tiers(desk: Desk) -> None:
    parent = None
    for tier in range(MAX_TIERS):
        parent = engage(desk.project, _party(f"Tier {tier}"), parent=parent, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="tiers"):
        engage(desk.project, _party("Too deep"), parent=parent, by=desk["officer"], now=NOW)


def test_the_owner_another_projects_place_and_a_suspended_place_are_refused(home: Home, desk: Desk) -> None:
    with pytest.raises(Refused, match="owner"):
        engage(desk.project, desk.owner, parent=None, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="another project"):
        engage(desk.project, _party("Third"), parent=desk.engagements["stranger"], by=desk["officer"], now=NOW)
    suspend(home, desk.engagements["supplier"], by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="suspended"):
        engage(desk.project, _party("Third"), parent=desk.engagements["sub_vendor"], by=desk["officer"], now=NOW)


@pytest.mark.parametrize("why", ["", " An audit is due.\n"])
def test_the_reason_is_kept_and_the_ledger_has_its_hash(home: Home, desk: Desk, why: str) -> None:
    first = desk.engagements["supplier"]
    suspend(home, first, why=why, by=desk["officer"], now=NOW)
    first.refresh_from_db()
    assert first.suspended_why == why.strip()
    leaf = decode(bytes(Leaf.objects.get(kind=Kind.ENGAGEMENT_SUSPENDED, subject=first.pk).data))
    assert leaf.body["reason_sha256"] == (hashlib.sha256(b"An audit is due.").hexdigest() if why else "")
    assert "audit" not in str(leaf)


def test_suspending_stops_all_below_and_resuming_lets_them_go_on(home: Home, desk: Desk) -> None:
    first = desk.engagements["supplier"]
    suspend(home, first, by=desk["officer"], now=NOW)
    assert not releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    with pytest.raises(Refused, match="already"):
        suspend(home, first, by=desk["officer"], now=NOW)
    resume(home, first, by=desk["officer"], now=NOW)
    assert releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    kinds = list(Leaf.objects.filter(subject=first.pk).values_list("kind", flat=True))
    assert kinds == [Kind.ENGAGEMENT_SUSPENDED, Kind.ENGAGEMENT_RESUMED]
