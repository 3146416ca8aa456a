"""The master secret: 32 random bytes in a 0600 file of the home folder. Every copy's key derives from it.

It is made on first use and never again: with another one, marks made before would be untraceable and nobody would
notice. So the database keeps a check value of it (an HMAC of a constant, of which the secret cannot be computed).
"""

import hmac
import os
import secrets
import stat
from datetime import datetime

from tidemark.engine.keys import KEY_BYTES
from tidemark.errors import HomeUnusable, WrongKey
from tidemark.records.connect import exclusively
from tidemark.records.copies.models import Copy, SecretCheck
from tidemark.records.files import write_durably
from tidemark.records.home import Home

_CONSTANT = b"tidemark-secret-check 1"
_CHECK_BYTES = 16


def master_secret(home: Home, *, now: datetime | None = None) -> bytes:
    """Return the home's master secret.

    Parameters
    ----------
    now : datetime, optional
        The time, if a secret may be made where there was never one.

    Raises
    ------
    WrongKey
        If the secret is missing though it was there once, or is malformed, or is another one.
    HomeUnusable
        If its file cannot be read or made.
    """
    with exclusively(home):
        return _checked(home, now=now)


def is_exposed(home: Home) -> bool:
    """Return whether other users of this computer may read or change the master secret."""
    return os.name == "posix" and bool(stat.S_IMODE(home.secret.stat().st_mode) & 0o077)


def _checked(home: Home, *, now: datetime | None) -> bytes:
    remembered = SecretCheck.objects.first()
    secret = _read(home)
    if secret is None:
        if remembered is not None or Copy.objects.exists() or now is None:
            raise WrongKey(
                f"The master secret {home.secret} is missing. Restore it from your backup: without it no copy on "
                "record can be traced, and a new one is never made in its place."
            )
        secret = secrets.token_bytes(KEY_BYTES)
        try:
            write_durably(home.secret, secret)
        except OSError as error:
            raise HomeUnusable(f"The master secret {home.secret} cannot be written: {error.strerror}.") from error
    value = hmac.digest(secret, _CONSTANT, "sha256")[:_CHECK_BYTES]
    if remembered is None:
        if Copy.objects.exists():
            raise WrongKey("Copies are on record but no check of their secret is. Restore the database from a backup.")
        if now is not None:
            SecretCheck.objects.create(value=value, created=now)
    elif not hmac.compare_digest(value, bytes(remembered.value)):
        raise WrongKey(
            f"{home.secret} is not the master secret that the copies on record were marked with. "
            "Restore that one from your backup."
        )
    return secret


def _read(home: Home) -> bytes | None:
    """Return the secret in its file, None if there is no file."""
    try:
        secret = home.secret.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HomeUnusable(f"The master secret {home.secret} cannot be read: {error.strerror}.") from error
    if len(secret) != KEY_BYTES:
        raise WrongKey(
            f"The master secret {home.secret} should have {KEY_BYTES} bytes and has {len(secret)}. "
            "Restore it from your backup."
        )
    return secret
