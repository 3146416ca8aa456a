"""Narrow sightings down: by project, camouflage, who posted it and where, by words; and their last runs."""

from django.db.models import Prefetch, Q

from tidemark.records.sightings.models import Sighting, SightingMatch, SightingQuerySet, SightingRun


def filtered(
    sightings: SightingQuerySet,
    *,
    project: int | None = None,
    camouflage: str = "",
    poster: str = "",
    channel: str = "",
    q: str = "",
) -> SightingQuerySet:
    """Return those of the sightings that fit whatever is asked for; '' and None ask for nothing."""
    if project is not None:
        sightings = sightings.filter(project=project)
    if camouflage in Sighting.Camouflage.values:
        sightings = sightings.filter(camouflage=camouflage)
    if poster:
        sightings = sightings.filter(poster=poster)
    if channel:
        sightings = sightings.filter(channel=channel)
    if q:
        words = Q(vehicle__icontains=q) | Q(place__icontains=q) | Q(text__icontains=q) | Q(url__icontains=q)
        sightings = sightings.filter(words | Q(poster__handle__icontains=q) | Q(permit__icontains=q))
    return sightings


def with_all(sightings: SightingQuerySet) -> SightingQuerySet:
    """Return the sightings with what pages and programs show of them; the number of queries does not grow with them."""
    matches = SightingMatch.objects.select_related("draft__project")
    runs = SightingRun.objects.prefetch_related(Prefetch("matches", matches))
    rows = sightings.select_related("project", "poster", "channel", "case", "turned_into", "turned_from")
    return rows.prefetch_related(Prefetch("runs", runs))


def speaking(sighting: Sighting) -> SightingRun | None:
    """Return the run that speaks for a sighting: the last that is done, else the last."""
    runs = list(sighting.runs.all())
    done = [run for run in runs if run.state == SightingRun.State.DONE]
    return next(iter([*done, *runs]), None)
