"""That access returns though conditions are open: proposed in writing, approved by two persons, for just those."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act, Role
from tidemark.records.cases.approvals import approvals_of, approve
from tidemark.records.cases.counting import Counted
from tidemark.records.cases.models import Allegation, Approval
from tidemark.records.cases.notes import refuse_unless
from tidemark.records.cases.status import locked
from tidemark.records.cases.timeline import hash_of, tell, writing
from tidemark.records.home import Home
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.gate import Condition, lacks_of, open_ones
from tidemark.records.plans.held import held_of
from tidemark.records.plans.models import GateOverride
from tidemark.records.reasons import reason_of
from tidemark.records.sanctions.models import Measure

OVERRIDE_ROLES = (Role.LEGAL, Role.OFFICER)
"""Who approves that access returns though conditions are open: one person each."""


def propose_override(home: Home, allegation: Allegation, *, reason: str, by: Person, now: datetime) -> GateOverride:
    """Propose in writing that access returns though conditions are open. It takes the place of an earlier proposal.

    Raises
    ------
    Refused
        If the person may not, nothing is suspended, no condition is open, or the reason is missing.
    """
    refuse_unless(by, Act.ALLEGE)
    words = reason_of(reason, most=MAX_TEXT_CHARS)
    with writing(home):
        case = locked(allegation.case)
        allegation.refresh_from_db()
        unmet = open_ones(gate_of(allegation, now=now))
        if not held_of(allegation):
            raise Refused(_("No access of the party is suspended in this case."))
        if not unmet:
            raise Refused(_("Every condition holds: the gate opens without an override."))
        made = GateOverride.objects.create(
            allegation=allegation,
            reason=words,
            open=[each.key for each in unmet],
            lacks=lacks_of(unmet),
            proposed=now,
            proposed_by=by,
        )
        said: dict[str, JSON] = {
            "allegation": allegation.pk,
            "party": allegation.party.name,
            "gate_override": made.pk,
            "open": list(made.open),
            "lacks": list(made.lacks),
            "reason_sha256": hash_of(words),
        }
        tell(home, case, Kind.CASE_CHANGED, by=by, now=now, detail=said)
    return made


def approve_gate_override(
    home: Home, allegation: Allegation, *, by: Person, now: datetime, role: str = "", seen: str = ""
) -> Approval:
    """Approve the last proposal, as it stands: its reason, and the conditions that it speaks of.

    ``seen`` is as for :func:`~tidemark.records.cases.approvals.approve`.
    """
    with writing(home):
        override = proposal_of(allegation)
        if override is None:
            raise Refused(_("No override is proposed. Propose one in writing first."))
        subject, content, case = override_subject(override), override_content(override), allegation.case
        return approve(home, subject, content, OVERRIDE_ROLES, by=by, now=now, case=case, role=role, seen=seen)


def proposal_of(allegation: Allegation) -> GateOverride | None:
    """Return the override that is proposed and not used; None if there is none.

    One that was proposed before the party was suspended as it is now speaks of what was then, and is void.
    """
    last = allegation.gate_overrides.select_related("proposed_by").order_by("proposed", "pk").last()
    if last is None or last.used is not None:
        return None
    begun = allegation.holds.aggregate(last=Max("begun"))["last"]
    imposed = allegation.sanctions.filter(measures__kind=Measure.Kind.SUSPENSION).aggregate(last=Max("imposed"))["last"]
    return None if any(since is not None and since > last.proposed for since in (begun, imposed)) else last


def override_subject(override: GateOverride) -> str:
    """Return under what its approvals are kept."""
    return f"gate:{override.pk}"


def override_content(override: GateOverride) -> dict[str, JSON]:
    """Return what an approval binds to."""
    return {
        "override": override.pk,
        "allegation": override.allegation_id,
        "reason": override.reason,
        "open": list(override.open),
        "lacks": list(override.lacks),
    }


def approvals_of_override(override: GateOverride) -> Counted:
    """Return the approvals of a proposal as it stands."""
    return approvals_of(override_subject(override), override_content(override), OVERRIDE_ROLES)


def why_unapproved(allegation: Allegation) -> list[str]:
    """Return, in sentences, why approvals of the last proposal do not count."""
    override = proposal_of(allegation)
    return approvals_of_override(override).why_missing() if override is not None else []


def covers(override: GateOverride, unmet: Sequence[Condition]) -> bool:
    """Tell whether a proposal speaks of each single thing that lacks; what opened or grew since is not covered."""
    return set(lacks_of(unmet)) <= set(override.lacks)


def usable_override(allegation: Allegation, unmet: Sequence[Condition]) -> GateOverride | None:
    """Return the proposal if it is approved and covers what is open; None if there is none."""
    override = proposal_of(allegation)
    if override is None or approvals_of_override(override).missing or not covers(override, unmet):
        return None
    return override
