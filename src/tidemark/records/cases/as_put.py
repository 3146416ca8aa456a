"""What was told of allegations when they were put: entries of the timeline, which nothing changes any more."""

from collections.abc import Iterable, Mapping

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.cases.models import Allegation, CaseEvent


def told_as_put(allegations: Iterable[Allegation]) -> dict[str, Mapping[str, JSON]]:
    """Return by allegation, by its id, what the entry of its putting says; not of one that was not put. One query."""
    cases = {each.pk: each.case_id for each in allegations}
    told = CaseEvent.objects.filter(case__in=set(cases.values()), kind=Kind.ALLEGATION_PUT)
    found: dict[str, Mapping[str, JSON]] = {}
    for case, detail in told.values_list("case", "detail"):
        if cases.get(detail.get("allegation")) == case:
            found.setdefault(detail["allegation"], detail)
    return found
