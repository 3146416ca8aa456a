"""When a plan is accepted, and what its party still writes then."""

import pytest

from tests.desk import Desk
from tests.records.cases.played import LATER, kinds
from tests.records.plans.rehearsed import nth, submitted, words, written
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.agreements.documents import Document
from tidemark.records.home import Home
from tidemark.records.plans.judge import accept, judge, standing
from tidemark.records.plans.models import Action, Plan
from tidemark.records.plans.submit import submit
from tidemark.records.plans.write import add_action, attach, detach, save_wording, take_out


def _accepted_beside_a_draft(home: Home, desk: Desk, **said: object) -> Plan:
    """Accept a plan, beside whose five actions its party writes a sixth."""
    plan = submitted(home, desk)
    draft = add_action(home, plan, words("cause", **said), by=desk["contact"], now=LATER)
    attach(home, draft, Document("log.txt", b"log"), by=desk["contact"], now=LATER)
    for number in range(1, 6):
        judge(home, nth(plan, number), accepts=True, version=1, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert plan.state == Plan.State.ACCEPTED
    return plan


def test_what_the_party_is_still_writing_outlives_the_acceptance_and_is_handed_in_later(home: Home, desk: Desk) -> None:
    plan = _accepted_beside_a_draft(home, desk, text="More is")
    draft = nth(plan, 6)
    assert (draft.state, draft.draft["text"], draft.files.get().is_removed) == (Action.State.DRAFT, "More is", False)
    save_wording(home, draft, words("cause", text="More is done."), by=desk["contact"], now=LATER)
    attach(home, nth(plan, 6), Document("more.txt", b"more"), by=desk["contact"], now=LATER)
    detach(home, draft.files.get(file_name="log.txt"), by=desk["contact"])
    plan.refresh_from_db()
    assert (plan.state, plan.version) == (Plan.State.ACCEPTED, 1)  # what nobody handed in changes nothing
    with pytest.raises(Refused, match="The plan is accepted"):
        add_action(home, plan, words(), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    plan.refresh_from_db()
    assert (plan.state, plan.accepted, plan.version) == (Plan.State.SUBMITTED, None, 2)
    assert {nth(plan, number).state for number in range(1, 6)} == {Action.State.ACCEPTED}
    assert (nth(plan, 6).state, nth(plan, 6).text) == (Action.State.SUBMITTED, "More is done.")
    judge(home, nth(plan, 6), accepts=True, version=2, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert (plan.state, plan.accepted) == (Plan.State.ACCEPTED, LATER)
    assert kinds(plan.allegation.case_id).count(Kind.PLAN_ACCEPTED) == 2


def test_of_an_accepted_plan_nothing_is_submitted_that_lacks_something_or_changes_nothing(
    home: Home, desk: Desk
) -> None:
    plan = _accepted_beside_a_draft(home, desk, owner="")
    with pytest.raises(Refused, match="Action 6 does not say yet"):
        submit(home, plan, by=desk["contact"], now=LATER)
    take_out(home, nth(plan, 6), by=desk["contact"])
    with pytest.raises(Refused, match="Nothing was changed"):
        submit(home, plan, by=desk["contact"], now=LATER)
    plan.refresh_from_db()
    assert (plan.state, plan.version) == (Plan.State.ACCEPTED, 1)


def test_a_draft_is_there_too_when_an_accepted_plan_is_taken_up_again(home: Home, desk: Desk) -> None:
    plan = _accepted_beside_a_draft(home, desk)
    judge(home, nth(plan, 5), accepts=False, reason="no-read-across", by=desk["officer"], now=LATER)
    save_wording(home, nth(plan, 5), words("prevention", text="All sites."), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    assert {nth(plan, number).state for number in (5, 6)} == {Action.State.SUBMITTED}


def test_a_plan_whose_party_took_out_what_was_returned_is_the_owners_to_accept(home: Home, desk: Desk) -> None:
    plan = written(home, desk)
    add_action(home, plan, words("cause", text="The second."), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="each action"):
        accept(home, plan, version=1, by=desk["officer"], now=LATER)
    for number in range(1, 7):
        reason = "symptom" if number == 2 else ""
        judge(home, nth(plan, number), accepts=not reason, reason=reason, by=desk["officer"], now=LATER)
    take_out(home, nth(plan, 2), by=desk["contact"])
    submit(home, plan, by=desk["contact"], now=LATER)
    plan.refresh_from_db()
    assert (plan.state, plan.accepted) == (Plan.State.SUBMITTED, None)
    for who in ("contact", "communications", "investigator"):
        with pytest.raises(Refused):
            accept(home, plan, version=2, by=desk[who], now=LATER)
    with pytest.raises(Refused, match="anew"):
        accept(home, plan, version=1, by=desk["officer"], now=LATER)
    accept(home, plan, version=2, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert (plan.state, plan.accepted) == (Plan.State.ACCEPTED, LATER)
    assert kinds(plan.allegation.case_id).count(Kind.PLAN_ACCEPTED) == 1
    with pytest.raises(Refused):
        accept(home, plan, version=2, by=desk["officer"], now=LATER)


def test_an_accepted_action_is_taken_up_again_by_returning_it_and_the_plan_with_it(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    for action in plan.actions.all():
        judge(home, action, accepts=True, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert plan.accepted == LATER
    judge(home, nth(plan, 5), accepts=False, reason="no-read-across", by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert (plan.state, plan.accepted) == (Plan.State.RETURNED, None)
    save_wording(home, nth(plan, 5), words("prevention", text="All sites."), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    assert nth(plan, 4).state == Action.State.ACCEPTED


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"containment": "accepted", "cause": "accepted"}, Plan.State.ACCEPTED),
        ({"containment": "accepted", "cause": "submitted"}, Plan.State.SUBMITTED),
        ({"containment": "returned", "cause": "submitted"}, Plan.State.SUBMITTED),
        ({"containment": "accepted", "cause": "returned"}, Plan.State.RETURNED),
        ({"containment": "accepted", "cause": "dropped"}, Plan.State.RETURNED),
        ({"containment": "accepted", "cause": "draft"}, Plan.State.RETURNED),
        ({"containment": "accepted"}, Plan.State.RETURNED),
    ],
)
def test_when_a_plan_is_accepted(states: dict[str, str], expected: Plan.State) -> None:
    actions = [Action(section=section, state=state) for section, state in states.items()]
    assert standing(actions, ("containment", "cause")) == expected
