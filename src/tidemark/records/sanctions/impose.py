"""Approve a sanction and impose it. Its letter is set once, kept with its hash in the ledger, and never made again.

Legal and an officer, two persons, approve the very content that the letter says, deviations included. Nothing is
imposed as long as the allegation is not final, or once nothing goes on from it: it has fallen, or a caveat became known
of which the party was not told.
"""

import hashlib
from contextlib import suppress
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from tidemark.errors import Refused, ReportFontMissing
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind, time_text
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.cases.approvals import approvals_of, approve, content_sha256, why_not_approved
from tidemark.records.cases.models import Allegation, Approval
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked_unclosed
from tidemark.records.cases.stopped import refuse_stopped, why_stopped
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.sanctions.clause import deviation, deviation_text
from tidemark.records.sanctions.letter import letter
from tidemark.records.sanctions.measures import begin
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.sanctions.prepare import LEAST_TO_DO
from tidemark.records.sanctions.terms import LEAST_TO_APPEAL, LEAST_TO_PAY, content_of, kept_clause
from tidemark.records.sentences import joined

SANCTION_ROLES = (Role.LEGAL, Role.OFFICER)
"""Who approves a sanction, and what becomes of it: one person each. Legal reads the clause, the officer knows the case.
"""


def subject_of(sanction: Sanction) -> str:
    """Return under what the approvals of a sanction are kept."""
    return f"sanction:{sanction.pk}"


def approve_sanction(
    home: Home, sanction: Sanction, *, by: Person, now: datetime, role: str = "", seen: str = ""
) -> Approval:
    """Approve a sanction as it stands, its deviation from the clause and its measures included.

    ``seen`` is as for :func:`~tidemark.records.cases.approvals.approve`.
    """
    with writing(home):
        fresh = Sanction.objects.select_related("allegation__case", "allegation__party").get(pk=sanction.pk)
        if fresh.state != Sanction.State.PREPARED:
            raise Refused(_("It is prepared no more; there is nothing left to approve."))
        refuse_stopped(fresh.allegation)
        subject, content, case = subject_of(fresh), content_of(fresh), fresh.case
        return approve(home, subject, content, SANCTION_ROLES, by=by, now=now, case=case, role=role, seen=seen)


def why_not_imposed(sanction: Sanction, *, now: datetime) -> list[str]:
    """Return why a prepared sanction cannot be imposed now; empty if it can."""
    found = []
    if sanction.allegation.state != Allegation.State.FINAL:
        found.append(_("The allegation is not final. Nothing is imposed before."))
    if stopped := why_stopped(sanction.allegation):
        found.append(stopped)
    measures = list(sanction.measures.all())
    if sanction.amount is None and not measures:
        found.append(_("It has neither an amount nor a measure. Add one."))
    if sanction.amount is not None:
        if not sanction.pay_to:
            found.append(_("Say how the party is to pay."))
        if sanction.due_on is None or sanction.due_on < (now.astimezone(UTC) + LEAST_TO_PAY).date():
            found.append(_("The party has at least %(days)d days to pay. Set a later date.") % _days(LEAST_TO_PAY.days))
    deviates = deviation_text(sanction.amount, kept_clause(sanction))
    if deviates and not sanction.deviation_reason:
        found.append(joined((deviates, _("Give the reason in writing."))))
    if sanction.appeal_until < now + LEAST_TO_APPEAL:
        found.append(
            _("The party has at least %(days)d days to appeal. Set a later date.") % _days(LEAST_TO_APPEAL.days)
        )
    if any(each.due is not None and each.due < now + LEAST_TO_DO for each in measures):
        found.append(_("A measure has a date that is over or too near. Take it out and add it with a later one."))
    return found + why_not_approved(subject_of(sanction), content_of(sanction), SANCTION_ROLES)


def impose(home: Home, sanction: Sanction, *, by: Person, now: datetime) -> None:
    """Impose a sanction: the letter is kept, access is suspended, the party's contacts are told by mail.

    Raises
    ------
    Refused
        If the person may not, or :func:`why_not_imposed` says why not.
    """
    refuse_unless(by, Act.ALLEGE)
    fresh = Sanction.objects.select_related("allegation__party", "allegation__agreement").get(pk=sanction.pk)
    fresh.refuse_other(Sanction.State.PREPARED)
    _refuse_unready(fresh, now=now)
    content = content_sha256(content_of(fresh))
    letters = _letters(fresh, by=by, now=now)  # a second or two: not while everybody waits for the lock
    with writing(home):
        case = locked_unclosed(sanction.case)
        sanction.leave(Sanction.State.PREPARED)
        sanction.allegation.refresh_from_db()
        _refuse_unready(sanction, now=now)
        if content_sha256(content_of(sanction)) != content:
            raise Refused(_("It was changed at this moment. Look at it, and try again."))
        sanction.state, sanction.imposed, sanction.imposed_by = Sanction.State.IMPOSED, now, by
        sanction.imposed_amount = sanction.amount
        for language, data in letters.items():
            setattr(sanction, f"letter_{language}_sha256", hashlib.sha256(data).hexdigest())
        sanction.save()
        tell(home, case, Kind.SANCTION, by=by, now=now, detail=_leaf_of(sanction, content))
        begin(sanction, now=now)
        for data in letters.values():
            blobs.put(home, blobs.Shelf.CASES, data)


def _refuse_unready(sanction: Sanction, *, now: datetime) -> None:
    reasons = why_not_imposed(sanction, now=now)
    if reasons:
        raise Refused(joined(reasons))


def _letters(sanction: Sanction, *, by: Person, now: datetime) -> dict[str, bytes]:
    """Return the letters by language. Where no typeface has Chinese, the one in English is enough, if it can be set."""
    signed = [*approvals_of(subject_of(sanction), content_of(sanction), SANCTION_ROLES).by_role.items()]
    try:
        made = {"en": letter(sanction, "en", approved=signed, by=by, now=now)}
    except ReportFontMissing as missing:
        raise Refused(_("The letter cannot be set: %(why)s.") % {"why": missing}) from missing
    with suppress(ReportFontMissing):
        made["zh"] = letter(sanction, "zh", approved=signed, by=by, now=now)
    return made


def _leaf_of(sanction: Sanction, content: str) -> dict[str, JSON]:
    return {
        "sanction": sanction.pk,
        "sanction_number": sanction.number,
        "allegation": sanction.allegation_id,
        "party": sanction.party.name,
        "agreement": sanction.allegation.agreement_id or "",
        "clause_sha256": hash_of(sanction.allegation.clause),
        "amount": str(sanction.amount.amount) if sanction.amount is not None else "",
        "currency": str(sanction.amount.currency) if sanction.amount is not None else "",
        "deviates": bool(deviation(sanction.amount, kept_clause(sanction))),
        "due_on": sanction.due_on.isoformat() if sanction.due_on else "",
        "appeal_until": time_text(sanction.appeal_until),
        "measures": [str(Measure.Kind(each.kind)) for each in sanction.measures.order_by("created", "pk")],
        "content_sha256": content,
        "letter_en_sha256": sanction.letter_en_sha256,
        "letter_zh_sha256": sanction.letter_zh_sha256,
    }


def _days(days: int) -> dict[str, int]:
    return {"days": days}
