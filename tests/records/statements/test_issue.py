"""A statement is approved by two persons, issued as it was approved, and corrected or withdrawn by a later one."""

import hashlib
import json
from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.people import SUPPLIER
from tests.records.cases.played import LATER, bodies, copy_of, felled, kinds, leak_of
from tests.records.statements.said import AFTER, DUE, approved, decided, issued, ready, rewrite
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.standing import deactivate
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.allege import prepare as prepare_allegation
from tidemark.records.cases.allege import put
from tidemark.records.cases.change import add_leaks, close
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import Allegation, Case, Duty
from tidemark.records.home import Home
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.statements.examine import examine
from tidemark.records.statements.issue import approve_statement, issue
from tidemark.records.statements.models import Promise, Statement
from tidemark.records.statements.write import edit, explain, prepare, promise, unpromise


def test_communications_and_legal_approve_it_two_persons_and_an_edit_voids_both(
    home: Home, desk: Desk, case: Case
) -> None:
    made = ready(home, desk, case)
    for who in ("officer", "investigator", "administrator", "contact"):
        with pytest.raises(Refused):
            approve_statement(home, made, by=desk[who], now=LATER)
    approve_statement(home, made, by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="communications"):
        issue(home, made, channel="Web", by=desk["officer"], now=AFTER)
    approve_statement(home, made, by=desk["communications"], now=LATER)
    made.refresh_from_db()
    assert made.state == Statement.State.APPROVED
    rewrite(home, desk, made, text_en=made.text_en.replace("Please", "We ask you, please,"))
    assert made.state == Statement.State.PREPARED
    with pytest.raises(Refused, match="not approved as it stands"):
        issue(home, made, channel="Web", by=desk["officer"], now=AFTER)


def test_somebody_with_both_roles_approves_once(home: Home, desk: Desk, case: Case) -> None:
    desk["legal"].grants.create(role="communications")
    made, both = ready(home, desk, case), Person.objects.get(pk=desk["legal"].pk)
    approve_statement(home, made, by=both, now=LATER)
    approve_statement(home, made, by=both, role="communications", now=LATER)
    made.refresh_from_db()
    assert made.state == Statement.State.PREPARED


def test_nothing_is_issued_on_the_approval_of_somebody_who_was_shut_out(home: Home, desk: Desk, case: Case) -> None:
    made = approved(home, desk, ready(home, desk, case))
    deactivate(desk["communications"], by=desk["administrator"], now=LATER)
    with pytest.raises(Refused, match=r"missing: communications.*is deactivated"):
        issue(home, made, channel="Web", by=desk["officer"], now=AFTER)


def test_what_was_changed_since_it_was_read_is_not_approved(home: Home, desk: Desk, case: Case) -> None:
    made = ready(home, desk, case)
    with pytest.raises(Refused, match="changed since you read it"):
        approve_statement(home, made, by=desk["legal"], seen="0" * 64, now=LATER)


@pytest.mark.parametrize("change", ["reason", "promise", "unpromise", "title"])
def test_every_change_voids_the_approvals(home: Home, desk: Desk, case: Case, change: str) -> None:
    made = ready(home, desk, case)
    rewrite(home, desk, made, text_en=f"{made.text_en} No third party has a say.", title_en=made.title_en)
    rewrite(home, desk, made, text_en=f"{made.text_en} We know of MS11.")
    for each in examine(made).unexplained:
        explain(home, made, each.key, reason="It is known from the papers of this week.", by=desk["legal"], now=LATER)
    made.refresh_from_db()
    approved(home, desk, made)
    by = {"by": desk["legal"], "now": LATER}
    if change == "reason":
        explain(home, made, next(iter(made.reasons)), reason="Another reason, known from the papers.", **by)
    elif change == "title":
        rewrite(home, desk, made, title_en="Another title")
    else:
        first = made.promises.get()
        if change == "promise":
            words = {"words_en": first.words_en, "words_zh": first.words_zh}
            promise(home, made, **words, assignee=desk["legal"], due=DUE, known=first, **by)
        else:
            unpromise(home, made, first, **by)
    made.refresh_from_db()
    assert made.state == Statement.State.PREPARED
    with pytest.raises(Refused, match="not approved as it stands"):
        issue(home, made, channel="Web", by=desk["officer"], now=AFTER)


def test_what_is_issued_is_kept_unchanged_with_its_hash_and_its_promises_are_owed(
    home: Home, desk: Desk, case: Case
) -> None:
    made = issued(home, desk, case)
    assert made.state == Statement.State.ISSUED
    assert hashlib.sha256(made.content.encode()).hexdigest() == made.content_sha256
    content = json.loads(made.content)
    assert content["text_en"] == made.text_en
    (leaf,) = bodies(case.pk, Kind.STATEMENT_ISSUED)
    assert leaf["content_sha256"] == made.content_sha256
    assert SUPPLIER not in str(leaf)
    duty = Duty.objects.get(promised_in=made.pk)
    assert (duty.assignee, duty.due, duty.case) == (desk["officer"], DUE, case)
    assert duty.title == "We will check that the plan is carried out."
    for act in (
        lambda: edit(home, made, title_en="T", text_en="T", by=desk["legal"], now=AFTER),
        lambda: approve_statement(home, made, by=desk["legal"], now=AFTER),
        lambda: issue(home, made, channel="Web", by=desk["officer"], now=AFTER),
        lambda: unpromise(home, made, made.promises.get(), by=desk["officer"], now=AFTER),
    ):
        with pytest.raises(Refused):
            act()
    assert Duty.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "state"), [("withdrawal", "withdrawn"), ("final", "corrected"), ("holding", "corrected")]
)
def test_a_later_statement_corrects_or_withdraws_it_and_both_stay(
    home: Home, desk: Desk, case: Case, kind: str, state: str
) -> None:
    earlier = issued(home, desk, case)
    close(home, case, why="Done.", by=desk["officer"], now=AFTER)
    later = issued(home, desk, case, kind, follows=earlier, now=AFTER + timedelta(days=1))
    earlier.refresh_from_db()
    assert (earlier.state, later.state) == (state, "issued")
    assert earlier.content
    assert "16 March 2026" in later.text_en
    assert "2026年3月16日" in later.text_zh
    expected = Kind.STATEMENT_WITHDRAWN if kind == "withdrawal" else Kind.STATEMENT_CORRECTED
    assert kinds(case.pk).count(expected) == 1
    with pytest.raises(Refused, match="was issued, and stands"):
        prepare(home, case, "withdrawal", follows=earlier, by=desk["officer"], now=AFTER)


def test_two_withdrawals_of_one_statement_are_not_both_issued(home: Home, desk: Desk, case: Case) -> None:
    earlier = issued(home, desk, case)
    one, two = (approved(home, desk, ready(home, desk, case, "withdrawal", follows=earlier)) for _ in range(2))
    issue(home, one, channel="Web", by=desk["officer"], now=AFTER)
    two.refresh_from_db()
    with pytest.raises(Refused, match="corrected or withdrawn meanwhile"):
        issue(home, two, channel="Web", by=desk["officer"], now=AFTER)


def test_a_final_statement_is_not_issued_once_its_allegation_is_withdrawn(home: Home, desk: Desk, case: Case) -> None:
    made = approved(home, desk, ready(home, desk, case))
    withdraw_allegation(home, case.allegations.get(), apology="We are sorry.", by=desk["legal"], now=AFTER)
    with pytest.raises(Refused, match="Nothing that is final in this case stands any more"):
        issue(home, made, channel="Web", by=desk["officer"], now=AFTER)


def test_a_promise_without_somebody_or_with_a_day_gone_by_keeps_it_from_being_issued(
    home: Home, desk: Desk, case: Case
) -> None:
    made = prepare(home, case, "final", by=desk["communications"], now=LATER)
    with pytest.raises(Refused, match="Say who keeps this promise"):
        approve_statement(home, made, by=desk["legal"], now=LATER)
    Promise.objects.update(assignee=desk["legal"], due=LATER)
    with pytest.raises(Refused, match="Say who keeps this promise"):
        approve_statement(home, made, by=desk["legal"], now=LATER)


def test_who_comes_on_record_after_the_approval_is_found_at_the_issue(home: Home, desk: Desk, case: Case) -> None:
    made = ready(home, desk, case)
    rewrite(home, desk, made, text_en=f"{made.text_en} Greetings from Brackwater.")
    approved(home, desk, made)
    type(desk.supplier).named("Brackwater Tooling GmbH", {}, now=NOW)
    with pytest.raises(Refused, match="Brackwater"):
        issue(home, made, channel="Web", by=desk["officer"], now=AFTER)


def test_the_channel_is_looked_at_too(home: Home, desk: Desk, case: Case) -> None:
    made = approved(home, desk, ready(home, desk, case))
    with pytest.raises(Refused, match="Northwick"):
        issue(home, made, channel="Northwick's intranet", by=desk["officer"], now=AFTER)
    made.refresh_from_db()
    assert made.state == Statement.State.APPROVED


def test_no_final_statement_is_prepared_approved_or_issued_once_what_it_rests_on_has_fallen(
    home: Home, desk: Desk, case: Case
) -> None:
    said, written = approved(home, desk, ready(home, desk, case)), ready(home, desk, case)
    bare = prepare(home, case, "final", by=desk["communications"], now=LATER, languages=("en",))
    bare.promises.all().delete()
    rewrite(home, desk, bare, title_en="Our drawings", text_en="We are looking into it.")
    approved(home, desk, bare)
    felled(desk, case.allegations.get())
    match = "Nothing that is final in this case stands any more"
    for each in (said, bare):
        with pytest.raises(Refused, match=match):
            issue(home, each, channel="Web", by=desk["communications"], now=AFTER)
    with pytest.raises(Refused, match=match):
        approve_statement(home, written, by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="Nothing in this case is final and stands"):
        prepare(home, case, "final", by=desk["communications"], now=LATER)
    assert examine(said).refusing
    issued(home, desk, case, "holding")


def test_a_final_statement_rests_on_what_stands_and_says_no_amount_of_what_has_fallen(home: Home, desk: Desk) -> None:
    case = decided(home, desk)
    first = case.allegations.get()
    add_leaks(home, case, [leak_of(desk, [copy_of(desk, desk.sibling)], title="rear")], by=desk["officer"], now=LATER)
    second = prepare_allegation(home, case, desk.sibling, by=desk["legal"], now=LATER)
    Agreement.objects.filter(pk=second.agreement_id).update(damages="2500000")
    put(home, second, by=desk["legal"], now=LATER)
    Allegation.objects.filter(pk=second.pk).update(state=Allegation.State.ANSWERED)
    make_final(home, second, by=desk["legal"], now=AFTER)
    with pytest.raises(Refused, match="not one agreed amount"):
        prepare(home, case, "final", with_amount=True, by=desk["communications"], now=AFTER)
    felled(desk, first)
    made = prepare(home, case, "final", with_amount=True, by=desk["communications"], now=AFTER)
    assert "CNY 2,500,000" in made.text_en
