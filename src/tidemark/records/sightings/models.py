"""A photograph of a prototype in the wild, and what is known of it.

A sighting carries no copy mark and never accuses a copy: who drove where is no question that a mark answers. If a run
of it does find a mark, then what was photographed is a leaked file, on a screen or on paper; that is told, without a
name, and the sighting can be turned into a leak, where the trace speaks. The other way round, a leak that turns out to
be a photograph of a car goes on as a sighting. Either way what was stays on record.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.cases.models import Case
from tidemark.records.leaks.models import Channel, Leak, Poster
from tidemark.records.projects.models import Draft, Project


class SightingQuerySet(models.QuerySet["Sighting"]):
    """Sightings, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "SightingQuerySet":
        """The owner's people only."""
        return self if person.is_owners else self.none()


class Sighting(models.Model):
    """One photograph of a vehicle, at one place where it was seen."""

    class Camouflage(models.TextChoices):
        WRAPPED = "wrapped", pgettext_lazy("camouflage", "wrapped")
        PARTLY = "partly", pgettext_lazy("camouflage", "partly wrapped")
        NONE = "none", pgettext_lazy("camouflage", "no camouflage")
        UNKNOWN = "unknown", pgettext_lazy("camouflage", "cannot be told")

    class Drive(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("drive", "planned")
        UNPLANNED = "unplanned", pgettext_lazy("drive", "not planned")
        UNKNOWN = "unknown", pgettext_lazy("drive", "not known yet")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    vehicle = models.CharField(_("vehicle"), max_length=MAX_NAME_CHARS, help_text="What is seen, in words.")
    project = models.ForeignKey(Project, on_delete=models.RESTRICT, null=True, related_name="sightings")
    camouflage = models.CharField(_("camouflage"), max_length=8, choices=Camouflage.choices, default=Camouflage.UNKNOWN)
    place = models.CharField(_("place"), max_length=MAX_NAME_CHARS, blank=True)
    seen = models.DateTimeField(_("photographed"), null=True)
    drive = models.CharField(_("test drive"), max_length=10, choices=Drive.choices, default=Drive.UNKNOWN)
    permit = models.CharField(_("test-drive permit"), max_length=MAX_NAME_CHARS, blank=True)
    file_sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)
    size_bytes = models.PositiveBigIntegerField()
    unreadable = models.TextField(blank=True, help_text="Why the file cannot be read as a picture; '' if it can.")
    preview_sha256 = models.CharField(max_length=64, blank=True, help_text="Of a small picture of it, made by us.")
    thumb_sha256 = models.CharField(max_length=64, blank=True, help_text="Of a smaller one, for lists.")
    url = models.CharField(_("address"), max_length=2000, blank=True)
    platform = models.CharField(_("platform"), max_length=MAX_NAME_CHARS, blank=True)
    poster = models.ForeignKey(Poster, on_delete=models.RESTRICT, null=True, related_name="sightings")
    channel = models.ForeignKey(Channel, on_delete=models.RESTRICT, null=True, related_name="sightings")
    posted = models.DateTimeField(_("posted"), null=True)
    text = models.TextField(_("what was written with it"), blank=True, max_length=20_000)
    found = models.CharField(_("where and when it was found"), max_length=MAX_FOUND_CHARS, blank=True)
    finder = models.CharField(_("found by"), max_length=MAX_NAME_CHARS)
    received = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, null=True, related_name="sightings")
    turned_from = models.ForeignKey(
        Leak, on_delete=models.RESTRICT, null=True, related_name="+", help_text="The leak that it was taken for."
    )
    turned_into = models.ForeignKey(
        Leak, on_delete=models.RESTRICT, null=True, related_name="+", help_text="The leak as which it goes on."
    )

    objects = SightingQuerySet.as_manager()

    class Meta:
        ordering = ("-received", "pk")

    def __str__(self) -> str:
        return self.vehicle

    @property
    def is_open(self) -> bool:
        """Whether it goes on as a sighting, and not as a leak."""
        return self.turned_into_id is None


class SightingEvent(models.Model):
    """Something that happened to a sighting. Rows are only ever added; each has its leaf in the ledger."""

    sighting = models.ForeignKey(Sighting, on_delete=models.RESTRICT, related_name="events")
    kind = models.CharField(max_length=64)
    by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    time = models.DateTimeField()
    detail = models.JSONField(default=dict)
    why = models.TextField(blank=True, help_text="The reason, where one was given; the ledger has its hash.")
    leaf_index = models.PositiveBigIntegerField(help_text="Of its entry in the ledger.")

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.sighting_id} {self.kind}"


class SightingRun(models.Model):
    """One look in the background which drafts a sighting shows, and whether there is a mark in it. It names no copy."""

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("run", "waiting")
        RUNNING = "running", pgettext_lazy("run", "running")
        DONE = "done", pgettext_lazy("run", "done")
        FAILED = "failed", pgettext_lazy("run", "failed")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    sighting = models.ForeignKey(Sighting, on_delete=models.RESTRICT, related_name="runs")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    requested = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)
    has_mark = models.BooleanField(default=False, help_text="Whether some copy's mark is in it: then it shows a file.")

    class Meta:
        ordering = ("-requested", "pk")

    def __str__(self) -> str:
        return self.id

    @property
    def is_over(self) -> bool:
        """Whether nothing about it will change any more."""
        return self.state in (self.State.DONE, self.State.FAILED)


class SightingMatch(models.Model):
    """A draft that a sighting shows."""

    run = models.ForeignKey(SightingRun, on_delete=models.CASCADE, related_name="matches")
    draft = models.ForeignKey(Draft, on_delete=models.RESTRICT, related_name="+")
    correlation = models.FloatField()
    coverage = models.FloatField()

    class Meta:
        ordering = ("-correlation", "pk")
        verbose_name_plural = "sighting matches"
        constraints = (models.UniqueConstraint(fields=("run", "draft"), name="one_sighting_match_a_draft"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.draft_id}"
