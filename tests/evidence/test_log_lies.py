"""A ledger that says another thing, its proofs being in order, is found."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.evidence.affair import LEAK, TRACE, told
from tests.evidence.lies import ACCUSED, check, first_named, honest

pytestmark = pytest.mark.usefixtures("remembering")

LEDGER_OTHERWISE: Mapping[tuple[int, str], tuple[int, tuple[Any, ...]]] = {
    (0, "draft"): (7, ("landscape",)),
    (0, "sha256"): (7, ("00" * 32,)),
    (0, "file_name"): (7, ("other.png",)),
    (0, "revision"): (7, (2,)),
    (0, "project"): (7, ("Kestrel",)),
    (0, "accused_bound"): (9, (1e-3, 1e-9, 0, -1, 1)),
    (0, "suspected_bound"): (9, (1e-2,)),
    (0, "decoys"): (9, (201, 10**12)),
    (ACCUSED, "draft"): (8, ("landscape",)),
    (ACCUSED, "draft_sha256"): (8, ("00" * 32,)),
    (ACCUSED, "copy"): (4, ("copy 1",)),
    (ACCUSED, "key_commitment"): (8, ("00" * 32, "")),
    (ACCUSED, "mark_version"): (8, (0, 2)),
    (ACCUSED, "holder"): (8, ("Northwick Mouldings",)),
    (ACCUSED, "agreement"): (8, ("NDA 17",)),
    (LEAK, "leak"): (4, ("00" * 32,)),
    (LEAK, "size_bytes"): (4, (0,)),
    (LEAK, "name"): (4, ("other.jpg",)),
    (LEAK, "found"): (4, ("elsewhere",)),
    (TRACE, "leak"): (4, ("00" * 32,)),
    (TRACE, "verdict"): (9, ("suspected", "inconclusive")),
    (TRACE, "drafts"): (9, ([], ["landscape"], ["bumper", "landscape"], ["bumper", "bumper"])),
    (TRACE, "copies"): (9, (5, 7, 0, -1)),
    (TRACE, "hypotheses"): (9, (1, 4, 0, -1)),
    (TRACE, "decoys"): (9, (0, 199, 10**12)),
    (TRACE, "accused"): (9, ([],)),
}
WRONG: tuple[Any, ...] = (None, True, [], {}, [1], [{}], {"a": 1}, "text", 1.5, -1)


def kinds_differ(one: object, other: object) -> bool:
    numbers = isinstance(one, float) and type(other) in (int, float)
    return type(one) is not type(other) and not numbers


@pytest.mark.parametrize(("index", "name"), LEDGER_OTHERWISE)
def test_a_ledger_that_says_otherwise_is_found(index: int, name: str) -> None:
    step, values = LEDGER_OTHERWISE[index, name]
    for value in values:
        check(told(honest().with_body(index, **{name: value})), step)


@pytest.mark.parametrize(("index", "name"), LEDGER_OTHERWISE)
def test_an_entry_of_a_wrong_form_is_found(index: int, name: str) -> None:
    right = honest().entries[index].body[name]
    body = {field: value for field, value in honest().entries[index].body.items() if field != name}
    check(told(honest().with_entry(index, replace(honest().entries[index], body=body))), 4)
    for value in WRONG:
        if kinds_differ(right, value):
            check(told(honest().with_body(index, **{name: value})), 4)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"draft": "landscape"}, 9),
        ({"copy": "copy 1"}, 9),
        ({"z": 80.0}, 9),
        ({"round": 2}, 4),
        ({"round": 0}, 4),
        ({"round": -2}, 4),
        ({"round": "1"}, 4),
        ({"copy": None}, 4),
        ({"z": "84.69"}, 4),
    ],
)
def test_a_trace_that_accuses_otherwise_is_found(changes: dict[str, Any], step: int) -> None:
    named = first_named()
    check(told(honest().with_body(TRACE, accused=[{**named, **changes}])), step)


def test_a_trace_that_accuses_one_more_is_found() -> None:
    named = first_named()
    second = {**named, "copy": "copy 1", "round": 2}
    check(told(honest().with_body(TRACE, accused=[named, second])), 9)


@pytest.mark.parametrize("index", [0, ACCUSED, LEAK, TRACE])
@pytest.mark.parametrize("kind", ["copy-delivered", "verdict", "from-a-later-release"])
def test_an_entry_of_another_kind_is_found(index: int, kind: str) -> None:
    check(told(honest().with_entry(index, replace(honest().entries[index], kind=kind))), 4)


@pytest.mark.parametrize(
    ("index", "time", "step"),
    [
        (0, "2031-03-07T09:30:00.000000Z", 4),
        (ACCUSED, "2031-03-07T08:00:00.000000Z", 4),
        (ACCUSED, "2031-03-07T09:03:30.000000Z", 8),
        (LEAK, "2031-03-07T09:03:00.000000Z", 4),
        (LEAK, "2031-03-07T09:10:30.000000Z", 4),
        (TRACE, "2031-03-07T09:00:00.000000Z", 4),
        (TRACE, "2041-03-07T09:00:00.000000Z", 4),
    ],
)
def test_entries_dated_otherwise_are_found(index: int, time: str, step: int) -> None:
    check(told(honest().with_entry(index, replace(honest().entries[index], time=time))), step)
