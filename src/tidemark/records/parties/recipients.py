"""Recipients as an officer names them: on the command line, or in a table saved from Excel. Knows no Django."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tidemark.errors import LimitExceeded, UnreadableFile
from tidemark.limits import MAX_RECIPIENTS_BYTES
from tidemark.records.parties.names import clean_name, fold
from tidemark.records.parties.nonce import read_nonce

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is to get a copy, what else is known of them, and what they contribute to its key."""

    name: str
    data: Mapping[str, str] = field(default_factory=dict)
    nonce: bytes = b""


def merge(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Return each recipient once, in order of first appearance; of data that differ, what was said last."""
    merged: dict[str, Recipient] = {}
    for recipient in recipients:
        first = merged.setdefault(fold(recipient.name), recipient)
        merged[fold(recipient.name)] = Recipient(
            first.name, {**first.data, **recipient.data}, recipient.nonce or first.nonce
        )
    return tuple(merged.values())


def read_recipients(table: bytes) -> tuple[Recipient, ...]:
    """Read a CSV table with a column ``name``; its further columns are the recipients' data, but for ``nonce``.

    Read are: UTF-8 with or without a byte-order mark, UTF-16 with one (Excel's "Unicode text"); commas, semicolons or
    tabs; Excel's ``sep=`` line; lines that are empty or have only delimiters; names that come twice.

    Raises
    ------
    UnreadableFile
        With the number of the line, if there is no such column, no recipient, or a line that cannot be understood.
    LimitExceeded
        If the table is too large.
    """
    if len(table) > MAX_RECIPIENTS_BYTES:
        raise LimitExceeded(f"The list of recipients has {len(table)} bytes; at most {MAX_RECIPIENTS_BYTES} are read.")
    rows = _rows(_decoded(table))
    line, header = next(rows, (1, []))
    columns = [column.strip() for column in header]
    if "name" not in [column.casefold() for column in columns]:
        seen = ", ".join(repr(column) for column in columns if column) or "nothing"
        raise UnreadableFile(f"line {line}: a header with a column `name` was expected, this was seen: {seen}.")
    twice = {column for column in columns if column and columns.count(column) > 1}
    if twice:
        raise UnreadableFile(f"line {line}: the column {min(twice)!r} comes twice. Rename one.")
    recipients = merge(_recipient(columns, row, line=line) for line, row in rows)
    if not recipients:
        raise UnreadableFile("the table has a header but no recipient. Write one a line below it.")
    return recipients


def _recipient(columns: Sequence[str], row: Sequence[str], *, line: int) -> Recipient:
    """Make a recipient of one line of the table."""
    cells = [" ".join(cell.split()) for cell in row]
    if any(cells[len(columns) :]):
        raise UnreadableFile(
            f"line {line}: {len(cells)} values stand under {len(columns)} headings. Quote values that have a delimiter."
        )
    values = dict(zip(columns, cells, strict=False))
    own = {column.casefold(): column for column in columns}
    try:
        name = clean_name(values.pop(own["name"], ""))
        nonce = read_nonce(values.pop(own.get("nonce", ""), ""))
    except ValueError as error:
        raise UnreadableFile(f"line {line}: {error}") from None
    return Recipient(name, {column: value for column, value in values.items() if column and value}, nonce)


def _decoded(table: bytes) -> str:
    """Return the table's text, in any encoding that says itself what it is."""
    encoding = next((name for mark, name in _BOMS.items() if table.startswith(mark)), "utf-8")
    try:
        text = table.decode(encoding)
    except UnicodeDecodeError as error:
        line = table[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            f"line {line}: this is not {encoding.upper().removesuffix('-SIG')} text. In Excel, save it as "
            '"CSV UTF-8 (comma delimited)".'
        ) from None
    if "\0" in text:
        raise UnreadableFile("this is not a text file. Save the table as CSV.")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold anything, each with its number in the file."""
    lines = text.splitlines(keepends=True)
    delimiter, skipped = None, 0
    if lines and lines[0].lower().startswith("sep="):  # Excel's own way to name the delimiter
        delimiter, skipped = lines[0].rstrip("\r\n")[4:5] or None, 1
    body = lines[skipped:]
    header = next((line for line in body if line.strip(f" {_DELIMITERS}\r\n")), "")
    delimiter = delimiter or max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO("".join(body), newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UnreadableFile(f"line {skipped + reader.line_num}: {error}.") from None
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield skipped + reader.line_num, row
