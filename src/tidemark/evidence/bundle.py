"""The evidence bundle: one file with everything that an accusation rests on (docs/formats/evidence.md).

A bundle is a zip file of which every byte is determined by its contents: members in the order of their names, stored
without compression, without times, comments or extra fields. What is read is written again and compared, so no byte of
the container itself can be changed unseen, and nothing is ever unpacked that is larger than the file.
"""

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tidemark import limits
from tidemark.errors import EvidenceInvalid, LedgerTampered, UnreadableFile
from tidemark.evidence.finding import Finding
from tidemark.ledger import canonical, merkle, note

SCHEME = "tidemark-evidence"
VERSION = 1
EXTENSION = ".tidemark"

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FINDING, LEDGER, KEYS, LEAK, DRAFT = "finding.json", "ledger.json", "keys.json", "leak.bin", "draft.bin"
REPORTS: Mapping[str, str] = {"en": "report-en.pdf", "zh": "report-zh.pdf"}
_REQUIRED = frozenset({MANIFEST, SIGNATURE, FINDING, LEDGER, KEYS, LEAK, DRAFT})
_KNOWN = _REQUIRED | frozenset(REPORTS.values())
_MOST_MANIFEST_BYTES = 64 * 1024
_MOST_LEDGER_BYTES = 4 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry's bytes, its place in the log, and the proof that leads from it to the root of ``Proofs.checkpoint``."""

    entry: bytes
    index: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier checkpoint, and the proof that the log has only grown from it to ``Proofs.checkpoint``.

    ``stamp`` is a time-stamp authority's answer over the note, empty if there is none.
    """

    note: bytes
    consistency: tuple[bytes, ...]
    stamp: bytes = b""


@dataclass(frozen=True, slots=True)
class Proofs:
    """What the bundle shows of the ledger.

    Attributes
    ----------
    vkey : str
        The ledger's public key, as a signed note names it.
    checkpoint : bytes
        The signed note that all proofs lead to.
    stamp : bytes
        Of that note, empty if there is none.
    entries : tuple of ProvenEntry
        Ascending.
    earlier : tuple of Earlier
        Ascending.
    authorities : bytes
        Root certificates (PEM) that the stamps lead to, as the owner names them; empty if there are none.
    """

    vkey: str
    checkpoint: bytes
    entries: tuple[ProvenEntry, ...]
    earlier: tuple[Earlier, ...]
    stamp: bytes = b""
    authorities: bytes = b""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds.

    Attributes
    ----------
    finding : Finding
    proofs : Proofs
    keys : mapping of str to bytes
        The revealed key of each accused copy, by copy id; of no other.
    leak, draft : bytes
        The files.
    reports : mapping of str to bytes
        PDF by language ("en", "zh").
    """

    finding: Finding
    proofs: Proofs
    keys: Mapping[str, bytes] = field(repr=False)
    leak: bytes = field(repr=False)
    draft: bytes = field(repr=False)
    reports: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle as it was read: its members, and the signed manifest that seals them. Nothing is verified yet."""

    members: Mapping[str, bytes] = field(repr=False)

    def broken(self) -> str:
        """Return which member is not the one that the manifest names ('' if all are).

        Raises
        ------
        EvidenceInvalid
            If the manifest is none.
        """
        listed = _manifest_files(self.members[MANIFEST])
        sealed = {name: data for name, data in self.members.items() if name not in (MANIFEST, SIGNATURE)}
        if set(listed) != set(sealed):
            return ", ".join(sorted(set(listed) ^ set(sealed)))
        return ", ".join(name for name, data in sorted(sealed.items()) if listed[name] != _sha256(data))

    def check_signature(self, vkey: str) -> None:
        """Raise LedgerTampered unless exactly this key, and no other, signed the manifest."""
        read = note.parse(self.members[SIGNATURE])
        note.check_signature(read, note.parse_vkey(vkey))
        if len(read.signatures) != 1:
            raise LedgerTampered(f"A manifest has one signature; this has {len(read.signatures)}.")
        if read.text != _sealing_text(self.members[MANIFEST]):
            raise LedgerTampered("The signature is of another manifest.")

    def opened(self) -> Bundle:
        """Return what the members say.

        Raises
        ------
        EvidenceInvalid
            If one of them is malformed.
        """
        return Bundle(
            finding=Finding.from_json(self.members[FINDING]),
            proofs=_proofs_read(self.members[LEDGER]),
            keys=_keys_read(self.members[KEYS]),
            leak=self.members[LEAK],
            draft=self.members[DRAFT],
            reports={language: self.members[name] for language, name in REPORTS.items() if name in self.members},
        )


def write(bundle: Bundle, key: Ed25519PrivateKey) -> bytes:
    """Seal a bundle with the ledger's key and return its file."""
    members = {
        FINDING: bundle.finding.to_json(),
        LEDGER: _proofs_json(bundle.proofs),
        KEYS: canonical.dumps(
            {"scheme": "tidemark-keys", "version": 1, "keys": {copy: each.hex() for copy, each in bundle.keys.items()}}
        ),
        LEAK: bundle.leak,
        DRAFT: bundle.draft,
        **{REPORTS[language]: data for language, data in bundle.reports.items()},
    }
    files = {name: {"bytes": len(data), "sha256": _sha256(data)} for name, data in members.items()}
    members[MANIFEST] = canonical.dumps({"scheme": SCHEME, "version": VERSION, "files": files})
    name = note.parse_vkey(bundle.proofs.vkey).name
    members[SIGNATURE] = note.sign(_sealing_text(members[MANIFEST]), key, name)
    return pack(members)


def read(data: bytes) -> Sealed:
    """Read a bundle's members, none of them verified.

    Raises
    ------
    EvidenceInvalid
        If these bytes are not a bundle exactly as :func:`write` makes it, or one of a newer Tidemark.
    LimitExceeded
        Never; a bundle beyond the limits is invalid.
    """
    if len(data) > limits.MAX_BUNDLE_BYTES:
        raise EvidenceInvalid(
            f"An evidence bundle has at most {limits.MAX_BUNDLE_BYTES / 2**20:,.0f} MiB; this file has "
            f"{len(data) / 2**20:,.0f}."
        )
    members = _unpacked(data)
    if missing := sorted(_REQUIRED - set(members)):
        raise EvidenceInvalid(f"The bundle lacks {', '.join(missing)}. Get the original file.")
    _manifest_files(members[MANIFEST])
    if pack(members) != data:
        raise EvidenceInvalid("The file's container was changed: it is not byte for byte what its members make.")
    return Sealed(members)


def pack(members: Mapping[str, bytes]) -> bytes:
    """Return the one zip file that these members make."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # Unix, on every system
            info.external_attr = 0o644 << 16
            archive.writestr(info, members[name])
    return stream.getvalue()


def _unpacked(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            names = [each.filename for each in listed]
            if strangers := [name for name in names if name not in _KNOWN]:
                raise EvidenceInvalid(f"A bundle has no member {strangers[0][:80]!r}.")
            if len(set(names)) != len(names):
                raise EvidenceInvalid("A bundle has each member once; this has one of them twice.")
            if any(each.compress_type != zipfile.ZIP_STORED or each.flag_bits & 1 for each in listed):
                raise EvidenceInvalid("A bundle's members are neither compressed nor encrypted; here one is.")
            if sum(each.file_size for each in listed) > len(data):
                raise EvidenceInvalid("The bundle's members claim to be larger than the file.")
            return {each.filename: archive.read(each) for each in listed}
    except EvidenceInvalid:
        raise
    except Exception as fault:  # zipfile raises a dozen kinds for damaged files
        raise EvidenceInvalid(f"This is not an evidence bundle, or it is damaged ({type(fault).__name__}).") from fault


def _manifest_files(data: bytes) -> dict[str, str]:
    """Return the SHA-256 of each member that the manifest lists."""
    said = _object(data, "manifest", {"scheme", "version", "files"}, _MOST_MANIFEST_BYTES, scheme=SCHEME)
    listed = said["files"]
    if not isinstance(listed, dict) or not all(isinstance(each, dict) for each in listed.values()):
        raise EvidenceInvalid("The manifest's files are not a list of members.")
    if not all(set(each) == {"bytes", "sha256"} and isinstance(each["sha256"], str) for each in listed.values()):
        raise EvidenceInvalid("The manifest gives bytes and sha256 of each member, no more and no less.")
    return {name: each["sha256"] for name, each in listed.items()}


def _sealing_text(manifest: bytes) -> str:
    return f"{SCHEME} {VERSION}\nmanifest sha256 {_sha256(manifest)}\n"


def _keys_read(data: bytes) -> dict[str, bytes]:
    said = _object(data, "keys", {"scheme", "version", "keys"}, _MOST_LEDGER_BYTES, scheme="tidemark-keys")["keys"]
    try:
        keys = {copy: bytes.fromhex(text) for copy, text in said.items()}
    except (AttributeError, TypeError, ValueError):
        raise EvidenceInvalid("The keys are not hexadecimal.") from None
    if any(len(key) != 32 for key in keys.values()):
        raise EvidenceInvalid("A copy's key has 32 bytes; one of these has not.")
    return keys


def _proofs_json(proofs: Proofs) -> bytes:
    return canonical.dumps(
        {
            "scheme": "tidemark-proofs",
            "version": 1,
            "vkey": proofs.vkey,
            "checkpoint": proofs.checkpoint.decode(),
            "stamp": _text(proofs.stamp),
            "authorities": proofs.authorities.decode(),
            "entries": [
                {"entry": each.entry.decode(), "index": each.index, "proof": _text(b"".join(each.proof))}
                for each in proofs.entries
            ],
            "earlier": [
                {
                    "note": each.note.decode(),
                    "consistency": _text(b"".join(each.consistency)),
                    "stamp": _text(each.stamp),
                }
                for each in proofs.earlier
            ],
        }
    )


def _proofs_read(data: bytes) -> Proofs:
    names = {"scheme", "version", "vkey", "checkpoint", "stamp", "authorities", "entries", "earlier"}
    said = _object(data, "proofs", names, _MOST_LEDGER_BYTES, scheme="tidemark-proofs")
    try:
        proofs = Proofs(
            vkey=said["vkey"],
            checkpoint=said["checkpoint"].encode(),
            entries=tuple(
                ProvenEntry(each["entry"].encode(), each["index"], _hashes(each["proof"])) for each in said["entries"]
            ),
            earlier=tuple(
                Earlier(each["note"].encode(), _hashes(each["consistency"]), _bytes(each["stamp"]))
                for each in said["earlier"]
            ),
            stamp=_bytes(said["stamp"]),
            authorities=said["authorities"].encode(),
        )
        if _proofs_json(proofs) == data:
            return proofs
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise EvidenceInvalid("The ledger's proofs are not written as a bundle has them.")


def _object(data: bytes, what: str, names: set[str], most: int, *, scheme: str) -> dict[str, Any]:
    try:
        said = canonical.loads(data, what=what, max_bytes=most, max_depth=8)
        if said.get("scheme") == scheme and type(said.get("version")) is int and said["version"] > VERSION:
            raise EvidenceInvalid(
                f"This bundle is of version {said['version']}; this Tidemark reads up to {VERSION}. Use the newer one."
            )
        canonical.check_fields(said, frozenset(names), what=what)
    except UnreadableFile as fault:
        raise EvidenceInvalid(str(fault)) from None
    if said["scheme"] != scheme or said["version"] != VERSION:
        raise EvidenceInvalid(f"A bundle's {what} says {scheme}, version {VERSION}; this does not.")
    return said


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _hashes(text: str) -> tuple[bytes, ...]:
    data = _bytes(text)
    if len(data) % merkle.HASH_BYTES:
        raise ValueError("not whole hashes")
    return tuple(data[at : at + merkle.HASH_BYTES] for at in range(0, len(data), merkle.HASH_BYTES))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
