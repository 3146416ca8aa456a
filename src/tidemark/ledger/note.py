"""Signed notes: a text and Ed25519 signatures below it, as C2SP's signed-note v1.0.0 has them (c2sp.org/signed-note).

A signature is made by a named key, and its line carries the key's name and a four-byte id:

    text, ending in a newline
    (an empty line)
    — name base64(key id ‖ signature)

Lines of unknown keys are read but mean nothing: witnesses may add theirs. They are protected by nothing either.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tidemark import limits
from tidemark.errors import LedgerTampered, UnreadableFile

ED25519 = b"\x01"
ID_BYTES = 4
PUBLIC_BYTES = 32

_DASH = "— "  # EM DASH U+2014 and a space
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NOT_IN_NAMES = re.compile("[\x00-\x1f+\ud800-\udfff]")
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P  # of the curve −x² + y² = 1 + d x² y² (RFC 8032 section 5.1)


@dataclass(frozen=True, slots=True)
class Verifier:
    """A named public key that notes are checked with.

    Attributes
    ----------
    name : str
        Without spaces and plus signs; best a URL without its scheme, such as ``halden.example/ledger``.
    public : bytes
        The Ed25519 public key, 32 bytes (RFC 8032).
    """

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ 01 ‖ public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        """Return the vkey, ``name+hex(key id)+base64(01 ‖ public key)``."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who is said to have signed, and the signature."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was read; nothing of it is verified yet."""

    text: str
    signatures: tuple[Signature, ...]


def vkey(name: str, public_key: Ed25519PublicKey) -> str:
    """Return the text by which a public key is handed out: ``name+hex(key id)+base64(01 ‖ public key)``.

    Raises
    ------
    ValueError
        If the name is empty or has a space, a plus sign or a control character.
    """
    check_name(name)
    return str(Verifier(name, public_key.public_bytes(Encoding.Raw, PublicFormat.Raw)))


def signed_by(vkey: str, *, is_given: bool) -> str:
    """Say for people which key signed: one that the reader gave, or one that is still to be compared."""
    return f"signed by {'the key given' if is_given else f'the key that it names itself, {vkey}: compare it'}"


def parse_vkey(text: str) -> Verifier:
    """Read a vkey.

    Raises
    ------
    UnreadableFile
        If it is malformed, not of an Ed25519 key, its id is not that of its name and key, or the key is one of the few
        with which anybody can sign anything: then its owner could disown every checkpoint.
    """
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    key = decode_base64(encoded)
    if not _is_name(name) or key is None or len(key) != 1 + PUBLIC_BYTES or key[:1] != ED25519:
        raise UnreadableFile(
            "A ledger's public key is written name+id+base64 and is of Ed25519; this is not. Copy it again, whole."
        )
    verifier = Verifier(name, key[1:])
    if verifier.key_id.hex() != key_id:
        raise UnreadableFile(
            f"A ledger's public key of this name has the id {verifier.key_id.hex()}; another is given. Copy it again."
        )
    if _has_small_order(verifier.public):
        raise UnreadableFile("With this public key anybody can sign anything; trust nothing that it signed.")
    return verifier


def sign(text: str, private_key: Ed25519PrivateKey, name: str) -> bytes:
    """Return the note that says ``text``, with one signature.

    Raises
    ------
    ValueError
        If the text does not end in a newline or holds another control character, or the name is not one.
    """
    check_name(name)
    if not text.endswith("\n") or _CONTROL.search(text):
        raise ValueError("a note's text ends in a newline and has no other control characters")
    public = private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signed = Verifier(name, public).key_id + private_key.sign(text.encode())
    return f"{text}\n{_DASH}{name} {base64.b64encode(signed).decode()}\n".encode()


def parse(note: bytes) -> Note:
    """Read a note without verifying it.

    Raises
    ------
    LedgerTampered
        If it is not exactly of the form above, or over ``limits.MAX_NOTE_BYTES`` or ``MAX_NOTE_SIGNATURES``.
    """
    if len(note) > limits.MAX_NOTE_BYTES:
        raise LedgerTampered(f"A signed note has at most {limits.MAX_NOTE_BYTES:,} bytes; this has {len(note):,}.")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise LedgerTampered("A signed note is UTF-8; this is not. Get the original.") from None
    if _CONTROL.search(whole):
        raise LedgerTampered("A signed note has no control characters but newlines; this has. Get the original.")
    text, empty_line, lines = whole.rpartition("\n\n")
    if not empty_line or not lines.endswith("\n"):
        raise LedgerTampered("A signed note is a text, an empty line and signatures, each line ended; this is not.")
    signed = lines[:-1].split("\n")
    if len(signed) > limits.MAX_NOTE_SIGNATURES:
        raise LedgerTampered(
            f"A signed note is read with at most {limits.MAX_NOTE_SIGNATURES} signatures; this has {len(signed)}."
        )
    return Note(text + "\n", tuple(_signature(line) for line in signed))


def check_signature(note: Note, verifier: Verifier) -> None:
    """Check that the key signed the note's text. Lines of other keys are ignored; all of this key's must hold.

    Raises
    ------
    LedgerTampered
        If the key has no line, or a line that does not hold.
    """
    ours = [each for each in note.signatures if (each.name, each.key_id) == (verifier.name, verifier.key_id)]
    if not ours:
        raise LedgerTampered(
            f"A signature of {verifier.name} (key {verifier.key_id.hex()}) was expected below the checkpoint; there is "
            f"none among {len(note.signatures)}. Check that this is the ledger's public key."
        )
    key = Ed25519PublicKey.from_public_bytes(verifier.public)
    for each in ours:
        try:
            key.verify(each.signature, note.text.encode())
        except InvalidSignature:
            raise LedgerTampered(
                f"The signature of {verifier.name} (key {verifier.key_id.hex()}) does not hold: the checkpoint was "
                "changed after it was signed, or another key of this name signed it."
            ) from None


def check_name(name: str) -> None:
    """Raise ValueError unless a key may have this name."""
    if not _is_name(name):
        raise ValueError("a key's name is not empty and has no space, no plus sign and no control character")


def decode_base64(text: str) -> bytes | None:
    """Decode standard base64 with padding (RFC 4648 section 4); None unless it is written in the one canonical way."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    data = decode_base64(encoded)
    if not line.startswith(_DASH) or not _is_name(name) or data is None or len(data) <= ID_BYTES:
        raise LedgerTampered("A signature line is an em dash, a name and base64; one here is not. Get the original.")
    return Signature(name, data[:ID_BYTES], data[ID_BYTES:])


def _is_name(name: str) -> bool:
    return bool(name) and not any(char.isspace() or _NOT_IN_NAMES.match(char) for char in name)


def _has_small_order(public: bytes) -> bool:
    """Tell whether a point has order 1, 2, 4 or 8: y is 1, −1, 0, or x² = −y², hence d y⁴ + 2 y² = 1."""
    y = int.from_bytes(public, "little") % 2**255 % _P
    return y in (0, 1, _P - 1) or (_D * y**4 + 2 * y**2 - 1) % _P == 0
