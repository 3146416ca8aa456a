"""Decide on an appeal, or reduce or waive a sanction without one: proposed by one, approved by two, then taken."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_CLAUSE_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import approvals_of, approve, why_not_approved
from tidemark.records.cases.counting import Counted
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.cases.models import Approval
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.stopped import refuse_stopped
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.sanctions.clause import Clause, faults, plain
from tidemark.records.sanctions.convert import convert
from tidemark.records.sanctions.impose import SANCTION_ROLES
from tidemark.records.sanctions.measures import void_owed
from tidemark.records.sanctions.models import OPEN, Decision, Sanction
from tidemark.records.sanctions.settle import account_of, locked_case, settle_if_over
from tidemark.records.sanctions.terms import LEAST_TO_PAY, rate_of
from tidemark.records.sentences import joined
from tidemark.records.visible import readable


def propose(
    home: Home, sanction: Sanction, outcome: str, *, reason: str, by: Person, now: datetime, amount: Money | None = None
) -> Decision:
    """Propose what becomes of a sanction. Proposing anew takes the place of the last proposal and its approvals.

    Parameters
    ----------
    outcome : str
        One of :class:`Decision.Outcome`; only an appeal can be turned down by upholding.
    reason : str
        The party reads it.
    amount : Money or None
        What is left, if it is reduced. Zero leaves the measures alone.

    Raises
    ------
    Refused
        If the person may not, it is not imposed, or something is missing.
    """
    refuse_unless(by, Act.ALLEGE)
    words = readable(reason)
    if not words or len(words) > MAX_CLAUSE_CHARS:
        raise Refused(
            _("Give the reason, which the party reads, in at most %(most)d characters.") % {"most": MAX_CLAUSE_CHARS}
        )
    foreign = foreign_names(words, sanction.party)
    if foreign:
        raise Refused(
            _("The text names %(others)s. A party learns of no other party: take the name out.")
            % {"others": _(", ").join(foreign)}
        )
    with writing(home):
        case = locked_case(sanction)
        sanction.leave(*OPEN)
        sanction.refresh_from_db()
        _refuse_outcome(sanction, outcome, amount)
        sanction.decisions.filter(taken=None).delete()
        made = Decision(
            sanction=sanction,
            on_appeal=sanction.state == Sanction.State.APPEALED,
            outcome=outcome,
            reason=words,
            proposed=now,
            proposed_by=by,
        )
        made.amount = amount if outcome == Decision.Outcome.REDUCED else None
        made.save(force_insert=True)
        said: dict[str, JSON] = {"proposed": made.pk, "outcome": outcome, **_said(sanction, made)}
        tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    return made


def open_decision(sanction: Sanction) -> Decision | None:
    """Return what is proposed and not taken yet."""
    return sanction.decisions.select_related("proposed_by").filter(taken=None).first()


def approve_decision(home: Home, decision: Decision, *, by: Person, now: datetime, role: str = "") -> Approval:
    """Approve a proposal as it stands."""
    with writing(home):
        fresh = Decision.objects.select_related("sanction__allegation__case").filter(pk=decision.pk).first()
        if fresh is None or fresh.taken is not None:
            raise Refused(_("It is proposed no more; there is nothing left to approve."))
        subject, content, case = subject_of(fresh), content_of(fresh), fresh.sanction.case
        return approve(home, subject, content, SANCTION_ROLES, by=by, now=now, case=case, role=role)


def approvals_of_decision(decision: Decision) -> Counted:
    """Return the approvals of a proposal as it stands."""
    return approvals_of(subject_of(decision), content_of(decision), SANCTION_ROLES)


def subject_of(decision: Decision) -> str:
    """Return under what the approvals of a decision are kept."""
    return f"sanction-decision:{decision.pk}"


def content_of(decision: Decision) -> dict[str, JSON]:
    """Return what an approval of a decision binds to."""
    return {
        "decision": decision.pk,
        "sanction": decision.sanction_id,
        "on_appeal": decision.on_appeal,
        "outcome": decision.outcome,
        "amount": plain(decision.amount) if decision.amount is not None else "",
        "reason": decision.reason,
    }


def take(home: Home, decision: Decision, *, by: Person, now: datetime) -> None:
    """Take a decision that two persons have approved. The party is told.

    Of a waiver it owes nothing more; access that the sanction suspended returns through the allegation's gate, as ever.

    Raises
    ------
    Refused
        If the person may not, an approval is missing, or nothing goes on from the allegation and it is no waiver.
    """
    refuse_unless(by, Act.ALLEGE)
    with writing(home):
        sanction, case = decision.sanction, locked_case(decision.sanction)
        sanction.leave(*OPEN)
        sanction.refresh_from_db()
        seen = Decision.objects.filter(pk=decision.pk, taken=None).first()
        if seen is None:
            raise Refused(_("It is proposed no more."))
        if seen.outcome != Decision.Outcome.WAIVED:
            refuse_stopped(sanction.allegation)
        if why_not := why_not_approved(subject_of(seen), content_of(seen), SANCTION_ROLES):
            raise Refused(joined(why_not))
        decision.taken = seen.taken = now
        seen.save(update_fields=["taken"])
        is_waived = seen.outcome == Decision.Outcome.WAIVED
        _change(sanction, seen, now=now)
        kind = Kind.SANCTION_WAIVED if is_waived else Kind.SANCTION_DECIDED
        tell(home, case, kind, by=by, now=now, detail={"outcome": str(seen.outcome), **_said(sanction, seen)})
        if is_waived:
            void_owed(sanction, now=now)
        else:
            settle_if_over(home, sanction, case, by=by, now=now)


def _change(sanction: Sanction, decision: Decision, *, now: datetime) -> None:
    """Write a decision into the row. Whoever lost days over the appeal has the least time to pay from now on again."""
    if decision.outcome == Decision.Outcome.WAIVED:
        sanction.state, sanction.waived = Sanction.State.WAIVED, now
    else:
        sanction.state = Sanction.State.IMPOSED
        if decision.amount is not None:
            rate = rate_of(sanction)
            sanction.amount = decision.amount
            sanction.converted = convert(decision.amount, rate) if rate else None
        if sanction.due_on is not None:
            sanction.due_on = max(sanction.due_on, (now.astimezone(UTC) + LEAST_TO_PAY).date())
    sanction.save()


def _refuse_outcome(sanction: Sanction, outcome: str, amount: Money | None) -> None:
    if outcome not in Decision.Outcome.values:
        raise Refused(_("Choose what becomes of it: upheld, reduced, or waived."))
    if outcome == Decision.Outcome.UPHELD and sanction.state != Sanction.State.APPEALED:
        raise Refused(_("There is no appeal to decide on: it stands as it is."))
    if outcome != Decision.Outcome.REDUCED:
        return
    if sanction.amount is None:
        raise Refused(_("It has no amount that could be reduced."))
    if amount is None or amount.currency != sanction.amount.currency:
        raise Refused(_("Say what is left, in %(currency)s.") % {"currency": sanction.amount.currency})
    if not (amount.amount.is_finite() and 0 <= amount.amount < sanction.amount.amount):
        raise Refused(_("What is left is less than %(amount)s.") % {"amount": plain(sanction.amount)})
    wrong = faults(amount, Clause()) if amount.amount else []
    if wrong:
        raise Refused(joined(wrong))


def _said(sanction: Sanction, decision: Decision) -> dict[str, JSON]:
    account = account_of(sanction)
    return {
        "sanction": sanction.pk,
        "party": sanction.party.name,
        "on_appeal": decision.on_appeal,
        "amount": str(decision.amount.amount) if decision.amount is not None else "",
        "currency": str(decision.amount.currency) if decision.amount is not None else "",
        "reason_sha256": hash_of(decision.reason),
        "pay_back": str(account.pay_back.amount) if account is not None else "",
    }
