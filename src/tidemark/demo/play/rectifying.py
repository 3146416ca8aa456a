"""The way back: the supplier's plan, judged action by action, its sub-vendors checked, and the gate that opens last."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tidemark.demo.play.accusing import ACCUSED
from tidemark.demo.play.line import File
from tidemark.demo.play.stage import Stage, expect, in_days, today
from tidemark.demo.scenes import PHOTO

_BLAME = "The intern was careless."
_CAUSE = (
    "Nobody at our house owned what happens to a drawing after it was passed on: the paint shop was bound on paper and "
    "never visited. The same holds for our toolmaker, and for two other projects."
)
_ACTIONS = (
    ("containment", "All child copies at the paint shop were deleted, and the post was taken down.", ["isa-1.6.1"]),
    ("cause", _BLAME, ["isa-1.6.2", "iso-5.26"]),
    ("correction", "Drawings are shown in one locked room, on screens without a camera in sight.", ["isa-8.2.2"]),
    ("verification", "An unannounced visit each quarter by our own auditor, with a protocol to you.", ["isa-6.1.1"]),
    ("prevention", "Every sub-vendor is visited before it gets its first drawing.", ["isa-6.1.2", "iso-5.19"]),
)


def plan(stage: Stage) -> Iterator[str]:
    """The supplier writes its rectification plan in the portal; one action is returned, and written anew."""
    contact, officer = stage.by(ACCUSED), stage.officer
    asked = {"due": in_days(14), "words": "In the usual five sections. We will visit you."}
    stage.plan = mine = officer.post(f"/allegations/{stage.allegations[PHOTO]}/plan", asked)["id"]
    for number, (section, text, controls) in enumerate(_ACTIONS):
        action = contact.post(f"/plans/{mine}/actions", _action(section, text, controls))
        if number == 0:
            protocol = File("deletion-protocol.txt", b"3 files deleted on 2 machines; take-down notice 88121.\n")
            contact.post(f"/plans/{mine}/actions/{action['id']}/files", {}, file=protocol)
    expect(not officer.get(f"/plans/{mine}")["actions"], "a draft is its party's own")
    submitted = contact.post(f"/plans/{mine}/submit")
    actions = {each["section"]: each["id"] for each in submitted["actions"]}
    for section, action in actions.items():
        judged: dict[str, Any] = {"accepts": section != "cause", "version": 1}
        if section == "cause":
            judged |= {"reason": "symptom", "text": "That is who, not why. Why could a telephone be there at all?"}
        officer.post(f"/plans/{mine}/actions/{action}/judge", judged)
    expect(contact.get(f"/plans/{mine}")["state"] == "returned", "with one action returned, the plan is returned")
    yield f"Four actions are accepted. The cause is returned, as a symptom: “{_BLAME}”"
    contact.put(f"/plans/{mine}/actions/{actions['cause']}", _action("cause", _CAUSE, ["isa-1.6.2", "iso-5.26"]))
    contact.post(f"/plans/{mine}/submit")
    officer.post(f"/plans/{mine}/actions/{actions['cause']}/judge", {"accepts": True, "version": 2})
    expect(contact.get(f"/plans/{mine}")["state"] == "accepted", "a plan is accepted with its last action")
    yield f"Written anew, and accepted: “{_CAUSE.partition(': ')[0]}.”"


def open_the_gate(stage: Stage) -> Iterator[str]:
    """Access returns when every condition is met, and not before: the gate says which are open."""
    mine, gate = stage.plan, f"/allegations/{stage.allegations[PHOTO]}/gate"
    contact, officer = stage.by(ACCUSED), stage.officer
    contact.refused(f"/engagements/{stage.engagements[ACCUSED.latin]}/resume", status=403)
    reason = officer.refused(f"{gate}/open")
    yield f"Not yet: “{reason}”"
    for action in contact.get(f"/plans/{mine}")["actions"]:
        address = f"/plans/{mine}/actions/{action['id']}"
        proof = File(f"proof-{action['number']}.txt", b"Signed on each page by the owner of the action.\n")
        contact.post(f"{address}/done/with-file", {"text": "Done as planned."}, file=proof)
        (read,) = (each for each in officer.get(f"/plans/{mine}")["actions"] if each["id"] == action["id"])
        officer.post(f"{address}/verify", {"is_done": True, "report": read["reports"][-1]["id"]})
    for row in contact.get(f"/plans/{mine}/sub-vendors"):
        found = {"is_bound": row["is_bound"], "result": "sound", "checked": today().isoformat()}
        stated = {**found, "engagement": row["engagement"], "checked_by": ACCUSED.contact}
        check = contact.post(f"/plans/{mine}/checks", stated)
        officer.post(f"/plans/{mine}/checks/{check['id']}/confirm", {"is_confirmed": True})
    seen = officer.post(f"{gate}/open")
    expect(seen["is_open"] and all(each["holds"] for each in seen["conditions"]), "the gate opens when all is met")
    met = ", ".join(each["key"] for each in seen["conditions"])
    yield f"All {len(seen['conditions'])} conditions are met: {met}. The gate opens."


def _action(section: str, text: str, controls: list[str]) -> dict[str, object]:
    due = (today() + timedelta(days=20)).isoformat()
    said = {"section": section, "text": text, "owner": ACCUSED.contact, "due": due}
    return said | {"proof": "A protocol, signed by the owner of the action.", "controls": controls}
