"""One of everything at the desk, so that there is something to be forbidden.

All of it belongs to project MS11 and to the supplier Northwick: its contact's copy, its agreement, its bid. What is the
sibling's has the same names in :attr:`Samples.siblings`.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from djmoney.money import Money

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import put_draft
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.tokens import issue_token
from tidemark.records.cases.models import Allegation, Case, CaseFile, Duty, Reply, ReplyFile
from tidemark.records.connect import exclusively
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.leaks.models import Channel, Leak, Post, Poster
from tidemark.records.ledger.models import Leaf, SignedCheckpoint
from tidemark.records.plans.models import Action, ActionFile, FlowDownCheck, Plan, PlanVersion
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.rounds.models import Bid, Bidder, Round
from tidemark.records.sanctions.models import (
    Appeal,
    AppealFile,
    Decision,
    Measure,
    MeasureFile,
    MeasureReport,
    Payment,
    Sanction,
)
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.models import Promise, Statement, StatementPicture

FLOW_DOWN = {"supplier": "sub_vendor"}
"""By which agreement a party passes its duty on."""

BELOW = {"supplier": "sub_vendor"}
"""Who works below a party."""

CONTENT_SHA256 = "c" * 64
DOCUMENT = b"%PDF-1.7\ntrailer\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Samples:
    """Ids by the names that addresses and bodies have for them."""

    fields: dict[str, Any]
    siblings: dict[str, Any]


def furnish(home: Home, desk: Desk) -> Samples:
    """Put one of everything on record."""
    draft = put_draft(home, desk)
    persons = [desk["contact"], desk["sibling_contact"]]
    release = share(
        home, [(draft, each) for each in persons], project=desk.project, by=desk["officer"], now=NOW
    ).release
    assert release is not None
    for copy in Copy.objects.filter(release=release):
        make_copy(home, copy.pk, now=NOW)
    blobs.put(home, blobs.Shelf.DOCUMENTS, DOCUMENT)
    for agreement in desk.agreements.values():
        agreement.document_sha256, agreement.document_name = blobs.put(home, blobs.Shelf.DOCUMENTS, DOCUMENT), "nda.pdf"
        agreement.content_sha256 = CONTENT_SHA256
        agreement.save()
        agreement.acceptances.update(content_sha256=CONTENT_SHA256)
    results = [{"attack": "jpeg 30", "family": "recompressed", "holders": 1, "z": 9.0, "traced": True, "reason": ""}]
    DrillRun.objects.create(draft=draft, started=NOW, total=47, results=results, tried_count=1, traced_count=1)
    bidding = Round.objects.create(
        project=desk.project, title="Bumpers", closes=NOW + timedelta(days=30), state=Round.State.OPEN, created=NOW,
        created_by=desk["officer"], opened=NOW,
    )  # fmt: skip
    bidding.drafts.add(draft)
    return Samples(
        fields=_of(home, desk, "contact", "supplier", draft, bidding, release.pk),
        siblings=_of(home, desk, "sibling_contact", "sibling", draft, bidding, release.pk),
    )


def _of(home: Home, desk: Desk, who: str, party: str, draft: Draft, bidding: Round, release: str) -> dict[str, Any]:
    person, copy = desk[who], Copy.objects.get(person=desk[who])
    bidder = Bidder.objects.create(round=bidding, party=person.party, invited=NOW)
    sha256 = blobs.put(home, blobs.Shelf.BIDS, f"bid of {who}".encode())
    bid = Bid.objects.create(
        bidder=bidder, person=person, note=f"note of {who}", file_sha256=sha256, file_name="bid.pdf", handed_in=NOW
    )
    with exclusively(home):
        onward = OnwardRequest.objects.create(
            engagement=desk.engagements[party], sub_vendor=desk.sub_vendor,
            sub_vendor_name=desk.sub_vendor.name, contact_name="N",
            contact_email=f"{who}@below.example.test", why="It paints.", asked=NOW, asked_by=person,
        )  # fmt: skip
    onward.copies.add(copy)
    token = issue_token(person, name="kept", scopes=["read"], expires=NOW + timedelta(days=30), now=NOW).row
    case = Case.objects.create(
        number=f"2026-{person.party_id:03d}", title=f"case of {who}", project=desk.project, opened=NOW,
        opened_by=desk["officer"], status=Case.Status.ALLEGED,
    )  # fmt: skip
    allegation = Allegation.objects.create(
        case=case, party=person.party, agreement=desk.agreements[party], summary=f"put to {who}", created=NOW, put=NOW,
        answer_by=NOW + timedelta(days=14), state=Allegation.State.PUT, created_by=desk["legal"],
    )  # fmt: skip
    reply = Reply.objects.create(allegation=allegation, person=person, answer="disputes", text=f"by {who}", time=NOW)
    kept = blobs.put(home, blobs.Shelf.CASES, f"reply of {who}".encode())
    replied = ReplyFile.objects.create(reply=reply, file_sha256=kept, file_name="log.txt")
    sanction = Sanction.objects.create(
        number=f"S-{person.party_id}", allegation=allegation, amount=Money(9, "CNY"), damages=Money(9, "CNY"),
        appeal_until=NOW + timedelta(days=9), created=NOW, created_by=desk["legal"], imposed=NOW, state="appealed",
        letter_en_sha256=blobs.put(home, blobs.Shelf.CASES, f"letter to {who}".encode()),
    )  # fmt: skip
    payment = Payment.objects.create(
        sanction=sanction, amount=Money(1, "CNY"), paid_on=NOW, reference=f"of {who}", recorded_by=desk["legal"],
        time=NOW,
    )  # fmt: skip
    decision = Decision.objects.create(
        sanction=sanction, on_appeal=True, outcome="upheld", reason="So.", proposed=NOW, proposed_by=desk["legal"]
    )
    appealed = AppealFile.objects.create(
        appeal=Appeal.objects.create(sanction=sanction, person=person, reason=f"by {who}", time=NOW),
        file_sha256=kept, file_name="log.txt",
    )  # fmt: skip
    measure = Measure.objects.create(
        sanction=sanction, kind="person", text="Train.", due=NOW + timedelta(days=9), state="returned", created=NOW
    )
    reported = MeasureReport.objects.create(
        measure=measure, person=person, text=f"by {who}", time=NOW, verdict="returned", judged=NOW,
        judged_by=desk["legal"],
    )  # fmt: skip
    proof = MeasureFile.objects.create(report=reported, file_sha256=kept, file_name="proof.txt")
    plan = Plan.objects.create(
        allegation=allegation, sections=["cause"], words=f"asked of {who}", due=NOW + timedelta(days=14), asked=NOW,
        asked_by=desk["officer"], state=Plan.State.SUBMITTED, version=1, submitted=NOW,
    )  # fmt: skip
    action = Action.objects.create(
        plan=plan, number=1, section="cause", text=f"done by {who}", owner="Ines Falk", due=NOW.date(), proof="Seen.",
        controls=["isa-8.2.2"], state=Action.State.SUBMITTED,
    )  # fmt: skip
    PlanVersion.objects.create(
        plan=plan, number=1, content="{}", content_sha256=CONTENT_SHA256, person=person, time=NOW
    )
    laid = ActionFile.objects.create(
        action=action, file_sha256=blobs.put(home, blobs.Shelf.CASES, f"proof of {who}".encode()),
        file_name="proof.txt", person=person, time=NOW, is_submitted=True,
    )  # fmt: skip
    check = FlowDownCheck.objects.create(
        plan=plan, engagement=desk.engagements[BELOW.get(party, party)], is_bound=True, result="sound",
        checked=NOW.date(), checked_by="Ines Falk", stated=NOW, stated_by=person,
    )  # fmt: skip
    duty = Duty.objects.create(case=case, title="Ask", created=NOW)
    beside = blobs.put(home, blobs.Shelf.CASES, f"beside the case of {who}".encode())
    case_file = CaseFile.objects.create(
        case=case, file_sha256=beside, file_name="chat.txt", person=desk["legal"], time=NOW
    )
    statement = Statement.objects.create(
        case=case, kind=Statement.Kind.HOLDING, title_en="Title", text_en=f"said about {who}", created=NOW,
        created_by=desk["communications"],
    )  # fmt: skip
    promised = Promise.objects.create(statement=statement, words_en="said", created=NOW)
    shown = blobs.put(home, blobs.Shelf.CASES, f"picture of {who}".encode())
    picture = StatementPicture.objects.create(
        statement=statement, file_sha256=shown, file_name="car.png", compared=NOW, person=desk["officer"], time=NOW
    )
    found = blobs.put(home, blobs.Shelf.LEAKS, f"found of {who}".encode())
    leak = Leak.objects.create(id=f"found-{person.party_id}", title=f"leak of {who}", created=NOW)
    Post.objects.create(
        id=leak.pk, leak=leak, file_sha256=found, file_name="found.jpg", size_bytes=1, found="a forum", finder="",
        received=NOW, leaf_index=0,
    )  # fmt: skip
    poster = Poster.objects.create(platform="Forum", handle=f"@{who}", folded=who, created=NOW)
    channel = Channel.objects.create(platform="Forum", name=f"cars of {who}", folded=who, created=NOW)
    Post.objects.filter(pk=leak.pk).update(poster=poster, channel=channel)
    photograph = blobs.put(home, blobs.Shelf.LEAKS, f"car of {who}".encode())
    sighting = Sighting.objects.create(
        vehicle=f"car of {who}", project=desk.project, file_sha256=photograph, file_name="car.jpg", size_bytes=1,
        poster=poster, channel=channel, received=NOW, received_by=desk["investigator"],
    )  # fmt: skip
    return {
        "sighting_id": sighting.pk, "poster_id": poster.pk, "channel_id": channel.pk, "post_id": leak.pk,
        "trace_id": "none", "match_id": 1, "picture": "leak",
        "case_id": case.pk, "allegation_id": allegation.pk, "file_id": replied.pk, "duty_id": duty.pk,
        "sanction_id": sanction.pk, "measure_id": measure.pk, "decision": decision.pk, "proof_id": proof.pk,
        "payment_id": payment.pk,
        "appeal_file_id": appealed.pk, "language": "en",
        "case_file_id": case_file.pk, "leak_id": leak.pk, "bundle_id": 1,
        "plan_id": plan.pk, "action_id": action.pk, "plan_file_id": laid.pk, "check_id": check.pk,
        "statement_id": statement.pk,
        "promise_id": promised.pk, "picture_id": picture.pk,
        "project_id": desk.project.pk, "project": desk.project.pk, "projects": [desk.project.pk],
        "party_id": person.party_id, "party": person.party_id, "recipient": person.party_id,
        "parties": [person.party_id], "person_id": person.pk, "persons": [person.pk], "token_id": token.pk,
        "invitation_id": _invitation(person).pk, "engagement_id": desk.engagements[party].pk,
        "engagement": desk.engagements[party].pk, "agreement": desk.agreements[FLOW_DOWN.get(party, party)].pk,
        "above": desk.engagements[party].pk, "draft_id": draft.pk, "drafts": [draft.pk],
        "agreement_id": desk.agreements[party].pk, "under": desk.agreements[party].pk, "round_id": bidding.pk,
        "bid_id": bid.pk, "winners": [bidder.pk], "copy_id": copy.pk, "copies": [copy.pk], "release_id": release,
        "request_id": onward.pk, "index": Leaf.objects.get(kind=Kind.COPY_ISSUED, subject=copy.pk).index,
        "size": SignedCheckpoint.objects.order_by("size").first().size,
    }  # fmt: skip


def _invitation(by: Person) -> Invitation:
    return Invitation.objects.create(
        party=by.party, name="Invited", email=f"invited-{by.pk}@example.test", roles=["member"], invited_by=by,
        token_sha256=by.pk.ljust(64, "0"), created=NOW, expires=NOW + timedelta(days=7),
    )  # fmt: skip
