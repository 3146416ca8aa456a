"""Files that a reader takes for accused copies: what they say of a bundle, and what they do not."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.engine import workshop
from tests.evidence.affair import COPIES, FIRST_COPY, drafts, marked, sha256, story, told
from tests.evidence.test_verify import fails_at
from tests.ledger.workshop import VKEY
from tidemark.evidence.verify import Verification, verify

STEP = 8


def _copy(name: str) -> bytes:
    return marked(drafts()[0], name)


def _saved_anew(copy: bytes) -> bytes:
    return workshop.jpeg(workshop.opened(copy), 95)


def _with(bundle: bytes, *held: bytes) -> Verification:
    return verify(bundle, vkey=VKEY, held=held)


def test_the_accused_copy_as_it_was_issued_carries_its_key() -> None:
    found = _with(told(story("copy 2")), _copy("copy 2"))
    assert found.valid
    assert "the copy given is copy 2 as it was issued, and carries this key" in found.steps[STEP - 1].detail


@pytest.mark.parametrize(
    "other",
    [lambda: _copy("copy 3"), lambda: _saved_anew(_copy("copy 2")), lambda: b"no picture at all"],
    ids=["another holder's", "saved anew", "no picture"],
)
@pytest.mark.slow
def test_a_file_that_is_no_accused_copy_fails_and_says_nothing_against_the_bundle(other: Callable[[], bytes]) -> None:
    held = other()
    for files in ([held], [_copy("copy 2"), held], [held, _copy("copy 2")]):
        found = _with(told(story("copy 2")), *files)
        failing = [step for step in found.steps if not step.holds]
        assert [step.by_given for step in failing] == [True]
        assert fails_at(found) == STEP
        assert hashlib.sha256(held).hexdigest() in failing[0].detail
        assert sha256(_copy("copy 2")) in failing[0].detail
        assert not found.valid
        assert found.bundle_holds


@pytest.mark.slow
def test_an_accused_copy_without_its_key_refutes_the_bundle_whatever_else_is_given() -> None:
    honest = story("copy 2")
    blamed = honest.with_body(FIRST_COPY + COPIES.index("copy 2"), copy_sha256=sha256(_copy("copy 3")))
    for held in ([_copy("copy 3")], [_copy("copy 1"), _copy("copy 3")], [_copy("copy 3"), _copy("copy 1")]):
        found = _with(told(blamed), *held)
        assert fails_at(found) == STEP
        assert "does not carry the key" in found.steps[STEP - 1].detail
        assert not found.bundle_holds
        assert not found.valid
    assert _with(told(blamed)).valid, "only the file itself shows it"


def test_a_lie_in_the_bundle_is_not_excused_by_another_file() -> None:
    honest = story("copy 2")
    found = _with(told(honest.saying(accused__0__holder="Somebody else")), _copy("copy 3"))
    assert fails_at(found) == STEP
    assert not any(step.by_given for step in found.steps)
    assert not found.bundle_holds
    found = _with(told(honest.saying(rivals__master_z=9.0)), _copy("copy 3"))
    assert [step.by_given for step in found.steps if not step.holds] == [True, False]
    assert not found.bundle_holds


def test_nothing_holds_of_which_a_step_is_missing() -> None:
    found = _with(told(story("copy 2")), _copy("copy 3"))
    assert not replace(found, steps=found.steps[:-1]).bundle_holds


@pytest.mark.slow
def test_two_accused_copies_are_two_files() -> None:
    false = story("copy 1", "copy 3").with_body(FIRST_COPY + 1, copy_sha256=sha256(_copy("copy 3")))
    found = _with(told(false))
    assert fails_at(found) == STEP
    assert "one file" in found.steps[STEP - 1].detail


def test_a_master_is_told_as_the_owners_own_whomever_it_is_said_to_be_issued_to() -> None:
    honest = story("copy 2")
    assert "master" not in _with(told(honest)).steps[STEP - 1].detail
    blamed = honest.with_body(FIRST_COPY + COPIES.index("copy 2"), is_master=True)
    assert "copy 2, a master, so the owner's own, issued to" in _with(told(blamed)).steps[STEP - 1].detail
