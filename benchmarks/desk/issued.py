"""Copies of the crowd's drafts for all its persons, downloads and requests, and the ledger that tells of them.

The ledger is real: canonical entries, hashes, signed checkpoints; only the copies' bytes are not there.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from benchmarks.desk.rows import NOBODY, Size, above, an_id, first_of, long_ago, party_of
from tidemark.ledger import merkle
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import SALT_BYTES, Entry, Kind, encode, time_text
from tidemark.records.agreements.models import Agreement
from tidemark.records.connect import exclusively
from tidemark.records.copies.expire import WHY as EXPIRED
from tidemark.records.copies.models import Copy, Download, OnwardRequest
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import log_size, node_hash, sign
from tidemark.records.ledger.models import Leaf, Node
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement, Project

_BATCH = 1_000
_A_LEAF_EVERY = timedelta(minutes=1)


class Log:
    """Leaves and hashes, written a batch at a time, each batch signed as a run would sign it."""

    def __init__(self, home: Home, begins: datetime) -> None:
        self.home, self.begins, self.size = home, begins, log_size()
        self.held: dict[tuple[int, int], bytes] = {}
        self.leaves: list[Leaf] = []
        self.nodes: list[Node] = []

    def append(self, kind: Kind, body: Mapping[str, JSON], subject: str) -> int:
        time = time_text(self.begins + self.size * _A_LEAF_EVERY)
        salt = hashlib.sha256(str(self.size).encode()).digest()[:SALT_BYTES]
        data = encode(Entry(kind, time, body, salt))
        for node in merkle.appended(self.size, merkle.leaf_hash(data), self._hash):
            self.held[node.level, node.index] = node.hash
            self.nodes.append(Node(level=node.level, index=node.index, hash=node.hash))
        self.leaves.append(Leaf(index=self.size, data=data, kind=kind, subject=subject, time=time))
        self.size += 1
        if len(self.leaves) == _BATCH:
            self.flush()
        return self.size - 1

    def flush(self) -> None:
        Leaf.objects.bulk_create(self.leaves)
        Node.objects.bulk_create(self.nodes, batch_size=_BATCH)
        self.leaves, self.nodes = [], []
        with exclusively(self.home):
            sign(self.home, signing_key(self.home))

    def _hash(self, level: int, index: int) -> bytes:
        return self.held.get((level, index)) or node_hash(level, index)


def issue(home: Home, size: Size, *, beyond: Size = NOBODY, now: datetime) -> None:
    """Release a copy of every draft to every person, or what a desk of this size has beyond a smaller one."""
    log = Log(home, long_ago(now))
    project = Project.objects.get(code_name="MS11")
    drafts = {
        number: draft
        for draft in Draft.objects.filter(project=project)
        if (number := int(draft.pk.split("-")[1])) < size.drafts
    }
    for number in range(beyond.drafts, size.drafts):
        log.append(Kind.DRAFT_REGISTERED, {"draft": drafts[number].pk}, drafts[number].pk)
    for number in range(beyond.parties if beyond.persons else 0, size.parties):
        agreement = an_id("agreement", number)
        log.append(Kind.AGREEMENT_REGISTERED, {"agreement_id": agreement}, agreement)
        log.append(Kind.AGREEMENT_ACCEPTED, {"agreement_id": agreement, "for_party": True}, agreement)
    _copies(log, size, beyond, drafts, now=now)
    log.flush()
    _onward(size, beyond, now=now)


def copy_id(person: int, draft: int) -> str:
    """Return the id of a person's copy of a draft."""
    return an_id("copy", person, draft)


def _copies(log: Log, size: Size, beyond: Size, drafts: Mapping[int, Draft], *, now: datetime) -> None:
    agreements = {agreement.pk: agreement for agreement in Agreement.objects.select_related("recipient", "discloser")}
    parties = {party.name: party for party in Party.objects.all()}
    copies, downloads = list[Copy](), list[Download]()
    for person, number in _pairs(size, beyond):
        party, draft = party_of(person), drafts[number]
        agreement = agreements[an_id("agreement", party)]
        copy = _copy(person, number, draft, parties[f"Supplier {party}"], agreement, now=now)
        copy.responsible = parties[f"Supplier {_root(party)}"]
        copies.append(copy)
        if copy.state == Copy.State.FAULTED:
            continue
        log.append(Kind.COPY_ISSUED, _body(copy, draft, agreement), copy.pk)
        if _chance(person, number, "opened") < 0.6:
            leaf = log.append(Kind.COPY_DOWNLOADED, {"copy": copy.pk, "person": copy.person_id or ""}, copy.pk)
            downloads.append(
                Download(copy=copy, person_id=copy.person_id, time=log.begins + leaf * _A_LEAF_EVERY, leaf_index=leaf)
            )
    Copy.objects.bulk_create(copies, batch_size=_BATCH)
    Download.objects.bulk_create(downloads, batch_size=_BATCH)


def _pairs(size: Size, beyond: Size) -> Iterator[tuple[int, int]]:
    """Yield the new pairs of person and draft, those of parties above first: child copies name their parents'."""
    persons = sorted(range(size.persons), key=lambda person: (_tier(party_of(person)), person))
    for person in persons:
        for draft in range(beyond.drafts if person < beyond.persons else 0, size.drafts):
            yield person, draft


def _tier(party: int) -> int:
    by = above(party)
    return 1 if by is None else 1 + _tier(by)


def _root(party: int) -> int:
    by = above(party)
    return party if by is None else _root(by)


def _copy(person: int, number: int, draft: Draft, holder: Party, agreement: Agreement, *, now: datetime) -> Copy:
    by, released = above(party_of(person)), long_ago(now)
    copy = Copy(
        id=copy_id(person, number),
        draft=draft,
        holder=holder,
        person_id=an_id("person", person),
        engagement_id=an_id("place", party_of(person)),
        agreement=agreement,
        parent_id=None if by is None else copy_id(first_of(by), number),
        release_id=an_id("release"),
        mark_version=1,
        sha256=hashlib.sha256(repr((person, number)).encode()).hexdigest(),
        psnr_db=44.0,
        size_bytes=4_000_000,
        file_name=f"{draft.file_name[:-4]}-{holder.name}.png",
        state=Copy.State.RELEASED,
        created=released,
        released=released,
    )
    fate = _chance(person, number, "fate")  # and one that always fails, so that even a small desk shows it
    if fate < 0.05:
        copy.revoked, copy.revoked_why = now, "The round is over."
    elif fate < 0.10:
        copy.expires, copy.revoked, copy.revoked_why = now, now, EXPIRED
    elif fate < 0.105 or (person, number) == (1, 1):
        copy.state, copy.fault, copy.sha256, copy.released = Copy.State.FAULTED, "It is too plain.", None, None
    return copy


def _body(copy: Copy, draft: Draft, agreement: Agreement) -> dict[str, JSON]:
    return {
        "draft": draft.pk,
        "draft_sha256": draft.sha256,
        "copy": copy.pk,
        "copy_sha256": copy.sha256,
        "key_commitment": hashlib.sha256(copy.pk.encode()).hexdigest(),
        "mark_version": copy.mark_version,
        "holder": copy.holder.name,
        "is_master": False,
        "nonce": "",
        "agreement": agreement.reference,
        "agreement_id": agreement.pk,
        "responsible": copy.responsible.name if copy.responsible else "",
        "person": copy.person_id or "",
        "parent": copy.parent_id or "",
    }


def _chance(*what: object) -> float:
    return int(an_id(*what), 16) / 16**16


def _onward(size: Size, beyond: Size, *, now: datetime) -> None:
    """A request for each party that another one engages, the first ones still open."""
    states = (OnwardRequest.State.ASKED, OnwardRequest.State.REFUSED, OnwardRequest.State.WITHDRAWN)
    for number in range(beyond.parties if beyond.persons else 0, size.parties):
        by = above(number)
        if by is None:
            continue
        place = Engagement.objects.get(pk=an_id("place", by))
        made = OnwardRequest.objects.create(
            id=an_id("onward", number),
            engagement=place,
            sub_vendor=Party.objects.get(name=f"Supplier {number}"),
            contact_name="Somebody",
            contact_email=f"p{first_of(number)}@example.test",
            why="They make the tool.",
            state=states[number % 3 - 1],
            asked=now,
            asked_by_id=an_id("person", first_of(by)),
        )
        made.copies.add(*Copy.objects.filter(person=an_id("person", first_of(by))).order_by("draft")[:5])
