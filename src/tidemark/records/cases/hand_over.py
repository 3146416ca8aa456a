"""The evidence of an allegation: asked for by the party, granted by officer or legal, handed over with an entry first.

A sealed bundle is about one draft, and has the ledger's entry of its trace: that names every copy that the trace
accuses, of whichever draft, and every draft that the file shows. It cannot be taken apart. So one that also names
another party's copy, or a draft of a project in which the party has no part, is not handed over: no party learns of
another, nor of what others work on.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
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
from tidemark.records.projects.models import Engagement


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
    """Return the same by allegation, by its id. Four queries, however many they are."""
    rows = {row.pk: row for row in allegations}
    pairs = {
        pk: {(each.trace_id, each.copy.draft_id) for each in spoken_of}
        for pk, spoken_of in named_of(rows.values()).items()
    }
    traces = {trace for each in pairs.values() for trace, _draft in each}
    matches = list(Match.objects.filter(trace__in=traces).select_related("draft").order_by("pk"))
    answering = _who_answers(traces)
    taking_part = _taking_part({row.party_id for row in rows.values()})

    def bundle(match: Match, party: int, drafts: Collection[str]) -> Bundle:
        others = answering.get(match.trace_id, set()) - {party}
        shown = {each.draft for each in matches if each.trace_id == match.trace_id and each.draft_id not in drafts}
        foreign = any((party, draft.project_id) not in taking_part for draft in shown)
        return Bundle(match, _why_not(names_another=bool(others), shows_another=foreign))

    return {
        pk: [
            bundle(match, row.party_id, {draft for _trace, draft in pairs[pk]})
            for match in matches
            if match.bundle_sha256 and (match.trace_id, match.draft_id) in pairs[pk]
        ]
        for pk, row in rows.items()
    }


def _who_answers(traces: Collection[str]) -> dict[str, set[int | None]]:
    """Return by trace the parties, by their ids, that answer for the copies it accuses; None for the owner's own."""
    answering: dict[str, set[int | None]] = {}
    accused = NamedCopy.objects.filter(trace__in=traces, is_accused=True)
    for each in accused.select_related("copy__holder", "copy__responsible"):
        answers = None if is_own(each.copy) else answers_for(each.copy).pk
        answering.setdefault(each.trace_id, set()).add(answers)
    return answering


def _taking_part(parties: Collection[int]) -> set[tuple[int, int | None]]:
    """Return which of the parties have a place in which projects, by their ids."""
    return set(Engagement.objects.filter(party__in=parties).values_list("party", "project"))


def ask_evidence(home: Home, allegation: Allegation, *, by: Person, now: datetime) -> None:
    """Ask for the evidence, for the party. Asking twice changes nothing."""
    refuse_other_than_accused(allegation, by)
    with writing(home):
        allegation.leave(*OPEN, Allegation.State.FINAL)
        if _set_once(allegation, "evidence_asked", now):
            said: dict[str, JSON] = {"allegation": allegation.pk, "party": allegation.party.name}
            tell(home, allegation.case, Kind.EVIDENCE_ASKED, by=by, now=now, detail=said)


def matches_sealed_for(allegation: Allegation) -> QuerySet[Match]:
    """Return the matches of an allegation's bundles: what else its leak shows is not there for the party (404)."""
    return Match.objects.filter(pk__in=[each.match.pk for each in bundles_of(allegation)])


def is_to_be_granted(allegation: Allegation, bundles: Iterable[Bundle]) -> bool:
    """Whether the owner can still decide on the evidence of an allegation; ``bundles`` are those of it. Pure."""
    goes_on = allegation.put is not None and allegation.state in (*OPEN, Allegation.State.FINAL)
    return goes_on and allegation.evidence_granted is None and any(not each.why_not for each in bundles)


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
        foreign = [name for each in whole for name in _foreign(each.match, allegation)]
        if foreign:
            raise Refused(
                _(
                    "The evidence says how the leak was found, and names %(others)s there. It is sealed and cannot be "
                    "changed. Let an expert of both sides look at it."
                )
                % {"others": _(", ").join(dict.fromkeys(foreign))}
            )
        if _set_once(allegation, "evidence_granted", now):
            said: dict[str, JSON] = {"allegation": allegation.pk, "party": allegation.party.name}
            tell(home, allegation.case, Kind.EVIDENCE_GRANTED, by=by, now=now, detail=said)


def hand_over(home: Home, allegation: Allegation, match: Match, *, by: Person, now: datetime) -> bytes:
    """Return a bundle's bytes for the party. That it was handed over is in the ledger before the first byte leaves.

    Raises
    ------
    Refused
        If it was not granted, or names another party; whom, and that it does, the party is not told.
    """
    refuse_other_than_accused(allegation, by)
    with writing(home):
        seen = Allegation.objects.select_for_update().get(pk=allegation.pk)
        if seen.evidence_granted is None or seen.state == Allegation.State.WITHDRAWN:
            raise Refused(_("The evidence was not granted to your company. Ask for it."))
        found = next((each for each in bundles_of(allegation) if each.match.pk == match.pk), None)
        if found is None:
            raise Refused(_("This evidence does not belong to the allegation."))
        if found.why_not or _foreign(found.match, allegation):
            raise Refused(_("This evidence cannot be handed over as it is. Ask the owner to let an expert look at it."))
        data = blobs.get(home, blobs.Shelf.TRACES, found.match.bundle_sha256)
        said: dict[str, JSON] = {
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "bundle_sha256": found.match.bundle_sha256,
        }
        tell(home, allegation.case, Kind.EVIDENCE_HANDED_OVER, by=by, now=now, detail=said)
    return data


def _why_not(*, names_another: bool, shows_another: bool) -> str:
    if names_another:
        return _(
            "It names another party's copy too, and cannot be taken apart. Let an expert of both sides look at it."
        )
    if shows_another:
        return _(
            "It tells of a draft of another project too, and cannot be taken apart. Let an expert of both sides look "
            "at it."
        )
    return ""


def _foreign(match: Match, allegation: Allegation) -> list[str]:
    """Return what names another party in a bundle's words about how its leak was found, which are sealed with it.

    They are those of the place where the file was seen first, and of the one whose file was traced.
    """
    sealed = Q(kind=Kind.LEAK_RECEIVED, subject=match.trace.post.file_sha256)
    if match.trace.leaf_index is not None:
        sealed |= Q(index=match.trace.leaf_index)
    found = [decode(bytes(leaf.data)).body for leaf in Leaf.objects.filter(sealed).order_by("index")]
    words = [str(body[name]) for body in found for name in ("name", "found") if name in body]
    return foreign_names("\n".join(words), allegation.party)


def _set_once(allegation: Allegation, field: str, now: datetime) -> bool:
    """Set a time that is not set yet; return whether it was not. The row is locked."""
    if Allegation.objects.filter(pk=allegation.pk, **{f"{field}__isnull": False}).exists():
        return False
    setattr(allegation, field, now)
    allegation.save(update_fields=[field])
    return True
