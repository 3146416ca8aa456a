"""The way to the first release: which of its steps are done. Once a copy went out, nobody needs to be shown it."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Act
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement, Project


class Step(StrEnum):
    """In the order in which they are taken; a later one needs the earlier ones, but for the drafts."""

    PARTY = "party"
    PROJECT = "project"
    DRAFT = "draft"
    ENGAGEMENT = "engagement"
    AGREEMENT = "agreement"
    CONTACT = "contact"
    ACCEPTANCE = "acceptance"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step, and whether it was taken once."""

    step: Step
    is_done: bool


def first_steps(person: Person) -> tuple[Taken, ...]:
    """Return every step with whether it is done, for who may take them; nothing once a copy was released.

    A folder that only the command line marked copies in has released none to a named person: the steps are shown.
    """
    if not (person.may(Act.RELEASE) and person.may(Act.MANAGE_PROJECTS)):
        return ()
    if Copy.objects.filter(person__isnull=False, released__isnull=False).exists():
        return ()
    suppliers = Q(party__is_owner=False)
    done = {
        Step.PARTY: Party.objects.filter(is_owner=False).exists(),
        Step.PROJECT: Project.objects.exists(),
        Step.DRAFT: Draft.objects.filter(project__isnull=False).exists(),
        Step.ENGAGEMENT: Engagement.objects.exists(),
        Step.AGREEMENT: Agreement.objects.filter(state=Agreement.State.IN_FORCE).exists(),
        Step.CONTACT: Person.objects.filter(suppliers).exists() or Invitation.objects.filter(suppliers).exists(),
        Step.ACCEPTANCE: Acceptance.objects.filter(for_party=True, person__party__is_owner=False).exists(),
        Step.RELEASE: False,
    }
    return tuple(Taken(step, done[step]) for step in Step)
