"""Projects, their drafts, and the supply tree of each. A draft's bytes lie in the home folder's ``originals``."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.parties.models import Party
from tidemark.records.projects.verdict import too_weak_for


class Label(models.TextChoices):
    """How confidential something is."""

    PUBLIC = "public", _("public")
    INTERNAL = "internal", _("internal")
    CONFIDENTIAL = "confidential", _("confidential")
    STRICT = "strictly confidential", _("strictly confidential")


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "ProjectQuerySet":
        """The owner's people see all; a supplier's, those in whose supply tree their party is."""
        if person.is_owners:
            return self
        return self.filter(pk__in=Engagement.objects.filter(party_id=person.party_id).values("project_id"))

    def found_by(self, person: Person, words: str) -> "ProjectQuerySet":
        """Return those with these words in the code name or, for the owner's people alone, in the description."""
        in_words = models.Q(description__icontains=words) if person.is_owners else models.Q()
        return self.filter(models.Q(code_name__icontains=words) | in_words)


class Project(models.Model):
    """A confidential product programme."""

    code_name = models.CharField(_("code name"), max_length=MAX_NAME_CHARS, unique=True)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    label = models.CharField(_("label"), max_length=30, choices=Label.choices, default=Label.CONFIDENTIAL)
    embargo = models.DateField(_("embargo until"), null=True, blank=True)
    created = models.DateTimeField()

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ("code_name",)

    def __str__(self) -> str:
        return self.code_name

    def is_embargoed(self, on: date) -> bool:
        """Whether nothing of it is public yet; a project without a date stays under embargo."""
        return self.embargo is None or on < self.embargo


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "DraftQuerySet":
        """The owner's people see all; nobody else sees a draft: suppliers see their copies of it."""
        return self if person.is_owners else self.none()


class Draft(models.Model):
    """One confidential file at one revision. Other bytes under the same file name are the next revision."""

    class Status(models.TextChoices):
        BIDDING = "bidding", _("bidding")
        DEVELOPMENT = "development", _("development")
        FINAL = "final", _("final")

    id = models.CharField(max_length=MAX_NAME_CHARS, primary_key=True, help_text="Copies' keys derive from it.")
    project = models.ForeignKey(Project, on_delete=models.RESTRICT, null=True, related_name="drafts")
    sha256 = models.CharField(max_length=64, unique=True, help_text="Of the original's bytes; also where they lie.")
    description_sha256 = models.CharField(max_length=64, help_text="Of what matching needs to know of it; likewise.")
    file_name = models.CharField(max_length=MAX_NAME_CHARS)
    size_bytes = models.PositiveBigIntegerField()
    carrier = models.CharField(max_length=20, help_text="The kind of file: image, document, cad.")
    revision = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.BIDDING)
    label = models.CharField(_("label"), max_length=30, choices=Label.choices, default=Label.CONFIDENTIAL)
    width_px = models.PositiveIntegerField(null=True)
    height_px = models.PositiveIntegerField(null=True)
    uploaded_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    created = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("project", "file_name", "revision"), name="one_draft_a_revision", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return self.id


class Preview(models.Model):
    """A small JPEG of a stored picture, made once and kept; it can be made again from the picture at any time."""

    source_sha256 = models.CharField(max_length=64, help_text="Of the draft's or the copy's own bytes.")
    side_px = models.PositiveIntegerField(help_text="Its longest side at most.")
    sha256 = models.CharField(max_length=64, help_text="Of the JPEG; also where it lies.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source_sha256", "side_px"), name="one_preview_a_size"),)

    def __str__(self) -> str:
        return f"{self.source_sha256} {self.side_px}"


class DrillRun(models.Model):
    """What the drill found out about one draft: which leaks of it would be traced."""

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="drill")
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(help_text="How many leaks are tried.")
    results = models.JSONField(default=list, help_text="For each leak: attack, family, z, traced, reason.")
    tried_count = models.PositiveIntegerField(default=0, help_text="So that lists need not load the results.")
    traced_count = models.PositiveIntegerField(default=0)
    is_weak = models.BooleanField(default=False, help_text="Whether too many of the leaks would not be traced.")
    weaknesses = models.JSONField(
        default=list, help_text="Of each family with leaks that were not traced: family, tried, and which were missed."
    )
    fault = models.TextField(blank=True, help_text="Why it could not be run.")

    def __str__(self) -> str:
        return self.draft_id

    @property
    def too_weak_for(self) -> list[str]:
        """What the draft is too weak for, in short sentences; the results are not needed."""
        return too_weak_for(self.weaknesses)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Engagements, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "EngagementQuerySet":
        """The owner's people see all; a supplier's, their own engagements and all below them."""
        if person.is_owners:
            return self
        below = models.Q(pk__in=())
        for path in Engagement.objects.filter(party_id=person.party_id).values_list("path", flat=True):
            below |= models.Q(path__startswith=path)
        return self.filter(below)


class Engagement(models.Model):
    """Party P works on project X, engaged by party Q: one node of the project's supply tree.

    ``parent`` is Q's engagement; None if the owner engaged P itself. Engagements never move: their path is fixed, so
    that a subtree is one indexed comparison in any database (ADR 11).
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    project = models.ForeignKey(Project, on_delete=models.RESTRICT, related_name="engagements")
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="engagements")
    parent = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, related_name="children")
    path = models.CharField(max_length=400, unique=True, help_text="The ids from the root to here, each with a slash.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    suspended_why = models.TextField(blank=True, max_length=4000, help_text="The owner's words; '' if it is active.")
    by_hand = models.BooleanField(default=False, help_text="Whether an officer suspended it, whatever a gate holds.")
    held_by = models.CharField(
        max_length=80, blank=True, help_text="Which gate alone resumes it, such as `allegation:ID`; '' for any officer."
    )
    created = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")

    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(
                fields=("project", "party", "parent"), name="one_engagement_a_place", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return self.id

    @property
    def tier(self) -> int:
        """1 for whom the owner engaged itself, 2 for their sub-vendors, …"""
        return self.path.count("/")

    @property
    def ancestor_ids(self) -> list[str]:
        """The ids of the engagements from the root down to this one, itself included."""
        return self.path.rstrip("/").split("/")


def visible_parties(person: Person) -> models.QuerySet[Party]:
    """Return the parties that somebody may see.

    The owner's people see all; a supplier's, their own party, the owner, and those below them in a supply tree.
    """
    if person.is_owners:
        return Party.objects.all()
    below = Engagement.objects.visible_to(person).values("party_id")
    return Party.objects.filter(models.Q(pk=person.party_id) | models.Q(is_owner=True) | models.Q(pk__in=below))
