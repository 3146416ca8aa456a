"""Whom a supplier may bind by an agreement that passes its duty on."""

from django.db.models import Q, QuerySet

from tidemark.records.accounts.models import Person
from tidemark.records.copies.models import OnwardRequest
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import visible_parties


def bindable_by(person: Person) -> QuerySet[Party]:
    """Return the parties that a person's own party may have as the recipient of an agreement.

    The owner's people choose among all. A supplier's choose among those below it, and those with whom the owner has
    approved to share: a party that was only asked for is not shown, or asking would tell whether it is on record.
    """
    if person.is_owners:
        return Party.objects.filter(is_owner=False)
    approved = OnwardRequest.objects.visible_to(person).filter(state=OnwardRequest.State.APPROVED)
    found = Q(pk__in=visible_parties(person).values("pk")) | Q(pk__in=approved.values("sub_vendor"))
    return Party.objects.filter(found, is_owner=False).exclude(pk=person.party_id)
