"""Copies, and the check of the secret that their marks come from."""

from django.db import models

from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft


class Copy(models.Model):
    """The individually marked file that one holder got of one draft.

    A row is there before the file is, and says how far the file is known to have come (see :mod:`.release`).
    """

    class State(models.TextChoices):
        PLANNED = "planned", "no file yet"
        WRITING = "writing", "in the ledger; released if, and only if, its temporary file is gone"
        RELEASED = "released", "the file has had its name"
        UNDELIVERED = "undelivered", "in the ledger, and never released"

    id = models.CharField(max_length=32, primary_key=True, help_text="Random: it tells an outsider nothing.")
    draft = models.ForeignKey(Draft, on_delete=models.RESTRICT, related_name="copies")
    holder = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="copies")
    nonce = models.BinaryField(default=bytes, help_text="What the holder contributed to the key, if anything.")
    mark_version = models.PositiveSmallIntegerField(help_text="Version of the mark's scheme.")
    sha256 = models.CharField(max_length=64, unique=True)
    psnr_db = models.FloatField()
    path = models.TextField(help_text="Where it was delivered to; it need not be there any more.")
    is_master = models.BooleanField(default=False, help_text="The owner's own copy, to work with; nobody else gets it.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    created = models.DateTimeField()

    class Meta:
        ordering = ("created", "id")
        verbose_name_plural = "copies"

    def __str__(self) -> str:
        return self.id

    def advance(self, state: "Copy.State") -> None:
        """Take the next step: planned → writing → released or undelivered. Raises ValueError for any other."""
        steps = {
            self.State.WRITING: self.State.PLANNED,
            self.State.RELEASED: self.State.WRITING,
            self.State.UNDELIVERED: self.State.WRITING,
        }
        changed = type(self).objects.filter(pk=self.pk, state=steps.get(state, "")).update(state=state)
        if not changed:
            raise ValueError(f"A copy that is {self.state} cannot become {state}.")
        self.state = state


class SecretCheck(models.Model):
    """What is remembered of the master secret, so that a wrong or a new one is noticed. There is one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BinaryField(help_text="A MAC of a constant under the secret; it says nothing of the secret.")
    created = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_secret"),)
