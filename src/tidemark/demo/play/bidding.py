"""The acts before anything leaks: a project, its supply tree, a bidding round, copies to the last tier."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from tidemark.demo.cast import BIDDERS, HOLDERS, SUB_VENDORS, Holder, contact_of, holder
from tidemark.demo.play.line import File, Line
from tidemark.demo.play.stage import Stage, expect, in_days, today
from tidemark.demo.scenes import FINAL_DRAFT

PROJECT = "MS11"
PASSED_ON = ("ms11-front-bumper",)
"""What sub-vendors have to see to quote their work."""

WINNERS = ("Lanting Exteriors", "Vellmar Kunststofftechnik")
CLAUSE = (
    "For each drawing, or part of one, that reaches a third party through the recipient or anybody whom it passed the "
    "drawing to, the recipient owes liquidated damages of 1,000,000 CNY, whoever of them was at fault."
)
_FLOW_DOWN = "The recipient keeps the drawings secret as the agreement above binds its discloser to keep them."
_TERMS = {"kinds": ["bidding", "development", "final"], "survival_months": 60, "governing_law": "PRC"}


def set_the_desk(stage: Stage) -> Iterator[str]:
    """A project is opened, its supply tree drawn, and every link of it bound by an agreement that was accepted."""
    officer = stage.officer
    embargo = (today() + timedelta(days=540)).isoformat()
    words = "Facelift of the compact model; bumpers are bid for."
    project = officer.post("/projects", {"code_name": PROJECT, "embargo": embargo, "description": words})
    stage.project = project["id"]
    stage.parties = {_latin(each["name"]): each["id"] for each in officer.get("/parties", limit=200)["items"]}
    for key, line in stage.lines.items():
        stage.persons[key] = line.get("/me")["id"]
    for each in (*BIDDERS, *SUB_VENDORS):
        above = stage.engagements.get(each.engaged_by)
        place = {"party": stage.parties[each.latin], "above": above}
        stage.engagements[each.latin] = officer.post(f"/projects/{stage.project}/engagements", place)["id"]
    for number, each in enumerate((*BIDDERS, *SUB_VENDORS), start=1):
        discloser = stage.by(each.engaged_by) if each.engaged_by else officer
        stage.agreements[each.latin] = _agree(stage, discloser, each, number)
    yield (
        f"{PROJECT} has {len(BIDDERS)} bidders and {len(SUB_VENDORS)} sub-vendors. Each link of the supply tree has "
        "its confidentiality agreement, accepted for the company and by its contact. Each bidder answers for its "
        "sub-vendors: 1,000,000 CNY for each drawing that gets out."
    )


def bid(stage: Stage) -> Iterator[str]:
    """A round is opened, bidding drafts are released to its bidders, and they hand their bids in."""
    officer = stage.officer
    for name in stage.drafts:
        _upload(stage, name, "final" if name == FINAL_DRAFT else "bidding")
    bidding = [name for name in stage.drafts if name != FINAL_DRAFT]
    asked = {
        "project": stage.project,
        "title": "Bumpers, front and rear: tooling and 40,000 sets",
        "brief": "A price for tooling and for a set. These are bidding drafts and not the final design.",
        "drafts": [stage.draft_ids[name] for name in bidding],
        "parties": [stage.parties[each.latin] for each in BIDDERS],
        "closes": in_days(14),
    }
    stage.round = officer.post("/rounds", asked)["id"]
    officer.post(f"/rounds/{stage.round}/open")
    _release(stage, bidding, BIDDERS)
    yield f"{len(bidding)} bidding drafts, and one marked copy of each for each of the {len(BIDDERS)} bidders."


def share_onward(stage: Stage) -> Iterator[str]:
    """Each supplier asks that its sub-vendors may see the drafts; the officer approves, and child copies are made."""
    made = sum(_share(stage, each, PASSED_ON) for each in SUB_VENDORS)
    _all_made(stage)
    yield f"The suppliers asked for {len(SUB_VENDORS)} sub-vendors: {made} child copies, each with a mark of its own."
    for each in HOLDERS:
        _download(stage, each)
    yield f"{len(stage.copies)} copies were downloaded. Each had its entry in the ledger before the first byte left."


def award(stage: Stage) -> Iterator[str]:
    """The round closes, two bidders win, and the losers certify that their copies are gone."""
    officer, address = stage.officer, f"/rounds/{stage.round}"
    for number, each in enumerate(BIDDERS):
        note = f"CNY {840 + 35 * number},000 for the tools."
        offer = File("offer.txt", note.encode())
        sealed = stage.by(each).post(f"{address}/bids", {"note": note}, file=offer)
    expect(all(not each["bids"] for each in officer.get(address)["bidders"]), "bids are sealed until the round closes")
    expect(sealed["file_name"] == "offer.txt", "a bid keeps its file")
    bidders = {_latin(each["party"]["name"]): each["id"] for each in officer.post(f"{address}/close")["bidders"]}
    officer.post(f"{address}/award", {"winners": [bidders[name] for name in WINNERS]})
    losers = [each for each in BIDDERS if each.latin not in WINNERS]
    for each in losers:
        stage.by(each).post(f"{address}/certify", {"means": "destroyed", "statement": "All copies were deleted."})
    copy = _own(stage, losers[0])[0]
    reason = stage.by(losers[0]).refused(f"/copies/{copy['id']}/downloads")
    yield f"{' and '.join(holder(name).latin for name in WINNERS)} win. The others' copies are revoked: “{reason}”"


def release_final(stage: Stage) -> Iterator[str]:
    """The final render of the rear bumper goes to the winner that makes it, and to its toolmaker."""
    winner, toolmaker = holder("Vellmar Kunststofftechnik"), holder("Silberfenn Werkzeugbau")
    _release(stage, [FINAL_DRAFT], [winner])
    _share(stage, toolmaker, [FINAL_DRAFT])
    _all_made(stage)
    for each in (winner, toolmaker):
        _download(stage, each)
    yield f"{winner.latin} and {toolmaker.latin} hold the final render, and nobody else."


def _upload(stage: Stage, name: str, status: str) -> None:
    """Put a draft on record."""
    file = File(f"{name}.png", stage.drafts[name])
    made = stage.officer.post(f"/projects/{stage.project}/drafts", {"status": status}, file=file)
    stage.draft_ids[name] = made["id"]


def _release(stage: Stage, drafts: Sequence[str], holders: Collection[Holder]) -> None:
    """Give the holders' contacts a copy of each draft, and wait until all are made."""
    asked = {
        "project": stage.project,
        "drafts": [stage.draft_ids[name] for name in drafts],
        "persons": [stage.persons[each.latin] for each in holders],
    }
    shared = stage.officer.post("/releases", asked)
    expect(not shared["refusals"], "nobody is refused a copy")
    _made(stage, shared["release"]["id"], len(drafts) * len(holders))


def _download(stage: Stage, each: Holder) -> None:
    """Take the copies that were made for a holder's contact and not taken yet."""
    names = {draft: name for name, draft in stage.draft_ids.items()}
    for copy in _own(stage, each):
        name = names[copy["draft"]["id"]]
        if (name, each.latin) in stage.copies or copy["revoked"]:
            continue
        file = stage.folder / "copies" / f"{name}--{each.latin.lower().replace(' ', '-')}.png"
        file.write_bytes(stage.by(each).fetch(f"/copies/{copy['id']}/downloads", method="POST"))
        stage.copies[name, each.latin] = file


def _own(stage: Stage, each: Holder) -> list[dict[str, Any]]:
    person = stage.persons[each.latin]
    return list(stage.by(each).get("/copies", person=person, state="released", limit=200)["items"])


def _share(stage: Stage, sub_vendor: Holder, drafts: Sequence[str]) -> int:
    """Ask for a sub-vendor, approve it, and wait for its child copies; return how many there are."""
    supplier, player = holder(sub_vendor.engaged_by), contact_of(sub_vendor)
    wanted = {stage.draft_ids[name] for name in drafts}
    asked = {
        "engagement": stage.engagements[supplier.latin],
        "copies": [each["id"] for each in _own(stage, supplier) if each["draft"]["id"] in wanted],
        "sub_vendor": sub_vendor.name,
        "contact_name": player.name,
        "contact_email": player.email,
        "why": "It has to see the part to quote its work on it.",
        "agreement": stage.agreements[sub_vendor.latin],
    }
    request = stage.by(supplier).post("/onward-requests", asked)["id"]
    stage.officer.post(f"/onward-requests/{request}/decide", {"approve": True})
    seen = stage.officer.get(f"/onward-requests/{request}")
    expect(not seen["waits_for"], "an approved request of bound parties waits for nothing")
    return len(wanted)


def _all_made(stage: Stage) -> None:
    """Wait until every copy that was planned is made."""
    stage.wait(
        lambda: not stage.officer.get("/copies", state="planned", limit=1)["items"], what="The making of the copies"
    )
    expect(not stage.officer.get("/copies", state="faulted", limit=1)["items"], "every copy could be made")


def _made(stage: Stage, release_id: str, count: int) -> None:
    def seen() -> Any:
        now = stage.officer.get(f"/releases/{release_id}")
        return now if not now["planned"] else None

    done = stage.wait(seen, what="The making of the copies")
    expect(done["released"] == count and not done["faulted"], "every copy of a release is made")


def _agree(stage: Stage, discloser: Line, recipient: Holder, number: int) -> str:
    """Register an agreement, put it in force, and accept it for the recipient and for its contact."""
    terms: dict[str, Any] = {
        **_TERMS,
        "recipient": stage.parties[recipient.latin],
        "reference": f"{'FD' if recipient.engaged_by else 'NDA'} {today().year}-{number:03d}",
        "projects": [stage.project],
        "valid_from": (today() - timedelta(days=90)).isoformat(),
        "valid_until": (today() + timedelta(days=1000)).isoformat(),
        "clause": _FLOW_DOWN,
    }
    if recipient.engaged_by:
        terms["under"] = stage.agreements[recipient.engaged_by]
    else:
        terms |= {"damages": {"amount": "1000000.00", "currency": "CNY"}, "clause": CLAUSE}
    agreement = discloser.post("/agreements", terms)["id"]
    content = discloser.post(f"/agreements/{agreement}/put-in-force")["content_sha256"]
    for for_party in (True, False):
        said = {"for_party": for_party, "content_sha256": content}
        stage.by(recipient).post(f"/agreements/{agreement}/accept", said)
    return str(agreement)


def _latin(name: str) -> str:
    return next((each.latin for each in HOLDERS if each.name == name), name)
