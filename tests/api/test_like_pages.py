"""What pages do beyond lists: amend what is prepared, read a drill, the matrix, the tree, pictures, activity."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import NOW_HERE, Program
from tests.desk import Desk
from tests.records.cases.played import played
from tests.security.samples import Samples, furnish
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.models import Allegation
from tidemark.records.copies.models import Release
from tidemark.records.home import Home
from tidemark.records.projects.models import DrillRun, Project
from tidemark.records.rounds.models import Round

V1 = "/api/v1"
TERMS = {"reference": "NDA 2", "kinds": ["final"], "covers_all_projects": True, "valid_from": "2026-02-01"}


@pytest.fixture
def samples(home: Home, desk: Desk, no_trial: None) -> Samples:  # noqa: ARG001
    return furnish(home, desk)


@pytest.fixture
def ask(program: Program) -> Callable[..., Any]:
    """Ask as somebody; return the status, and the JSON of the answer."""
    clients: dict[str, Client] = {}

    def asked(who: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
        client = clients.setdefault(who, program(who))
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = getattr(client, method)(V1 + path, **more)
        return answer.status_code, answer.json() if "json" in answer.headers["Content-Type"] else answer.content

    return asked


def test_an_agreement_is_amended_while_it_is_prepared_and_not_after(ask: Callable[..., Any], desk: Desk) -> None:
    agreement = desk.agreements["supplier"]
    path = f"/agreements/{agreement.pk}"
    assert ask("officer", "put", path, TERMS)[0] == 409
    Agreement.objects.filter(pk=agreement.pk).update(state=Agreement.State.PREPARED)
    status, said = ask("officer", "put", path, TERMS)
    assert (status, said["reference"], said["kinds"], said["projects"]) == (200, "NDA 2", ["final"], [])
    assert said["recipient"]["id"] == desk.supplier.pk


@pytest.mark.parametrize(
    ("damages", "cap"),
    [
        (None, {"amount": "900000.00", "currency": "EUR"}),
        ({"amount": "120000.50", "currency": "NOK"}, {"amount": "900000.00", "currency": "NOK"}),
        (None, None),
    ],
)
def test_damages_cap_formula_and_survival_come_back_as_they_were_sent(
    ask: Callable[..., Any], desk: Desk, damages: object, cap: object
) -> None:
    told = {"damages": damages, "damages_cap": cap, "damages_formula": "3 % of the value", "survival_months": 37}
    status, made = ask("officer", "post", "/agreements", {**TERMS, **told, "recipient": desk.supplier.pk})
    assert (status, {name: made[name] for name in told}) == (201, told)
    path = f"/agreements/{made['id']}"
    status, amended = ask("officer", "put", path, {**TERMS, **{name: made[name] for name in told}})
    assert (status, {name: amended[name] for name in told}) == (200, told)
    assert {name: ask("contact", "get", path)[1][name] for name in told} == told


def _ids(said: Any) -> set[object]:
    return {each["id"] for each in said["items"]}


def test_agreements_are_found_by_how_they_stand_today(ask: Callable[..., Any], desk: Desk) -> None:
    today = NOW_HERE.date()
    ends = {"supplier": today + timedelta(days=30), "sibling": today - timedelta(days=1), "stranger": None}
    for name, day in ends.items():
        Agreement.objects.filter(pk=desk.agreements[name].pk).update(valid_until=day)
    for stands, names in {
        "expiring": {"supplier"},
        "lapsed": {"sibling"},
        "in-force": {"supplier", "stranger", "sub_vendor"},
        "terminated": set(),
    }.items():
        status, said = ask("officer", "get", f"/agreements?stands={stands}")
        assert (status, _ids(said)) == (200, {desk.agreements[name].pk for name in names})
    assert ask("officer", "get", "/agreements?stands=somehow")[0] == 422


def test_a_discloser_reads_how_many_of_its_sub_vendor_accepted_but_not_who(ask: Callable[..., Any], desk: Desk) -> None:
    said = ask("contact", "get", f"/agreements/{desk.agreements['sub_vendor'].pk}")[1]
    assert (said["accepted_persons"], said["acceptances"]) == (1, [])
    desk.agreements["sub_vendor"].acceptances.filter(for_party=False).delete()
    said = ask("contact", "get", f"/agreements/{desk.agreements['sub_vendor'].pk}")[1]
    assert (said["accepted_persons"], said["is_accepted_for_party"]) == (0, True)


def test_projects_are_found_by_words_and_by_those_of_a_description_for_the_owner_only(
    ask: Callable[..., Any], desk: Desk
) -> None:
    Project.objects.filter(pk=desk.project.pk).update(description="The estate car.")
    assert _ids(ask("officer", "get", "/projects?q=estate")[1]) == {desk.project.pk}
    assert _ids(ask("officer", "get", "/projects?q=kx7")[1]) == {desk.other_project.pk}
    assert _ids(ask("contact", "get", "/projects?q=estate")[1]) == set()
    assert _ids(ask("contact", "get", "/projects?q=ms")[1]) == {desk.project.pk}


def test_rounds_that_are_owed_a_certificate_are_found_by_the_owner_and_the_party_that_owes(
    ask: Callable[..., Any], desk: Desk, samples: Samples
) -> None:
    bidding = Round.objects.get()
    assert _ids(ask("officer", "get", "/rounds?owing=true")[1]) == set()
    bidding.bidders.filter(party=desk.sibling).update(must_certify_since=NOW_HERE)
    assert samples.fields["round_id"] == bidding.pk
    owed = {who: _ids(ask(who, "get", "/rounds?owing=true")[1]) for who in ("officer", "sibling_contact", "contact")}
    assert owed == {"officer": {bidding.pk}, "sibling_contact": {bidding.pk}, "contact": set()}
    assert _ids(ask("contact", "get", "/rounds?owing=false")[1]) == {bidding.pk}


def test_what_bars_a_party_from_a_round_is_told_to_both_sides(
    ask: Callable[..., Any], desk: Desk, samples: Samples
) -> None:
    path = f"/rounds/{samples.fields['round_id']}"

    def barred(who: str) -> dict[int, str]:
        return {each["party"]["id"]: each["barred"] for each in ask(who, "get", path)[1]["bidders"]}

    assert barred("officer") == {desk.supplier.pk: "", desk.sibling.pk: ""}
    desk.agreements["supplier"].acceptances.filter(for_party=True).delete()
    name = desk.agreements["supplier"].reference
    reason = f"Agreement {name} was not accepted for the company yet. A contact of it can."
    assert barred("officer") == {desk.supplier.pk: reason, desk.sibling.pk: ""}
    assert barred("contact") == {desk.supplier.pk: reason}
    assert barred("sibling_contact") == {desk.sibling.pk: ""}
    Person.objects.filter(party=desk.sibling).update(is_active=False)
    assert "no person on record" in barred("officer")[desk.sibling.pk]


def test_a_round_is_amended_while_it_is_prepared_and_not_after(
    ask: Callable[..., Any], desk: Desk, samples: Samples
) -> None:
    path = f"/rounds/{samples.fields['round_id']}"
    terms = {"title": "Sills", "drafts": samples.fields["drafts"], "parties": [desk.sibling.pk]}
    terms["closes"] = "2026-06-01T00:00:00Z"
    assert ask("officer", "put", path, terms)[0] == 409
    Round.objects.update(state=Round.State.PREPARED)
    Round.objects.get().bidders.filter(party=desk.supplier).get().bids.all().delete()
    status, said = ask("officer", "put", path, terms)
    assert (status, said["title"]) == (200, "Sills")
    assert [each["party"]["id"] for each in said["bidders"]] == [desk.sibling.pk]


@pytest.mark.slow
def test_an_invitation_is_sent_again_under_a_new_secret_until_there_were_too_many(
    ask: Callable[..., Any], samples: Samples
) -> None:
    path = f"/invitations/{samples.fields['invitation_id']}/resend"
    before = Invitation.objects.get(pk=samples.fields["invitation_id"]).token_sha256
    statuses = [ask("contact", "post", path)[0] for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    assert Invitation.objects.get(pk=samples.fields["invitation_id"]).token_sha256 != before


def test_a_drill_is_read_in_sentences_and_leak_by_leak_and_ordered_anew(
    ask: Callable[..., Any], samples: Samples
) -> None:
    path = f"/drafts/{samples.fields['draft_id']}/drill"
    said = ask("officer", "get", path)[1]
    assert said["sentences"] == ["Traced in 1 of 1 leak."]
    assert [(each["attack"], each["traced"], each["z"]) for each in said["results"]] == [("jpeg 30", True, 9.0)]
    status, said = ask("officer", "post", path, {})
    assert (status, said["results"], said["sentences"]) == (200, [], [])
    DrillRun.objects.all().delete()
    assert ask("officer", "get", path)[0] == 404


def test_the_matrix_has_a_letter_for_each_draft_of_each_holder(ask: Callable[..., Any], samples: Samples) -> None:
    path = f"/projects/{samples.fields['project_id']}/distribution"
    said = ask("communications", "get", path)[1]
    cells = {each["name"]: each["cells"] for each in said["holders"]}
    assert cells["contact person"] == "r"
    assert cells["member person"] == "."
    assert said["letters"]["r"] == "released"
    assert [each["id"] for each in said["drafts"]] == samples.fields["drafts"]
    assert "bidding" not in next(each for each in said["holders"] if each["name"] == "contact person")["refusals"]
    (one,) = ask("officer", "get", f"{path}?person={samples.fields['person_id']}")[1]["holders"]
    assert one["name"] == "contact person"


def test_the_tree_is_each_ones_own_part_with_bonds_and_copies(
    ask: Callable[..., Any], desk: Desk, samples: Samples
) -> None:
    path = f"/projects/{samples.fields['project_id']}/tree"
    seen = {each["party"]["name"]: each for each in ask("officer", "get", path)[1]["items"]}
    assert set(seen) == {desk.supplier.name, desk.sub_vendor.name, desk.sibling.name}
    assert (seen[desk.supplier.name]["bond"], seen[desk.supplier.name]["open_copies"]) == ("accepted", 1)
    own = ask("contact", "get", f"/engagements/{samples.fields['engagement_id']}/subtree")[1]["items"]
    assert [each["party"]["name"] for each in own] == [desk.supplier.name, desk.sub_vendor.name]
    assert own == ask("contact", "get", path)[1]["items"]


def test_open_cases_are_on_the_tree_for_those_who_may_see_cases_alone(
    ask: Callable[..., Any], desk: Desk, home: Home, samples: Samples
) -> None:
    allegation = played(home, desk)
    Allegation.objects.filter(party=desk.supplier).exclude(pk=allegation.pk).update(state=Allegation.State.WITHDRAWN)
    numbers = [{"id": allegation.case.pk, "number": allegation.case.number, "title": allegation.case.title}]
    for path in (
        f"/projects/{samples.fields['project_id']}/tree",
        f"/engagements/{samples.fields['engagement_id']}/subtree",
    ):
        said = ask("officer", "get", path)[1]
        cases = {each["party"]["id"]: each["cases"] for each in said["items"]}
        assert (cases[desk.supplier.pk], cases[desk.sub_vendor.pk]) == (numbers, [])
        assert allegation.case.pk not in {each["id"] for each in said["cases_of_nobody"]}
        for who in ("administrator", "contact"):
            hidden = ask(who, "get", path)[1]
            assert hidden["items"]
            assert [each["cases"] for each in hidden["items"]] == [None] * len(hidden["items"])
            assert hidden["cases_of_nobody"] is None


def test_pictures_and_originals_leave_as_files_to_save(program: Program, samples: Samples) -> None:
    for who, path in (
        ("officer", f"/drafts/{samples.fields['draft_id']}/original"),
        ("officer", f"/drafts/{samples.fields['draft_id']}/preview?side_px=160"),
        ("contact", f"/copies/{samples.fields['copy_id']}/preview"),
    ):
        answer = program(who).get(V1 + path)
        assert answer.status_code == 200, answer.content
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.content[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")
    assert program("officer").get(f"{V1}/drafts/{samples.fields['draft_id']}/preview?side_px=161").status_code == 422


def test_activity_is_the_ledgers_of_this_project_newest_first(
    ask: Callable[..., Any], desk: Desk, samples: Samples
) -> None:
    path = f"/projects/{desk.project.pk}/activity"
    items = ask("officer", "get", path)[1]["items"]
    assert samples.fields["copy_id"] in {each["copy_id"] for each in items}
    indexes = [each["index"] for each in items]
    assert indexes == sorted(indexes, reverse=True)
    assert ask("officer", "get", f"{path}?before={indexes[0]}")[1]["items"] == items[1:]
    assert ask("officer", "get", f"/projects/{desk.other_project.pk}/activity")[1] == {"items": [], "next": None}


def test_what_a_release_would_do_is_told_and_nothing_is_done(
    ask: Callable[..., Any], desk: Desk, samples: Samples
) -> None:
    persons = [desk["contact"].pk, desk["member"].pk, desk["stranger_contact"].pk]
    body = {"project": desk.project.pk, "drafts": samples.fields["drafts"], "persons": persons}
    status, said = ask("officer", "post", "/foreseen-releases", body)
    assert (status, said["copies"], said["holding"]) == (200, 1, 1)
    assert [each["person"] for each in said["refusals"]] == [desk["stranger_contact"].pk]
    assert Release.objects.count() == 1


@pytest.mark.parametrize("path", ["tree", "distribution", "activity"])
def test_the_number_of_queries_does_not_grow_with_the_people(program: Program, desk: Desk, path: str) -> None:
    client, counts = program("officer"), []
    address = f"{V1}/projects/{desk.project.pk}/{path}"
    client.get(address)
    for more in (1, 10):
        for number in range(more):
            Person.objects.create(
                email=f"{more}-{number}@example.test", party=desk.supplier, name="P", created=desk["contact"].created
            )
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


@pytest.mark.parametrize(
    ("who", "sees"), [("administrator", True), ("officer", True), ("investigator", False), ("legal", False)]
)
def test_addresses_are_for_who_manages_people_or_releases_on_pages_as_here(
    program: Program, browse: Callable[[str], Client], desk: Desk, samples: Samples, who: str, sees: bool
) -> None:
    """Names are everybody's of the owner's; the addresses of people, of invited ones and of contacts are not."""
    fields = samples.fields
    told = "".join(
        program(who).get(V1 + path).content.decode()
        for path in ("/persons", f"/persons/{fields['person_id']}", "/invitations", "/onward-requests")
    )
    shown = "".join(
        browse(who).get(path).content.decode()
        for path in (f"/parties/{fields['party_id']}/", f"/onward/{fields['request_id']}/")
    )
    for text in (told, shown):
        assert desk["contact"].name in text
        for address in (desk["contact"].email, "invited-", "contact@below.example.test"):
            assert (address in text) is sees, address
    assert program(who).get(f"{V1}/me").json()["email"] == desk[who].email
