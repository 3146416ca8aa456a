"""The tests here import models at their top."""

from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import override_settings

import tests.started  # noqa: F401
from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import put_draft
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import share
from tidemark.records.home import Home


@pytest.fixture
def held(home: Home, desk: Desk) -> Copy:
    """A released copy of the supplier's contact."""
    draft = put_draft(home, desk)
    shared = share(home, [(draft, desk["contact"])], project=desk.project, by=desk["officer"], now=NOW)
    return make_copy(home, shared.planned[0].pk, now=NOW)


@pytest.fixture
def _mails() -> Iterator[None]:
    """Keep mails in `mail.outbox`."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield
