"""Under which agreement a party answers for a copy.

The one that is kept with the copy since it was issued, whatever the draft's status became; or the copy's own, if the
party itself took it. Of copies from before that was kept, the one that bound the party to the owner when the copy was
issued: from that its liability was taken. Only if none is found, because the draft's status was changed since, the one
whose duty the copy's own passes on, up to the party's, if it was in force then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tidemark.records.agreements.binding import Binding, accepted
from tidemark.records.agreements.models import Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Project


@dataclass(frozen=True, slots=True)
class Signed:
    """The agreements from which it is told, as they are on record.

    Attributes
    ----------
    owners : mapping of int to sequence of Binding
        By party, by its id, those that it accepted with the owner, the newest first.
    above : mapping of str to Agreement
        By id, those whose duties others pass on.
    """

    owners: Mapping[int, Sequence[Binding]]
    above: Mapping[str, Agreement]

    def of(self, party: Party, copy: Copy) -> Agreement | None:
        """Return the agreement under which a party answers for a copy; None if none on record says so. Pure."""
        draft, at = copy.draft, copy.issued
        return (
            copy.kept_agreement_of(party)
            or self.with_owner(party, draft.project_id, at=at, status=draft.status)
            or self._passed_on(party, copy.agreement, at=at)
        )

    def with_owner(self, party: Party, project: int | None, *, at: datetime, status: str = "") -> Agreement | None:
        """Return the agreement with the owner that bound a party in a project, by its id; of several the newest. Pure.

        With the status of a draft, only one that covers drafts of that status.
        """
        known = (each for each in self.owners.get(party.pk, ()) if each.bound(at))
        covers = (each for each in known if (each.covers(project, status) if status else each.is_for(project)))
        return next((each.agreement for each in covers), None)

    def _passed_on(self, party: Party, agreement: Agreement | None, *, at: datetime) -> Agreement | None:
        """Return the agreement of ``party`` whose duty this one passes on, if it was in force at a moment."""
        while agreement is not None and agreement.recipient_id != party.pk:
            agreement = self.above.get(agreement.under_id or "")
        return agreement if agreement is not None and agreement.was_in_force(at) else None


def signed_for(answering: Iterable[tuple[Party, Copy]]) -> Signed:
    """Return what tells under which agreements parties answer for copies.

    No query for copies that agreements are kept with; else two, and one for each tier that duties were passed on to.
    """
    asked = [(party, copy) for party, copy in answering if copy.kept_agreement_of(party) is None]
    return Signed(_with_owner({party.pk for party, _copy in asked}), _above(copy.agreement for _party, copy in asked))


def agreement_of(party: Party, copy: Copy) -> Agreement | None:
    """Return the agreement under which ``party`` answers for one copy: see :meth:`Signed.of`."""
    return signed_for([(party, copy)]).of(party, copy)


def agreement_with(party: Party, project: Project | None, *, at: datetime) -> Agreement | None:
    """Return the agreement with the owner that bound a party in a project: see :meth:`Signed.with_owner`."""
    return Signed(_with_owner({party.pk}), {}).with_owner(party, project.pk if project else None, at=at)


def _with_owner(parties: set[int]) -> dict[int, list[Binding]]:
    found: dict[int, list[Binding]] = {}
    if parties:
        owners = Agreement.objects.filter(recipient__in=parties, discloser__is_owner=True).select_related("discloser")
        for each in accepted(owners):
            found.setdefault(each.agreement.recipient_id, []).append(each)
    return found


def _above(agreements: Iterable[Agreement | None]) -> dict[str, Agreement]:
    """Return the agreements above these, up to the owner's. A query for each tier."""
    found: dict[str, Agreement] = {}
    asked = {each.under_id for each in agreements if each is not None and each.under_id}
    while asked:
        found |= Agreement.objects.select_related("discloser").in_bulk(asked)
        asked = {each.under_id for each in found.values() if each.under_id} - found.keys()
    return found
