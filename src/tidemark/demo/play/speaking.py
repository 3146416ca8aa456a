"""What is said in public, by which nobody can tell the supplier; and the end of the case."""

from collections.abc import Iterator
from typing import Any

from tidemark.demo.play.accusing import ACCUSED, kinds_of
from tidemark.demo.play.stage import Stage, expect, in_days
from tidemark.demo.scenes import PHOTO

_NAMES_IT = "The pictures came from Lanting Exteriors."
_WHY = "Paid, put right and said in public. What was promised in the statement is on its way."


def state(stage: Stage) -> Iterator[str]:
    """The statement does not name the supplier: what points to it is refused, before two persons approve the words."""
    speaks = stage.communications
    made = speaks.post(f"/cases/{stage.cases[PHOTO]}/statements", {"kind": "final", "with_amount": True})
    address = f"/statements/{made['id']}"
    words = {name: made[name] for name in ("title_en", "text_en", "title_zh", "text_zh")}
    told = speaks.post(f"{address}/check", {**words, "text_en": f"{words['text_en']}\n\n{_NAMES_IT}"})
    expect(any(each["severity"] == "refuses" for each in told), "a statement that names the supplier is refused")
    yield f"“{_NAMES_IT}” is refused: it names a party. The words go out without it."
    for each in speaks.get(f"{address}/objections"):
        if each["severity"] != "refuses" and not each["reason"]:
            why = {"objection": each["key"], "reason": "It stands in the letter, and points to nobody."}
            speaks.post(f"{address}/reasons", why)
    for promise in made["promises"]:
        kept = {name: promise[name] for name in ("words_en", "words_zh")}
        kept |= {"assignee": stage.persons["officer"], "due": in_days(60)}
        speaks.put(f"{address}/promises/{promise['id']}", kept)
    speaks.post(f"{address}/approvals")
    speaks.refused(f"{address}/issue", {"channel": "Press release"})
    stage.legal.post(f"{address}/approvals")
    issued = speaks.post(f"{address}/issue", {"channel": "Press release"})
    for language in ("en", "zh"):
        text = speaks.fetch(f"{address}/text/{language}").decode()
        expect(ACCUSED.latin not in text and ACCUSED.name not in text, "the supplier is not named")
        (stage.folder / "evidence" / f"statement-{language}.txt").write_text(text, encoding="utf-8")
    duties: Any = stage.officer.get(f"/cases/{stage.cases[PHOTO]}/duties")["items"]
    promised = [each["title"] for each in duties if each["done"] is None]
    expect(len(promised) == len(made["promises"]), "what was promised becomes a duty")
    yield f"“{issued['title_en']}”: approved by communications and legal, and issued. What it promises is a duty now."


def close(stage: Stage) -> Iterator[str]:
    """The case is closed, with its reason; its way from the post to the end is in the ledger, step by step."""
    case = stage.cases[PHOTO]
    seen = stage.officer.get(f"/cases/{case}")
    if seen["status"] == "decided":
        stage.officer.post(f"/cases/{case}/status", {"status": "rectifying"})
    closed = stage.officer.post(f"/cases/{case}/status", {"status": "closed", "why": _WHY})
    expect(closed["closed"], "the case is closed")
    kinds = kinds_of(stage, case)
    for first, then in (
        ("case-opened", "allegation-put"),
        ("allegation-put", "reply-received"),
        ("reply-received", "allegation-final"),
    ):
        expect(kinds.index(first) < kinds.index(then), f"{first} comes before {then}")
    yield f"Case {closed['number']} is closed. {len(kinds)} entries of the ledger tell how it went."
