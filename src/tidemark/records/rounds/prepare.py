"""Prepare a bidding round, invite parties, open it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_CLAUSE_CHARS, MAX_NAME_CHARS, MAX_ROUND_DRAFTS, MAX_ROUND_PARTIES
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.parties.foreign import refuse_any_name
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Project
from tidemark.records.projects.telling import refuse_telling
from tidemark.records.rounds.models import Bidder, Round
from tidemark.records.visible import readable


def prepare(
    project: Project,
    title: str,
    drafts: Collection[Draft],
    parties: Collection[Party],
    *,
    closes: datetime,
    by: Person,
    now: datetime,
    brief: str = "",
) -> Round:
    """Put a round on record that nobody but the owner sees yet.

    Raises
    ------
    Refused
        If ``by`` may not, or title, drafts, parties or closing time do not hold.
    """
    refuse_others(by)
    _refuse_bad(project, title, drafts, parties, closes=closes, now=now, brief=brief)
    with transaction.atomic():
        made = Round.objects.create(
            project=project, title=readable(title), brief=readable(brief), closes=closes, created=now, created_by=by
        )
        made.drafts.set(drafts)
        Bidder.objects.bulk_create(Bidder(round=made, party=party, invited=now) for party in parties)
    return made


def amend(
    bidding: Round,
    title: str,
    drafts: Collection[Draft],
    parties: Collection[Party],
    *,
    closes: datetime,
    by: Person,
    now: datetime,
    brief: str = "",
) -> Round:
    """Change a round that is only prepared, as :func:`prepare` would have made it."""
    refuse_others(by)
    _refuse_bad(bidding.project, title, drafts, parties, closes=closes, now=now, brief=brief)
    with transaction.atomic():
        seen = Round.objects.select_for_update().get(pk=bidding.pk)
        if seen.state != Round.State.PREPARED:
            raise Refused(_("The round is open or closed: what was announced to bidders is not changed."))
        seen.title, seen.brief, seen.closes = readable(title), readable(brief), closes
        seen.save(update_fields=["title", "brief", "closes"])
        seen.drafts.set(drafts)
        seen.bidders.exclude(party__in=parties).delete()
        invited = set(seen.bidders.values_list("party_id", flat=True))
        Bidder.objects.bulk_create(
            Bidder(round=seen, party=party, invited=now) for party in parties if party.pk not in invited
        )
    return seen


def open_round(home: Home, bidding: Round, *, by: Person, now: datetime) -> None:
    """Show the round to those invited and take bids until it closes. Logged, with drafts and invited parties."""
    refuse_others(by)
    with exclusively(home), transaction.atomic():
        if bidding.closes <= now:
            raise Refused(_("Its closing time is past. Set a later one first."))
        _refuse_names(bidding.title, bidding.brief, bidding.drafts.all())  # who is on record by now
        bidding.advance(Round.State.OPEN, now=now)
        _log_opened(home, bidding, [bidder.party.name for bidder in bidding.bidders.select_related("party")], now=now)


def invite(home: Home, bidding: Round, party: Party, *, by: Person, now: datetime) -> Bidder:
    """Invite one more party; if the round is open already, that is logged like its opening."""
    refuse_others(by)
    _refuse_owner([party])
    with exclusively(home), transaction.atomic():
        seen = Round.objects.select_for_update().get(pk=bidding.pk)
        if seen.state == Round.State.CLOSED or seen.closes <= now:
            raise Refused(_("The round is closed: nobody can be invited any more."))
        if seen.bidders.filter(party=party).exists():
            raise Refused(_("%(party)s is invited already.") % {"party": party})
        if seen.bidders.count() >= MAX_ROUND_PARTIES:
            raise Refused(_("A round has at most %(most)d bidders.") % {"most": MAX_ROUND_PARTIES})
        made = Bidder.objects.create(round=seen, party=party, invited=now)
        if seen.state == Round.State.OPEN:
            _log_opened(home, seen, [party.name], now=now)
    return made


def refuse_others(by: Person) -> None:
    """Raise Refused unless the person runs bidding rounds."""
    if not by.may(Act.MANAGE_ROUNDS):
        raise Refused(_("Only an officer of the owner runs bidding rounds."))


def _log_opened(home: Home, bidding: Round, parties: list[str], *, now: datetime) -> None:
    drafts: dict[str, JSON] = dict(bidding.drafts.values_list("pk", "sha256"))
    body: dict[str, JSON] = {
        "round": bidding.pk,
        "project": bidding.project.code_name,
        "closes": time_text(bidding.closes),
        "drafts": drafts,
        "parties": parties,
    }
    append(Kind.ROUND_OPENED, body, subject=bidding.pk, now=now)
    sign(home, signing_key(home))


def _refuse_bad(
    project: Project,
    title: str,
    drafts: Collection[Draft],
    parties: Collection[Party],
    *,
    closes: datetime,
    now: datetime,
    brief: str,
) -> None:
    if not readable(title) or len(title) > MAX_NAME_CHARS or len(brief) > MAX_CLAUSE_CHARS:
        raise Refused(_("Give the round a title of at most %(most)d characters.") % {"most": MAX_NAME_CHARS})
    if closes <= now:
        raise Refused(_("The closing time is in the future."))
    if not 0 < len(drafts) <= MAX_ROUND_DRAFTS or any(draft.project_id != project.pk for draft in drafts):
        raise Refused(_("Choose 1 to %(most)d drafts of this project.") % {"most": MAX_ROUND_DRAFTS})
    if not 0 < len(parties) <= MAX_ROUND_PARTIES:
        raise Refused(_("Invite 1 to %(most)d parties.") % {"most": MAX_ROUND_PARTIES})
    _refuse_owner(parties)
    _refuse_names(title, brief, drafts)


def _refuse_names(title: str, brief: str, drafts: Iterable[Draft]) -> None:
    """Refuse what names a party: all bidders read it, those too who are invited later, and none learns of another."""
    refuse_any_name(f"{title}\n{brief}")
    refuse_telling({draft: Party.objects.filter(is_owner=True) for draft in drafts})


def _refuse_owner(parties: Collection[Party]) -> None:
    if any(party.is_owner for party in parties):
        raise Refused(_("The owner does not bid in its own rounds."))
