"""Copies, how they were released and downloaded, and the check of the secret that their marks come from."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person, new_id
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.models import Agreement
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement, Project


class Release(models.Model):
    """One action of the owner that gives copies of some drafts to some persons."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    project = models.ForeignKey(Project, on_delete=models.RESTRICT, related_name="releases")
    has_overlay = models.BooleanField(default=False, help_text="A visible overlay beside the invisible mark.")
    expires = models.DateTimeField(null=True)
    note = models.TextField(blank=True, max_length=4000)
    created = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.id


class CopyQuerySet(models.QuerySet["Copy"]):
    """Copies, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "CopyQuerySet":
        """The owner's people see all. A supplier's contact sees the party's copies and those of its sub-vendors
        below it in the supply tree; a member sees his or her own.
        """
        if person.is_owners:
            return self
        if "contact" not in person.roles:
            return self.filter(person=person)
        below = Engagement.objects.visible_to(person).values("pk")
        return self.filter(models.Q(engagement__in=below) | models.Q(holder_id=person.party_id, is_master=False))

    def open_at(self, now: datetime, *, or_planned: bool = False) -> "CopyQuerySet":
        """Those that their holders may download, see :meth:`Copy.is_open_at`; with those still being made if asked."""
        states = [Copy.State.RELEASED, *([Copy.State.PLANNED] if or_planned else [])]
        lasting = models.Q(expires=None) | models.Q(expires__gt=now)
        return self.filter(lasting, state__in=states, revoked=None)


class Copy(models.Model):
    """The individually marked file that one holder got of one draft.

    A row is there before the file is, and says how far the file is known to have come: of one that was written to a
    folder see :mod:`.release`; of one that is kept to be downloaded, whose ``path`` is empty, :mod:`.make`.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("being made")  # no file yet
        WRITING = "writing", _("being written")  # in the ledger; released if, and only if, its temporary file is gone
        RELEASED = "released", _("released")  # the file has had its name
        UNDELIVERED = "undelivered", _("undelivered")  # in the ledger, and never released
        FAULTED = "faulted", _("could not be made")  # never in the ledger; `fault` says why

    id = models.CharField(max_length=32, primary_key=True, help_text="Random: it tells an outsider nothing.")
    draft = models.ForeignKey(Draft, on_delete=models.RESTRICT, related_name="copies")
    holder = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="copies")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="copies")
    engagement = models.ForeignKey(Engagement, on_delete=models.RESTRICT, null=True, related_name="copies")
    agreement = models.ForeignKey(Agreement, on_delete=models.RESTRICT, null=True, related_name="copies")
    responsible = models.ForeignKey(
        Party,
        on_delete=models.RESTRICT,
        null=True,
        related_name="+",
        help_text="Who answers for it by the agreements.",
    )
    answers_under = models.ForeignKey(
        Agreement,
        on_delete=models.RESTRICT,
        null=True,
        related_name="+",
        help_text="The responsible party's own agreement; null of copies from before it was kept.",
    )
    parent = models.ForeignKey("self", on_delete=models.RESTRICT, null=True, related_name="children")
    release = models.ForeignKey(Release, on_delete=models.RESTRICT, null=True, related_name="copies")
    nonce = models.BinaryField(default=bytes, help_text="What the holder contributed to the key, if anything.")
    mark_version = models.PositiveSmallIntegerField(help_text="Version of the mark's scheme.")
    sha256 = models.CharField(max_length=64, unique=True, null=True, help_text="None until the file is made.")
    psnr_db = models.FloatField(null=True)
    size_bytes = models.PositiveBigIntegerField(null=True)
    path = models.TextField(blank=True, help_text="Where it was written to; '' if it is kept to be downloaded.")
    file_name = models.CharField(max_length=MAX_NAME_CHARS, blank=True, help_text="Under which it is downloaded.")
    is_master = models.BooleanField(default=False, help_text="The owner's own copy, to work with; nobody else gets it.")
    has_overlay = models.BooleanField(default=False, help_text="A visible overlay beside the invisible mark.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    created = models.DateTimeField()
    released = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=MAX_NAME_CHARS, blank=True)
    fault = models.TextField(blank=True, help_text="Why it could not be made.")

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ("created", "id")
        verbose_name_plural = "copies"
        indexes = (
            models.Index(fields=("draft", "holder"), name="copies_of_a_holder"),
            models.Index(fields=("person", "state"), name="copies_of_a_person"),
        )

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

    @property
    def issued(self) -> datetime:
        """When it was issued; of one that was not released, when it was planned."""
        return self.released or self.created

    @property
    def is_kept(self) -> bool:
        """Whether its bytes lie on the shelf of copies, to be downloaded."""
        return not self.path

    def kept_agreement_of(self, party: Party) -> Agreement | None:
        """Return the agreement of a party's own with which the copy is kept; None of copies from before it was."""
        kept = (self.answers_under, self.agreement)
        return next((each for each in kept if each is not None and each.recipient_id == party.pk), None)

    def become_released(self, *, now: datetime) -> None:
        """Release a kept copy: planned → released. The caller appends its leaf in the same transaction."""
        changed = type(self).objects.filter(pk=self.pk, state=self.State.PLANNED, path="")
        if not changed.update(
            state=self.State.RELEASED,
            released=now,
            sha256=self.sha256,
            psnr_db=self.psnr_db,
            size_bytes=self.size_bytes,
            file_name=self.file_name,
            engagement=self.engagement,
            agreement=self.agreement,
            responsible=self.responsible,
            answers_under=self.answers_under,
        ):
            raise ValueError(f"A copy that is {self.state} cannot be released.")
        self.state, self.released = self.State.RELEASED, now

    def give_up(self, why: str) -> None:
        """Say why a planned copy will not be made; it has no leaf and none of its bytes was ever handed out."""
        planned = type(self).objects.filter(pk=self.pk, state=self.State.PLANNED, path="")
        if not planned.update(state=self.State.FAULTED, fault=why):
            raise ValueError(f"A copy that is {self.state} cannot be given up.")
        self.state, self.fault = self.State.FAULTED, why

    def become_revoked(self, why: str, *, now: datetime) -> None:
        """Close a released copy. The caller appends the leaf in the same transaction."""
        released = type(self).objects.filter(pk=self.pk, state=self.State.RELEASED, revoked=None)
        if not released.update(revoked=now, revoked_why=why):
            raise ValueError(f"A copy that is {self.state} cannot be revoked twice or before it was released.")
        self.revoked, self.revoked_why = now, why

    def is_open_at(self, now: datetime) -> bool:
        """Whether its holder may download it: it was released, and neither revoked nor expired."""
        return (
            self.state == self.State.RELEASED and self.revoked is None and (self.expires is None or now < self.expires)
        )


class Download(models.Model):
    """One download of a copy by its holder. Logged in the ledger before the first byte leaves."""

    copy = models.ForeignKey(Copy, on_delete=models.RESTRICT, related_name="downloads")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()
    leaf_index = models.PositiveBigIntegerField(help_text="Of its entry in the ledger.")

    class Meta:
        ordering = ("time",)

    def __str__(self) -> str:
        return f"{self.copy_id} {self.time}"


class OnwardRequestQuerySet(models.QuerySet["OnwardRequest"]):
    """Requests, and which of them somebody may see."""

    def visible_to(self, person: Person) -> "OnwardRequestQuerySet":
        """The owner's people see all; a supplier's contact, those of the own party; a member, the own ones."""
        if person.is_owners:
            return self
        own = self.filter(engagement__party_id=person.party_id)
        return own if person.may(Act.SHARE_ONWARD) else own.filter(asked_by=person)


class OnwardRequest(models.Model):
    """A supplier asks that a named person of its sub-vendor gets child copies of some of its copies."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        TAKEN_BACK = "taken back", _("taken back")  # the approval, before any copy was planned
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    engagement = models.ForeignKey(Engagement, on_delete=models.RESTRICT, related_name="onward_requests")
    copies = models.ManyToManyField(Copy, related_name="onward_requests", help_text="Of which child copies are asked.")
    sub_vendor = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="+")
    sub_vendor_name = models.CharField(max_length=MAX_NAME_CHARS, help_text="As the asking party wrote it.")
    made_sub_vendor = models.BooleanField(default=False, help_text="Whether the party was not on record before.")
    contact_name = models.CharField(max_length=MAX_NAME_CHARS)
    contact_email = models.EmailField()
    why = models.TextField(max_length=4000)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.RESTRICT, null=True, related_name="+", help_text="That passes the duty on."
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    decision = models.TextField(blank=True, max_length=4000, help_text="The reason that was given.")
    taken_back = models.DateTimeField(null=True, help_text="When the approval was; who gave it stays on record.")
    taken_back_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    taken_back_why = models.TextField(blank=True, max_length=4000)
    release = models.ForeignKey(
        Release, on_delete=models.RESTRICT, null=True, related_name="+", help_text="Of the child copies, once planned."
    )

    objects = OnwardRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-asked",)

    def __str__(self) -> str:
        return self.id

    @property
    def is_waiting(self) -> bool:
        """Whether it is approved and no copies are planned yet: something may be missing."""
        return self.state == self.State.APPROVED and self.release_id is None

    def sub_vendor_for(self, person: Person) -> str:
        """Return the sub-vendor's name as a person is to read it: on record it may be spelt otherwise.

        Only the owner's people see that, or whoever asks could find out whom the owner knows.
        """
        return self.sub_vendor.name if person.is_owners else self.sub_vendor_name

    def become(self, state: "OnwardRequest.State", *, why: str, by: Person | None, now: datetime) -> None:
        """Decide, take an approval back, or withdraw. The caller is in a transaction.

        Raises Refused if it is too late for that.
        """
        current = OnwardRequest.objects.select_for_update().get(pk=self.pk)
        before = {
            self.State.TAKEN_BACK: {self.State.APPROVED},
            self.State.WITHDRAWN: {self.State.ASKED, self.State.APPROVED},
        }
        if current.state not in before.get(state, {self.State.ASKED}) or current.release_id is not None:
            said = _("This request is %(state)s already.") % {"state": current.get_state_display()}
            raise Refused(said if current.release_id is None else _("The copies asked for are being made already."))
        self.state = state
        changed = {
            self.State.TAKEN_BACK: {"taken_back": now, "taken_back_by": by, "taken_back_why": why},
            self.State.WITHDRAWN: {},
        }.get(state, {"decided": now, "decided_by": by, "decision": why})
        for name, value in changed.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *changed])


class SecretCheck(models.Model):
    """What is remembered of the master secret, so that a wrong or a new one is noticed. There is one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BinaryField(help_text="A MAC of a constant under the secret; it says nothing of the secret.")
    created = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_secret"),)
