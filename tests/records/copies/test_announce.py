"""Whom copies were released to is told by mail: once a release, when all of them are ready, and not of what is over."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW
from tests.desk import Desk
from tests.records.copies.desk_copies import put_draft
from tidemark.records.copies.announce import RECENT, announce
from tidemark.records.copies.make import make_copy
from tidemark.records.copies.models import Copy, Download
from tidemark.records.copies.revoke import revoke
from tidemark.records.copies.share import share
from tidemark.records.home import Home

pytestmark = pytest.mark.usefixtures("_mails")

SOON = NOW + timedelta(minutes=1)


def _released(home: Home, desk: Desk, *whom: str, note: str = "") -> Sequence[Copy]:
    draft = put_draft(home, desk)
    pairs = [(draft, desk[who]) for who in whom]
    shared = share(home, pairs, project=desk.project, by=desk["officer"], now=NOW, note=note)
    return shared.planned


def test_a_person_is_told_once_and_only_when_the_last_copy_is_made(home: Home, desk: Desk) -> None:
    mine, theirs = _released(home, desk, "contact", "sibling_contact")
    assert announce(now=SOON) == 0
    make_copy(home, mine.pk, now=NOW)
    assert announce(now=SOON) == 1
    assert [each.to for each in mail.outbox] == [[desk["contact"].email]]
    make_copy(home, theirs.pk, now=NOW)
    assert announce(now=SOON) == 1
    assert mail.outbox[-1].to == [desk["sibling_contact"].email]
    assert announce(now=SOON) == 0


def test_the_mail_names_the_project_and_no_file_and_leaves_the_note_on_the_page(home: Home, desk: Desk) -> None:
    (copy,) = _released(home, desk, "contact", note="Measure the left lamp.")
    made = make_copy(home, copy.pk, now=NOW)
    announce(now=SOON)
    (sent,) = mail.outbox
    assert sent.subject == "[Tidemark] 1 drawing is ready for you: MS11"
    assert "The owner wrote a note" in str(sent.body)
    assert "left lamp" not in str(sent.body)
    assert made.draft.file_name not in f"{sent.subject}{sent.body}"


@pytest.mark.parametrize("over", ["revoked", "opened", "expired", "deactivated", "long ago"])
def test_what_is_over_is_not_announced(home: Home, desk: Desk, over: str) -> None:
    (copy,) = _released(home, desk, "contact")
    made, now = make_copy(home, copy.pk, now=NOW), SOON
    if over == "revoked":
        revoke(home, [made], why="Wrong draft.", by=desk["officer"], now=NOW)
    elif over == "opened":
        Download.objects.create(copy=made, person=desk["contact"], time=NOW, leaf_index=0)
    elif over == "expired":
        Copy.objects.update(expires=NOW)
    elif over == "deactivated":
        type(desk["contact"]).objects.filter(pk=desk["contact"].pk).update(is_active=False)
    else:
        now = NOW + RECENT + timedelta(seconds=1)
    assert announce(now=now) == 0
    assert mail.outbox == []


def test_once_everybody_is_told_more_copies_cost_no_more_queries(home: Home, desk: Desk) -> None:
    def cost(*whom: str) -> int:
        for copy in _released(home, desk, *whom):
            make_copy(home, copy.pk, now=NOW)
        announce(now=SOON)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            announce(now=SOON)
        return len(seen)

    assert cost("contact") == cost("sibling_contact", "sub_vendor_contact")
