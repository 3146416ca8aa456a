"""The pages of cases: what they show, what they do, and that their lists do not ask more as they grow."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.desk import NOW, Desk
from tests.people import SUB_VENDOR, SUPPLIER
from tests.records.cases.played import CLAUSE, copy_of, drawn, leak_of, opened, played, under_another
from tests.records.cases.retold import KINDS, retold
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.models import Case, CaseFile, Duty, Intent, Note
from tidemark.records.cases.notes import add_duty, add_note, attach_file, finish_duty
from tidemark.records.cases.open import open_case
from tidemark.records.home import Home
from tidemark.records.leaks.models import Match, Post, Trace
from tidemark.web.cases.pages import LAID, timeline

Browse = Callable[..., Client]


def _page(browse: Browse, case: Case, who: str = "officer") -> str:
    answer = browse(who).get(reverse("case", args=(case.pk,)))
    assert answer.status_code == 200
    return answer.content.decode()


def _post(browse: Browse, name: str, *args: object, who: str = "officer", **data: object) -> int:
    return browse(who).post(reverse(name, args=args), data).status_code


def test_leads_under_several_agreements_are_offered_and_prepared_one_by_one(
    home: Home, desk: Desk, browse: Browse
) -> None:
    copies = [copy_of(desk, desk.supplier), under_another(desk, copy_of(desk, desk.supplier, number=2))]
    case = opened(home, desk, leak_of(desk, copies, verdict="suspected"))
    assert f'<option value="{desk.supplier.pk}">' not in _page(browse, case)
    for copy in copies:
        offered = re.findall(
            r'name="party" value="(.*?)"><input type="hidden" name="under" value="(.*?)">', _page(browse, case)
        )
        assert (str(desk.supplier.pk), copy.agreement_id) in offered
        _post(browse, "case_allege", case.pk, party=desk.supplier.pk, under=copy.agreement_id, reason="Two experts.")
        made = case.allegations.get(agreement=copy.agreement_id)
        assert (made.override_reason, [each.copy_id for each in made.named.all()]) == ("Two experts.", [copy.pk])
    assert 'name="under"' not in _page(browse, case)


def test_the_page_keeps_three_claims_apart_and_shows_the_way_through_the_tree(
    home: Home, desk: Desk, browse: Browse
) -> None:
    page = _page(browse, played(home, desk).case)
    for heading in ("The copy", "The custodian", "The responsible party"):
        assert page.count(f"</span>{heading}</h3>") == 1
    custodian = page[page.index("The custodian</h3>") : page.index("The responsible party</h3>")]
    assert custodian.index("Halden Motors") < custodian.index(SUPPLIER) < custodian.index("held the copy")
    assert SUB_VENDOR in custodian
    assert "tier 1 · 1 other" in " ".join(custodian.split())
    assert "a bidding draft, not the final design" in page
    assert CLAUSE in page


def test_each_leak_is_laid_on_its_draft_beside_the_scores_of_its_copies(home: Home, desk: Desk, browse: Browse) -> None:
    leaks = [
        leak_of(desk, [copy_of(desk, desk.supplier)], title="A rumour", verdict="inconclusive"),
        leak_of(desk, [copy_of(desk, desk.supplier, number=2)], title="A proof"),
    ]
    for trace in Trace.objects.all():
        drawn(trace)
    case = opened(home, desk, *leaks)
    page = _page(browse, case)
    shown = page[page.index('id="laid"') : page.index('id="leaks"')]
    assert (shown.count("data-compare"), shown.count('class="scores"')) == (2, 2)
    for match in Match.objects.all():
        for name in match.pictures:
            assert f'src="{reverse("match_picture", args=(match.pk, name))}"' in shown
    assert shown.count("<img ") == shown.count('loading="lazy"') == 8
    proof, rumour = shown.split("<details")[1:]
    assert "A proof" in proof
    assert "A rumour" in rumour
    assert proof.partition(">")[0].endswith(" open")  # the strongest; what is folded loads no picture
    assert not rumour.partition(">")[0].endswith(" open")


def test_of_a_leak_of_several_files_it_is_said_which_one_is_laid_on_the_draft(
    home: Home, desk: Desk, browse: Browse
) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)])
    drawn(Trace.objects.get())
    case = opened(home, desk, leak)
    post = Post.objects.get()
    head = f"{post.file_name} → <a"
    assert head not in _page(browse, case)
    post.pk, post.file_sha256, post.file_name = "0" * 16, "0" * 64, "another.jpg"
    post.save(force_insert=True)
    assert head in _page(browse, case)


def test_who_may_not_see_evidence_sees_neither_pictures_nor_scores_in_a_case(
    home: Home, desk: Desk, browse: Browse
) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    drawn(Trace.objects.get())
    for who, sees in (("officer", True), ("investigator", True), ("legal", True), ("communications", False)):
        page = _page(browse, case, who)
        assert [mark in page for mark in ("data-compare", 'class="scores"', "/matches/")] == [sees] * 3, who


def test_a_case_of_many_leaks_shows_the_strongest_and_says_how_many_more(
    home: Home, desk: Desk, browse: Browse
) -> None:
    leaks = [
        leak_of(desk, [copy_of(desk, desk.supplier, number=number)], title=f"Leak {number}")
        for number in range(1, LAID + 3)
    ]
    for trace in Trace.objects.all():
        drawn(trace)
    page = _page(browse, opened(home, desk, *leaks))
    assert page.count("data-compare") == LAID
    assert "2 more leaks: open them in the list below" in page


@pytest.mark.slow
def test_the_timeline_is_that_of_the_leaks_too(home: Home, desk: Desk, browse: Browse) -> None:
    case = retold(home, desk)
    for who in ("officer", "communications"):
        seen = browse(who).get(f"/cases/{case.pk}/").content.decode()
        timeline = seen.partition('<ol class="timeline">')[2].partition("</ol>")[0]
        assert timeline.count("<li>") == len(KINDS)
        assert "A post by @tide on Forum was put on record: found.jpg." in timeline
        assert (
            timeline.index("was traced again") < timeline.index("The case was opened") < timeline.index("was traced:")
        )
        assert "the same chrome" in timeline
    assert browse("contact").get(f"/cases/{case.pk}/").status_code == 404


def test_a_lead_is_never_shown_as_an_accusation(home: Home, desk: Desk, browse: Browse) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)], verdict="suspected"))
    page = _page(browse, case)
    assert "A lead, and no accusation" in page
    assert "accused</h2>" not in page
    assert "Prepare the allegation" not in page


def test_the_owners_own_copy_is_called_that(home: Home, desk: Desk, browse: Browse) -> None:
    own = opened(home, desk, leak_of(desk, [copy_of(desk, desk.owner, is_master=True)]))
    page = _page(browse, own)
    assert "The owner&#x27;s own copy." in page or "The owner's own copy." in page
    assert "Prepare the allegation" not in page


def test_a_merged_case_is_readable_and_points_on(home: Home, desk: Desk, browse: Browse) -> None:
    one, two = (open_case(home, [], title=title, by=desk["officer"], now=NOW) for title in ("First", "Second"))
    assert _post(browse, "case_merge", one.pk, into=two.pk, why="One affair.") == 302
    page = _page(browse, one)
    assert "2026-002 Second" in page
    assert 'action="/cases/' not in page  # nothing is done in it any more
    assert "2026-001 First" in _page(browse, two)


def test_a_case_is_opened_from_leaks_and_carried_on_by_its_forms(desk: Desk, browse: Browse) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)])
    assert _post(browse, "case_new", title="Front", leak=[leak.pk], severity="medium") == 302
    case = Case.objects.get()
    assert (case.severity, case.project) == ("medium", desk.project)
    assert leak.title not in browse("officer").get(reverse("case_new")).content.decode()
    _post(browse, "case_assign", case.pk, assignee=desk["investigator"].pk, severity="high")
    _post(browse, "case_assign", case.pk, title="Front bumper", assignee=desk["investigator"].pk)
    _post(browse, "case_status", case.pk, status="investigating")
    _post(browse, "case_note", case.pk, who="communications", text="<b>Called the forum</b>")
    _post(browse, "case_duty", case.pk, title="Ask again", assignee=desk["legal"].pk, due="2099-03-20")
    _post(browse, "case_duty_change", case.pk, Duty.objects.get().pk, assignee=desk["legal"].pk, due="2099-03-25")
    assert f"{Duty.objects.get().due:%Y-%m-%d}" == "2099-03-25"
    _post(browse, "case_duty_done", case.pk, Duty.objects.get().pk, who="legal")
    file = SimpleUploadedFile("a<script>.html", b"<script>alert(1)</script>")
    _post(browse, "case_attach", case.pk, file=file)
    _post(browse, "case_intent", case.pk, who="legal", kind="negligent", reason="A shared folder.")
    case.refresh_from_db()
    assert (case.assignee, case.severity, case.status) == (desk["investigator"], "high", "investigating")
    assert case.title == "Front bumper"
    assert (Note.objects.count(), Intent.objects.count(), Duty.objects.get().done_by) == (1, 1, desk["legal"])
    page = _page(browse, case)
    assert "<b>Called" not in page
    kept = CaseFile.objects.get()
    answer = browse("legal").get(reverse("case_file", args=(case.pk, kept.pk)))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_a_form_of_before_a_change_undoes_nothing_that_somebody_else_changed(
    home: Home, desk: Desk, browse: Browse
) -> None:
    case = open_case(home, [], title="First", by=desk["officer"], now=NOW)
    fields = re.findall(r'name="(shown_\w+)" value="([^"]*)"', _page(browse, case))
    shown = {**dict(fields), "title": "First", "assignee": "", "severity": "high"}
    assert len(shown) == 6
    _post(browse, "case_assign", case.pk, **{**shown, "title": "Bumper", "assignee": desk["legal"].pk})
    _post(browse, "case_assign", case.pk, who="investigator", **{**shown, "severity": "low"})
    case.refresh_from_db()
    assert (case.title, case.assignee, case.severity) == ("Bumper", desk["legal"], "low")
    for name, value in (("title", "Door"), ("assignee", desk["officer"].pk), ("severity", "medium")):
        address = reverse("case_assign", args=(case.pk,))
        answer = browse("officer").post(address, {**shown, name: value}, follow=True)
        assert "since you looked" in answer.content.decode()
    half = {**shown, "shown_assignee": desk["legal"].pk, "assignee": desk["officer"].pk, "title": "Door"}
    _post(browse, "case_assign", case.pk, **half)  # the one was seen, the other has changed: neither is written
    case.refresh_from_db()
    assert (case.title, case.assignee, case.severity) == ("Bumper", desk["legal"], "low")


def test_a_case_is_exported_to_be_saved_by_whoever_may(home: Home, desk: Desk, browse: Browse) -> None:
    case = open_case(home, [], title="First", by=desk["officer"], now=NOW)
    address = reverse("case_export", args=(case.pk,))
    assert address in _page(browse, case)
    assert address not in browse("communications").get(reverse("case", args=(case.pk,))).content.decode()
    for form, begin in (("pdf-en", b"%PDF"), ("data", b"PK")):
        answer = browse("legal").post(address, {"form": form, "with_notes": "1"})
        assert answer.content.startswith(begin)
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert _page(browse, case).count("The case was exported, with internal notes.") == 2
    assert browse("legal").post(address, {"form": "pdf-xx"}).status_code == 404


def test_a_file_of_one_case_is_not_found_in_another(home: Home, desk: Desk, browse: Browse) -> None:
    one, two = (open_case(home, [], title=title, by=desk["officer"], now=NOW) for title in ("First", "Second"))
    _post(browse, "case_attach", one.pk, file=SimpleUploadedFile("a.txt", b"a"))
    kept = CaseFile.objects.get()
    assert browse("officer").get(reverse("case_file", args=(two.pk, kept.pk))).status_code == 404
    duty = add_duty(home, one, "Ask", by=desk["officer"], now=NOW)
    assert _post(browse, "case_duty_done", two.pk, duty.pk) == 404


def test_the_timeline_says_which_task_and_which_file(home: Home, desk: Desk) -> None:
    case = open_case(home, [], title="First", by=desk["officer"], now=NOW)
    duty = add_duty(home, case, "Ask the forum", by=desk["officer"], now=NOW)
    attach_file(home, case, Document("answer.txt", b"None."), by=desk["officer"], now=NOW)
    finish_duty(home, duty, by=desk["officer"], now=NOW)
    assert [(told.text, told.note) for told in timeline(case)] == [
        ("A duty was done.", "Ask the forum"),
        ("A file was added.", "answer.txt"),
        ("Something was asked to be done.", "Ask the forum"),
        ("The case was opened.", ""),
    ]


def test_a_duty_whose_date_is_over_says_so_until_it_is_done(home: Home, desk: Desk, browse: Browse) -> None:
    case = open_case(home, [], title="First", by=desk["officer"], now=timezone.now())
    duty = add_duty(home, case, "Ask the forum", by=desk["officer"], now=timezone.now())
    Duty.objects.update(due=NOW)
    assert "overdue" in _page(browse, case)
    assert _post(browse, "case_duty_done", case.pk, duty.pk) == 302
    page = _page(browse, case)
    assert "Ask the forum" in page
    assert "overdue" not in page


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({}, {"Open"}),
        ({"status": "closed"}, {"Shut"}),
        ({"status": "all"}, {"Open", "Shut"}),
        ({"status": "overdue"}, {"Open"}),
        ({"status": "all", "assignee": "me"}, set()),
        ({"status": "all", "assignee": "nobody"}, {"Open", "Shut"}),
        ({"status": "all", "project": "999999999999999999999"}, {"Open", "Shut"}),
        ({"status": "'; DROP", "assignee": "x"}, set()),
    ],
)
def test_the_list_shows_what_is_asked_for(
    home: Home, desk: Desk, browse: Browse, asked: dict[str, str], seen: set[str]
) -> None:
    for title in ("Open", "Shut"):
        case = open_case(home, [], title=f"{title} affair", by=desk["officer"], now=NOW)
    _post(browse, "case_status", case.pk, status="closed", why="Public.")
    page = browse("officer").get(reverse("cases"), asked).content.decode()
    assert {title for title in ("Open", "Shut") if f"{title} affair" in page} == seen


def test_list_and_page_ask_as_many_queries_for_many_as_for_few(home: Home, desk: Desk, browse: Browse) -> None:
    allegation = played(home, desk)
    client = browse("officer")
    addresses = [reverse("cases"), reverse("case", args=(allegation.case_id,)), reverse("allegations")]

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    def more(number: int) -> None:
        open_case(home, [], title=f"Case {number}", by=desk["officer"], now=NOW)
        add_note(home, allegation.case, f"Note {number}", by=desk["legal"], now=NOW)
        add_duty(home, allegation.case, f"Duty {number}", assignee=desk["legal"], by=desk["officer"], now=NOW)
        copies = [copy_of(desk, desk.supplier, number=number + 2)]
        allegation.case.leaks.add(leak_of(desk, copies, title=f"Leak {number}"))
        for trace in Trace.objects.all():
            drawn(trace)

    more(0)  # of everything that can be many, at least one
    few = [count(address) for address in addresses]
    for number in range(1, 12):
        more(number)
    assert [count(address) for address in addresses] == few


def test_a_late_promise_gets_another_person_on_the_page_and_keeps_its_very_moment(
    home: Home, desk: Desk, browse: Browse
) -> None:
    case = open_case(home, [], title="Front", by=desk["officer"], now=NOW)
    duty = add_duty(home, case, "Look", assignee=desk["legal"], due=NOW, promised_in="s1", by=desk["officer"], now=NOW)
    change = partial(_post, browse, "case_duty_change", case.pk, duty.pk)
    (seen,) = re.findall(r'name="shown" value="([^"]+)"', _page(browse, case))
    change(assignee=desk["officer"].pk, due=f"{NOW:%Y-%m-%d}", shown=seen)
    change(assignee=desk["legal"].pk, due=f"{NOW:%Y-%m-%d}", shown=seen)  # from a page that is older than that
    change(assignee="", due="")
    duty.refresh_from_db()
    assert (duty.assignee, duty.due) == (desk["officer"], NOW)
