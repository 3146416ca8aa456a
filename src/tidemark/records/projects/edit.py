"""Open a project, change what is said of it, and change a draft's status and label."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.parties.foreign import refuse_any_name
from tidemark.records.projects.models import Draft, Label, Project
from tidemark.records.visible import readable


def create_project(
    *, code_name: str, label: str, by: Person, now: datetime, embargo: date | None = None, description: str = ""
) -> Project:
    """Open a project under a code name that no other has.

    Raises
    ------
    Refused
        If the person may not, or the code name is empty, too long, taken, or names a party.
    """
    _require_may(by)
    with transaction.atomic():
        return Project.objects.create(
            code_name=_free_code_name(code_name, None),
            label=_chosen(Label.values, label),
            embargo=embargo,
            description=description.strip(),
            created=now,
        )


def edit_project(
    project: Project, *, code_name: str, label: str, by: Person, embargo: date | None = None, description: str = ""
) -> Project:
    """Change what is said of a project. What is in the ledger keeps the name that it had.

    Raises
    ------
    Refused
        As :func:`create_project`.
    """
    _require_may(by)
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project.pk)
        project.code_name = _free_code_name(code_name, project)
        project.label, project.embargo = _chosen(Label.values, label), embargo
        project.description = description.strip()
        project.save()
    return project


def classify_draft(home: Home, draft: Draft, *, status: str, label: str, by: Person, now: datetime) -> Draft:
    """Give a draft another status or label, and tell the ledger what it was before.

    Copies that are out keep the agreement that they were released under.

    Raises
    ------
    Refused
        If the person may not.
    """
    _require_may(by)
    asked = {"status": _chosen(Draft.Status.values, status), "label": _chosen(Label.values, label)}
    with exclusively(home), transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        body: dict[str, JSON] = {"draft": draft.pk, "by": by.pk}
        for name, value in asked.items():
            if getattr(draft, name) != value:
                body |= {name: value, f"{name}_before": getattr(draft, name)}
                setattr(draft, name, value)
        if body.keys() & asked.keys():
            draft.save(update_fields=[*asked])
            append(Kind.DRAFT_CHANGED, body, subject=draft.pk, now=now)
            sign(home, signing_key(home))
    return draft


def _require_may(by: Person) -> None:
    if not by.may(Act.MANAGE_PROJECTS):
        raise Refused(_("Projects and drafts are managed by the owner's officers. Ask one of them."))


def _free_code_name(code_name: str, project: Project | None) -> str:
    """Return a code name as it is kept, after checking it. Whoever works on the project reads it, now or later."""
    name = " ".join(readable(code_name).split())
    if project is not None and name == project.code_name:
        return name
    if not name or len(name) > MAX_NAME_CHARS:
        raise Refused(_("A code name has 1 to %(limit)d characters.") % {"limit": MAX_NAME_CHARS})
    others = Project.objects.exclude(pk=project.pk) if project else Project.objects.all()
    if others.filter(code_name__iexact=name).exists():
        raise Refused(_("There is a project %(name)s already. Choose another code name.") % {"name": name})
    refuse_any_name(name)
    return name


def _chosen(values: list[str], value: str) -> str:
    if value not in values:
        raise Refused(_("%(seen)s is none of: %(values)s.") % {"seen": value, "values": ", ".join(values)})
    return value
