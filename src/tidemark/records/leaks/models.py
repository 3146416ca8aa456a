"""Leaks: what was found, where it was posted by whom, and what each trace of it said.

One picture is reposted, cropped and compressed again: each place where it was seen is a *post*, with its own bytes kept
unchanged, and posts that show the same leaked picture are one *leak*.

Posts are one leak because they *look* the same, and that is all it says. Two holders' copies of one draft look the same
too, so posts of one leak may come from different copies: a trace speaks of its own file only, and a leak whose posts
accuse different copies says so (:mod:`.claims`).
"""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.copies.models import Copy
from tidemark.records.projects.models import Draft


class Poster(models.Model):
    """An account on a platform that posted something: two leaks by one poster meet here."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    platform = models.CharField(_("platform"), max_length=MAX_NAME_CHARS)
    handle = models.CharField(_("handle"), max_length=MAX_NAME_CHARS)
    folded = models.CharField(max_length=4 * MAX_NAME_CHARS, default="", db_index=True, help_text="Both, as compared.")
    note = models.TextField(_("note"), blank=True, max_length=4000)
    created = models.DateTimeField()

    class Meta:
        ordering = ("platform", "handle")
        constraints = (models.UniqueConstraint(fields=("platform", "handle"), name="one_poster_a_handle"),)

    def __str__(self) -> str:
        return f"{self.handle} ({self.platform})"


class Channel(models.Model):
    """A place on a platform where several accounts post: a group, a board, a channel. Leaks meet here, too."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    platform = models.CharField(_("platform"), max_length=MAX_NAME_CHARS)
    name = models.CharField(_("name"), max_length=MAX_NAME_CHARS)
    folded = models.CharField(max_length=4 * MAX_NAME_CHARS, unique=True, help_text="Both, as compared.")
    note = models.TextField(_("note"), blank=True, max_length=4000)
    created = models.DateTimeField()

    class Meta:
        ordering = ("platform", "name")

    def __str__(self) -> str:
        return f"{self.name} ({self.platform})"


class LeakQuerySet(models.QuerySet["Leak"]):
    """Leaks, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "LeakQuerySet":
        """The owner's people only."""
        return self if person.is_owners else self.none()

    def standing(self) -> "LeakQuerySet":
        """Those that were not joined to another, and did not turn out to be sightings."""
        return self.filter(joined_into=None, is_sighting=False)


class Leak(models.Model):
    """One leaked picture, in however many posts it was seen."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    title = models.CharField(_("title"), max_length=MAX_NAME_CHARS)
    created = models.DateTimeField()
    is_sighting = models.BooleanField(
        default=False, help_text="It was no leaked file but a photograph of a vehicle, and goes on as a sighting."
    )
    joined_into = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, related_name="+", help_text="Where its posts are now."
    )

    objects = LeakQuerySet.as_manager()

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.title


class Post(models.Model):
    """One place where a leak was seen, and the file that was found there, unchanged."""

    class Via(models.TextChoices):
        WEB = "web", _("dropped on the page")
        API = "api", _("sent by a program")
        MAIL = "mail", _("sent by e-mail")

    class Joined(models.TextChoices):
        """Why a post is in its leak."""

        FIRST = "first", _("the leak's first post")
        BYTES = "bytes", _("the same file")
        LOOKS = "looks", _("it looks the same: not checked by anybody yet")
        HAND = "hand", _("joined by hand")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    leak = models.ForeignKey(Leak, on_delete=models.RESTRICT, related_name="posts")
    file_sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)
    size_bytes = models.PositiveBigIntegerField()
    url = models.CharField(_("address"), max_length=2000, blank=True)
    platform = models.CharField(_("platform"), max_length=MAX_NAME_CHARS, blank=True)
    poster = models.ForeignKey(Poster, on_delete=models.RESTRICT, null=True, related_name="posts")
    channel = models.ForeignKey(Channel, on_delete=models.RESTRICT, null=True, related_name="posts")
    text = models.TextField(_("what was written with it"), blank=True, max_length=20_000)
    posted = models.DateTimeField(_("posted"), null=True)
    found = models.CharField(_("where and when it was found"), max_length=MAX_FOUND_CHARS)
    finder = models.CharField(_("found by"), max_length=MAX_NAME_CHARS)
    via = models.CharField(max_length=8, choices=Via.choices, default=Via.WEB)
    received = models.DateTimeField()
    received_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    leaf_index = models.PositiveBigIntegerField(help_text="Of its file's entry in the ledger.")
    unreadable = models.TextField(blank=True, help_text="Why the file cannot be read as a picture; '' if it can.")
    preview_sha256 = models.CharField(max_length=64, blank=True, help_text="Of a small picture of it, made by us.")
    thumb_sha256 = models.CharField(max_length=64, blank=True, help_text="Of a smaller one, for lists.")
    look_sha256 = models.CharField(max_length=64, blank=True, help_text="Of its local features.")
    joined = models.CharField(max_length=6, choices=Joined.choices, default=Joined.FIRST)
    likeness = models.FloatField(null=True, help_text="Correlation with the post that it was joined for.")
    compared = models.DateTimeField(null=True, help_text="When it was compared with the leaks before it.")

    class Meta:
        ordering = ("received", "leaf_index", "id")

    def __str__(self) -> str:
        return self.id


_ORIGIN = ("url", "platform", "handle", "channel", "posted")
"""What is known of where a post comes from, in the order in which it is read; a JSON object has none."""


class Correction(models.Model):
    """What was said of a post before it was corrected, by whom and why. Rows are only ever added."""

    post = models.ForeignKey(Post, on_delete=models.RESTRICT, related_name="corrections")
    before = models.JSONField(help_text="url, platform, handle, channel, posted, as text.")
    why = models.CharField(_("why"), max_length=MAX_FOUND_CHARS)
    by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()
    leaf_index = models.PositiveBigIntegerField(help_text="Of its entry in the ledger.")

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.post_id} {self.time}"

    @property
    def said_before(self) -> str:
        """What was known before, in one line; '' if nothing was."""
        return " · ".join(said for name in _ORIGIN if (said := self.before.get(name)))


class Trace(models.Model):
    """One run of match, register, detect and accuse on one post's file."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Step(models.TextChoices):
        """What a running trace does, in this order."""

        MATCH = "match", _("looking for drafts that it may show")
        REGISTER = "register", _("laying it on the drafts")
        ACCUSE = "accuse", _("scoring the copies")
        DRAW = "draw", _("drawing what was found")
        SEAL = "seal", _("sealing the evidence")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    post = models.ForeignKey(Post, on_delete=models.RESTRICT, related_name="traces")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    requested = models.DateTimeField()
    requested_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    step = models.CharField(max_length=8, choices=Step.choices, blank=True, help_text="While it runs.")
    step_done = models.PositiveIntegerField(default=0, help_text="Of the step's parts.")
    step_parts = models.PositiveIntegerField(default=0, help_text="0 if nobody can tell.")
    fault = models.TextField(blank=True)
    verdict = models.CharField(max_length=20, blank=True, help_text="accused, suspected, inconclusive, unmatched")
    reason = models.TextField(blank=True)
    copies_tested = models.PositiveIntegerField(default=0)
    hypotheses = models.PositiveIntegerField(default=0)
    decoys = models.JSONField(default=dict, help_text="count, max_z, ks_p, seed")
    scores = models.JSONField(default=dict, help_text="Draft id → its copies' scores in the first round, ascending.")
    leaf_index = models.PositiveBigIntegerField(null=True, help_text="Of its entry in the ledger.")
    unsealed = models.TextField(blank=True, help_text="Why evidence or a report of it is missing, if one is.")

    class Meta:
        ordering = ("-requested", "id")

    def __str__(self) -> str:
        return self.id

    @property
    def is_over(self) -> bool:
        """Whether nothing about it will change any more."""
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def step_part(self) -> int:
        """The part of its step that it is at, counted from 1."""
        return min(self.step_done + 1, self.step_parts)

    def start(self, *, now: datetime) -> bool:
        """Begin, or begin again where a worker was killed; return False if it is over."""
        with transaction.atomic():
            self._lock()
            if self.is_over:
                return False
            self.state, self.started = self.State.RUNNING, self.started or now
            self.save(update_fields=["state", "started"])
        return True

    def report(self, step: str, done: int = 0, parts: int = 0) -> None:
        """Say what it does now, for whoever watches; nothing rests on it."""
        self.step, self.step_done, self.step_parts = step, done, parts
        running = type(self).objects.filter(pk=self.pk, state=self.State.RUNNING)
        running.update(step=step, step_done=done, step_parts=parts)

    def finish(self, *, now: datetime, unsealed: str = "") -> None:
        """End with the verdict that is in the row. What is over already stays as it is."""
        with transaction.atomic():
            self._lock()
            if not self.is_over:
                self.state, self.finished, self.unsealed = self.State.DONE, now, unsealed
                self.save(update_fields=["state", "finished", "unsealed"])

    def fail(self, fault: str, *, now: datetime) -> bool:
        """End without a verdict; return False if it is over already, and stays as it is."""
        with transaction.atomic():
            self._lock()
            if self.is_over:
                return False
            self.state, self.finished, self.fault = self.State.FAILED, now, fault
            self.save(update_fields=["state", "finished", "fault"])
        return True

    def _lock(self) -> None:
        """Read the row again and keep others from changing it until the transaction ends."""
        locked = type(self).objects.select_for_update().get(pk=self.pk)
        for field in ("state", "started", "finished", "leaf_index", "verdict"):
            setattr(self, field, getattr(locked, field))


class Match(models.Model):
    """A draft that a trace registered the file to: a collage has several."""

    trace = models.ForeignKey(Trace, on_delete=models.CASCADE, related_name="matches")
    draft = models.ForeignKey(Draft, on_delete=models.RESTRICT, related_name="+")
    correlation = models.FloatField()
    coverage = models.FloatField()
    mirrored = models.BooleanField()
    pictures = models.JSONField(default=dict, help_text="leak, draft, difference, where → SHA-256 of the picture.")
    bundle_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the sealed evidence, if it accuses.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("trace", "draft"), name="one_match_a_draft"),)

    def __str__(self) -> str:
        return f"{self.trace_id} {self.draft_id}"


class NamedCopy(models.Model):
    """A copy that a trace accuses or suspects."""

    trace = models.ForeignKey(Trace, on_delete=models.CASCADE, related_name="named")
    copy = models.ForeignKey(Copy, on_delete=models.RESTRICT, related_name="named_by")
    is_accused = models.BooleanField(help_text="Else it is a lead for an investigator, never an accusation.")
    z = models.FloatField()
    log10_bound = models.FloatField()
    round = models.PositiveIntegerField()

    class Meta:
        ordering = ("round",)
        constraints = (models.UniqueConstraint(fields=("trace", "copy"), name="one_naming_a_copy"),)

    def __str__(self) -> str:
        return f"{self.trace_id} {self.copy_id}"


class Regrouping(models.Model):
    """A post that was put into another leak by hand, or left where its looks had put it. Rows are only ever added."""

    post = models.ForeignKey(Post, on_delete=models.RESTRICT, related_name="regroupings")
    from_leak = models.ForeignKey(Leak, on_delete=models.RESTRICT, related_name="+")
    to_leak = models.ForeignKey(Leak, on_delete=models.RESTRICT, related_name="+")
    why = models.CharField(_("why"), max_length=1000)
    by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()
    leaf_index = models.PositiveBigIntegerField(help_text="Of its entry in the ledger.")

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.post_id} {self.time}"
