"""A case, what is put to a party in it, and what the party answers.

What a party sees of a case is its own allegation, and what follows from it. Everything else is the owner's.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.agreements.models import Agreement
from tidemark.records.leaks.models import Leak, NamedCopy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Project


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "CaseQuerySet":
        """The owner's people only: a party sees its allegation, never the case."""
        return self if person.is_owners else self.none()


class Case(models.Model):
    """The handling of one leak affair."""

    class Status(models.TextChoices):
        REPORTED = "reported", _("reported")
        INVESTIGATING = "investigating", _("investigating")
        ALLEGED = "alleged", _("put to the party")
        DECIDED = "decided", _("decided")
        RECTIFYING = "rectifying", _("being rectified")
        CLOSED = "closed", _("closed")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True, help_text="Such as 2026-004: how people speak of it.")
    title = models.CharField(_("title"), max_length=MAX_NAME_CHARS)
    project = models.ForeignKey(Project, on_delete=models.RESTRICT, null=True, related_name="cases")
    leaks = models.ManyToManyField(Leak, related_name="cases")
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.REPORTED)
    severity = models.CharField(
        max_length=10, default="high", choices=(("low", _("low")), ("medium", _("medium")), ("high", _("high")))
    )
    assignee = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="assigned_cases")
    respond_by = models.DateTimeField(null=True, help_text="When the next response is due (VDA ISA 1.6.2).")
    opened = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    closed = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, related_name="merged")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("-opened",)

    def __str__(self) -> str:
        return self.number


class CaseEvent(models.Model):
    """Something that happened in a case: the timeline. Rows are only ever added; each has its leaf in the ledger."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="events")
    kind = models.CharField(max_length=64)
    by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    time = models.DateTimeField()
    detail = models.JSONField(default=dict)
    leaf_index = models.PositiveBigIntegerField(help_text="Of its entry in the ledger.")

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Note(models.Model):
    """What one of the owner's people wrote down. It is never shown to another party."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="notes")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    text = models.TextField(max_length=20_000)
    time = models.DateTimeField()

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.case_id} {self.time}"


class Duty(models.Model):
    """Something to be done in a case, by whom and until when."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="duties")
    title = models.CharField(_("title"), max_length=MAX_NAME_CHARS)
    assignee = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="duties")
    due = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    promised_in = models.CharField(max_length=32, blank=True, help_text="The statement that promised it.")
    created = models.DateTimeField()

    class Meta:
        ordering = ("done", "due", "created")
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.title


class CaseFile(models.Model):
    """A file that belongs to a case: a protocol, a screenshot, a letter."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="files")
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()

    class Meta:
        ordering = ("time",)

    def __str__(self) -> str:
        return self.file_name


class ApprovalQuerySet(models.QuerySet["Approval"]):
    """Approvals, in the order in which they were given."""

    def with_givers(self) -> "ApprovalQuerySet":
        """With their givers and what roles those have, in two questions to the database, however many there are."""
        return self.select_related("person").prefetch_related("person__grants").order_by("time", "pk")


class Approval(models.Model):
    """One person's approval, in one role, of something that needs several: an override, a sanction, a statement."""

    subject = models.CharField(max_length=80, db_index=True, help_text="Such as `sanction:ID`.")
    content_sha256 = models.CharField(max_length=64, help_text="Of what was approved; a change voids the approval.")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    role = models.CharField(max_length=20)
    time = models.DateTimeField()

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject", "content_sha256", "person"), name="one_approval_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.person_id}"


class AllegationQuerySet(models.QuerySet["Allegation"]):
    """Allegations, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "AllegationQuerySet":
        """The owner's people see all; a party's contacts see those put to their party, once they are put."""
        if person.is_owners:
            return self
        if "contact" not in person.roles:
            return self.none()
        return self.filter(party_id=person.party_id, put__isnull=False)


class Allegation(models.Model):
    """What the case puts to one party: whose copy leaked, how sure that is, under which agreement the party answers."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        PUT = "put", _("put to the party")
        ANSWERED = "answered", _("answered")
        UNANSWERED = "unanswered", _("unanswered at the deadline")
        FINAL = "final", pgettext_lazy("allegation", "final")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="allegations")
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="allegations", help_text="Who answers.")
    named = models.ManyToManyField(NamedCopy, related_name="allegations")
    agreement = models.ForeignKey(Agreement, on_delete=models.RESTRICT, null=True, related_name="allegations")
    clause = models.TextField(blank=True, max_length=8000, help_text="As it stands in the agreement.")
    summary = models.TextField(_("what is put to the party"), max_length=8000)
    answer_by = models.DateTimeField(_("answer until"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    override_reason = models.TextField(blank=True, max_length=4000, help_text="Why it is put though nobody is accused.")
    created = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    put = models.DateTimeField(null=True)
    final = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    apology = models.TextField(blank=True, max_length=8000)
    evidence_asked = models.DateTimeField(null=True, help_text="When the party asked for the bundle.")
    evidence_granted = models.DateTimeField(null=True)

    objects = AllegationQuerySet.as_manager()

    class Meta:
        ordering = ("created",)

    def __str__(self) -> str:
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether it was put, and is neither final nor withdrawn."""
        return self.state in OPEN

    def leave(self, *states: "Allegation.State") -> None:
        """Lock the row, read it anew, refuse unless it is in one of these states. The caller is in a transaction."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if self.state not in states:
            raise Refused(
                _("The allegation is %(seen)s; this can be done only while it is %(states)s.")
                % {
                    "seen": self.State(self.state).label,
                    "states": _(" or ").join(str(each.label) for each in states),
                }
            )


OPEN = (Allegation.State.PUT, Allegation.State.ANSWERED, Allegation.State.UNANSWERED)
"""States in which an allegation stands between the two sides: put, and not concluded."""


class Reply(models.Model):
    """What the party answered."""

    class Answer(models.TextChoices):
        ACCEPTS = "accepts", _("accepts")
        DISPUTES = "disputes", _("disputes")
        NAMES = "names", _("names its sub-vendor")

    allegation = models.ForeignKey(Allegation, on_delete=models.RESTRICT, related_name="replies")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    text = models.TextField(max_length=20_000)
    names_party = models.ForeignKey(Party, on_delete=models.RESTRICT, null=True, related_name="+")
    names = models.CharField(max_length=MAX_NAME_CHARS, blank=True, help_text="A sub-vendor that is not on record.")
    time = models.DateTimeField()

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.allegation_id} {self.answer}"


class ReplyFile(models.Model):
    """A file that the party handed in with its reply."""

    reply = models.ForeignKey(Reply, on_delete=models.RESTRICT, related_name="files")
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)

    def __str__(self) -> str:
        return self.file_name


class Intent(models.Model):
    """Somebody's judgement of how it came about. It is an opinion with an author, never a fact; the last one counts."""

    class Kind(models.TextChoices):
        ACCIDENTAL = "accidental", _("accidental")
        NEGLIGENT = "negligent", _("negligent")
        DELIBERATE = "deliberate", _("deliberate")
        UNKNOWN = "unknown", _("unknown")

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="intents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.TextField(max_length=4000)
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return self.kind
