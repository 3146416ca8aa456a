"""Time stamps, by an authority of the tests' own."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.ledger import authority
from tests.ledger.authority import Authority
from tests.ledger.workshop import log_of_copies
from tidemark import limits
from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger import timestamp
from tidemark.ledger.entry import time_of, time_text

NOTE = log_of_copies(5).note()
LATER_NOTE = log_of_copies(6).note()


@pytest.fixture(scope="module")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority.found(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def token(stamps: Authority) -> bytes:
    return stamps.stamp(timestamp.request(NOTE))


def exchanged(token: bytes, old: bytes, new: bytes) -> bytes:
    """Exchange a certificate in an answer, and mend the lengths of the five DER objects that enclose it."""
    at, grown = token.index(old), len(new) - len(old)
    data = bytearray(token.replace(old, new))
    for start in range(at):
        if token[start] in (0x30, 0xA0) and token[start + 1] == 0x82:
            length = int.from_bytes(token[start + 2 : start + 4])
            if start + 4 + length >= at + len(old):
                data[start + 2 : start + 4] = (length + grown).to_bytes(2)
    return bytes(data)


def test_a_stamp_says_when_and_by_whom(stamps: Authority, token: bytes) -> None:
    stamped = timestamp.verify(token, NOTE, [stamps.root])
    assert abs(time_of(stamped.time) - datetime.now(UTC)) < timedelta(minutes=10)
    assert stamped.authority == "CN=Test Stamps,O=Halden Tests"
    assert stamped.policy == "1.2.3.4.5"
    assert stamped.serial > 0


@pytest.mark.parametrize(("later", "is_after"), [(timedelta(), False), (timedelta(microseconds=1), True)])
def test_an_entry_may_be_dated_a_day_after_its_stamp_and_no_more(later: timedelta, is_after: bool) -> None:
    stamped = timestamp.Stamped("2031-03-07T09:30:00.000000Z", authority="", policy="", serial=1)
    dated = time_of(stamped.time) + timedelta(days=1) + later
    assert timestamp.is_dated_after(time_text(dated), stamped) is is_after


def test_a_stamp_of_another_checkpoint_does_not_hold(stamps: Authority, token: bytes) -> None:
    for note in (LATER_NOTE, NOTE[:-1], NOTE + b"\n", b""):
        with pytest.raises(LedgerTampered, match="does not hold"):
            timestamp.verify(token, note, [stamps.root])


def test_a_stamp_by_an_authority_that_is_not_trusted_does_not_hold(tmp_path: Path, token: bytes) -> None:
    stranger = authority.found(tmp_path)  # of the same name
    with pytest.raises(LedgerTampered, match="does not hold"):
        timestamp.verify(token, NOTE, [stranger.root])


@pytest.mark.parametrize("usage", ["critical,codeSigning", "timeStamping"])
def test_a_certificate_for_another_use_stamps_nothing(stamps: Authority, usage: str) -> None:
    """openssl does not stamp with such a certificate, so one of the same key is put in the place of the right one."""
    right, again, other = (
        x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        for pem in (
            (stamps.folder / "stamper.pem").read_bytes(),
            stamps.certificate_for("critical,timeStamping"),
            stamps.certificate_for(usage),
        )
    )
    assert again != right
    token = stamps.stamp(timestamp.request(NOTE))  # after they were issued: they must be valid at its time
    assert timestamp.verify(exchanged(token, right, again), NOTE, [stamps.root])
    with pytest.raises(LedgerTampered, match="purpose"):
        timestamp.verify(exchanged(token, right, other), NOTE, [stamps.root])


def test_no_flipped_bit_gives_another_stamp(stamps: Authority, token: bytes) -> None:
    """Some bits of an answer are signed by nobody (version numbers); what is attested never changes with them."""
    sound = timestamp.verify(token, NOTE, [stamps.root])
    found = 0
    for at in range(8 * len(token)):
        changed = bytearray(token)
        changed[at // 8] ^= 1 << at % 8
        try:
            assert timestamp.verify(bytes(changed), NOTE, [stamps.root]) == sound
        except LedgerTampered:
            found += 1
    assert found > 0.98 * 8 * len(token)


@pytest.mark.parametrize("data", [b"", b"not DER", b"\x30\x80", bytes(1000)])
def test_an_answer_that_is_no_answer_is_refused(stamps: Authority, data: bytes) -> None:
    with pytest.raises(LedgerTampered, match="does not hold"):
        timestamp.verify(data, NOTE, [stamps.root])


def test_bytes_after_an_answer_are_refused(stamps: Authority, token: bytes) -> None:
    with pytest.raises(LedgerTampered, match="does not hold"):
        timestamp.verify(token + b"\x00", NOTE, [stamps.root])
    with pytest.raises(LedgerTampered, match="at most 262,144 bytes"):
        timestamp.verify(token + bytes(limits.MAX_STAMP_BYTES), NOTE, [stamps.root])


def test_an_answer_with_a_certificate_that_cannot_be_read_is_refused_like_any_other(
    stamps: Authority, token: bytes
) -> None:
    """The library ends the program over it rather than raising an error."""
    for broken in (token.replace(b"Halden Tests", b"Halden\xffTests"), token.replace(b"Stamps", b"Stamp\xff")):
        assert broken != token
        with pytest.raises(LedgerTampered, match="does not hold"):
            timestamp.verify(broken, NOTE, [stamps.root])


def test_a_refusal_is_no_stamp(stamps: Authority) -> None:
    refusal = bytes.fromhex("300530030201 02".replace(" ", ""))  # PKIStatus 2, rejection, no token
    with pytest.raises(LedgerTampered, match="does not hold"):
        timestamp.verify(refusal, NOTE, [stamps.root])


def test_roots_may_be_der_or_pem_and_several(tmp_path: Path, stamps: Authority, token: bytes) -> None:
    stranger = authority.found(tmp_path, name="Other Stamps")
    der = x509.load_pem_x509_certificate(stamps.root).public_bytes(Encoding.DER)
    expected = timestamp.verify(token, NOTE, [stamps.root])
    for roots in ([der], [stranger.root, der], [stranger.root + stamps.root], [der, stamps.root]):
        assert timestamp.verify(token, NOTE, roots) == expected


@pytest.mark.parametrize("roots", [[], [b""], [b"not a certificate"], [b"-----BEGIN CERTIFICATE-----\n"]])
def test_roots_that_are_none_are_refused(token: bytes, roots: list[bytes]) -> None:
    with pytest.raises(UnreadableFile, match="root"):
        timestamp.verify(token, NOTE, roots)


def test_a_request_holds_nothing_of_the_note_but_its_hash() -> None:
    assert NOTE not in timestamp.request(NOTE)
    assert hashlib.sha256(NOTE).digest() in timestamp.request(NOTE)
    assert timestamp.request(NOTE) == timestamp.request(NOTE)
    with pytest.raises(ValueError, match="empty"):
        timestamp.request(b"")
