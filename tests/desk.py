"""A desk with people at it: the owner's five roles, a supplier with two persons, its sub-vendor, a sibling, a stranger.

The supply tree of project MS11:

    Halden Motors (owner)
    ├── Northwick Mouldings        supplier: contact and member
    │   └── 霁川喷涂 Jichuan Coatings   its sub-vendor
    └── Ardoise Injection          sibling

Vellmar Kunststofftechnik works on project KX7 only: to MS11 it is a stranger. Rows are made directly; what the
workflows do is tested where they are.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from tests import people
from tidemark.records.accounts.models import Grant, Person
from tidemark.records.accounts.roles import OWNER_ROLES, Role
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement, Project

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
PASSWORD = "tideline-cormorant-42"
SIBLING = "Ardoise Injection"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who and what is there. Persons by what the tests call them; see :data:`PERSONS`."""

    owner: Party
    supplier: Party
    sub_vendor: Party
    sibling: Party
    stranger: Party
    persons: dict[str, Person]
    project: Project
    other_project: Project
    engagements: dict[str, Engagement]
    agreements: dict[str, Agreement]

    def __getitem__(self, who: str) -> Person:
        return self.persons[who]


PERSONS = (
    *sorted(OWNER_ROLES),
    "contact",
    "member",
    "sub_vendor_contact",
    "sibling_contact",
    "stranger_contact",
)
"""The owner's, by role; of the supplier; and one each of the other parties. Anonymous is none of them."""


@transaction.atomic
def populate(*, now: datetime = NOW) -> Desk:
    """Set the desk up in the open records: at once, since each commit waits for the disk."""
    owner = Party.owner(people.OWNER, now=now)
    supplier, sub_vendor, sibling, stranger = (
        Party.named(name, {}, now=now) for name in (people.SUPPLIER, people.SUB_VENDOR, SIBLING, people.STRANGER)
    )
    persons = {role.value: person(owner, role.value, role, now=now) for role in sorted(OWNER_ROLES)}
    persons["contact"] = person(supplier, "contact", Role.CONTACT, now=now)
    persons["member"] = person(supplier, "member", Role.MEMBER, now=now)
    for who, party in (("sub_vendor", sub_vendor), ("sibling", sibling), ("stranger", stranger)):
        persons[f"{who}_contact"] = person(party, f"{who}-contact", Role.CONTACT, now=now)
    project = Project.objects.create(code_name="MS11", embargo=date(2027, 1, 1), created=now)
    other = Project.objects.create(code_name="KX7", created=now)
    first = engage(project, supplier, None, now=now)
    engagements = {
        "supplier": first,
        "sub_vendor": engage(project, sub_vendor, first, now=now),
        "sibling": engage(project, sibling, None, now=now),
        "stranger": engage(other, stranger, None, now=now),
    }
    agreements = {
        "supplier": agree(owner, supplier, project, persons, ("contact", "member"), now=now),
        "sibling": agree(owner, sibling, project, persons, ("sibling_contact",), now=now),
        "stranger": agree(owner, stranger, other, persons, ("stranger_contact",), now=now),
    }
    agreements["sub_vendor"] = agree(
        supplier, sub_vendor, project, persons, ("sub_vendor_contact",), under=agreements["supplier"], now=now
    )
    return Desk(owner, supplier, sub_vendor, sibling, stranger, persons, project, other, engagements, agreements)


def person(party: Party, who: str, role: Role, *, now: datetime = NOW) -> Person:
    """Make a person whose address is verified and who can sign in with :data:`PASSWORD`."""
    made = Person.objects.create(
        email=f"{who}@example.test", password=_hashed(), party=party, name=f"{who} person", created=now
    )
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    Grant.objects.create(person=made, role=role)
    return made


@cache
def _hashed() -> str:
    """The password's hash, made once: it is slow on purpose."""
    return make_password(PASSWORD)


def engage(project: Project, party: Party, parent: Engagement | None, *, now: datetime = NOW) -> Engagement:
    """Put a party into the supply tree."""
    made = Engagement(project=project, party=party, parent=parent, created=now)
    made.path = f"{parent.path if parent else ''}{made.id}/"
    made.save()
    return made


def agree(
    discloser: Party,
    recipient: Party,
    project: Project,
    persons: dict[str, Person],
    accepted_by: tuple[str, ...],
    *,
    under: Agreement | None = None,
    now: datetime = NOW,
) -> Agreement:
    """Make an agreement in force that the party, through the first person, and each of the persons accepted."""
    made = Agreement.objects.create(
        reference=f"NDA {discloser.name} – {recipient.name}",
        discloser=discloser,
        recipient=recipient,
        under=under,
        kinds=["bidding", "development"],
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 12, 31),
        damages="1000000",
        damages_currency="CNY",
        governing_law="PRC",
        state=Agreement.State.IN_FORCE,
        created=now,
    )
    made.projects.add(project)
    for number, who in enumerate(accepted_by):
        if number == 0:
            Acceptance.objects.create(agreement=made, person=persons[who], for_party=True, accepted=now, leaf_index=0)
        Acceptance.objects.create(agreement=made, person=persons[who], for_party=False, accepted=now, leaf_index=0)
    return made
