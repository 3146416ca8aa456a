"""An allegation is withdrawn: whoever was locked out because of it alone is let in at once."""

import ast
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction

from tests.desk import Desk
from tests.records.cases.played import LATER, bodies, copy_of, kinds, leak_of, opened, played
from tests.records.plans.rehearsed import overridden
from tidemark import records
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records import mail
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.change import change_status, close
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.deadlines import INVESTIGATE_WITHIN
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.home import Home
from tidemark.records.plans.access import suspend_access
from tidemark.records.plans.held import held_of, why_held
from tidemark.records.plans.remind import remind
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.engagements import suspend
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.measures import begin
from tidemark.records.sanctions.models import Measure, Sanction


@pytest.fixture
def allegation(home: Home, desk: Desk) -> Allegation:
    return played(home, desk)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who is written to, and what."""
    kept: list[tuple[str, str]] = []

    def send(to: str, *, subject: str, paragraphs: tuple[str, ...]) -> bool:
        kept.append((to, f"{subject} {' '.join(paragraphs)}"))
        return True

    monkeypatch.setattr(mail, "send", send)
    return kept


def _engagement(desk: Desk) -> Engagement:
    return Engagement.objects.select_related("project", "party").get(pk=desk.engagements["supplier"].pk)


def _contain(home: Home, desk: Desk, allegation: Allegation, why: str = "Until it is clear.") -> None:
    suspend_access(home, allegation, why=why, by=desk["officer"], now=LATER)


def _withdraw(home: Home, desk: Desk, allegation: Allegation, *, now: datetime = LATER) -> None:
    withdraw_allegation(home, allegation, apology="We are sorry.", by=desk["legal"], now=now)


def _another(desk: Desk, allegation: Allegation) -> Allegation:
    """Put another allegation to the same party, in the same project."""
    return Allegation.objects.create(
        case=allegation.case, party=allegation.party, agreement=allegation.agreement, summary="Another leak.",
        answer_by=LATER, created=LATER, created_by=desk["legal"], put=LATER, state=Allegation.State.PUT,
    )  # fmt: skip


def _sanctioned(desk: Desk, allegation: Allegation) -> None:
    """Impose a suspension in all projects."""
    sanction = Sanction.objects.create(
        number=f"S-{allegation.pk[:8]}", allegation=allegation, state="imposed", appeal_until=LATER, created=LATER,
        created_by=desk["legal"], imposed=LATER,
    )  # fmt: skip
    Measure.objects.create(sanction=sanction, kind="suspension", text="By the sanction.", created=LATER)
    with transaction.atomic():
        begin(sanction, now=LATER)


def test_what_was_put_meanwhile_is_owed_an_apology_and_the_ledger_says_that_it_was_put(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    stale = prepare(home, case, desk.supplier, by=desk["legal"], now=LATER)
    put(home, Allegation.objects.get(pk=stale.pk), by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="owed an apology"):
        withdraw_allegation(home, stale, by=desk["legal"], now=LATER)
    _withdraw(home, desk, stale)
    assert bodies(case.pk, "allegation-withdrawn")[-1]["was_put"] is True


def test_an_innocent_party_is_let_in_at_once_and_the_ledger_says_so(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    _contain(home, desk, allegation)
    _withdraw(home, desk, allegation)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.held_by, engagement.suspended_why) == ("active", "", "")
    assert held_of(allegation) == []
    assert kinds(engagement.pk) == [Kind.ENGAGEMENT_SUSPENDED, Kind.ENGAGEMENT_RESUMED]
    (body,) = bodies(allegation.case_id, Kind.ACCESS_RETURNED)
    assert (body["engagements"], body["override"], body["open"]) == ([engagement.pk], "", [])
    written = kinds(allegation.case_id)
    assert written.index(Kind.ALLEGATION_WITHDRAWN) < written.index(Kind.ACCESS_RETURNED)


def test_no_other_action_withdraws_an_allegation() -> None:
    found = [
        source.stem
        for source in Path(records.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Assign)
        and ".state" in ast.unparse(node.targets[0])
        and "Allegation.State.WITHDRAWN" in ast.unparse(node.value)
    ]
    assert found == ["take_back"]


def test_its_contacts_are_told_that_access_has_returned(
    home: Home, desk: Desk, allegation: Allegation, sent: list[tuple[str, str]]
) -> None:
    _contain(home, desk, allegation)
    _withdraw(home, desk, allegation)
    remind(now=LATER)
    ((to, said),) = [each for each in sent if "open again" in each[1]]
    assert to == desk["contact"].email
    assert "withdrawn" in said
    assert f"/allegations/{allegation.pk}/" in said


def test_nothing_is_said_of_access_where_none_was_suspended(home: Home, desk: Desk, allegation: Allegation) -> None:
    _withdraw(home, desk, allegation)
    assert bodies(allegation.case_id, Kind.ACCESS_RETURNED) == []


def test_if_it_cannot_be_withdrawn_access_stays_suspended(home: Home, desk: Desk, allegation: Allegation) -> None:
    _contain(home, desk, allegation)
    with pytest.raises(Refused, match="apology"):
        withdraw_allegation(home, allegation, by=desk["legal"], now=LATER)
    assert _engagement(desk).state == Engagement.State.SUSPENDED


def test_what_a_sanction_and_an_officer_suspended_returns_too(home: Home, desk: Desk, allegation: Allegation) -> None:
    _contain(home, desk, allegation)
    _sanctioned(desk, allegation)
    _withdraw(home, desk, allegation)
    assert _engagement(desk).state == Engagement.State.ACTIVE
    assert [each.state for each in Measure.objects.all()] == [Measure.State.VOID]


def test_what_was_suspended_by_hand_stays_so(
    home: Home, desk: Desk, allegation: Allegation, sent: list[tuple[str, str]]
) -> None:
    suspend(home, _engagement(desk), why="Audit.", by=desk["officer"], now=LATER)
    _contain(home, desk, allegation)
    _withdraw(home, desk, allegation)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.held_by, engagement.suspended_why) == ("suspended", "", "Audit.")
    assert why_held(engagement, LATER) == ""
    (body,) = bodies(allegation.case_id, Kind.ACCESS_RETURNED)
    assert body["engagements"] == []
    remind(now=LATER)
    assert not [each for each in sent if "open again" in each[1]]


def test_of_what_was_suspended_by_hand_without_a_reason_no_word_of_the_accusation_stays(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    suspend(home, _engagement(desk), by=desk["officer"], now=LATER)
    _contain(home, desk, allegation, "They leaked the bumper.")
    _withdraw(home, desk, allegation)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.held_by, engagement.suspended_why) == ("suspended", "", "")


@pytest.mark.parametrize("why", ["Audit.", ""])
@pytest.mark.parametrize("first", [0, 1])
def test_the_officers_own_reason_outlasts_two_allegations_that_are_withdrawn(
    home: Home, desk: Desk, allegation: Allegation, *, why: str, first: int
) -> None:
    suspend(home, _engagement(desk), why=why, by=desk["officer"], now=LATER)
    both = [allegation, _another(desk, allegation)]
    for row in both:
        _contain(home, desk, row, "They leaked the bumper.")
    one, other = both[first], both[1 - first]
    _withdraw(home, desk, one)
    engagement = _engagement(desk)
    assert (engagement.by_hand, engagement.held_by, engagement.suspended_why) == (True, f"allegation:{other.pk}", why)
    _withdraw(home, desk, other)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.held_by, engagement.suspended_why) == ("suspended", "", why)


def test_another_allegation_that_suspends_the_party_too_holds_on(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    _contain(home, desk, allegation, "The first.")
    other = _another(desk, allegation)
    _contain(home, desk, other, "The second.")
    with pytest.raises(Refused, match="no access"):
        _contain(home, desk, other)
    assert [each.pk for each in held_of(other)] == [_engagement(desk).pk]
    _withdraw(home, desk, allegation)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.suspended_why) == ("suspended", "The second.")
    assert engagement.held_by == f"allegation:{other.pk}"
    _withdraw(home, desk, other)
    assert _engagement(desk).state == Engagement.State.ACTIVE
    assert kinds(engagement.pk) == [Kind.ENGAGEMENT_SUSPENDED, Kind.ENGAGEMENT_RESUMED]


def test_whichever_of_two_is_withdrawn_first_the_other_holds_on(home: Home, desk: Desk, allegation: Allegation) -> None:
    _contain(home, desk, allegation, "The first.")
    other = _another(desk, allegation)
    _contain(home, desk, other, "The second.")
    _withdraw(home, desk, other)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.suspended_why) == ("suspended", "The first.")
    _withdraw(home, desk, allegation)
    assert _engagement(desk).state == Engagement.State.ACTIVE


@pytest.mark.parametrize("by_override", [True, False])
def test_another_allegations_sanction_holds_on(
    home: Home, desk: Desk, allegation: Allegation, *, by_override: bool
) -> None:
    _contain(home, desk, allegation)
    other = _another(desk, allegation)
    _sanctioned(desk, other)
    if by_override:
        overridden(home, desk, allegation)
    else:
        _withdraw(home, desk, allegation)
    engagement = _engagement(desk)
    assert (engagement.state, engagement.suspended_why) == ("suspended", "By the sanction.")
    assert engagement.held_by == f"allegation:{other.pk}"
    overridden(home, desk, other)
    assert _engagement(desk).state == Engagement.State.ACTIVE
    assert Measure.objects.get().state == Measure.State.ENDED


def test_a_suspension_that_found_the_party_suspended_ends_through_its_own_gate(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    _contain(home, desk, allegation)
    other = _another(desk, allegation)
    _sanctioned(desk, other)
    overridden(home, desk, other)
    assert Measure.objects.get().state == Measure.State.ENDED
    assert _engagement(desk).held_by == f"allegation:{allegation.pk}"


@pytest.mark.parametrize("status", ["decided", "rectifying"])
def test_with_the_only_final_allegation_the_case_is_under_investigation_again(
    home: Home, desk: Desk, allegation: Allegation, status: str
) -> None:
    make_final(home, allegation, by=desk["legal"], now=allegation.answer_by)
    if status == "rectifying":
        change_status(home, allegation.case, status, by=desk["officer"], now=allegation.answer_by)
    _withdraw(home, desk, allegation, now=allegation.answer_by)
    case = Case.objects.get(pk=allegation.case_id)
    assert case.status == Case.Status.INVESTIGATING
    assert case.respond_by == allegation.answer_by + INVESTIGATE_WITHIN[case.severity]
    last = bodies(case.pk, Kind.CASE_CHANGED)[-1]
    assert (last["from"], last["status"]) == (status, "investigating")
    told = case.events.filter(kind=Kind.CASE_CHANGED).order_by("leaf_index").last()
    assert told is not None
    assert (told.detail["from"], told.detail["status"], told.by) == (status, "investigating", desk["legal"])


def test_a_case_that_another_allegation_decides_stays_decided(home: Home, desk: Desk, allegation: Allegation) -> None:
    other = _another(desk, allegation)
    for each in (allegation, other):
        make_final(home, each, by=desk["legal"], now=allegation.answer_by)
    _withdraw(home, desk, other, now=allegation.answer_by)
    assert Case.objects.get(pk=allegation.case_id).status == Case.Status.DECIDED


def test_a_closed_case_stays_closed(home: Home, desk: Desk, allegation: Allegation) -> None:
    make_final(home, allegation, by=desk["legal"], now=allegation.answer_by)
    close(home, allegation.case, why="Done.", by=desk["officer"], now=allegation.answer_by)
    _withdraw(home, desk, allegation, now=allegation.answer_by)
    assert Case.objects.get(pk=allegation.case_id).status == Case.Status.CLOSED
