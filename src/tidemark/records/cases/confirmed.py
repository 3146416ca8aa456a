"""Which parties the owner itself has to do with, and which only a supplier has named.

A supplier that asks for onward sharing may name anything as its sub-vendor, an ordinary word too, and the party is on
record at once. As long as nobody of the owner has approved the request or dealt with the party otherwise, its name
stops nobody from writing to others.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy, OnwardRequest
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement
from tidemark.records.rounds.models import Bidder


def confirmed() -> QuerySet[Party]:
    """Return the parties that are on record by more than a supplier's request, by name."""
    asked = OnwardRequest.objects.filter(sub_vendor=OuterRef("pk"))
    approved = asked.filter(decided_by__isnull=False).exclude(state=OnwardRequest.State.REFUSED)
    by_request = OnwardRequest.objects.filter(sub_vendor=OuterRef("party"), contact_email=OuterRef("email"))
    dealings = (
        Engagement.objects.filter(party=OuterRef("pk")),
        # What a supplier agrees with whom it names is its own word again.
        Agreement.objects.filter(recipient=OuterRef("pk"), discloser__is_owner=True),
        Copy.objects.filter(holder=OuterRef("pk")),
        Bidder.objects.filter(party=OuterRef("pk")),
        Person.objects.filter(party=OuterRef("pk")),
        # One to the contact of a request may have been sent without anybody's asking, by an agreement.
        Invitation.objects.filter(~Exists(by_request), party=OuterRef("pk")),
    )
    is_known = ~Exists(asked.filter(made_sub_vendor=True)) | Exists(approved)
    for rows in dealings:
        is_known |= Q(Exists(rows))
    return Party.objects.filter(is_known)
