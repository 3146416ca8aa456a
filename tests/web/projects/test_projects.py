"""Projects on the web: opened, edited, drawn as a tree; drafts classified; lists whose queries do not grow."""

import hashlib
from collections.abc import Callable
from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk, engage, person
from tests.records.cases.played import played
from tests.web.projects.conftest import Shared
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.models import Case
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, DrillRun, Engagement, Project
from tidemark.records.projects.verdict import weaknesses


def add_drafts(project: Project, count: int, *, first: int = 0) -> list[Draft]:
    made = [
        Draft(
            id=f"{project.pk}-draft-{number}",
            project=project,
            sha256=hashlib.sha256(f"{project.pk} {number}".encode()).hexdigest(),
            description_sha256="0" * 64,
            file_name=f"part {number:04}.png",
            size_bytes=1,
            carrier="image",
            revision=1,
            status=Draft.Status.values[number % 2],
            created=NOW,
        )
        for number in range(first, first + count)
    ]
    return Draft.objects.bulk_create(made)


def queries_of(client: Client, path: str) -> int:
    client.get(path)  # what is asked once a process is not the page's
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_project_is_opened_and_edited(browse: Callable[..., Client]) -> None:
    client = browse("officer")
    form = {"code_name": " TQ5 ", "label": "internal", "embargo": "2027-05-01", "description": "Coupé"}
    assert client.post("/projects/new/", form).status_code == 302
    made = Project.objects.get(code_name="TQ5")
    assert (made.label, made.embargo) == ("internal", date(2027, 5, 1))
    form = {"code_name": "TQ6", "label": "confidential", "embargo": "", "description": ""}
    assert client.post(f"/projects/{made.pk}/edit/", form).status_code == 302
    made.refresh_from_db()
    assert (made.code_name, made.embargo) == ("TQ6", None)


def test_a_code_name_is_one_projects_only(browse: Callable[..., Client], desk: Desk) -> None:
    page = browse("officer").post("/projects/new/", {"code_name": "ms11", "label": "internal"})
    assert page.status_code == 200
    assert "There is a project ms11 already" in page.content.decode()
    same = {"code_name": "MS11", "label": "public"}
    assert browse("officer").post(f"/projects/{desk.project.pk}/edit/", same).status_code == 302


def test_a_draft_gets_another_status_and_label(browse: Callable[..., Client], shared: Shared) -> None:
    path = f"/drafts/{shared.draft}/classify/"
    browse("officer").post(path, {"status": "final", "label": "public"})
    assert Draft.objects.values_list("status", "label").get() == ("final", "public")
    browse("officer").post(path, {"status": "finished", "label": "public"})
    assert Draft.objects.get().status == "final"


def test_the_drills_verdict_stands_beside_the_draft(browse: Callable[..., Client], shared: Shared) -> None:
    results = [
        {"attack": name, "family": "cropped", "z": z, "traced": z is not None, "reason": "" if z else "not found"}
        for name, z in (("crop 50 %", 40.0), ("crop 25 %", 20.0), ("crop 5 %", None))
    ]
    DrillRun.objects.update(results=results, tried_count=3, traced_count=2, is_weak=True, total=3, finished=NOW)
    page = browse("officer").get(f"/drafts/{shared.draft}/").content.decode()
    assert "Traced in 2 of 3 leaks." in page
    assert "Too weak if cropped to 5 % of the picture or less." in page
    assert "2 of 3" in browse("officer").get(f"/projects/{Project.objects.get(code_name='MS11').pk}/").content.decode()
    assert "Drafts whose drill is weak" in browse("officer").get("/").content.decode()


def test_what_a_draft_is_too_weak_for_stands_in_the_list_and_in_the_share_form_once_it_is_chosen(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    results = [
        {"attack": name, "family": "cropped", "z": None, "traced": name != "crop 5 %", "reason": ""}
        for name in ("crop 50 %", "crop 5 %")
    ]
    said = {"results": results, "weaknesses": weaknesses(results), "tried_count": 2, "traced_count": 1, "total": 2}
    DrillRun.objects.update(**said, finished=NOW)
    sentence, path = "Too weak if cropped to 5 % of the picture or less.", f"/projects/{desk.project.pk}/share/"
    assert sentence in browse("officer").get(f"/projects/{desk.project.pk}/").content.decode()
    assert sentence not in browse("officer").get(path).content.decode()
    assert sentence in browse("officer").get(path, {"draft": shared.draft}).content.decode()
    chosen = {"step": "preview", "draft": [shared.draft], "person": [desk["member"].pk]}
    headers = {"HX-Request": "true", "HX-Target": "foreseen"}
    seen = browse("officer").post(path, chosen, headers=headers).content.decode()
    assert sentence in seen
    assert "Leaks of 1 of these drafts might not be traced" in seen
    DrillRun.objects.update(weaknesses=[], traced_count=2)
    seen = browse("officer").post(path, chosen, headers=headers).content.decode()
    assert sentence not in seen
    assert "might not be traced" not in seen


def test_the_tree_is_drawn_tier_by_tier_and_a_supplier_sees_its_own_part(
    browse: Callable[..., Client],
    desk: Desk,
    shared: Shared,  # noqa: ARG001
) -> None:
    path = f"/projects/{desk.project.pk}/tree/"
    whole = browse("officer").get(path).content.decode()
    assert whole.index(desk.supplier.name) < whole.index("tier 2") < whole.index("Engage a party")
    assert "1 of 1 copies open" in whole
    part = browse("contact").get(path).content.decode()
    assert desk.sub_vendor.name in part
    assert desk.sibling.name not in part
    assert "Suspend" not in part
    assert desk.sibling.name not in browse("sub_vendor_contact").get(path).content.decode()


def test_open_cases_stand_on_the_tree_for_those_who_may_see_cases_alone(
    browse: Callable[..., Client], desk: Desk, home: Home
) -> None:
    allegation = played(home, desk)
    unput = Case.objects.create(
        number="2026-900", title="A photograph", project=desk.project, opened=NOW, opened_by=desk["officer"]
    )
    path = f"/projects/{desk.project.pk}/tree/"
    links = [f'href="/cases/{case.pk}/"' for case in (allegation.case, unput)]
    for who in ("officer", "investigator", "legal", "communications"):
        page = browse(who).get(path).content.decode()
        assert [page.count(link) for link in links] == [1, 1], who
        supplier, case, below = (page.index(each) for each in (desk.supplier.name, links[0], desk.sub_vendor.name))
        assert supplier < case < below
    for who in ("administrator", "contact", "member", "sub_vendor_contact", "sibling_contact"):
        page = browse(who).get(path).content.decode()
        assert desk.project.code_name in page
        assert "/cases/" not in page, who
        assert allegation.case.number not in page, who


def test_a_party_is_engaged_suspended_and_resumed(browse: Callable[..., Client], desk: Desk) -> None:
    tree = f"/projects/{desk.project.pk}/tree/"
    client = browse("officer")
    client.post(f"{tree}engage/", {"party": desk.stranger.pk, "parent": desk.engagements["sibling"].pk})
    made = Engagement.objects.get(project=desk.project, party=desk.stranger)
    assert made.tier == 2
    client.post(f"{tree}{made.pk}/suspend/")
    assert Engagement.objects.get(pk=made.pk).state == "suspended"
    assert "suspended" in client.get(tree).content.decode()
    client.post(f"{tree}{made.pk}/resume/")
    assert Engagement.objects.get(pk=made.pk).state == "active"
    foreign = desk.engagements["stranger"].pk
    assert client.post(f"{tree}{foreign}/suspend/").status_code == 404
    bad = client.post(f"{tree}engage/", {"party": desk.owner.pk})
    assert bad.status_code == 404


def test_no_page_asks_more_of_the_database_for_more_rows(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    client, project = browse("officer"), desk.project
    names = ("", "tree/", "matrix/", "rounds/", "agreements/", "activity/", "share/")
    paths = ["/", "/projects/", *(f"/projects/{project.pk}/{name}" for name in names), f"/drafts/{shared.draft}/"]
    before = {path: queries_of(client, path) for path in paths}
    mine = queries_of(browse("contact"), "/")
    drafts = add_drafts(project, 30)
    for number in range(12):
        party = Party.named(f"Vendor {number}", {}, now=NOW)
        node = engage(project, party, desk.engagements["supplier"])
        holder = person(party, f"vendor-{number}", Role.CONTACT)
        Project.objects.create(code_name=f"P{number}", created=NOW)
        for owner, engagement in ((holder, node), (desk["contact"], desk.engagements["supplier"])):
            Copy.objects.create(
                id=f"{number:08}{owner.pk[:8]}",
                draft=drafts[number],
                holder=owner.party,
                person=owner,
                engagement=engagement,
                mark_version=1,
                state="released",
                released=NOW,
                created=NOW,
            )
    assert {path: queries_of(client, path) for path in paths} == before
    assert queries_of(browse("contact"), "/") == mine
