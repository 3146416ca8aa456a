"""Another order of events, and proofs of another thing than the ledger holds, are found."""
# ruff: noqa: ARG005 (the changes of a table all take what they change)

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.evidence.affair import (
    LATE_COPY,
    LEAK,
    OTHER_COPY,
    OTHER_DRAFT,
    OTHER_LEAK,
    OTHER_TRACE,
    TRACE,
    Story,
    bundle_of,
    told,
)
from tests.evidence.lies import ACCUSED, check, flipped, honest
from tests.ledger.workshop import KEY, OTHER_KEY, VKEY
from tidemark.evidence import bundle as bundles
from tidemark.evidence.bundle import Proofs, ProvenEntry
from tidemark.evidence.verify import verify

pytestmark = pytest.mark.usefixtures("remembering")

# --- another order of events ---


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


# --- proofs of another thing, sealed by the owner over the ledger as it is ---


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


def test_an_entry_of_a_newer_ledger_is_refused() -> None:
    made = bundle_of(honest())
    newer = made.proofs.entries[0].entry.replace(b'"version":1', b'"version":2')
    check(proving(entry_with(0, entry=lambda _: newer)), 4)
