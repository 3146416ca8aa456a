"""Where a party stands in the supply trees that a case is about, who is below it, and who is bound by an agreement."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from tidemark.records.agreements.binding import binding
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.models import Allegation
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement


def places_of(allegation: Allegation) -> list[Engagement]:
    """Return the party's engagements in the projects of the named copies; where none is named, in the case's.

    A case may be called after another project, or have leaks of several: there nothing is shown against the party.
    """
    drafts = allegation.named.values_list("copy__draft__project", flat=True)
    projects = {each for each in drafts if each is not None} or {allegation.case.project_id} - {None}
    rows = Engagement.objects.filter(party=allegation.party_id, project__in=projects)
    return list(rows.select_related("party", "project", "parent__party").order_by("path"))


def below(places: Iterable[Engagement]) -> list[Engagement]:
    """Return the engagements below these, from the top down."""
    found = Q(pk__in=())
    own = list(places)
    for place in own:
        found |= Q(path__startswith=place.path)
    rows = Engagement.objects.filter(found).exclude(pk__in=[place.pk for place in own])
    rows = rows.exclude(party__in={place.party_id for place in own})
    return list(rows.select_related("party", "project", "parent__party").order_by("path"))


def bonds(engagements: Iterable[Engagement], *, on: date) -> Mapping[str, Agreement | None]:
    """Return for each engagement the agreement with whoever engages it that is in force and accepted; None if none is.

    What was accepted must be what is in force. Three queries, however many engagements there are.
    """
    rows = list(engagements)
    owner = Party.objects.filter(is_owner=True).values_list("pk", flat=True).first()
    known = binding(Agreement.objects.filter(recipient__in={row.party_id for row in rows}), on=on)
    found: dict[str, Agreement | None] = {}
    for row in rows:
        giver = row.parent.party_id if row.parent else owner
        between = (
            each.agreement
            for each in known
            if (each.agreement.recipient_id, each.agreement.discloser_id) == (row.party_id, giver)
            and each.is_for(row.project_id)
        )
        found[row.pk] = next(between, None)
    return found
