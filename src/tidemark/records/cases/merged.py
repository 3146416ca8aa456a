"""Where a merged case goes on, and which cases go on in one: what was said and written in them is not moved there."""

from tidemark.records.cases.models import Case


def goes_on_in(case: Case) -> Case:
    """Return the case in which this one goes on; itself if it was not merged. Nothing is merged in a circle."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


def together(case: Case) -> frozenset[str]:
    """Return the ids of a case and of all that were merged into it, directly or through others; a query a step."""
    found, step = {case.pk}, [case.pk]
    while step:
        step = list(Case.objects.filter(merged_into__in=step).values_list("pk", flat=True))
        found.update(step)
    return frozenset(found)
