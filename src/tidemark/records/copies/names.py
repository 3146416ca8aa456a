"""File names and ids that are readable, and safe on every system. Knows no Django.

Kept: letters, digits and accents of every script, so that a Chinese supplier's name stays one. Not kept: path
separators, control and direction marks, what Windows reserves, leading dots and dashes.
"""

import hashlib
import unicodedata

from tidemark.records.parties.names import fold

_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³")}
_EXTENSIONS = {
    "PNG": ("png",),
    "JPEG": ("jpg", "jpeg", "jpe", "jfif"),
    "WEBP": ("webp",),
    "TIFF": ("tif", "tiff"),
    "BMP": ("bmp", "dib"),
}
_UNSAFE = frozenset('<>:"/\\|?*')
# A file's name may have 255 bytes on most systems, 143 on encrypted ones: two parts, the id and the extension fit.
_MAX_PART_BYTES = 56


def copy_file_name(
    draft_name: str, recipient: str, *, extension: str, apart: bool = False, copy: str | None = None
) -> str:
    """Return the name of a copy's file: ``<draft stem>--<recipient slug>.<ext>``.

    Parameters
    ----------
    draft_name : str
        The draft's file name.
    recipient : str
        The holder's name.
    extension : str
        Without its dot.
    apart : bool
        Whether to put a digest of the holder's name into it, where another party's copy has the plain name.
    copy : str, optional
        The copy's id, to be put into the name where the plain one is taken.
    """
    party = slug(recipient, fallback="party")
    if apart:
        digest = f"-{_digest(fold(recipient))}"
        party = _cut(party, _MAX_PART_BYTES - len(digest)).rstrip("-") + digest
    parts = [_safe_stem(draft_name), party, *([copy] if copy else [])]
    return "--".join(parts) + f".{extension}"


def extension_of(name: str, file_format: str) -> str:
    """Return a copy's extension: its draft's own if it is one of the format, else the usual one of the format."""
    own = name.rpartition(".")[2]
    usual = _EXTENSIONS.get(file_format, (file_format.lower(),))
    return own if own.lower() in usual else usual[0]


def slug(text: str, *, fallback: str) -> str:
    """Return ``text`` in lower case, with a dash for every run of what is neither letter nor digit.

    What leaves nothing gets ``fallback`` and a few digits of its hash, so that two of them stay apart.
    """
    kept = "".join(
        char if unicodedata.category(char)[0] in "LN" or unicodedata.combining(char) else "-"
        for char in unicodedata.normalize("NFKC", text).lower()
    )
    short = _cut("-".join(part for part in kept.split("-") if part)).strip("-")
    return short or f"{fallback}-{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:6]


def _safe_stem(file_name: str) -> str:
    """Return a draft's file name without its extension, as it was but for what a system could stumble over."""
    stem = unicodedata.normalize("NFC", file_name.rpartition(".")[0] or file_name)
    safe = "".join(
        "-" if char in _UNSAFE or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char
        for char in stem
        if unicodedata.category(char) != "Cf"
    )
    safe = _cut(safe.lstrip(".-~ ")).rstrip(". ") or "draft"
    return f"_{safe}" if safe.split(".")[0].strip().lower() in _RESERVED else safe


def _cut(text: str, limit_bytes: int = _MAX_PART_BYTES) -> str:
    """Return the longest beginning of ``text`` that has at most so many bytes and whole characters."""
    return text.encode(errors="replace")[:limit_bytes].decode(errors="ignore")
