"""The pages of agreements: who sees them, who may act on them, and that each action does what it says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from djmoney.money import Money

from tests.desk import NOW, Desk, agree
from tests.records.agreements.samples import PAPER, PDF, terms
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.register import put_in_force, register, terms_of
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.web.agreements.forms import AgreementForm, initial_of

Browse = Callable[..., Client]

FORM = {
    "reference": "NDA 2026-07",
    "kinds": ["bidding"],
    "valid_from": "2026-02-01",
    "valid_until": "2099-06-30",
    "survival_months": "60",
    "flow_down": "on",
    "liable_downstream": "on",
    "damages": "1000000",
    "damages_currency": "CNY",
}


@pytest.fixture
def prepared(home: Home, desk: Desk) -> Agreement:
    return register(
        home,
        desk.owner,
        desk.supplier,
        terms(desk, valid_until=date(2099, 1, 1)),
        by=desk["legal"],
        now=NOW,
        document=PAPER,
    )


@pytest.fixture
def fresh(home: Home, desk: Desk, prepared: Agreement) -> Agreement:
    put_in_force(home, prepared, by=desk["legal"], now=NOW)
    return prepared


SEES = {
    "officer": 200,
    "legal": 200,
    "administrator": 200,
    "investigator": 200,
    "communications": 200,
    "contact": 200,
    "member": 200,
    "sub_vendor_contact": 404,
    "sibling_contact": 404,
    "stranger_contact": 404,
    "": 302,
}


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("name", ["agreement", "agreement_document"])
def test_an_agreement_is_seen_by_its_two_sides_only(browse: Browse, fresh: Agreement, name: str, who: str) -> None:
    answer = browse(who).get(reverse(name, args=(fresh.pk,)))
    assert answer.status_code == SEES[who]


CHANGES = SEES | dict.fromkeys(["administrator", "investigator", "communications", "contact", "member"], 403)


@pytest.mark.parametrize("who", CHANGES)
@pytest.mark.parametrize("name", ["agreement_edit", "agreement_terminate"])
def test_only_the_disclosers_officers_and_legal_change_it(
    browse: Browse, prepared: Agreement, name: str, who: str
) -> None:
    assert browse(who).get(reverse(name, args=(prepared.pk,))).status_code == CHANGES[who]


@pytest.mark.parametrize("who", CHANGES)
def test_only_the_disclosers_officers_and_legal_put_it_in_force(browse: Browse, prepared: Agreement, who: str) -> None:
    answer = browse(who).post(reverse("agreement_force", args=(prepared.pk,)))
    assert answer.status_code == {200: 302}.get(CHANGES[who], CHANGES[who])
    seen = Agreement.objects.get(pk=prepared.pk).state
    assert (seen == Agreement.State.IN_FORCE) is (who in ("officer", "legal"))


ACCEPTS = dict.fromkeys(SEES, 403) | {
    "contact": 200,
    "member": 200,
    "sub_vendor_contact": 404,
    "sibling_contact": 404,
    "stranger_contact": 404,
    "": 302,
}


@pytest.mark.parametrize("who", ACCEPTS)
def test_only_the_recipients_people_are_asked_to_accept(browse: Browse, fresh: Agreement, who: str) -> None:
    assert browse(who).get(reverse("agreement_accept", args=(fresh.pk,))).status_code == ACCEPTS[who]


def test_a_contact_is_asked_twice_and_a_member_once(browse: Browse, fresh: Agreement) -> None:
    path = reverse("agreement_accept", args=(fresh.pk,))
    assert 'name="for_party"' in browse("contact").get(path).content.decode()
    page = browse("member").get(path).content.decode()
    assert 'name="for_party"' not in page
    assert 'name="for_self"' in page
    assert "1,000,000.00 CNY" in page
    assert fresh.clause in page


def test_both_ticks_are_kept_and_none_is_no_acceptance(browse: Browse, fresh: Agreement) -> None:
    path, client = reverse("agreement_accept", args=(fresh.pk,)), browse("contact")
    read = {"content_sha256": Agreement.objects.get(pk=fresh.pk).content_sha256}
    client.post(path, read)
    assert not fresh.acceptances.exists()
    client.post(path, {**read, "for_party": "on", "for_self": "on"})
    assert sorted(fresh.acceptances.values_list("for_party", flat=True)) == [False, True]


def test_a_member_that_ticks_for_the_company_is_refused(browse: Browse, fresh: Agreement) -> None:
    read = {"content_sha256": Agreement.objects.get(pk=fresh.pk).content_sha256, "for_party": "on"}
    answer = browse("member").post(reverse("agreement_accept", args=(fresh.pk,)), read, follow=True)
    assert "Only a contact" in answer.content.decode()
    assert not fresh.acceptances.exists()


def test_the_document_is_saved_and_never_shown(browse: Browse, fresh: Agreement) -> None:
    Agreement.objects.filter(pk=fresh.pk).update(document_name='合同".html\r\nX-Evil: 1')
    answer = browse("contact").get(reverse("agreement_document", args=(fresh.pk,)))
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Evil" not in answer.headers
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def _new(browse: Browse, desk: Desk, who: str, **changes: object) -> int:
    data = FORM | {"recipient": desk.sibling.pk, "projects": [desk.project.pk]} | changes
    return browse(who).post(reverse("agreement_new"), data).status_code


def test_an_officer_registers_and_amends(browse: Browse, desk: Desk) -> None:
    assert _new(browse, desk, "officer", document=SimpleUploadedFile("nda.pdf", PDF)) == 302
    made = Agreement.objects.get(reference=FORM["reference"])
    assert (made.recipient, str(made.damages.currency), made.damages.amount) == (desk.sibling, "CNY", 1_000_000)
    changed = FORM | {"projects": [desk.project.pk], "reference": "NDA 2026-08", "damages": ""}
    assert browse("officer").post(reverse("agreement_edit", args=(made.pk,)), changed).status_code == 302
    seen = Agreement.objects.get(pk=made.pk)
    assert (seen.reference, seen.damages, seen.document_name) == ("NDA 2026-08", None, "nda.pdf")


MONEY = {
    "an amount and a cap": {"damages": Money("120000.50", "JPY"), "damages_cap": Money("900000", "JPY")},
    "an amount": {"damages": Money("120000.50", "EUR"), "damages_cap": None},
    "a formula and a cap": {"damages": None, "damages_cap": Money("900000", "EUR")},
    "a cap in a currency that is no choice": {"damages": None, "damages_cap": Money("900000", "NOK")},
    "a formula": {"damages": None, "damages_cap": None},
}


@pytest.mark.parametrize("money", MONEY.values(), ids=MONEY)
def test_an_amend_page_saved_as_it_opens_changes_nothing(
    browse: Browse, home: Home, desk: Desk, money: dict[str, Money | None]
) -> None:
    written = terms(desk, damages_formula="3 % of the order's value", survival_months=37, **money)
    made = register(home, desk.owner, desk.supplier, written, by=desk["legal"], now=NOW)
    path = reverse("agreement_edit", args=(made.pk,))
    page = browse("officer").get(path).content.decode()
    if known := money["damages"] or money["damages_cap"]:
        assert f'<option value="{known.currency}" selected>' in page
    form = AgreementForm(by=desk["officer"], agreement=made, initial=initial_of(made))
    shown = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in shown.items() if value not in (None, False)}
    assert browse("officer").post(path, sent).status_code == 302
    seen = terms_of(Agreement.objects.get(pk=made.pk))
    assert replace(seen, projects=tuple(seen.projects), kinds=tuple(seen.kinds)) == written


def test_formula_cap_and_survival_are_shown_to_both_sides(browse: Browse, home: Home, desk: Desk) -> None:
    money = MONEY["a formula and a cap"]
    written = terms(desk, damages_formula="3 % of the order's value", survival_months=37, **money)
    made = register(home, desk.owner, desk.supplier, written, by=desk["legal"], now=NOW)
    put_in_force(home, made, by=desk["legal"], now=NOW)
    for who, name in (("officer", "agreement"), ("contact", "agreement"), ("contact", "agreement_accept")):
        page = browse(who).get(reverse(name, args=(made.pk,))).content.decode()
        assert "900,000.00 EUR" in page
        assert "3 % of the order&#x27;s value" in page
        assert "37 months" in page


@pytest.mark.parametrize(
    "data", [b"<html></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!--%PDF-1.7\n%%EOF-->"]
)
def test_an_upload_that_is_no_pdf_is_refused_on_the_form(browse: Browse, desk: Desk, data: bytes) -> None:
    assert _new(browse, desk, "officer", document=SimpleUploadedFile("nda.pdf", data)) == 200
    assert not Agreement.objects.filter(reference=FORM["reference"]).exists()


@pytest.mark.parametrize(
    ("who", "status"), [("administrator", 403), ("member", 403), ("communications", 403), ("", 302)]
)
def test_others_register_nothing(browse: Browse, desk: Desk, who: str, status: int) -> None:
    assert browse(who).get(reverse("agreement_new")).status_code == status
    registered = _new(browse, desk, who)
    assert registered == status
    assert Agreement.objects.count() == len(desk.agreements)


def test_a_contact_binds_those_below_it_only_and_only_under_its_own_agreement(browse: Browse, desk: Desk) -> None:
    own = {"recipient": desk.sub_vendor.pk, "under": desk.agreements["supplier"].pk, "valid_until": "2027-06-30"}
    assert _new(browse, desk, "contact", **own) == 302
    for wrong in ({"recipient": desk.sibling.pk}, {"under": desk.agreements["sibling"].pk}, {"kinds": ["final"]}):
        assert _new(browse, desk, "contact", **(own | wrong)) == 200
    assert Agreement.objects.count() == len(desk.agreements) + 1


def test_a_foreign_project_is_no_choice_for_a_supplier(browse: Browse, desk: Desk) -> None:
    own = {"recipient": desk.sub_vendor.pk, "under": desk.agreements["supplier"].pk, "valid_until": "2027-06-30"}
    assert _new(browse, desk, "contact", **own, projects=[desk.other_project.pk]) == 200
    assert desk.other_project.code_name not in browse("contact").get(reverse("agreement_new")).content.decode()


def test_each_side_lists_its_own_agreements(browse: Browse, desk: Desk) -> None:
    page = browse("contact").get(reverse("agreements")).content.decode()
    for name, agreement in desk.agreements.items():
        assert (agreement.reference in page) is (name in ("supplier", "sub_vendor"))


def test_a_discloser_learns_how_many_of_its_sub_vendor_accepted_but_not_who(browse: Browse, desk: Desk) -> None:
    page = browse("contact").get(reverse("agreement", args=(desk.agreements["sub_vendor"].pk,))).content.decode()
    assert desk["sub_vendor_contact"].name not in page
    own = browse("sub_vendor_contact").get(reverse("agreement", args=(desk.agreements["sub_vendor"].pk,)))
    assert desk["sub_vendor_contact"].name in own.content.decode()
    assert desk.agreements["supplier"].reference not in own.content.decode()


def test_what_is_written_in_a_clause_stays_text(browse: Browse, fresh: Agreement) -> None:
    Agreement.objects.filter(pk=fresh.pk).update(clause="<script>alert(1)</script>", reference="<b>NDA</b>")
    page = browse("contact").get(reverse("agreement", args=(fresh.pk,))).content.decode()
    assert "<script>alert" not in page
    assert "<b>NDA" not in page


@pytest.mark.parametrize("state", ["", "in-force", "expiring", "prepared", "lapsed", "terminated", "'; DROP"])
@pytest.mark.parametrize("party", ["", "1", "x", "9" * 30])
def test_filters_take_anything(browse: Browse, state: str, party: str) -> None:
    assert browse("officer").get(reverse("agreements"), {"state": state, "party": party}).status_code == 200


def test_what_was_accepted_on_other_terms_is_listed_as_not_accepted(browse: Browse, desk: Desk) -> None:
    agreement = desk.agreements["supplier"]

    def listed(who: str) -> str:
        page = browse(who).get(reverse("agreements"), {"party": desk.supplier.pk}).content.decode()
        return next(row for row in page.split("<tr>") if f"/agreements/{agreement.pk}/" in row)

    assert "2 of 2 persons" in listed("officer")
    Agreement.objects.filter(pk=agreement.pk).update(content_sha256="0" * 64)
    assert "not by the company" in listed("officer")
    agreement.acceptances.filter(for_party=True).update(content_sha256="0" * 64)
    assert "0 of 2 persons" in listed("officer")
    assert "not by you" in listed("contact")


def test_the_list_asks_as_many_queries_for_forty_as_for_four(browse: Browse, desk: Desk) -> None:
    client = browse("officer")
    client.get(reverse("agreements"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("agreements"))
    for number in range(36):
        agree(desk.owner, Party.named(f"Crowd {number}", {}, now=NOW), desk.project, desk.persons, ("contact",))
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("agreements"))
    assert len(many) == len(few)
