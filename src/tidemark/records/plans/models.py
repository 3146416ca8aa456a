"""A plan, its actions, what was judged of them and done for them; checks of sub-vendors; the gate's overrides.

What a party writes is its own until it submits it: the owner sees an action as it was last submitted, never a draft.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.cases.models import Allegation
from tidemark.records.projects.models import Engagement


class Section(models.TextChoices):
    """The parts of a plan, in their order: those of the 8D report that bind somebody."""

    CONTAINMENT = "containment", _("containment")
    CAUSE = "cause", _("root cause")
    CORRECTION = "correction", _("corrective action")
    VERIFICATION = "verification", _("verification")
    PREVENTION = "prevention", _("prevention")


class Reason(models.TextChoices):
    """The usual reasons for which an action is returned."""

    SYMPTOM = "symptom", _("symptom instead of cause")
    UNVERIFIABLE = "unverifiable", _("cannot be verified")
    NO_READ_ACROSS = "no-read-across", _("no read-across to other sites, projects or sub-vendors")
    THIN_PROOF = "thin-proof", _("thin proof")
    NO_OWNER = "no-owner", _("nobody in particular does it")
    TOO_LATE = "too-late", _("too late")
    NOT_DONE = "not-done", _("not done as it was planned")
    OTHER = "other", _("another reason")


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "PlanQuerySet":
        """The owner's people see all; a party's contacts see those that their party was asked for."""
        if person.is_owners:
            return self
        if "contact" not in person.roles:
            return self.none()
        return self.filter(allegation__party_id=person.party_id)


class Plan(models.Model):
    """What the owner asks of a party after a final allegation, and how far it is."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("plan", "asked for")
        SUBMITTED = "submitted", pgettext_lazy("plan", "submitted")
        RETURNED = "returned", pgettext_lazy("plan", "returned")
        ACCEPTED = "accepted", pgettext_lazy("plan", "accepted")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    allegation = models.OneToOneField(Allegation, on_delete=models.RESTRICT, related_name="plan")
    sections = models.JSONField(default=list, help_text="Of which each needs an accepted action.")
    words = models.TextField(_("what is asked for"), blank=True, max_length=4000, help_text="The party reads it.")
    due = models.DateTimeField(_("until"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    version = models.PositiveIntegerField(default=0, help_text="The last that was submitted; 0: none yet.")
    asked = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    submitted = models.DateTimeField(null=True)
    accepted = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("-asked", "id")

    def __str__(self) -> str:
        return self.id

    def leave(self, *states: "Plan.State") -> None:
        """Lock the row, read it anew, refuse unless it is in one of these states. The caller is in a transaction."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if self.state not in states:
            names = [str(self.State(each).label) for each in states]
            raise Refused(
                _("The plan is %(seen)s; this can be done only while it is %(states)s.")
                % {"seen": self.get_state_display(), "states": str(_(" or ")).join(names)}
            )


class PlanVersion(models.Model):
    """A plan as it was submitted: frozen, and bound to the ledger by its hash."""

    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.TextField(help_text="Canonical JSON.")
    content_sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("plan", "number"), name="one_version_a_number"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class Action(models.Model):
    """One thing that the party does, by whom and until when; as it was last submitted, with the party's draft beside.

    An action that was accepted is not changed: it is returned first, with a reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("action", "being written")
        SUBMITTED = "submitted", pgettext_lazy("action", "submitted")
        RETURNED = "returned", pgettext_lazy("action", "returned")
        ACCEPTED = "accepted", pgettext_lazy("action", "accepted")
        DROPPED = "dropped", pgettext_lazy("action", "taken out")

    class Progress(models.TextChoices):
        OPEN = "open", pgettext_lazy("action", "to be done")
        REPORTED = "reported", _("reported as done")
        RETURNED = "returned", pgettext_lazy("action", "returned")
        VERIFIED = "verified", _("verified")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="actions")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=12, choices=Section.choices)
    text = models.TextField(blank=True, max_length=4000)
    owner = models.CharField(max_length=MAX_NAME_CHARS, blank=True, help_text="A named person at the party.")
    due = models.DateField(null=True)
    proof = models.TextField(blank=True, max_length=4000, help_text="By what it can be verified.")
    controls = models.JSONField(default=list, help_text="Ids of the catalogue.")
    draft: "models.JSONField[Any, Any]" = models.JSONField(
        null=True, help_text="What the party writes and has not submitted; None: nothing."
    )
    drops = models.BooleanField(default=False, help_text="Whether the party takes it out with its next submission.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    progress = models.CharField(max_length=10, choices=Progress.choices, default=Progress.OPEN)
    verified = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("plan", "number"), name="one_action_a_number"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"

    @property
    def takes_words(self) -> bool:
        """Whether the party may write in it."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    def leave(self, *states: "Action.State") -> None:
        """Lock the row, read it anew, refuse unless it is in one of these states. The caller is in a transaction."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if self.state not in states:
            names = [str(self.State(each).label) for each in states]
            raise Refused(
                _("Action %(number)d is %(seen)s; this can be done only while it is %(states)s.")
                % {
                    "number": self.number,
                    "seen": self.get_state_display(),
                    "states": str(_(" or ")).join(names),
                }
            )


class Judgement(models.Model):
    """What the owner said of an action as it was submitted. Rows are only ever added."""

    action = models.ForeignKey(Action, on_delete=models.RESTRICT, related_name="judgements")
    version = models.PositiveIntegerField(help_text="Of the plan, that was judged.")
    is_accepted = models.BooleanField()
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    text = models.TextField(blank=True, max_length=4000)
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.action_id} {self.is_accepted}"


class DoneReport(models.Model):
    """What the party reports of an accepted action, and what the owner says to that. Every report stays."""

    class Verdict(models.TextChoices):
        VERIFIED = "verified", _("verified")
        RETURNED = "returned", pgettext_lazy("report", "returned")

    action = models.ForeignKey(Action, on_delete=models.RESTRICT, related_name="reports")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    text = models.TextField(max_length=20_000)
    time = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    verdict_reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    verdict_text = models.TextField(blank=True, max_length=4000)
    judged = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.action_id} {self.time}"


class ActionFile(models.Model):
    """A file that the party handed in with an action, or with its report."""

    action = models.ForeignKey(Action, on_delete=models.RESTRICT, related_name="files")
    report = models.ForeignKey(DoneReport, on_delete=models.RESTRICT, null=True, related_name="files")
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()
    is_submitted = models.BooleanField(default=False, help_text="From then on the owner sees it, and it stays.")
    is_removed = models.BooleanField(default=False, help_text="Whether the party took it back before it submitted it.")

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return self.file_name


class FlowDownCheck(models.Model):
    """What the party states of one of its sub-vendors, and whether the owner confirms it. The last one counts."""

    class Result(models.TextChoices):
        SOUND = "sound", _("meets what was agreed")
        GAPS = "gaps", _("has gaps")

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        RETURNED = "returned", pgettext_lazy("check", "returned")

    plan = models.ForeignKey(Plan, on_delete=models.RESTRICT, related_name="checks")
    engagement = models.ForeignKey(Engagement, on_delete=models.RESTRICT, related_name="flow_down_checks")
    is_bound = models.BooleanField(help_text="Whether a flow-down agreement is in force and accepted, by the party.")
    result = models.CharField(max_length=8, choices=Result.choices)
    checked = models.DateField()
    checked_by = models.CharField(max_length=MAX_NAME_CHARS, help_text="A named person at the party.")
    remark = models.TextField(blank=True, max_length=4000)
    stated = models.DateTimeField()
    stated_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    verdict_text = models.TextField(blank=True, max_length=4000)
    judged = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")

    class Meta:
        ordering = ("stated", "id")

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.result}"


class Hold(models.Model):
    """That an officer suspended the party at one place because of an allegation, until its gate lets go.

    The engagement itself names the one gate that holds it; several allegations may have a reason to.
    """

    allegation = models.ForeignKey(Allegation, on_delete=models.RESTRICT, related_name="holds")
    engagement = models.ForeignKey(Engagement, on_delete=models.RESTRICT, related_name="holds")
    why = models.TextField(max_length=4000, help_text="The party does not read it.")
    begun = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ("begun", "id")

    def __str__(self) -> str:
        return f"{self.allegation_id} {self.engagement_id}"


class GateOverride(models.Model):
    """That access returns though conditions are open: proposed in writing, approved by two, then used once."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    allegation = models.ForeignKey(Allegation, on_delete=models.RESTRICT, related_name="gate_overrides")
    reason = models.TextField(max_length=4000, help_text="The party does not read it.")
    open = models.JSONField(default=list, help_text="Conditions that were open when it was proposed, by their keys.")
    lacks = models.JSONField(default=list, help_text="Each single thing that lacked then: it passes over just these.")
    proposed = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    used = models.DateTimeField(null=True)

    class Meta:
        ordering = ("proposed", "id")

    def __str__(self) -> str:
        return f"{self.allegation_id} {self.proposed}"
