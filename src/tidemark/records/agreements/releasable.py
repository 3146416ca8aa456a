"""May a person get copies of a project's drafts? No valid, accepted agreement, no release.

The facts are loaded in a bounded number of queries, whatever the number of persons; the decision on them is pure, so
that it can be read as a table of rules and tested as one. It is taken before a copy is planned and again before each
download: an agreement may lapse in between.

A party two tiers down gets something only if *every* link above it holds: who may not have a drawing may not pass it on
either. Whether a person accepted is asked of the receiver alone; of those above, that the party did.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import IntEnum

from allauth.account.models import EmailAddress
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tidemark.records.accounts.models import Person
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement, Project


class Missing(IntEnum):
    """What stands in the way, in the order in which it is cleared away: of several refusals, the highest is told."""

    ACCOUNT = 1  # the person is not active, or has not verified the address
    ENGAGEMENT = 2
    SUSPENDED = 3
    AGREEMENT = 4  # there is none between the two parties
    PROJECT = 5  # it does not cover the project
    KIND = 6  # nor the draft's status
    TERMINATED = 7
    LAPSED = 8
    NOT_IN_FORCE = 9
    NOT_YET_VALID = 10
    COMPANY = 11  # nobody accepted it for the party
    PERSON = 12  # this person did not
    ABOVE = 13  # all is well here, but not with a party above


@dataclass(frozen=True, slots=True)
class Permit:
    """By what a person may get copies, and who answers for them.

    Attributes
    ----------
    engagement : Engagement
        The place in the supply tree.
    agreement : Agreement
        By which the person's party gets them.
    responsible : Party
    answers_under : Agreement
        By which the responsible party answers: its own.
    others : tuple of Permit
        Of the party's other places, one for each other party that would answer there. Who plans a copy chooses; of
        places where the same party answers, the first in the tree counts, and of one tier the earliest.
    """

    engagement: Engagement
    agreement: Agreement
    responsible: Party
    answers_under: Agreement
    others: tuple["Permit", ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a person may not get copies. It is falsy.

    Attributes
    ----------
    reason : str
        One sentence that both sides may read: it names no party but those two.
    missing : Missing
    agreement : Agreement or None
        The one that came nearest.
    party : Party or None
        With whom it fails; for the owner's eyes.
    """

    reason: str
    missing: Missing
    agreement: Agreement | None = None
    party: Party | None = None

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision on one project rests on.

    Attributes
    ----------
    project : Project
    owner : int
        The owner's id.
    engagements : mapping of id to Engagement
        Those of the persons' parties in the project, and all above them.
    places : mapping of id of a party to its engagements
        The same ones, the highest in the tree first, and of one tier the earliest.
    agreements : mapping of id of the recipient to its agreements
    covering : set of ids of agreements
        Those that cover the project.
    accepted_for_party : set of ids of agreements
    accepted_by : set of pairs of ids
        Agreement, person.
    verified : set of ids of persons
    """

    project: Project
    owner: int
    engagements: Mapping[str, Engagement]
    places: Mapping[int, Collection[Engagement]]
    agreements: Mapping[int, Collection[Agreement]]
    covering: frozenset[str]
    accepted_for_party: frozenset[str]
    accepted_by: frozenset[tuple[str, str]]
    verified: frozenset[str]


def releasable(
    project: Project, status: str, person: Person, *, at: datetime, places: Collection[str] | None = None
) -> Permit | Refusal:
    """Decide whether ``person`` may get copies of the project's drafts of this status."""
    return releasable_many(project, (status,), (person,), at=at, places=places)[person.pk, status]


def releasable_many(
    project: Project,
    statuses: Iterable[str],
    persons: Collection[Person],
    *,
    at: datetime,
    places: Collection[str] | None = None,
    chosen: Collection[str] = (),
) -> dict[tuple[str, str], Permit | Refusal]:
    """Decide for many at once, in eight queries at most. Keys are (person's id, status).

    Parameters
    ----------
    places : collection of str, optional
        Ids of engagements, if these alone count. A party may be a sub-vendor of two suppliers: what one of them passes
        on must not be let through, or answered for, by the other.
    chosen : collection of str, optional
        Ids of engagements that somebody chose among those of a party: of that party, these alone count.
    """
    facts, on = load(project, persons), at.astimezone(UTC).date()
    asked, own = tuple(statuses), frozenset(chosen)
    found = {}
    for person in persons:
        taken = own.intersection(node.pk for node in facts.places.get(person.party_id, ()))
        for status in asked:
            found[person.pk, status] = decide(facts, status, person, on=on, places=taken or places)
    return found


def why_choose(permit: Permit) -> str:
    """Return why a copy is not planned by this permit before somebody chose the place; '' if there is no choice."""
    if not permit.others:
        return ""
    answering = _(", ").join(sorted(each.responsible.name for each in (permit, *permit.others)))
    return _(
        "%(party)s has several places in the supply tree, where different parties answer: %(who)s. Choose one."
    ) % {
        "party": permit.engagement.party,
        "who": answering,
    }


def load(project: Project, persons: Collection[Person]) -> Facts:
    """Load what :func:`decide` needs for these persons."""
    ids = [person.pk for person in persons]
    own = Engagement.objects.filter(project=project, party__in={person.party_id for person in persons})
    tree = {ancestor for path in own.values_list("path", flat=True) for ancestor in path.rstrip("/").split("/")}
    engagements = {node.pk: node for node in Engagement.objects.filter(pk__in=tree).select_related("party")}
    places: dict[int, list[Engagement]] = {}
    for node in sorted(engagements.values(), key=lambda node: (node.tier, node.created, node.path)):
        places.setdefault(node.party_id, []).append(node)
    taken: dict[int, list[Agreement]] = {}
    known = Agreement.objects.filter(recipient__in={node.party_id for node in engagements.values()})
    for agreement in known.select_related("discloser", "recipient").order_by("-valid_from", "pk"):
        taken.setdefault(agreement.recipient_id, []).append(agreement)
    is_covering = Q(covers_all_projects=True) | Q(projects=project)
    covering = set(known.filter(is_covering).values_list("pk", flat=True))
    accepted = Acceptance.objects.as_they_stand().filter(Q(for_party=True) | Q(person__in=ids), agreement__in=covering)
    for_party, by = set(), set()
    for agreement_id, person_id, is_for_party in accepted.values_list("agreement_id", "person_id", "for_party"):
        if is_for_party:
            for_party.add(agreement_id)
        else:
            by.add((agreement_id, person_id))
    verified = EmailAddress.objects.filter(user__in=ids, verified=True, email__iexact=F("user__email"))
    owner = Party.objects.filter(is_owner=True).values_list("pk", flat=True).first()
    return Facts(
        project=project,
        owner=owner or 0,
        engagements=engagements,
        places=places,
        agreements=taken,
        covering=frozenset(covering),
        accepted_for_party=frozenset(for_party),
        accepted_by=frozenset(by),
        verified=frozenset(verified.values_list("user_id", flat=True)),
    )


def decide(
    facts: Facts, status: str, person: Person, *, on: date, places: Collection[str] | None = None
) -> Permit | Refusal:
    """Decide on one person and one status of draft, on one day (UTC). Pure."""
    if not person.is_active:
        return Refusal(_("This person's account is closed. Choose another person."), Missing.ACCOUNT)
    if person.pk not in facts.verified:
        return Refusal(_("This person has not verified the e-mail address yet."), Missing.ACCOUNT)
    own = [node for node in facts.places.get(person.party_id, ()) if places is None or node.pk in places]
    if not own:
        return Refusal(
            _("The party is not engaged in %(project)s. Engage it first.") % {"project": facts.project},
            Missing.ENGAGEMENT,
        )
    found = [_at(facts, status, person, node, on=on) for node in own]
    answering: dict[int, Permit] = {}
    for each in found:
        if isinstance(each, Permit):
            answering.setdefault(each.responsible.pk, each)
    if answering:
        first, *others = answering.values()
        return replace(first, others=tuple(others))
    return max((each for each in found if isinstance(each, Refusal)), key=lambda refusal: refusal.missing)


def _at(facts: Facts, status: str, person: Person, node: Engagement, *, on: date) -> Permit | Refusal:
    """Decide for one place of the supply tree: first its own link, then those above, from the root."""
    chain = [facts.engagements[each] for each in node.ancestor_ids]
    for engagement in chain:
        if engagement.state != Engagement.State.ACTIVE:
            said = (
                _("The party's engagement in %(project)s is suspended. The owner can resume it.")
                if engagement is node
                else _("In %(project)s, the engagement of a party above is suspended. The owner can resume it.")
            )
            return Refusal(said % {"project": facts.project}, Missing.SUSPENDED, party=engagement.party)
    agreement = _link(facts, status, chain, len(chain) - 1, person, on=on)
    if isinstance(agreement, Refusal):
        return agreement
    root = agreement
    for place in range(len(chain) - 1):
        above = _link(facts, status, chain, place, None, on=on)
        if isinstance(above, Refusal):
            said = _(
                "A party above in the supply tree has no valid, accepted agreement for this. The owner knows which."
            )
            return Refusal(said, Missing.ABOVE, above.agreement, chain[place].party)
        root = above if place == 0 else root
    if root.liable_downstream:
        return Permit(node, agreement, responsible=chain[0].party, answers_under=root)
    return Permit(node, agreement, responsible=node.party, answers_under=agreement)


def _link(
    facts: Facts, status: str, chain: list[Engagement], place: int, person: Person | None, *, on: date
) -> Agreement | Refusal:
    """Return the agreement by which one party of a chain may get what the party above it has."""
    engagement = chain[place]
    discloser = chain[place - 1].party_id if place else facts.owner
    refusals = []
    for agreement in facts.agreements.get(engagement.party_id, ()):
        if agreement.discloser_id != discloser:
            continue
        lacking = _lacking(facts, status, agreement, person, on=on)
        if lacking is None:
            return agreement
        said = _REASONS[lacking]() % {
            "agreement": agreement.reference,
            "project": facts.project,
            "day": agreement.valid_until if lacking is Missing.LAPSED else agreement.valid_from,
        }
        refusals.append(Refusal(said, lacking, agreement, engagement.party))
    if not refusals:
        said = _("There is no agreement with the party that engages this one. One must be registered and accepted.")
        return Refusal(said, Missing.AGREEMENT, party=engagement.party)
    return max(refusals, key=lambda refusal: refusal.missing)


def _lacking(facts: Facts, status: str, agreement: Agreement, person: Person | None, *, on: date) -> Missing | None:
    """Return what an agreement lacks to let a copy of this status through; None if nothing."""
    rules = (
        (agreement.pk in facts.covering, Missing.PROJECT),
        (status in agreement.kinds, Missing.KIND),
        (agreement.state != Agreement.State.TERMINATED, Missing.TERMINATED),
        (agreement.valid_until is None or on <= agreement.valid_until, Missing.LAPSED),
        (agreement.state == Agreement.State.IN_FORCE, Missing.NOT_IN_FORCE),
        (agreement.valid_from <= on, Missing.NOT_YET_VALID),
        (agreement.pk in facts.accepted_for_party, Missing.COMPANY),
        (person is None or (agreement.pk, person.pk) in facts.accepted_by, Missing.PERSON),
    )
    return next((missing for holds, missing in rules if not holds), None)


_REASONS = {
    Missing.PROJECT: lambda: _("Agreement %(agreement)s does not cover %(project)s. Register one that does."),
    Missing.KIND: lambda: _("Agreement %(agreement)s does not cover drafts of this status. Register one that does."),
    Missing.TERMINATED: lambda: _("Agreement %(agreement)s was terminated. Register a new one."),
    Missing.LAPSED: lambda: _("Agreement %(agreement)s ended on %(day)s. Register a new one."),
    Missing.NOT_IN_FORCE: lambda: _("Agreement %(agreement)s is prepared, but not in force yet."),
    Missing.NOT_YET_VALID: lambda: _("Agreement %(agreement)s is valid from %(day)s on only."),
    Missing.COMPANY: lambda: _("Agreement %(agreement)s was not accepted for the company yet. A contact of it can."),
    Missing.PERSON: lambda: _("Agreement %(agreement)s was not accepted by this person yet."),
}
