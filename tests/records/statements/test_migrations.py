"""Pictures that a release before this one compared are compared with what it did not look at."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.conftest import make_draft
from tests.desk import Desk
from tests.records.cases.played import LATER, leak_of, opened
from tests.records.statements.said import AFTER, approved, ready
from tidemark.errors import Refused
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.home import Home
from tidemark.records.sightings.models import Sighting
from tidemark.records.statements.compare import compare, compare_picture
from tidemark.records.statements.issue import issue
from tidemark.records.statements.models import StatementPicture
from tidemark.records.statements.pictures import attach_picture

BEFORE, AFTERWARDS = [("statements", "0001_initial")], [("statements", "0003_pictures_compared_later")]


def _migrate_again() -> None:
    MigrationExecutor(connection).migrate(BEFORE)
    executor = MigrationExecutor(connection)
    executor.loader.build_graph()
    executor.migrate(AFTERWARDS)


@pytest.mark.slow
def test_a_picture_laid_there_before_meets_a_sighting_that_is_older_still(home: Home, desk: Desk) -> None:
    statement = ready(home, desk, opened(home, desk, leak_of(desk, [])), "holding")
    data = make_draft(31)
    picture = attach_picture(home, statement, Document("car.png", data), by=desk["communications"], now=LATER)
    compare(home, picture, now=LATER)
    approved(home, desk, statement)
    Sighting.objects.create(
        vehicle="A car",
        file_sha256="0" * 64,
        preview_sha256=blobs.put(home, blobs.Shelf.TRACES, data),
        size_bytes=1,
        finder="a friend",
        received=LATER - timedelta(days=1),
        received_by=desk["officer"],
    )
    _migrate_again()
    with pytest.raises(Refused, match="is being compared"):
        issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)
    compare_picture.call(picture.pk)
    with pytest.raises(Refused, match="The check refuses it"):
        issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)


def test_what_was_issued_keeps_the_time_of_its_comparison(home: Home, desk: Desk) -> None:
    statement = ready(home, desk, opened(home, desk, leak_of(desk, [])), "holding")
    picture = attach_picture(home, statement, Document("car.png", make_draft(31)), by=desk["communications"], now=LATER)
    compare(home, picture, now=LATER)
    approved(home, desk, statement)
    issue(home, statement, channel="Web", by=desk["communications"], now=AFTER)
    before = StatementPicture.objects.get().compared
    _migrate_again()
    assert StatementPicture.objects.get().compared == before
