"""A bidding round to try things on: drafts, copies of them, invited parties."""

import hashlib
from datetime import datetime, timedelta

from tests.desk import NOW, Desk
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.documents import Document
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.projects.models import Draft, Engagement
from tidemark.records.rounds.bid import hand_in
from tidemark.records.rounds.models import Bid, Bidder, Round
from tidemark.records.rounds.prepare import open_round, prepare

CLOSES = NOW + timedelta(days=10)
LATER = CLOSES + timedelta(minutes=1)
OFFER = Document("Offer 2026-41.pdf", b"<script>alert(1)</script> not what its name says")


def draft(desk: Desk, name: str) -> Draft:
    """A draft of the project, on record; no test here needs its bytes."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return Draft.objects.create(
        id=name,
        project=desk.project,
        sha256=sha256,
        description_sha256=sha256,
        file_name=f"{name}.png",
        size_bytes=1,
        carrier="image",
        revision=1,
        created=NOW,
    )


def copy(
    of: Draft, person: Person, engagement: Engagement, *, state: str = Copy.State.RELEASED, parent: Copy | None = None
) -> Copy:
    """A copy that a person was given."""
    known = hashlib.sha256(f"{of.pk} {person.pk}".encode()).hexdigest()
    return Copy.objects.create(
        id=known[:16],
        draft=of,
        holder=person.party,
        person=person,
        engagement=engagement,
        parent=parent,
        mark_version=1,
        sha256=None if state == Copy.State.PLANNED else known,
        state=state,
        created=NOW,
        released=NOW if state == Copy.State.RELEASED else None,
    )


def prepared(desk: Desk, *, drafts: tuple[Draft, ...] = (), closes: datetime = CLOSES, title: str = "Bumpers") -> Round:
    """A round for the supplier and its sibling."""
    return prepare(
        desk.project,
        title,
        drafts or (draft(desk, f"draft-{title}"),),
        (desk.supplier, desk.sibling),
        closes=closes,
        by=desk["officer"],
        now=NOW,
    )


def opened(home: Home, desk: Desk, *, drafts: tuple[Draft, ...] = (), title: str = "Bumpers") -> Round:
    """The same, open."""
    made = prepared(desk, drafts=drafts, title=title)
    open_round(home, made, by=desk["officer"], now=NOW)
    return made


def bid(home: Home, desk: Desk, bidding: Round, who: str, *, now: datetime = NOW) -> Bid:
    """A bid with a file."""
    return hand_in(home, bidding, by=desk[who], now=now, note="As asked.", file=OFFER)


def bidder(bidding: Round, who: Person) -> Bidder:
    """The place of a person's party in a round, as it is on record now."""
    return Bidder.objects.get(round=bidding, party=who.party)
