"""One-time links: a random secret for whoever holds the link, a hash of it for us."""

import hashlib
import secrets
from dataclasses import dataclass, field

_RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A new link's secret, and what is kept of it. 32 random bytes need no salt and no slow hash."""

    text: str = field(repr=False)
    sha256: str


def new_secret() -> Secret:
    """Return a fresh secret."""
    text = secrets.token_urlsafe(_RANDOM_BYTES)
    return Secret(text, hash_of(text))


def hash_of(text: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
