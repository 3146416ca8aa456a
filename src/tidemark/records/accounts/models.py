"""Persons, their roles, the invitations by which they come, and the tokens that their programs use."""

import secrets
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.roles import Act, Role, allowed
from tidemark.records.parties.models import Party


def new_id() -> str:
    """Return a random id that tells an outsider nothing, not even how many there are."""
    return secrets.token_hex(8)


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons, and which of them somebody may see."""

    def visible_to(self, viewer: "Person") -> "PersonQuerySet":
        """The owner's people see everybody; a supplier's see their own colleagues."""
        return self if viewer.is_owners else self.filter(party_id=viewer.party_id)


class PersonManager(BaseUserManager["Person"]):
    """Makes persons with a password, as Django and allauth ask for it."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").lower())

    def create_user(
        self, email: str, password: str | None = None, *, party: Party, name: str, created: datetime
    ) -> "Person":
        person = self.model(email=email.lower(), party=party, name=name, created=created)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """A named person who belongs to a party and signs in with an e-mail address."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="persons")
    name = models.CharField(_("name"), max_length=MAX_NAME_CHARS)
    email = models.EmailField(_("e-mail"), unique=True, help_text="In lower case.")
    language = models.CharField(max_length=10, choices=(("en", "English"), ("zh-hans", "简体中文")), default="en")
    nonce = models.BinaryField(default=bytes, help_text="What the person contributes to the keys of later copies.")
    is_active = models.BooleanField(default=True, help_text="Persons are never deleted: the ledger speaks of them.")
    created = models.DateTimeField()
    session_salt = models.CharField(max_length=32, blank=True, help_text="A new one ends all sessions.")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PersonManager.from_queryset(PersonQuerySet)()

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "persons"

    def __str__(self) -> str:
        return self.name

    @property
    def is_owners(self) -> bool:
        """Whether the person belongs to the owner."""
        return self.party.is_owner

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie sessions to the password, as Django does, and to the salt, which is changed to end them."""
        return salted_hmac(
            "tidemark.person.session", f"{self.password}:{self.session_salt}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def end_sessions(self) -> None:
        """End every session of the person, wherever it is."""
        self.session_salt = secrets.token_hex(8)
        self.save(update_fields=["session_salt"])

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants.all())

    def may(self, act: Act) -> bool:
        """Return whether a role of the person allows it."""
        return self.is_active and act in allowed(self.roles)

    @property
    def sees_addresses(self) -> bool:
        """Whether the e-mail addresses of those whom the person sees are shown along with their names.

        A supplier's people see their own colleagues alone. Of the owner's, who neither invites nor releases has no use
        for the addresses of other companies' people.
        """
        return not self.is_owners or self.may(Act.MANAGE_PEOPLE) or self.may(Act.RELEASE)


class Grant(models.Model):
    """One role of one person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_by = models.ForeignKey(
        Person,
        on_delete=models.RESTRICT,
        null=True,
        related_name="+",
        help_text="Who gave it, or invited to it; null for the first officer, and where it was not kept.",
    )
    granted = models.DateTimeField(null=True, help_text="When it was given; null where it was not kept.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "role"), name="one_grant_a_role"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Readmission(models.Model):
    """That a person who had been deactivated was let in again. Rows are only ever added; the ledger has each."""

    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="readmissions")
    by = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    time = models.DateTimeField()
    leaf_index = models.PositiveBigIntegerField(unique=True, help_text="Its entry in the ledger.")

    def __str__(self) -> str:
        return f"{self.person_id} {self.time}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, and which of them somebody may see."""

    def visible_to(self, viewer: Person) -> "InvitationQuerySet":
        """The owner's people see all; a supplier's contact, those to the own party; nobody else any."""
        if viewer.is_owners:
            return self
        return self.filter(party_id=viewer.party_id) if viewer.may(Act.INVITE_COLLEAGUES) else self.none()

    def standing(self) -> "InvitationQuerySet":
        """Those that were neither accepted nor withdrawn; they may have expired."""
        return self.filter(accepted__isnull=True, withdrawn__isnull=True)


class Invitation(models.Model):
    """An invitation to one named person at one address; the link in the mail works once, until it expires."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    token_sha256 = models.CharField(max_length=64, unique=True, help_text="Of the link's secret, which is not kept.")
    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="invitations")
    name = models.CharField(max_length=MAX_NAME_CHARS)
    email = models.EmailField()
    language = models.CharField(max_length=10, default="en")
    roles = models.JSONField(default=list)
    invited_by = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    created = models.DateTimeField()
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    withdrawn = models.DateTimeField(null=True)
    on_record_at = models.ForeignKey(
        Party,
        on_delete=models.RESTRICT,
        null=True,
        related_name="+",
        help_text="Where the address was on record already: nothing was mailed, and the supplier is not told.",
    )
    person = models.OneToOneField(Person, on_delete=models.RESTRICT, null=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.id

    def state(self, now: datetime) -> str:
        """Return what has become of it: ``open``, ``accepted``, ``withdrawn`` or ``expired``."""
        if self.accepted is not None:
            return "accepted"
        if self.withdrawn is not None:
            return "withdrawn"
        return "open" if now < self.expires else "expired"


class FirstLink(models.Model):
    """The one-time link, printed on the machine itself, by which the first officer comes."""

    token_sha256 = models.CharField(max_length=64, unique=True, help_text="Of the link's secret, which is not kept.")
    created = models.DateTimeField()
    expires = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class ApiToken(models.Model):
    """A personal token for the API. It can do what its person may, within its scopes, until it expires."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=MAX_NAME_CHARS)
    token_sha256 = models.CharField(max_length=64, unique=True, help_text="The token itself is shown once.")
    scopes = models.JSONField(default=list)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.id

    def covers(self, scope: str) -> bool:
        """Whether one of the token's scopes is this one. The person's roles decide beside it."""
        return scope in self.scopes


class CacheEntry(models.Model):
    """A row of Django's database cache: what throttles count, where several servers share one database."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key


class Notice(models.Model):
    """A message to one person, sent at most once for one reason: what keeps reminders from repeating."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    reason = models.CharField(max_length=200, help_text="Such as `agreement-expires:ID:30`.")
    created = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "reason"), name="one_notice_a_reason"),)

    def __str__(self) -> str:
        return self.reason
