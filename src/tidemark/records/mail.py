"""Mails to persons: sent where an SMTP server is set, laid down as files in the data folder where none is."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

from tidemark.records.connect import current_home

FOLDER = "mail"


class FolderBackend(EmailBackend):
    """Lays each mail down as a 0600 file of the open data folder, so that a machine without SMTP can be tried."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        folder = current_home().path / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        super().__init__(*args, **{**kwargs, "file_path": folder})
        # Django names it by the second and by where in memory this object lies, which the next one takes over.
        self._fname: str = str(folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex}.log")

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = super().send_messages(email_messages)
        if sent:
            os.chmod(self._fname, 0o600)
        return sent


def is_sent_by_smtp() -> bool:
    """Whether mails leave the machine."""
    return not settings.EMAIL_BACKEND.endswith(FolderBackend.__name__)


def link_to(path: str) -> str:
    """Return the address of a page as it stands in a mail."""
    return f"{settings.SITE_URL}{path}"


def send(to: str, *, subject: str, paragraphs: Sequence[str]) -> bool:
    """Send a mail of plain text, whose words the caller has put into the reader's language.

    Returns
    -------
    bool
        Whether the server took it. What it says is not kept: its words may hold the address or the password.
    """
    text = "\n\n".join((*paragraphs, f"Tidemark\n{settings.SITE_URL}")) + "\n"
    one_line = " ".join(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}".split())
    try:
        return EmailMessage(one_line, text, to=[to]).send() == 1
    except OSError:  # every error of smtplib and of sockets is one
        return False
