"""Prepare an allegation, edit it, and put it to the party that answers.

From an accused copy it may be put at once. From anything less, a suspected copy or an inconclusive trace, only with a
written reason that legal and an officer, two persons, have approved together with the very words that are put; and so
too if there are caveats: the duties of the agreement had ended before the leak was first seen, the copy's file had not
left by then, or the copy was not even issued (:mod:`.caveats`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.limits import MAX_CLAUSE_CHARS, MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.accusable import Accusable, accusables, first_seen
from tidemark.records.cases.answering import agreement_with
from tidemark.records.cases.approvals import approve, content_sha256, refuse_unread
from tidemark.records.cases.deadlines import ANSWER_WITHIN, LEAST_TO_ANSWER
from tidemark.records.cases.fallen import refuse_fallen
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.grounds import alleged_already, files_in
from tidemark.records.cases.models import Allegation, Approval, Case
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.override import (
    OVERRIDE_ROLES,
    content_of,
    footing_of,
    needs_override,
    overrides_given,
    subject_of,
)
from tidemark.records.cases.status import locked_unclosed, move, next_statuses, set_due
from tidemark.records.cases.summary import TO_FILL_IN, draft_summary
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.leaks.models import NamedCopy
from tidemark.records.parties.models import Party
from tidemark.records.sentences import joined
from tidemark.records.visible import readable


def prepare(home: Home, case: Case, party: Party, *, by: Person, now: datetime, under: str | None = None) -> Allegation:
    """Prepare an allegation from the copies that the case's traces accuse and that this party answers for.

    Parameters
    ----------
    under : str, optional
        The id of the agreement under which the party answers, ``""`` for none on record. It must be said if copies are
        accused for which the party answers under several: each agreement has its own clause, so its own allegation.

    Raises
    ------
    Refused
        If the person may not, no copy is accused for which the party answers, it answers under several agreements and
        none is chosen, or there is one already, in this case or of the same copy in the same leak in any other.
    """
    refuse_unless(by, Act.ALLEGE)
    with writing(home):
        seen = locked_unclosed(case)
        grounds = [each for each in accusables(seen) if each.party.pk == party.pk]
        found = _chosen(grounds, under)
        if found is None:
            raise Refused(
                _(
                    "No trace in this case accuses a copy for which %(party)s answers. A lead is put to nobody, "
                    "unless legal and an officer override it in writing."
                )
                % {"party": party.name}
            )
        return _made(home, seen, party, found.named, found.agreement, by=by, now=now)


def prepare_override(
    home: Home,
    case: Case,
    party: Party,
    *,
    reason: str,
    by: Person,
    now: datetime,
    copies: Collection[str] = (),
    under: str | None = None,
) -> Allegation:
    """Prepare an allegation that rests on no accused copy. It cannot be put before two persons have approved it.

    Parameters
    ----------
    reason : str
        Why it is to be put all the same. The party does not see it.
    copies : collection of str
        Suspected copies that it speaks of; by default those for which the party answers.
    under : str, optional
        As for :func:`prepare`, of the suspected copies.

    Raises
    ------
    Refused
        If the person may not, there is no reason, a copy of the party is accused, the party is the owner, it answers
        for these copies under several agreements and none is chosen, or there is one already.
    """
    refuse_unless(by, Act.ALLEGE)
    _refuse_reason(reason)
    if party.is_owner:
        raise Refused(_("Nothing is put to the owner. The case notes what concerns its own house."))
    with writing(home):
        seen = locked_unclosed(case)
        if any(each.party.pk == party.pk for each in accusables(seen)):
            raise Refused(_("A copy of this party is accused: prepare the allegation from that, without an override."))
        leads = [each for each in accusables(seen, is_accused=False) if each.party.pk == party.pk]
        if copies:
            leads = [each for each in leads if any(named.copy_id in copies for named in each.named)]
        chosen = _chosen(leads, under)
        if chosen is None and under is not None:
            raise Refused(
                _(
                    "No lead in this case points to a copy for which %(party)s answers under this agreement. Choose "
                    "another, or none."
                )
                % {"party": party.name}
            )
        named = tuple(each for each in (chosen.named if chosen else ()) if not copies or each.copy_id in copies)
        agreement = chosen.agreement if chosen else agreement_with(party, seen.project, at=first_seen(seen))
        return _made(home, seen, party, named, agreement, by=by, now=now, reason=readable(reason))


def edit(
    home: Home,
    allegation: Allegation,
    *,
    summary: str,
    answer_by: datetime,
    by: Person,
    now: datetime,
    override_reason: str | None = None,
) -> None:
    """Change what is not put yet. A change of the words, or of the reason, voids every approval of an override."""
    refuse_unless(by, Act.ALLEGE)
    _refuse_summary(summary)
    with writing(home):
        allegation.leave(Allegation.State.PREPARED)
        allegation.summary, allegation.answer_by = readable(summary), answer_by
        if override_reason is not None and (allegation.override_reason or needs_override(allegation)):
            _refuse_reason(override_reason)
            allegation.override_reason = readable(override_reason)
        allegation.save(update_fields=["summary", "answer_by", "override_reason"])
        said = {"allegation": allegation.pk, "summary_sha256": hash_of(allegation.summary)}
        tell(home, allegation.case, Kind.CASE_CHANGED, by=by, now=now, detail=said)


def approve_override(
    home: Home, allegation: Allegation, *, by: Person, now: datetime, role: str = "", seen: str = ""
) -> Approval:
    """Approve that an allegation is put though it needs an override, with these very words.

    ``seen`` is as for :func:`~tidemark.records.cases.approvals.approve`.
    """
    with writing(home):
        allegation.refresh_from_db()
        if not needs_override(allegation):
            raise Refused(_("A copy is accused: this allegation needs no override."))
        if allegation.state != Allegation.State.PREPARED:
            raise Refused(_("It was put already; there is nothing left to approve."))
        refuse_fallen(allegation)
        subject, content, case = subject_of(allegation), content_of(allegation), allegation.case
        return approve(home, subject, content, OVERRIDE_ROLES, by=by, now=now, case=case, role=role, seen=seen)


def put(home: Home, allegation: Allegation, *, by: Person, now: datetime, seen: str = "") -> None:
    """Put the allegation to the party: its contacts see it from now on, and are told by mail.

    A case that is decided, or being rectified, waits for the answer of a further party as it did for the first.

    Parameters
    ----------
    seen : str
        SHA-256 of the content (:func:`content_of`) that the person has read; ``""`` for whatever it is now.

    Raises
    ------
    Refused
        If the person may not; it has fallen (:func:`~tidemark.records.cases.fallen.why_fallen`); it was changed since
        it was read; the case is not taken up; nobody at the party could answer; the deadline is too near; another party
        is named in it; or it rests on no accused copy, or there are caveats, and is not approved by two persons.
    """
    refuse_unless(by, Act.ALLEGE)
    with writing(home):
        case = locked_unclosed(allegation.case)
        allegation.leave(Allegation.State.PREPARED)
        refuse_fallen(allegation)
        _refuse_alleged_already(allegation.named.select_related("trace__post"), but=allegation)
        refuse_unread(seen, content_sha256(content_of(allegation)))
        if Case.Status.ALLEGED not in (case.status, *next_statuses(case.status)):
            raise Refused(
                _("The case is %(status)s. Take it up before something is put to a party.")
                % {"status": case.get_status_display()}
            )
        _refuse_unready(allegation, now=now)
        detail = _leaf_of(allegation)  # before it is put: of what the traces say now
        allegation.state, allegation.put = Allegation.State.PUT, now
        allegation.save(update_fields=["state", "put"])
        tell(home, case, Kind.ALLEGATION_PUT, by=by, now=now, detail=detail)
        if case.status != Case.Status.ALLEGED:
            move(home, case, Case.Status.ALLEGED, by=by, now=now)
        else:
            set_due(case, since=now)
            case.save(update_fields=["respond_by"])


def contacts_of(party: Party) -> Sequence[Person]:
    """Return the party's persons who can answer for it."""
    return list(Person.objects.filter(party=party, is_active=True, grants__role=Role.CONTACT).distinct())


def _made(
    home: Home,
    case: Case,
    party: Party,
    named: Sequence[NamedCopy],
    agreement: Agreement | None,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
) -> Allegation:
    if case.allegations.exclude(state=Allegation.State.WITHDRAWN).filter(party=party, agreement=agreement).exists():
        raise Refused(
            _("There is an allegation to this party under this agreement in the case already. Go on with that one.")
        )
    _refuse_alleged_already(named)
    owner = Party.objects.filter(is_owner=True).values_list("name", flat=True).first() or ""
    made = Allegation.objects.create(
        case=case,
        party=party,
        agreement=agreement,
        clause=agreement.clause if agreement and agreement.is_owners else "",
        summary=draft_summary(party, named, agreement, owner=owner),
        answer_by=now + ANSWER_WITHIN,
        override_reason=reason,
        created=now,
        created_by=by,
    )
    made.named.set(named)
    said: dict[str, JSON] = {"allegation": made.pk, "party": party.name, "prepared": True, "override": bool(reason)}
    if reason:
        said["files"] = list(files_in(case))
    tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    return made


def _chosen(grounds: Sequence[Accusable], under: str | None) -> Accusable | None:
    """Return the grounds under one agreement; None if there are none."""
    if under is not None:
        grounds = [each for each in grounds if (each.agreement.pk if each.agreement else "") == under]
    if len(grounds) > 1:
        references = (each.agreement.reference if each.agreement else _("none on record") for each in grounds)
        raise Refused(
            _("The party answers for these copies under several agreements: %(agreements)s. Choose one of them.")
            % {"agreements": _(", ").join(references)}
        )
    return grounds[0] if grounds else None


def _refuse_alleged_already(named: Iterable[NamedCopy], *, but: Allegation | None = None) -> None:
    """Raise Refused if one copy in one leak was put in any case; whoever may allege may see them all."""
    found = alleged_already(named, but=but)
    if found is not None:
        raise Refused(
            _(
                "There is an allegation of this copy in this leak already, in case %(number)s; it is %(seen)s. Go on "
                "with that one, or withdraw it."
            )
            % {"number": found.case.number, "seen": found.get_state_display()}
        )


def _refuse_unready(allegation: Allegation, *, now: datetime) -> None:
    if allegation.answer_by < now + LEAST_TO_ANSWER:
        raise Refused(
            _("The party has at least %(days)d days to answer. Set a later date.") % {"days": LEAST_TO_ANSWER.days}
        )
    if not contacts_of(allegation.party):
        raise Refused(
            _("%(party)s has no contact who could answer. Invite one first.") % {"party": allegation.party.name}
        )
    if TO_FILL_IN in allegation.summary:
        raise Refused(_("Something is still to be said in the text, at %(mark)s.") % {"mark": TO_FILL_IN})
    foreign = foreign_names(allegation.summary, allegation.party, agreed=allegation.clause)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    footing = footing_of(allegation)
    if footing.needs_override:
        given = footing.approved_in(overrides_given([allegation]))
        if not allegation.override_reason or given.missing:
            names = _(", ").join(str(Role(role).label) for role in given.missing)
            said = _(
                "It is put only if two persons, legal and an officer, have approved it in writing as it stands; "
                "missing: %(roles)s."
            ) % {"roles": names if allegation.override_reason and names else _("the reason")}
            caveats = footing.caveats.said() if footing.rests_on_accused else (_("No copy is accused."),)
            raise Refused(joined((*caveats, said, *given.why_missing())))


def _leaf_of(allegation: Allegation) -> dict[str, JSON]:
    footing = footing_of(allegation)
    return {
        "allegation": allegation.pk,
        "party": allegation.party.name,
        "copies": sorted(each.copy_id for each in footing.named),
        "agreement": allegation.agreement_id or "",
        "clause_sha256": hash_of(allegation.clause),
        "summary_sha256": hash_of(allegation.summary),
        "answer_by": time_text(allegation.answer_by),
        "override": footing.needs_override,
        "caveats": footing.spoken_against,
        **({"traces": footing.traces} if allegation.override_reason else {}),
    }


def _refuse_summary(summary: str) -> None:
    if not readable(summary) or len(summary) > MAX_CLAUSE_CHARS:
        raise Refused(_("Say what is put to the party, in at most %(most)d characters.") % {"most": MAX_CLAUSE_CHARS})


def _refuse_reason(reason: str) -> None:
    if not readable(reason) or len(reason) > MAX_TEXT_CHARS:
        raise Refused(
            _("Give the reason for the override in writing, in at most %(most)d characters.") % {"most": MAX_TEXT_CHARS}
        )
