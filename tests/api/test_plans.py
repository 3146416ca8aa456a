"""A plan and its gate through the API: asked for, written, returned in part, carried out; access returns at the end."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import Program
from tests.desk import Desk
from tests.records.plans.rehearsed import final
from tidemark.records.home import Home
from tidemark.records.projects.models import Engagement

SENT = "application/json"
SECTIONS = ("containment", "cause", "correction", "verification", "prevention")


def _post(client: Client, address: str, body: object = None, *, status: int = 200) -> Any:
    answer = client.post(f"/api/v1{address}", body if body is not None else {}, content_type=SENT)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def _action(section: str, **more: object) -> dict[str, object]:
    said = {"section": section, "text": f"We do {section}.", "owner": "Ines Falk", "due": "2026-04-30"}
    return said | {"proof": "A protocol.", "controls": ["isa-8.2.2", "iso-5.19"]} | more


def test_a_plan_is_asked_for_written_and_submitted(home: Home, desk: Desk, program: Program) -> None:
    officer, legal, contact = program("officer"), program("legal"), program("contact")
    allegation = final(home, desk)
    gate = f"/allegations/{allegation.pk}/gate"
    _post(officer, f"{gate}/suspend", {"why": "Until it is put right."})
    refused = _post(officer, f"/engagements/{desk.engagements['supplier'].pk}/resume", status=409)
    assert "No plan was asked for yet" in refused["detail"]

    _post(legal, f"/allegations/{allegation.pk}/plan", {"due": "2026-03-29T00:00:00Z"}, status=403)
    made = _post(officer, f"/allegations/{allegation.pk}/plan", {"due": "2026-03-29T00:00:00Z"}, status=201)
    plan = f"/plans/{made['id']}"
    assert (made["state"], made["sections"]) == ("asked", list(SECTIONS))
    controls = {each["id"]: each for each in contact.get("/api/v1/controls").json()}
    assert controls["isa-8.2.6"]["number"] == "8.2.6"
    for section in SECTIONS:
        _post(contact, f"{plan}/actions", _action(section), status=201)
    _post(contact, f"{plan}/actions", _action("cause", owner=""), status=201)
    seen = contact.get(f"/api/v1{plan}").json()
    assert (len(seen["actions"]), seen["case"]) == (6, None)
    assert seen["open_points"] == ["Action 6 does not say yet: who does it, by name."]
    assert officer.get(f"/api/v1{plan}").json()["actions"] == []
    _post(contact, f"{plan}/submit", status=409)
    assert _post(contact, f"{plan}/actions/{seen['actions'][-1]['id']}/take-out")["state"] == "dropped"
    assert contact.get(f"/api/v1{plan}").json()["open_points"] == []
    assert _post(contact, f"{plan}/submit")["state"] == "submitted"


def test_an_action_is_returned_revised_done_and_verified(home: Home, desk: Desk, program: Program) -> None:
    officer, contact = program("officer"), program("contact")
    allegation = final(home, desk)
    gate = f"/allegations/{allegation.pk}/gate"
    _post(officer, f"{gate}/suspend", {"why": "Until it is put right."})
    body = {"due": "2026-03-29T00:00:00Z", "sections": ["cause"], "words": "The cause alone."}
    plan = f"/plans/{_post(officer, f'/allegations/{allegation.pk}/plan', body, status=201)['id']}"
    one = _post(contact, f"{plan}/actions", {"section": "cause"}, status=201)
    action = f"{plan}/actions/{one['id']}"
    assert contact.put(f"/api/v1{action}", _action("cause"), content_type=SENT).json()["is_draft"]
    kept = contact.post(f"/api/v1{action}/files", {"file": SimpleUploadedFile("a.txt", b"proof")}).json()["files"]
    wrong = contact.post(f"/api/v1{action}/files", {"file": SimpleUploadedFile("b.txt", b"wrong")}).json()["files"]
    assert contact.delete(f"/api/v1{plan}/files/{wrong[1]['id']}").json()["files"] == kept
    assert officer.get(f"/api/v1{plan}/files/{kept[0]['id']}").status_code == 404
    assert _post(contact, f"{plan}/submit")["version"] == 1
    assert officer.get(f"/api/v1{plan}/files/{kept[0]['id']}").content == b"proof"
    _post(officer, f"{action}/judge", {"accepts": True}, status=422)  # it says of no version that it was read
    _post(officer, f"{action}/judge", {"accepts": False, "version": 1}, status=409)
    _post(officer, f"{action}/judge", {"accepts": False, "reason": "x", "version": 1}, status=422)
    _post(officer, f"{action}/judge", {"accepts": True, "version": 2}, status=409)
    _post(officer, f"{action}/judge", {"accepts": False, "reason": "symptom", "text": "Why?", "version": 1})
    assert contact.get(f"/api/v1{plan}").json()["state"] == "returned"
    contact.put(f"/api/v1{action}", _action("cause", text="No rule forbade it."), content_type=SENT)
    assert officer.get(f"/api/v1{plan}").json()["actions"][0]["text"] == "We do cause."
    _post(contact, f"{plan}/submit")
    both = {"accepts": True, "reason": "symptom", "version": 2}
    assert "choose no reason" in _post(officer, f"{action}/judge", both, status=409)["detail"]
    _post(officer, f"{action}/judge", {"accepts": True, "version": 2})
    assert contact.put(f"/api/v1{action}", _action("cause"), content_type=SENT).status_code == 409
    versions = officer.get(f"/api/v1{plan}/versions").json()
    assert [each["content"]["actions"][0]["text"] for each in versions] == ["We do cause.", "No rule forbade it."]

    _post(contact, f"{action}/done", {"text": "Done."})
    read = officer.get(f"/api/v1{plan}").json()["actions"][0]["reports"][-1]["id"]
    _post(officer, f"{action}/verify", {"is_done": True}, status=422)
    _post(officer, f"{action}/verify", {"is_done": False, "reason": "thin-proof", "report": read})
    done = {"text": "Signed.", "file": SimpleUploadedFile("c.pdf", b"signed")}
    assert contact.post(f"/api/v1{action}/done/with-file", done).status_code == 200
    assert (
        "reported anew" in _post(officer, f"{action}/verify", {"is_done": True, "report": read}, status=409)["detail"]
    )
    read = officer.get(f"/api/v1{plan}").json()["actions"][0]["reports"][-1]["id"]
    shown = _post(officer, f"{action}/verify", {"is_done": True, "report": read})
    assert (shown["progress"], [each["verdict"] for each in shown["reports"]]) == ("verified", ["returned", "verified"])

    (row,) = contact.get(f"/api/v1{plan}/sub-vendors").json()
    assert (row["party"]["name"], row["is_bound"], row["agreement"]) == (desk.sub_vendor.name, True, None)
    said = {"engagement": row["engagement"], "is_bound": True, "result": "sound", "checked_by": "Ines Falk"}
    check = _post(contact, f"{plan}/checks", said | {"checked": "2026-03-15"}, status=201)
    unmet = {each["key"]: each["who_acts"] for each in officer.get(f"/api/v1{gate}").json()["conditions"]}
    assert unmet["sub-vendors"] == "owner"
    assert "not confirmed yet" in _post(officer, f"{gate}/open", status=409)["detail"]
    _post(officer, f"{plan}/checks/{check['id']}/confirm", {"is_confirmed": True})
    shown = _post(officer, f"{gate}/open")
    assert (shown["is_open"], all(each["holds"] for each in shown["conditions"])) == (True, True)
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "active"


def test_an_override_of_the_gate_takes_programs_of_two_persons(home: Home, desk: Desk, program: Program) -> None:
    officer, legal, contact = program("officer"), program("legal"), program("contact")
    gate = f"/allegations/{final(home, desk).pk}/gate"
    _post(officer, f"{gate}/override", {"why": "The line stands still."}, status=409)
    _post(officer, f"{gate}/suspend", {"why": "So."})
    _post(legal, f"{gate}/override", {"why": ""}, status=422)
    shown = _post(legal, f"{gate}/override", {"why": "The line stands still."})
    assert shown["override"]["open"] == ["plan", "sub-vendors"]
    assert contact.get(f"/api/v1{gate}").json()["override"] is None
    assert _post(legal, f"{gate}/approvals")["override"]["approved"] == ["legal"]
    _post(officer, f"{gate}/open", status=409)
    _post(officer, f"{gate}/approvals")
    assert _post(officer, f"{gate}/open")["is_open"]
