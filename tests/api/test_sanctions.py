"""A sanction by the API: from the final allegation to the money that is paid back."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.conftest import Program
from tests.desk import Desk
from tests.records.cases.played import bodies
from tests.records.sanctions.imposed import LATER, final, imposed, prepared
from tidemark.evidence.report import fonts
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.models import Allegation
from tidemark.records.home import Home
from tidemark.records.sanctions.impose import approve_sanction
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.sanctions.terms import content_of

V1 = "/api/v1"
TERMS = {
    "amount": {"amount": "1000000.00", "currency": "CNY"},
    "rate": {"per_unit": "6.7221", "currency": "USD", "on": "2026-03-13", "source": "People's Bank of China"},
    "pay_to": "Bank of Halden",
    "due_on": "2026-04-30",
    "appeal_until": "2026-04-10T23:59:59Z",
}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: LATER)


def sent(client: Client, path: str, body: Any = None, *, method: str = "post") -> tuple[int, Any]:
    more = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method)(V1 + path, **more)
    return answer.status_code, answer.json()


def test_in_which_languages_there_will_be_no_letter_is_told_to_the_owner_before_it_is_imposed(
    home: Home, desk: Desk, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/sanctions/{prepared(home, desk).pk}"
    assert sent(program("legal"), path, method="get")[1]["no_letter_in"] == []
    for name in ("CHINESE_SERIF", "CHINESE_SANS"):
        monkeypatch.setattr(fonts, name, ("No Such Family",))
    assert sent(program("legal"), path, method="get")[1]["no_letter_in"] == ["zh"]
    monkeypatch.undo()
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    for who in ("legal", "officer"):
        assert sent(program(who), f"{path}/approvals", {})[0] == 200
    assert sent(program("officer"), f"{path}/impose")[0] == 200
    for name in ("CHINESE_SERIF", "CHINESE_SANS"):
        monkeypatch.setattr(fonts, name, ("No Such Family",))
    for who in ("legal", "contact"):
        assert sent(program(who), path, method="get")[1]["no_letter_in"] == []


def _reports(seen: dict[str, Any], measure: str) -> list[dict[str, Any]]:
    return next(each for each in seen["measures"] if each["id"] == measure)["reports"]


@pytest.mark.slow
def test_a_sanction_is_played_by_programs_of_both_sides(home: Home, desk: Desk, program: Program) -> None:
    allegation = final(home, desk)
    legal, officer, contact = (program(who) for who in ("legal", "officer", "contact"))
    status, said = sent(legal, f"/allegations/{allegation.pk}/sanction")
    assert (status, said["amount"]) == (201, {"amount": "1000000.00", "currency": "CNY"})
    path = f"/sanctions/{said['id']}"
    assert sent(legal, path, TERMS | {"amount": {"amount": "5.00", "currency": "CNY"}}, method="put")[0] == 409
    status, said = sent(legal, path, TERMS, method="put")
    assert said["converted"] == {"amount": "148763.040", "currency": "USD"}
    due = {"kind": "obligation", "text": "Bind all sub-vendors.", "due": "2026-04-20T00:00:00Z"}
    assert sent(legal, f"{path}/measures", due)[0] == 201
    assert sent(legal, f"{path}/measures", {"kind": "suspension", "text": "x", "project": desk.project.pk})[0] == 201
    assert sent(contact, path, method="get")[0] == 404
    assert sent(legal, f"{path}/approvals", {})[1]["approved"] == ["legal"]
    assert sent(legal, f"{path}/impose")[0] == 409
    assert sent(officer, f"{path}/approvals", {})[1]["approved"] == ["legal", "officer"]
    told = bodies(allegation.case_id, "case-changed")[-1]["content_sha256"]
    assert told == content_sha256(content_of(Sanction.objects.get()))
    status, said = sent(officer, f"{path}/impose")
    assert (status, said["state"], said["letters"]) == (200, "imposed", ["en", "zh"])

    status, seen = sent(contact, path, method="get")
    assert (status, seen["case"], seen["approved"], seen["proposed"]) == (200, None, [], None)
    assert contact.get(f"{V1}{path}/letter/en").content.startswith(b"%PDF")
    duty = next(each["id"] for each in seen["measures"] if each["kind"] == "obligation")
    assert sent(contact, f"{path}/measures/{duty}/reports", {"text": "Done."})[0] == 409
    form = {"text": "Done.", "file": SimpleUploadedFile("proof.pdf", b"signed")}
    assert contact.post(f"{V1}{path}/measures/{duty}/reports/with-file", form).status_code == 201
    judge = f"{path}/measures/{duty}/judge"
    read = _reports(sent(officer, path, method="get")[1], duty)[-1]["id"]
    assert sent(officer, judge, {"accepts": True})[0] == 422  # it says of no report that it was read
    assert sent(officer, judge, {"accepts": False, "reason": "One is missing.", "report": read})[0] == 200
    form = {"text": "All.", "file": SimpleUploadedFile("proof.pdf", b"signed")}
    assert contact.post(f"{V1}{path}/measures/{duty}/reports/with-file", form).status_code == 201
    status, refused = sent(officer, judge, {"accepts": True, "report": read})
    assert (status, "reported anew" in refused["detail"]) == (409, True)
    read = _reports(sent(officer, path, method="get")[1], duty)[-1]["id"]
    status, seen = sent(officer, judge, {"accepts": True, "report": read})
    proof = _reports(seen, duty)[0]["files"][0]["id"]
    assert officer.get(f"{V1}{path}/proofs/{proof}").content == b"signed"

    form = {"reason": "Too much.", "file": SimpleUploadedFile("log.txt", b"log")}
    assert contact.post(f"{V1}{path}/appeal/with-file", form).json()["state"] == "appealed"
    status, seen = sent(legal, f"{path}/decision", {"outcome": "reduced", "left": "400000", "reason": "So."})
    chosen = {"decision": seen["proposed"]["id"]}
    assert sent(contact, path, method="get")[1]["proposed"] is None
    assert sent(legal, f"{path}/decision/take", chosen)[0] == 409
    for client in (legal, officer):
        assert sent(client, f"{path}/decision/approvals", chosen)[0] == 200
    status, seen = sent(legal, f"{path}/decision/take", chosen)
    assert (status, seen["state"], seen["balance"]["amount"]) == (200, "imposed", "400000.00")

    term = {"until": "2026-06-30", "text": "Two instalments."}
    assert sent(legal, f"/allegations/{allegation.pk}/gate/payment-term", term)[0] == 200
    seen = sent(contact, path, method="get")[1]
    assert (seen["due_on"], seen["payable_until"]) == ("2026-04-30", "2026-06-30")

    paid = {"amount": {"amount": "400000", "currency": "CNY"}, "paid_on": "2026-03-15", "reference": "A1"}
    assert sent(legal, f"{path}/payments", paid | {"amount": {"amount": "1", "currency": "USD"}})[0] == 409
    assert sent(legal, f"{path}/payments", paid)[1]["balance"]["amount"] == "0.00"
    assert sent(legal, f"/allegations/{allegation.pk}/withdraw", {"apology": "We were wrong."})[0] == 200
    status, seen = sent(contact, path, method="get")
    assert (seen["state"], seen["pay_back"]["amount"]) == ("withdrawn", "400000.00")
    assert sent(legal, f"{path}/payments", paid | {"is_repayment": True})[1]["pay_back"]["amount"] == "0.00"


def test_a_payment_is_taken_back_once_by_whom_it_may_be_recorded(home: Home, desk: Desk, program: Program) -> None:
    made, legal, contact = imposed(home, desk), program("legal"), program("contact")
    path = f"/sanctions/{made.pk}"
    paid = {"amount": {"amount": "400000", "currency": "CNY"}, "paid_on": "2026-03-15", "reference": "A1"}
    status, refused = sent(legal, f"{path}/payments", paid | {"paid_on": "1990-11-30"})
    assert (status, "imposed on 2026-03-14" in refused["detail"]) == (409, True)
    (kept,) = sent(legal, f"{path}/payments", paid)[1]["payments"]
    assert (kept["taken_back"], kept["taken_back_why"], kept["taken_back_by"]) == (None, "", None)
    back, why = f"{path}/payments/{kept['id']}/take-back", {"reason": "Of another invoice."}
    assert sent(legal, back, {})[0] == 422
    assert sent(legal, f"{path}/payments/{kept['id'] + 1}/take-back", why)[0] == 404
    assert sent(contact, back, why)[0] == 403
    once = {"content_type": "application/json", "headers": {"idempotency-key": "one"}}
    for is_replayed in (False, True):
        answer = legal.post(V1 + back, json.dumps(why), **once)
        assert (answer.status_code, "Idempotent-Replay" in answer.headers) == (200, is_replayed)
    seen = answer.json()
    assert seen["balance"]["amount"] == "1000000.00"
    (kept,) = seen["payments"]
    assert (kept["taken_back"], kept["taken_back_why"]) == ("2026-03-15T09:26:53Z", "Of another invoice.")
    assert kept["taken_back_by"]["id"] == desk["legal"].pk
    (told,) = sent(contact, path, method="get")[1]["payments"]
    assert told == kept | {"taken_back_by": None}
    status, refused = sent(legal, back, why)
    assert (status, refused["type"], refused["detail"]) == (
        409, "urn:tidemark:problem:refused", "It was taken back already."
    )  # fmt: skip


def test_a_proposal_that_was_replaced_is_neither_approved_nor_taken(home: Home, desk: Desk, program: Program) -> None:
    made, legal = imposed(home, desk), program("legal")
    path = f"/sanctions/{made.pk}/decision"
    first = sent(legal, path, {"outcome": "waived", "reason": "x"})[1]["proposed"]["id"]
    assert sent(legal, path, {"outcome": "reduced", "left": "1", "reason": "x"})[0] == 201
    for step in ("approvals", "take"):
        assert sent(legal, f"{path}/{step}", {"decision": first})[0] == 422


@pytest.mark.parametrize(
    "odd",
    [
        {"amount": {"amount": "-1", "currency": "CNY"}},
        {"amount": {"amount": "1e40", "currency": "CNY"}},
        {"amount": {"amount": "NaN", "currency": "CNY"}},
        {"amount": {"amount": "1.001", "currency": "CNY"}},
        {"amount": {"amount": "1", "currency": "QQQ"}},
        {"rate": TERMS["rate"] | {"per_unit": "0"}},  # type: ignore[operator]
        {"pay_to": "a\x00b"},
        {"appeal_until": "2026-04-10"},
    ],
)
def test_odd_terms_are_invalid(home: Home, desk: Desk, program: Program, odd: dict[str, Any]) -> None:
    made = prepared(home, desk)
    assert sent(program("legal"), f"/sanctions/{made.pk}", TERMS | odd, method="put")[0] == 422


def test_lists_hold_what_is_ones_own(home: Home, desk: Desk, program: Program) -> None:
    made = imposed(home, desk)
    for who, count in (("legal", 1), ("contact", 1), ("member", 0), ("sibling_contact", 0), ("sub_vendor_contact", 0)):
        assert len(program(who).get(f"{V1}/sanctions").json()["items"]) == count, who
    assert program("legal").get(f"{V1}/sanctions?state=waived").json()["items"] == []
    assert Sanction.objects.get() == made
    other = Measure.objects.create(
        sanction=Sanction.objects.create(
            number="S-9", allegation=made.allegation, state="withdrawn", appeal_until=LATER, created=LATER,
            created_by=desk["legal"],
        ),
        kind="person", text="x", created=LATER,
    )  # fmt: skip
    assert (
        sent(program("legal"), f"/sanctions/{made.pk}/measures/{other.pk}/judge", {"accepts": True, "report": 1})[0]
        == 404
    )


def test_a_list_asks_as_often_for_many_as_for_one(home: Home, desk: Desk, program: Program) -> None:
    made, legal = prepared(home, desk), program("legal")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert legal.get(f"{V1}/sanctions").status_code == 200
        return len(captured.captured_queries)

    for who in ("legal", "officer"):
        approve_sanction(home, made, by=desk[who], now=LATER)
    asked()  # the first one also notes when the token was used
    before = asked()
    for number in range(5):
        allegation = Allegation.objects.create(
            case=made.case, party=desk.sibling, summary="x", answer_by=LATER, created=LATER, created_by=desk["legal"]
        )
        row = Sanction.objects.create(
            number=f"S-{number}", allegation=allegation, appeal_until=LATER, created=LATER, created_by=desk["legal"]
        )
        Measure.objects.create(sanction=row, kind="person", text="x", created=LATER)
    assert asked() == before
    assert legal.get(f"{V1}/sanctions/{made.pk}").json()["approved"] == ["legal", "officer"]
