"""Who reads what is said of copies."""

from collections.abc import Collection

from tidemark.records.copies.models import Copy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement


def readers_of(copies: Collection[str]) -> list[Party]:
    """Return the parties whose people see these copies: their holders, and those above in the supply tree."""
    rows = Copy.objects.filter(pk__in=copies, is_master=False)
    paths = rows.exclude(engagement=None).order_by().values_list("engagement__path", flat=True).distinct()
    tree = {ancestor for path in paths for ancestor in path.rstrip("/").split("/")}
    above = Engagement.objects.filter(pk__in=tree).values("party")
    holders = Party.objects.filter(pk__in=rows.values("holder")) | Party.objects.filter(pk__in=above)
    return list(holders.filter(is_owner=False).distinct().order_by("name", "pk"))
