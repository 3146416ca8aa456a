"""What is imposed on a party, its appeal, what it paid, and the measures that it has to carry out.

A party sees a sanction from when it is imposed on it. How it came about, its deviations' approvals and whoever decided
aside, is the owner's.
"""

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from djmoney.models.fields import MoneyField

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Project


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Sanctions, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "SanctionQuerySet":
        """The owner's people see all; a party's contacts see those imposed on their party."""
        if person.is_owners:
            return self
        if "contact" not in person.roles:
            return self.none()
        return self.filter(allegation__party_id=person.party_id, imposed__isnull=False)


class Sanction(models.Model):
    """What a final allegation leads to: damages under the agreement's clause, and measures."""

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("sanction", "prepared")
        IMPOSED = "imposed", _("imposed")
        APPEALED = "appealed", _("appealed")
        SETTLED = "settled", _("settled")
        WAIVED = "waived", _("waived")
        WITHDRAWN = "withdrawn", pgettext_lazy("sanction", "withdrawn")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True, help_text="Such as S-2026-004: it stands on the letter.")
    allegation = models.ForeignKey(Allegation, on_delete=models.RESTRICT, related_name="sanctions")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARED)
    damages = MoneyField(max_digits=18, decimal_places=2, null=True, help_text="As the agreement has them.")
    damages_cap = MoneyField(max_digits=18, decimal_places=2, null=True, help_text="As the agreement has it.")
    damages_formula = models.TextField(blank=True, max_length=4000, help_text="As the agreement has it.")
    amount = MoneyField(_("amount"), max_digits=18, decimal_places=2, null=True, help_text="None: measures only.")
    calculation = models.TextField(_("calculation"), blank=True, max_length=4000, help_text="By the formula.")
    deviation_reason = models.TextField(_("why it deviates from the clause"), blank=True, max_length=4000)
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=8, null=True)
    rate_on = models.DateField(_("rate of"), null=True)
    rate_source = models.CharField(_("source of the rate"), max_length=MAX_NAME_CHARS, blank=True)
    converted = MoneyField(max_digits=19, decimal_places=3, null=True, help_text="The amount, for reporting.")
    pay_to = models.TextField(_("how to pay"), blank=True, max_length=4000)
    due_on = models.DateField(_("to be paid until"), null=True)
    appeal_until = models.DateTimeField(_("appeal until"))
    words = models.TextField(_("further words to the party"), blank=True, max_length=8000)
    created = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    imposed = models.DateTimeField(null=True)
    imposed_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    imposed_amount = MoneyField(max_digits=18, decimal_places=2, null=True, help_text="What the letter says.")
    letter_en_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the letter in English, as imposed.")
    letter_zh_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the letter in Chinese, as imposed.")
    settled = models.DateTimeField(null=True)
    waived = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True, max_length=4000)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        ordering = ("created", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("allegation",), condition=~models.Q(state="withdrawn"), name="one_sanction_an_allegation"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def case(self) -> Case:
        """The case that the allegation belongs to now: cases are merged."""
        return self.allegation.case

    @property
    def party(self) -> Party:
        """On whom it is imposed."""
        return self.allegation.party

    @property
    def is_open(self) -> bool:
        """Whether it was imposed and is neither settled, waived nor withdrawn."""
        return self.state in OPEN

    def leave(self, *states: "Sanction.State") -> None:
        """Lock the row, read it anew, refuse unless it is in one of these states. The caller is in a transaction."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        self.refuse_other(*states)

    def refuse_other(self, *states: "Sanction.State") -> None:
        """Refuse unless the row at hand is in one of these states."""
        words = _("The sanction is %(seen)s; this can be done only while it is %(states)s.")
        _refuse_other(str(words), self, states)


OPEN = (Sanction.State.IMPOSED, Sanction.State.APPEALED)
"""States in which a sanction was imposed and something is still to come of it."""


class Appeal(models.Model):
    """What the party says against a sanction. There is one: a second would only be the first again."""

    sanction = models.OneToOneField(Sanction, on_delete=models.RESTRICT, related_name="appeal")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    reason = models.TextField(max_length=20_000)
    time = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.time}"


class AppealFile(models.Model):
    """A file that the party handed in with its appeal."""

    appeal = models.ForeignKey(Appeal, on_delete=models.RESTRICT, related_name="files")
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)

    def __str__(self) -> str:
        return self.file_name


class Decision(models.Model):
    """What becomes of an imposed sanction, on appeal or without one: proposed by one, approved by two, then taken."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        REDUCED = "reduced", _("reduced")
        WAIVED = "waived", _("waived")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    sanction = models.ForeignKey(Sanction, on_delete=models.RESTRICT, related_name="decisions")
    on_appeal = models.BooleanField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    amount = MoneyField(max_digits=18, decimal_places=2, null=True, help_text="What is left, if it is reduced.")
    reason = models.TextField(_("reason"), max_length=8000, help_text="The party reads it.")
    proposed = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    taken = models.DateTimeField(null=True)

    objects: models.Manager["Decision"] = models.Manager()

    class Meta:
        ordering = ("proposed", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("sanction",), condition=models.Q(taken__isnull=True), name="one_open_decision_a_sanction"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.outcome}"


class Payment(models.Model):
    """Money that came in for a sanction, or was paid back. What was recorded by mistake is taken back, and stays."""

    sanction = models.ForeignKey(Sanction, on_delete=models.RESTRICT, related_name="payments")
    amount = MoneyField(max_digits=18, decimal_places=2)
    is_repayment = models.BooleanField(default=False, help_text="Whether the owner paid it back.")
    paid_on = models.DateField()
    reference = models.CharField(max_length=MAX_NAME_CHARS)
    recorded_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()
    taken_back = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    taken_back_why = models.TextField(blank=True, max_length=4000, help_text="The party reads it.")

    objects: models.Manager["Payment"] = models.Manager()

    class Meta:
        ordering = ("time", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("sanction", "reference", "is_repayment"),
                condition=models.Q(taken_back__isnull=True),
                name="one_payment_a_reference",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.amount}"

    @property
    def counts(self) -> bool:
        """Whether it is in the sums: it was not taken back."""
        return self.taken_back is None


class PaymentTerm(models.Model):
    """That the owner agreed to be paid later; what was agreed last counts. Rows are only ever added."""

    sanction = models.ForeignKey(Sanction, on_delete=models.RESTRICT, related_name="payment_terms")
    until = models.DateField()
    text = models.TextField(max_length=4000, help_text="What was agreed; the party reads it.")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()

    objects: models.Manager["PaymentTerm"] = models.Manager()

    class Meta:
        ordering = ("time", "id")
        db_table = "plans_paymentterm"  # where it was made: the rows stay where they are

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.until}"


class Measure(models.Model):
    """Something other than money: access is suspended, or the party has to do something by a day and prove it."""

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", _("suspension of access")
        OBLIGATION = "obligation", _("obligation")
        PERSON = "person", _("action with persons, at the party")

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("measure", "prepared")
        OPEN = "open", pgettext_lazy("measure", "open")
        REPORTED = "reported", _("reported as done")
        RETURNED = "returned", pgettext_lazy("measure", "returned")
        DONE = "done", pgettext_lazy("measure", "done")
        ENDED = "ended", pgettext_lazy("measure", "ended")
        VOID = "void", _("void")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    sanction = models.ForeignKey(Sanction, on_delete=models.RESTRICT, related_name="measures")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(_("what is to be done"), max_length=4000)
    due = models.DateTimeField(_("until"), null=True, help_text="None for a suspension: it lasts until it is ended.")
    project = models.ForeignKey(
        Project, on_delete=models.RESTRICT, null=True, related_name="+", help_text="Of a suspension; None: of all."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    created = models.DateTimeField()
    done = models.DateTimeField(null=True, help_text="When it was accepted as done, or the suspension ended.")

    class Meta:
        ordering = ("created", "id")

    def __str__(self) -> str:
        return f"{self.sanction_id} {self.kind}"

    @property
    def is_owed(self) -> bool:
        """Whether it is the party's turn."""
        return self.kind != self.Kind.SUSPENSION and self.state in OWED

    def leave(self, *states: "Measure.State") -> None:
        """Lock the row, read it anew, refuse unless it is in one of these states. The caller is in a transaction."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        words = _("The measure is %(seen)s; this can be done only while it is %(states)s.")
        _refuse_other(str(words), self, states)


OWED = (Measure.State.OPEN, Measure.State.RETURNED)
"""States in which a measure is the party's to do; a suspension never is."""


class MeasureReport(models.Model):
    """What the party reports of a measure, and what the owner says to that. Every report stays."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("report", "accepted")
        RETURNED = "returned", pgettext_lazy("report", "returned")

    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT, related_name="reports")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    text = models.TextField(max_length=20_000)
    time = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    verdict_reason = models.TextField(blank=True, max_length=4000)
    judged = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")

    class Meta:
        ordering = ("time", "id")

    def __str__(self) -> str:
        return f"{self.measure_id} {self.time}"


class MeasureFile(models.Model):
    """A proof that the party handed in."""

    report = models.ForeignKey(MeasureReport, on_delete=models.RESTRICT, related_name="files")
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=MAX_NAME_CHARS)

    def __str__(self) -> str:
        return self.file_name


def _refuse_other(words: str, row: "Sanction | Measure", states: Collection[str]) -> None:
    """Raise Refused, in these words, unless a row is in one of the states."""
    if row.state not in states:
        names = [str(type(row).State(each).label) for each in states]
        raise Refused(words % {"seen": row.get_state_display(), "states": str(_(" or ")).join(names)})
