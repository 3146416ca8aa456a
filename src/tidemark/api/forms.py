"""How the things that many answers speak of look from outside.

What is not written down in a form never leaves: no keys, no hashes of tokens, no folders of the server. A supplier
learns e-mail addresses of its own people only, and of others' persons at most a name.
"""

from ninja import Schema

from tidemark.records.accounts.models import Person
from tidemark.records.cases.counting import Uncounted
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Project


class PartyOut(Schema):
    """An organisation."""

    id: int
    name: str
    is_owner: bool

    @classmethod
    def of(cls, party: Party) -> "PartyOut":
        return cls(id=party.pk, name=party.name, is_owner=party.is_owner)


class PersonRef(Schema):
    """A person, as far as another needs to be told."""

    id: str
    name: str

    @classmethod
    def of(cls, person: Person) -> "PersonRef":
        return cls(id=person.id, name=person.name)


class UncountedOut(Schema):
    """An approval on record that does not count."""

    role: str
    person: PersonRef
    why: str

    @classmethod
    def of(cls, row: Uncounted) -> "UncountedOut":
        return cls(role=row.role, person=PersonRef.of(row.person), why=row.why)


class ProjectRef(Schema):
    """A project by its code name."""

    id: int
    code_name: str

    @classmethod
    def of(cls, project: Project) -> "ProjectRef":
        return cls(id=project.pk, code_name=project.code_name)


class DraftRef(Schema):
    """A draft, as far as who holds a copy of it needs to be told."""

    id: str
    file_name: str
    revision: int
    status: str

    @classmethod
    def of(cls, draft: Draft) -> "DraftRef":
        return cls(id=draft.id, file_name=draft.file_name, revision=draft.revision, status=draft.status)
