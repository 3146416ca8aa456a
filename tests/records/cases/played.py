"""Leaks as a trace leaves them on record, made directly: what traces find out is tested where they are."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from tests.desk import NOW, Desk
from tidemark.ledger.entry import decode, time_of
from tidemark.records import blobs
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.change import change_status
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.open import open_case
from tidemark.records.connect import exclusively
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.journal import append_received
from tidemark.records.leaks.models import Correction, Leak, Match, NamedCopy, Post, Trace
from tidemark.records.ledger.models import Leaf
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft

CLAUSE = "For each drawing that reaches a third party, the recipient owes 1,000,000 CNY."
LATER = NOW + timedelta(days=1)


def draft(desk: Desk, name: str = "front.png") -> Draft:
    """Put a draft's row on record, without its file."""
    found = Draft.objects.filter(id=f"MS11--{name}").first()
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return found or Draft.objects.create(
        id=f"MS11--{name}",
        project=desk.project,
        sha256=sha256,
        description_sha256=sha256,
        file_name=name,
        size_bytes=1,
        carrier="image",
        revision=2,
        created=NOW,
    )


def copy_of(
    desk: Desk,
    holder: Party,
    *,
    name: str = "front.png",
    number: int = 1,
    is_master: bool = False,
    answers_under: Agreement | None = None,
) -> Copy:
    """Put a released copy on record, with who answers for it as sharing records it; under what, only if it is said."""
    who = {desk.supplier: "supplier", desk.sub_vendor: "sub_vendor", desk.sibling: "sibling"}.get(holder, "")
    responsible = desk.supplier if holder == desk.sub_vendor else holder
    code = hashlib.sha256(f"{holder.pk} {name} {number}".encode()).hexdigest()
    return Copy.objects.create(
        id=code[:16],
        draft=draft(desk, name),
        holder=holder,
        engagement=desk.engagements.get(who),
        agreement=desk.agreements.get(who),
        responsible=None if is_master else responsible,
        answers_under=answers_under,
        mark_version=1,
        sha256=code,
        state=Copy.State.RELEASED,
        is_master=is_master,
        path=f"/handed/out/{code[:16]}.png",
        created=NOW,
        released=NOW,
    )


def under_another(desk: Desk, copy: Copy) -> Copy:
    """Have a copy of the supplier's issued under another agreement."""
    copy.agreement = Agreement.objects.create(
        reference="NEW-2", discloser=desk.owner, recipient=desk.supplier, covers_all_projects=True,
        kinds=["bidding"], valid_from=NOW.date(), state="in force", created=NOW, clause="Two millions each.",
    )  # fmt: skip
    copy.save()
    return copy


def leak_of(
    desk: Desk,
    copies: Sequence[Copy],
    *,
    title: str = "Front bumper on a forum",
    verdict: str = "accused",
    home: Home | None = None,
    where: str = "a forum",
) -> Leak:
    """Put a leak on record whose trace accuses these copies, or merely suspects them; with a home, its leaf as well."""
    if home is not None:
        last = Leaf.objects.order_by("index").last()
        with exclusively(home), transaction.atomic():
            append_received(title.encode(), name="found.jpg", where=where, now=time_of(last.time) if last else NOW)
    leak = Leak.objects.create(title=title, created=NOW)
    sha256 = hashlib.sha256(title.encode()).hexdigest()
    post = Post.objects.create(
        leak=leak,
        file_sha256=sha256,
        file_name="found.jpg",
        size_bytes=1,
        found="a forum, told by Ardoise Injection",
        finder="a friend",
        received=NOW,
        received_by=desk["investigator"],
        leaf_index=0,
    )
    trace_of(post, copies, verdict=verdict, home=home)
    return leak


def trace_of(post: Post, copies: Sequence[Copy], *, verdict: str, home: Home | None = None, hours: int = 0) -> Trace:
    """Put a finished trace of a post on record."""
    at = NOW + timedelta(hours=hours)
    trace = Trace.objects.create(
        post=post, state=Trace.State.DONE, requested=at, started=at, finished=at, verdict=verdict, copies_tested=9
    )
    for number, copy in enumerate(copies, start=1):
        NamedCopy.objects.create(
            trace=trace, copy=copy, is_accused=verdict == "accused", z=30.0, log10_bound=-190.0 + number, round=number
        )
    for each in {copy.draft for copy in copies}:
        bundle = blobs.put(home, blobs.Shelf.TRACES, b"sealed " + each.id.encode()) if home else ""
        Match.objects.create(
            trace=trace, draft=each, correlation=0.9, coverage=0.5, mirrored=False, bundle_sha256=bundle
        )
    return trace


def felled(desk: Desk, allegation: Allegation, *, hours: int = 30) -> Trace:
    """Trace each file that an allegation speaks of once more: now it accuses the sibling's copy. Return the last."""
    other = copy_of(desk, desk.sibling, number=hours)
    posts = Post.objects.filter(traces__named__allegations=allegation).distinct()
    return [trace_of(post, [other], verdict="accused", hours=hours) for post in posts][-1]


def seen_before_it_was_issued(desk: Desk, allegation: Allegation, *, hours: int = 30) -> None:
    """Have it known of each file that an allegation speaks of that it was out before the copy was issued."""
    for post in Post.objects.filter(traces__named__allegations=allegation).distinct():
        said = {"by": desk["investigator"], "why": "By the forum's own clock.", "leaf_index": 0}
        Correction.objects.create(post=post, before={}, time=NOW + timedelta(hours=hours), **said)
        post.posted = NOW - timedelta(hours=2)
        post.save(update_fields=["posted"])


def drawn(trace: Trace) -> None:
    """Let a trace have drawn what it found: pictures of each match, and the scores of its draft's copies."""
    matches = list(trace.matches.all())
    for match in matches:
        match.pictures = {
            name: hashlib.sha256(f"{match.pk} {name}".encode()).hexdigest()
            for name in ("leak", "draft", "difference", "where")
        }
        match.save(update_fields=["pictures"])
    trace.scores = {match.draft_id: [-0.4, 0.3, 1.2, 30.0] for match in matches}
    trace.hypotheses, trace.decoys = 2, {"count": 1000, "max_z": 3.1, "ks_p": 0.5}
    trace.save(update_fields=["scores", "hypotheses", "decoys"])


def opened(home: Home, desk: Desk, *leaks: Leak) -> Case:
    """Open a case and take it up."""
    case = open_case(home, leaks, title="Front bumper", by=desk["officer"], now=NOW)
    change_status(home, case, Case.Status.INVESTIGATING, by=desk["officer"], now=NOW)
    case.refresh_from_db()
    return case


def played(home: Home, desk: Desk, holder: Party | None = None) -> Allegation:
    """Play a case up to the allegation that is put to who answers; by default the sub-vendor's copy leaked."""
    for agreement in desk.agreements.values():
        agreement.clause = CLAUSE
        agreement.save()
    copy = copy_of(desk, holder or desk.sub_vendor)
    case = opened(home, desk, leak_of(desk, [copy], home=home))
    assert copy.responsible is not None
    made = prepare(home, case, copy.responsible, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    made.refresh_from_db()
    return made


def played_below(home: Home, desk: Desk) -> Allegation:
    """Play a case up to the allegation that is put to the sub-vendor itself: the supplier does not answer for it."""
    flow_down = desk.agreements["sub_vendor"]
    for agreement in desk.agreements.values():
        agreement.clause, agreement.liable_downstream = CLAUSE, False
        agreement.save()
    Agreement.objects.filter(pk=flow_down.pk).update(reference="FD-1")  # the desk's reference names the supplier
    copy = copy_of(desk, desk.sub_vendor)
    Copy.objects.filter(pk=copy.pk).update(responsible=desk.sub_vendor)
    case = opened(home, desk, leak_of(desk, [Copy.objects.get(pk=copy.pk)], home=home))
    made = prepare(home, case, desk.sub_vendor, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    made.refresh_from_db()
    return made


def kinds(subject: str) -> list[str]:
    """Return the kinds of all leaves of a case, in their order."""
    return list(Leaf.objects.filter(subject=subject).order_by("index").values_list("kind", flat=True))


def bodies(subject: str, kind: str) -> list[dict[str, object]]:
    """Return what the ledger says in all leaves of a kind."""
    rows = Leaf.objects.filter(subject=subject, kind=kind).order_by("index")
    return [dict(decode(bytes(row.data)).body) for row in rows]
