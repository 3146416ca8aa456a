"""The page of a sanction: each side does its part there, and the party learns of nobody else."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import felled, kinds
from tests.records.plans.rehearsed import overridden
from tests.records.sanctions.imposed import approved, final, imposed, prepared
from tests.web.sanctions.pages import OVERDUE, TERMS, Browse, fresh, page, post
from tidemark.evidence.report import fonts
from tidemark.records.cases.conclude import judge_intent
from tidemark.records.cases.notes import add_note
from tidemark.records.home import Home
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.decide import propose
from tidemark.records.sanctions.impose import approve_sanction, impose
from tidemark.records.sanctions.models import Appeal, Measure, MeasureFile, MeasureReport, Payment, Sanction


def test_that_no_letter_in_chinese_can_be_set_is_said_beside_what_is_approved_with_the_package_that_helps(
    home: Home, desk: Desk, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = prepared(home, desk)
    said = "There will be no letter in Chinese."
    assert said not in page(browse, "legal", made)
    for name in ("CHINESE_SERIF", "CHINESE_SANS"):
        monkeypatch.setattr(fonts, name, ("No Such Family",))
    for who in ("legal", "officer"):
        seen = page(browse, who, made)
        assert said in seen
        assert "fonts-noto-cjk" in seen


@pytest.mark.slow
def test_the_whole_way_of_a_sanction_is_walked_on_its_pages(home: Home, desk: Desk, browse: Browse) -> None:
    allegation = final(home, desk)
    assert "Prepare a sanction" in browse("legal").get(reverse("case", args=(allegation.case_id,))).content.decode()
    assert post(browse, "legal", "sanction_prepare", allegation.pk) == 302
    made = Sanction.objects.get()
    assert post(browse, "legal", "sanction_edit", made.pk, **TERMS) == 302
    assert "148,763.04 USD" in page(browse, "legal", made)
    more = {"kind": "suspension", "text": "Until the gate opens.", "project": str(desk.project.pk)}
    assert post(browse, "legal", "measure_add", made.pk, **more) == 302
    more = {"kind": "obligation", "text": "Bind all sub-vendors.", "due": "2026-04-20"}
    assert post(browse, "legal", "measure_add", made.pk, **more) == 302
    assert made.measures.count() == 2
    assert browse("contact").get(reverse("sanction", args=(made.pk,))).status_code == 404
    for who in ("legal", "officer"):
        assert post(browse, who, "sanction_approve", made.pk) == 302
    assert post(browse, "officer", "sanction_impose", made.pk) == 302
    assert fresh(made).state == "imposed"
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "suspended"

    shown = page(browse, "contact", made)
    for said in ("1,000,000.00 CNY", "148,763.04 USD", "6.7221", "Bank of Halden", "Bind all sub-vendors."):
        assert said in shown
    letter = browse("contact").get(reverse("sanction_letter", args=(made.pk, "zh")))
    assert letter.content.startswith(b"%PDF")
    assert "attachment" in letter.headers["Content-Disposition"]
    for who in ("contact", "legal"):
        answer = browse(who).get(reverse("allegation", args=(allegation.pk,))).content.decode()
        assert made.number in answer

    file = SimpleUploadedFile("log.txt", b"log")
    assert post(browse, "contact", "sanction_appeal", made.pk, reason="Too much.", file=file) == 302
    handed = Appeal.objects.get().files.get()
    assert browse("legal").get(reverse("sanction_file", args=(made.pk, handed.pk))).content == b"log"
    assert post(browse, "legal", "sanction_propose", made.pk, outcome="reduced", amount="400,000", reason="So.") == 302
    proposal = made.decisions.get()
    for who in ("legal", "officer"):
        assert post(browse, who, "sanction_agree", made.pk, decision=proposal.pk) == 302
    assert post(browse, "legal", "sanction_take", made.pk, decision=proposal.pk) == 302
    assert "Reduced from 1,000,000.00 CNY" in page(browse, "contact", made)

    paid = {"amount": "400000", "paid_on": "2026-03-15", "reference": "A1"}
    assert post(browse, "officer", "sanction_pay", made.pk, **paid) == 302
    row = Measure.objects.get(kind="obligation")
    proof = SimpleUploadedFile("proof.pdf", b"signed")
    assert post(browse, "contact", "measure_report", made.pk, row.pk, text="All signed.", file=proof) == 302
    kept = row.reports.get().files.get()
    assert browse("officer").get(reverse("sanction_proof", args=(made.pk, kept.pk))).content == b"signed"
    read = f'<input type="hidden" name="report" value="{row.reports.get().pk}">'
    assert read in page(browse, "officer", made)
    assert read not in page(browse, "contact", made)
    for other in ("", "x", str(row.reports.get().pk + 1)):
        path, data = reverse("measure_judge", args=(made.pk, row.pk)), {"verdict": "accepted", "report": other}
        assert "reported anew in between" in browse("officer").post(path, data, follow=True).content.decode()
        assert Measure.objects.get(pk=row.pk).state == "reported"
    known = str(row.reports.get().pk)
    assert post(browse, "officer", "measure_judge", made.pk, row.pk, verdict="accepted", report=known) == 302
    assert Measure.objects.get(pk=row.pk).state == "done"
    row = Measure.objects.get(kind="suspension")
    assert (row.state, fresh(made).state) == (
        "open",
        "imposed",
    )  # paid and done, but for this, which the gate ends
    assert reverse("gate", args=(allegation.pk,)) in page(browse, "officer", made)
    overridden(home, desk, allegation)
    row.refresh_from_db()
    assert row.state == "ended"
    assert fresh(made).state == "settled"
    assert "This is settled" in page(browse, "contact", made)
    case = browse("communications").get(reverse("case", args=(allegation.case_id,))).content.decode()
    assert "The sanction on Northwick Mouldings is settled." in case
    assert "Northwick Mouldings paid 400,000.00 CNY; 0.00 CNY are left." in case


def test_a_measure_that_was_due_says_so_to_both_sides(home: Home, desk: Desk, browse: Browse) -> None:
    made = imposed(home, desk)
    Sanction.objects.update(due_on=None)
    for when, is_late in ((timezone.now() + timedelta(days=9), False), (NOW, True)):
        Measure.objects.filter(kind="obligation").update(due=when)
        Measure.objects.filter(kind="person").update(state="done")
        for who in ("contact", "officer"):
            assert (OVERDUE in page(browse, who, made)) is is_late


@pytest.mark.parametrize("who", ["contact", "legal", "investigator"])
def test_either_side_reads_the_further_words_of_what_was_imposed(
    home: Home, desk: Desk, browse: Browse, who: str
) -> None:
    made = imposed(home, desk, words="We count on your care.")
    assert "We count on your care." in page(browse, who, made)


def test_the_party_learns_of_no_other_party_no_note_and_no_case(home: Home, desk: Desk, browse: Browse) -> None:
    made = prepared(home, desk)
    add_note(home, made.case, "Secret note.", by=desk["legal"], now=NOW)
    judge_intent(home, made.case, "deliberate", reason="Secret judgement.", by=desk["legal"], now=NOW)
    for who in ("legal", "officer"):
        approve_sanction(home, made, by=desk[who], now=NOW)
    impose(home, made, by=desk["officer"], now=NOW)
    propose(home, made, "waived", reason="Secret proposal.", by=desk["legal"], now=NOW)
    pages = [page(browse, "contact", made), browse("contact").get(reverse("sanctions")).content.decode()]
    for shown in pages:
        for secret in ("Secret", made.case.number, made.case.pk, made.case.title, desk.sibling.name, "officer person"):
            assert secret not in shown.replace(made.number, ""), secret


@pytest.mark.parametrize("who", ["sub_vendor_contact", "sibling_contact", "stranger_contact"])
def test_to_other_parties_there_is_no_sanction(home: Home, desk: Desk, browse: Browse, who: str) -> None:
    made = imposed(home, desk)
    for name, ids in (("sanction", ()), ("sanction_letter", ("en",))):
        assert browse(who).get(reverse(name, args=(made.pk, *ids))).status_code == 404
    assert post(browse, who, "sanction_appeal", made.pk, reason="x") == 404
    assert made.number not in browse(who).get(reverse("sanctions")).content.decode()


def test_a_member_of_the_party_and_an_administrator_are_kept_out(home: Home, desk: Desk, browse: Browse) -> None:
    made = imposed(home, desk)
    assert browse("member").get(reverse("sanction", args=(made.pk,))).status_code == 404
    assert browse("administrator").get(reverse("sanction", args=(made.pk,))).status_code == 403
    assert post(browse, "investigator", "sanction_pay", made.pk, amount="1") == 403


def test_terms_that_are_refused_come_back_with_what_was_entered(home: Home, desk: Desk, browse: Browse) -> None:
    made = prepared(home, desk)
    answer = browse("legal").post(
        reverse("sanction_edit", args=(made.pk,)), {**TERMS, "amount": "400000", "words": "Kept words."}
    )
    assert answer.status_code == 409
    assert "Kept words." in answer.content.decode()
    assert "deviates" in answer.content.decode()
    for odd in ("1e30", "-1", "x", "NaN"):
        answer = browse("legal").post(reverse("sanction_edit", args=(made.pk,)), {**TERMS, "amount": odd})
        assert answer.status_code == 409
    half = {**TERMS, "rate_source": ""}
    assert (
        "State the rate whole" in browse("legal").post(reverse("sanction_edit", args=(made.pk,)), half).content.decode()
    )


def test_an_appeal_that_is_refused_comes_back_with_what_was_written(home: Home, desk: Desk, browse: Browse) -> None:
    made = imposed(home, desk)
    answer = browse("contact").post(
        reverse("sanction_appeal", args=(made.pk,)),
        {"reason": "Long thought.", "file": SimpleUploadedFile("a.txt", b"")},
    )
    assert answer.status_code == 409
    assert "Long thought." in answer.content.decode()


def test_odd_amounts_days_and_measures_change_nothing(home: Home, desk: Desk, browse: Browse) -> None:
    made = imposed(home, desk)
    days = ("2026-13-45", "", "1990-11-30", "2026-03-13", "2026-03-16")
    for amount, day in (("1e999999", "2026-03-15"), ("0", "2026-03-15"), ("", "x"), *(("5", day) for day in days)):
        assert post(browse, "legal", "sanction_pay", made.pk, amount=amount, paid_on=day, reference="r") == 302
    assert not Payment.objects.exists()
    other = Measure.objects.first()
    assert other is not None
    assert post(browse, "legal", "measure_judge", made.pk, "nothing", verdict="accepted") == 404
    assert post(browse, "contact", "measure_report", made.pk, "nothing", text="x") == 404
    assert browse("contact").get(f"/sanctions/{made.pk}/letter/fr/").status_code == 404
    assert browse("contact").get(f"/sanctions/{made.pk}/files/{10**30}/").status_code == 404


def test_a_withdrawn_allegation_takes_its_sanction_with_it_on_the_pages(home: Home, desk: Desk, browse: Browse) -> None:
    made = imposed(home, desk)
    assert post(browse, "legal", "allegation_withdraw", made.allegation_id, apology="We were wrong.") == 302
    assert fresh(made).state == "withdrawn"
    assert "Nothing is owed" in page(browse, "contact", made)
    assert kinds(made.case.pk)[-3:] == ["sanction-withdrawn", "access-returned", "case-changed"]


def test_what_was_imposed_by_another_at_this_moment_is_not_approved(home: Home, desk: Desk, browse: Browse) -> None:
    made = approved(home, desk)
    assert post(browse, "officer", "sanction_impose", made.pk) == 302
    assert post(browse, "officer", "sanction_impose", made.pk) == 302
    assert post(browse, "legal", "sanction_edit", made.pk, **TERMS) == 302
    assert kinds(made.case.pk).count("sanction") == 1


def test_the_owners_people_read_on_its_page_that_its_allegation_has_fallen_and_the_party_does_not(
    home: Home, desk: Desk, browse: Browse
) -> None:
    made = imposed(home, desk)
    assert "It does not accuse copy" not in page(browse, "legal", made)
    felled(desk, made.allegation)
    assert "It does not accuse copy" in page(browse, "legal", made)
    assert "It does not accuse copy" not in page(browse, "contact", made)


@pytest.mark.parametrize("who", ["legal", "contact"])
def test_no_page_asks_more_often_for_more_measures_reports_and_payments(
    home: Home, desk: Desk, browse: Browse, who: str
) -> None:
    made = imposed(home, desk)
    addresses = [reverse("sanction", args=(made.pk,)), reverse("allegation", args=(made.allegation_id,))]
    addresses += [reverse("sanctions"), *([reverse("case", args=(made.allegation.case_id,))] if who == "legal" else [])]
    client = browse(who)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured.captured_queries)

    def more(number: int) -> None:
        row = Measure.objects.create(sanction=made, kind="person", text="x", due=NOW, created=NOW, state="returned")
        said = MeasureReport.objects.create(measure=row, person=desk["contact"], text="x", time=NOW)
        MeasureFile.objects.create(report=said, file_sha256="0" * 64, file_name="x")
        Payment.objects.create(
            sanction=made,
            amount=Money(1, "CNY"),
            paid_on=NOW,
            reference=f"A{number}",
            recorded_by=desk["legal"],
            time=NOW,
        )
        Payment.objects.create(
            sanction=made, amount=Money(1, "CNY"), paid_on=NOW, reference=f"B{number}", recorded_by=desk["legal"],
            time=NOW, taken_back=NOW, taken_back_by=desk["officer"], taken_back_why="x",
        )  # fmt: skip

    more(0)
    before = {address: asked(address) for address in addresses}
    for number in range(1, 6):
        more(number)
    assert {address: asked(address) for address in addresses} == before
