"""Beside the affair: what must not become an accusation, what must not be said to the other, and what is taken back."""

from collections.abc import Iterator, Sequence

from tidemark.demo.cast import holder
from tidemark.demo.play.accusing import kinds_of, status_of
from tidemark.demo.play.line import File
from tidemark.demo.play.stage import Stage, expect, in_days
from tidemark.demo.scenes import COLLUDED, FINAL, FINAL_DRAFT, OWN, UNMARKED, UNRELATED

_REASON = (
    "A photograph of our own trade show has the supplier's salesman with this picture on a tablet. Two colleagues "
    "recognise him. We put it to the party though no copy is accused."
)
_SUMMARY = (
    "A picture of the front bumper was posted on 10 March. A witness says that it was shown at your stand. No copy of "
    "yours is accused. We ask you to tell us what you know of it."
)
_APOLOGY = (
    "The picture bears no mark of any copy: it left our own house before a supplier had it. We were wrong to put this "
    "to you, and apologise. This is kept in our ledger beside what we alleged."
)


def withhold(stage: Stage) -> Iterator[str]:
    """An inconclusive leak reaches nobody, unless two persons override it in writing, each in a role of their own."""
    suspect, case = holder("Ardoise Injection"), _opened(stage, UNMARKED, "Front bumper on Carfolk")
    asked = {"party": stage.parties[suspect.latin]}
    reason = stage.legal.refused(f"/cases/{case}/allegations", asked)
    yield f"Inconclusive. Putting it to {suspect.latin} is refused: “{reason}”"
    made = stage.legal.post(f"/cases/{case}/allegations", {**asked, "override_reason": _REASON})
    stage.allegations[UNMARKED] = mine = made["id"]
    stage.legal.put(f"/allegations/{mine}", {"summary": _SUMMARY, "answer_by": made["answer_by"]})
    stage.legal.refused(f"/allegations/{mine}/put", {})
    stage.legal.post(f"/allegations/{mine}/approvals")
    stage.legal.post(f"/allegations/{mine}/approvals")
    stage.legal.refused(f"/allegations/{mine}/put", {})  # the same person twice is one person
    stage.officer.post(f"/allegations/{mine}/approvals")
    stage.legal.post(f"/allegations/{mine}/put", {})
    yield "Only when legal and an officer, two persons, have approved the written override can it be put."


def withdraw(stage: Stage) -> Iterator[str]:
    """The accusation proves wrong. It is withdrawn with an apology, and both stay in the ledger."""
    mine, case, party = stage.allegations[UNMARKED], stage.cases[UNMARKED], stage.by("Ardoise Injection")
    answer = {"answer": "disputes", "text": "Our salesman showed your own press picture of last year. It is enclosed."}
    press = File("press-picture.txt", b"halden-press-2025-014\n")
    party.post(f"/allegations/{mine}/replies/with-file", answer, file=press)
    stage.legal.refused(f"/allegations/{mine}/withdraw")
    stage.legal.post(f"/allegations/{mine}/withdraw", {"apology": _APOLOGY})
    seen = party.get(f"/allegations/{mine}")
    expect((seen["state"], seen["apology"]) == ("withdrawn", _APOLOGY), "the party reads the apology")
    kinds = kinds_of(stage, case)
    expect(kinds.count("approval-given") == 2, "both approvals of the override stay in the ledger")
    expect(kinds.index("allegation-put") < kinds.index("allegation-withdrawn"), "nothing is made unsaid")
    why = "It left our own house before marking. Who took it is asked of our own people."
    stage.officer.post(f"/cases/{case}/status", {"status": "closed", "why": why})
    yield "Withdrawn, with an apology that the party reads in its place. Both stay in the ledger."


def tell_apart(stage: Stage) -> Iterator[str]:
    """Two bidders mixed their copies. Each answers for its own, and neither learns of the other."""
    case = _opened(stage, COLLUDED, "Front bumper on Carfolk: two copies in one picture")
    pair = ("Northwick Mouldings", "Xingdu Precision")
    claims = stage.officer.get(f"/cases/{case}/claims")
    expect({each["responsible"]["name"] for each in claims} == {holder(each).name for each in pair}, "both answer")
    for party in pair:
        mine = stage.legal.post(f"/cases/{case}/allegations", {"party": stage.parties[party]})["id"]
        stage.legal.post(f"/allegations/{mine}/put", {})
        stage.allegations[party] = mine
    for party, other in (pair, pair[::-1]):
        (seen,) = stage.by(party).get("/allegations")["items"]
        expect(other not in str(stage.by(party).get(f"/allegations/{seen['id']}")), "neither learns of the other")
        stage.by(party).refused(f"/allegations/{stage.allegations[other]}", method="GET", status=404)
    stage.by(pair[0]).post(f"/allegations/{stage.allegations[pair[0]]}/evidence/ask")
    barred = stage.legal.refused(f"/allegations/{stage.allegations[pair[0]]}/evidence/grant")
    stage.by(pair[0]).post(
        f"/allegations/{stage.allegations[pair[0]]}/replies", {"answer": "accepts", "text": "We are sorry for it."}
    )
    yield (
        f"Both are named: {' and '.join(pair)}. Each gets its own allegation. The evidence of both together is handed "
        f"to neither: “{barred}” {pair[0]} accepts."
    )


def warn_of_the_final(stage: Stage) -> Iterator[str]:
    """The final design is out: the case says so, and the winner answers for its toolmaker."""
    case = _opened(stage, FINAL, "Final rear bumper on Kuaiying")
    shown = {each["id"]: each for each in stage.officer.get(f"/leaks/{stage.leaks[FINAL]}")["drafts"]}
    found = shown[stage.draft_ids[FINAL_DRAFT]]
    expect(found["status"] == "final", "the leak is told to show the final design")
    (claim,) = stage.officer.get(f"/cases/{case}/claims")
    winner = holder("Vellmar Kunststofftechnik")
    expect(claim["responsible"]["name"] == winner.name, "the winner answers for its toolmaker")
    mine = stage.legal.post(f"/cases/{case}/allegations", {"party": stage.parties[winner.latin]})["id"]
    stage.legal.post(f"/allegations/{mine}/put", {})
    yield f"Not a bidding draft: revision {found['revision']}, final. Put to {winner.latin}, whose answer is awaited."


def look_at_home(stage: Stage) -> Iterator[str]:
    """The owner's own copy leaked: nobody outside can be accused of it."""
    case = _opened(stage, OWN, "Our own copy of the drawing")
    (claim,) = stage.officer.get(f"/cases/{case}/claims")
    expect(claim["responsible"] is None, "nobody outside answers for the owner's own copy")
    asked = {"party": stage.parties["Lanting Exteriors"]}
    reason = stage.legal.refused(f"/cases/{case}/allegations", asked)
    why = "Our own copy. The matter goes to our own security, and to no supplier."
    stage.officer.post(f"/cases/{case}/status", {"status": "closed", "why": why})
    expect(status_of(stage, OWN) == "closed", "the case is closed with its reason")
    yield f"The custodian is the owner itself. Putting it to a supplier is refused: “{reason}”"


def tell_sighting(stage: Stage) -> Iterator[str]:
    """What shows no draft may still show the car: a sighting, which is no leak of a file and accuses nobody."""
    shown = {
        "vehicle": "MS11, prototype 4",
        "project": stage.project,
        "camouflage": "wrapped",
        "place": "a pass in the snow",
        "seen": in_days(-3),
        "drive": "planned",
        "permit": "TD-2026-031",
        "why": "The poster saw a car on the road. It is nobody's file.",
    }
    seen = stage.investigator.post(f"/leaks/{stage.leaks[UNRELATED]}/sighting", shown)
    expect(seen["turned_from"] == stage.leaks[UNRELATED], "the sighting tells which leak it was taken for")
    embargo = seen["embargo"]["outcome"].replace("_", " ")
    yield f"{seen['vehicle']}, wrapped, on a planned drive. The embargo: {embargo}."


def _opened(stage: Stage, scene: str, title: str, *, others: Sequence[str] = ()) -> str:
    """Open a case about a scene's leak, and take it up."""
    leaks = [stage.leaks[each] for each in (scene, *others)]
    case = stage.officer.post("/cases", {"title": title, "leaks": leaks})["id"]
    stage.officer.post(f"/cases/{case}/status", {"status": "investigating"})
    stage.cases[scene] = case
    return str(case)
