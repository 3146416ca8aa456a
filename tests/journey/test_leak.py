"""A child copy that leaks names the sub-vendor as who had it, and the supplier as who answers for it."""

import json
from pathlib import Path

from tests import people
from tests.journey.conftest import Seen
from tests.journey.server import Served, run


def test_a_photographed_and_reposted_child_copy_names_the_sub_vendor(served: Served, leaked: Path) -> None:
    said = run(served, "trace", leaked, "--json")
    assert said.returncode == 0, said.stderr
    traced = json.loads(said.stdout)
    assert traced["verdict"] == "accused"
    assert [each["recipient"] for each in traced["accused"]] == [people.SUB_VENDOR]


def test_the_page_of_the_leak_says_who_had_it_and_who_answers(traced: Seen) -> None:
    _copy, custodian = traced["verdict"].split("Custodian", 1)
    custodian, responsible = custodian.split("Responsible", 1)
    assert people.SUB_VENDOR in custodian
    assert people.SUPPLIER in responsible
    assert people.SUB_VENDOR not in responsible
