"""Parties: the organisations that hold copies."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.parties.names import fold


class Party(models.Model):
    """An organisation: the owner, a supplier or a sub-vendor. It may hold copies."""

    name = models.CharField(max_length=MAX_NAME_CHARS, help_text="As it was first written.")
    folded_name = models.CharField(
        max_length=4 * MAX_NAME_CHARS, unique=True, help_text="The name with case and width folded: what makes it one."
    )
    data = models.JSONField(default=dict, help_text="Further columns of the recipients file, by their header.")
    is_owner = models.BooleanField(default=False, help_text="The party whose drafts these are.")
    created = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("is_owner",), condition=models.Q(is_owner=True), name="one_owner"),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def named(cls, name: str, data: Mapping[str, str], *, now: datetime) -> "Party":
        """Return the party of this name, remembering it if it is new, and add to its data what is given."""
        party, is_new = cls.found_or_made(name, data, now=now)
        if not is_new and any(party.data.get(key) != value for key, value in data.items()):
            known: dict[str, Any] = party.data
            party.data = {**known, **data}
            party.save(update_fields=["data"])
        return party

    @classmethod
    def found_or_made(cls, name: str, data: Mapping[str, str] | None = None, *, now: datetime) -> tuple["Party", bool]:
        """Return the party of this name as it is on record, remembering it if it is new, and whether it is."""
        return cls.objects.get_or_create(
            folded_name=fold(name), defaults={"name": name, "data": dict(data or {}), "created": now}
        )

    @classmethod
    def owner(cls, name: str, *, now: datetime) -> "Party":
        """Return the owner, remembering it under this name if there is none yet."""
        known = cls.objects.filter(is_owner=True).first()
        if known is not None:
            return known
        party = cls.named(name, {}, now=now)
        party.is_owner = True
        party.save(update_fields=["is_owner"])
        return party
