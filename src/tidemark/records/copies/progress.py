"""How far a release is: counted in the records, so that it is true whoever makes the copies, and wherever."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from tidemark.records.copies.models import Copy, Release


@dataclass(frozen=True, slots=True)
class Progress:
    """Copies of one release: each is counted once."""

    planned: int
    released: int
    revoked: int
    faulted: int

    @property
    def total(self) -> int:
        return self.planned + self.released + self.revoked + self.faulted

    @property
    def is_done(self) -> bool:
        return self.planned == 0


def progress(release: Release) -> Progress:
    """Count one release."""
    return progress_of([release])[release.pk]


def progress_of(releases: Collection[Release]) -> dict[str, Progress]:
    """Count several releases in one query; keys are their ids."""
    is_released = Q(state=Copy.State.RELEASED)
    rows = (
        Copy.objects.filter(release__in=releases)
        .order_by()
        .values("release_id")
        .annotate(
            planned=Count("pk", filter=Q(state=Copy.State.PLANNED)),
            released=Count("pk", filter=is_released & Q(revoked=None)),
            revoked=Count("pk", filter=is_released & Q(revoked__isnull=False)),
            faulted=Count("pk", filter=Q(state=Copy.State.FAULTED)),
        )
    )
    counted = {
        row["release_id"]: Progress(row["planned"], row["released"], row["revoked"], row["faulted"]) for row in rows
    }
    return {release.pk: counted.get(release.pk, Progress(0, 0, 0, 0)) for release in releases}
