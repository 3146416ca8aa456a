"""The pages of a plan: what each side does there, that nothing typed is lost, and how little either learns."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.desk import NOW, Desk, engage
from tests.people import STRANGER
from tests.records.cases.played import LATER
from tests.records.plans.rehearsed import DUE, accepted, asked, checked, final, submitted, words
from tests.web.plans.browsed import Browse, get, post
from tidemark.records.agreements.documents import Document
from tidemark.records.home import Home
from tidemark.records.plans.access import suspend_access
from tidemark.records.plans.execute import report_done
from tidemark.records.plans.judge import judge
from tidemark.records.plans.models import Action, DoneReport, FlowDownCheck, Plan, Section
from tidemark.records.plans.submit import submit
from tidemark.records.plans.write import add_action, attach, save_wording
from tidemark.records.projects.models import Engagement

FORM = {
    "section": "containment",
    "text": "All folders were closed.",
    "owner": "Ines Falk",
    "due": "2026-04-30",
    "proof": "A protocol.",
    "controls": ["isa-8.2.2", "iso-5.19"],
}


def test_a_plan_goes_from_the_gate_through_every_page_back_to_the_gate(home: Home, desk: Desk, browse: Browse) -> None:
    allegation = final(home, desk)
    assert "No plan was asked for yet" in get(browse, "officer", "allegation", allegation.pk)
    assert browse("contact").get(reverse("gate", args=(allegation.pk,))).status_code == 404
    assert post(browse, "officer", "gate_suspend", allegation.pk, why="Until it is put right.").status_code == 302
    seen = get(browse, "contact", "gate", allegation.pk)
    assert "suspended" in seen
    assert "Until it is put right" not in seen
    post(browse, "officer", "plan_ask", allegation.pk, due="2026-03-29", words="Every site.", sections=Section.values)
    plan = Plan.objects.get()
    assert "Every site." in get(browse, "contact", "plan", plan.pk)
    for section in Section.values:
        assert post(browse, "contact", "plan_add", plan.pk, section=section).status_code == 302
    assert "Action 1 does not say yet" in get(browse, "contact", "plan", plan.pk)
    assert post(browse, "contact", "plan_submit", plan.pk).status_code == 409
    for action in plan.actions.all():
        proof = SimpleUploadedFile("proof.pdf", b"signed")
        data = FORM | {"section": action.section, "file": proof}
        assert post(browse, "contact", "plan_save", plan.pk, action.pk, **data).status_code == 302
    assert "All folders" not in get(browse, "officer", "plan", plan.pk)
    assert post(browse, "contact", "plan_submit", plan.pk).status_code == 302
    assert "All folders" in get(browse, "officer", "plan", plan.pk)

    first, second, *rest = plan.actions.all()
    answer = post(browse, "officer", "plan_judge", plan.pk, first.pk, verdict="accept", version="1")
    assert answer.headers["Location"] == reverse("plan_action", args=(plan.pk, second.pk))  # on to the next
    assert post(browse, "officer", "plan_judge", plan.pk, second.pk, verdict="return", version="1").status_code == 409
    both = {"verdict": "accept", "reason": "symptom", "text": "These words stay.", "version": "1"}
    refused = post(browse, "officer", "plan_judge", plan.pk, second.pk, **both)
    assert refused.status_code == 409
    assert "Return it, or choose no reason." in refused.content.decode()
    assert "These words stay." in refused.content.decode()
    returned = {"verdict": "return", "reason": "symptom", "text": "Why so?", "version": "1"}
    post(browse, "officer", "plan_judge", plan.pk, second.pk, **returned)
    for action in rest:
        post(browse, "officer", "plan_judge", plan.pk, action.pk, verdict="accept", version="1")
    assert "Why so?" in get(browse, "contact", "plan", plan.pk)
    assert "symptom instead of cause" in get(browse, "contact", "plan_action", plan.pk, second.pk)
    again = FORM | {"section": "cause", "text": "No rule forbade it."}
    assert post(browse, "contact", "plan_save", plan.pk, second.pk, **again, then="plan").status_code == 302
    assert "No rule" not in get(browse, "officer", "plan_action", plan.pk, second.pk)
    post(browse, "contact", "plan_submit", plan.pk)
    post(browse, "officer", "plan_judge", plan.pk, second.pk, verdict="accept", version="2")
    plan.refresh_from_db()
    assert plan.state == Plan.State.ACCEPTED

    assert post(browse, "contact", "plan_done", plan.pk, first.pk, text=" ").status_code == 409
    done = {"text": "Seen.", "file": SimpleUploadedFile("log.txt", b"log")}
    assert post(browse, "contact", "plan_done", plan.pk, first.pk, **done).status_code == 302
    assert "log.txt" in get(browse, "officer", "plan_action", plan.pk, first.pk)
    read = DoneReport.objects.get().pk
    assert f'<input type="hidden" name="report" value="{read}">' in get(
        browse, "officer", "plan_action", plan.pk, first.pk
    )
    for other in ("", "x", str(read + 1)):
        refused = post(browse, "officer", "plan_verify", plan.pk, first.pk, verdict="accept", report=other)
        assert (refused.status_code, "reported anew" in refused.content.decode()) == (409, True)
    verified = {"verdict": "accept", "report": str(read)}
    assert post(browse, "officer", "plan_verify", plan.pk, first.pk, **verified).status_code == 302
    assert "verified" in get(browse, "contact", "plan_action", plan.pk, first.pk)

    said = {"engagement": desk.engagements["sub_vendor"].pk, "bound": "yes", "result": "sound", "by": "Ines Falk"}
    refused = post(browse, "contact", "plan_check", plan.pk, **said, checked="2030-01-01", remark="Visited.")
    assert refused.status_code == 409
    assert "Visited." in refused.content.decode()
    post(browse, "contact", "plan_check", plan.pk, **said, checked="2026-03-15", remark="Visited.")
    assert "Visited." in get(browse, "officer", "plan_flow_down", plan.pk)
    assert "not confirmed yet" in get(browse, "contact", "gate", allegation.pk)
    check = FlowDownCheck.objects.get()
    post(browse, "officer", "plan_check_confirm", plan.pk, check.pk, verdict="accept")
    assert "Open the gate" in get(browse, "officer", "gate", allegation.pk)
    assert post(browse, "officer", "gate_open", allegation.pk).status_code == 302
    assert Engagement.objects.get(pk=desk.engagements["supplier"].pk).state == "active"
    case = get(browse, "legal", "case", allegation.case_id)
    for told in (
        "Northwick Mouldings was asked for a rectification plan.",
        "Northwick Mouldings submitted its plan, version 2.",
        "Action 2 of the plan of Northwick Mouldings was returned: symptom instead of cause.",
        "The access of Northwick Mouldings returned.",
        "The access of Northwick Mouldings was suspended.",
    ):
        assert told in case, told


def test_what_cannot_be_saved_comes_back_as_it_was_typed(home: Home, desk: Desk, browse: Browse) -> None:
    plan = asked(home, desk)
    action = add_action(home, plan, words(), by=desk["contact"], now=LATER)
    typed = FORM | {"text": "A long story.", "due": "30.4.2026", "proof": "<script>x</script>"}
    answer = post(browse, "contact", "plan_save", plan.pk, action.pk, **typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A long story." in page
    assert "&lt;script&gt;x" in page
    assert "Write the date as" in page
    assert 'value="iso-5.19" id="c-iso-5.19" checked' in page
    action.refresh_from_db()
    assert action.draft["text"] == words().text  # what was kept before stands


def test_the_form_saves_itself_and_says_when_it_could_not(home: Home, desk: Desk, browse: Browse) -> None:
    plan = asked(home, desk)
    action = add_action(home, plan, words(), by=desk["contact"], now=LATER)
    address = reverse("plan_save", args=(plan.pk, action.pk))
    saved = browse("contact").post(address, FORM, headers={"HX-Request": "true"}).content.decode()
    assert "Saved at" in saved
    action.refresh_from_db()
    assert action.draft["text"] == FORM["text"]
    fault = browse("contact").post(address, FORM | {"due": "x"}, headers={"HX-Request": "true"}).content.decode()
    assert "Not saved." in fault
    assert "<html" not in fault


def test_a_draft_that_outlives_the_acceptance_is_written_and_handed_in_on_its_pages(
    home: Home, desk: Desk, browse: Browse
) -> None:
    plan = submitted(home, desk)
    draft = add_action(home, plan, words("cause", text="Still written."), by=desk["contact"], now=LATER)
    for action in plan.actions.exclude(pk=draft.pk):
        judge(home, action, accepts=True, by=desk["officer"], now=LATER)
    submits = reverse("plan_submit", args=(plan.pk,))
    shown = get(browse, "contact", "plan", plan.pk)
    assert "Still written." in shown
    assert "judged before the plan counts as accepted again" in shown
    assert submits in shown
    assert f'action="{reverse("plan_add", args=(plan.pk,))}"' not in shown
    assert "Still written." not in get(browse, "officer", "plan", plan.pk)
    assert reverse("plan_save", args=(plan.pk, draft.pk)) in get(browse, "contact", "plan_action", plan.pk, draft.pk)
    data = FORM | {"section": "cause", "text": "Written now."}
    assert post(browse, "contact", "plan_save", plan.pk, draft.pk, **data).status_code == 302
    assert post(browse, "contact", "plan_submit", plan.pk).status_code == 302
    assert "Written now." in get(browse, "officer", "plan", plan.pk)
    post(browse, "officer", "plan_judge", plan.pk, draft.pk, verdict="accept", version="2")
    plan.refresh_from_db()
    assert plan.state == Plan.State.ACCEPTED
    assert submits not in get(browse, "contact", "plan", plan.pk)


def test_a_plan_that_leaves_nothing_to_judge_is_accepted_on_its_page(home: Home, desk: Desk, browse: Browse) -> None:
    plan = submitted(home, desk)
    second = add_action(home, plan, words("cause"), by=desk["contact"], now=LATER)
    for action in plan.actions.exclude(pk=second.pk):
        reason = "" if action.section == "cause" else "symptom"
        judge(home, action, accepts=not reason, reason=reason, by=desk["officer"], now=LATER)
    for action in plan.actions.filter(state=Action.State.RETURNED):
        save_wording(home, action, words(action.section, text="Revised."), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    for action in plan.actions.filter(state=Action.State.SUBMITTED):
        reason = "symptom" if action.pk == second.pk else ""
        judge(home, action, accepts=not reason, reason=reason, by=desk["officer"], now=LATER)
    accepts = reverse("plan_accept", args=(plan.pk,))
    post(browse, "contact", "plan_take_out", plan.pk, second.pk)
    assert accepts not in get(browse, "officer", "plan", plan.pk)
    post(browse, "contact", "plan_submit", plan.pk)
    assert accepts in get(browse, "officer", "plan", plan.pk)
    for who in ("contact", "legal"):
        assert accepts not in get(browse, who, "plan", plan.pk)
    post(browse, "officer", "plan_accept", plan.pk, version="2")
    plan.refresh_from_db()
    assert plan.state == Plan.State.SUBMITTED
    post(browse, "officer", "plan_accept", plan.pk, version="3")
    plan.refresh_from_db()
    assert plan.state == Plan.State.ACCEPTED


def test_drafts_and_their_files_are_the_partys_own(home: Home, desk: Desk, browse: Browse) -> None:
    plan = asked(home, desk)
    action = add_action(home, plan, words(text="Secret draft."), by=desk["contact"], now=LATER)
    file = attach(home, action, Document("secret.txt", b"secret"), by=desk["contact"], now=LATER)
    assert browse("contact").get(reverse("plan_file", args=(plan.pk, file.pk))).status_code == 200
    for who in ("officer", "legal"):
        assert "Secret draft." not in get(browse, who, "plan", plan.pk)
        assert browse(who).get(reverse("plan_action", args=(plan.pk, action.pk))).status_code == 404
        assert browse(who).get(reverse("plan_file", args=(plan.pk, file.pk))).status_code == 404
    post(browse, "contact", "plan_file_remove", plan.pk, file.pk)
    assert browse("contact").get(reverse("plan_file", args=(plan.pk, file.pk))).status_code == 404
    post(browse, "contact", "plan_take_out", plan.pk, action.pk)
    assert browse("contact").get(reverse("plan_action", args=(plan.pk, action.pk))).status_code == 404


def test_a_frozen_version_is_handed_out_with_the_very_bytes_that_are_in_the_ledger(
    home: Home, desk: Desk, browse: Browse
) -> None:
    plan = submitted(home, desk)
    for who in ("contact", "officer"):
        answer = browse(who).get(reverse("plan_version", args=(plan.pk, 1)))
        assert answer.content.decode() == plan.versions.get().content
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert browse("officer").get(reverse("plan_version", args=(plan.pk, 2))).status_code == 404


def test_a_party_learns_of_no_other_party_and_no_case(home: Home, desk: Desk, browse: Browse) -> None:
    plan = accepted(home, desk)
    engage(desk.project, desk.stranger, desk.engagements["sibling"])
    suspend_access(home, plan.allegation, why="Secret reason.", by=desk["officer"], now=LATER)
    checked(home, desk, plan)
    pages = [
        get(browse, "contact", "plans"),
        get(browse, "contact", "plan", plan.pk),
        get(browse, "contact", "plan_action", plan.pk, plan.actions.all()[0].pk),
        get(browse, "contact", "plan_flow_down", plan.pk),
        get(browse, "contact", "gate", plan.allegation_id),
    ]
    for page in pages:
        for secret in (
            desk.sibling.name,
            STRANGER,
            "Secret",
            plan.allegation.case.number,
            plan.allegation.case.title,
            "officer person",
            "legal person",
            desk.agreements["sub_vendor"].pk,
        ):
            assert secret not in page, secret


@pytest.mark.parametrize("who", ["member", "sub_vendor_contact", "sibling_contact", "stranger_contact"])
def test_to_others_there_is_no_plan_and_no_gate(home: Home, desk: Desk, browse: Browse, who: str) -> None:
    plan = submitted(home, desk)
    action = plan.actions.all()[0]
    for name, args in (
        ("plan", (plan.pk,)),
        ("plan_action", (plan.pk, action.pk)),
        ("plan_flow_down", (plan.pk,)),
        ("plan_version", (plan.pk, 1)),
        ("gate", (plan.allegation_id,)),
    ):
        assert browse(who).get(reverse(name, args=args)).status_code == 404
    assert "/plans/" not in browse(who).get(reverse("home")).content.decode()


def test_an_action_of_another_plan_is_not_there(home: Home, desk: Desk, browse: Browse) -> None:
    plan = submitted(home, desk)
    other = Plan.objects.create(
        allegation=_sibling_allegation(desk, plan), due=DUE, asked=LATER, asked_by=desk["officer"], sections=["cause"]
    )
    action = plan.actions.all()[0]
    assert browse("officer").get(reverse("plan_action", args=(other.pk, action.pk))).status_code == 404
    assert post(browse, "officer", "plan_judge", other.pk, action.pk, verdict="accept", version="1").status_code == 404
    assert post(browse, "sibling_contact", "plan_save", other.pk, action.pk, **FORM).status_code == 404


def _sibling_allegation(desk: Desk, plan: Plan) -> object:
    known = plan.allegation
    known.pk, known._state.adding = "sibling-allegation", True
    known.party = desk.sibling
    known.save(force_insert=True)
    return known


def test_odd_input_is_refused_or_not_found_and_breaks_nothing(home: Home, desk: Desk, browse: Browse) -> None:
    plan = submitted(home, desk)
    action = plan.actions.all()[0]
    huge = 10**30
    assert browse("officer").get(f"/plans/{plan.pk}/files/{huge}/").status_code == 404
    assert browse("officer").get(f"/plans/{plan.pk}/versions/{huge}/").status_code == 404
    assert post(browse, "officer", "plan_check_confirm", plan.pk, huge).status_code == 404
    for data in (
        {"verdict": "perhaps"},
        *({"verdict": "accept", "version": each} for each in ("", "9" * 40, "7", "-1")),
    ):
        assert post(browse, "officer", "plan_judge", plan.pk, action.pk, **data).status_code == 409
    action.refresh_from_db()
    assert action.state == Action.State.SUBMITTED
    assert post(browse, "officer", "plan_due", plan.pk, due="never").status_code == 302
    assert post(browse, "contact", "plan_check", plan.pk, engagement="x").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("who", ["officer", "contact"])
def test_no_page_asks_more_often_when_there_are_more_rows(home: Home, desk: Desk, browse: Browse, who: str) -> None:
    plan = accepted(home, desk)
    suspend_access(home, plan.allegation, why="So.", by=desk["officer"], now=LATER)
    checked(home, desk, plan)
    first = plan.actions.select_related("plan__allegation__case", "plan__allegation__party")[0]
    report_done(home, first, text="Done.", files=[Document("a", b"a")], by=desk["contact"], now=LATER)
    addresses = [
        reverse("plans"),
        reverse("plan", args=(plan.pk,)),
        reverse("plan_action", args=(plan.pk, first.pk)),
        reverse("plan_flow_down", args=(plan.pk,)),
        reverse("gate", args=(plan.allegation_id,)),
        f"/api/v1/plans/{plan.pk}",
        "/api/v1/plans",
        f"/api/v1/plans/{plan.pk}/sub-vendors",
        f"/api/v1/plans/{plan.pk}/versions",
        f"/api/v1/allegations/{plan.allegation_id}/gate",
    ]
    client = browse(who)
    counts = []
    for round_ in range(2):
        counted = {}
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200, address
            counted[address] = len(seen)
        counts.append(counted)
        if round_ == 0:
            _grow(home, desk, plan)
    assert counts[0] == counts[1]


def _grow(home: Home, desk: Desk, plan: Plan) -> None:
    """Lay more of everything beside what is there."""
    for number in range(6, 12):
        action = Action.objects.create(
            plan=plan, number=number, section="cause", text="More.", owner="Ines Falk", due=NOW.date(),
            state=Action.State.ACCEPTED, controls=["isa-8.2.2"],
        )  # fmt: skip
        action.judgements.create(version=1, is_accepted=True, person=desk["officer"], time=LATER)
        report = action.reports.create(person=desk["contact"], text="Done.", time=LATER)
        action.files.create(
            report=report,
            file_sha256="a" * 64,
            file_name="a.txt",
            person=desk["contact"],
            time=LATER,
            is_submitted=True,
        )
        plan.versions.create(number=number, content="{}", content_sha256="c" * 64, person=desk["contact"], time=LATER)
        engage(desk.project, _party(number), desk.engagements["sub_vendor"])
    first = plan.actions.all()[0]
    judge(home, first, accepts=False, reason="symptom", by=desk["officer"], now=LATER + timedelta(hours=1))


def _party(number: int) -> object:
    from tidemark.records.parties.models import Party

    return Party.named(f"Fictional Finishing {number}", {}, now=NOW)
