"""Time stamps: an authority's word that a checkpoint existed at a time (RFC 3161), over the signed note's bytes.

The faces carry the request to the authority and bring its answer back; here both are bytes. A stamp bounds every entry
below the checkpoint from above: it was written before the stamp's time. How long before, the stamp does not say.

What is verified rests on the authority's certificate as it was valid at the stamp's time. A root that was withdrawn
since, or a hash that was broken since, is for the reader to know. The parts of an answer that the authority does not
sign (its status text, certificates that are not needed) are not protected by it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from tidemark import limits
from tidemark.errors import LedgerTampered, UnreadableFile
from tidemark.ledger.entry import time_of, time_text


@dataclass(frozen=True, slots=True)
class Stamped:
    """What an authority attests.

    Attributes
    ----------
    time : str
        When the note existed at the latest, as :func:`~tidemark.ledger.entry.time_text` writes it.
    authority : str
        Subject of the certificate that signed (RFC 4514).
    policy : str
        The authority's policy, an object identifier in dotted form.
    serial : int
        Number of the stamp at this authority.
    """

    time: str
    authority: str
    policy: str
    serial: int


def request(note: bytes) -> bytes:
    """Return the DER of a request to stamp a note: SHA-256, asking for the certificates. Without a nonce: an
    older answer over the same bytes would say more, not less.

    Raises
    ------
    ValueError
        If the note is empty.
    """
    return (
        TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=False).build().as_bytes()
    )


def verify(token: bytes, note: bytes, roots: Sequence[bytes]) -> Stamped:
    """Verify an authority's answer over a note.

    Parameters
    ----------
    token : bytes
        The whole answer, DER of a TimeStampResp, as the authority sent it.
    note : bytes
        The signed note that was stamped.
    roots : sequence of bytes
        Certificates that the reader trusts, each DER, or PEM of one or several.

    Raises
    ------
    LedgerTampered
        If the answer is malformed or a refusal, stamps other bytes, or is not signed by a time-stamping certificate
        that leads to one of the roots and was valid at the stamp's time.
    UnreadableFile
        If no root is given, or one is not a certificate.
    """
    if len(token) > limits.MAX_STAMP_BYTES:
        raise LedgerTampered(f"A time stamp has at most {limits.MAX_STAMP_BYTES:,} bytes; this has {len(token):,}.")
    trusted = _certificates(roots)
    try:
        answer = decode_timestamp_response(token)
        VerifierBuilder(roots=trusted).build().verify_message(answer, note)
        stamp = answer.tst_info
        return Stamped(time_text(stamp.gen_time), _signer(answer), stamp.policy.dotted_string, stamp.serial_number)
    except (VerificationError, ValueError) as fault:
        reason = _reason(fault)
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # the library's own end, which no Exception covers
            raise
        reason = "it holds a certificate that cannot be read"
    raise LedgerTampered(
        f"The time stamp does not hold for this checkpoint ({reason}). Compare the checkpoint with the one that was "
        "stamped, and the roots with the authority's."
    )


def is_dated_after(entry_time: str, stamped: Stamped) -> bool:
    """Tell whether an entry that a stamp covers is dated after it, by more than a clock may be ahead."""
    return time_of(entry_time) > time_of(stamped.time) + timedelta(hours=limits.MAX_CLOCK_AHEAD_HOURS)


def certificates_pem(roots: Sequence[bytes]) -> bytes:
    """Return trusted certificates (each DER, or PEM of one or several) as PEM and nothing else.

    Raises
    ------
    UnreadableFile
        If there is none, or one is not a certificate.
    """
    return b"".join(each.public_bytes(Encoding.PEM) for each in _certificates(roots))


def _certificates(roots: Sequence[bytes]) -> list[x509.Certificate]:
    try:
        read = [each for root in roots for each in _read(root)]
    except ValueError:
        raise UnreadableFile("A root that is trusted is a certificate in DER or PEM; one given is not.") from None
    if not read:
        raise UnreadableFile("A time stamp is verified with at least one trusted root; none is given.")
    return list(dict.fromkeys(read))


def _read(root: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN" in root:
        return x509.load_pem_x509_certificates(root)
    return [x509.load_der_x509_certificate(root)]


def _signer(answer: TimeStampResponse) -> str:
    """Return the subject of the certificate that the verified signature names."""
    (signer,) = answer.signed_data.signer_infos
    for each in map(x509.load_der_x509_certificate, answer.signed_data.certificates):
        if (each.issuer, each.serial_number) == (signer.issuer, signer.serial_number):
            return each.subject.rfc4514_string()
    raise ValueError("the signing certificate is not in the answer")


def _reason(fault: Exception) -> str:
    """Return what went wrong without the library's stack."""
    inner = re.search(r'Verify error: ([^"]+)', str(fault))
    return inner[1] if inner else str(fault).partition(": ErrorStack")[0]
