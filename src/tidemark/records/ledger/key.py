"""The key that signs the ledger's checkpoints and evidence bundles: 32 bytes of Ed25519 in a 0600 file.

Holders keep its public half in their receipts. It is made on first use and never replaced: with another key, nothing
that was signed before could be added to.
"""

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tidemark.errors import HomeUnusable, WrongKey
from tidemark.ledger.note import vkey
from tidemark.records.files import write_durably
from tidemark.records.home import Home
from tidemark.records.ledger.models import SignedCheckpoint

_KEY_BYTES = 32
_NAME_CHARS = 12


def signing_key(home: Home) -> Ed25519PrivateKey:
    """Return the ledger's key, making it if nothing has been signed yet. The caller holds the home's lock.

    Raises
    ------
    WrongKey
        If it is missing though something was signed, malformed, or not the one that signed the last checkpoint.
    HomeUnusable
        If its file cannot be read or made.
    """
    last = SignedCheckpoint.objects.order_by("-size").first()
    try:
        seed = home.ledger_key.read_bytes()
    except FileNotFoundError:
        if last is not None:
            raise WrongKey(
                f"The ledger's key {home.ledger_key} is missing. Restore it from your backup: receipts and evidence "
                "name it, and a new one is never made in its place."
            ) from None
        seed = _made(home)
    except OSError as error:
        raise HomeUnusable(f"The ledger's key {home.ledger_key} cannot be read: {error.strerror}.") from error
    if len(seed) != _KEY_BYTES:
        raise WrongKey(
            f"The ledger's key {home.ledger_key} should have {_KEY_BYTES} bytes and has {len(seed)}. "
            "Restore it from your backup."
        )
    key = Ed25519PrivateKey.from_private_bytes(seed)
    if last is not None:
        _refuse_other(home, key, bytes(last.note))
    return key


def origin_of(key: Ed25519PrivateKey) -> str:
    """Return the log's name, which its checkpoints begin with: it is derived from the key, so no two logs share it."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"tidemark-{hashlib.sha256(public).hexdigest()[:_NAME_CHARS]}"


def public_key_text(key: Ed25519PrivateKey) -> str:
    """Return the verifier key of a signed note, to be given to whoever is to trust the ledger."""
    return vkey(origin_of(key), key.public_key())


def _made(home: Home) -> bytes:
    seed = secrets.token_bytes(_KEY_BYTES)
    try:
        write_durably(home.ledger_key, seed)
    except OSError as error:
        raise HomeUnusable(f"The ledger's key {home.ledger_key} cannot be written: {error.strerror}.") from error
    return seed


def _refuse_other(home: Home, key: Ed25519PrivateKey, note: bytes) -> None:
    if not note.startswith(f"{origin_of(key)}\n".encode()):
        raise WrongKey(
            f"{home.ledger_key} is not the key that the ledger was signed with. Restore that one from your backup."
        )
