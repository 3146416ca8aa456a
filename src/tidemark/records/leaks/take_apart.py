"""Take an e-mail apart, whoever wrote it, at a cost near that of an honest one of its size.

The standard library's parser reads a header in a time that grows with the square of its length, and anew whenever it is
asked for; it holds every line against the boundary of each part around it; and it makes as many parts as it is told of.
So each header is read once here, and lines, parts, their depth and the bytes of headers are counted while the message
is taken apart: the first count beyond an honest message's ends it.
"""

from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import cache, partial

from django.utils.translation import gettext as _

from tidemark.errors import TidemarkError

MAX_LINES = 1_200_000
"""Of one message: 64 MB in base64 lines of 60 characters are 1.1 million."""

MAX_PARTS = 500
"""Of one message, nested ones counted: a reader must not be kept busy by empty parts."""

MAX_DEPTH = 20
"""Of a part below the message. A forwarded message adds two, its own text and pictures two or three more."""

MAX_HEADER_BYTES = 8 * 1024
"""Of each header that is read: sender, subject, and what a part is."""

MAX_HEADERS_BYTES = 128 * 1024
"""Of all headers that are read. Fifty pictures with Chinese names of forty characters have 50 kB."""


class UnusableMail(TidemarkError):
    """The message gives nothing to keep."""


def take_apart(data: bytes) -> EmailMessage:
    """Return the message that the bytes are. Its parts hold their headers as the standard library's do.

    Raises
    ------
    UnusableMail
        If there is more of lines, parts, depth or headers than in an honest message.
    Exception
        Nearly any: the standard library's parser raises what it likes on hostile headers.
    """
    # Lines end as the parser ends them.
    if data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") > MAX_LINES:
        raise UnusableMail(_("The message has more than %(limit)d lines.") % {"limit": MAX_LINES})
    policy = EmailPolicy(message_factory=partial(_Part, _Spent()), header_factory=cache(HeaderRegistry()))
    return message_from_bytes(data, policy=policy)


@dataclass(slots=True)
class _Spent:
    """What was met of one message until now."""

    parts: int = 0
    header_bytes: int = 0


class _Part(EmailMessage):
    """The message or a part of it. The parser makes it, puts it in its place and gives it its headers: all counted."""

    def __init__(self, spent: _Spent, policy: EmailPolicy) -> None:
        super().__init__(policy)
        self._spent = spent
        self._depth = 0
        spent.parts += 1
        if spent.parts > MAX_PARTS:
            raise UnusableMail(_("The message has more than %(limit)d parts.") % {"limit": MAX_PARTS})

    def attach(self, payload: "_Part") -> None:  # type: ignore[override]
        payload._depth = self._depth + 1
        if payload._depth > MAX_DEPTH:
            raise UnusableMail(_("Parts of the message lie more than %(limit)d deep in it.") % {"limit": MAX_DEPTH})
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        if name.lower() in ("from", "subject") or name.lower().startswith("content-"):
            self._refuse_beyond(value)
        super().set_raw(name, value)

    def _refuse_beyond(self, value: str) -> None:
        if len(value) > MAX_HEADER_BYTES:
            raise UnusableMail(
                _("A header of the message has more than %(limit)d kB. Send the message on without it.")
                % {"limit": MAX_HEADER_BYTES >> 10}
            )
        self._spent.header_bytes += len(value)
        if self._spent.header_bytes > MAX_HEADERS_BYTES:
            raise UnusableMail(
                _("The headers of the message's parts have more than %(limit)d kB. Send it in several messages.")
                % {"limit": MAX_HEADERS_BYTES >> 10}
            )
