"""A desk with many people: persons, parties in three tiers, agreements, drafts, rounds and requests, as rows in bulk.

It can grow: :func:`grow` adds what a larger desk has and the smaller one has not, to the same project, the same round,
the same supplier. What comes of a page at two sizes can therefore be compared. Copies and the ledger: :mod:`.issued`.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from PIL import Image

from tidemark.records import blobs
from tidemark.records.accounts.models import Grant, Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.blobs import Shelf
from tidemark.records.copies.models import Release
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, DrillRun, Engagement, Project
from tidemark.records.projects.verdict import weaknesses
from tidemark.records.rounds.models import Bid, Bidder, Round

PASSWORD = "tideline-cormorant-42"
LEAKS = 47
"""Of a drill."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many persons hold copies of how many drafts: everybody of each. The rest follows from these two."""

    persons: int
    drafts: int

    @property
    def copies(self) -> int:
        return self.persons * self.drafts

    @property
    def parties(self) -> int:
        """200 persons are of 60 parties."""
        return max(1, -(-self.persons * 3 // 10))


NOBODY = Size(0, 0)


def an_id(*what: object) -> str:
    """Return an id that looks random, as real ones do, and is the same each time."""
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


def party_of(person: int) -> int:
    """Return whose the person is: every fifth one's is the first party, a large one; the others have three or so."""
    return 0 if person % 5 == 4 else person * 3 // 10


def above(party: int) -> int | None:
    """Return by whom a party is engaged; None if by the owner. A third each is of the first, second and third tier."""
    return None if party % 3 == 0 else 0 if party % 6 == 1 else party - 1


def grow(home: Home, size: Size, *, beyond: Size = NOBODY, now: datetime) -> None:
    """Put a desk of this size on record, or what it has beyond a smaller one."""
    if beyond == NOBODY:
        _begin(now)
    officer, project = Person.objects.get(email="officer@example.test"), Project.objects.get(code_name="MS11")
    new_parties = range(beyond.parties if beyond.persons else 0, size.parties)
    _parties(project, new_parties, officer, now=now)
    _persons(range(beyond.persons, size.persons), now=now)
    _accept(range(beyond.persons, size.persons), now=now)
    _drafts(home, project, range(beyond.drafts, size.drafts), officer, now=now)
    _rounds(project, new_parties, range(beyond.drafts, size.drafts), officer, now=now)


def _begin(now: datetime) -> None:
    owner = Party.owner("Halden Motors", now=now)
    officer = Person(
        id=an_id("officer"),
        email="officer@example.test",
        party=owner,
        name="Officer",
        created=now,
        password=make_password(PASSWORD),
    )
    officer.save()
    EmailAddress.objects.create(user=officer, email=officer.email, verified=True, primary=True)
    Grant.objects.create(person=officer, role=Role.OFFICER)
    project = Project.objects.create(code_name="MS11", embargo=date(now.year + 1, 1, 1), created=now)
    Release.objects.create(id=an_id("release"), project=project, created=now, created_by=officer)


def _parties(project: Project, numbers: range, officer: Person, *, now: datetime) -> None:
    """Parties, their places in the tree, their agreements, a project of each first-tier party's own, invitations."""
    owner = Party.objects.get(is_owner=True)
    Party.objects.bulk_create(
        Party(name=f"Supplier {number}", folded_name=f"supplier {number}", created=now) for number in numbers
    )
    known = {party.name: party for party in Party.objects.all()}
    paths = dict(Engagement.objects.filter(project=project).values_list("pk", "path"))
    places, agreements, others, invitations = [], [], [], []
    for number in numbers:
        party, by = known[f"Supplier {number}"], above(number)
        node, parent = an_id("place", number), None if by is None else an_id("place", by)
        paths[node] = f"{paths[parent] if parent else ''}{node}/"
        places.append(
            Engagement(id=node, project=project, party=party, parent_id=parent, path=paths[node], created=now)
        )
        ends = now.date() + timedelta(days=20 if number % 10 == 3 else 700)
        agreements.append(
            Agreement(
                id=an_id("agreement", number),
                reference=f"NDA {number}",
                discloser=owner if by is None else known[f"Supplier {by}"],
                recipient=party,
                under_id=None if by is None else an_id("agreement", by),
                kinds=["bidding", "development"],
                valid_from=date(now.year - 1, 1, 1),
                valid_until=ends,
                damages="1000000",
                damages_currency="CNY",
                governing_law="PRC",
                state=Agreement.State.IN_FORCE,
                created=now,
                created_by=officer,
                content=f"The terms of NDA {number}.",
                content_sha256=hashlib.sha256(f"The terms of NDA {number}.".encode()).hexdigest(),
                put_in_force=now,
            )
        )
        if by is None:
            others.append(Project(code_name=f"KX{number}", created=now))
        invitations += [_invitation(to, number, officer, now=now) for to in {party, known["Supplier 0"]}]
    Engagement.objects.bulk_create(places)
    Agreement.objects.bulk_create(agreements)
    Agreement.projects.through.objects.bulk_create(
        Agreement.projects.through(agreement=agreement, project=project) for agreement in agreements
    )
    Invitation.objects.bulk_create(invitations)
    for other in Project.objects.bulk_create(others):
        node = an_id("other place", other.code_name)
        Engagement.objects.create(id=node, project=other, party=known["Supplier 0"], path=f"{node}/", created=now)


def _invitation(to: Party, number: int, officer: Person, *, now: datetime) -> Invitation:
    return Invitation(
        id=an_id("invitation", to.pk, number),
        token_sha256=hashlib.sha256(repr((to.pk, number)).encode()).hexdigest(),
        party=to,
        name=f"Invited {number}",
        email=f"invited-{to.pk}-{number}@example.test",
        roles=["member"],
        invited_by=officer,
        created=now,
        expires=now + timedelta(days=7),
    )


def _persons(numbers: range, *, now: datetime) -> None:
    """Holders' persons: the first of each party is its contact."""
    parties = {party.name: party.pk for party in Party.objects.all()}
    hashed = make_password(PASSWORD)
    made = Person.objects.bulk_create(
        Person(
            id=an_id("person", number),
            email=f"p{number}@example.test",
            party_id=parties[f"Supplier {party_of(number)}"],
            name=f"Person {number}",
            password=hashed,
            created=now,
        )
        for number in numbers
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in made
    )
    Grant.objects.bulk_create(
        Grant(person=person, role=Role.CONTACT if number == first_of(party_of(number)) else Role.MEMBER)
        for number, person in zip(numbers, made, strict=True)
    )


def first_of(party: int) -> int:
    """Return the number of a party's first person."""
    return next(number for number in range(-(-party * 10 // 3), 10**6) if party_of(number) == party)


def _accept(numbers: range, *, now: datetime) -> None:
    """Everybody accepts for himself or herself, the first of each party for the party as well."""
    sha256 = dict(Agreement.objects.values_list("pk", "content_sha256"))
    said = []
    for number in numbers:
        agreement = an_id("agreement", party_of(number))
        for for_party in (True, False) if number == first_of(party_of(number)) else (False,):
            said.append(
                Acceptance(
                    agreement_id=agreement,
                    person_id=an_id("person", number),
                    for_party=for_party,
                    content_sha256=sha256[agreement],
                    accepted=now,
                    leaf_index=0,
                )
            )
    Acceptance.objects.bulk_create(said)


def _drafts(home: Home, project: Project, numbers: range, officer: Person, *, now: datetime) -> None:
    """Drafts, every fifth one a second revision, each with its drill. Their pictures are small ones."""
    pictures = {number: _picture(number) for number in numbers}
    made = Draft.objects.bulk_create(
        Draft(
            id=f"part-{number}-{an_id('draft', number)[:8]}",
            project=project,
            sha256=hashlib.sha256(pictures[number]).hexdigest(),
            description_sha256=hashlib.sha256(repr(("description", number)).encode()).hexdigest(),
            file_name=f"part-{number - (number % 5 == 4)}.png",
            size_bytes=4_000_000 + number,
            carrier="image",
            revision=2 if number % 5 == 4 else 1,
            status=("bidding", "development")[number % 2],
            width_px=3840,
            height_px=2160,
            uploaded_by=officer,
            created=now,
        )
        for number in numbers
    )
    for picture in pictures.values():
        blobs.put(home, Shelf.ORIGINALS, picture)
    DrillRun.objects.bulk_create(
        DrillRun(
            draft=draft,
            started=now,
            finished=now,
            total=LEAKS,
            results=[_leak(number, each) for each in range(LEAKS)],
            tried_count=LEAKS,
            traced_count=sum(bool(_leak(number, each)["traced"]) for each in range(LEAKS)),
            is_weak=number % 8 == 7,
            weaknesses=weaknesses([_leak(number, each) for each in range(LEAKS)]),
        )
        for number, draft in zip(numbers, made, strict=True)
    )


def _picture(number: int) -> bytes:
    shades = np.random.default_rng(number).integers(0, 256, (90, 120, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(shades).save(buffer, "PNG")
    return buffer.getvalue()


def _leak(draft: int, number: int) -> dict[str, object]:
    is_traced = (draft + number) % 23 != 0
    families = ("crop", "jpeg", "screen photo", "print and photo", "filter")
    return {
        "attack": f"leak {number}",
        "family": families[number % 5],
        "z": 9.5 if is_traced else 1.5,
        "traced": is_traced,
        "reason": "" if is_traced else "The score is not beyond chance.",
    }


def _rounds(project: Project, parties: range, drafts: range, officer: Person, *, now: datetime) -> None:
    """A round a first-tier party; the first one offers all drafts, and all parties that the owner engages bid in it."""
    numbers = [number for number in parties if above(number) is None]
    states = (Round.State.OPEN, Round.State.PREPARED, Round.State.CLOSED)
    Round.objects.bulk_create(
        Round(
            id=an_id("round", number),
            project=project,
            title=f"Round {number}",
            closes=now + timedelta(days=3 + number),
            state=states[number % 9 // 3],
            created=now,
            created_by=officer,
            opened=now,
        )
        for number in numbers
    )
    Round.drafts.through.objects.bulk_create(
        Round.drafts.through(round_id=an_id("round", 0), draft_id=f"part-{number}-{an_id('draft', number)[:8]}")
        for number in drafts
    )
    ids = {party.name: party.pk for party in Party.objects.all()}
    pairs = {(an_id("round", 0), number) for number in numbers} | {
        (an_id("round", number), bidder) for number in numbers for bidder in (0, number)
    }
    bidders = Bidder.objects.bulk_create(
        Bidder(id=an_id("bidder", pair), round_id=pair[0], party_id=ids[f"Supplier {pair[1]}"], invited=now)
        for pair in sorted(pairs)
    )
    Bid.objects.bulk_create(
        Bid(
            id=an_id("bid", pair),
            bidder=bidder,
            person_id=an_id("person", first_of(pair[1])),
            note="A bid.",
            handed_in=now,
        )
        for pair, bidder in zip(sorted(pairs), bidders, strict=True)
    )


def long_ago(now: datetime) -> datetime:
    """Return when the desk's history begins."""
    return (now - timedelta(days=60)).astimezone(UTC)
