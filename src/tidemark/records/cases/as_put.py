"""What was told of an allegation when it was put: its entry in the timeline, which nothing changes any more."""

from collections.abc import Mapping

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.cases.models import Allegation, CaseEvent


def told_as_put(allegation: Allegation) -> Mapping[str, JSON]:
    """Return what the entry of its putting says; {} if it was not put. One query."""
    told = CaseEvent.objects.filter(case=allegation.case_id, kind=Kind.ALLEGATION_PUT)
    details = told.filter(detail__allegation=allegation.pk).values_list("detail", flat=True)
    return next(iter(details), {})
