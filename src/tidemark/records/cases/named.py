"""Which copies allegations speak of: for many at once, with what is asked of each."""

from collections.abc import Iterable

from tidemark.records.cases.models import Allegation
from tidemark.records.leaks.models import NamedCopy


def named_of(allegations: Iterable[Allegation]) -> dict[str, list[NamedCopy]]:
    """Return by allegation, by its id, the namings that it speaks of, with copies, traces and posts. One query."""
    found: dict[str, list[NamedCopy]] = {each.pk: [] for each in allegations}
    rows = Allegation.named.through.objects.filter(allegation__in=found).order_by("namedcopy__round", "namedcopy")
    for row in rows.select_related("namedcopy__copy", "namedcopy__trace__post"):
        found[row.allegation_id].append(row.namedcopy)
    return found
