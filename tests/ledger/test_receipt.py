"""Receipts: they hold, they fit a QR code, and no bit of one can be changed unnoticed."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.workshop import KEY, NAME, OTHER_KEY, VKEY, issued, log_of, log_of_copies
from tidemark import limits
from tidemark.errors import LedgerTampered, TidemarkError, UnreadableFile
from tidemark.ledger import checkpoint, entry, merkle, note, receipt
from tidemark.ledger.receipt import Receipt, decode, verify

LOG = log_of_copies(11)
RECEIPT = LOG.receipt(6)
ENCODED = RECEIPT.encode()


@pytest.mark.parametrize("index", range(11))
def test_a_receipt_of_every_entry_holds_after_a_round_trip(index: int) -> None:
    held = decode(LOG.receipt(index).encode())
    assert held == LOG.receipt(index)
    assert verify(held, VKEY) == verify(held) == issued(index)


def test_a_receipt_is_written_as_documented() -> None:
    header, line, nothing = ENCODED.decode().split("\n")
    assert (header, nothing) == ("tidemark-receipt 1", "")
    fields = json.loads(line)
    assert list(fields) == ["checkpoint", "entry", "index", "proof", "vkey"]
    assert fields["entry"] == json.loads(entry.encode(issued(6)))
    assert entry.encode(issued(6)) in ENCODED  # the leaf's bytes stand in the file as they are
    assert fields["index"] == 6
    assert len(fields["proof"]) == -(-len(RECEIPT.proof) * 32 * 4 // 3)


def test_every_flipped_bit_of_a_receipt_is_found() -> None:
    for at in range(8 * len(ENCODED)):
        changed = bytearray(ENCODED)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(TidemarkError):
            verify(decode(bytes(changed)), VKEY)


def test_every_beginning_of_a_receipt_is_refused() -> None:
    for end in range(len(ENCODED)):
        with pytest.raises(UnreadableFile):
            decode(ENCODED[:end])


@given(st.integers(0, len(ENCODED)), st.binary(min_size=1, max_size=8))
def test_inserted_bytes_are_found(at: int, inserted: bytes) -> None:
    with pytest.raises(TidemarkError):
        verify(decode(ENCODED[:at] + inserted + ENCODED[at:]), VKEY)


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_and_break_nothing(data: bytes) -> None:
    for whole in (data, b"tidemark-receipt 1\n" + data, b"tidemark-receipt 1\n" + data + b"\n"):
        with pytest.raises(UnreadableFile):
            decode(whole)


def test_a_receipt_of_a_huge_ledger_fits_one_qr_code() -> None:
    """A ledger of 10⁹ entries: thirty hashes above an entry of 700 bytes. The tree above is put together upwards."""
    made = issued(1)
    room = 700 - len(entry.encode(replace(made, body={**made.body, "note": ""})))
    leaf = entry.encode(replace(made, body={**made.body, "note": "x" * room}))
    size, index = 10**9, 123_456_789
    proof = tuple(merkle.leaf_hash(b"%d" % level) for level in range(30))
    root = merkle.root_from_inclusion(merkle.leaf_hash(leaf), index, size, proof)
    signed = checkpoint.sign(checkpoint.Checkpoint(NAME, size, root), KEY, NAME)
    large = Receipt(leaf, index, proof, signed, VKEY)
    assert len(leaf) == 700
    assert verify(decode(large.encode()), VKEY).body["note"] == "x" * room
    assert len(large.encode()) <= limits.QR_BYTES


def test_a_receipt_with_the_longest_names_is_too_large_for_a_qr_code_and_holds_all_the_same() -> None:
    """As docs/formats/ledger.md says: four texts of 200 Chinese characters."""
    made = issued(1)
    names = dict.fromkeys(("holder", "agreement", "responsible", "note"), "霁" * limits.MAX_NAME_CHARS)
    large = log_of([entry.encode(replace(made, body={**made.body, **names}))]).receipt(0)
    assert len(large.encode()) > limits.QR_BYTES
    assert verify(decode(large.encode()), VKEY).body["holder"] == names["holder"]


def test_a_receipt_of_another_ledger_is_refused_when_the_key_is_known() -> None:
    forged = replace(RECEIPT, checkpoint=LOG.note(OTHER_KEY), vkey=note.vkey(NAME, OTHER_KEY.public_key()))
    assert verify(forged) == issued(6)  # consistent in itself: only the trusted key tells
    with pytest.raises(LedgerTampered, match="was expected; this one names another"):
        verify(forged, VKEY)


def test_the_reason_names_what_fails() -> None:
    with pytest.raises(LedgerTampered, match=r"The signature .* does not hold"):
        verify(replace(RECEIPT, checkpoint=RECEIPT.checkpoint.replace(b"\n11\n", b"\n12\n")), VKEY)
    with pytest.raises(LedgerTampered, match="as number 6, to the root that was signed for 11 entries"):
        verify(replace(RECEIPT, entry=entry.encode(issued(7))), VKEY)
    with pytest.raises(LedgerTampered, match="as number 7"):
        verify(replace(RECEIPT, index=7), VKEY)
    with pytest.raises(LedgerTampered, match="as number 11"):
        verify(replace(RECEIPT, index=11), VKEY)
    with pytest.raises(LedgerTampered, match="The proof"):
        verify(replace(RECEIPT, proof=RECEIPT.proof[:-1]), VKEY)


def test_the_proof_of_one_entry_does_not_hold_for_another() -> None:
    for index in range(11):
        other = LOG.receipt(index)
        for mixed in (replace(RECEIPT, proof=other.proof, index=other.index), replace(RECEIPT, entry=other.entry)):
            if index != 6:
                with pytest.raises(LedgerTampered):
                    verify(mixed, VKEY)


def test_an_older_checkpoint_with_a_newer_proof_is_refused() -> None:
    older = log_of_copies(9)
    with pytest.raises(LedgerTampered, match="signed for 9 entries"):
        verify(replace(RECEIPT, checkpoint=older.note()), VKEY)


def test_a_checkpoint_with_a_witness_is_no_receipt_s() -> None:
    """What the ledger's key did not sign could be changed unnoticed."""
    witnessed = RECEIPT.checkpoint + "— witness.example AAAAAAA=\n".encode()
    with pytest.raises(LedgerTampered, match="alone; this has 2"):
        verify(replace(RECEIPT, checkpoint=witnessed), VKEY)


def test_a_leaf_that_is_no_entry_is_said_to_be_unreadable_not_tampered() -> None:
    log = log_of([b'{"scheme":"tidemark-ledger","version":2}'])
    with pytest.raises(UnreadableFile, match="newer Tidemark"):
        verify(decode(log.receipt(0).encode()), VKEY)


def test_a_malformed_trusted_key_is_said_to_be_so() -> None:
    with pytest.raises(UnreadableFile, match="public key"):
        verify(RECEIPT, "not a key")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"tidemark-receipt 1", b"tidemark-receipt 2", "version 2; this Tidemark reads up to 1. Use the newer"),
        (b"tidemark-receipt 1", b"tidemark-receipt 01", "begins with the line"),
        (b"tidemark-receipt 1\n", b"tidemark-receipt 1\r\n", "begins with the line"),
        (b"tidemark-receipt", b"tidemark-ledger", "begins with the line"),
        (b'"index":6', b'"index":6.0', "canonical"),
        (b'"index":6', b'"index":-6', "whole number"),
        (b'"index":6', b'"index":true', "whole number"),
        (b'"index":6', b'"index":9007199254740992', "beyond 2"),
        (b'"index":6', b'"index":6,"more":1', "canonical|does not know"),
        (b'"index":6,', b"", "lacks index"),
        (b'"proof":"', b'"proof":"A', "base64url"),
        (b'"proof":"', b'"proof":"=', "base64url"),
        (b'"proof":"', '"proof":"é'.encode(), "base64url"),
        (b'"proof":"', b'"proof":"' + b"A" * 43, "base64url"),
        (b'"vkey":"', b'"vkey":1,"x":"', "does not know"),
    ],
)
def test_a_receipt_in_any_other_form_is_refused(old: bytes, new: bytes, reason: str) -> None:
    changed = ENCODED.replace(old, new, 1)
    assert changed != ENCODED
    with pytest.raises(UnreadableFile, match=reason):
        decode(changed)


@pytest.mark.parametrize(
    "changes", [{"index": -1}, {"proof": (b"short",)}, {"entry": b"not JSON"}, {"entry": b'{"a": 1}'}]
)
def test_what_could_not_be_read_back_is_not_written(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
        replace(RECEIPT, **changes).encode()


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    with pytest.raises(UnreadableFile, match="524,288 bytes"):
        decode(bytes(limits.MAX_RECEIPT_BYTES + 1))
    assert (receipt.SCHEME, receipt.VERSION) == ("tidemark-receipt", 1)
