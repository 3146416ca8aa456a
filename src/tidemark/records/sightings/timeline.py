"""The timeline of a sighting: whatever happens to it is one leaf of the ledger and one row beside it.

The ledger has ids, hashes and words of ours; what people wrote stays in the records, and the ledger has its hash.
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.timeline import hash_of
from tidemark.records.home import Home
from tidemark.records.ledger.log import append
from tidemark.records.sightings.models import Sighting, SightingEvent


def tell(
    home: Home,  # noqa: ARG001 - whose ledger it is; every action that tells has it
    sighting: Sighting,
    kind: Kind,
    *,
    by: Person | None,
    now: datetime,
    detail: Mapping[str, JSON] | None = None,
    why: str = "",
) -> SightingEvent:
    """Add what happened to the timeline and to the ledger. The caller is within ``cases.timeline.writing``.

    Parameters
    ----------
    by : Person or None
        None if the machine did it.
    detail : mapping of str to JSON
        Ids, hashes and words of ours.
    why : str
        A person's reason. It stays in the row; the ledger has its hash.
    """
    said = dict(detail or {})
    body: dict[str, JSON] = {"sighting": sighting.pk, "file": sighting.file_sha256, "by": by.pk if by else "", **said}
    if why:
        body["why_sha256"] = hash_of(why)
    leaf = append(kind, body, subject=sighting.pk, now=now)
    return SightingEvent.objects.create(
        sighting=sighting, kind=kind, by=by, time=now, detail=said, why=why, leaf_index=leaf.index
    )


def refuse_unless_handler(by: Person) -> None:
    """Raise Refused unless the person may do something with sightings."""
    if not by.may(Act.HANDLE_LEAKS):
        raise Refused(_("Sightings are handled by officers and investigators. Ask one of them."))


def locked(sighting: Sighting) -> Sighting:
    """Read a sighting again and keep others from changing it. The caller is in a transaction."""
    return Sighting.objects.select_for_update(of=("self",)).select_related("project").get(pk=sighting.pk)
