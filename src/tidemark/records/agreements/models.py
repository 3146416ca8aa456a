"""Confidentiality agreements, and who has accepted them."""

from calendar import monthrange
from datetime import MAXYEAR, UTC, date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Project


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "AgreementQuerySet":
        """The owner's people see all; a supplier's, those that their party is a side of."""
        if person.is_owners:
            return self
        return self.filter(models.Q(discloser_id=person.party_id) | models.Q(recipient_id=person.party_id))


class Agreement(models.Model):
    """A confidentiality agreement: what the discloser hands to the recipient, and what the recipient owes for it."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("prepared")
        IN_FORCE = "in force", _("in force")
        TERMINATED = "terminated", _("terminated")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    reference = models.CharField(_("reference"), max_length=MAX_NAME_CHARS, help_text="The number on the paper.")
    discloser = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="agreements_given")
    recipient = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="agreements_taken")
    under = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, related_name="flow_downs", help_text="Whose duty it passes on."
    )
    covers_all_projects = models.BooleanField(_("all projects"), default=False)
    projects = models.ManyToManyField(Project, related_name="agreements", blank=True)
    kinds = models.JSONField(default=list, help_text="Statuses of drafts that it covers: bidding, development, final.")
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    survival_months = models.PositiveIntegerField(_("duties survive, months"), default=0)
    flow_down = models.BooleanField(_("sub-vendors must be bound alike"), default=True)
    standing_approval = models.BooleanField(_("onward sharing is approved beforehand"), default=False)
    liable_downstream = models.BooleanField(_("recipient answers for its sub-vendors"), default=True)
    damages = MoneyField(_("damages for a breach"), max_digits=18, decimal_places=2, null=True, blank=True)
    damages_formula = models.TextField(_("damages by formula"), blank=True, max_length=4000)
    damages_cap = MoneyField(_("at most"), max_digits=18, decimal_places=2, null=True, blank=True)
    clause = models.TextField(_("the clause on damages, as it is written"), blank=True, max_length=8000)
    governing_law = models.CharField(_("governing law"), max_length=MAX_NAME_CHARS, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the signed PDF.")
    document_name = models.CharField(max_length=MAX_NAME_CHARS, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    created = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    content = models.TextField(blank=True, help_text="The terms as canonical JSON, from when it came into force.")
    content_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the content: what is accepted.")
    put_in_force = models.DateTimeField(null=True)
    terminated = models.DateTimeField(null=True)
    terminated_why = models.TextField(blank=True, max_length=4000)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from", "reference")

    def __str__(self) -> str:
        return self.reference

    @property
    def is_owners(self) -> bool:
        """Whether the owner is the discloser: under any other agreement nothing is owed to the owner."""
        return self.discloser.is_owner

    def covers(self, project: Project) -> bool:
        """Whether the project is within its scope."""
        return self.covers_all_projects or self.projects.filter(pk=project.pk).exists()

    def is_in_force(self, on: date) -> bool:
        """Whether it is in force on a day; the first and the last day belong to its term."""
        return (
            self.state == self.State.IN_FORCE
            and self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
        )

    def was_in_force(self, at: datetime) -> bool:
        """Whether it was in force at a moment, whatever became of it since."""
        on = at.astimezone(UTC).date()
        return (
            self.state != self.State.PREPARED
            and self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
            and (self.terminated is None or at < self.terminated)
        )

    def has_lapsed(self, on: date) -> bool:
        """Whether its term is over, without anybody having terminated it."""
        return self.state == self.State.IN_FORCE and self.valid_until is not None and self.valid_until < on

    def duties_until(self) -> date | None:
        """Return the last day of its duties (UTC): that of its term, or of its termination, and the months that they
        survive; None as long as it has no end.
        """
        ends = [each for each in (self.valid_until, self.terminated and self.terminated.astimezone(UTC).date()) if each]
        return _months_after(min(ends), self.survival_months) if ends else None

    def fix(self, content: str, sha256: str, *, now: datetime) -> None:
        """Prepared → in force, with the terms as they are now. The caller is in a transaction."""
        self._leave(self.State.PREPARED)
        self.state, self.content, self.content_sha256, self.put_in_force = self.State.IN_FORCE, content, sha256, now
        self.save(update_fields=["state", "content", "content_sha256", "put_in_force"])

    def end(self, why: str, *, now: datetime) -> None:
        """In force → terminated. The caller is in a transaction."""
        self._leave(self.State.IN_FORCE)
        self.state, self.terminated, self.terminated_why = self.State.TERMINATED, now, why
        self.save(update_fields=["state", "terminated", "terminated_why"])

    def _leave(self, state: "Agreement.State") -> None:
        """Lock the row, and refuse unless it is in ``state``."""
        seen = self.State(type(self).objects.select_for_update().values_list("state", flat=True).get(pk=self.pk))
        if seen != state:
            raise Refused(
                _("The agreement is %(seen)s; this can be done only while it is %(state)s.")
                % {"seen": seen.label, "state": state.label}
            )


def _months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > MAXYEAR:
        return date.max
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    """Acceptances, and which of them count."""

    def as_they_stand(self) -> "AcceptanceQuerySet":
        """Return those of the terms that are in force: what was accepted on other terms binds nobody."""
        return self.filter(content_sha256=models.F("agreement__content_sha256"))


class Acceptance(models.Model):
    """A person accepted an agreement: for the party, or for himself or herself. Logged in the ledger."""

    agreement = models.ForeignKey(Agreement, on_delete=models.RESTRICT, related_name="acceptances")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="acceptances")
    for_party = models.BooleanField(help_text="Whether it binds the whole party.")
    content_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the agreement's content, as accepted.")
    accepted = models.DateTimeField()
    leaf_index = models.PositiveBigIntegerField(help_text="Of its entry in the ledger.")

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("agreement", "person", "for_party"), name="one_acceptance_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.person_id}"
