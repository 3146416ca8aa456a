"""Which pages are asked for, and by whom."""

from dataclasses import dataclass

from benchmarks.desk.issued import copy_id
from benchmarks.desk.rows import Size, an_id, first_of
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Project


@dataclass(frozen=True, slots=True)
class Page:
    """One page as one person asks for it."""

    name: str
    who: str
    address: str


ADDRESSES = {"officer": "officer@example.test", "contact": "p0@example.test", "member": "p4@example.test"}
"""An officer; the contact of the largest supplier, with a third of the tree below it; a member of the same."""

_OFFICERS = (
    ("today", "/"),
    ("projects", "/projects/"),
    ("project: drafts", "/projects/{project}/"),
    ("project: supply tree", "/projects/{project}/tree/"),
    ("project: matrix", "/projects/{project}/matrix/"),
    ("project: one holder", "/projects/{project}/matrix/holder/{person}/"),
    ("project: rounds", "/projects/{project}/rounds/"),
    ("project: agreements", "/projects/{project}/agreements/"),
    ("project: activity", "/projects/{project}/activity/"),
    ("project: share", "/projects/{project}/share/"),
    ("draft", "/drafts/{draft}/"),
    ("draft's thumbnail", "/drafts/{draft}/preview/160/"),
    ("copy", "/copies/{copy}/"),
    ("release", "/releases/{release}/"),
    ("release, last page", "/releases/{release}/?page=200"),
    ("agreements", "/agreements/"),
    ("agreement", "/agreements/{agreement}/"),
    ("rounds", "/rounds/"),
    ("round", "/rounds/{round}/"),
    ("onward sharing", "/onward/"),
    ("onward request", "/onward/{onward}/"),
    ("parties", "/parties/"),
    ("party", "/parties/{party}/"),
    ("ledger", "/ledger/"),
    ("ledger entry", "/ledger/1000/"),
    ("API: copies", "/api/v1/copies"),
    ("API: copies of a holder", "/api/v1/copies?holder={party}"),
    ("API: persons", "/api/v1/persons"),
    ("API: parties", "/api/v1/parties"),
    ("API: drafts", "/api/v1/projects/{project}/drafts"),
    ("API: engagements", "/api/v1/projects/{project}/engagements"),
    ("API: agreements", "/api/v1/agreements"),
    ("API: rounds", "/api/v1/rounds"),
    ("API: releases", "/api/v1/releases"),
    ("API: onward requests", "/api/v1/onward-requests"),
    ("API: ledger", "/api/v1/ledger/entries"),
)
_CONTACTS = (
    ("drawings", "/"),
    ("projects", "/projects/"),
    ("project: supply tree", "/projects/{project}/"),
    ("copy", "/copies/{copy}/"),
    ("agreements", "/agreements/"),
    ("agreement", "/agreements/{agreement}/"),
    ("rounds", "/rounds/"),
    ("round", "/rounds/{round}/"),
    ("onward sharing", "/onward/"),
    ("ask to share onward", "/onward/ask/?engagement={place}"),
    ("party", "/parties/{party}/"),
    ("API: copies", "/api/v1/copies"),
)
_MEMBERS = (("drawings", "/"), ("agreements", "/agreements/"), ("copy", "/copies/{own}/"))


def pages(size: Size) -> list[Page]:
    """Return the pages, with the addresses that they have at a desk of this size."""
    party = Party.objects.get(name="Supplier 0")
    ids = {
        "project": Project.objects.get(code_name="MS11").pk,
        "person": an_id("person", 0),
        "draft": Draft.objects.get(pk__startswith="part-0-").pk,
        "copy": copy_id(0, 1),
        "own": copy_id(4, 1),
        "release": an_id("release"),
        "agreement": an_id("agreement", 0),
        "round": an_id("round", 0),
        "onward": an_id("onward", 1),
        "party": party.pk,
        "place": an_id("place", 0),
    }
    assert first_of(0) == 0
    assert size.persons > 4
    asked = (("officer", _OFFICERS), ("contact", _CONTACTS), ("member", _MEMBERS))
    return [Page(name, who, address.format(**ids)) for who, each in asked for name, address in each]
