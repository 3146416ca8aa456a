"""One row a request that carried an idempotency key."""

from django.db import models

from tidemark.limits import MAX_IDEMPOTENCY_KEY_CHARS
from tidemark.records.accounts.models import Person


class KeptRequest(models.Model):
    """A request under way, or answered. Each person's keys are their own: nobody can learn or block another's."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=MAX_IDEMPOTENCY_KEY_CHARS, help_text="What the program called its request.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the answer; none while it is under way.")
    content_type = models.CharField(max_length=100, blank=True)
    answer = models.BinaryField(default=bytes)
    created = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "key"), name="one_request_a_key"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.created}"
