"""The pages of statements: written while the check looks on, approved by two, issued, corrected; and who sees them."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import make_draft
from tests.desk import NOW, Desk
from tests.people import SUPPLIER
from tests.records.cases.played import felled
from tests.records.statements.said import AFTER, approved, decided, issued, ready
from tidemark.records.cases.change import merge
from tidemark.records.cases.models import Case, Duty
from tidemark.records.cases.open import open_case
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft
from tidemark.records.statements.compare import compare
from tidemark.records.statements.models import Promise, Statement, StatementPicture

Browse = Callable[..., Client]


@pytest.fixture
def case(home: Home, desk: Desk) -> Case:
    return decided(home, desk)


def _page(browse: Browse, row: Statement, who: str = "communications") -> str:
    answer = browse(who).get(reverse("statement", args=(row.pk,)))
    assert answer.status_code == 200
    return answer.content.decode()


def _post(browse: Browse, name: str, *args: object, who: str = "communications", **data: object) -> int:
    return browse(who).post(reverse(name, args=args), data).status_code


def _texts(row: Statement, **changed: str) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("title_en", "text_en", "title_zh", "text_zh")} | changed


def test_a_statement_is_played_on_its_pages_from_the_template_to_its_withdrawal(
    desk: Desk, browse: Browse, case: Case
) -> None:
    assert _post(browse, "statement_prepare", case.pk, kind="final", with_amount="1") == 302
    row = Statement.objects.get()
    assert "CNY 1,000,000" in row.text_en
    first = Promise.objects.get()
    words = {"words_en": first.words_en, "words_zh": first.words_zh}
    _post(browse, "statement_promise_change", row.pk, first.pk, **words, assignee=desk["officer"].pk, due="2026-06-30")
    for who in ("communications", "legal"):
        page = _page(browse, row, who)
        (seen,) = [part.split('"')[0] for part in page.split('name="seen" value="')[1:]]
        assert _post(browse, "statement_approve", row.pk, who=who, seen=seen) == 302
    assert _post(browse, "statement_issue", row.pk, channel="Press release") == 302
    row.refresh_from_db()
    assert (row.state, row.channel) == ("issued", "Press release")
    page = _page(browse, row, "investigator")
    assert "As it was issued" in page
    assert "<form" not in page.split('id="main"')[1]
    assert Duty.objects.get(promised_in=row.pk).assignee == desk["officer"]
    assert _post(browse, "statement_prepare", case.pk, kind="withdrawal", follows=row.pk) == 302
    later = approved_on_pages = Statement.objects.exclude(pk=row.pk).get()
    for who in ("communications", "legal"):
        _post(browse, "statement_approve", later.pk, who=who)
    _post(browse, "statement_issue", approved_on_pages.pk, channel="Press release")
    assert "This statement was withdrawn:" in _page(browse, row)
    timeline = browse("officer").get(reverse("case", args=(case.pk,))).content.decode()
    assert "A statement was withdrawn." in timeline
    assert timeline.count("A statement was issued.") == 2


def test_a_final_statement_says_that_nothing_bears_it_any_more_and_is_neither_approved_nor_issued(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    offers = {
        "statement_issue": approved(home, desk, ready(home, desk, case)),
        "statement_approve": ready(home, desk, case),
    }
    for is_fallen in (False, True):
        if is_fallen:
            felled(desk, case.allegations.get())
        for name, row in offers.items():
            page = _page(browse, row)
            assert ("Nothing that is final in this case stands any more." in page) is is_fallen
            assert (reverse(name, args=(row.pk,)) in page) is not is_fallen


def test_the_check_runs_while_somebody_writes_and_marks_the_words(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    row = ready(home, desk, case)
    assert "nothing stands against it" in _page(browse, row)
    address = reverse("statement_check", args=(row.pk,))
    sent = _texts(row, text_en="It was N o r t h w i c k <b>!</b>\r\nWe will pay.")
    answer = browse("legal").post(address, sent, headers={"hx-request": "true"})
    told = answer.content.decode()
    assert told.count('<mark class="is-bad">N o r t h w i c k</mark>') == 2  # in the list, and in the reading
    assert '<mark class="is-warn">We will pay' in told
    assert "<b>!" not in told
    assert "Save it to give reasons." in told
    assert SUPPLIER not in told
    row.refresh_from_db()
    assert "N o r t h" not in row.text_en
    for who, status in (("investigator", 403), ("administrator", 403), ("contact", 404), ("", 302)):
        assert browse(who).post(address, sent).status_code == status


def test_a_reason_is_given_on_the_page_and_stands_there_with_the_finding(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    row = ready(home, desk, case)
    _post(browse, "statement_edit", row.pk, **_texts(row, text_en=f"{row.text_en} It is the MS11."))
    page = _page(browse, row)
    assert "code name of a project that is not public" in page
    key = page.split('name="objection" value="')[1].split('"')[0]
    assert (
        _post(browse, "statement_reason", row.pk, objection=key, reason="The plate is in every <i>picture</i>.") == 302
    )
    page = _page(browse, row)
    assert "The plate is in every &lt;i&gt;" in page
    assert "nothing stands against it" in page


def test_what_somebody_else_changed_meanwhile_is_not_approved_by_who_read_the_old_words(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    row = ready(home, desk, case)
    seen = _page(browse, row, "legal").split('name="seen" value="')[1].split('"')[0]
    _post(browse, "statement_edit", row.pk, **_texts(row, title_en="Other words"))
    _post(browse, "statement_approve", row.pk, who="legal", seen=seen)
    assert "approved</span>" not in _page(browse, row)


def test_suppliers_find_no_statement_in_any_state(home: Home, desk: Desk, browse: Browse, case: Case) -> None:
    rows = [ready(home, desk, case), approved(home, desk, ready(home, desk, case)), issued(home, desk, case)]
    doors = {"statement": (), "statement_text": ("en",), "statement_pdf": ("zh",), "statement_picture": ("x",)}
    for who in ("contact", "member", "sub_vendor_contact", "sibling_contact", "stranger_contact"):
        assert browse(who).get(reverse("statements")).status_code == 404
        for row in rows:
            for name, args in doors.items():
                assert browse(who).get(reverse(name, args=(row.pk, *args))).status_code == 404
        assert "statements/" not in browse(who).get("/").content.decode()


def test_pictures_are_laid_to_it_and_saved_never_shown(home: Home, desk: Desk, browse: Browse, case: Case) -> None:
    row = ready(home, desk, case)
    Draft.objects.update(carrier="none")  # the files of these are nowhere
    file = SimpleUploadedFile("car.png", make_draft(3, size=(120, 160)))
    assert _post(browse, "statement_attach", row.pk, file=file) == 302
    kept = StatementPicture.objects.get()
    answer = browse("legal").get(reverse("statement_picture", args=(row.pk, kept.pk)))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = ready(home, desk, case)
    assert browse("legal").get(reverse("statement_picture", args=(other.pk, kept.pk))).status_code == 404
    assert _post(browse, "statement_picture_remove", other.pk, kept.pk) == 404
    _post(browse, "statement_attach", row.pk, file=SimpleUploadedFile("x.svg", b"<svg/>"))
    _post(browse, "statement_attach", row.pk)
    assert StatementPicture.objects.count() == 1
    assert _post(browse, "statement_picture_remove", row.pk, kept.pk) == 302
    assert not StatementPicture.objects.exists()


def test_until_a_picture_is_compared_the_page_asks_again_and_then_says_so_and_no_more(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    """What is approved is what the page showed when it was read: nothing but the list is ever swapped in."""
    row = ready(home, desk, case)
    Draft.objects.update(carrier="none")  # the files of these are nowhere
    _post(browse, "statement_attach", row.pk, file=SimpleUploadedFile("car.png", make_draft(3, size=(120, 160))))
    page, asking = _page(browse, row), f"{reverse('statement', args=(row.pk,))}?compared"
    assert f'hx-get="{asking}" hx-trigger="every 4s" hx-select="#laid" hx-swap="outerHTML">' in page
    assert "hx-select-oob" not in page
    assert "being compared" in page
    assert browse("communications").get(asking).status_code == 204
    compare(home, StatementPicture.objects.get(), now=AFTER)
    answer = browse("communications").get(asking)
    assert answer.status_code == 200
    assert "Read the page anew" in answer.content.decode()
    assert "being compared" not in answer.content.decode()
    assert "?compared" not in _page(browse, row)


def test_a_picture_that_could_not_be_compared_is_shown_as_such(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    row = ready(home, desk, case)
    _post(browse, "statement_attach", row.pk, file=SimpleUploadedFile("car.png", make_draft(3, size=(120, 160))))
    StatementPicture.objects.update(fault="The disk broke.")
    page = _page(browse, row)
    assert "The disk broke." in page
    assert "not compared" in page
    assert "?compared" not in page


def test_text_and_pdf_are_saved_in_each_language_that_it_has(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    row = ready(home, desk, case, languages=["zh"])
    for name, head in (("statement_text", "关于".encode()), ("statement_pdf", b"%PDF")):
        answer = browse("investigator").get(reverse(name, args=(row.pk, "zh")))
        assert answer.content.startswith(head)
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="statement-draft-zh.')
        for language in ("en", "fr", "pdf"):
            assert browse("legal").get(reverse(name, args=(row.pk, language))).status_code == 404


def test_odd_input_on_the_forms_is_refused_and_breaks_nothing(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    row = ready(home, desk, case)
    for name, data in (
        ("statement_edit", {}),
        ("statement_edit", {"text_en": "x" * 30_000}),
        ("statement_reason", {"objection": "x", "reason": ""}),
        ("statement_promise", {"words_en": "We never said this"}),
        ("statement_promise", {"words_en": "We will check", "due": "2026-99-99"}),
        ("statement_approve", {"role": "officer"}),
        ("statement_issue", {"channel": ""}),
    ):
        assert _post(browse, name, row.pk, **data) == 302
    assert _post(browse, "statement_promise", row.pk, words_en="We will check", assignee="nobody") == 404
    assert _post(browse, "statement_edit", row.pk, text_en="a\0b") == 400
    assert _post(browse, "statement_prepare", case.pk, kind="rumour") == 302
    assert _post(browse, "statement_prepare", case.pk, kind="withdrawal", follows="x") == 404
    row.refresh_from_db()
    assert row.text_en == ready(home, desk, case).text_en


def test_list_and_page_ask_as_many_queries_for_many_as_for_few(
    home: Home, desk: Desk, browse: Browse, case: Case
) -> None:
    row = ready(home, desk, case)
    client = browse("communications")
    addresses = [reverse("statements"), reverse("statement", args=(row.pk,)), reverse("case", args=(case.pk,))]
    addresses += [f"/api/v1/statements/{row.pk}", f"/api/v1/statements/{row.pk}/objections", "/api/v1/statements"]

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    StatementPicture.objects.create(
        statement=row,
        file_sha256="f" * 64,
        file_name="f.png",
        compared=row.created,
        person=desk["legal"],
        time=row.created,
    )
    few = [count(address) for address in addresses]
    for number in range(8):
        Party.named(f"Zorb{number}lex GmbH", {"city": "Quandry"}, now=row.created)
        ready(home, desk, case, "holding")
        Promise.objects.create(statement=row, words_en="We will", assignee=desk["legal"], created=row.created)
        StatementPicture.objects.create(
            statement=row, file_sha256=f"{number:064x}", file_name=f"{number}.png", compared=row.created,
            person=desk["legal"], time=row.created,
        )  # fmt: skip
    assert [count(address) for address in addresses] == few


def test_a_statement_of_a_merged_case_is_taken_back_from_its_page_in_the_case_that_goes_on(
    home: Home, desk: Desk, browse: Browse
) -> None:
    first = open_case(home, [], title="Rumours", by=desk["officer"], now=NOW)
    earlier = issued(home, desk, first, "holding")
    last = open_case(home, [], title="The affair", by=desk["officer"], now=AFTER)
    merge(home, first, last, why="One affair.", by=desk["officer"], now=AFTER)
    preparing = reverse("statement_prepare", args=(last.pk,))
    assert f'action="{preparing}"' in _page(browse, earlier)
    browse("communications").post(preparing, {"follows": earlier.pk, "kind": "withdrawal"})
    assert Statement.objects.get(kind="withdrawal").case == last
