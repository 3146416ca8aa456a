"""The pages of the gate through which access returns: what opens it, and that none says more than has returned."""

from django.db import transaction
from django.urls import reverse

from tests.desk import NOW, Desk, engage
from tests.records.cases.played import LATER
from tests.records.plans.rehearsed import approved_override, final
from tests.web.plans.browsed import Browse, get, post
from tidemark.records.cases.models import Allegation
from tidemark.records.home import Home
from tidemark.records.plans.access import suspend_access
from tidemark.records.projects.engagements import suspend
from tidemark.records.projects.models import Engagement
from tidemark.records.sanctions.measures import begin
from tidemark.records.sanctions.models import Measure, Sanction


def test_the_gate_is_opened_by_override_by_two_persons_and_says_so(home: Home, desk: Desk, browse: Browse) -> None:
    allegation = final(home, desk)
    post(browse, "officer", "gate_suspend", allegation.pk, why="So.")
    refused = browse("officer").post(reverse("gate_open", args=(allegation.pk,)), follow=True)
    assert "The gate stays closed" in refused.content.decode()
    post(browse, "officer", "gate_override", allegation.pk, why="The line stands still.")
    post(browse, "officer", "gate_approve", allegation.pk)
    assert "Open the gate by override" not in get(browse, "officer", "gate", allegation.pk)
    post(browse, "legal", "gate_approve", allegation.pk)
    assert "Open the gate by override" in get(browse, "officer", "gate", allegation.pk)
    assert "line stands still" not in get(browse, "contact", "gate", allegation.pk)
    post(browse, "officer", "gate_open", allegation.pk)
    assert "Overrides that were used" in get(browse, "legal", "gate", allegation.pk)
    assert "returned by override, though conditions were open" in get(browse, "legal", "case", allegation.case_id)


def _opened(browse: Browse, allegation: Allegation) -> str:
    answer = browse("officer").post(reverse("gate_open", args=(allegation.pk,)), follow=True)
    return answer.content.decode()


def _another(desk: Desk, allegation: Allegation) -> Allegation:
    return Allegation.objects.create(
        case=allegation.case, party=allegation.party, agreement=allegation.agreement, summary="Another leak.",
        answer_by=LATER, created=LATER, created_by=desk["legal"], put=LATER, state=Allegation.State.PUT,
    )  # fmt: skip


def test_a_gate_that_opens_while_another_holds_on_does_not_say_that_access_returned(
    home: Home, desk: Desk, browse: Browse
) -> None:
    allegation = final(home, desk)
    other = _another(desk, allegation)
    for row, why in ((allegation, "The first reason."), (other, "The second reason.")):
        suspend_access(home, row, why=why, by=desk["officer"], now=LATER)
        approved_override(home, desk, row)
    page = get(browse, "officer", "gate", other.pk)
    assert "The second reason." in page
    assert "The first reason." not in page
    told = _opened(browse, allegation)
    assert "access stays suspended for another reason" in told
    assert "has returned" not in told
    assert "access has returned" in _opened(browse, other)


def test_a_gate_that_opens_while_an_officers_hand_holds_on_does_not_say_that_access_returned(
    home: Home, desk: Desk, browse: Browse
) -> None:
    allegation = final(home, desk)
    suspend(home, Engagement.objects.get(pk=desk.engagements["supplier"].pk), why="Audit.", by=desk["officer"], now=NOW)
    suspend_access(home, allegation, why="Until it is put right.", by=desk["officer"], now=LATER)
    page = get(browse, "officer", "gate", allegation.pk)
    assert "Until it is put right." in page
    assert "Audit." not in page
    approved_override(home, desk, allegation)
    told = _opened(browse, allegation)
    assert "access stays suspended for another reason" in told
    assert "has returned" not in told


def test_a_gate_that_gives_back_only_a_part_says_which(home: Home, desk: Desk, browse: Browse) -> None:
    allegation = final(home, desk)
    sanction = Sanction.objects.create(
        number="S-9", allegation=allegation, appeal_until=NOW, created=NOW, created_by=desk["legal"], imposed=NOW,
        state="imposed",
    )  # fmt: skip
    elsewhere = engage(desk.other_project, desk.supplier, None)
    suspend(home, elsewhere, why="Audit.", by=desk["officer"], now=NOW)
    Measure.objects.create(sanction=sanction, kind="suspension", text="In all projects.", created=NOW)
    with transaction.atomic():
        begin(sanction, now=NOW)
    approved_override(home, desk, allegation)
    assert "access has returned in MS11. Elsewhere it stays suspended" in _opened(browse, allegation)


def test_in_the_supply_tree_it_is_refused_with_the_open_conditions(home: Home, desk: Desk, browse: Browse) -> None:
    allegation = final(home, desk)
    post(browse, "officer", "gate_suspend", allegation.pk, why="So.")
    address = reverse("project-engagement", args=(desk.project.pk, desk.engagements["supplier"].pk, "resume"))
    page = browse("officer").post(address, follow=True).content.decode()
    assert "returns through its gate alone" in page
    assert "No plan was asked for yet" in page
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "suspended"
