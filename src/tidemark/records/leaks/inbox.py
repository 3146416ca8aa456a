"""Leaks that come by e-mail: every message that is put into the home's ``inbox`` folder is read once.

A mail server, or a person, puts whole messages there as ``*.eml``. Their pictures become posts; a message without any
but with a link becomes the text of that link (:mod:`.links`). The message is moved to ``inbox/done``, or to
``inbox/refused``; where something of it was not taken in, a file beside it says what and why (:mod:`.told_mails`).
Anybody may write an e-mail, so nothing in it is believed: the sender's name is what the sender says, nothing is fetched
from an address in the text, which names no account or channel before somebody of ours states one, and what is kept are
the attachments' bytes, which the intake judges like any other's.

A message is moved after its posts are remembered. One that is cut off between the two is read again, and makes the
same posts, which are on record already.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import TypedDict

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from tidemark.errors import HomeUnusable, TidemarkError
from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.files import write_durably
from tidemark.records.home import Home
from tidemark.records.leaks.addresses import read_link
from tidemark.records.leaks.links import paste
from tidemark.records.leaks.models import Post
from tidemark.records.leaks.receive import receive
from tidemark.records.leaks.take_apart import UnusableMail, take_apart

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of one e-mail. Mail servers stop at 25 to 50 MB."""

MAX_ATTACHMENTS = 50

REASON = ".why.txt"
"""What a reason's name has in place of its message's ``.eml``."""

_MOST_MESSAGES = 100  # read in one go; the next go reads the rest
_STEM_BYTES = 150  # of a file name, which has at most 255: the stamp and what says why have room behind it
_EXCERPT_CHARS = 4_000
_EXCERPT_BYTES = 64 * 1024  # of them, in any charset; some (punycode) take time that grows with the square
_MOST_URL_CHARS = 500


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What came of one message: the posts that it made, or why it made none; and what of it was left in it."""

    file_name: str
    posts: tuple[Post, ...]
    refused: str
    left: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is attached to a message: pictures and files by their names, and the names of what was left in it."""

    pictures: tuple[tuple[str, bytes], ...]
    left: tuple[str, ...]

    @property
    def told(self) -> str:
        """What is to be said of what was left; '' if nothing was."""
        if not self.left:
            return ""
        return _("Not taken in, because it is no picture: %(names)s. The message is kept.") % {
            "names": ", ".join(self.left)
        }


def inbox_folder(home: Home) -> Path:
    """Return the folder that messages are put into."""
    return home.path / "inbox"


def reason_beside(message: Path) -> Path:
    """Return where it is said why a message, or something in it, was not taken in."""
    return message.with_name(f"{message.stem}{REASON}")


def is_plain(path: Path) -> bool:
    """Whether it is a file of its own: a link could make us read, and move, something else."""
    return path.is_file() and not path.is_symlink()


def read_inbox(home: Home, *, now: datetime) -> list[ReadMail]:
    """Read the messages that wait, the oldest name first, and move each away.

    Raises
    ------
    HomeUnusable, OperationalError, InterfaceError
        If folder or database cannot be read or written; what was read until then is remembered, and the rest waits.
    """
    folder = inbox_folder(home)
    try:
        for each in (folder, folder / "done", folder / "refused"):
            each.mkdir(mode=0o700, exist_ok=True)
        waiting = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".eml" and is_plain(path))
        return [_read(home, path, now=now) for path in waiting[:_MOST_MESSAGES]]
    except OSError as error:
        raise HomeUnusable(f"The inbox {folder} cannot be used: {error.strerror}.") from error


def _read(home: Home, path: Path, *, now: datetime) -> ReadMail:
    try:
        posts, left = _taken_in(home, path, now=now)
    except (HomeUnusable, OperationalError, InterfaceError):
        raise  # it passes: the message waits where it is
    except TidemarkError as refused:
        return ReadMail(path.name, (), _explained(_move(path, "refused"), str(refused)))
    except Exception as error:  # the e-mail parser raises nearly everything on hostile messages
        why = _("The message cannot be read (%(what)s).") % {"what": type(error).__name__}
        return ReadMail(path.name, (), _explained(_move(path, "refused"), why))
    moved = _move(path, "done")
    return ReadMail(path.name, posts, "", _explained(moved, left) if left else "")


def _taken_in(home: Home, path: Path, *, now: datetime) -> tuple[tuple[Post, ...], str]:
    """Return the posts that a message makes, and what is to be said of what was left in it."""
    size = path.stat().st_size
    if size > MAX_MESSAGE_BYTES:
        raise UnusableMail(
            _("The message has %(seen)d MB; at most %(limit)d MB are read.")
            % {"seen": size >> 20, "limit": MAX_MESSAGE_BYTES >> 20}
        )
    message = take_apart(path.read_bytes())
    parts = _parts(message)
    if len(parts.pictures) > MAX_ATTACHMENTS:
        raise UnusableMail(
            _("The message has %(seen)d pictures; at most %(limit)d are read. Send them in several messages.")
            % {"seen": len(parts.pictures), "limit": MAX_ATTACHMENTS}
        )
    text = _body(message)
    link = read_link(text)
    said: _Said = {
        "found": _line(message, "subject")[:MAX_FOUND_CHARS] or _("sent by e-mail"),
        "finder": _sender(message),
        "via": Post.Via.MAIL,
        "by": None,
        "now": now,
        "url": link.url[:_MOST_URL_CHARS] if link else "",
    }
    if parts.pictures:
        made = [receive(home, data, file_name=name, text=text, **said) for name, data in parts.pictures]
    elif link is not None:
        made = [paste(home, text, **said)]
    else:
        why = _("The message has no picture attached, and no link in its text. Attach the files that were found.")
        raise UnusableMail(" ".join(each for each in (why, parts.told) if each))
    return tuple(each.post for each in made), parts.told


class _Said(TypedDict):
    """What a message says of all that is taken in from it."""

    found: str
    finder: str
    via: str
    by: None
    now: datetime
    url: str


def _parts(message: EmailMessage) -> _Parts:
    """Return each part that says it is a picture or a file of any kind, and is not empty; and what else is attached.

    What says that it is text, HTML or SVG is no found picture, nor is what says that it is a film or a document: it is
    left in the message, which is kept. The message's own text is no attachment.
    """
    pictures, left = [], []
    for number, part in enumerate(message.walk()):
        kind, name = part.get_content_type(), part.get_filename()
        is_file = kind == "application/octet-stream" and name is not None
        if part.is_multipart():
            continue
        if kind == "image/svg+xml" or not (kind.startswith("image/") or is_file):
            if name is not None or part.get_content_disposition() == "attachment":
                left.append(_clean(f"{(name or '–')[:MAX_NAME_CHARS]} ({kind})"))
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            pictures.append((name or f"{number}.{kind.rpartition('/')[2]}", data))
    return _Parts(tuple(pictures), tuple(left))


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
    text = data[:_EXCERPT_BYTES].decode(_charset(part), errors="replace") if isinstance(data, bytes) else ""
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


def _move(path: Path, where: str) -> Path:
    """Move a message away, under a name that is free there, as is that of its reason; return where it lies."""
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
    stem = os.fsencode(path.stem)[:_STEM_BYTES].decode(errors="ignore") or "mail"
    target = path.parent / where / f"{stem}.eml"
    number = 0
    while target.exists() or reason_beside(target).exists():
        number += 1
        target = path.parent / where / f"{stem}-{stamp}-{number}.eml"
    path.rename(target)
    return target


def _explained(path: Path, why: str) -> str:
    """Write beside a message why it, or something in it, was not taken in; return it."""
    write_durably(reason_beside(path), f"{why}\n".encode())
    return why
