"""A plan is asked for, written, submitted, returned in part, revised, accepted; and nobody does what is not theirs."""

import json
from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.people import STRANGER
from tests.records.cases.played import LATER, bodies, felled, kinds, played
from tests.records.plans.rehearsed import DUE, asked, final, nth, submitted, words, written
from tidemark.errors import LimitExceeded, Refused
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import Case
from tidemark.records.cases.reply import reply
from tidemark.records.check import check
from tidemark.records.home import Home
from tidemark.records.plans.ask import ask_plan, change_due
from tidemark.records.plans.judge import judge
from tidemark.records.plans.models import Action, ActionFile, Judgement, Plan, PlanVersion, Section
from tidemark.records.plans.submit import submit
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.plans.write import add_action, attach, detach, save_wording, submitted_wording, take_out

SUPPLIERS = ["member", "sub_vendor_contact", "sibling_contact", "stranger_contact"]
OTHERS = ["administrator", "investigator", "legal", "communications", "contact", "member", "sibling_contact"]


def test_a_plan_is_asked_for_by_a_final_allegation_and_the_case_is_rectified(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    with pytest.raises(Refused, match="only while it is final"):
        ask_plan(home, allegation, due=DUE, by=desk["officer"], now=LATER)
    reply(home, allegation, "accepts", text="", by=desk["contact"], now=LATER)
    make_final(home, allegation, by=desk["legal"], now=LATER)
    plan = ask_plan(home, allegation, due=DUE, words="Look at every site.", by=desk["officer"], now=LATER)
    assert (plan.state, plan.sections) == (Plan.State.ASKED, Section.values)
    allegation.case.refresh_from_db()
    assert allegation.case.status == Case.Status.RECTIFYING
    (body,) = bodies(allegation.case_id, Kind.PLAN_ASKED)
    assert body["party"] == desk.supplier.name
    assert "every site" not in str(body)
    with pytest.raises(Refused, match="already"):
        ask_plan(home, allegation, due=DUE, by=desk["officer"], now=LATER)


@pytest.mark.parametrize(
    "more",
    [
        {"due": LATER + timedelta(days=1)},
        {"due": LATER - timedelta(days=1)},
        {"due": LATER + timedelta(days=1000)},
        {"sections": ["containment", "disposal"]},
        {"words": "x" * 4001},
        {"words": f"Do as {STRANGER} does."},
    ],
)
def test_an_odd_request_for_a_plan_is_refused(home: Home, desk: Desk, more: dict[str, object]) -> None:
    allegation = final(home, desk)
    with pytest.raises(Refused):
        ask_plan(home, allegation, **({"due": DUE, "by": desk["officer"], "now": LATER} | more))  # type: ignore[arg-type]
    assert not Plan.objects.exists()


@pytest.mark.parametrize("who", OTHERS)
def test_only_an_officer_asks_and_judges(home: Home, desk: Desk, who: str) -> None:
    plan = submitted(home, desk)
    with pytest.raises(Refused, match="None of your roles"):
        ask_plan(home, plan.allegation, due=DUE, by=desk[who], now=LATER)
    with pytest.raises(Refused, match="None of your roles"):
        judge(home, nth(plan, 1), accepts=True, by=desk[who], now=LATER)
    with pytest.raises(Refused, match="None of your roles"):
        change_due(home, plan, due=DUE, by=desk[who], now=LATER)


@pytest.mark.parametrize("who", [*SUPPLIERS, "officer"])
def test_nobody_but_the_partys_contact_writes(home: Home, desk: Desk, who: str) -> None:
    plan = written(home, desk)
    action = nth(plan, 1)
    for act in (
        lambda: add_action(home, plan, words(), by=desk[who], now=LATER),
        lambda: save_wording(home, action, words(), by=desk[who], now=LATER),
        lambda: take_out(home, action, by=desk[who]),
        lambda: attach(home, action, Document("a.txt", b"a"), by=desk[who], now=LATER),
        lambda: submit(home, plan, by=desk[who], now=LATER),
    ):
        with pytest.raises(Refused, match="Only a contact"):
            act()


def test_who_sees_a_plan(home: Home, desk: Desk) -> None:
    plan = asked(home, desk)
    for who in ("contact", "officer", "legal"):
        assert plan in Plan.objects.visible_to(desk[who])
    for who in SUPPLIERS:
        assert plan not in Plan.objects.visible_to(desk[who])


def test_a_plan_is_not_submitted_before_every_section_has_a_complete_action(home: Home, desk: Desk) -> None:
    plan = asked(home, desk)
    with pytest.raises(Refused, match="no action yet in the section “root cause”"):
        submit(home, plan, by=desk["contact"], now=LATER)
    for section in Section.values:
        add_action(home, plan, words(section), by=desk["contact"], now=LATER)
    lame = add_action(home, plan, words(owner="", proof=""), by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="Action 6 does not say yet: who does it, by name; by what it can be verified"):
        submit(home, plan, by=desk["contact"], now=LATER)
    assert PlanVersion.objects.count() == 0
    attach(home, lame, Document("proof.txt", b"proof"), by=desk["contact"], now=LATER)
    save_wording(home, lame, words(proof=""), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    assert plan.state == Plan.State.SUBMITTED


def test_what_was_submitted_is_frozen_and_its_hash_is_in_the_ledger(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    version = PlanVersion.objects.get()
    content = json.loads(version.content)
    assert [each["section"] for each in content["actions"]] == Section.values
    (body,) = bodies(plan.allegation.case_id, Kind.PLAN_SUBMITTED)
    assert body["content_sha256"] == version.content_sha256
    assert (body["version"], body["actions"]) == (1, 5)
    assert "Ines" not in str(body)
    action = nth(plan, 1)
    for act in (
        lambda: save_wording(home, action, words(text="Something else."), by=desk["contact"], now=LATER),
        lambda: take_out(home, action, by=desk["contact"]),
        lambda: attach(home, action, Document("a.txt", b"a"), by=desk["contact"], now=LATER),
    ):
        with pytest.raises(Refused, match="Action 1 is submitted"):
            act()
    with pytest.raises(Refused, match="The plan is submitted"):
        submit(home, plan, by=desk["contact"], now=LATER)


def test_only_what_was_returned_is_revised_and_the_rest_stands(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    judge(home, nth(plan, 2), accepts=False, reason="symptom", text="Why?", by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert plan.state == Plan.State.SUBMITTED  # the others are not judged yet
    for number in (1, 3, 4, 5):
        judge(home, nth(plan, number), accepts=True, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert (plan.state, plan.due) == (Plan.State.RETURNED, DUE)
    with pytest.raises(Refused, match=r"Action 2 was returned. Revise it"):
        submit(home, plan, by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="Action 1 is accepted"):
        save_wording(home, nth(plan, 1), words(text="Less."), by=desk["contact"], now=LATER)
    revised = nth(plan, 2)
    save_wording(home, revised, words("cause", text="The rule itself."), by=desk["contact"], now=LATER)
    assert submitted_wording(nth(plan, 2)).text == "What is done: cause."  # the owner sees no draft
    submit(home, plan, by=desk["contact"], now=LATER)
    assert [version.number for version in plan.versions.all()] == [1, 2]
    assert (nth(plan, 2).text, nth(plan, 2).state) == ("The rule itself.", Action.State.SUBMITTED)
    assert {nth(plan, number).state for number in (1, 3, 4, 5)} == {Action.State.ACCEPTED}
    judge(home, nth(plan, 2), accepts=True, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert plan.state == Plan.State.ACCEPTED
    told = kinds(plan.allegation.case_id)
    assert told.count(Kind.ACTION_JUDGED) == 6
    assert told[-1] == Kind.PLAN_ACCEPTED


def test_a_returned_action_may_be_taken_out_if_its_section_has_another(home: Home, desk: Desk) -> None:
    plan = written(home, desk)
    add_action(home, plan, words("cause", text="The second."), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    judge(home, nth(plan, 2), accepts=False, reason="symptom", by=desk["officer"], now=LATER)
    for number in (1, 3, 4, 5, 6):
        judge(home, nth(plan, number), accepts=True, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    take_out(home, nth(plan, 2), by=desk["contact"])
    assert nth(plan, 2).state == Action.State.RETURNED  # until the owner is told
    submit(home, plan, by=desk["contact"], now=LATER)
    assert nth(plan, 2).state == Action.State.DROPPED


def test_the_section_of_the_last_action_is_not_emptied(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    for action in plan.actions.all():
        reason = "symptom" if action.number == 2 else ""
        judge(home, action, accepts=not reason, reason=reason, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    take_out(home, nth(plan, 2), by=desk["contact"])
    with pytest.raises(Refused, match="root cause"):
        submit(home, plan, by=desk["contact"], now=LATER)


def test_an_action_is_returned_with_a_reason_only_and_names_no_other_party(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    for more in (
        {},
        {"reason": "because"},
        {"reason": "other"},
        {"reason": "symptom", "text": "x" * 4001},
        {"reason": "symptom", "text": f"{STRANGER} does it better."},
    ):
        with pytest.raises(Refused):
            judge(home, nth(plan, 1), accepts=False, by=desk["officer"], now=LATER, **more)
    assert not Judgement.objects.exists()


def test_what_was_submitted_anew_is_not_judged_unread(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    with pytest.raises(Refused, match="Read it again"):
        judge(home, nth(plan, 1), accepts=True, version=2, by=desk["officer"], now=LATER)
    judge(home, nth(plan, 1), accepts=True, version=1, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="Action 1 is accepted"):
        judge(home, nth(plan, 1), accepts=True, version=1, by=desk["officer"], now=LATER)


def test_who_is_returned_something_late_has_a_week_to_revise_it(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    late = DUE + timedelta(days=3)
    for action in plan.actions.all():
        reason = "symptom" if action.number == 2 else ""
        judge(home, action, accepts=not reason, reason=reason, by=desk["officer"], now=late)
    plan.refresh_from_db()
    assert plan.due == late + timedelta(days=7)


def test_files_lie_beside_an_action_and_stay_once_they_are_submitted(home: Home, desk: Desk) -> None:
    plan = written(home, desk)
    action = nth(plan, 1)
    kept = attach(home, action, Document("../proof.txt", b"proof"), by=desk["contact"], now=LATER)
    wrong = attach(home, action, Document("wrong.txt", b"wrong"), by=desk["contact"], now=LATER)
    detach(home, wrong, by=desk["contact"])
    with pytest.raises(Refused):
        attach(home, action, Document("empty.txt", b""), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    kept.refresh_from_db()
    wrong.refresh_from_db()
    assert (kept.file_name, kept.is_submitted) == ("proof.txt", True)
    assert (wrong.is_removed, wrong.is_submitted) == (True, False)
    with pytest.raises(Refused, match="was submitted, and stays"):
        detach(home, kept, by=desk["contact"])
    assert blobs.get(home, blobs.Shelf.CASES, kept.file_sha256) == b"proof"
    content = json.loads(PlanVersion.objects.get().content)
    assert content["actions"][0]["files"] == [{"name": "proof.txt", "sha256": kept.file_sha256}]
    told = {step.step: step for step in check(home)}
    assert "cases/" not in told["no stored file is unknown"].detail
    assert told["every signed agreement and bid is there and unchanged"].holds


def test_an_action_has_so_many_files_and_a_plan_so_many_actions(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = written(home, desk)
    monkeypatch.setattr("tidemark.records.plans.write.MAX_ACTION_FILES", 1)
    monkeypatch.setattr("tidemark.records.plans.write.MAX_PLAN_ACTIONS", 5)
    attach(home, nth(plan, 1), Document("a.txt", b"a"), by=desk["contact"], now=LATER)
    with pytest.raises((Refused, LimitExceeded)):
        attach(home, nth(plan, 1), Document("b.txt", b"b"), by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="at most 5 actions"):
        add_action(home, plan, words(), by=desk["contact"], now=LATER)
    assert ActionFile.objects.count() == 1


def test_the_date_is_changed_while_it_is_the_partys_turn(home: Home, desk: Desk) -> None:
    plan = written(home, desk)
    change_due(home, plan, due=DUE + timedelta(days=7), by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    assert plan.due == DUE + timedelta(days=7)
    with pytest.raises(Refused):
        change_due(home, plan, due=NOW, by=desk["officer"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="The plan is submitted"):
        change_due(home, plan, due=DUE, by=desk["officer"], now=LATER)


def test_nothing_is_rectified_once_the_allegation_was_withdrawn(home: Home, desk: Desk) -> None:
    plan = submitted(home, desk)
    withdraw_allegation(home, plan.allegation, apology="We are sorry.", by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="was withdrawn"):
        judge(home, nth(plan, 1), accepts=True, by=desk["officer"], now=LATER)
    with pytest.raises(Refused, match="was withdrawn"):
        add_action(home, plan, words(), by=desk["contact"], now=LATER)


def test_no_plan_is_asked_for_once_the_allegation_has_fallen(home: Home, desk: Desk) -> None:
    allegation = final(home, desk)
    felled(desk, allegation)
    with pytest.raises(Refused, match=r"does not accuse copy .* any more"):
        ask_plan(home, allegation, due=DUE, words="Look at every site.", by=desk["officer"], now=LATER)
    assert not Plan.objects.exists()
