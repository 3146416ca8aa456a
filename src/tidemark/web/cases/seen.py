"""What the page of a case says of its leaks, and of each copy that they accuse: three claims, apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.accusable import Accusable
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.leaks.glance import STANDINGS, Glance, glance, newest_revisions
from tidemark.records.leaks.models import NamedCopy
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Engagement
from tidemark.web.leaks.matched import MatchView, match_views
from tidemark.web.leaks.words import Badge, badge, draft_text, odds_text


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a copy's way through the supply tree."""

    number: int
    party: Party
    is_custodian: bool
    answers: bool
    others: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of one named copy."""

    named: NamedCopy
    odds: str
    draft: str
    way: tuple[Tier, ...]
    party: Party
    agreement: Agreement | None
    caveats: tuple[str, ...]
    withdrawn: Allegation | None
    """What was put to the party under this agreement and is taken back, if nothing that was put stands."""


@dataclass(frozen=True, slots=True)
class SeenLeak:
    """A leak in the case's list."""

    seen: Glance
    badge: Badge
    drafts: tuple[str, ...]
    """Which drafts it shows, in words: that one is a bidding draft is the first thing that people ask."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A leak of the case, laid on the drafts that it shows; of a leak of several files, each with its file's name."""

    leak: SeenLeak
    matches: tuple[tuple[str, MatchView], ...]


def claims_of(parties: Iterable[Accusable], allegations: Iterable[Allegation]) -> list[Claim]:
    """Return the claims about every copy that the parties answer for; three queries however many there are.

    Parameters
    ----------
    allegations : iterable of Allegation
        All of the case, in their order.
    """
    known, withdrawn = list(parties), _withdrawn(allegations)
    copies = [named.copy for each in known for named in each.named]
    paths = {copy.engagement.pk: copy.engagement.ancestor_ids for copy in copies if copy.engagement is not None}
    nodes = {row.pk: row for row in _nodes({each for path in paths.values() for each in path})}
    tiers: dict[tuple[int, int], int] = {}
    engaged = Engagement.objects.filter(project__in={node.project_id for node in nodes.values()})
    for project, place_in_tree in engaged.values_list("project_id", "path"):
        place = (project, place_in_tree.count("/"))
        tiers[place] = tiers.get(place, 0) + 1
    found = []
    for each in known:
        for named in each.named:
            path = paths.get(named.copy.engagement_id or "", [])
            way = tuple(_tier(nodes[step], named, each.party, tiers) for step in path if step in nodes)
            found.append(
                Claim(
                    named,
                    odds_text(named.log10_bound),
                    draft_text(named.copy.draft),
                    way,
                    each.party,
                    each.agreement,
                    each.caveats.said(),
                    withdrawn.get((each.party.pk, each.agreement.pk if each.agreement else None)),
                )
            )
    return found


def _withdrawn(allegations: Iterable[Allegation]) -> dict[tuple[int, str | None], Allegation]:
    """Return what was put and withdrawn, by party and agreement, where nothing else that was put stands."""
    put = [each for each in allegations if each.put is not None]
    standing = {(each.party_id, each.agreement_id) for each in put if each.state != Allegation.State.WITHDRAWN}
    gone = {(each.party_id, each.agreement_id): each for each in put if each.state == Allegation.State.WITHDRAWN}
    return {key: each for key, each in gone.items() if key not in standing}


def leaks_of(case: Case) -> list[SeenLeak]:
    """Return the case's leaks, each with its posts and its strongest verdict."""
    return [
        SeenLeak(seen, badge(seen.standing), tuple(draft_text(draft) for draft in seen.drafts))
        for seen in glance(case.leaks.all())
    ]


def laid(leaks: Iterable[SeenLeak]) -> list[Laid]:
    """Return the leaks that show a draft, the strongest verdict first, with their main matches; each match once."""
    known = sorted(leaks, key=lambda each: STANDINGS.index(each.seen.standing))
    newest = newest_revisions({draft for each in known for draft in each.seen.drafts})
    found: list[Laid] = []
    shown: set[int] = set()
    for each in known:
        files = {post.file_sha256: post.file_name for post in each.seen.posts}
        views = [
            (files.get(sha256, "") if len(files) > 1 else "", view)
            for sha256, trace in each.seen.traces.items()
            for view in match_views(trace, newest)
            if view.is_main
        ]
        fresh = tuple((name, view) for name, view in views if view.match.pk not in shown)
        shown.update(view.match.pk for _name, view in fresh)
        if fresh:
            found.append(Laid(each, fresh))
    return found


def _nodes(ids: set[str]) -> Iterable[Engagement]:
    return Engagement.objects.filter(pk__in=ids).select_related("party")


def _tier(node: Engagement, named: NamedCopy, answers: Party, tiers: dict[tuple[int, int], int]) -> Tier:
    return Tier(
        number=node.tier,
        party=node.party,
        is_custodian=node.pk == named.copy.engagement_id,
        answers=node.party_id == answers.pk,
        others=tiers.get((node.project_id, node.tier), 1) - 1,
    )
