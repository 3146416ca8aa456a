"""Leaks that come by e-mail: every message that is put into the home's ``inbox`` folder is read once.

A mail server, or a person, puts whole messages there as ``*.eml``. Their pictures become posts; the message is moved to
``inbox/done``, or to ``inbox/refused`` with a file beside it that says why. Anybody may write an e-mail, so nothing in
it is believed: the sender's name is what the sender says, addresses are looked for in the text only to be shown, and
what is kept are the attachments' bytes, which the intake judges like any other's.

A message is moved after its posts are remembered. One that is cut off between the two is read again, and makes the
same posts, which are on record already.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path

from django.utils.translation import gettext as _

from tidemark.errors import HomeUnusable, TidemarkError
from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.files import write_durably
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.leaks.receive import receive

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of one e-mail. Mail servers stop at 25 to 50 MB."""

MAX_ATTACHMENTS = 50
MAX_PARTS = 500
"""Of one message, nested ones counted: a reader must not be kept busy by empty parts."""

_MOST_MESSAGES = 100  # read in one go; the next go reads the rest
_EXCERPT_CHARS = 4_000
_MOST_URL_CHARS = 500
_URL = re.compile(r"https?://[^\s<>\"')\]]+")


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What came of one message: the posts that it made, or why it made none."""

    file_name: str
    posts: tuple[Post, ...]
    refused: str


class _Unusable(TidemarkError):
    """The message gives nothing to keep."""


def inbox_folder(home: Home) -> Path:
    """Return the folder that messages are put into."""
    return home.path / "inbox"


def read_inbox(home: Home, *, now: datetime) -> list[ReadMail]:
    """Read the messages that wait, the oldest name first, and move each away.

    Raises
    ------
    HomeUnusable
        If the folder cannot be read or written; what was read until then is remembered.
    """
    folder = inbox_folder(home)
    try:
        for each in (folder, folder / "done", folder / "refused"):
            each.mkdir(mode=0o700, exist_ok=True)
        waiting = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".eml" and _is_plain(path))
        return [_read(home, path, now=now) for path in waiting[:_MOST_MESSAGES]]
    except OSError as error:
        raise HomeUnusable(f"The inbox {folder} cannot be used: {error.strerror}.") from error


def _is_plain(path: Path) -> bool:
    """Whether it is a file of its own: a link could make us read, and move, something else."""
    return path.is_file() and not path.is_symlink()


def _read(home: Home, path: Path, *, now: datetime) -> ReadMail:
    try:
        posts = tuple(_posts(home, path, now=now))
    except HomeUnusable:
        raise
    except TidemarkError as refused:
        _move(path, "refused")
        return ReadMail(path.name, (), _explained(path, str(refused)))
    except Exception as error:  # the e-mail parser raises nearly everything on hostile messages
        why = _("The message cannot be read (%(what)s).") % {"what": type(error).__name__}
        _move(path, "refused")
        return ReadMail(path.name, (), _explained(path, why))
    _move(path, "done")
    return ReadMail(path.name, posts, "")


def _posts(home: Home, path: Path, *, now: datetime) -> Iterator[Post]:
    size = path.stat().st_size
    if size > MAX_MESSAGE_BYTES:
        raise _Unusable(
            _("The message has %(seen)d MB; at most %(limit)d MB are read.")
            % {"seen": size >> 20, "limit": MAX_MESSAGE_BYTES >> 20}
        )
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    attached = list(_pictures(message))
    if not attached:
        raise _Unusable(_("The message has no picture attached. Attach the files that were found."))
    if len(attached) > MAX_ATTACHMENTS:
        raise _Unusable(
            _("The message has %(seen)d pictures; at most %(limit)d are read. Send them in several messages.")
            % {"seen": len(attached), "limit": MAX_ATTACHMENTS}
        )
    finder, text = _sender(message), _body(message)
    address = _URL.search(text)
    for name, data in attached:
        received = receive(
            home,
            data,
            file_name=name,
            found=_line(message, "subject")[:MAX_FOUND_CHARS] or _("sent by e-mail"),
            finder=finder,
            via=Post.Via.MAIL,
            by=None,
            now=now,
            url=address.group()[:_MOST_URL_CHARS] if address else "",
            posted=None,
            text=text,
        )
        yield received.post


def _pictures(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each part that says it is a picture or a file, and is not empty.

    What says that it is text, HTML or SVG is no found picture and is left in the message, which is kept.
    """
    for number, part in enumerate(message.walk()):
        if number >= MAX_PARTS:
            raise _Unusable(_("The message has more than %(limit)d parts.") % {"limit": MAX_PARTS})
        kind = part.get_content_type()
        is_file = kind == "application/octet-stream" and part.get_filename() is not None
        if part.is_multipart() or kind == "image/svg+xml" or not (kind.startswith("image/") or is_file):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            yield part.get_filename() or f"{number}.{kind.rpartition('/')[2]}", data


def _sender(message: EmailMessage) -> str:
    """Return the name that the sender goes by: never the address, which is nobody's business here."""
    header = message["from"]
    addresses = getattr(header, "addresses", ())
    name = next((each.display_name for each in addresses if each.display_name), "")
    return _clean(str(name))[:MAX_NAME_CHARS] or _("somebody, by e-mail")


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    if part is None:
        return ""
    data = part.get_payload(decode=True)
    text = data.decode(_charset(part), errors="replace") if isinstance(data, bytes) else ""
    kept = "".join(char for char in text if char.isprintable() or char in "\n\t")
    return kept.strip()[:_EXCERPT_CHARS]


def _charset(part: MIMEPart) -> str:
    name = part.get_content_charset("utf-8")
    try:
        "".encode(name)
    except (LookupError, ValueError):
        return "utf-8"
    return name


def _line(message: EmailMessage, header: str) -> str:
    return _clean(str(message[header] or ""))


def _clean(text: str) -> str:
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())


def _move(path: Path, where: str) -> None:
    """Move a message away, under a name that is free there."""
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
    target = path.parent / where / path.name
    number = 0
    while target.exists():
        number += 1
        target = path.parent / where / f"{path.stem[:100]}-{stamp}-{number}{path.suffix}"
    path.rename(target)


def _explained(path: Path, why: str) -> str:
    """Write beside a refused message why it was; return it."""
    write_durably(path.parent / "refused" / f"{path.stem[:150]}.why.txt", f"{why}\n".encode())
    return why
