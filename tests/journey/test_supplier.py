"""The supplier's contact on the telephone: accept, receive, ask for a sub-vendor."""

import json

from tests import people
from tests.journey.browser import Window
from tests.journey.conftest import BUMPER, FLOW_DOWN, LAMP, Seen, Taken
from tests.journey.persons import PROJECT, SIBLING
from tests.journey.server import Served, run


def test_the_downloaded_copy_is_the_one_that_its_receipt_speaks_of(served: Served, copy: Taken) -> None:
    said = run(served, "ledger", "verify", copy.receipt, "--copy", copy.copy, "--json")
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["valid"]
    assert found["entry"]["kind"] == "copy-issued"


def test_a_receipt_is_of_no_other_copy(served: Served, copy: Taken, child: Taken) -> None:
    said = run(served, "ledger", "verify", copy.receipt, "--copy", child.copy)
    assert said.returncode == 1
    assert "Not valid" in said.stdout


def test_an_approved_request_says_what_it_waits_for(onward: Seen) -> None:
    assert "The contact accepts an invitation of the owner." in onward["waiting"]
    assert people.SUB_VENDOR in onward["waiting"]


def test_the_child_copy_is_made_once_all_is_accepted(onward: Seen, child: Taken, copy: Taken) -> None:
    assert "1 of 1 released" in onward["made"]
    assert child.copy.read_bytes() != copy.copy.read_bytes()


def test_a_supplier_sees_what_is_below_it_and_no_sibling(contact: Window, onward: Seen, round_over: Seen) -> None:  # noqa: ARG001
    contact.open("/")
    assert people.SUB_VENDOR in contact.text
    contact.open("/projects/")
    contact.follow(PROJECT)
    assert people.SUB_VENDOR in contact.text
    for path in ("/", "/projects/", "/agreements/", "/rounds/", "/onward/"):
        contact.open(path)
        assert SIBLING not in contact.page.content()


def test_what_is_a_suppliers_does_not_exist_for_its_sibling(contact: Window, sibling: Window, onward: Seen) -> None:  # noqa: ARG001
    contact.open("/agreements/")
    contact.follow(FLOW_DOWN)
    agreement = contact.page.url
    contact.open("/")
    contact.follow(BUMPER)
    copy = contact.page.url
    for address in (agreement, copy, copy + "receipt/"):
        assert contact.context.request.get(address).status == 200
        assert sibling.context.request.get(address).status == 404


def test_a_draft_of_a_round_is_not_a_sub_vendors(sub_vendor: Window, round_over: Seen) -> None:  # noqa: ARG001
    sub_vendor.open("/")
    assert BUMPER in sub_vendor.text
    assert LAMP not in sub_vendor.page.content()
