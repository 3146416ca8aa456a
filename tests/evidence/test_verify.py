"""An honest bundle verifies, step by step; and what is asked of it beside the bundle itself is answered rightly."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.engine import workshop
from tests.evidence.affair import (
    COPIES,
    FIRST_COPY,
    LATE_COPY,
    LEAK,
    TRACE,
    Story,
    bundle_of,
    drafts,
    log_of,
    marked,
    seen_again,
    story,
    told,
)
from tests.ledger import authority
from tests.ledger.authority import Authority
from tests.ledger.workshop import KEY, NAME, OTHER_KEY, OTHER_VKEY, VKEY
from tidemark.engine.accuse import log10_bound
from tidemark.engine.retrace import Named, Retrace, retrace
from tidemark.evidence import bundle as bundles
from tidemark.evidence.figures import stated_bound
from tidemark.evidence.verify import Claim, Step, Verification, verify
from tidemark.ledger import checkpoint, merkle, timestamp
from tidemark.ledger.consistency import Consistency
from tidemark.ledger.entry import time_text
from tidemark.ledger.history import ask_for_proof
from tidemark.ledger.receipt import Receipt

pytestmark = pytest.mark.usefixtures("remembering")

LONG_AGO = "2001-03-07T09:00:00.000000Z"
LEAKS = (("copy 2",), ("copy 1", "copy 3"))


def fails_at(found: Verification) -> int:
    """Return the number of the first step that does not hold, 0 if all do."""
    return next((at for at, step in enumerate(found.steps, 1) if not step.holds), 0)


def receipt_of(told_to: Story, index: int, size: int) -> Receipt:
    log = log_of(told_to.entries[:size])
    return log.receipt(index)


def stamped(honest: Story, stamps: Authority, *, authorities: bytes | None = None) -> bytes:
    """Return the bundle with a stamp on its earliest checkpoint and on its last."""
    made = bundle_of(honest)
    first, *rest = made.proofs.earlier
    first = replace(first, stamp=stamps.stamp(timestamp.request(first.note)))
    last = stamps.stamp(timestamp.request(made.proofs.checkpoint))
    roots = stamps.root if authorities is None else authorities
    proofs = replace(made.proofs, earlier=(first, *rest), stamp=last, authorities=roots)
    return bundles.write(replace(made, proofs=proofs), KEY)


@pytest.fixture(scope="module")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority.found(tmp_path_factory.mktemp("authority"))


# --- the honest bundle ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaked", LEAKS, ids=" and ".join)
def test_honest_bundle_holds_in_every_step(leaked: tuple[str, ...]) -> None:
    honest = story(*leaked)
    assert {each.copy for each in honest.finding.accused} == set(leaked)
    found = verify(told(honest), vkey=VKEY)
    assert found.valid
    assert [step.step for step in found.steps] == list(Claim)
    assert all(step.detail for step in found.steps)


def test_an_honest_bundle_verifies_without_anything_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert verify(told(story("copy 2")), vkey=VKEY).valid


def test_steps_can_be_written_as_json() -> None:
    found = verify(told(story("copy 2")))
    assert json.loads(json.dumps([asdict(step) for step in found.steps]))[0]["holds"] is True


def test_reading_back_gives_what_was_written() -> None:
    made = bundle_of(story("copy 1", "copy 3"))
    assert bundles.read(bundles.write(made, KEY)).opened() == made


def test_one_affair_makes_one_file() -> None:
    assert told(story("copy 2")) == told(story("copy 2"))


@pytest.mark.parametrize("missing", range(len(Claim)))
def test_nothing_is_valid_of_which_a_step_fails_or_is_missing(missing: int) -> None:
    steps = tuple(Step(claim, True, "") for claim in Claim)
    assert Verification(steps).valid
    assert not Verification(steps[:missing]).valid
    assert not Verification((*steps[:missing], replace(steps[missing], holds=False), *steps[missing + 1 :])).valid


def test_a_crash_within_a_step_is_a_step_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tidemark.evidence.recomputed.retrace", crash)
    found = verify(told(story("copy 2")))
    assert fails_at(found) == len(found.steps) == 10
    assert "ZeroDivisionError" in found.steps[-1].detail


# --- whose key --------------------------------------------------------------------------------------------------------


def test_without_a_key_the_reader_is_told_to_compare() -> None:
    assert "by its own word only" in verify(told(story("copy 2"))).steps[2].detail


def test_a_strangers_ledger_is_found_by_its_key_alone() -> None:
    """Whoever has another key can write a ledger of his own, in which everything fits."""
    forged = told(story("copy 2"), key=OTHER_KEY)
    assert verify(forged).valid
    assert fails_at(verify(forged, vkey=VKEY)) == 3
    assert fails_at(verify(forged, receipt=receipt_of(story("copy 2"), FIRST_COPY + 2, 5))) == 3


def test_a_seal_by_another_key_of_the_same_name_does_not_hold() -> None:
    made = bundle_of(story("copy 2"))
    assert fails_at(verify(bundles.write(made, OTHER_KEY), vkey=VKEY)) == 2


def test_another_vkey_over_the_owners_proofs_does_not_hold() -> None:
    made = bundle_of(story("copy 2"))
    forged = bundles.write(replace(made, proofs=replace(made.proofs, vkey=OTHER_VKEY)), OTHER_KEY)
    assert fails_at(verify(forged)) == 4
    assert fails_at(verify(forged, vkey=VKEY)) == 3


# --- a holder's receipt -----------------------------------------------------------------------------------------------


def test_receipt_of_the_accused_copy_agrees() -> None:
    found = verify(told(story("copy 2")), receipt=receipt_of(story("copy 2"), FIRST_COPY + 2, FIRST_COPY + 3))
    assert found.valid
    assert "the receipt's checkpoint of 5 entries is one of them" in found.steps[4].detail


def test_an_accused_copys_receipt_of_a_state_that_is_not_shown_needs_the_owners_proof() -> None:
    honest = story("copy 2")
    receipt = receipt_of(honest, FIRST_COPY + 2, FIRST_COPY + 4)
    found = verify(told(honest), receipt=receipt)
    assert fails_at(found) == 5
    assert found.steps[4].detail.endswith(ask_for_proof(FIRST_COPY + 4, honest.size))
    assert verify(told(honest), receipt=receipt, proofs=[consistency_of(honest, FIRST_COPY + 4, honest.size)]).valid


def test_the_accuseds_entry_at_its_place_does_not_show_that_the_rest_was_the_same() -> None:
    honest = story("copy 2")
    received_before = replace(honest.entries[LEAK], time=honest.entries[3].time)
    other = replace(honest, entries=(*honest.entries[:3], received_before, *honest.entries[4:]))
    receipt = receipt_of(other, FIRST_COPY + 2, FIRST_COPY + 4)
    assert receipt.entry == receipt_of(honest, FIRST_COPY + 2, FIRST_COPY + 4).entry
    assert fails_at(verify(told(honest), vkey=VKEY, receipt=receipt)) == 5


def test_receipt_of_another_entry_says_that_it_cannot_be_compared() -> None:
    found = verify(told(story("copy 2")), receipt=receipt_of(story("copy 2"), FIRST_COPY + 3, FIRST_COPY + 4))
    assert found.valid
    assert "cannot be compared" in found.steps[4].detail
    assert found.steps[4].detail.endswith(ask_for_proof(FIRST_COPY + 4, story("copy 2").size))


def consistency_of(told_to: Story, older: int, newer: int) -> Consistency:
    """Return the owner's proof between two states of a story's ledger."""
    log = log_of(told_to.entries)
    earlier, later = (
        checkpoint.sign(checkpoint.Checkpoint(NAME, size, log.root(size)), KEY, NAME) for size in (older, newer)
    )
    return Consistency(earlier, later, merkle.consistency_proof(older, newer, log.nodes), VKEY)


@pytest.mark.parametrize(("index", "size"), [(FIRST_COPY + 3, FIRST_COPY + 4), (LATE_COPY, LATE_COPY + 1)])
def test_receipt_of_another_entry_is_compared_by_the_owners_proof(index: int, size: int) -> None:
    honest = story("copy 2")
    receipt = receipt_of(honest, index, size)
    found = verify(told(honest), receipt=receipt, proofs=[consistency_of(honest, *sorted((size, honest.size)))])
    assert found.valid
    assert f"the receipt's checkpoint of {size} entries is proven to be of the same history" in found.steps[4].detail


def test_an_owner_of_two_histories_is_found_by_the_proof_that_the_owner_can_give() -> None:
    honest, other = story("copy 2"), rewritten(copy_sha256="00" * 32)
    receipt = receipt_of(other, FIRST_COPY + 3, FIRST_COPY + 4)
    assert verify(told(honest), receipt=receipt).valid  # of neither an entry nor a size that the bundle shows
    theirs, ours = (consistency_of(each, FIRST_COPY + 4, honest.size) for each in (other, honest))
    joined = replace(theirs, checkpoint=ours.checkpoint)
    for proof, words in ((theirs, "two histories"), (ours, "two histories"), (joined, "does not lead")):
        found = verify(told(honest), receipt=receipt, proofs=[proof])
        assert fails_at(found) == 5
        assert words in found.steps[4].detail


def test_a_proof_of_another_key_is_refused() -> None:
    honest = story("copy 2")
    forged = replace(consistency_of(honest, FIRST_COPY + 4, honest.size), vkey=OTHER_VKEY)
    receipt = receipt_of(honest, FIRST_COPY + 3, FIRST_COPY + 4)
    assert fails_at(verify(told(honest), receipt=receipt, proofs=[forged])) == 5


def rewritten(**fields: str) -> Story:
    """Return the story of an owner who gave the holder a receipt of another entry than the bundle shows."""
    return story("copy 2").with_body(FIRST_COPY + 2, **fields)


def moved() -> Story:
    """Return the story of an owner whose other ledger had one entry more before the accused copy's."""
    honest = story("copy 2")
    return replace(honest, entries=(honest.entries[0], *honest.entries))


@pytest.mark.parametrize(
    ("other", "index", "size"),
    [
        (lambda: rewritten(key_commitment="00" * 32), FIRST_COPY + 2, FIRST_COPY + 3),
        (lambda: rewritten(copy_sha256="00" * 32), FIRST_COPY + 2, FIRST_COPY + 4),
        (lambda: rewritten(copy_sha256="00" * 32), FIRST_COPY + 1, FIRST_COPY + 3),
        (moved, FIRST_COPY + 3, FIRST_COPY + 4),
    ],
    ids=["root", "entry", "root, of another's receipt", "place"],
)
def test_an_owner_of_two_histories_is_found_by_a_receipt(other: Callable[[], Story], index: int, size: int) -> None:
    data = told(story("copy 2"))
    assert verify(data, vkey=VKEY).valid
    found = verify(data, vkey=VKEY, receipt=receipt_of(other(), index, size))
    assert fails_at(found) == 5
    assert found.steps[4].detail.startswith("The owner signed two histories: ")


def test_a_receipt_that_was_changed_does_not_hold() -> None:
    receipt = receipt_of(story("copy 2"), FIRST_COPY + 2, FIRST_COPY + 3)
    forged = replace(receipt, proof=(bytes(32), *receipt.proof[1:]))
    assert fails_at(verify(told(story("copy 2")), receipt=forged)) == 5


# --- time stamps ------------------------------------------------------------------------------------------------------


def of_today(honest: Story) -> Story:
    """Return the story with its times of these days: an authority stamps with the clock's time."""
    start = datetime.now(UTC) - timedelta(hours=3)
    times = [time_text(start + timedelta(minutes=at)) for at in range(len(honest.entries))]
    entries = tuple(replace(each, time=time) for each, time in zip(honest.entries, times, strict=True))
    dated = replace(honest, entries=entries).with_timeline()
    for at, each in enumerate(dated.finding.accused):
        dated = dated.saying(**{f"accused__{at}__issued": times[FIRST_COPY + COPIES.index(each.copy)]})
    return dated.saying(leak__received=times[LEAK], made=time_text(datetime.now(UTC)))


def test_stamps_show_what_was_in_the_ledger_when(stamps: Authority) -> None:
    found = verify(stamped(of_today(story("copy 1", "copy 3")), stamps), roots=[stamps.root])
    assert found.valid
    detail = found.steps[5].detail
    assert "4 entries, not yet all accused copies, at" in detail
    assert "13 entries, the accused copies among them, at" in detail


def test_without_the_readers_own_roots_the_stamps_hold_by_their_own_word(stamps: Authority) -> None:
    found = verify(stamped(of_today(story("copy 2")), stamps))
    assert found.valid
    assert "by the bundle's own certificates" in found.steps[5].detail


def test_stamps_of_an_authority_that_is_not_trusted_do_not_hold(stamps: Authority, tmp_path: Path) -> None:
    data = stamped(of_today(story("copy 2")), stamps)
    assert fails_at(verify(data, roots=[authority.found(tmp_path).root])) == 6
    assert fails_at(verify(data, roots=[b"no certificate"])) == 6
    assert fails_at(verify(stamped(of_today(story("copy 2")), stamps, authorities=b""))) == 6


def test_a_reader_who_trusts_an_authority_is_not_satisfied_without_its_stamp(stamps: Authority) -> None:
    assert fails_at(verify(told(story("copy 2")), roots=[stamps.root])) == 6


def test_entries_dated_after_the_stamp_that_covers_them_are_found(stamps: Authority) -> None:
    assert fails_at(verify(stamped(story("copy 2"), stamps))) == 6  # entries of 2031


def test_stamps_exchanged_for_one_another_do_not_hold(stamps: Authority) -> None:
    made = bundles.read(stamped(of_today(story("copy 2")), stamps)).opened()
    first, *rest = made.proofs.earlier
    swapped = replace(made.proofs, stamp=first.stamp, earlier=(replace(first, stamp=made.proofs.stamp), *rest))
    assert fails_at(verify(bundles.write(replace(made, proofs=swapped), KEY), roots=[stamps.root])) == 6


# --- what a valid bundle does not show (docs/formats/evidence.md) -----------------------------------------------------


def untold() -> Mapping[str, Story]:
    """Return lies that nothing in a bundle contradicts: each is named on the page, with what does contradict it."""
    honest = story("copy 2")
    (accused,) = honest.finding.accused
    exact_z = seen_again(honest.leak).named[0].z
    no_master = honest.saying(rivals__master_z=None, rivals__master_log10_bound=None)
    return {
        "the reason, in words": honest.saying(reason="the leak was sent by Mr X"),
        "who made the bundle": honest.saying(owner="Somebody else"),
        "what it was computed with": honest.saying(versions={}),
        "when it was made": honest.saying(made="2041-01-01T00:00:00.000000Z"),
        "how other copies scored": no_master.saying(tested__scores=(-3.0, -2.0, -1.0, 0.0, 0.5, accused.z)),
        "how many copies were tested": no_master.with_body(TRACE, copies=1)
        .saying(tested__copies=1, tested__scores=(accused.z,))
        .saying(accused__0__log10_bound=stated_bound(log10_bound(exact_z, copies=1, hypotheses=2)))
        .saying(rivals__next_copy_z=0.0, rivals__next_copy_log10_bound=0.0),
        "what the copy's file was": honest.with_body(FIRST_COPY + 2, copy_sha256="00" * 32),
        "that it was the owner's own": honest.with_body(FIRST_COPY + 2, is_master=True),
        "what the holder contributed": honest.with_body(FIRST_COPY + 2, nonce="00"),
        "that the trace was confined": honest.with_body(TRACE, only_draft="bumper"),
        "what traced it": honest.with_body(TRACE, tidemark="9.9.9"),
        "when the draft was registered": honest.with_entry(0, replace(honest.entries[0], time=LONG_AGO)),
    }


def test_what_a_valid_bundle_does_not_show() -> None:
    for lie, false in untold().items():
        assert verify(told(false), vkey=VKEY).valid, lie


def test_an_owner_who_rewrites_the_whole_ledger_is_found_only_from_outside() -> None:
    """Without a receipt or a stamp from before the leak, all times and the order are the owner's own word."""
    honest = story("copy 2")
    late = tuple(replace(each, time=each.time.replace("2031", "2030")) for each in honest.entries)
    earlier = replace(honest, entries=late).with_timeline()
    (accused,) = honest.finding.accused
    earlier = earlier.saying(accused__0__issued=accused.issued.replace("2031", "2030"))
    earlier = earlier.saying(leak__received=late[LEAK].time)
    assert verify(told(earlier), vkey=VKEY).valid
    kept = receipt_of(honest, FIRST_COPY + 2, FIRST_COPY + 3)
    assert fails_at(verify(told(earlier), vkey=VKEY, receipt=kept)) == 5


@pytest.mark.slow
def test_a_draft_with_a_mark_subtracted_accuses_its_holder_and_other_copies_tell() -> None:
    """An owner who plans it can frame a holder; whoever scores the key against other holders' copies sees it."""
    draft = drafts()[0]
    victim, other = (workshop.opened(marked(draft, copy)).astype(int) for copy in ("copy 2", "copy 1"))
    false_draft = workshop.png(2 * draft.pixels.astype(int) - victim)
    key = (Named(draft.key("copy 2"), 1),)

    def z_of(leak: bytes, original: bytes) -> float:
        seen = retrace(leak, original, key, copies=6, hypotheses=2, decoy_seed=b"", decoys=1)
        assert isinstance(seen, Retrace)
        return seen.named[0].z

    assert z_of(workshop.jpeg(draft.pixels, 75), false_draft) > 20
    assert z_of(workshop.jpeg(other, 75), false_draft) > 20
    assert z_of(workshop.jpeg(other, 75), draft.file) < 5
