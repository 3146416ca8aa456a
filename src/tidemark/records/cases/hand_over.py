"""The evidence of an allegation: asked for by the party, granted by officer or legal, handed over with an entry first.

A sealed bundle names every copy that its trace accuses of one draft, and its figures cannot be had without their keys.
So one that also names another party's copy is not handed over: no party learns of another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, decode
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.accusable import answers_for, is_own
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import OPEN, Allegation
from tidemark.records.cases.named import named_of
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.reply import refuse_other_than_accused
from tidemark.records.cases.timeline import tell, writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import Match, NamedCopy
from tidemark.records.ledger.models import Leaf


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sealed bundle that belongs to an allegation.

    Attributes
    ----------
    match : Match
        The draft that it is about, and where it lies.
    why_not : str
        Why it cannot be handed to the party; '' if it can.
    """

    match: Match
    why_not: str


def bundles_of(allegation: Allegation) -> list[Bundle]:
    """Return the sealed bundles of the copies that an allegation speaks of."""
    return bundles_of_each([allegation])[allegation.pk]


def bundles_of_each(allegations: Iterable[Allegation]) -> dict[str, list[Bundle]]:
    """Return the same by allegation, by its id. Three queries, however many they are."""
    rows = {row.pk: row for row in allegations}
    named = named_of(rows.values())
    pairs = {pk: {(each.trace_id, each.copy.draft_id) for each in spoken_of} for pk, spoken_of in named.items()}
    traces = {trace for each in pairs.values() for trace, _draft in each}
    sealed = Match.objects.filter(trace__in=traces).exclude(bundle_sha256="").select_related("draft").order_by("pk")
    matches = list(sealed)
    accused = NamedCopy.objects.filter(trace__in=traces, is_accused=True)
    answering: dict[tuple[str, str], set[int | None]] = {}
    for each in accused.select_related("copy__holder", "copy__responsible"):
        answers = None if is_own(each.copy) else answers_for(each.copy).pk
        answering.setdefault((each.trace_id, each.copy.draft_id), set()).add(answers)
    barred = _("It names another party's copy too, and cannot be taken apart. Let an expert of both sides look at it.")

    def bundle(match: Match, party: int) -> Bundle:
        others = answering.get((match.trace_id, match.draft_id), set()) - {party}
        return Bundle(match, barred if others else "")

    return {
        pk: [bundle(match, row.party_id) for match in matches if (match.trace_id, match.draft_id) in pairs[pk]]
        for pk, row in rows.items()
    }


def ask_evidence(home: Home, allegation: Allegation, *, by: Person, now: datetime) -> None:
    """Ask for the evidence, for the party. Asking twice changes nothing."""
    refuse_other_than_accused(allegation, by)
    with writing(home):
        allegation.leave(*OPEN, Allegation.State.FINAL)
        if _set_once(allegation, "evidence_asked", now):
            said: dict[str, JSON] = {"allegation": allegation.pk, "party": allegation.party.name}
            tell(home, allegation.case, Kind.EVIDENCE_ASKED, by=by, now=now, detail=said)


def grant_evidence(home: Home, allegation: Allegation, *, by: Person, now: datetime) -> None:
    """Let the party have the evidence, asked or not.

    Raises
    ------
    Refused
        If the person may not, it was not put, or there is no bundle that can be handed over, or one names another party
        in the words about how its leak was found.
    """
    refuse_unless(by, Act.ALLEGE)
    with writing(home):
        allegation.leave(*OPEN, Allegation.State.FINAL)
        found = bundles_of(allegation)
        whole = [each for each in found if not each.why_not]
        if not whole:
            raise Refused(
                found[0].why_not if found else _("There is no sealed evidence of this: no trace accuses a copy here.")
            )
        for each in whole:
            _refuse_foreign(each.match, allegation)
        if _set_once(allegation, "evidence_granted", now):
            said: dict[str, JSON] = {"allegation": allegation.pk, "party": allegation.party.name}
            tell(home, allegation.case, Kind.EVIDENCE_GRANTED, by=by, now=now, detail=said)


def hand_over(home: Home, allegation: Allegation, match: Match, *, by: Person, now: datetime) -> bytes:
    """Return a bundle's bytes for the party. That it was handed over is in the ledger before the first byte leaves.

    Raises
    ------
    Refused
        If it was not granted, or names another party.
    """
    refuse_other_than_accused(allegation, by)
    with writing(home):
        seen = Allegation.objects.select_for_update().get(pk=allegation.pk)
        if seen.evidence_granted is None or seen.state == Allegation.State.WITHDRAWN:
            raise Refused(_("The evidence was not granted to your company. Ask for it."))
        found = next((each for each in bundles_of(allegation) if each.match.pk == match.pk), None)
        if found is None or found.why_not:
            raise Refused(found.why_not if found else _("This evidence does not belong to the allegation."))
        _refuse_foreign(found.match, allegation)
        data = blobs.get(home, blobs.Shelf.TRACES, found.match.bundle_sha256)
        said: dict[str, JSON] = {
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "bundle_sha256": found.match.bundle_sha256,
        }
        tell(home, allegation.case, Kind.EVIDENCE_HANDED_OVER, by=by, now=now, detail=said)
    return data


def _refuse_foreign(match: Match, allegation: Allegation) -> None:
    """Refuse a bundle in which the words about how its leak was found, sealed with it, name another party."""
    leaf = Leaf.objects.get(kind=Kind.LEAK_RECEIVED, subject=match.trace.post.file_sha256)
    body = decode(bytes(leaf.data)).body
    foreign = foreign_names(f"{body['name']}\n{body['found']}", allegation.party)
    if foreign:
        raise Refused(
            _(
                "The evidence says how the leak was found, and names %(others)s there. It is sealed and cannot be "
                "changed. Let an expert of both sides look at it."
            )
            % {"others": _(", ").join(foreign)}
        )


def _set_once(allegation: Allegation, field: str, now: datetime) -> bool:
    """Set a time that is not set yet; return whether it was not. The row is locked."""
    if Allegation.objects.filter(pk=allegation.pk, **{f"{field}__isnull": False}).exists():
        return False
    setattr(allegation, field, now)
    allegation.save(update_fields=[field])
    return True
