"""The affair itself, up to the final allegation: whose copy, who answers for it, what the party says to that."""

from collections.abc import Iterator
from typing import Any

from tidemark.demo.cast import holder
from tidemark.demo.play.line import File
from tidemark.demo.play.stage import Stage, expect, in_days
from tidemark.demo.scenes import PHOTO
from tidemark.evidence.bundle import EXTENSION
from tidemark.evidence.verify import verify

ACCUSED, SUB_VENDOR = holder("Lanting Exteriors"), holder("Jichuan Coatings")
_DISPUTE = (
    "It was our sub-vendor. The copy that you name was never in our house: it went to our paint shop under the "
    "agreement that you approved. We ask you to take it up with them."
)


def open_the_case(stage: Stage) -> Iterator[str]:
    """A case is opened from the photograph; the copy, its custodian and who answers for it are told apart."""
    opened = {"title": "MS11 front bumper on Kuaiying", "leaks": [stage.leaks[PHOTO]], "severity": "high"}
    case = stage.officer.post("/cases", opened)
    stage.cases[PHOTO] = address = case["id"]
    stage.officer.post(f"/cases/{address}/change", {"assignee": stage.persons["investigator"]})
    stage.officer.post(f"/cases/{address}/status", {"status": "investigating"})
    note = "The web page took it down at 21:40 and keeps the upload log for us."
    stage.investigator.post(f"/cases/{address}/notes", {"text": note})
    asked = {"title": "Ask Kuaiying for the upload log", "due": in_days(2), "assignee": stage.persons["investigator"]}
    duty = stage.legal.post(f"/cases/{address}/duties", asked)
    log = File("upload-log.txt", b"2026-03-12 19:02:11 +0800 upload 88121 nightshift_spyshots\n")
    stage.investigator.post(f"/cases/{address}/files", {}, file=log)
    stage.investigator.post(f"/cases/{address}/duties/{duty['id']}/done")
    (claim,) = stage.officer.get(f"/cases/{address}/claims")
    expect(claim["custodian"]["name"] == SUB_VENDOR.name, "the sub-vendor was given the copy")
    expect(claim["responsible"]["name"] == ACCUSED.name, "the supplier answers for it")
    expect(claim["agreement"] == stage.agreements[ACCUSED.latin], "by its own agreement with the owner")
    yield (
        f"Case {case['number']}. The copy: z = {claim['z']:.1f}. Its custodian: {SUB_VENDOR.latin}. "
        f"Who answers for it, by the agreement: {ACCUSED.latin}."
    )


def put_it(stage: Stage) -> Iterator[str]:
    """The allegation is put to the supplier; neither its sub-vendor nor anybody else can see it."""
    case, contact = stage.cases[PHOTO], stage.by(ACCUSED)
    made = stage.legal.post(f"/cases/{case}/allegations", {"party": stage.parties[ACCUSED.latin]})
    stage.allegations[PHOTO] = mine = made["id"]
    contact.refused(f"/allegations/{mine}", method="GET", status=404)
    stage.legal.post(f"/allegations/{mine}/put", {})
    reason = stage.legal.refused(f"/allegations/{mine}/final")
    seen = contact.get(f"/allegations/{mine}")
    expect(seen["case"] is None and not seen["copies"], "a party sees nothing of the case")
    for stranger in (SUB_VENDOR.latin, "Northwick Mouldings"):
        stage.by(stranger).refused(f"/allegations/{mine}", method="GET", status=404)
        expect(not stage.by(stranger).get("/allegations")["items"], "an allegation is its party's alone")
    yield f"Put to {ACCUSED.latin}, with two weeks to answer. Making it final at once is refused: “{reason}”"


def dispute_it(stage: Stage) -> Iterator[str]:
    """“It was our sub-vendor.” The supplier asks for the evidence, gets it, and verifies it without anybody's help."""
    mine, contact = stage.allegations[PHOTO], stage.by(ACCUSED)
    contact.post(f"/allegations/{mine}/replies", {"answer": "disputes", "text": _DISPUTE})
    contact.post(f"/allegations/{mine}/evidence/ask")
    (bundle,) = stage.legal.post(f"/allegations/{mine}/evidence/grant")["bundles"]
    data = contact.fetch(f"/allegations/{mine}/evidence/{bundle['id']}", method="POST")
    stage.bundle = stage.folder / "evidence" / f"{PHOTO}{EXTENSION}"
    stage.bundle.write_bytes(data)
    stage.verification = verify(data)
    expect(stage.verification.valid, "what was sealed verifies")
    yield f"“{_DISPUTE.partition('. ')[0]}.” {ACCUSED.latin} gets the sealed evidence, and every step of it holds."
    named = {
        "answer": "names",
        "names_party": stage.parties[SUB_VENDOR.latin],
        "text": "We have verified your evidence. The photograph was taken at our paint shop's desk.",
    }
    said = "一名实习生拍了屏幕。An intern took a photo of the screen.\n"
    statement = File("statement-of-the-paint-shop.txt", said.encode())
    contact.post(f"/allegations/{mine}/replies/with-file", named, file=statement)
    yield f"Having seen it, {ACCUSED.latin} names {SUB_VENDOR.latin} and hands in its statement."


def decide_it(stage: Stage) -> Iterator[str]:
    """The intent is judged as what it is, an opinion with an author; the allegation becomes final."""
    case, mine = stage.cases[PHOTO], stage.allegations[PHOTO]
    judged = {"kind": "negligent", "reason": "An intern without instruction; no gain; the supplier never checked."}
    stage.legal.post(f"/cases/{case}/intents", judged)
    final = stage.legal.post(f"/allegations/{mine}/final")
    expect(final["state"] == "final", "an answered allegation can be made final")
    expect(status_of(stage, PHOTO) == "decided", "with its last open allegation, a case is decided")
    yield f"Judged by {stage.legal.get('/me')['name']} as negligent. The allegation is final: the case is decided."


def status_of(stage: Stage, scene: str) -> str:
    """Return the status of a scene's case."""
    return str(stage.officer.get(f"/cases/{stage.cases[scene]}")["status"])


def kinds_of(stage: Stage, subject: str) -> list[str]:
    """Return the kinds of the ledger's entries on a subject, the first one first."""
    entries: Any = stage.officer.get("/ledger/entries", subject=subject, limit=200)["items"]
    return [each["kind"] for each in reversed(entries)]
