"""Agreements come on record, into force and to their end only by those who may, and the ledger says so."""

import hashlib
import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.desk import NOW, Desk
from tests.records.agreements.samples import PAPER, PDF, kinds_logged, terms
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import amend, put_in_force, register, terminate, terms_of
from tidemark.records.agreements.releasable import releasable
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf
from tidemark.records.parties.models import Party


def prepared(home: Home, desk: Desk, *, who: str = "officer", now: datetime = NOW, **changes: Any) -> Agreement:
    return register(home, desk.owner, desk.sibling, terms(desk, **changes), by=desk[who], now=now, document=PAPER)


def flowing_down(home: Home, desk: Desk, *, who: str = "contact", **changes: Any) -> Agreement:
    return register(
        home,
        desk.supplier,
        desk.sub_vendor,
        terms(desk, **changes),
        under=desk.agreements["supplier"],
        by=desk[who],
        now=NOW,
    )


def test_what_is_registered_is_on_record_as_it_was_given(home: Home, desk: Desk) -> None:
    made = Agreement.objects.get(pk=prepared(home, desk).pk)
    assert made.state == Agreement.State.PREPARED
    assert terms_of(made) == terms(desk)
    assert made.document_name == PAPER.name
    assert blobs.get(home, blobs.Shelf.DOCUMENTS, made.document_sha256) == PDF
    assert not kinds_logged(made.pk)


@pytest.mark.parametrize("who", ["officer", "legal"])
def test_officers_and_legal_register_for_the_owner(home: Home, desk: Desk, who: str) -> None:
    assert prepared(home, desk, who=who).created_by == desk[who]


@pytest.mark.parametrize("who", ["administrator", "investigator", "communications", "contact", "stranger_contact"])
def test_nobody_else_registers_for_the_owner(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused):
        prepared(home, desk, who=who)


@pytest.mark.parametrize("recipient", ["owner"])
def test_the_owner_receives_nothing(home: Home, desk: Desk, recipient: str) -> None:
    party: Party = getattr(desk, recipient)
    with pytest.raises(Refused):
        register(home, desk.owner, party, terms(desk), by=desk["officer"], now=NOW)


def test_a_contact_binds_its_sub_vendor_under_its_own_agreement(home: Home, desk: Desk) -> None:
    made = flowing_down(home, desk)
    put_in_force(home, made, by=desk["contact"], now=NOW)
    assert made.under == desk.agreements["supplier"]
    assert made.state == Agreement.State.IN_FORCE


@pytest.mark.parametrize("who", ["member", "sibling_contact", "sub_vendor_contact", "officer"])
def test_only_a_contact_of_the_discloser_binds_its_sub_vendor(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused):
        flowing_down(home, desk, who=who)


@pytest.mark.parametrize(
    "changes",
    [{"kinds": ("bidding", "final")}, {"valid_until": date(2028, 1, 1)}, {"flow_down": False}],
    ids=["kinds", "term", "flow-down"],
)
def test_a_flow_down_that_is_weaker_is_refused(home: Home, desk: Desk, changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"agreement above|alike"):
        flowing_down(home, desk, **changes)
    assert Agreement.objects.count() == len(desk.agreements)


def test_a_flow_down_rests_on_an_agreement_that_binds_the_discloser_and_is_in_force(home: Home, desk: Desk) -> None:
    for under in (None, desk.agreements["sibling"]):
        with pytest.raises(Refused, match="your own company"):
            register(home, desk.supplier, desk.sub_vendor, terms(desk), under=under, by=desk["contact"], now=NOW)
    made = flowing_down(home, desk)
    terminate(home, desk.agreements["supplier"], why="Breach.", by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="not in force"):
        put_in_force(home, made, by=desk["contact"], now=NOW)


def test_the_owner_passes_on_nobodys_duties(home: Home, desk: Desk) -> None:
    under = desk.agreements["supplier"]
    with pytest.raises(Refused, match="nobody"):
        register(home, desk.owner, desk.sibling, terms(desk), under=under, by=desk["officer"], now=NOW)


def test_amended_while_prepared_and_never_after(home: Home, desk: Desk) -> None:
    made = prepared(home, desk)
    changed = terms(desk, reference="NDA 2026-08", kinds=("bidding",))
    amend(home, made, changed, by=desk["legal"])
    seen = Agreement.objects.get(pk=made.pk)
    assert terms_of(seen) == terms(desk, reference="NDA 2026-08", kinds=("bidding",))
    assert seen.document_sha256 == hashlib.sha256(PDF).hexdigest()
    put_in_force(home, seen, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="in force"):
        amend(home, seen, terms(desk), by=desk["legal"])
    assert Agreement.objects.get(pk=made.pk).reference == "NDA 2026-08"


def test_in_force_the_ledger_holds_the_hash_of_the_terms_and_the_document(home: Home, desk: Desk) -> None:
    made = prepared(home, desk)
    put_in_force(home, made, by=desk["officer"], now=NOW)
    seen = Agreement.objects.get(pk=made.pk)
    leaf = Leaf.objects.get(subject=made.pk)
    body = decode(bytes(leaf.data)).body
    assert leaf.kind == Kind.AGREEMENT_REGISTERED
    assert body["content_sha256"] == hashlib.sha256(seen.content.encode()).hexdigest() == seen.content_sha256
    assert body["document_sha256"] == json.loads(seen.content)["document_sha256"] == hashlib.sha256(PDF).hexdigest()
    assert json.loads(seen.content)["damages"] == "1000000.00 CNY"
    assert b"@" not in bytes(leaf.data)


def test_put_in_force_and_terminated_once_only(home: Home, desk: Desk) -> None:
    made = prepared(home, desk)
    with pytest.raises(Refused):
        terminate(home, made, why="Too early.", by=desk["officer"], now=NOW)
    put_in_force(home, made, by=desk["officer"], now=NOW)
    with pytest.raises(Refused):
        put_in_force(home, Agreement.objects.get(pk=made.pk), by=desk["officer"], now=NOW)
    terminate(home, made, why=" Work ended. ", by=desk["officer"], now=NOW)
    with pytest.raises(Refused):
        terminate(home, made, why="Again.", by=desk["officer"], now=NOW)
    assert kinds_logged(made.pk) == [Kind.AGREEMENT_REGISTERED, Kind.AGREEMENT_TERMINATED]
    assert Agreement.objects.get(pk=made.pk).terminated_why == "Work ended."


@pytest.mark.parametrize("why", ["", "  ", "\u202e", "x" * 4001, "a\0b"])
def test_a_termination_has_a_reason(home: Home, desk: Desk, why: str) -> None:
    with pytest.raises(Refused):
        terminate(home, desk.agreements["supplier"], why=why, by=desk["officer"], now=NOW)


def test_the_reason_of_the_owners_termination_names_no_rival_to_the_recipient(home: Home, desk: Desk) -> None:
    with pytest.raises(Refused, match="A party learns of no other party"):
        terminate(
            home, desk.agreements["supplier"], why=f"{desk.sibling.name} gets the part.", by=desk["officer"], now=NOW
        )
    assert Agreement.objects.get(pk=desk.agreements["supplier"].pk).state == Agreement.State.IN_FORCE


RIVAL = {
    "reference": "NDA 7, as with Vellmar Kunststofftechnik",
    "clause": "As agreed with Vellmar Kunststofftechnik.",
    "damages_formula": "As Vellmar Kunststofftechnik pays.",
    "governing_law": "PRC, unlike that of Vellmar Kunststofftechnik",
}


@pytest.mark.parametrize("field", RIVAL)
def test_no_words_of_the_owners_agreement_name_a_rival_to_the_recipient(home: Home, desk: Desk, field: str) -> None:
    said = {field: RIVAL[field]}
    made = prepared(home, desk)
    with pytest.raises(Refused, match="names Vellmar Kunststofftechnik"):
        prepared(home, desk, **said)
    with pytest.raises(Refused, match="names Vellmar Kunststofftechnik"):
        amend(home, made, terms(desk, **said), by=desk["officer"])
    assert Agreement.objects.filter(recipient=desk.sibling, state=Agreement.State.PREPARED).count() == 1
    Agreement.objects.filter(pk=made.pk).update(**said)  # registered before that one was on record
    with pytest.raises(Refused, match="names Vellmar Kunststofftechnik"):
        put_in_force(home, made, by=desk["officer"], now=NOW)


def test_nor_does_the_name_of_its_document(home: Home, desk: Desk) -> None:
    paper = Document("NDA Vellmar.pdf", PDF)
    with pytest.raises(Refused, match="names Vellmar"):
        register(home, desk.owner, desk.sibling, terms(desk), by=desk["officer"], now=NOW, document=paper)


def test_an_agreement_may_name_its_own_sides(home: Home, desk: Desk) -> None:
    made = prepared(home, desk, reference=f"NDA {desk.owner.name} – {desk.sibling.name}")
    put_in_force(home, made, by=desk["officer"], now=NOW)
    assert made.state == Agreement.State.IN_FORCE


def test_a_supplier_does_not_find_out_by_its_own_agreement_who_else_is_on_record(home: Home, desk: Desk) -> None:
    made = flowing_down(home, desk, clause=RIVAL["clause"], valid_until=date(2027, 6, 30))
    put_in_force(home, made, by=desk["contact"], now=NOW)
    assert made.state == Agreement.State.IN_FORCE


def test_a_supplier_does_not_find_out_by_a_reason_who_else_is_on_record(home: Home, desk: Desk) -> None:
    why = f"{desk.sibling.name} does it."
    terminate(home, desk.agreements["sub_vendor"], why=why, by=desk["contact"], now=NOW)
    assert Agreement.objects.get(pk=desk.agreements["sub_vendor"].pk).terminated_why == why


def test_terms_that_are_over_do_not_come_into_force(home: Home, desk: Desk) -> None:
    made = prepared(home, desk, valid_until=date(2026, 3, 1))
    with pytest.raises(Refused, match="over"):
        put_in_force(home, made, by=desk["officer"], now=NOW)


def test_the_last_day_of_a_term_is_one_of_utc(home: Home, desk: Desk) -> None:
    made = prepared(home, desk, valid_until=NOW.date())
    in_china, in_hawaii = timezone(timedelta(hours=8)), timezone(timedelta(hours=-10))
    after = datetime(2026, 3, 14, 15, tzinfo=in_hawaii)  # the 15th, 01:00 UTC
    with pytest.raises(Refused, match="over"):
        put_in_force(home, made, by=desk["officer"], now=after)
    put_in_force(home, made, by=desk["officer"], now=datetime(2026, 3, 15, 1, tzinfo=in_china))  # the 14th, 17:00 UTC
    assert made.state == Agreement.State.IN_FORCE


def test_a_termination_above_stops_the_sub_vendor_too(home: Home, desk: Desk) -> None:
    assert releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)
    terminate(home, desk.agreements["supplier"], why="Breach.", by=desk["legal"], now=NOW)
    assert not releasable(desk.project, "bidding", desk["sub_vendor_contact"], at=NOW)


NO_PDF = {
    "a web page": b"<!doctype html><script>alert(1)</script>%PDF-1.7 %%EOF",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "a page before a PDF": b"<html><!--\n" + PDF + b"--></html>",
    "cut off": PDF[:-8],
    "nothing": b"",
    "an archive": b"PK\x03\x04" + PDF,
}


@pytest.mark.parametrize("data", NO_PDF.values(), ids=NO_PDF)
def test_what_is_no_pdf_by_its_bytes_is_refused(home: Home, desk: Desk, data: bytes) -> None:
    with pytest.raises(Refused, match="PDF"):
        register(
            home, desk.owner, desk.sibling, terms(desk), by=desk["officer"], now=NOW, document=Document("a.pdf", data)
        )
    assert Agreement.objects.count() == len(desk.agreements)


def test_a_document_beyond_the_limit_is_refused(home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidemark.records.agreements.documents.MAX_DOCUMENT_BYTES", len(PDF) - 1)
    with pytest.raises(Refused, match="at most"):
        prepared(home, desk)
