"""What else the crowd's desk needs so that every address has a row, and each list a longer one."""

import hashlib
import os
from datetime import timedelta

from allauth.mfa.models import Authenticator
from benchmarks.desk.issued import copy_id
from benchmarks.desk.rows import an_id
from django.utils import timezone
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from tests.desk import NOW
from tests.web.counted.found import PICTURE, PICTURE_SHA256, draft
from tests.web.counted.written import CONTACT, KEPT, KEPT_SHA256, OFFICER
from tidemark.records import blobs
from tidemark.records.accounts.models import Invitation
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy, Download, OnwardRequest, Release
from tidemark.records.home import Home
from tidemark.records.leaks.inbox import REASON, inbox_folder
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import DrillRun, Project
from tidemark.records.rounds.models import Bid, Bidder, Round

SECRET = "x" * 43
"""Of the link of an invitation that is open."""


def grow(home: Home, numbers: range) -> None:
    """Put one more of each on record for each number; with number 0 the files of what addresses name."""
    if 0 in numbers:
        _files(home)
        _beginnings()
    project = Project.objects.get(code_name="MS11")
    for number in numbers:
        said = {"name": f"key {number}", "credential": _credential(number)}
        Authenticator.objects.create(user_id=OFFICER, type=Authenticator.Type.WEBAUTHN, data=said)
        Release.objects.create(id=an_id("release", number), project=project, created=NOW, created_by_id=OFFICER)
        Download.objects.create(copy_id=copy_id(0, 1), person_id=CONTACT, time=NOW, leaf_index=0)
        _mail(home, number)
        _unfinished(project, number)
    asked = OnwardRequest.objects.get(pk=an_id("onward", 1))
    asked.copies.add(*Copy.objects.filter(person=CONTACT))


def _credential(number: int) -> dict[str, object]:
    """Return what a passkey says of itself when it is added. Nobody could sign in with this one."""
    key = {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)}
    which = bytes([number]) * 16
    added = AuthenticatorData.create(bytes(32), 0x41, 0, AttestedCredentialData.create(bytes(16), which, key))
    client = b'{"type": "webauthn.create", "challenge": "AA", "origin": "https://desk.example"}'
    response = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", added, {})),
    }
    return {
        "id": websafe_encode(which),
        "rawId": websafe_encode(which),
        "type": "public-key",
        "response": response,
    }


def _files(home: Home) -> None:
    """Lay the bytes down of which others have only the hash."""
    blobs.put(home, blobs.Shelf.COPIES, PICTURE)
    Copy.objects.filter(pk=copy_id(0, 1)).update(sha256=PICTURE_SHA256)
    blobs.put(home, blobs.Shelf.DOCUMENTS, KEPT)
    Agreement.objects.filter(pk=an_id("agreement", 0)).update(document_sha256=KEPT_SHA256, document_name="nda.pdf")
    blobs.put(home, blobs.Shelf.BIDS, KEPT)
    bid = Bid.objects.filter(pk=an_id("bid", (an_id("round", 0), 0)))
    bid.update(file_sha256=KEPT_SHA256, file_name="bid.pdf")


def _unfinished(project: Project, number: int) -> None:
    """Agreements that nobody has accepted, some of which lapse; a round to be awarded, a certificate, a weak draft."""
    supplier, other = (Party.objects.get(name=f"Supplier {each}") for each in (0, 1))
    DrillRun.objects.filter(draft=draft(number)).update(is_weak=True)
    soon = timezone.now().date() + timedelta(days=9)
    for state, recipient, ends in (("prepared", supplier, None), ("in force", other, soon)):
        Agreement.objects.create(
            id=an_id("agreement", state, number),
            reference="NDA",
            discloser=Party.objects.get(is_owner=True),
            recipient=recipient,
            kinds=["final"],
            valid_from=NOW.date(),
            valid_until=ends,
            governing_law="PRC",
            state=state,
            created=NOW,
            created_by_id=OFFICER,
        )
    closed = Round.objects.create(
        id=an_id("closed round", number),
        project=project,
        title=f"Closed {number}",
        closes=NOW,
        closed=NOW,
        state=Round.State.CLOSED,
        created=NOW,
        created_by_id=OFFICER,
        opened=NOW,
    )
    Bidder.objects.create(round=closed, party=supplier, invited=NOW)
    Bidder.objects.create(round=closed, party=other, invited=NOW, outcome=Bidder.Outcome.LOST, must_certify_since=NOW)


def _beginnings() -> None:
    """An invitation that nobody has followed."""
    supplier = Party.objects.get(name="Supplier 0")
    now = timezone.now()
    Invitation.objects.create(
        id=an_id("invitation", "open"),
        token_sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
        party=supplier,
        name="Somebody",
        email="somebody@example.test",
        roles=["member"],
        invited_by_id=OFFICER,
        created=now,
        expires=now + timedelta(days=7),
    )


def _mail(home: Home, number: int) -> None:
    refused = inbox_folder(home) / "refused"
    os.makedirs(refused, exist_ok=True)
    (refused / f"mail-{number}{REASON}").write_text("It holds no picture.")
