"""The owner's people, as rows: of each role as many as there are numbers, and what each keeps."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from benchmarks.desk.rows import an_id

from tests.desk import NOW
from tidemark.records.accounts.models import Grant, Invitation, Person
from tidemark.records.accounts.roles import OWNER_ROLES
from tidemark.records.accounts.tokens import issue_token
from tidemark.records.parties.models import Party


def owners(numbers: Iterable[int]) -> None:
    """Put them on record, with tokens of everybody who signs in."""
    owner, officer = Party.objects.get(is_owner=True), Person.objects.get(email="officer@example.test")
    for number in numbers:
        for role in sorted(OWNER_ROLES):
            email = f"{role}-{number}@example.test"
            made = Person.objects.create(
                id=an_id("owner", str(role), number), email=email, party=owner, name=f"{role} {number}", created=NOW
            )
            EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
            Grant.objects.create(person=made, role=role, granted_by=officer, granted=NOW - timedelta(days=60))
            Invitation.objects.create(
                id=an_id("owner's invitation", str(role), number),
                token_sha256=an_id("owner's", str(role), number).ljust(64, "0"),
                party=owner,
                name=made.name,
                email=email,
                roles=[role],
                invited_by=officer,
                created=NOW - timedelta(days=60),
                expires=NOW,
                accepted=NOW - timedelta(days=60),
                person=made,
            )
        for email in ("officer@example.test", "p0@example.test", "p4@example.test", "legal-0@example.test"):
            person = Person.objects.get(email=email)
            expires = NOW + timedelta(days=365)
            issue_token(person, name=f"program {number}", scopes=["read"], expires=expires, now=NOW)
