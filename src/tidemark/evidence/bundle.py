"""The evidence bundle: one file with everything that an accusation rests on (docs/formats/evidence.md).

A bundle is a zip file of which every byte is determined by its members (``container``). A manifest lists the hash of
each, and the ledger's key signs the manifest; so nobody but the key's owner can change a bit of the file unseen. What
that owner may have made up is for ``verify`` to find.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tidemark import limits
from tidemark.engine.keys import KEY_BYTES
from tidemark.errors import EvidenceInvalid, LedgerTampered, LimitExceeded, UnreadableFile
from tidemark.evidence.container import pack, unpack
from tidemark.evidence.finding import Finding
from tidemark.ledger import canonical, merkle, note

SCHEME = "tidemark-evidence"
PROOFS_SCHEME = "tidemark-proofs"
KEYS_SCHEME = "tidemark-keys"
VERSION = 1
EXTENSION = ".tidemark"

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
FINDING, LEDGER, KEYS, LEAK, DRAFT = "finding.json", "ledger.json", "keys.json", "leak.bin", "draft.bin"
REPORTS: Mapping[str, str] = {"en": "report-en.pdf", "zh": "report-zh.pdf"}
_REQUIRED = frozenset({MANIFEST, SIGNATURE, FINDING, LEDGER, KEYS, LEAK, DRAFT})
_KNOWN = _REQUIRED | frozenset(REPORTS.values())
_MOST_MANIFEST_BYTES = 64 * 1024
_MOST_LEDGER_BYTES = 4 * 1024 * 1024
_KEY = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")


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
        return ", ".join(name for name, data in sorted(sealed.items()) if listed[name] != _listing(data))

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
    """Seal a bundle with the ledger's key and return its file.

    Raises
    ------
    LimitExceeded
        If it is larger than a bundle may be.
    """
    members = {
        FINDING: bundle.finding.to_json(),
        LEDGER: _proofs_json(bundle.proofs),
        KEYS: canonical.dumps(
            {
                "scheme": KEYS_SCHEME,
                "version": VERSION,
                "keys": {copy: each.hex() for copy, each in bundle.keys.items()},
            }
        ),
        LEAK: bundle.leak,
        DRAFT: bundle.draft,
        **{REPORTS[language]: data for language, data in bundle.reports.items()},
    }
    data = pack({**members, **seal(members, key, bundle.proofs.vkey)})
    if len(data) > limits.MAX_BUNDLE_BYTES:
        raise LimitExceeded(
            f"An evidence bundle has at most {limits.MAX_BUNDLE_BYTES / 2**20:,.0f} MiB; this would have "
            f"{len(data) / 2**20:,.0f}. Leave the reports out."
        )
    return data


def seal(members: Mapping[str, bytes], key: Ed25519PrivateKey, vkey: str) -> dict[str, bytes]:
    """Return the two members that seal the others: the manifest, and its signature by the ledger's key."""
    listed = {name: _listing(data) for name, data in members.items()}
    manifest = canonical.dumps({"scheme": SCHEME, "version": VERSION, "files": listed})
    return {MANIFEST: manifest, SIGNATURE: note.sign(_sealing_text(manifest), key, note.parse_vkey(vkey).name)}


def read(data: bytes) -> Sealed:
    """Read a bundle's members, none of them verified.

    Raises
    ------
    EvidenceInvalid
        If these bytes are not a bundle exactly as :func:`write` makes it, too large, or one of a newer Tidemark.
    """
    if len(data) > limits.MAX_BUNDLE_BYTES:
        raise EvidenceInvalid(
            f"An evidence bundle has at most {limits.MAX_BUNDLE_BYTES / 2**20:,.0f} MiB; this file has "
            f"{len(data) / 2**20:,.0f}."
        )
    members = unpack(data, _KNOWN)
    if missing := sorted(_REQUIRED - set(members)):
        raise EvidenceInvalid(f"The bundle lacks {', '.join(missing)}. Get the original file.")
    _manifest_files(members[MANIFEST])
    return Sealed(members)


def _manifest_files(data: bytes) -> dict[str, Any]:
    """Return what the manifest lists of each member."""
    files = _object(data, "manifest", {"scheme", "version", "files"}, _MOST_MANIFEST_BYTES, scheme=SCHEME)["files"]
    if not isinstance(files, dict):
        raise EvidenceInvalid("The manifest's files are not a list of members.")
    return files


def _listing(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": _sha256(data)}


def _sealing_text(manifest: bytes) -> str:
    return f"{SCHEME} {VERSION}\nmanifest sha256 {_sha256(manifest)}\n"


def _keys_read(data: bytes) -> dict[str, bytes]:
    said = _object(data, "keys", {"scheme", "version", "keys"}, _MOST_LEDGER_BYTES, scheme=KEYS_SCHEME)["keys"]
    if not isinstance(said, dict) or not all(isinstance(text, str) and _KEY.fullmatch(text) for text in said.values()):
        raise EvidenceInvalid(f"A copy's key is {KEY_BYTES} bytes in lower-case hexadecimal; one of these is not.")
    return {copy: bytes.fromhex(text) for copy, text in said.items()}


def _proofs_json(proofs: Proofs) -> bytes:
    return canonical.dumps(
        {
            "scheme": PROOFS_SCHEME,
            "version": VERSION,
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
    said = _object(data, "proofs", names, _MOST_LEDGER_BYTES, scheme=PROOFS_SCHEME)
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
    if said["scheme"] != scheme or type(said["version"]) is not int or said["version"] != VERSION:
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
