"""That the gate is the only way back for whom a case has suspended, played."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.people import STRANGER
from tests.records.cases.played import LATER, bodies, felled, kinds, played
from tests.records.plans.rehearsed import DONE_BY, accepted, all_done, checked, final, overridden
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.standing import deactivate
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.models import Allegation, Approval, Case
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.plans.access import agree_payment, open_gate, suspend_access
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.gate import Side, open_ones
from tidemark.records.plans.held import held_of
from tidemark.records.plans.models import FlowDownCheck, GateOverride
from tidemark.records.plans.override import approve_gate_override, proposal_of, propose_override
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects import gates
from tidemark.records.projects.engagements import engage, resume, suspend, turn
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.models import Measure, Payment, PaymentTerm, Sanction


def _engagement(desk: Desk) -> Engagement:
    return Engagement.objects.select_related("project", "party").get(pk=desk.engagements["supplier"].pk)


def _suspended(home: Home, desk: Desk, allegation: Allegation) -> None:
    suspend_access(home, allegation, why="Until it is put right.", by=desk["officer"], now=LATER)


def _sanction(
    desk: Desk, allegation: Allegation, *, state: str = "imposed", amount: str | None = "1000000"
) -> Sanction:
    money = Money(amount, "CNY") if amount else None
    return Sanction.objects.create(
        number="S-2026-001", allegation=allegation, state=state, amount=money, appeal_until=LATER, created=LATER,
        created_by=desk["legal"], imposed=LATER,
    )  # fmt: skip


def _open_keys(allegation: Allegation) -> list[str]:
    return [each.key for each in open_ones(gate_of(allegation, now=LATER))]


def test_access_returns_when_plan_actions_checks_money_and_agreement_are_in_order(home: Home, desk: Desk) -> None:
    plan = accepted(home, desk)
    allegation = plan.allegation
    _suspended(home, desk, allegation)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.suspended_why) == ("suspended", "Until it is put right.")
    assert _open_keys(allegation) == ["sub-vendors"]
    with pytest.raises(Refused, match=r"stays closed.*was not checked yet"):
        open_gate(home, allegation, by=desk["officer"], now=LATER)
    checked(home, desk, plan)
    opened = open_gate(home, allegation, by=desk["officer"], now=LATER)
    assert [each.pk for each in opened] == [engagement.pk]
    engagement = _engagement(desk)
    assert (engagement.state, engagement.suspended_why, engagement.held_by) == ("active", "", "")
    (body,) = bodies(allegation.case_id, Kind.ACCESS_RETURNED)
    assert (body["override"], body["open"], body["engagements"]) == ("", [], [engagement.pk])
    assert kinds(engagement.pk) == [Kind.ENGAGEMENT_SUSPENDED, Kind.ENGAGEMENT_RESUMED]
    with pytest.raises(Refused, match="No access"):
        open_gate(home, allegation, by=desk["officer"], now=LATER)


def test_an_action_that_falls_due_closes_the_gate_again_until_it_is_verified(home: Home, desk: Desk) -> None:
    plan = accepted(home, desk)
    _suspended(home, desk, plan.allegation)
    checked(home, desk, plan)
    later = NOW.replace(month=DONE_BY.month, day=DONE_BY.day)
    with pytest.raises(Refused, match="Actions 1, 2, 3, 4, 5 are due"):
        open_gate(home, plan.allegation, by=desk["officer"], now=later)
    all_done(home, desk, list(plan.actions.select_related("plan__allegation__case", "plan__allegation__party")))
    assert open_gate(home, plan.allegation, by=desk["officer"], now=later)


def test_by_hand_it_is_refused_with_the_open_conditions(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    _suspended(home, desk, allegation)
    with pytest.raises(Refused, match=r"in case 2026-001 and returns.*No plan was asked for yet"):
        resume(home, _engagement(desk), by=desk["officer"], now=LATER)
    with transaction.atomic():
        assert not turn(_engagement(desk), Engagement.State.ACTIVE, now=LATER)
    assert _engagement(desk).state == Engagement.State.SUSPENDED


def test_even_if_nobody_keeps_the_gate_it_is_refused(home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _suspended(home, desk, final(home, desk))
    monkeypatch.setattr(gates, "_kept", [])
    with pytest.raises(Refused, match="that case's gate alone"):
        resume(home, _engagement(desk), by=desk["officer"], now=LATER)


def test_when_all_conditions_hold_it_still_returns_through_the_gate_alone(home: Home, desk: Desk) -> None:
    plan = accepted(home, desk)
    _suspended(home, desk, plan.allegation)
    checked(home, desk, plan)
    with pytest.raises(Refused, match="open it there"):
        resume(home, _engagement(desk), by=desk["officer"], now=LATER)


def test_who_was_suspended_by_hand_is_resumed_by_hand(home: Home, desk: Desk) -> None:
    suspend(home, _engagement(desk), why="Audit.", by=desk["officer"], now=LATER)
    assert _engagement(desk).suspended_why == "Audit."
    with pytest.raises(Refused, match="suspended already"):
        suspend(home, _engagement(desk), by=desk["officer"], now=LATER)
    resume(home, _engagement(desk), by=desk["officer"], now=LATER)
    assert (_engagement(desk).state, _engagement(desk).suspended_why) == ("active", "")
    with pytest.raises(Refused, match="active already"):
        resume(home, _engagement(desk), by=desk["officer"], now=LATER)


def test_a_case_takes_hold_of_what_was_suspended_by_hand(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    suspend(home, _engagement(desk), by=desk["officer"], now=LATER)
    _suspended(home, desk, allegation)
    with pytest.raises(Refused, match="gate alone"):
        resume(home, _engagement(desk), by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="no access"):
        _suspended(home, desk, allegation)
    assert kinds(_engagement(desk).pk) == [Kind.ENGAGEMENT_SUSPENDED]
    overridden(home, desk, allegation)
    assert (_engagement(desk).state, _engagement(desk).held_by) == ("suspended", "")  # the officer's own still stands
    resume(home, _engagement(desk), by=desk["officer"], now=LATER)
    assert kinds(_engagement(desk).pk) == [Kind.ENGAGEMENT_SUSPENDED, Kind.ENGAGEMENT_RESUMED]


def test_what_a_sanction_suspends_is_held_too(home: Home, desk: Desk) -> None:
    plan = accepted(home, desk)
    measure = Measure.objects.create(
        sanction=_sanction(desk, plan.allegation, amount=None), kind="suspension", text="Until it is put right.",
        project=desk.project, state="open", created=LATER,
    )  # fmt: skip
    with transaction.atomic():
        assert turn(_engagement(desk), Engagement.State.SUSPENDED, now=LATER)  # by a release that kept no gate
    Engagement.objects.update(by_hand=False)
    with pytest.raises(Refused, match=r"gate alone.*was not checked yet"):
        resume(home, _engagement(desk), by=desk["officer"], now=LATER)
    checked(home, desk, plan)
    assert open_gate(home, plan.allegation, by=desk["officer"], now=LATER)
    measure.refresh_from_db()
    assert measure.state == Measure.State.ENDED


@pytest.mark.parametrize(
    ("state", "paid", "repaid", "opens"),
    [
        ("imposed", "0", "0", False),
        ("imposed", "999999.99", "0", False),
        ("imposed", "1000000", "0", True),
        ("imposed", "1000000", "1", False),
        ("appealed", "1000000", "0", False),
        ("settled", "0", "0", True),
        ("waived", "0", "0", True),
        ("withdrawn", "0", "0", True),
        ("prepared", "0", "0", False),
    ],
)
def test_what_is_owed_must_be_paid_or_waived(
    home: Home, desk: Desk, state: str, paid: str, repaid: str, opens: bool
) -> None:
    allegation = final(home, desk)
    sanction = _sanction(desk, allegation, state=state)
    for number, (amount, back) in enumerate(((paid, False), (repaid, True))):
        if Decimal(amount):
            Payment.objects.create(
                sanction=sanction, amount=Money(amount, "CNY"), is_repayment=back, paid_on=LATER.date(),
                reference=str(number), recorded_by=desk["legal"], time=LATER,
            )  # fmt: skip
    assert ("money" not in _open_keys(allegation)) is opens


def test_obligations_and_actions_with_persons_must_be_done(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    sanction = _sanction(desk, allegation, amount=None)
    for kind, state in (("obligation", "done"), ("suspension", "open"), ("person", "returned")):
        Measure.objects.create(sanction=sanction, kind=kind, text="Do.", state=state, created=LATER)
    assert "measures" in _open_keys(allegation)
    Measure.objects.filter(kind="person").update(state="reported")
    assert next(each for each in gate_of(allegation, now=LATER) if each.key == "measures").who_acts == Side.OWNER
    Measure.objects.filter(kind="person").update(state="done")
    assert "measures" not in _open_keys(allegation)


def test_a_payment_may_be_agreed_until_a_day(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    said = {"until": LATER.date() + timedelta(days=30), "text": "Two instalments.", "now": LATER}
    with pytest.raises(Refused, match="No sanction"):
        agree_payment(home, allegation, by=desk["legal"], **said)  # type: ignore[arg-type]
    _sanction(desk, allegation)
    for more in (
        {"by": desk["investigator"]},
        {"until": NOW.date()},
        {"until": date(2030, 1, 1)},
        {"text": " "},
        {"text": "\u202e"},
        {"text": STRANGER},
    ):
        with pytest.raises(Refused):
            agree_payment(home, allegation, **({**said, "by": desk["legal"]} | more))  # type: ignore[arg-type]
    agree_payment(home, allegation, by=desk["legal"], **said)  # type: ignore[arg-type]
    found = {each.key: each for each in gate_of(allegation, now=LATER)}["money"]
    assert (found.holds, found.detail) == (True, "1,000,000.00 CNY is agreed to be paid until 2026-04-14.")
    assert "money" in [each.key for each in open_ones(gate_of(allegation, now=LATER + timedelta(days=31)))]
    assert PaymentTerm.objects.count() == 1
    Payment.objects.create(
        sanction=Sanction.objects.get(), amount=Money(1_000_000, "CNY"), paid_on=LATER.date(), reference="1",
        recorded_by=desk["legal"], time=LATER,
    )  # fmt: skip
    with pytest.raises(Refused, match="anything is owed"):
        agree_payment(home, allegation, by=desk["legal"], **said)  # type: ignore[arg-type]


def test_an_agreement_that_is_not_in_force_keeps_the_gate_closed(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    assert "agreement" not in _open_keys(allegation)
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(state="terminated")
    assert "agreement" in _open_keys(allegation)


def test_an_override_takes_two_persons_in_writing_and_only_for_what_was_open(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    officer, legal = desk["officer"], desk["legal"]
    with pytest.raises(Refused, match="No access"):
        propose_override(home, allegation, reason="The line stands still.", by=officer, now=LATER)
    _suspended(home, desk, allegation)
    with pytest.raises(Refused, match="No override is proposed"):
        approve_gate_override(home, allegation, by=officer, now=LATER)
    for nothing in (" ", "\u202e"):
        with pytest.raises(Refused, match="Give a reason"):
            propose_override(home, allegation, reason=nothing, by=officer, now=LATER)
    propose_override(home, allegation, reason="The line stands still.", by=officer, now=LATER)
    for who in ("communications", "investigator", "administrator", "contact"):
        with pytest.raises(Refused):
            approve_gate_override(home, allegation, by=desk[who], now=LATER)
    approve_gate_override(home, allegation, by=officer, now=LATER)
    approve_gate_override(home, allegation, by=officer, now=LATER)
    with pytest.raises(Refused, match="stays closed"):
        open_gate(home, allegation, by=officer, now=LATER)
    approve_gate_override(home, allegation, by=legal, now=LATER)
    assert Approval.objects.count() == 2
    _sanction(desk, allegation)  # a condition that nobody approved to pass over
    with pytest.raises(Refused, match=r"1,000,000.00 CNY is still to be paid"):
        open_gate(home, allegation, by=officer, now=LATER)
    Sanction.objects.update(state="waived")
    open_gate(home, allegation, by=officer, now=LATER)
    (body,) = bodies(allegation.case_id, Kind.ACCESS_RETURNED)
    assert body["open"] == ["plan", "sub-vendors"]
    assert body["override"] == GateOverride.objects.get().pk
    assert "line stands" not in str(body)
    assert proposal_of(allegation) is None  # it is used up


def test_no_gate_opens_on_the_approval_of_somebody_who_was_shut_out(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    _suspended(home, desk, allegation)
    propose_override(home, allegation, reason="The line stands still.", by=desk["officer"], now=LATER)
    for who in ("legal", "officer"):
        approve_gate_override(home, allegation, by=desk[who], now=LATER)
    deactivate(desk["legal"], by=desk["administrator"], now=LATER)
    with pytest.raises(Refused, match=r"stays closed.*is deactivated"):
        open_gate(home, allegation, by=desk["officer"], now=LATER)


def test_a_sub_vendor_that_was_parted_with_does_not_bar_the_way_back(home: Home, desk: Desk) -> None:
    plan = accepted(home, desk)
    _suspended(home, desk, plan.allegation)
    sub_vendor = desk.engagements["sub_vendor"]
    Engagement.objects.filter(pk=sub_vendor.pk).update(state=Engagement.State.SUSPENDED)
    assert _open_keys(plan.allegation) == ["sub-vendors"]  # its copy is open still
    Copy.objects.filter(engagement=sub_vendor).update(revoked=LATER)
    assert _open_keys(plan.allegation) == []
    Engagement.objects.filter(pk=sub_vendor.pk).update(state=Engagement.State.ACTIVE)
    assert _open_keys(plan.allegation) == ["sub-vendors"]


def test_an_override_is_void_for_what_was_suspended_after_it(home: Home, desk: Desk) -> None:
    plan = accepted(home, desk)
    allegation, officer = plan.allegation, desk["officer"]
    _suspended(home, desk, allegation)
    propose_override(home, allegation, reason="The line stands still.", by=officer, now=LATER)
    for who in ("officer", "legal"):
        approve_gate_override(home, allegation, by=desk[who], now=LATER)
    checked(home, desk, plan)
    assert not _open_keys(allegation)
    open_gate(home, allegation, by=officer, now=LATER)  # regularly: nobody needed the override
    assert GateOverride.objects.get().used is None
    again = LATER + timedelta(days=5)
    suspend_access(home, allegation, why="They did it again.", by=officer, now=again)
    FlowDownCheck.objects.update(verdict="returned")
    with pytest.raises(Refused, match="stays closed"):
        open_gate(home, allegation, by=officer, now=again)


def test_a_new_proposal_needs_new_approvals(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    _suspended(home, desk, allegation)
    propose_override(home, allegation, reason="The line stands still.", by=desk["officer"], now=LATER)
    for who in ("officer", "legal"):
        approve_gate_override(home, allegation, by=desk[who], now=LATER)
    later = LATER + timedelta(hours=1)
    propose_override(home, allegation, reason="It still stands still.", by=desk["officer"], now=later)
    with pytest.raises(Refused, match="stays closed"):
        open_gate(home, allegation, by=desk["officer"], now=LATER)


@pytest.mark.parametrize("who", ["administrator", "investigator", "legal", "communications", "contact", "member"])
def test_only_an_officer_suspends_in_a_case_and_opens_the_gate(home: Home, desk: Desk, who: str) -> None:
    allegation = final(home, desk)
    with pytest.raises(Refused, match="None of your roles"):
        suspend_access(home, allegation, why="So.", by=desk[who], now=LATER)
    _suspended(home, desk, allegation)
    with pytest.raises(Refused, match="None of your roles"):
        open_gate(home, allegation, by=desk[who], now=LATER)
    assert held_of(allegation)


def test_when_the_allegation_is_withdrawn_nothing_holds_the_access_any_more(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    _suspended(home, desk, allegation)  # as containment, before anything is final
    withdraw_allegation(home, allegation, apology="We are sorry.", by=desk["legal"], now=LATER)
    (found,) = gate_of(allegation, now=LATER)
    assert found.holds
    assert (_engagement(desk).state, held_of(allegation)) == ("active", [])
    with pytest.raises(Refused, match="No access"):
        open_gate(home, allegation, by=desk["officer"], now=LATER)


def test_whom_a_gate_holds_is_not_engaged_at_another_place_of_the_project(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    _suspended(home, desk, allegation)
    above = desk.engagements["sibling"]
    with pytest.raises(Refused, match="cannot be engaged in MS11 now"):
        engage(desk.project, desk.supplier, parent=above, by=desk["officer"], now=LATER)
    engage(desk.other_project, desk.supplier, parent=None, by=desk["officer"], now=LATER)
    overridden(home, desk, allegation)
    engage(desk.project, desk.supplier, parent=above, by=desk["officer"], now=LATER)


def test_the_other_parties_access_is_left_alone(home: Home, desk: Desk) -> None:
    _suspended(home, desk, final(home, desk))
    states = {row.pk: row.state for row in Engagement.objects.all()}
    assert states.pop(desk.engagements["supplier"].pk) == "suspended"
    assert set(states.values()) == {"active"}


@pytest.mark.parametrize("is_final", [True, False])
def test_no_access_is_suspended_once_the_allegation_has_fallen(home: Home, desk: Desk, is_final: bool) -> None:
    allegation = final(home, desk) if is_final else played(home, desk)
    felled(desk, allegation)
    with pytest.raises(Refused, match=r"does not accuse copy .* any more"):
        suspend_access(home, allegation, why="Containment.", by=desk["officer"], now=LATER)
    assert _engagement(desk).state == Engagement.State.ACTIVE


@pytest.mark.parametrize("is_for_all", [True, False])
def test_who_is_suspended_in_all_projects_gets_no_place_in_another_one(
    home: Home, desk: Desk, is_for_all: bool
) -> None:
    measures = _sanction(desk, final(home, desk)).measures
    project = None if is_for_all else desk.project
    measure = measures.create(kind="suspension", text="Until it is put right.", project=project, created=LATER)
    place = partial(engage, desk.other_project, desk.supplier, parent=None, by=desk["officer"], now=LATER)
    Measure.objects.update(state="open")
    if is_for_all:
        with pytest.raises(Refused, match="cannot be engaged in KX7 now"):
            place()
        Measure.objects.filter(pk=measure.pk).update(state="ended")
    assert place().state == Engagement.State.ACTIVE


def test_access_is_suspended_where_the_copies_are_from_whatever_project_the_case_is_called_after(
    home: Home, desk: Desk
) -> None:
    elsewhere = engage(desk.other_project, desk.supplier, parent=None, by=desk["officer"], now=NOW)
    allegation = final(home, desk)
    Case.objects.update(project=desk.other_project)
    allegation = Allegation.objects.get(pk=allegation.pk)
    _suspended(home, desk, allegation)
    assert [each.pk for each in held_of(allegation)] == [desk.engagements["supplier"].pk]
    elsewhere.refresh_from_db()
    assert elsewhere.state == Engagement.State.ACTIVE
