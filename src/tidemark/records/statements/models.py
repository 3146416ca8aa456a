"""What is said in public about a case. Until it is issued it is the owner's alone; then its words never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS, MAX_NOTE_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.cases.models import Case


class StatementQuerySet(models.QuerySet["Statement"]):
    """Statements, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "StatementQuerySet":
        """The owner's people only. What is issued, everybody reads where it was published."""
        return self if person.is_owners else self.none()


class Statement(models.Model):
    """One statement, in English, in Chinese, or in both: approved and issued as one."""

    class Kind(models.TextChoices):
        HOLDING = "holding", pgettext_lazy("statement", "holding")
        FINAL = "final", pgettext_lazy("statement", "final")
        WITHDRAWAL = "withdrawal", pgettext_lazy("statement", "withdrawal")

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        APPROVED = "approved", _("approved")
        ISSUED = "issued", pgettext_lazy("statement", "issued")
        CORRECTED = "corrected", _("corrected by a later one")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="statements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    follows = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, related_name="followed_by", help_text="Which it corrects or ends."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    title_en = models.CharField(_("title"), max_length=MAX_NAME_CHARS, blank=True)
    text_en = models.TextField(_("text"), max_length=MAX_NOTE_CHARS, blank=True)
    title_zh = models.CharField(_("title"), max_length=MAX_NAME_CHARS, blank=True)
    text_zh = models.TextField(_("text"), max_length=MAX_NOTE_CHARS, blank=True)
    reasons = models.JSONField(default=dict, help_text="An objection's key → text, person, time: why it may stand.")
    created = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    issued = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    channel = models.CharField(max_length=MAX_NAME_CHARS, blank=True, help_text="Where it was issued.")
    content = models.TextField(blank=True, help_text="All that was issued, as canonical JSON.")
    content_sha256 = models.CharField(max_length=64, blank=True)
    ended = models.DateTimeField(null=True, help_text="When a later one corrected or withdrew it.")

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ("created", "id")

    def __str__(self) -> str:
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether it is not issued yet."""
        return self.state in OPEN

    @property
    def languages(self) -> tuple[str, ...]:
        """In which languages it is written."""
        return tuple(each for each in LANGUAGES if self.title_in(each) or self.text_in(each))

    def title_in(self, language: str) -> str:
        """Return its title in a language; '' if it has none."""
        return str(getattr(self, f"title_{language}"))

    def text_in(self, language: str) -> str:
        """Return its text in a language; '' if it has none."""
        return str(getattr(self, f"text_{language}"))

    def lock(self, *states: "Statement.State") -> None:
        """Lock the row, read it again, and refuse unless it is in one of these states. Within a transaction."""
        type(self).objects.select_for_update().get(pk=self.pk)
        self.refresh_from_db()
        if self.state not in states:
            raise Refused(
                _("The statement is %(seen)s; this can be done only while it is %(states)s.")
                % {
                    "seen": self.get_state_display(),
                    "states": _(" or ").join(str(each.label) for each in states),
                }
            )


OPEN = (Statement.State.PREPARED, Statement.State.APPROVED)
"""States in which its words can be changed."""

LANGUAGES = ("en", "zh")


class StatementPicture(models.Model):
    """A picture that goes out with a statement."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    statement = models.ForeignKey(Statement, on_delete=models.RESTRICT, related_name="pictures")
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)
    metadata = models.JSONField(default=list, help_text="Names of what the file tells beside the picture.")
    shows = models.JSONField(default=list, help_text="Draft, leak, sighting; empty if nothing on record.")
    compared = models.DateTimeField(
        null=True, help_text="When it was last compared with what is on record; null: not yet."
    )
    known = models.JSONField(default=dict, help_text="With what it was compared: ids, by draft, leak and sighting.")
    fault = models.TextField(blank=True, help_text="Why it could not be compared.")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_being_compared(self) -> bool:
        """Whether its comparison is still to come to an end."""
        return self.compared is None and not self.fault


class Promise(models.Model):
    """Something that a statement promises, in its own words, and who keeps it until when."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    statement = models.ForeignKey(Statement, on_delete=models.RESTRICT, related_name="promises")
    words_en = models.CharField(_("words"), max_length=MAX_NAME_CHARS, blank=True)
    words_zh = models.CharField(_("words"), max_length=MAX_NAME_CHARS, blank=True)
    assignee = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    due = models.DateTimeField(null=True)
    created = models.DateTimeField()

    class Meta:
        ordering = ("created", "id")

    def __str__(self) -> str:
        return self.words_en or self.words_zh
