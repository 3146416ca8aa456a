"""The affair in windows: each side sees what is its own, and the case goes its whole way."""

import io

import numpy as np
from PIL import Image

from tests import people
from tests.journey.accused import BLAME
from tests.journey.affair import Desks, Told
from tests.journey.browser import Window
from tests.journey.conftest import NDA, Seen
from tests.journey.persons import SIBLING
from tests.journey.server import Served, run


def test_the_case_tells_copy_custodian_and_responsible_party_apart(told: Told) -> None:
    custodian, responsible = told["case"].split("The custodian", 1)[1].split("The responsible party", 1)
    assert people.SUB_VENDOR in custodian
    assert f"{people.SUPPLIER} answers for it under {NDA}" in responsible
    assert "1,000,000 CNY" in responsible
    assert "a bidding draft, not the final design" in told["case"]


def test_the_slider_on_the_case_takes_the_leak_off_the_draft(told: Told) -> None:
    left, right = (np.asarray(Image.open(io.BytesIO(each)).convert("L"), int) for each in told.laid)
    within = slice(right.shape[1] // 4, -right.shape[1] // 4)  # the line itself moves from edge to edge
    assert left.shape == right.shape
    assert np.abs(left - right)[:, within].max() > 10


def test_nothing_is_final_before_the_party_has_answered(told: Told) -> None:
    assert "Nothing is final before." in told["put"]
    assert "decided" in told["decided"]


def test_the_party_reads_what_is_put_to_it_and_names_its_sub_vendor(told: Told) -> None:
    assert SIBLING not in told["alleged"]
    assert people.SUB_VENDOR in told["named"]


def test_what_the_party_was_handed_verifies_without_the_server(served: Served, told: Told) -> None:
    bundle = served.home.parent / "handed.tidemark"
    bundle.write_bytes(told.evidence)
    said = run(served, "verify", bundle)
    assert said.returncode == 0, said.stdout


def test_the_damages_are_the_clauses_and_are_converted(told: Told) -> None:
    assert "148,763.04" in told["prepared"]
    assert "1,000,000" in told["sanctioned"]
    assert "600,000" in told["half"]
    assert "settled" in told["closed"]


def test_an_action_is_returned_with_the_reason_before_the_gate_opens(told: Told) -> None:
    assert "symptom instead of cause" in told["returned"]
    assert BLAME in told["returned"]
    assert "suspended" in told["waiting"]
    assert "all hold" in told["opened"]


def test_a_statement_that_names_the_supplier_is_refused(told: Told) -> None:
    assert "refused" in told["refused"]
    assert people.SUPPLIER not in told["issued"]


def test_the_case_is_closed_and_its_timeline_tells_how_it_went(told: Told) -> None:
    for line in ("The case was opened.", "was put to", "The access of", "The case is now: closed."):
        assert line in told["closed"]


def test_of_all_this_a_sibling_and_the_sub_vendor_see_nothing(
    told: Told,  # noqa: ARG001
    desks: Desks,
    sibling: Window,
    sub_vendor: Window,
) -> None:
    desks.contact.open("/allegations/")
    own = desks.contact.page.locator('#main a[href^="/allegations/"]').first.get_attribute("href")
    assert own is not None
    for window in (sibling, sub_vendor):
        window.open("/allegations/")
        assert window.page.locator('#main a[href^="/allegations/"]').count() == 0
        assert window.context.request.get(own).status == 404


def test_a_photograph_of_a_test_car_is_a_sighting_and_no_leak(sighted: Seen) -> None:
    assert "MS11, prototype 4" in sighted["sighting"]
