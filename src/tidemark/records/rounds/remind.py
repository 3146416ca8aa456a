"""Mails of a round: the invitation, that it closes soon, the award and the certificates that are still owed.

A task of minutes.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.notices import tell
from tidemark.records.rounds.late import AWARD_WITHIN, CERTIFY_WITHIN, owing, unawarded
from tidemark.records.rounds.models import Bidder, Round
from tidemark.records.sentences import joined

SOON = timedelta(days=2)

_OFFICERS = Q(party__is_owner=True, grants__role=Role.OFFICER)


def remind(*, now: datetime) -> int:
    """Send what is due, each mail once; return how many went out.

    A certificate is asked for again each time that its term has passed, and officers are told from the second time on.
    Officers are asked for an award once the round has closed, and again each time that the term of that has passed.
    """
    sent = 0
    running = Bidder.objects.filter(
        round__state=Round.State.OPEN, round__closes__gt=now, outcome=Bidder.Outcome.PENDING
    ).select_related("round", "party")
    for bidder in running:
        for person in _contacts(bidder):
            sent += tell(person, f"round-opened:{bidder.pk}", partial(_invitation, bidder), now=now)
    for bidder in running.filter(round__closes__lte=now + SOON, bids=None):
        for person in _contacts(bidder):
            sent += tell(person, f"round-closes:{bidder.pk}", partial(_closes_soon, bidder), now=now)
    for bidding in unawarded().annotate(waiting=Count("bidders", filter=Q(bidders__outcome=Bidder.Outcome.PENDING))):
        assert bidding.closed is not None
        reason = f"award:{bidding.pk}:{(now - bidding.closed) // AWARD_WITHIN}"
        for person in Person.objects.filter(_OFFICERS, is_active=True).distinct():
            sent += tell(person, reason, partial(_award, bidding, bidding.waiting), now=now)
    for bidder in owing().select_related("round", "party"):
        assert bidder.must_certify_since is not None
        number = (now - bidder.must_certify_since) // CERTIFY_WITHIN
        for person in _contacts(bidder, with_officers=number > 0):
            reason = f"certificate:{bidder.pk}:{number}"
            sent += tell(person, reason, partial(_certificate, bidder), now=now)
    return sent


def _contacts(bidder: Bidder, *, with_officers: bool = False) -> list[Person]:
    who = Q(party=bidder.party_id, grants__role=Role.CONTACT)
    if with_officers:
        who |= _OFFICERS
    return list(Person.objects.filter(who, is_active=True).distinct())


def _facts(bidder: Bidder) -> dict[str, str]:
    closes = f"{bidder.round.closes:%Y-%m-%d %H:%M} UTC"
    return {"round": bidder.round.title, "party": bidder.party.name, "closes": closes}


def _invitation(bidder: Bidder) -> tuple[str, str, str]:
    subject = _("Invitation to bid: %(round)s") % _facts(bidder)
    text = _("%(party)s is invited to the bidding round %(round)s. Bids are taken until %(closes)s.") % _facts(bidder)
    return subject, text, _path(bidder)


def _closes_soon(bidder: Bidder) -> tuple[str, str, str]:
    subject = _("%(round)s closes on %(closes)s") % _facts(bidder)
    text = _("No bid of %(party)s was handed in yet. After %(closes)s none is taken.") % _facts(bidder)
    return subject, text, _path(bidder)


def _award(bidding: Round, waiting: int) -> tuple[str, str, str]:
    subject = _("Choose who won: %(round)s") % {"round": bidding.title}
    said = ngettext(
        "The bidding round %(round)s is closed, and %(n)d bidder waits for the award.",
        "The bidding round %(round)s is closed, and %(n)d bidders wait for the award.",
        waiting,
    ) % {"round": bidding.title, "n": waiting}
    kept = _("Bidders keep their copies until winners are chosen on the page of the round.")
    return subject, joined((said, kept)), reverse("round", args=(bidding.pk,))


def _certificate(bidder: Bidder) -> tuple[str, str, str]:
    subject = _("Certify what became of the drawings: %(round)s") % _facts(bidder)
    text = _(
        "The bidding round %(round)s is over for %(party)s, and its copies were revoked. Return or destroy all files "
        "and prints, those at sub-vendors too, and certify it on the page of the round."
    ) % _facts(bidder)
    return subject, text, _path(bidder)


def _path(bidder: Bidder) -> str:
    return reverse("round", args=(bidder.round_id,))
