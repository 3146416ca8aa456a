"""What follows on a sanction: the appeal and its decision, measures, and its fall with the allegation."""

from datetime import timedelta

import pytest
from djmoney.money import Money

from tests.desk import NOW, Desk
from tests.records.cases.played import bodies, kinds, trace_of
from tests.records.plans.rehearsed import overridden
from tests.records.sanctions.after import DAY, PROOF, decided, fresh, measure, paid, yuan
from tests.records.sanctions.imposed import LATER, MILLION, approved, imposed, prepared
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.models import Allegation
from tidemark.records.check import check
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.plans.access import suspend_access
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.engagements import resume, suspend
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.appeal import appeal
from tidemark.records.sanctions.decide import approve_decision, open_decision, propose, take
from tidemark.records.sanctions.impose import impose
from tidemark.records.sanctions.measures import judge, report
from tidemark.records.sanctions.models import Decision, Measure, Sanction
from tidemark.records.sanctions.pay import record_repayment
from tidemark.records.sanctions.settle import account_of

# --- the appeal


def test_a_party_appeals_once_by_the_deadline_with_reason_and_files(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    for nothing in (" ", "\u202e"):
        with pytest.raises(Refused, match="Say why"):
            appeal(home, made, reason=nothing, by=desk["contact"], now=LATER)
    appeal(home, made, reason="It was reported at once.", files=[PROOF], by=desk["contact"], now=LATER)
    kept = fresh(made).appeal.files.get()
    assert blobs.get(home, blobs.Shelf.CASES, kept.file_sha256) == PROOF.data
    assert fresh(made).state == "appealed"
    with pytest.raises(Refused):
        appeal(home, made, reason="Again.", by=desk["contact"], now=LATER)
    assert kinds(made.case.pk).count("sanction-appealed") == 1


def test_an_appeal_after_the_deadline_is_refused(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    with pytest.raises(Refused, match="over"):
        appeal(home, made, reason="Late.", by=desk["contact"], now=made.appeal_until + timedelta(seconds=1))


@pytest.mark.parametrize("who", ["member", "sub_vendor_contact", "sibling_contact", "officer"])
def test_only_a_contact_of_the_party_appeals(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="Only a contact"):
        appeal(home, imposed(home, desk), reason="No.", by=desk[who], now=LATER)


def test_nobody_appeals_against_what_is_only_prepared(home: Home, desk: Desk) -> None:
    with pytest.raises(Refused, match="Only a contact"):
        appeal(home, prepared(home, desk), reason="No.", by=desk["contact"], now=LATER)


def test_an_appeal_is_decided_by_two_persons_in_two_roles(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    appeal(home, made, reason="Too much.", by=desk["contact"], now=LATER)
    proposal = propose(home, made, "upheld", reason="It stands.", by=desk["legal"], now=LATER)
    approve_decision(home, proposal, by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="missing: officer"):
        take(home, proposal, by=desk["legal"], now=LATER)
    approve_decision(home, proposal, by=desk["officer"], now=LATER)
    take(home, proposal, by=desk["legal"], now=LATER)
    assert (fresh(made).state, fresh(made).amount) == ("imposed", MILLION)
    with pytest.raises(Refused):
        take(home, proposal, by=desk["legal"], now=LATER)


def test_once_the_last_trace_accuses_the_copy_no_more_it_is_waived_and_not_upheld_or_reduced(
    home: Home, desk: Desk
) -> None:
    made = imposed(home, desk)
    appeal(home, made, reason="It was not ours.", by=desk["contact"], now=LATER)
    trace_of(Post.objects.get(), [], verdict="inconclusive", hours=2)
    for outcome, amount in (("upheld", None), ("reduced", yuan(1))):
        with pytest.raises(Refused, match="does not accuse copy"):
            decided(home, desk, made, outcome, amount)
    decided(home, desk, made, "waived")
    assert fresh(made).state == Sanction.State.WAIVED


def test_another_proposal_has_none_of_the_approvals_of_the_last(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    proposal = propose(home, made, "waived", reason="Goodwill.", by=desk["legal"], now=LATER)
    for who in ("legal", "officer"):
        approve_decision(home, proposal, by=desk[who], now=LATER)
    other = propose(home, made, "reduced", amount=yuan(1), reason="Less.", by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="proposed no more"):
        take(home, proposal, by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="missing: legal, officer"):
        take(home, other, by=desk["legal"], now=LATER)
    assert open_decision(made) == other


def test_an_appeal_voids_what_was_proposed_before_the_party_was_heard(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    propose(home, made, "waived", reason="Goodwill.", by=desk["legal"], now=LATER)
    appeal(home, made, reason="Too much.", by=desk["contact"], now=LATER)
    assert open_decision(made) is None


def test_reducing_converts_anew_and_what_was_overpaid_is_to_be_paid_back(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 300_000, "A1")
    appeal(home, made, reason="Too much.", by=desk["contact"], now=LATER)
    decided(home, desk, made, "reduced", yuan(250_000))
    seen = fresh(made)
    account = account_of(seen)
    assert account is not None
    assert (seen.amount, seen.imposed_amount, account.pay_back) == (yuan(250_000), MILLION, yuan(50_000))
    assert str(seen.converted.amount) == "37190.760"
    assert bodies(made.case.pk, "sanction-decided")[0]["pay_back"] == "50000.00"


@pytest.mark.parametrize("amount", [yuan(1_000_000), yuan(-1), Money(5, "USD"), None, Money("NaN", "CNY")])
def test_a_reduction_leaves_less_in_the_same_currency(home: Home, desk: Desk, amount: Money | None) -> None:
    with pytest.raises(Refused):
        propose(home, imposed(home, desk), "reduced", amount=amount, reason="x", by=desk["legal"], now=LATER)


def test_upholding_needs_an_appeal_and_a_reason_names_no_other_party(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    with pytest.raises(Refused, match="no appeal"):
        propose(home, made, "upheld", reason="x", by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="Ardoise"):
        propose(home, made, "waived", reason="As with Ardoise Injection.", by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="only while"):
        propose(home, _prepared_too(home, made), "waived", reason="x", by=desk["legal"], now=LATER)


def _prepared_too(home: Home, made: Sanction) -> Sanction:  # noqa: ARG001
    Sanction.objects.filter(pk=made.pk).update(state="prepared")
    return fresh(made)


def test_a_waiver_ends_what_the_party_owes_and_access_returns_through_the_gate(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    decided(home, desk, made, "waived")
    assert fresh(made).state == "waived"
    assert [measure(made, kind).state for kind in ("obligation", "person")] == ["void", "void"]
    assert measure(made, "suspension").state == "open"
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "suspended"
    overridden(home, desk, made.allegation)
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "active"
    assert measure(made, "suspension").state == "ended"
    assert "sanction-waived" in kinds(made.case.pk)
    assert Decision.objects.get().taken == LATER


@pytest.mark.parametrize("contained", ["before", "after"])
def test_whoever_suspended_first_what_a_waived_sanction_suspends_returns_through_its_own_gate(
    home: Home, desk: Desk, *, contained: str
) -> None:
    made = approved(home, desk)
    other = Allegation.objects.create(
        case=made.case, party=desk.supplier, agreement=desk.agreements["supplier"], summary="x", answer_by=NOW,
        created=NOW, created_by=desk["legal"], put=NOW, state="put",
    )  # fmt: skip
    if contained == "before":
        suspend_access(home, other, why="Until it is clear.", by=desk["officer"], now=NOW)
    impose(home, made, by=desk["officer"], now=NOW)
    if contained == "after":
        suspend_access(home, other, why="Until it is clear.", by=desk["officer"], now=NOW)
    decided(home, desk, made, "waived")
    overridden(home, desk, other)
    place = Engagement.objects.get(pk=desk.engagements["supplier"].pk)
    assert (place.state, place.held_by) == ("suspended", f"allegation:{made.allegation_id}")
    overridden(home, desk, made.allegation)
    place.refresh_from_db()
    assert (place.state, place.held_by) == ("active", "")


def test_a_waived_sanctions_suspension_falls_with_its_allegation(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    decided(home, desk, made, "waived")
    withdraw_allegation(home, made.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert measure(made, "suspension").state == "void"
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "active"


# --- measures


def test_an_obligation_is_done_once_its_proof_is_accepted(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    row = measure(made, "obligation")
    with pytest.raises(Refused, match="proof"):
        report(home, row, text="Done.", by=desk["contact"], now=LATER)
    report(home, row, text="Done.", files=[PROOF], by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match="reported as done"):
        report(home, row, text="Done.", files=[PROOF], by=desk["contact"], now=LATER)
    for nothing in (" ", "\u202e"):
        with pytest.raises(Refused, match="what is missing"):
            judge(home, row, accepts=False, reason=nothing, by=desk["officer"], now=LATER)
    judge(home, row, accepts=False, reason="One signature is missing.", by=desk["officer"], now=LATER)
    report(home, row, text="Now all.", files=[PROOF], by=desk["contact"], now=LATER)
    judge(home, row, accepts=True, reason="", by=desk["officer"], now=LATER)
    assert measure(made, "obligation").state == "done"
    assert [each.verdict for each in row.reports.order_by("time", "pk")] == ["returned", "accepted"]
    told = [kind for kind in kinds(made.allegation.case_id) if kind.startswith("measure-")]
    assert told == [Kind.MEASURE_REPORTED, Kind.MEASURE_JUDGED] * 2


@pytest.mark.parametrize("accepts", [True, False])
def test_what_was_reported_anew_is_not_judged_unread(home: Home, desk: Desk, accepts: bool) -> None:
    row = measure(imposed(home, desk), "obligation")
    read = report(home, row, text="All are bound.", files=[PROOF], by=desk["contact"], now=LATER)
    judge(home, row, accepts=False, reason="One is missing.", read=read.pk, by=desk["legal"], now=LATER)
    newer = report(home, row, text="All but one.", files=[PROOF], by=desk["contact"], now=LATER)
    said = len(bodies(row.sanction.allegation.case_id, "measure-judged"))
    with pytest.raises(Refused, match="reported anew in between"):
        judge(home, row, accepts=accepts, reason="So.", read=read.pk, by=desk["officer"], now=LATER)
    newer.refresh_from_db()
    assert (newer.verdict, measure(row.sanction, "obligation").state) == ("", "reported")
    assert len(bodies(row.sanction.allegation.case_id, "measure-judged")) == said
    judge(home, row, accepts=accepts, reason="So.", read=newer.pk, by=desk["officer"], now=LATER)
    newer.refresh_from_db()
    assert newer.verdict == ("accepted" if accepts else "returned")


@pytest.mark.parametrize("who", ["member", "sibling_contact", "sub_vendor_contact", "officer"])
def test_only_a_contact_of_the_party_reports(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="Only a contact"):
        report(home, measure(imposed(home, desk), "person"), text="Done.", by=desk[who], now=LATER)


def test_a_suspension_ends_through_the_gate_alone(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    row = measure(made, "suspension")
    with pytest.raises(Refused, match="nothing to report"):
        report(home, row, text="x", by=desk["contact"], now=LATER)
    with pytest.raises(Refused, match=r"returns through its gate alone.*No plan was asked for yet"):
        resume(home, desk.engagements["supplier"], by=desk["officer"], now=LATER)
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "suspended"
    overridden(home, desk, made.allegation)
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "active"
    assert measure(made, "suspension").state == "ended"
    assert bodies(made.case.pk, "access-returned")[0]["engagements"] == [desk.engagements["supplier"].pk]


def test_access_that_was_suspended_before_is_not_given_back_with_the_sanction(home: Home, desk: Desk) -> None:
    suspend(home, desk.engagements["supplier"], by=desk["officer"], now=NOW)
    made = imposed(home, desk)
    overridden(home, desk, made.allegation)
    assert measure(made, "suspension").state == "ended"
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "suspended"
    resume(home, desk.engagements["supplier"], by=desk["officer"], now=LATER)


def test_access_stays_suspended_as_long_as_another_sanction_suspends_it(home: Home, desk: Desk) -> None:
    first = imposed(home, desk)
    second = Sanction.objects.create(
        number="S-9", allegation=Allegation.objects.create(
            case=first.case, party=desk.supplier, summary="x", answer_by=NOW, created=NOW, created_by=desk["legal"]
        ),
        appeal_until=NOW, created=NOW, created_by=desk["legal"], imposed=NOW, state="imposed",
    )  # fmt: skip
    Measure.objects.create(sanction=second, kind="suspension", text="x", created=NOW, state="open")
    place = Engagement.objects.get(pk=desk.engagements["supplier"].pk)
    overridden(home, desk, first.allegation)
    place.refresh_from_db()
    assert (place.state, place.held_by) == ("suspended", f"allegation:{second.allegation_id}")
    overridden(home, desk, second.allegation)
    place.refresh_from_db()
    assert place.state == "active"


def test_it_is_settled_when_it_is_paid_and_every_measure_is_over(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 1_000_000, "A1")
    for kind in ("obligation", "person"):
        report(home, measure(made, kind), text="Done.", files=[PROOF], by=desk["contact"], now=LATER)
        judge(home, measure(made, kind), accepts=True, reason="", by=desk["officer"], now=LATER)
    assert fresh(made).state == "imposed"
    overridden(home, desk, made.allegation)
    assert (fresh(made).state, fresh(made).settled) == ("settled", LATER)
    assert kinds(made.case.pk)[-1] == "sanction-settled"


def test_who_has_paid_may_appeal_all_the_same(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    Measure.objects.update(state="done")
    paid(home, desk, made, 1_000_000, "A1")
    assert fresh(made).state == "settled"
    appeal(home, made, reason="Paid under protest.", by=desk["contact"], now=LATER)
    decided(home, desk, made, "waived")
    account = account_of(fresh(made))
    assert account is not None
    assert account.pay_back == MILLION


# --- the fall


def test_with_the_allegation_its_sanction_falls_and_what_was_paid_is_to_be_paid_back(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    paid(home, desk, made, 300_000, "A1")
    withdraw_allegation(home, made.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    said = bodies(made.case.pk, "sanction-withdrawn")[0]
    assert (said["pay_back"], said["currency"], said["was_imposed"]) == ("300000.00", "CNY", True)
    assert fresh(made).state == "withdrawn"
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "active"
    assert set(made.measures.values_list("state", flat=True)) == {"void"}
    record_repayment(home, made, yuan(300_000), paid_on=DAY, reference="B1", by=desk["legal"], now=LATER)
    assert account_of(fresh(made)).pay_back == yuan(0)  # type: ignore[union-attr]
    assert Sanction.objects.visible_to(desk["contact"]).exists()  # with the letter that it once got


def test_what_was_settled_falls_too(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    Measure.objects.update(state="done")
    paid(home, desk, made, 1_000_000, "A1")
    withdraw_allegation(home, made.allegation, apology="We were wrong.", by=desk["legal"], now=LATER)
    assert bodies(made.case.pk, "sanction-withdrawn")[0]["pay_back"] == "1000000.00"


def test_what_was_handed_in_and_the_letters_belong_to_the_folder(home: Home, desk: Desk) -> None:
    made = imposed(home, desk)
    appeal(home, made, reason="x", files=[Document("a.txt", b"a")], by=desk["contact"], now=LATER)
    report(home, measure(made, "person"), text="x", files=[PROOF], by=desk["contact"], now=LATER)
    steps = {step.step: step for step in check(home)}
    assert steps["no stored file is unknown"].holds, steps["no stored file is unknown"].detail
    assert steps["every signed agreement and bid is there and unchanged"].holds
