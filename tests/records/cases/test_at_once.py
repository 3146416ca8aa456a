"""What is told of many allegations at once is what is told of each alone."""

from benchmarks.desk.issued import issue
from benchmarks.desk.rows import Size, grow
from django.db import transaction

from tests.desk import NOW
from tests.web.counted import affairs
from tidemark.records.cases.accusable import speaking, speaking_in
from tidemark.records.cases.hand_over import bundles_of, bundles_of_each
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.override import approvals_of_override, footing_of, footings_of, overrides_given
from tidemark.records.home import Home

SIZE = Size(persons=8, drafts=5)


def test_what_is_told_of_many_allegations_is_what_is_told_of_each_alone(home: Home) -> None:
    with transaction.atomic():
        grow(home, SIZE, now=NOW)
        issue(home, SIZE, now=NOW)
        affairs.grow(home, range(2), whole=(affairs.MAIN.name,))
    rows = list(Allegation.objects.order_by("pk"))
    together, given, bundles = footings_of(rows), overrides_given(rows), bundles_of_each(rows)
    for row in rows:
        alone, seen = footing_of(row), together[row.pk]
        assert (seen.named, seen.caveats, seen.told) == (alone.named, alone.caveats, alone.told)
        assert (seen.traces, seen.content, seen.by_override) == (alone.traces, alone.content, alone.by_override)
        assert seen.approved_in(given).by_role == approvals_of_override(row).by_role
        assert bundles[row.pk] == bundles_of(row)
    for is_so in (
        lambda footing: bool(footing.caveats),
        lambda footing: bool(footing.told),
        lambda footing: bool(footing.traces),
        lambda footing: footing.by_override,
        lambda footing: bool(footing.approved_in(given).by_role),
        lambda footing: any(each.why_not for each in bundles[footing.allegation.pk]),
    ):
        assert {is_so(footing) for footing in together.values()} == {True, False}
    cases = list(Case.objects.all())
    spoken = speaking_in([case.pk for case in cases])
    assert spoken == {case.pk: speaking(case) for case in cases}
    assert {len(found) > 1 for found in spoken.values()} == {True, False}
