"""Before drafts are sent, each is named of which the drill says something, or cannot say anything."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk
from tests.records.cases.played import draft
from tests.records.projects.test_verdict import results
from tidemark.records.home import Home
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.projects.verdict import weaknesses
from tidemark.records.projects.warned import warned

CROPPED = "Too weak if cropped to 5 % of the picture or less."


def drilled(desk: Desk, name: str, *missed: str, **fields: object) -> Draft:
    made = draft(desk, name)
    seen = results(*missed)
    given = {"started": NOW, "finished": NOW, "total": len(seen), "tried_count": len(seen)} | fields
    DrillRun.objects.create(draft=made, results=seen, weaknesses=weaknesses(seen), **given)
    return made


def test_a_draft_that_is_always_traced_is_not_named(home: Home, desk: Desk) -> None:  # noqa: ARG001
    assert warned([drilled(desk, "strong")]) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, [CROPPED]),
        ({"finished": None}, [CROPPED, "Its drill is not finished."]),
        ({"fault": "Gone."}, [CROPPED, "Its drill failed: nobody knows which leaks of it would be traced."]),
    ],
    ids=["finished", "running", "failed"],
)
def test_what_the_drill_says_of_a_draft_is_said(
    home: Home,  # noqa: ARG001
    desk: Desk,
    fields: dict[str, object],
    said: list[str],
) -> None:
    (one,) = warned([drilled(desk, "a", "crop 5 %", **fields)])
    assert (one.sentences, one.is_weak) == (said, False)


def test_a_draft_that_was_not_drilled_is_named(home: Home, desk: Desk) -> None:  # noqa: ARG001
    (one,) = warned([draft(desk, "new")])
    assert one.sentences == ["It was not drilled: nobody knows which leaks of it would be traced."]


def test_weak_drafts_come_first_and_one_query_without_results_tells(home: Home, desk: Desk) -> None:  # noqa: ARG001
    drafts = [drilled(desk, name, "crop 5 %", is_weak=name == "c") for name in "abcd"]
    with CaptureQueriesContext(connection) as captured:
        found = warned(drafts)
        assert [each.draft.file_name for each in found] == ["c", "a", "b", "d"]
    (query,) = captured.captured_queries
    assert '"weaknesses"' in query["sql"]
    assert '"results"' not in query["sql"]


def test_drills_of_an_earlier_release_are_told_of_like_those_of_this_one(home: Home, desk: Desk) -> None:  # noqa: ARG001
    made = drilled(desk, "a", "crop 5 %", "mean of 7")
    kept = DrillRun.objects.get().weaknesses
    executor = MigrationExecutor(connection)
    executor.migrate([("projects", "0004_engagements_are_held")])
    executor.loader.build_graph()
    executor.migrate([("projects", "0005_drill_weaknesses")])
    assert DrillRun.objects.get(draft=made).weaknesses == kept != []
