"""The distribution matrix: what each cell says, 200 × 300 in few queries, from the selection to share and revoke."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk, agree, engage
from tests.web.projects.conftest import Shared
from tests.web.projects.test_projects import add_drafts
from tidemark.records.accounts.models import Grant, Person
from tidemark.records.copies.models import Copy, Download
from tidemark.records.parties.models import Party
from tidemark.records.projects.matrix import distribution
from tidemark.records.projects.models import Draft, Project


def copy(desk: Desk, draft: str, who: str, number: int, **fields: object) -> Copy:
    person = desk[who]
    given = {"mark_version": 1, "state": "released", "released": NOW, "created": NOW} | fields
    return Copy.objects.create(id=f"{number:016x}", draft_id=draft, holder=person.party, person=person, **given)


def row_of(desk: Desk, who: str, *, at: datetime = NOW):  # type: ignore[no-untyped-def]
    matrix = distribution(desk.project, at=at)
    return next(row for row in matrix.rows if row.person == desk[who].pk)


def test_each_letter_says_how_things_stand(desk: Desk) -> None:
    drafts = [draft.pk for draft in add_drafts(desk.project, 8)]
    copy(desk, drafts[0], "contact", 1)
    Download.objects.create(copy=copy(desk, drafts[1], "contact", 2), person=desk["contact"], time=NOW, leaf_index=0)
    copy(desk, drafts[2], "contact", 3, state="planned", released=None)
    copy(desk, drafts[3], "contact", 4, state="faulted", fault="Too plain.", released=None)
    copy(desk, drafts[4], "contact", 5, revoked=NOW, revoked_why="Wrong person.")
    copy(desk, drafts[5], "contact", 6, expires=NOW)
    copy(desk, drafts[6], "contact", 7, revoked=NOW)
    copy(desk, drafts[6], "contact", 8)
    assert row_of(desk, "contact").cells == "romfxer."
    assert row_of(desk, "sibling_contact").cells == "........"


def test_children_are_counted_with_their_parents_holder(desk: Desk) -> None:
    drafts = [draft.pk for draft in add_drafts(desk.project, 2)]
    parent = copy(desk, drafts[1], "contact", 1)
    copy(desk, drafts[1], "sub_vendor_contact", 2, parent=parent)
    assert row_of(desk, "contact").children == {1: 1}
    assert row_of(desk, "sub_vendor_contact").children == {}


def test_a_lapsed_agreement_bars_a_holder_and_all_below(desk: Desk) -> None:
    add_drafts(desk.project, 2)
    assert row_of(desk, "contact").refusals == {}
    desk.agreements["supplier"].valid_until = date(2026, 3, 20)
    desk.agreements["supplier"].save()
    assert row_of(desk, "contact").lapses == date(2026, 3, 20)
    later = datetime(2026, 3, 21, tzinfo=UTC)
    assert set(row_of(desk, "contact", at=later).refusals) == {"bidding", "development"}
    assert set(row_of(desk, "sub_vendor_contact", at=later).refusals) == {"bidding", "development"}
    assert row_of(desk, "sibling_contact", at=later).refusals == {}


def test_holders_stand_in_the_order_of_the_tree(desk: Desk) -> None:
    add_drafts(desk.project, 1)
    rows = distribution(desk.project, at=NOW).rows
    assert [(row.party, row.tier) for row in rows] == [
        (desk.sibling.name, 1),
        (desk.supplier.name, 1),
        (desk.supplier.name, 1),
        (desk.sub_vendor.name, 2),
    ]


def fill(project: Project, *, parties: int, drafts: int) -> None:
    made = add_drafts(project, drafts)
    copies = []
    for number in range(parties):
        party = Party.named(f"Holder {number}", {}, now=NOW)
        node = engage(project, party, None)
        for each in range(2):
            person = Person.objects.create(
                party=party, name=f"Person {number}-{each}", email=f"p{number}-{each}@example.test", created=NOW
            )
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
            Grant.objects.create(person=person, role="contact")
            copies += [
                Copy(
                    id=f"{number:06}{each}{place:09}",
                    draft=draft,
                    holder=party,
                    person=person,
                    engagement=node,
                    mark_version=1,
                    state="released",
                    created=NOW,
                )
                for place, draft in enumerate(made)
                if (place + number) % 6 == 0
            ]
    Copy.objects.bulk_create(copies, batch_size=2_000)


def test_two_hundred_holders_by_three_hundred_drafts_stay_usable(browse: Callable[..., Client], desk: Desk) -> None:
    client = browse("officer")
    small, large = desk.other_project, Project.objects.create(code_name="Large", created=NOW)
    add_drafts(small, 3)
    fill(large, parties=100, drafts=300)
    asked, pages = {}, {}
    for project in (small, large):
        path = f"/projects/{project.pk}/matrix/"
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            pages[project.pk] = client.get(path).content
        asked[project.pk] = len(captured)
    assert asked[large.pk] <= asked[small.pk]  # one less: nobody there has an agreement to ask about
    assert len(pages[large.pk]) < 400_000
    found = re.search(rb'<script id="matrix-data" type="application/json">(.*?)</script>', pages[large.pk], re.S)
    assert found is not None
    data = json.loads(found[1])
    assert (len(data["rows"]), len(data["columns"])) == (200, 300)
    assert {len(row["cells"]) for row in data["rows"]} == {300}
    assert sum(row["cells"].count("r") for row in data["rows"]) == 10_000
    assert b"style=" not in pages[large.pk]
    assert b"onclick" not in pages[large.pk]


def test_a_name_cannot_break_out_of_the_data(browse: Callable[..., Client], desk: Desk) -> None:
    draft = add_drafts(desk.project, 1)[0]
    draft.file_name = "</script><script>alert(1)</script>.png"
    draft.save()
    assert b"<script>alert(1)" not in browse("officer").get(f"/projects/{desk.project.pk}/matrix/").content


def test_selected_cells_lead_to_sharing(browse: Callable[..., Client], desk: Desk, shared: Shared) -> None:
    path = f"/projects/{desk.project.pk}/share/"
    pairs = f"{desk['member'].pk}:{shared.draft}"
    page = browse("officer").post(path, {"step": "choose", "pairs": pairs}).content.decode()
    assert f'name="pairs" value="{pairs}"' in page
    assert f"{desk['member'].name}</strong><small>{desk.supplier.name}" in page
    assert "Front bumper.png" in page
    assert "Release 1 copy" in page
    assert Copy.objects.filter(person=desk["member"]).count() == 0


@pytest.mark.parametrize("is_htmx", [False, True])
def test_of_cells_selected_crosswise_these_alone_are_released(
    browse: Callable[..., Client], desk: Desk, shared: Shared, is_htmx: bool
) -> None:
    path, client = f"/projects/{desk.project.pk}/share/", browse("officer")
    rear = add_drafts(desk.project, 1)[0].pk
    pairs = f"{desk['member'].pk}:{shared.draft}\n{desk['sibling_contact'].pk}:{rear}"
    headers = {"HX-Request": "true", "HX-Target": "foreseen"} if is_htmx else {}
    for step in ("choose", "preview"):
        page = client.post(path, {"step": step, "pairs": pairs}, headers=headers).content.decode()
        assert "Release 2 copies" in page
    client.post(path, {"step": "release", "pairs": pairs, "note": "Crosswise"})
    made = Copy.objects.filter(release__note="Crosswise").values_list("person_id", "draft_id")
    assert set(made) == {(desk["member"].pk, shared.draft), (desk["sibling_contact"].pk, rear)}


def test_drafts_and_persons_beside_pairs_add_nothing_to_them(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    path = f"/projects/{desk.project.pk}/share/"
    form = {"pairs": f"{desk['member'].pk}:{shared.draft}", "draft": [shared.draft]}
    form["person"] = [desk["sibling_contact"].pk]
    browse("officer").post(path, {"step": "release", "note": "One", **form})
    assert [each.person for each in Copy.objects.filter(release__note="One")] == [desk["member"]]


@pytest.mark.parametrize("pairs", ["of strangers", "nothing of ours", "x", ":", "a:b:c"])
def test_of_what_is_not_of_the_project_nothing_is_offered(
    browse: Callable[..., Client], desk: Desk, shared: Shared, pairs: str
) -> None:
    path = f"/projects/{desk.project.pk}/share/"
    sent = f"{desk['stranger_contact'].pk}:{shared.draft}" if pairs == "of strangers" else pairs
    before = Copy.objects.count()
    for step in ("choose", "preview", "release"):
        page = browse("officer").post(path, {"step": step, "pairs": sent}).content.decode()
        assert "None of what you chose can be shared" in page
    assert Copy.objects.count() == before


def test_what_a_release_would_do_is_said_before_it_is_done(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    path = f"/projects/{desk.project.pk}/share/"
    everybody = [desk[who].pk for who in ("contact", "member", "sibling_contact", "stranger_contact")]
    form = {"step": "preview", "draft": [shared.draft], "person": everybody, "expires": "2099-01-01", "note": "Bid"}
    headers = {"HX-Request": "true", "HX-Target": "foreseen"}
    said = browse("officer").post(path, form, headers=headers).content.decode()
    assert "2 copies will be made" in said
    assert "1 is left out" in said
    assert "<html" not in said
    assert Copy.objects.filter(release__note="Bid").count() == 0
    answer = browse("officer").post(path, form | {"step": "release"})
    made = Copy.objects.filter(release__note="Bid")
    assert {each.person_id for each in made} == {desk["member"].pk, desk["sibling_contact"].pk}
    assert {each.expires for each in made} == {datetime(2099, 1, 2, tzinfo=UTC)}
    assert answer.headers["Location"] == f"/releases/{made[0].release_id}/"


def test_the_place_of_a_party_with_several_is_chosen_in_the_form_before_anything_is_released(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    second = engage(desk.project, desk.sub_vendor, desk.engagements["sibling"])
    who, under = ("sub_vendor_contact",), desk.agreements["sibling"]
    agree(desk.sibling, desk.sub_vendor, desk.project, desk.persons, who, under=under)
    path = f"/projects/{desk.project.pk}/share/"
    form = {"step": "preview", "draft": [shared.draft], "person": [desk[who[0]].pk], "again": "on"}
    page = browse("officer").post(path, form).content.decode()
    assert "below Ardoise Injection; Ardoise Injection answers" in page
    assert "No copy would be made." in page
    assert "Nothing was released" in browse("officer").post(path, form | {"step": "release"}).content.decode()
    page = browse("officer").post(path, form | {"place": ["", second.pk]}).content.decode()
    assert f'<option value="{second.pk}" selected>' in page
    assert "1 copy will be made" in page
    browse("officer").post(path, form | {"step": "release", "place": [second.pk]})
    assert Copy.objects.get(release__note="", engagement=second).responsible == desk.sibling


def test_who_may_not_receive_is_named_with_the_reason(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    desk.agreements["sibling"].state = "terminated"
    desk.agreements["sibling"].save()
    path = f"/projects/{desk.project.pk}/share/"
    page = browse("officer").get(path).content.decode()
    assert "was terminated" in page
    form = {"step": "release", "draft": [shared.draft], "person": [desk["sibling_contact"].pk]}
    assert "Nothing was released" in browse("officer").post(path, form).content.decode()
    assert not Copy.objects.filter(person=desk["sibling_contact"]).exists()


def test_selected_cells_are_revoked_after_a_reason_was_given(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    path = f"/projects/{desk.project.pk}/revoke/"
    pairs = f"{desk['contact'].pk}:{shared.draft}\n{desk['member'].pk}:{shared.draft}"
    page = browse("officer").post(path, {"step": "choose", "pairs": pairs}).content.decode()
    assert "1 copy will be revoked" in page
    browse("officer").post(path, {"step": "revoke", "pairs": pairs, "why": ""})
    assert not Copy.objects.filter(revoked__isnull=False).exists()
    browse("officer").post(path, {"step": "revoke", "pairs": pairs, "why": "Round is over."})
    revoked = Copy.objects.filter(revoked__isnull=False)
    assert [(each.pk, each.revoked_why) for each in revoked] == [(shared.copies["contact"], "Round is over.")]


@pytest.mark.parametrize("with_children", [True, False])
def test_open_child_copies_of_what_is_revoked_are_counted_offered_and_told(
    browse: Callable[..., Client], desk: Desk, shared: Shared, with_children: bool
) -> None:
    parent, child = shared.copies["contact"], shared.copies["sub_vendor_contact"]
    Copy.objects.filter(pk=child).update(parent=parent)
    path, client = f"/projects/{desk.project.pk}/revoke/", browse("officer")
    form = {"pairs": f"{desk['contact'].pk}:{shared.draft}"}
    for step in ("choose", "revoke"):  # the second has no reason
        page = client.post(path, {"step": step, **form}).content.decode()
        assert "1 copy will be revoked" in page
        assert "Revoke 1 open child copy below as well" in page
    form |= {"with_children": "on"} if with_children else {}
    page = client.post(path, {"step": "revoke", "why": "Round is over.", **form}, follow=True).content.decode()
    closed = set(Copy.objects.filter(revoked__isnull=False).values_list("pk", flat=True))
    assert closed == ({parent, child} if with_children else {parent})
    assert ("2 copies are revoked." if with_children else "1 copy is revoked.") in page
    assert ("1 child copy below is still open." in page) is not with_children


def test_a_child_copy_that_is_chosen_itself_is_not_offered_again(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    Copy.objects.filter(pk=shared.copies["sub_vendor_contact"]).update(parent=shared.copies["contact"])
    pairs = "\n".join(f"{desk[who].pk}:{shared.draft}" for who in ("contact", "sub_vendor_contact"))
    path = f"/projects/{desk.project.pk}/revoke/"
    page = browse("officer").post(path, {"step": "choose", "pairs": pairs}).content.decode()
    assert "2 copies will be revoked" in page
    assert "with_children" not in page


def test_a_round_fills_the_form(browse: Callable[..., Client], desk: Desk, shared: Shared) -> None:
    from tidemark.records.rounds.models import Bidder, Round

    made = Round.objects.create(
        project=desk.project, title="R", closes=NOW + timedelta(days=9), created=NOW, created_by=desk["officer"]
    )
    made.drafts.add(shared.draft)
    Bidder.objects.create(round=made, party=desk.sibling, invited=NOW)
    page = browse("officer").get(f"/projects/{desk.project.pk}/share/?round={made.pk}").content.decode()
    assert f'value="{desk["sibling_contact"].pk}" checked' in page
    assert f'value="{desk["contact"].pk}" checked' not in page
    assert f'value="{shared.draft}" checked' in page
    assert "Release 1 copy" in page


def test_statuses_are_called_by_their_names_in_the_readers_language(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    desk["officer"].language = "zh-hans"
    desk["officer"].save()
    page = browse("officer").get(f"/projects/{desk.project.pk}/matrix/").content
    found = re.search(rb'<script id="matrix-statuses" type="application/json">(.*?)</script>', page, re.S)
    assert found is not None
    assert json.loads(found[1]) == {"bidding": "竞标", "development": "开发", "final": "定型"}
    holder = browse("officer").get(f"/projects/{desk.project.pk}/matrix/holder/{desk['contact'].pk}/").content.decode()
    assert Draft.objects.get(pk=shared.draft).status == "bidding"
    assert "竞标</small>" in holder
    assert "bidding</small>" not in holder


@pytest.mark.parametrize("step", ["preview", "release"])
def test_too_many_drafts_for_too_many_persons_are_refused_before_their_pairs_are_made(
    browse: Callable[..., Client], desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def made(*_many: object) -> None:
        raise AssertionError("the pairs were made")

    monkeypatch.setattr("tidemark.records.copies.share.MAX_COPIES_A_REQUEST", 3)
    monkeypatch.setattr("tidemark.web.projects.share.product", made)
    drafts = [draft.pk for draft in add_drafts(desk.project, 2)]
    chosen = {"draft": drafts, "person": [desk["contact"].pk, desk["member"].pk], "step": step}
    page = browse("officer").post(f"/projects/{desk.project.pk}/share/", chosen).content.decode()
    assert page.count("At most 3 copies are released at once; these would be 4.") == 1
    assert not Copy.objects.exists()
