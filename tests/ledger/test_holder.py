"""What a holder verifies of a receipt and of a proof: the key, the copy, and what it holds from before."""

import hashlib
from dataclasses import replace

import pytest

from tests.ledger.workshop import KEY, NAME, OTHER_VKEY, VKEY, Log, issued, log_of, log_of_copies
from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import checkpoint, entry, merkle
from tidemark.ledger.consistency import Consistency
from tidemark.ledger.holder import verify_proof, verify_receipt

COPY = hashlib.sha256(b"the copy").hexdigest()
ISSUED = replace(issued(3), body={**issued(3).body, "copy_sha256": COPY})
LOG = log_of([*log_of_copies(3).leaves, entry.encode(ISSUED), *log_of_copies(9).leaves])
FORK = log_of([*LOG.leaves[:-1], LOG.leaves[0]])
SIZE = len(LOG.leaves)
RECEIPT = LOG.receipt(3).encode()


def _note(log: Log, size: int) -> bytes:
    return checkpoint.sign(checkpoint.Checkpoint(NAME, size, log.root(size)), KEY, NAME)


def _proof(older: int, newer: int = SIZE) -> bytes:
    hashes = merkle.consistency_proof(older, newer, LOG.nodes)
    return Consistency(_note(LOG, older), _note(LOG, newer), hashes, VKEY).encode()


def test_a_receipt_shows_its_entry_and_by_which_key() -> None:
    found = verify_receipt(RECEIPT, VKEY, copy_sha256=COPY)
    assert (found.entry, found.index, found.held) == (ISSUED, 3, 0)
    assert found.said() == (f"entry 3 of the ledger, copy-issued at {ISSUED.time}, signed by the key given",)
    (said,) = verify_receipt(RECEIPT).said()
    assert said.endswith(f"signed by the key that it names itself, {VKEY}: compare it")


def test_a_receipt_of_another_key_or_copy_is_refused() -> None:
    with pytest.raises(LedgerTampered, match="this one names another"):
        verify_receipt(RECEIPT, OTHER_VKEY)
    for receipt, sha256 in ((RECEIPT, "00" * 32), (LOG.receipt(2).encode(), COPY)):
        with pytest.raises(LedgerTampered, match=f"another file than the receipt's: its SHA-256 is {sha256}"):
            verify_receipt(receipt, VKEY, copy_sha256=sha256)


def test_a_receipt_is_of_the_history_that_its_holder_holds() -> None:
    found = verify_receipt(RECEIPT, VKEY, since=[_note(LOG, SIZE)])
    assert found.held == 1
    assert found.said()[1:] == ("it is of the same history as what you hold",)
    assert verify_receipt(RECEIPT, VKEY, since=[_note(LOG, 5), _proof(5)]).held == 3  # both ends of the proof, too
    with pytest.raises(LedgerTampered, match=f"cannot be compared.*--from 5 --to {SIZE}"):
        verify_receipt(RECEIPT, VKEY, since=[_note(LOG, 5)])
    with pytest.raises(LedgerTampered, match="two histories"):
        verify_receipt(RECEIPT, VKEY, since=[_note(FORK, SIZE)])


def test_a_proof_shows_its_states_and_says_whether_the_older_one_is_the_holder_s() -> None:
    alone = verify_proof(_proof(5), VKEY)
    assert (alone.between.older.size, alone.between.newer.size) == (5, SIZE)
    first, second = alone.said()
    assert first == f"the ledger of 5 entries is the beginning of that of {SIZE}, both signed by the key given"
    assert second.startswith("whether the older one is yours is not shown")
    compared = verify_proof(_proof(5), since=[_note(LOG, 5)])
    assert compared.said()[0].endswith(f"signed by the key that it names itself, {VKEY}: compare it")
    assert compared.said()[1] == "it is of the same history as what you hold"


def test_a_proof_of_another_key_or_history_is_refused() -> None:
    with pytest.raises(LedgerTampered, match="this one names another"):
        verify_proof(_proof(5), OTHER_VKEY)
    with pytest.raises(LedgerTampered, match="two histories"):
        verify_proof(_proof(5), VKEY, since=[_note(FORK, SIZE)])
    with pytest.raises(LedgerTampered, match="cannot be compared"):
        verify_proof(_proof(5), VKEY, since=[_note(LOG, 7)])


def test_what_is_neither_is_not_read() -> None:
    with pytest.raises(UnreadableFile):
        verify_receipt(_proof(5), VKEY)
    with pytest.raises(UnreadableFile):
        verify_proof(RECEIPT, VKEY)
