"""The dossier holds all of a case, in both forms, for whoever may have it, and the ledger has that it left."""

import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import Desk
from tests.records.cases.played import bodies, copy_of, felled, leak_of, seen_before_it_was_issued
from tests.records.cases.retold import KINDS, retold
from tests.records.dossier.whole import APOLOGY, FOUND, LATER, NOTE, whole_case
from tidemark.errors import RecordsDamaged, Refused
from tidemark.ledger import receipt
from tidemark.ledger.entry import Kind, time_text
from tidemark.records import blobs
from tidemark.records.cases.change import add_leaks
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.dossier import data, document
from tidemark.records.dossier.export import Form, export_case
from tidemark.records.dossier.gather import gather
from tidemark.records.home import Home
from tidemark.records.leaks.models import Trace
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.sanctions.models import Payment
from tidemark.records.sanctions.take_payment_back import take_payment_back

EXPORTED = LATER + timedelta(days=1)


@pytest.fixture
def case(home: Home, desk: Desk) -> Case:
    return whole_case(home, desk)


def _exported(home: Home, desk: Desk, case: Case, form: Form, *, with_notes: bool = False) -> bytes:
    return export_case(home, case, form, with_notes=with_notes, by=desk["legal"], now=EXPORTED).data


def _words(pdf: bytes, tmp_path: Path) -> str:
    file = tmp_path / "dossier.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", said.stdout.replace("\u200b", ""))


def test_the_data_holds_every_fact_every_file_and_a_receipt_of_each_entry(home: Home, desk: Desk, case: Case) -> None:
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    told = json.loads(made.read("case.json"))
    assert (told["scheme"], told["version"], told["made_by"]) == (data.SCHEME, data.VERSION, desk["legal"].name)
    seen = told["case"]
    assert sorted(leak["title"] for leak in seen["leaks"]) == sorted(FOUND)
    assert [put["state"] for put in seen["allegations"]] == ["final", "withdrawn"]
    assert seen["allegations"][1]["apology"] == APOLOGY
    (sanction,) = seen["sanctions"]
    assert sanction["amount"] == {"amount": "1000000.00", "currency": "CNY"}
    assert sanction["converted"] == {"amount": "148763.040", "currency": "USD"}
    assert sanction["balance"] == {"amount": "750000.00", "currency": "CNY"}
    judged = [action["judgements"][0] for action in seen["plans"][0]["actions"]]
    assert [(each["is_accepted"], each["reason"]) for each in judged[:2]] == [(False, "symptom"), (True, "")]
    assert seen["statements"][0]["channel"] == "Press"
    assert seen["notes"] == []
    for each in told["files"]:
        assert hashlib.sha256(made.read(each["path"])).hexdigest() == each["sha256"]
    assert {each["about"] for each in told["files"]} == {"found", "evidence", "case", "letter"}
    indexes = [event["leaf_index"] for event in seen["timeline"]]
    assert len(indexes) > 20
    for index in indexes:
        kept = receipt.decode(made.read(f"receipts/{index}.receipt"))
        receipt.verify(kept, kept.vkey)
        assert kept.index == index


@pytest.mark.slow
def test_the_timeline_is_that_of_the_leaks_too(home: Home, desk: Desk, tmp_path: Path) -> None:
    case = retold(home, desk)
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    seen = json.loads(made.read("case.json"))["case"]["timeline"]
    assert [each["kind"] for each in seen] == KINDS
    assert {f"receipts/{each['leaf_index']}.receipt" for each in seen} <= set(made.namelist())
    said = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    for words in ("A post by @tide on Forum was put on record", "was traced again", "because it looks the same"):
        assert words in said, words


def test_the_pdf_says_it_all_in_english_and_in_chinese(home: Home, desk: Desk, case: Case, tmp_path: Path) -> None:
    english = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    for said in (
        f"Dossier {case.number}", desk.supplier.name, "1,000,000.00 CNY", "148,763.04 USD", "750,000.00 CNY",
        "It does not stand, and nothing of it is held against Ardoise Injection.", APOLOGY, "A shared drive.",
        "symptom instead of cause", "names its sub-vendor", "Tell the board", "chat.txt", "conditions are open",
    ):  # fmt: skip
        assert said in english, said
    assert NOTE not in english
    chinese = _words(_exported(home, desk, case, Form.PDF_ZH), tmp_path)
    assert "1,000,000.00 CNY" in chinese
    assert "in brief" not in chinese.lower()


def test_a_lead_names_no_party_and_the_owners_own_copy_concerns_nobody_outside(
    home: Home, desk: Desk, case: Case, tmp_path: Path
) -> None:
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    leaks = {leak["title"]: leak for leak in json.loads(made.read("case.json"))["case"]["leaks"]}
    (lead,) = leaks[FOUND[2]]["traces"][0]["named"]
    assert lead["is_accused"] is False
    assert not any((lead["custodian"], lead["person"], lead["responsible"], lead["agreement"], lead["way"]))
    (own,) = leaks[FOUND[3]]["traces"][0]["named"]
    assert (own["is_own"], own["responsible"]) == (True, "")
    said = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    assert "A lead, never an accusation" in said
    assert "nobody outside: it is the owner's own copy" in said


def test_the_pictures_of_a_trace_are_on_the_page(home: Home, desk: Desk, case: Case, tmp_path: Path) -> None:
    file = tmp_path / "dossier.pdf"
    file.write_bytes(_exported(home, desk, case, Form.PDF_EN))
    said = subprocess.run(["pdfimages", "-list", str(file)], capture_output=True, text=True, check=True).stdout
    assert said.count("120    90") == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stop", "why", "zh"),
    [
        (felled, "It does not accuse copy", "已不再"),
        (seen_before_it_was_issued, "Since it was put it became known: By the ledger, copy", "提出"),
    ],
)
def test_an_allegation_that_is_stopped_is_called_that_with_the_reason(
    home: Home,
    desk: Desk,
    case: Case,
    tmp_path: Path,
    stop: Callable[[Desk, Allegation], Trace | None],
    why: str,
    zh: str,
) -> None:
    put = case.allegations.get(party=desk.supplier)
    trace = stop(desk, put)
    said = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    assert "final, but stopped" in said
    assert why in said
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    facts = {each["id"]: each for each in json.loads(made.read("case.json"))["case"]["allegations"]}
    told = {pk: each["fallen_by"] for pk, each in facts.items()}
    assert told == {each.pk: trace.pk if trace and each == put else "" for each in case.allegations.all()}
    assert [pk for pk, each in facts.items() if each["stopped"]] == [put.pk]
    assert why in facts[put.pk]["stopped"]["en"]
    assert zh in facts[put.pk]["stopped"]["zh"]


def test_evidence_that_was_only_asked_for_is_not_said_to_be_granted(
    home: Home, desk: Desk, case: Case, tmp_path: Path
) -> None:
    Allegation.objects.filter(case=case).update(evidence_asked=LATER, evidence_granted=None)
    said = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    assert f"Evidence asked for {LATER:%Y-%m-%d} Evidence granted not granted" in said


def test_what_is_to_be_paid_back_is_said_of_a_void_sanction(home: Home, desk: Desk, case: Case, tmp_path: Path) -> None:
    put = case.allegations.get(party=desk.supplier)
    withdraw_allegation(home, put, apology=APOLOGY, by=desk["legal"], now=EXPORTED)
    said = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    assert "This sanction is void: the party owes nothing under it." in said
    assert "To be paid back 250,000.00 CNY" in said
    assert "What was put to a party about this copy was withdrawn" in said


def test_a_payment_that_was_taken_back_is_told_with_who_and_why_and_is_in_no_sum(
    home: Home, desk: Desk, case: Case, tmp_path: Path
) -> None:
    row = Payment.objects.get()
    take_payment_back(home, row, why="Of another invoice.", by=desk["legal"], now=LATER)
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    (sanction,) = json.loads(made.read("case.json"))["case"]["sanctions"]
    assert sanction["balance"]["amount"] == "1000000.00"
    (payment,) = sanction["payments"]
    assert (payment["taken_back"], payment["taken_back_why"]) == (time_text(LATER), "Of another invoice.")
    assert payment["taken_back_by"]["name"] == desk["legal"].name
    said = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    for words in (
        "Still to be paid 1,000,000.00 CNY",
        "paid; taken back",
        "Of another invoice.",
        "1,000,000.00 CNY are left.",
    ):
        assert words in said, words


def test_an_export_takes_few_queries_for_each_entry_of_the_ledger(home: Home, desk: Desk, case: Case) -> None:
    with CaptureQueriesContext(connection) as seen:
        _exported(home, desk, case, Form.DATA)
    assert len(seen) < 150 + 3 * case.events.count()


def test_internal_notes_are_part_of_it_only_if_they_are_asked_for(
    home: Home, desk: Desk, case: Case, tmp_path: Path
) -> None:
    assert NOTE in _words(_exported(home, desk, case, Form.PDF_EN, with_notes=True), tmp_path)
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA, with_notes=True)))
    assert json.loads(made.read("case.json"))["case"]["notes"][-1]["text"] == NOTE


@pytest.mark.slow
@pytest.mark.parametrize("form", list(Form))
def test_that_it_left_is_in_the_ledger_with_the_hash_of_what_left(
    home: Home, desk: Desk, case: Case, form: Form
) -> None:
    made = _exported(home, desk, case, form)
    (said,) = bodies(case.pk, Kind.CASE_EXPORTED)
    assert said["export_sha256"] == hashlib.sha256(made).hexdigest()
    assert (said["form"], said["with_notes"], said["by"]) == (form.value, False, desk["legal"].pk)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["administrator", "communications", "contact", "sibling_contact"])
def test_nobody_else_exports_it(home: Home, desk: Desk, case: Case, who: str) -> None:
    with pytest.raises(Refused):
        export_case(home, case, Form.DATA, with_notes=False, by=desk[who], now=EXPORTED)
    assert bodies(case.pk, Kind.CASE_EXPORTED) == []


def test_what_is_gone_stops_the_export_and_nothing_is_told(home: Home, desk: Desk, case: Case) -> None:
    blobs.forget(home, blobs.Shelf.LEAKS, hashlib.sha256(FOUND[0].encode()).hexdigest())
    with pytest.raises(RecordsDamaged):
        _exported(home, desk, case, Form.DATA)
    assert bodies(case.pk, Kind.CASE_EXPORTED) == []


def test_what_there_is_no_room_for_is_listed_and_never_the_evidence(
    home: Home, desk: Desk, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    listed = json.loads(whole.read("case.json"))["files"]
    sizes = {each["sha256"]: whole.getinfo(each["path"]).file_size for each in listed}
    room = sum(sizes[each["sha256"]] for each in listed if each["about"] in ("evidence", "letter"))
    monkeypatch.setattr(data, "MAX_ARCHIVE_BYTES", room)
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    files = {each["sha256"]: each for each in json.loads(made.read("case.json"))["files"]}
    assert files.keys() == sizes.keys()
    assert {each["about"] for each in files.values() if each["path"]} == {"evidence", "letter"}
    assert all(each["path"] is None for each in files.values() if each["about"] in ("found", "case"))


def test_no_two_files_of_the_archive_share_a_path(home: Home, desk: Desk, case: Case) -> None:
    made = zipfile.ZipFile(io.BytesIO(_exported(home, desk, case, Form.DATA)))
    assert len(set(made.namelist())) == len(made.namelist())
    files = json.loads(made.read("case.json"))["files"]
    assert all(each["path"].startswith(f"files/{each['sha256']}-") for each in files)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\windows\\x.exe", "C__windows_x.exe"),
        ("泄漏.png", "__.png"),
        ("...", "file"),
        ("", "file"),
        ("a" * 200 + ".png", "a" * 76 + ".png"),
    ],
)
def test_no_name_of_a_file_leaves_its_folder(name: str, path: str) -> None:
    assert data._safe(name) == path


def test_odd_words_are_set_as_text(home: Home, desk: Desk, case: Case, tmp_path: Path) -> None:
    Case.objects.filter(pk=case.pk).update(title='#panic("x") $a$ \u202egpj.exe <b>')
    said = _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)
    assert '#panic("x") $a$ ‹U+202E›gpj.exe <b>' in said


def test_a_case_with_nothing_in_it_has_a_dossier_too(home: Home, desk: Desk, tmp_path: Path) -> None:
    from tidemark.records.cases.open import open_case

    case = open_case(home, [], title="A rumour", project=desk.project, by=desk["officer"], now=LATER)
    assert "Nothing was put to any party." in _words(_exported(home, desk, case, Form.PDF_EN), tmp_path)


def test_gathering_takes_so_many_queries_however_many_leaks(home: Home, desk: Desk, case: Case) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            gather(case, with_notes=True, now=LATER)
        return len(seen)

    before = queries()
    more = [
        leak_of(desk, [copy_of(desk, desk.sub_vendor, number=number)], title=f"Leak {number}", home=home)
        for number in range(3, 9)
    ]
    add_leaks(home, case, more, by=desk["officer"], now=LATER)
    assert queries() == before


def test_every_language_has_its_words() -> None:
    assert {Form(f"pdf-{each}") for each in document.LANGUAGES} == set(Form) - {Form.DATA}
