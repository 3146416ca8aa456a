"""Proofs of consistency, and whether what a reader holds is of the ledger that is shown."""

import random
from dataclasses import replace

import pytest

from tests.ledger.workshop import KEY, NAME, OTHER_KEY, VKEY, Log, log_of_copies
from tidemark.errors import LedgerTampered, TidemarkError, UnreadableFile
from tidemark.ledger import checkpoint, merkle, note
from tidemark.ledger.consistency import Between, Consistency, decode, verify
from tidemark.ledger.history import ask_for_proof, comparable, compare, has_state, read_held

LOG = log_of_copies(23)
FORK = log_of_copies(9)
for _number in range(100, 114):
    FORK.append(LOG.leaves[_number % 9])  # another history, from entry 9 on


def _state(log: Log, size: int) -> checkpoint.Checkpoint:
    return checkpoint.Checkpoint(NAME, size, log.root(size))


def _note(log: Log, size: int, key: object = KEY) -> bytes:
    return checkpoint.sign(_state(log, size), key, NAME)  # type: ignore[arg-type]


def _proof(older: int, newer: int, log: Log = LOG) -> Consistency:
    hashes = merkle.consistency_proof(older, newer, log.nodes)
    return Consistency(_note(log, older), _note(log, newer), hashes, VKEY)


PROOF = _proof(7, 20)
ENCODED = PROOF.encode()


@pytest.mark.parametrize("older", [0, 1, 7, 8, 22, 23])
def test_a_proof_holds_after_a_round_trip(older: int) -> None:
    made = _proof(older, 23)
    assert decode(made.encode()) == made
    assert verify(made, VKEY) == verify(made) == Between(_state(LOG, older), _state(LOG, 23))


def test_every_flipped_bit_of_a_proof_is_found() -> None:
    for at in range(8 * len(ENCODED)):
        changed = bytearray(ENCODED)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(TidemarkError):
            verify(decode(bytes(changed)), VKEY)


def test_every_beginning_of_a_proof_is_refused() -> None:
    for end in range(len(ENCODED)):
        with pytest.raises(UnreadableFile):
            decode(ENCODED[:end])


def test_two_hundred_tampered_proofs_are_found() -> None:
    chance = random.Random("proofs")
    for _ in range(200):
        older, newer = sorted(chance.sample(range(1, 23), 2))
        right, other = _proof(older, newer), _proof(*sorted(chance.sample(range(1, 24), 2)))
        hashes = list(right.proof)
        chance.shuffle(hashes)
        for wrong in (
            replace(right, proof=other.proof),
            replace(right, proof=tuple(hashes)),
            replace(right, proof=right.proof[:-1]),
            replace(right, proof=(*right.proof, right.proof[0])),
            replace(right, earlier=right.checkpoint, checkpoint=right.earlier),
            replace(right, earlier=other.earlier),
            replace(right, checkpoint=_note(FORK, newer) if newer > 9 else right.earlier),
        ):
            if wrong != right and (wrong.earlier, wrong.proof) != (other.earlier, other.proof):
                with pytest.raises(LedgerTampered, match="The proof does not lead"):
                    verify(wrong, VKEY)


def test_a_proof_that_a_stranger_signed_is_refused() -> None:
    theirs = note.vkey(NAME, OTHER_KEY.public_key())
    anew = replace(PROOF, earlier=_note(LOG, 7, OTHER_KEY), checkpoint=_note(LOG, 20, OTHER_KEY), vkey=theirs)
    assert verify(anew).older.size == 7  # it holds together by itself
    with pytest.raises(LedgerTampered, match="this one names another"):
        verify(anew, VKEY)
    with pytest.raises(LedgerTampered, match="A signature of"):
        verify(replace(anew, vkey=VKEY), VKEY)
    with pytest.raises(LedgerTampered, match="does not hold"):
        verify(replace(PROOF, earlier=PROOF.earlier.replace(b"\n7\n", b"\n6\n")), VKEY)


def test_a_checkpoint_with_a_witness_is_no_proof_s() -> None:
    witnessed = PROOF.checkpoint + "— witness.example AAAAAAA=\n".encode()
    with pytest.raises(LedgerTampered, match="alone; this has 2"):
        verify(replace(PROOF, checkpoint=witnessed), VKEY)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"consistency 1", b"consistency 2", "version 2; this Tidemark reads up to 1. Use the newer"),
        (b"tidemark-consistency", b"tidemark-receipt", "begins with the line"),
        (b'"earlier":"', b'"earlier":"","x":"', "canonical|does not know"),
        (b'"vkey":"', b'"vkey":1,"x":"', "does not know"),
        (b'"proof":"', b'"proof":"A', "base64url"),
    ],
)
def test_a_proof_in_any_other_form_is_refused(old: bytes, new: bytes, reason: str) -> None:
    changed = ENCODED.replace(old, new, 1)
    assert changed != ENCODED
    with pytest.raises(UnreadableFile, match=reason):
        decode(changed)


def test_what_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(ValueError, match="hashes in base64url"):
        replace(PROOF, proof=(b"short",)).encode()


def test_what_a_reader_holds_is_read_by_what_it_is() -> None:
    receipt = LOG.receipt(3).encode()
    held = read_held([receipt, _note(LOG, 5), ENCODED], VKEY)
    assert [state.size for state in held.states] == [23, 5]
    assert [(each.older.size, each.newer.size) for each in held.proofs] == [(7, 20)]
    assert [state.size for state in held.everything()] == [23, 5, 7, 20]


@pytest.mark.parametrize("data", [LOG.receipt(3).encode(), _note(LOG, 5), ENCODED])
def test_what_a_reader_holds_of_another_ledger_is_refused(data: bytes) -> None:
    with pytest.raises(LedgerTampered):
        read_held([data], note.vkey(NAME, OTHER_KEY.public_key()))


def test_states_of_one_size_are_compared_and_of_others_need_a_proof() -> None:
    shown = {20: LOG.root(20)}
    compare(shown, [_state(LOG, 20)])
    compare(shown, [_state(LOG, 7)], [verify(PROOF)])
    with pytest.raises(LedgerTampered, match=r"cannot be compared.*--from 7 --to 20"):
        compare(shown, [_state(LOG, 7)])
    with pytest.raises(LedgerTampered, match="--from 20 --to 23"):
        compare(shown, [_state(LOG, 23)])
    with pytest.raises(LedgerTampered, match="two histories"):
        compare(shown, [_state(FORK, 20)])


def test_a_state_is_known_by_size_and_root() -> None:
    known = {20: LOG.root(20)}
    assert has_state(known, _state(LOG, 20))
    assert not has_state(known, _state(FORK, 19))
    with pytest.raises(LedgerTampered, match="two histories: the first 20 entries"):
        has_state(known, _state(FORK, 20))


def test_a_proof_is_asked_for_from_the_older_state_to_the_newer() -> None:
    assert ask_for_proof(20, 7) == ask_for_proof(7, 20)
    assert ask_for_proof(20, 7).endswith("tidemark ledger prove --from 7 --to 20")


def test_a_later_state_and_another_beginning_of_it_are_proven() -> None:
    """What is shown has 12 entries, what is held 7; the owner proves both to be beginnings of the ledger of 20."""
    proofs = [verify(_proof(12, 20)), verify(PROOF)]
    compare({12: LOG.root(12)}, [_state(LOG, 20), _state(LOG, 7)], proofs)
    compare({12: LOG.root(12)}, [_state(LOG, 20), _state(LOG, 7)], proofs[::-1])


def test_histories_that_begin_alike_are_not_taken_for_one() -> None:
    """From a common beginning two histories can grow: a proof from it to the other one shows nothing."""
    common = verify(_proof(9, 20, FORK))
    assert LOG.root(9) == FORK.root(9)
    known = comparable({9: LOG.root(9), 12: LOG.root(12)}, [common])
    assert set(known) == {9, 12}
    with pytest.raises(LedgerTampered, match="cannot be compared"):
        compare({9: LOG.root(9), 12: LOG.root(12)}, [_state(FORK, 20)], [common])


def test_a_proof_to_another_history_of_the_same_size_is_found() -> None:
    with pytest.raises(LedgerTampered, match="two histories"):
        compare({20: LOG.root(20)}, [_state(FORK, 23)], [verify(_proof(20, 23))])
    with pytest.raises(LedgerTampered, match="two histories"):
        comparable({12: LOG.root(12), 20: LOG.root(20)}, [verify(_proof(12, 20, FORK))])
    with pytest.raises(LedgerTampered, match="two histories"):
        comparable({7: LOG.root(7)}, [verify(_proof(7, 20)), verify(_proof(9, 20, FORK))])
