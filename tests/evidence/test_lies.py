"""Lies, made systematically, each in up to four ways: what a stranger changes without the key, what the owner seals
anew over the ledger as it is, what the owner makes the whole ledger agree with, and what is sealed by another key.

Every one is found, and the step that fails is the one that speaks of it.
"""
# ruff: noqa: ARG005 (the changes of a table all take what they change)

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from typing import Any

import pytest

from tests.evidence.affair import (
    COPIES,
    FIRST_COPY,
    LATE_COPY,
    LEAK,
    OTHER_COPY,
    OTHER_DRAFT,
    OTHER_LEAK,
    OTHER_TRACE,
    TRACE,
    Story,
    bundle_of,
    drafts,
    leak_of,
    marked,
    resealed,
    sha256,
    story,
    told,
    unsealed,
)
from tests.evidence.test_verify import fails_at
from tests.ledger.workshop import KEY, OTHER_KEY, VKEY
from tidemark.engine import keys
from tidemark.evidence import bundle as bundles
from tidemark.evidence.bundle import Bundle, Proofs, ProvenEntry
from tidemark.evidence.verify import verify
from tidemark.ledger import canonical
from tidemark.ledger.entry import Kind

pytestmark = pytest.mark.usefixtures("remembering")

ACCUSED = FIRST_COPY + 2  # the place of "copy 2"


@cache
def honest() -> Story:
    return story("copy 2")


@cache
def honest_file() -> bytes:
    return told(honest())


def check(false: bytes, step: int, *, sealed: bool = True) -> None:
    """Assert that a lie is found in its step, and, where it was sealed anew, without the new seal in the second."""
    found = verify(false, vkey=VKEY)
    assert fails_at(found) == step, [each.detail for each in found.steps if not each.holds]
    assert not found.valid
    assert found.steps[step - 1].detail
    if sealed and step > 2:
        assert fails_at(verify(unsealed(honest_file(), false), vkey=VKEY)) == 2


# --- the finding says another thing than the rest: each of its fields, one at a time --------------------------------

SAYS_OTHERWISE: Mapping[str, tuple[int, tuple[Any, ...]]] = {
    "verdict": (9, ("suspected", "inconclusive", "")),
    "leak__name": (4, ("IMG_0000.jpg", "")),
    "leak__sha256": (4, ("00" * 32, "", "C" * 64)),
    "leak__size_bytes": (4, (0, -1, 2**53 - 1)),
    "leak__found": (4, ("in the accused's office",)),
    "leak__received": (4, ("2031-03-07T09:10:59.000000Z", "2031-03-07", "")),
    "draft__draft": (7, ("landscape", "")),
    "draft__sha256": (7, ("00" * 32, "")),
    "draft__file_name": (7, ("other.png",)),
    "draft__revision": (7, (2, 0, -1)),
    "draft__project": (7, ("Kestrel", "")),
    "draft__correlation": (10, (0.9, 1.0, 0.0, -1.0, 1e308)),
    "draft__coverage": (10, (1.0, 0.0, -1.0, 1e308)),
    "draft__mirrored": (10, (True,)),
    "accused__0__draft": (8, ("landscape", "")),
    "accused__0__copy": (4, ("copy 1", "")),
    "accused__0__z": (9, (80.0, 90.0, 0.0, -84.69, 1e308)),
    "accused__0__log10_bound": (12, (-1557.0, -1600.0, 0.0, 7.0, -1e308, 1e308)),
    "accused__0__round": (9, (2, 0, -1, -2, 2**53 - 1)),
    "accused__0__holder": (8, ("Northwick Mouldings", "")),
    "accused__0__issued": (8, ("2031-03-07T09:03:00.000000Z", "")),
    "accused__0__agreement": (8, ("NDA 17",)),
    "accused__0__responsible": (8, ("Northwick Mouldings",)),
    "tested__copies": (9, (5, 1, 0, -1, 2**53 - 1)),
    "tested__hypotheses": (9, (1, 0, -1, 4, 2**53 - 1)),
    "tested__scores": (14, ((), (84.69,), (84.69, 0.0), (0.0,) * 6, (0.0,) * 5 + (99.0,), (0.0,) * 1_000)),
    "decoys__seed": (9, ("00" * 32, "")),
    "decoys__count": (9, (199, 201, 0, -1, 10**12)),
    "decoys__max_z": (13, (2.0, 4.0, 0.0, -1e308)),
    "decoys__ks_p": (13, (0.9, 1e308, -1.0)),
    "thresholds__accused": (9, (1e-3, 1.0, 0.0, -1.0)),
    "thresholds__suspected": (9, (1e-2, 0.0)),
    "rivals__next_copy_z": (14, (3.0, 30.0, 1e308)),
    "rivals__next_copy_log10_bound": (14, (-1.0, -7.0)),
    "rivals__master_z": (14, (-1.0, 6.0, 84.68)),
    "rivals__master_log10_bound": (14, (-3.0, 0.9)),
    "timeline__0__index": (4, (1, -1)),
    "timeline__1__kind": (4, ("copy-delivered",)),
    "timeline__2__time": (4, ("2031-03-07T09:10:59.000000Z",)),
    "timeline": (4, ((),)),
    "made": (4, ("", "soon", "2031-03-07", "2031-03-05T09:00:00.000000Z")),
    "accused": (4, ((),)),
}
NOT_CHECKED = {"reason", "owner", "versions"}  # as the page says, and test_verify.py shows
ELSEWHERE = {"rivals__other_revisions", "timeline__3"}

ALTERED = [(path, at) for path, (_, values) in SAYS_OTHERWISE.items() for at in range(len(values))]


@pytest.mark.parametrize(("path", "at"), ALTERED)
def test_a_finding_that_says_otherwise_is_found(path: str, at: int) -> None:
    step, values = SAYS_OTHERWISE[path]
    check(told(honest().saying(**{path: values[at]})), step)


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    if is_dataclass(value):
        for field in fields(value):
            yield from paths_of(getattr(value, field.name), f"{path}__{field.name}" if path else field.name)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        yield from paths_of(value[0], f"{path}__0")
    else:
        yield path


def test_no_field_of_the_finding_is_left_out() -> None:
    told_of = {path.replace("__1", "__0").replace("__2", "__0") for path in SAYS_OTHERWISE} | NOT_CHECKED | ELSEWHERE
    assert set(paths_of(honest().finding)) <= told_of


# --- the ledger says another thing, its proofs being in order -------------------------------------------------------

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


def first_named() -> dict[str, Any]:
    """Return what the trace in the ledger says of the accused copy."""
    named: Any = honest().entries[TRACE].body["accused"]
    return dict(named[0])


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


# --- the owner makes ledger and finding agree -----------------------------------------------------------------------


def both(index: int, body: Mapping[str, Any], **said: Any) -> Story:
    return honest().with_body(index, **body).saying(**said)


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


DECOY = next(keys.decoy_keys(bytes(32), 1))
CONSISTENT: Mapping[str, tuple[int, Callable[[], Story]]] = {
    "a threshold of one half": (9, lambda: both(0, {"accused_bound": 0.5}, thresholds__accused=0.5)),
    "a threshold a little higher": (9, lambda: both(0, {"accused_bound": 2e-6}, thresholds__accused=2e-6)),
    "no decoys": (9, lambda: decoys(0)),
    "99 decoys": (9, lambda: decoys(99)),
    "minus one decoys": (9, lambda: decoys(-1)),
    "more decoys than anybody scores": (9, lambda: decoys(10**12)),
    "no copies": (9, lambda: counted(0, 2)),
    "fewer copies than scores": (14, lambda: counted(5, 2)),
    "more copies than scores": (12, lambda: counted(200, 2)),
    "no hypotheses": (9, lambda: counted(6, 0)),
    "one hypothesis": (9, lambda: counted(6, 1)),
    "a verdict of suspicion": (9, lambda: both(TRACE, {"verdict": "suspected"}, verdict="suspected")),
    "a decoy's key": (11, lambda: other_key(DECOY)),
    "another holder's key": (11, lambda: other_key(drafts()[0].key("copy 1"))),
    "the owner's own key": (11, lambda: other_key(drafts()[0].key("master"))),
    "the key of another draft's copy": (11, lambda: other_key(drafts()[1].key("copy 2"))),
    "another draft": (10, lambda: other_draft(drafts()[1].file)),
    "the accused's own copy as the draft": (11, lambda: other_draft(marked(drafts()[0], "copy 2"))),
    "a draft that is no picture": (10, lambda: other_draft(b"no picture")),
    "an empty draft": (10, lambda: other_draft(b"")),
    "another leak": (11, lambda: other_leak(leak_of("copy 1", "copy 3"))),
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


# --- another order of events ----------------------------------------------------------------------------------------


def shown(*places: int, earlier: tuple[int, ...] = (ACCUSED + 1,), size: int = TRACE + 1) -> Story:
    return replace(honest(), proven=places, earlier=earlier, size=size).with_timeline()


def rearranged(*order: int) -> Story:
    """Return the story with the ledger's entries in another order, at the times of their new places."""
    old = honest().entries
    entries = tuple(replace(old[at], time=old[new].time) for new, at in enumerate(order))
    return replace(honest(), entries=entries)


EVENTS: Mapping[str, tuple[int, Callable[[], Story]]] = {
    "copy issued after the leak": (4, lambda: shown(0, LEAK, TRACE, LATE_COPY, size=LATE_COPY + 1)),
    "another draft's entry": (4, lambda: shown(ACCUSED, OTHER_DRAFT, LEAK, TRACE)),
    "another copy's entry": (4, lambda: shown(0, ACCUSED + 1, LEAK, TRACE)),
    "the owner's own copy's entry": (4, lambda: shown(0, 1, LEAK, TRACE)),
    "the entry of another draft's copy": (4, lambda: shown(0, OTHER_COPY, LEAK, TRACE)),
    "another leak's entry": (4, lambda: shown(0, ACCUSED, OTHER_LEAK, TRACE)),
    "another trace's entry": (4, lambda: shown(0, ACCUSED, OTHER_TRACE, LEAK)),
    "another leak's trace": (4, lambda: shown(0, ACCUSED, OTHER_LEAK, OTHER_TRACE)),
    "one entry more": (4, lambda: shown(0, ACCUSED, ACCUSED + 1, LEAK, TRACE)),
    "two drafts": (4, lambda: shown(0, ACCUSED, OTHER_DRAFT, LEAK, TRACE)),
    "two leaks": (4, lambda: shown(0, ACCUSED, OTHER_LEAK, LEAK, TRACE)),
    "two traces": (4, lambda: shown(0, ACCUSED, OTHER_TRACE, LEAK, TRACE)),
    "no draft": (4, lambda: shown(ACCUSED, LEAK, TRACE)),
    "no copy": (4, lambda: shown(0, LEAK, TRACE)),
    "no leak": (4, lambda: shown(0, ACCUSED, TRACE)),
    "no trace": (4, lambda: shown(0, ACCUSED, LEAK)),
    "nothing": (4, shown),
    "no checkpoint from before the leak": (5, lambda: shown(0, ACCUSED, LEAK, TRACE, earlier=())),
    "one from before the copy": (5, lambda: shown(0, ACCUSED, LEAK, TRACE, earlier=(ACCUSED,))),
    "one from after the leak": (5, lambda: shown(0, ACCUSED, LEAK, TRACE, earlier=(LEAK + 1,))),
    "one twice": (5, lambda: shown(0, ACCUSED, LEAK, TRACE, earlier=(ACCUSED + 1, ACCUSED + 1))),
    "the last one as an earlier one": (5, lambda: shown(0, ACCUSED, LEAK, TRACE, earlier=(TRACE + 1,))),
    "the draft after the copy": (
        4,
        lambda: replace(rearranged(4, 1, 2, 3, 0, *range(5, 14)), proven=(0, 4, LEAK, TRACE)).with_timeline(),
    ),
    "the copy after the leak": (
        4,
        lambda: replace(rearranged(0, 1, 2, 3, 11, *range(5, 11), 4, 12, 13)).with_timeline(),
    ),
    "the trace before the leak": (4, lambda: rearranged(*range(11), 12, 11, 13).with_timeline()),
}


@pytest.mark.parametrize("lie", EVENTS)
def test_another_order_of_events_is_found(lie: str) -> None:
    step, false = EVENTS[lie]
    check(told(false()), step)


def test_a_later_checkpoint_does_as_well() -> None:
    assert verify(told(shown(0, ACCUSED, LEAK, TRACE, size=LATE_COPY + 1)), vkey=VKEY).valid
    assert verify(told(shown(0, ACCUSED, LEAK, TRACE, earlier=(ACCUSED + 1, OTHER_COPY))), vkey=VKEY).valid


# --- proofs of another thing, sealed by the owner over the ledger as it is ------------------------------------------


def proving(change: Callable[[Proofs], Proofs]) -> bytes:
    made = bundle_of(honest())
    return bundles.write(replace(made, proofs=change(made.proofs)), KEY)


def entry_with(at: int, **fields: Any) -> Callable[[Proofs], Proofs]:
    def change(proofs: Proofs) -> Proofs:
        entries = list(proofs.entries)
        entries[at] = replace(entries[at], **{name: value(entries[at]) for name, value in fields.items()})
        return replace(proofs, entries=tuple(entries))

    return change


def swapped(one: int, other: int, *, proofs_alone: bool) -> Callable[[Proofs], Proofs]:
    def change(proofs: Proofs) -> Proofs:
        entries = list(proofs.entries)
        a, b = entries[one], entries[other]
        entries[one], entries[other] = (
            (replace(a, proof=b.proof), replace(b, proof=a.proof)) if proofs_alone else (b, a)
        )
        return replace(proofs, entries=tuple(entries))

    return change


def earlier_with(**fields: Any) -> Callable[[Proofs], Proofs]:
    def change(proofs: Proofs) -> Proofs:
        (first,) = proofs.earlier
        return replace(proofs, earlier=(replace(first, **{name: value(first) for name, value in fields.items()}),))

    return change


def flipped(data: bytes, at: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def of(false: Callable[[], Story]) -> Proofs:
    return bundle_of(false()).proofs


def longer() -> Proofs:
    return of(lambda: shown(0, ACCUSED, LEAK, TRACE, size=LATE_COPY + 1))


def stranger() -> Proofs:
    return bundle_of(honest(), key=OTHER_KEY).proofs


def rewritten() -> Proofs:
    return of(lambda: honest().with_body(1, holder="Somebody else"))


def without_entry(at: int, proofs: Proofs) -> Proofs:
    return replace(proofs, entries=(*proofs.entries[:at], *proofs.entries[at + 1 :]))


def with_entry_twice(at: int, proofs: Proofs) -> Proofs:
    return replace(proofs, entries=(*proofs.entries[: at + 1], *proofs.entries[at:]))


def moved_by(to: int, entry: ProvenEntry) -> int:
    return entry.index + to


PROOFS: dict[str, tuple[int, Callable[[Proofs], Proofs]]] = {
    **{
        f"{what} of {one} and {other}": (4, swapped(one, other, proofs_alone=what == "proofs"))
        for what in ("entries", "proofs")
        for one in range(4)
        for other in range(one)
    },
    **{f"entry {at} left out": (4, partial(without_entry, at)) for at in range(4)},
    **{f"entry {at} twice": (4, partial(with_entry_twice, at)) for at in range(4)},
    **{
        f"entry {at} at {to:+}": (4, entry_with(at, index=partial(moved_by, to)))
        for at in range(4)
        for to in (-1, 1, 100, -100, 2**52)
    },
    **{f"entry {at} with a short proof": (4, entry_with(at, proof=lambda e: e.proof[1:])) for at in range(4)},
    **{f"entry {at} with a long proof": (4, entry_with(at, proof=lambda e: (*e.proof, bytes(32)))) for at in range(4)},
    **{f"entry {at} without a proof": (4, entry_with(at, proof=lambda e: ())) for at in range(4)},
    **{f"entry {at} with its proof reversed": (4, entry_with(at, proof=lambda e: e.proof[::-1])) for at in range(4)},
    **{
        f"entry {at} with another proof": (4, entry_with(at, proof=lambda e: (flipped(e.proof[0]), *e.proof[1:])))
        for at in range(4)
    },
    **{
        f"entry {at} with other bytes": (4, entry_with(at, entry=lambda e: e.entry.replace(b"2031", b"2030")))
        for at in range(4)
    },
    **{f"entry {at} that is none": (4, entry_with(at, entry=lambda e: b"{}")) for at in range(4)},
    "no entries": (4, lambda p: replace(p, entries=())),
    "no checkpoint": (4, lambda p: replace(p, checkpoint=b"")),
    "a checkpoint that is none": (4, lambda p: replace(p, checkpoint=b"no checkpoint")),
    "a checkpoint cut off": (4, lambda p: replace(p, checkpoint=p.checkpoint[:-1])),
    "a checkpoint with another size": (4, lambda p: replace(p, checkpoint=p.checkpoint.replace(b"\n13\n", b"\n14\n"))),
    "a checkpoint of another size": (4, lambda p: replace(p, checkpoint=longer().checkpoint)),
    "an earlier checkpoint": (4, lambda p: replace(p, checkpoint=p.earlier[0].note)),
    "a checkpoint of another history": (4, lambda p: replace(p, checkpoint=rewritten().checkpoint)),
    "a stranger's checkpoint": (4, lambda p: replace(p, checkpoint=stranger().checkpoint)),
    "a stranger's proofs": (4, lambda p: replace(stranger(), vkey=p.vkey)),
    "no earlier checkpoint": (5, lambda p: replace(p, earlier=())),
    "an earlier checkpoint that is none": (5, earlier_with(note=lambda e: b"")),
    "an earlier checkpoint of another size": (
        5,
        lambda p: replace(p, earlier=of(lambda: shown(0, ACCUSED, LEAK, TRACE, earlier=(3,))).earlier),
    ),
    "an earlier checkpoint of another history": (5, lambda p: replace(p, earlier=rewritten().earlier)),
    "a stranger's earlier checkpoint": (5, lambda p: replace(p, earlier=stranger().earlier)),
    "the proof of consistency of another pair": (
        5,
        earlier_with(consistency=lambda e: longer().earlier[0].consistency),
    ),
    "a proof of consistency reversed": (5, earlier_with(consistency=lambda e: e.consistency[::-1])),
    "a proof of consistency cut short": (5, earlier_with(consistency=lambda e: e.consistency[:-1])),
    "a proof of consistency too long": (5, earlier_with(consistency=lambda e: (*e.consistency, bytes(32)))),
    "a proof of consistency changed": (
        5,
        earlier_with(consistency=lambda e: (flipped(e.consistency[0]), *e.consistency[1:])),
    ),
    "no proof of consistency": (5, earlier_with(consistency=lambda e: ())),
    "an earlier checkpoint twice": (5, lambda p: replace(p, earlier=p.earlier * 2)),
    "the last checkpoint as an earlier one": (
        5,
        lambda p: replace(p, earlier=(replace(p.earlier[0], note=p.checkpoint, consistency=()),)),
    ),
    "a time stamp that is none": (6, lambda p: replace(p, stamp=b"no stamp", authorities=b"none")),
    "an earlier time stamp that is none": (6, earlier_with(stamp=lambda e: b"no stamp")),
    "a time stamp of zeros": (6, lambda p: replace(p, stamp=bytes(1000))),
    "a time stamp too large": (6, lambda p: replace(p, stamp=bytes(300_000))),
}


@pytest.mark.parametrize("lie", PROOFS)
def test_proofs_of_another_thing_are_found(lie: str) -> None:
    step, change = PROOFS[lie]
    check(proving(change), step)


# --- other files and keys -------------------------------------------------------------------------------------------


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


# --- newer versions -------------------------------------------------------------------------------------------------


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


def test_an_entry_of_a_newer_ledger_is_refused() -> None:
    made = bundle_of(honest())
    newer = made.proofs.entries[0].entry.replace(b'"version":1', b'"version":2')
    check(proving(entry_with(0, entry=lambda _: newer)), 4)


# --- several accused ------------------------------------------------------------------------------------------------


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
    assert len(ALTERED) + len(CONSISTENT) + len(EVENTS) + len(PROOFS) + len(HELD) + len(TWO) > 200
    assert Kind.TRACE_RUN in {each.kind for each in honest().entries}
