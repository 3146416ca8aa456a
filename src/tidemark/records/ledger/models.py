"""What is kept of the ledger. Rows are only ever added, and a checkpoint gets its stamp once.

``tidemark check`` walks them all.
"""

from django.db import models


class Leaf(models.Model):
    """One entry of the log, in its canonical bytes."""

    index = models.PositiveBigIntegerField(primary_key=True, help_text="From 0, without gaps.")
    data = models.BinaryField(help_text="The entry, canonical JSON: what is hashed.")
    kind = models.CharField(max_length=64, help_text="Of the entry, to be found by.")
    subject = models.CharField(max_length=200, help_text="A draft's or a copy's id, a leak's SHA-256.")
    time = models.CharField(max_length=27, help_text="As the entry states it.")

    class Meta:
        ordering = ("index",)
        indexes = (models.Index(fields=("subject", "kind"), name="leaves_of_a_subject"),)
        verbose_name_plural = "leaves"

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class Node(models.Model):
    """The hash of a complete subtree of 2**level leaves; number ``index`` from the left at its level."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="one_hash_a_subtree"),)

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class SignedCheckpoint(models.Model):
    """The signed root of the log at one size, and a time-stamp of it if an authority gave one."""

    size = models.PositiveBigIntegerField(primary_key=True)
    note = models.BinaryField(help_text="C2SP signed note.")
    stamp = models.BinaryField(null=True, help_text="RFC 3161 response of a time-stamp authority.")
    stamp_roots = models.BinaryField(null=True, help_text="Certificates (PEM) that it leads to.")

    class Meta:
        ordering = ("size",)

    def __str__(self) -> str:
        return str(self.size)
