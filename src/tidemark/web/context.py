"""What every page's frame needs: the navigation of this person, and which entry is the current one."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.models import Allegation
from tidemark.records.plans.models import Plan
from tidemark.records.sanctions.models import Sanction


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation."""

    label: str
    href: str
    icon: str
    is_current: bool


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the navigation for the person who asks."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return {"navigation": ()}
    return {"navigation": tuple(_entry(request, *each) for each in _entries(person)), "Act": Act}


def _entries(person: Person) -> list[tuple[str, str, str]]:
    if not person.is_owners:
        entries = [(_("Drawings"), "home", "drawing"), (_("Rounds"), "rounds", "round")]
        entries += [(_("Agreements"), "agreements", "agreement"), (_("Onward sharing"), "onward", "share")]
        if Allegation.objects.visible_to(person).exists():
            entries += [(_("Allegations"), "allegations", "case")]
            entries += [(_("Sanctions"), "sanctions", "sanction")] if _has_sanctions(person) else []
            entries += [(_("Plans"), "plans", "plan")] if _has_plans(person) else []
        return entries
    entries = [(_("Today"), "home", "today")]
    entries += [(_("Overview"), "overview", "overview")] if person.may(Act.SEE_CASES) else []
    entries += [(_("Projects"), "projects", "project"), (_("Rounds"), "rounds", "round")]
    entries += [(_("Agreements"), "agreements", "agreement"), (_("Onward sharing"), "onward", "share")]
    if person.may(Act.SEE_LEAKS):
        entries += [(_("Leaks"), "leaks", "leak"), (_("Sightings"), "sightings", "sighting")]
    if person.may(Act.SEE_CASES):
        entries += [(_("Cases"), "cases", "case")]
        entries += [(_("Sanctions"), "sanctions", "sanction")] if _has_sanctions(person) else []
        entries += [(_("Plans"), "plans", "plan")] if _has_plans(person) else []
        entries += [(_("Statements"), "statements", "statement")]
    entries += [(_("Parties"), "parties", "party")]
    if person.may(Act.SEE_LEDGER):
        entries += [(_("Ledger"), "ledger", "ledger")]
    return entries


def _has_sanctions(person: Person) -> bool:
    return Sanction.objects.visible_to(person).exists()


def _entry(request: HttpRequest, label: str, name: str, icon: str) -> Entry:
    href = reverse(name)
    is_current = request.path == href if href == "/" else request.path.startswith(href)
    return Entry(label, href, icon, is_current)


def _has_plans(person: Person) -> bool:
    return Plan.objects.visible_to(person).exists()
