"""A path as it may be written into a log: without the secrets of one-time links, and on one line."""

import re

from django.urls import Resolver404, resolve

_SECRETS = frozenset({"secret", "key", "uidb36", "token"})
_LONG = re.compile(r"[^/]{20,}")
_MOST_CHARS = 300


def shown_path(path: str) -> str:
    """Return the path with secrets masked. Of one that leads nowhere, every long part might be a secret."""
    try:
        match = resolve(path)
    except Resolver404:
        shown = _LONG.sub("***", path)
    else:
        shown = path
        for name, value in match.kwargs.items():
            if name in _SECRETS:
                shown = shown.replace(str(value), "***")
    return ascii(shown[:_MOST_CHARS])[1:-1]
