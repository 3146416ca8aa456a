"""What is said of a draft is changed by officers, and the ledger has what it was before."""

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import bodies, draft
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.home import Home
from tidemark.records.ledger.log import log_size
from tidemark.records.projects.edit import classify_draft
from tidemark.records.projects.models import Draft


def test_a_change_of_a_drafts_status_is_in_the_ledger_with_what_it_was_before(home: Home, desk: Desk) -> None:
    made = draft(desk)
    officer = desk["officer"]
    classify_draft(home, made, status="final", label=made.label, by=officer, now=NOW)
    assert Draft.objects.get(pk=made.pk).status == "final"
    classify_draft(home, made, status="final", label="internal", by=officer, now=NOW)
    assert bodies(made.pk, Kind.DRAFT_CHANGED) == [
        {"draft": made.pk, "by": officer.pk, "status": "final", "status_before": made.status},
        {"draft": made.pk, "by": officer.pk, "label": "internal", "label_before": made.label},
    ]


def test_what_changes_nothing_is_no_entry(home: Home, desk: Desk) -> None:
    made, size = draft(desk), log_size()
    classify_draft(home, made, status=made.status, label=made.label, by=desk["officer"], now=NOW)
    assert log_size() == size


@pytest.mark.parametrize(("who", "status"), [("investigator", "final"), ("contact", "final"), ("officer", "finished")])
def test_who_may_not_and_what_is_no_status_change_nothing(home: Home, desk: Desk, who: str, status: str) -> None:
    made, size = draft(desk), log_size()
    with pytest.raises(Refused):
        classify_draft(home, made, status=status, label=made.label, by=desk[who], now=NOW)
    assert (log_size(), Draft.objects.get(pk=made.pk).status) == (size, made.status)
