"""The overview by the API: the same figures as the page's, in pages, for the owner's people on cases alone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.conftest import Program
from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of
from tests.records.overview.test_money import another
from tests.records.sanctions.imposed import imposed
from tidemark.records.home import Home
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.sanctions.models import Measure, Sanction

V1 = "/api/v1/overview"


def got(client: Client, path: str = "") -> Any:
    answer = client.get(V1 + path)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def sanction(home: Home, desk: Desk) -> Sanction:
    return imposed(home, desk)


@pytest.mark.usefixtures("sanction")
def test_the_overview_has_the_figures_of_every_part(program: Program) -> None:
    said = got(program("legal"))
    first = said["projects"][0]
    assert (first["project"]["code_name"], first["open_copies"], first["holders"]) == ("MS11", 1, {"2": 1})
    assert (first["embargo"], first["label"], first["leaks"], first["open_cases"]) == (
        "2027-01-01", "confidential", 1, 1,
    )  # fmt: skip
    assert said["attributed"] == 1
    assert {each["step"]: each["seconds"] for each in said["medians"]}["to_accused"] == 0.0
    assert {each["step"]: each["seconds"] for each in said["medians"]}["to_received"] is None
    (money,) = said["money"]
    assert money["imposed"] == money["open"] == {"amount": "1000000.00", "currency": "CNY"}
    assert money["converted"] == [{"amount": {"amount": "148763.040", "currency": "USD"}, "sanctions": 1}]
    assert sum(said["overdue"].values()) == 0


@pytest.mark.usefixtures("sanction")
def test_holders_come_to_the_last_tier_in_pages(desk: Desk, program: Program) -> None:
    client, path = program("officer"), f"/projects/{desk.project.pk}"
    whole = got(client, path)["items"]
    assert [(each["party"]["name"], each["tier"]) for each in whole] == [
        (desk.sibling.name, 1), (desk.supplier.name, 1), (desk.sub_vendor.name, 2),
    ]  # fmt: skip
    below = whole[-1]
    assert [each["name"] for each in below["answers"]] == [desk.supplier.name]
    assert (below["is_suspended"], below["bond"], below["open_copies"]) == (True, "accepted", 1)
    assert [(each["file_name"], each["revision"]) for each in below["drafts"]] == [("front.png", 2)]
    one = got(client, f"{path}?limit=2")
    assert one["items"] == whole[:2]
    assert client.get(one["next"]).json() == {"items": whole[2:], "next": None}
    assert client.get(f"{V1}/projects/999").status_code == 404


def test_what_is_late_says_what_and_who_and_where(
    sanction: Sanction, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = sanction.appeal_until.replace(year=2027)
    monkeypatch.setattr("tests.api.conftest.NOW_HERE", late)
    monkeypatch.setattr(timezone, "now", lambda: late)
    client = program("officer")
    items = got(client, "/overdue")["items"]
    payment = next(each for each in items if each["subject"] == "payment")
    assert (payment["id"], payment["who_acts"], payment["since"]) == (sanction.pk, "party", "2026-05-01T00:00:00Z")
    assert payment["case"]["id"] == sanction.allegation.case_id
    counted = got(client)["overdue"]
    assert sum(counted.values()) == len(items)
    assert (counted["payment"], counted["measure"], counted["plan"]) == (1, 2, 0)


def test_parties_and_attributions_tell_what_was_taken_back(
    home: Home, sanction: Sanction, desk: Desk, program: Program
) -> None:
    client = program("communications")
    (party,) = got(client, "/parties")["items"]
    assert (party["put"], party["final"], party["withdrawn"], party["is_cleared"]) == (1, 1, 0, False)
    withdraw_allegation(home, sanction.allegation, apology="We were wrong.", by=desk["legal"], now=NOW)
    (party,) = got(client, "/parties")["items"]
    assert (party["put"], party["final"], party["withdrawn"], party["is_cleared"]) == (0, 0, 1, True)
    (leak,) = got(client, "/attribution")["items"]
    assert (leak["is_taken_back"], leak["put"], leak["is_from_post"]) == (True, None, False)
    assert {each["leaks"] for each in got(client)["medians"]} == {0}
    assert got(client)["attributed"] == 0


@pytest.mark.parametrize(
    ("path", "most"),
    # What is stopped is asked once, by those that tell what is overdue.
    [("", 45), ("/projects/{project}", 45), ("/attribution", 45), ("/overdue", 45), ("/parties", 45)],
)
def test_each_asks_the_database_as_often_for_many_as_for_few(
    sanction: Sanction, desk: Desk, program: Program, path: str, most: int
) -> None:
    client, address = program("officer"), path.format(project=desk.project.pk)
    counts = []
    for few, many in ((0, 2), (2, 9)):
        for number in range(few, many):
            copy = copy_of(desk, desk.supplier, name=f"d{number}.png")
            leak = leak_of(desk, [copy], title=f"Leak {number}")
            sanction.allegation.case.leaks.add(leak)
            made = another(sanction, sanction.amount + type(sanction.amount)(number, "CNY"))  # type: ignore[operator]
            Measure.objects.create(sanction=made, kind="person", text="T", due=NOW, state="open", created=NOW)
        got(client, address)
        with CaptureQueriesContext(connection) as seen:
            got(client, address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most
