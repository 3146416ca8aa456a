"""The dossier as data: the facts as JSON, with the files and with a receipt of each entry of the ledger, in one zip."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from djmoney.money import Money

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import time_text
from tidemark.limits import MAX_ARCHIVE_BYTES
from tidemark.records.dossier.facts import Facts
from tidemark.records.dossier.facts_found import File
from tidemark.records.dossier.gather import files_of

SCHEME, VERSION = "tidemark-dossier", 1

_FIRST = ("evidence", "letter", "found", "statement", "case", "sighting")
"""What of the files an archive takes in before what parties handed in."""

ABOUT = """\
What is on record of one case, exported as data.

case.json        all facts; times in UTC, amounts as decimal text with their currency. Its field "files" says which
                 file is which, by SHA-256.
files/           the files themselves, unchanged, as far as there is room; of the others case.json has the SHA-256
                 and no path. Take care: what was found or handed in may be anything.
receipts/        one receipt for each entry of the ledger that the timeline speaks of, named by the entry's number.

Verify offline, with Tidemark installed:
    tidemark verify files/NAME.tidemark          the sealed evidence of a trace
    tidemark ledger verify receipts/NUMBER.receipt   that the entry stands in the signed ledger
"""


def archive(
    facts: Facts,
    *,
    get: Callable[[File], bytes],
    receipts: Mapping[int, bytes],
    by: str,
    now: datetime,
) -> bytes:
    """Return the zip file. The same facts give the same bytes.

    Parameters
    ----------
    facts : Facts
    get : callable
        A file of the dossier → its bytes.
    receipts : mapping of int to bytes
        Number of a ledger's entry → its receipt.
    by : str
        Who exports.

    Raises
    ------
    RecordsDamaged
        If a file is gone.
    """
    taken, names = _taken(files_of(facts), get)
    made = {
        "scheme": SCHEME,
        "version": VERSION,
        "made": time_text(now),
        "made_by": by,
        "case": as_data(facts),
        "files": [
            {"sha256": each.sha256, "about": each.about, "name": each.name, "path": names.get(each.sha256)}
            for each in files_of(facts)
        ],
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out:
        _add(out, "README.txt", ABOUT.encode())
        _add(out, "case.json", (json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
        for index, receipt in sorted(receipts.items()):
            _add(out, f"receipts/{index}.receipt", receipt)
        for sha256, data in taken.items():
            _add(out, names[sha256], data)
    return written.getvalue()


def _taken(files: Sequence[File], get: Callable[[File], bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files that the archive has room for and their paths, by SHA-256.

    Our own come first: no party can push the evidence out by what it hands in.
    """
    taken: dict[str, bytes] = {}
    size = 0
    for each in sorted(files, key=lambda file: _FIRST.index(file.about) if file.about in _FIRST else len(_FIRST)):
        data = get(each)
        if size + len(data) <= MAX_ARCHIVE_BYTES:
            taken[each.sha256], size = data, size + len(data)
    kept = [each for each in files if each.sha256 in taken]
    return {each.sha256: taken[each.sha256] for each in kept}, {
        each.sha256: f"files/{each.sha256}-{_safe(each.name)}" for each in kept
    }


def as_data(value: Any) -> JSON:
    """Return a fact as JSON: times and days as text, money as its amount in decimal text and its currency."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": str(value.currency)}
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_data(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): as_data(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(each) for each in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} is no part of a dossier")


def _add(out: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # no clock: the same facts, the same bytes
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    out.writestr(entry, data)


def _safe(name: str) -> str:
    """Return a name that is a plain file's on every system: it can leave no folder and start no device."""
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in name)
    return kept.lstrip(".")[-80:] or "file"
