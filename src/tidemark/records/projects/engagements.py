"""Put parties into a project's supply tree, and suspend and resume them there.

An engagement never moves and is never deleted: copies, requests and the ledger speak of it. Who should no longer get
anything is suspended, and with it everybody below.
"""

import hashlib
from datetime import datetime
from typing import NoReturn

from django.db import transaction
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS, MAX_TIERS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import exclusively
from tidemark.records.home import Home
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.parties.models import Party
from tidemark.records.projects.gates import is_barred, why_held
from tidemark.records.projects.models import Engagement, Project
from tidemark.records.reasons import reason_of


def engage(project: Project, party: Party, *, parent: Engagement | None, by: Person, now: datetime) -> Engagement:
    """Put ``party`` into the supply tree, below ``parent`` or, if that is None, below the owner itself.

    Raises
    ------
    Refused
        If ``by`` may not, the party is the owner or stands above its own place, has this place already, the place is
        too deep, or a gate holds the party in this project or in all.
    """
    if not by.may(Act.MANAGE_PROJECTS):
        raise Refused(_("Only an officer of the owner changes the supply tree."))
    if party.is_owner:
        raise Refused(_("The owner stands above its supply tree and cannot be engaged in it."))
    if parent is not None and parent.project_id != project.pk:
        raise Refused(_("The party above belongs to another project. Choose one of this project."))
    with transaction.atomic():
        lock_places(party)
        Project.objects.select_for_update().get(pk=project.pk)  # two at once could make one place twice
        if parent is not None:
            _refuse_bad_place(party, parent)
        if Engagement.objects.filter(project=project, party=party, parent=parent).exists():
            raise Refused(_("%(party)s has this place in the supply tree already.") % {"party": party})
        held = Engagement.objects.filter(project=project, party=party, state=Engagement.State.SUSPENDED)
        if held.exclude(held_by="").exists() or is_barred(
            party, project
        ):  # a supplier that asks to share onward may read this
            raise Refused(
                _("%(party)s cannot be engaged in %(project)s now. The owner knows why.")
                % {"party": party, "project": project}
            )
        made = Engagement(project=project, party=party, parent=parent, created=now, created_by=by)
        made.path = f"{parent.path if parent else ''}{made.pk}/"
        made.save(force_insert=True)
    return made


def lock_places(party: Party) -> None:
    """Keep the places that a party has, and whether it may have another, as they are until the transaction ends.

    Whoever gives a party a place, or has a gate take hold of its places, does so first, before anything of that is
    read: else a place that is made at this moment is not suspended with the others. Rows that name the party are made
    meanwhile as ever.
    """
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)


def suspend(home: Home, engagement: Engagement, *, by: Person, now: datetime, why: str = "") -> None:
    """Stop everything that the party, and whoever is below it, would get. What they have is revoked elsewhere.

    The reason need not be given. It is kept for the owner's people, and the ledger has its hash.

    Raises
    ------
    Refused
        If the person may not, the reason is too long, or it is suspended already.
    """
    _refuse_other_than_officers(by)
    words = reason_of(why, most=MAX_TEXT_CHARS, is_needed=False)
    with exclusively(home), transaction.atomic():
        if not turn(engagement, Engagement.State.SUSPENDED, now=now, why=words):
            _refuse_turned(Engagement.State.SUSPENDED)
        sign(home, signing_key(home))


def resume(home: Home, engagement: Engagement, *, by: Person, now: datetime) -> None:
    """Let a suspended engagement go on.

    Raises
    ------
    Refused
        If the person may not, it is active, or a gate holds it: then it says which conditions are open.
    """
    _refuse_other_than_officers(by)
    with exclusively(home), transaction.atomic():
        seen = Engagement.objects.select_for_update().get(pk=engagement.pk)
        held = why_held(seen, now=now) if seen.state == Engagement.State.SUSPENDED else ""
        if held:
            raise Refused(held)
        if not turn(engagement, Engagement.State.ACTIVE, now=now):
            _refuse_turned(Engagement.State.ACTIVE)
        sign(home, signing_key(home))


def turn(engagement: Engagement, state: Engagement.State, *, now: datetime, why: str = "", gate: str = "") -> bool:
    """Suspend or resume as part of a greater action, which checks who may, is exclusive, and signs the ledger.

    Parameters
    ----------
    why : str
        Why it is suspended; the owner's words.
    gate : str
        The gate that holds it from now on, or through which it returns; '' if it is done by hand. A gate can take hold
        of what was suspended by hand: the officer's own reason stays, even an empty one, and when the gate lets go, it
        stays suspended until an officer resumes it.

    Returns
    -------
    bool
        False if access did not change hands: it was so already, another gate holds it, or it stays suspended by hand.
    """
    seen = Engagement.objects.select_for_update().get(pk=engagement.pk)
    if state == Engagement.State.SUSPENDED:
        return _suspended(engagement, seen, why=why, gate=gate, now=now)
    if seen.state == state or seen.held_by not in ("", gate):
        return False
    stays = seen.by_hand and bool(gate)
    engagement.held_by = ""
    engagement.state, engagement.by_hand = (seen.state, True) if stays else (state, False)
    engagement.suspended_why = seen.suspended_why if stays else ""
    engagement.save(update_fields=["state", "suspended_why", "by_hand", "held_by"])
    if not stays:
        _log(Kind.ENGAGEMENT_RESUMED, engagement, now=now)
    return not stays


def _suspended(engagement: Engagement, seen: Engagement, *, why: str, gate: str, now: datetime) -> bool:
    """Suspend, or take hold of what was suspended by hand; return whether anything was changed."""
    was_active = seen.state == Engagement.State.ACTIVE
    if not was_active and (not gate or seen.held_by):
        return False
    engagement.state, engagement.held_by = Engagement.State.SUSPENDED, gate
    stays = seen.by_hand and not was_active
    engagement.by_hand = stays or not gate
    engagement.suspended_why = seen.suspended_why if stays else why
    engagement.save(update_fields=["state", "suspended_why", "by_hand", "held_by"])
    if was_active:
        reason_sha256 = hashlib.sha256(why.encode()).hexdigest() if why else ""
        _log(Kind.ENGAGEMENT_SUSPENDED, engagement, now=now, reason_sha256=reason_sha256)
    return True


def _refuse_bad_place(party: Party, parent: Engagement) -> None:
    above = Engagement.objects.filter(pk__in=parent.ancestor_ids)
    if above.filter(party=party).exists():
        raise Refused(
            _("%(party)s stands above this place already; a party is never its own sub-vendor.") % {"party": party}
        )
    if above.filter(state=Engagement.State.SUSPENDED).exists():
        raise Refused(_("The party above is suspended. Resume it first."))
    if parent.tier >= MAX_TIERS:
        raise Refused(_("A supply tree has at most %(tiers)d tiers.") % {"tiers": MAX_TIERS})


def _refuse_other_than_officers(by: Person) -> None:
    if not by.may(Act.MANAGE_PROJECTS):
        raise Refused(_("Only an officer of the owner suspends and resumes an engagement."))


def _refuse_turned(state: Engagement.State) -> NoReturn:
    raise Refused(_("The engagement is %(state)s already.") % {"state": state.label})


def _log(kind: Kind, engagement: Engagement, *, now: datetime, **more: JSON) -> None:
    body: dict[str, JSON] = {
        "engagement": engagement.pk,
        "project": engagement.project.code_name,
        "party": engagement.party.name,
        **more,
    }
    append(kind, body, subject=engagement.pk, now=now)
