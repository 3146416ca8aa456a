"""Lies that the whole ledger agrees with, other files and keys, and lies about several accused are found."""
# ruff: noqa: ARG005 (the changes of a table all take what they change)

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.evidence.affair import (
    COPIES,
    FIRST_COPY,
    LEAK,
    TRACE,
    Story,
    bundle_of,
    drafts,
    leak_of,
    marked,
    resealed,
    retraced,
    seen_again,
    sha256,
    story,
    told,
)
from tests.evidence.lies import ACCUSED, both, check, first_named, flipped, honest, honest_file
from tests.evidence.test_finding_lies import ALTERED
from tests.evidence.test_log_lies import LEDGER_OTHERWISE
from tests.evidence.test_proofs_lies import EVENTS, PROOFS
from tests.evidence.test_recomputed_lies import EDITED, EDITS
from tests.evidence.test_verify import fails_at
from tests.ledger.workshop import KEY, VKEY
from tidemark.engine import keys
from tidemark.engine.accuse import log10_bound
from tidemark.engine.retrace import Named, Retrace
from tidemark.evidence import bundle as bundles
from tidemark.evidence.bundle import Bundle
from tidemark.evidence.figures import bound_from_stated, stated_bound, stated_share
from tidemark.evidence.verify import verify
from tidemark.ledger import canonical

pytestmark = pytest.mark.usefixtures("remembering")


def other_key(key: bytes) -> Story:
    """Return the story of an owner who committed, in the accused's entry, to a key of his choice."""
    false = honest().with_body(ACCUSED, key_commitment=keys.key_commitment(key).hex())
    return replace(false, keys={"copy 2": key})


def other_draft(file: bytes) -> Story:
    digest = sha256(file)
    false = honest().with_body(0, sha256=digest).with_body(ACCUSED, draft_sha256=digest).saying(draft__sha256=digest)
    return replace(false, draft=file)


def other_leak(file: bytes) -> Story:
    digest = sha256(file)
    said = {"leak__sha256": digest, "leak__size_bytes": len(file), "decoys__seed": digest}
    false = honest().with_body(LEAK, leak=digest, size_bytes=len(file)).with_body(TRACE, leak=digest).saying(**said)
    return replace(false, leak=file)


def registered(false: Story) -> Story:
    """Return a story of other files with the registration that is true of them, so that only the scores are lies."""
    (accused,) = false.finding.accused
    seen = retraced(
        false.leak,
        false.draft,
        (Named(false.keys[accused.copy], 1),),
        copies=false.finding.tested.copies,
        hypotheses=false.finding.tested.hypotheses,
        decoy_seed=bytes.fromhex(sha256(false.leak)),
        decoys=false.finding.decoys.count,
        threads=2,
    )
    assert isinstance(seen, Retrace)
    found = seen.observation
    return false.saying(
        draft__correlation=stated_share(found.correlation), draft__coverage=stated_share(found.coverage)
    )


def accusing(copy: str) -> Story:
    """Return the story in which another copy is put in the accused one's place, ledger and all."""
    place = FIRST_COPY + COPIES.index(copy)
    entry = honest().entries[place]
    named = first_named()
    false = replace(honest(), proven=(0, place, LEAK, TRACE), earlier=(place + 1,))
    false = false.with_body(TRACE, accused=[{**named, "copy": copy}])
    false = replace(false, keys={copy: drafts()[0].key(copy)})
    said = {"copy": copy, "holder": entry.body["holder"], "issued": entry.time}
    return false.saying(**{f"accused__0__{name}": value for name, value in said.items()})


def decoys(count: int) -> Story:
    return both(0, {"decoys": count}, decoys__count=count).with_body(TRACE, decoys=count)


def counted(copies: int, hypotheses: int) -> Story:
    return both(TRACE, {"copies": copies, "hypotheses": hypotheses}, tested__copies=copies).saying(
        tested__hypotheses=hypotheses
    )


def counted_with_bounds(copies: int) -> Story:
    """Return the story of an owner who states another K, and the bounds that follow from it."""
    false, tested = counted(copies, 2), {"copies": copies, "hypotheses": 2}
    (rescored,) = seen_again(false.leak).named
    next_bound = bound_from_stated(false.finding.rivals.next_copy_z, **tested, naming=2)
    return false.saying(
        accused__0__log10_bound=stated_bound(log10_bound(rescored.z, **tested)),
        rivals__next_copy_log10_bound=next_bound,
    )


DECOY = next(keys.decoy_keys(bytes(32), 1))
CONSISTENT: Mapping[str, tuple[int, Callable[[], Story]]] = {
    "a threshold of one half": (9, lambda: both(0, {"accused_bound": 0.5}, thresholds__accused=0.5)),
    "a threshold a little higher": (9, lambda: both(0, {"accused_bound": 2e-6}, thresholds__accused=2e-6)),
    "no decoys": (9, lambda: decoys(0)),
    "99 decoys": (9, lambda: decoys(99)),
    "minus one decoys": (9, lambda: decoys(-1)),
    "more decoys than anybody scores": (9, lambda: decoys(10**12)),
    "no copies": (9, lambda: counted(0, 2)),
    "fewer copies than scores": (14, lambda: counted_with_bounds(5)),
    "more copies than scores": (14, lambda: counted_with_bounds(200)),
    "fewer copies than the bound is of": (12, lambda: counted(5, 2)),
    "more copies than the bound is of": (12, lambda: counted(200, 2)),
    "no hypotheses": (9, lambda: counted(6, 0)),
    "one hypothesis": (9, lambda: counted(6, 1)),
    "a verdict of suspicion": (9, lambda: both(TRACE, {"verdict": "suspected"}, verdict="suspected")),
    "a decoy's key": (11, lambda: other_key(DECOY)),
    "another holder's key": (11, lambda: other_key(drafts()[0].key("copy 1"))),
    "the owner's own key": (11, lambda: other_key(drafts()[0].key("master"))),
    "the key of another draft's copy": (11, lambda: other_key(drafts()[1].key("copy 2"))),
    "another draft": (10, lambda: other_draft(drafts()[1].file)),
    "the accused's own copy as the draft": (10, lambda: other_draft(marked(drafts()[0], "copy 2"))),
    "the same, with its registration": (11, lambda: registered(other_draft(marked(drafts()[0], "copy 2")))),
    "a draft that is no picture": (10, lambda: other_draft(b"no picture")),
    "an empty draft": (10, lambda: other_draft(b"")),
    "another leak": (10, lambda: other_leak(leak_of("copy 1", "copy 3"))),
    "another leak, with its registration": (11, lambda: registered(other_leak(leak_of("copy 1", "copy 3")))),
    "a leak that is no picture": (10, lambda: other_leak(b"no picture")),
    "the draft as the leak": (10, lambda: other_leak(drafts()[0].file)),
    **{f"{copy} in the place of copy 2": (11, partial(accusing, copy)) for copy in COPIES if copy != "copy 2"},
    "somebody responsible without an agreement": (8, lambda: honest().saying(accused__0__responsible="Northwick")),
    "a mark of a newer version": (8, lambda: honest().with_body(ACCUSED, mark_version=2)),
}


@pytest.mark.parametrize("lie", CONSISTENT)
def test_a_lie_that_the_whole_ledger_agrees_with_is_found(lie: str) -> None:
    step, false = CONSISTENT[lie]
    check(told(false()), step)


# --- other files and keys ---


def holding(**fields: Callable[[Bundle], Any]) -> Callable[[], bytes]:
    def write() -> bytes:
        made = bundle_of(honest())
        return bundles.write(replace(made, **{name: value(made) for name, value in fields.items()}), KEY)

    return write


def key_of(copy: str) -> bytes:
    return drafts()[0].key(copy)


HELD: Mapping[str, tuple[int, Callable[[], bytes]]] = {
    "another leak": (7, holding(leak=lambda b: leak_of("copy 1", "copy 3"))),
    "a leak with a byte more": (7, holding(leak=lambda b: b.leak + b"\x00")),
    "an empty leak": (7, holding(leak=lambda b: b"")),
    "another draft": (7, holding(draft=lambda b: drafts()[1].file)),
    "a copy as the draft": (7, holding(draft=lambda b: marked(drafts()[0], "copy 1"))),
    "leak and draft exchanged": (7, holding(leak=lambda b: b.draft, draft=lambda b: b.leak)),
    "another copy's key": (8, holding(keys=lambda b: {"copy 2": key_of("copy 1")})),
    "a decoy's key": (8, holding(keys=lambda b: {"copy 2": DECOY})),
    "one bit of the key": (8, holding(keys=lambda b: {"copy 2": flipped(b.keys["copy 2"], 31)})),
    "a key more": (8, holding(keys=lambda b: {**b.keys, "copy 1": key_of("copy 1")})),
    "no key": (8, holding(keys=lambda b: {})),
    "the key under another name": (8, holding(keys=lambda b: {"copy 1": b.keys["copy 2"]})),
    "a key too short": (2, holding(keys=lambda b: {"copy 2": bytes(31)})),
    "a key too long": (2, holding(keys=lambda b: {"copy 2": bytes(33)})),
}


@pytest.mark.parametrize("lie", HELD)
def test_other_files_and_keys_are_found(lie: str) -> None:
    step, false = HELD[lie]
    check(false(), step)


# --- newer versions ---


@pytest.mark.parametrize("name", [bundles.FINDING, bundles.LEDGER, bundles.KEYS])
@pytest.mark.parametrize(
    "changes", [{"version": 2}, {"version": 0}, {"version": True}, {"version": None}, {"scheme": "other"}, {"new": 1}]
)
def test_members_of_another_version_are_refused(name: str, changes: dict[str, Any]) -> None:
    members = bundles.read(honest_file()).members
    said = canonical.loads(members[name], what="member", max_bytes=10**7, max_depth=9) | changes
    data = resealed({**members, name: canonical.dumps(said)})
    found = verify(data, vkey=VKEY)
    assert [step.holds for step in found.steps] == [True, False]
    if changes.get("version") == 2:
        assert "version 2" in found.steps[1].detail


# --- several accused ---


def two() -> Story:
    return story("copy 1", "copy 3")


def exchanged(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return values[::-1]


def one_key() -> Story:
    first, second = two().finding.accused
    key = two().keys[first.copy]
    false = two().with_body(FIRST_COPY + COPIES.index(second.copy), key_commitment=keys.key_commitment(key).hex())
    return replace(false, keys={first.copy: key, second.copy: key})


TWO: Mapping[str, tuple[int, Callable[[], Story]]] = {
    "exchanged": (9, lambda: two().saying(accused=exchanged(two().finding.accused))),
    "one twice": (9, lambda: two().saying(accused=(two().finding.accused[0],) * 3 + two().finding.accused[1:])),
    "one left out": (4, lambda: two().saying(accused=two().finding.accused[:1])),
    "one key for both": (8, one_key),
    "keys exchanged": (
        8,
        lambda: replace(two(), keys=dict(zip(two().keys, exchanged((*two().keys.values(),)), strict=True))),
    ),
    "one key left out": (8, lambda: replace(two(), keys={"copy 1": two().keys["copy 1"]})),
    "both in round 1": (9, lambda: two().saying(accused__1__round=1)),
    "scores exchanged": (9, lambda: two().saying(accused__0__z=30.0, accused__1__z=60.0)),
    "a checkpoint of the first alone": (5, lambda: replace(two(), earlier=(FIRST_COPY + 2,))),
}


@pytest.mark.parametrize("lie", TWO)
def test_lies_about_two_accused_are_found(lie: str) -> None:
    step, false = TWO[lie]
    found = verify(told(false()), vkey=VKEY)
    assert not found.valid
    assert fails_at(found) == (8 if lie == "one twice" else step)


def test_rounds_that_do_not_count_from_one_are_found() -> None:
    named: Any = two().entries[TRACE].body["accused"]
    for rounds in ((1, 1), (2, 1), (0, 1), (1, 3), (-2, 1), (2, 3)):
        body = [{**each, "round": number} for each, number in zip(named, rounds, strict=True)]
        false = two().with_body(TRACE, accused=body)
        false = false.saying(accused__0__round=rounds[0], accused__1__round=rounds[1])
        assert fails_at(verify(told(false), vkey=VKEY)) == 4


def test_there_are_hundreds_of_lies() -> None:
    tables = (ALTERED, LEDGER_OTHERWISE, CONSISTENT, EVENTS, PROOFS, HELD, TWO)
    assert sum(map(len, tables)) + len(EDITED) * len(EDITS) > 300
