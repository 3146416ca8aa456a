"""The timeline of a case has what happened in it and to its leaks, in the ledger's order."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk import NOW, Desk
from tests.records.cases.retold import KINDS, retold
from tests.records.leaks.found import hand_in
from tidemark.ledger.entry import Kind
from tidemark.records.cases import override
from tidemark.records.cases.change import remove_leak
from tidemark.records.cases.history import entries_of, lines
from tidemark.records.cases.models import Case
from tidemark.records.dossier.happened import happened
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, Post, Poster
from tidemark.records.ledger.models import Leaf
from tidemark.records.plans.override import override_subject
from tidemark.records.sanctions import decide, impose
from tidemark.records.statements import write


def test_the_history_of_the_leaks_stands_among_the_events_of_the_case(home: Home, desk: Desk) -> None:
    told = lines(case := retold(home, desk), entries_of(case))
    assert [line.kind for line in told] == KINDS
    assert [line.leaf_index for line in told] == sorted(line.leaf_index for line in told)
    assert [(line.kind, f"{line.time:%FT%T.%fZ}") for line in told] == [
        tuple(Leaf.objects.values_list("kind", "time").get(index=line.leaf_index)) for line in told
    ]
    by = [line.by.name.partition(" ")[0] if line.by else "" for line in told]
    finder, officer = "investigator", "officer"
    assert by == ["", finder, "", officer, "", finder, "", finder, "", officer, ""]
    assert [line.why for line in told if line.why] == ["the same chrome"]


@pytest.mark.slow
def test_each_line_says_what_happened_to_which_file(home: Home, desk: Desk) -> None:
    told = lines(case := retold(home, desk), entries_of(case))
    assert [happened(line, {}) for line in told] == [
        "A file was received, and is kept unchanged: found.jpg.",
        "A post by @tide on Forum was put on record: found.jpg. It was posted on 2026-03-12 08:30 (UTC).",
        "found.jpg was traced: it shows no draft on record.",
        "The case was opened.",
        "A file was received, and is kept unchanged: again.jpg.",
        "A post on Chat was put on record: again.jpg.",
        "A file was put into a leak because it looks the same, unchecked: again.jpg.",
        "A note was written.",
        "found.jpg was traced again: it shows no draft on record.",
        "It was confirmed that a file belongs to its leak: again.jpg.",
        "A place where it was seen was put on record: found.jpg. It came by e-mail.",
    ]


def test_a_name_stands_there_only_if_the_entry_binds_it(home: Home, desk: Desk) -> None:
    case = retold(home, desk)
    Poster.objects.filter(handle="@tide").update(handle="@somebody_else")
    told = [happened(line, {}) for line in lines(case, entries_of(case))]
    assert told[1].startswith("A post in Spotters on Forum was put on record")


@pytest.mark.slow
def test_a_leak_takes_its_history_with_it(home: Home, desk: Desk) -> None:
    case = retold(home, desk)
    remove_leak(home, case, Leak.objects.get(cases=case), by=desk["officer"], now=NOW)
    assert [line.kind for line in lines(case, entries_of(case))] == ["case-opened", "case-changed", "case-changed"]


@pytest.mark.slow
def test_a_part_says_the_same_as_the_whole(home: Home, desk: Desk) -> None:
    case = retold(home, desk)
    whole = lines(case, entries_of(case))
    assert lines(case, entries_of(case).reverse()[:4]) == whole[:-5:-1]


def test_it_takes_so_many_queries_however_much_happened(home: Home, desk: Desk) -> None:
    def queries(case: Case) -> int:
        with CaptureQueriesContext(connection) as seen:
            lines(case, entries_of(case))
        return len(seen)

    case = retold(home, desk)
    before = queries(case)
    (picture,) = {post.file_sha256 for post in Post.objects.filter(file_name="found.jpg", leak__cases=case)}
    data = blob(home, picture)
    for number in range(5):
        hand_in(home, desk, data, platform=f"Forum {number}", handle=f"@tide{number}", by=desk["officer"])
    assert queries(case) == before == 7


def blob(home: Home, sha256: str) -> bytes:
    from tidemark.records import blobs

    return blobs.get(home, blobs.Shelf.LEAKS, sha256)


@pytest.mark.parametrize(
    "of", [override.subject_of, override_subject, decide.subject_of, impose.subject_of, write.subject_of]
)
def test_an_approval_says_what_was_approved(of: Callable[[Any], str]) -> None:
    approval = SimpleNamespace(
        kind=Kind.APPROVAL_GIVEN, detail={"subject": of(SimpleNamespace(pk="1")), "role": "legal"}
    )
    said = happened(approval, {})
    assert said.endswith("approved, as legal.")
    assert said != "Approved as legal."
