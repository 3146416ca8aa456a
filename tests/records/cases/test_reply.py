"""What the accused party may do, and that nothing is final before it was heard."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings

from tests.desk import NOW, Desk, engage
from tests.records.cases.played import LATER, bodies, copy_of, draft, kinds, leak_of, opened, played
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.agreements.documents import Document
from tidemark.records.blobs import Shelf, get
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.conclude import judge_intent, make_final
from tidemark.records.cases.hand_over import ask_evidence, bundles_of, grant_evidence, hand_over
from tidemark.records.cases.models import Allegation, Case, Intent, Reply, ReplyFile
from tidemark.records.cases.remind import look_after, mark_unanswered
from tidemark.records.cases.reply import reply
from tidemark.records.check import check
from tidemark.records.home import Home
from tidemark.records.leaks.models import Match, Trace
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.projects.models import Draft

TO_THE_PARTY = "This evidence cannot be handed over as it is. Ask the owner to let an expert look at it."
"""Neither whom a bundle names beside the party, nor that it names somebody."""

SORRY = "We took your copy for another's. We apologise for it."


@pytest.fixture
def allegation(home: Home, desk: Desk) -> Allegation:
    return played(home, desk)


def test_a_party_names_its_sub_vendor_with_files(home: Home, desk: Desk, allegation: Allegation) -> None:
    made = reply(
        home,
        allegation,
        "names",
        text="It was our sub-vendor.",
        names_party=desk.sub_vendor,
        files=[Document("log.txt", b"<script>alert(1)</script>")],
        by=desk["contact"],
        now=LATER,
    )
    assert (made.names_party, allegation.state) == (desk.sub_vendor, Allegation.State.ANSWERED)
    kept = ReplyFile.objects.get()
    assert get(home, Shelf.CASES, kept.file_sha256).startswith(b"<script>")
    (body,) = bodies(allegation.case_id, Kind.REPLY_RECEIVED)
    assert body["files"] == [kept.file_sha256]
    assert "our sub-vendor" not in str(body)
    told = {step.step: step for step in check(home)}
    assert "cases/" not in told["no stored file is unknown"].detail
    assert told["every signed agreement and bid is there and unchanged"].holds


def test_a_party_may_name_one_that_is_on_no_record(home: Home, desk: Desk, allegation: Allegation) -> None:
    made = reply(home, allegation, "names", text="", names="Corvin Tooling", by=desk["contact"], now=LATER)
    assert (made.names, made.names_party) == ("Corvin Tooling", None)
    assert "Corvin" not in str(bodies(allegation.case_id, Kind.REPLY_RECEIVED))


def test_an_answer_that_lacks_something_or_reaches_too_far_is_refused(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    for answer, more in (
        ("disputes", {"text": " "}),
        ("disputes", {"text": "\u202e"}),
        ("names", {"text": "", "names": "\u202e"}),
        ("names", {"text": "It was them."}),
        ("names", {"text": "", "names_party": desk.sibling}),
        ("names", {"text": "", "names_party": desk.supplier}),
        ("maybe", {"text": "Perhaps."}),
        ("accepts", {"text": "x" * 20_001}),
        ("accepts", {"text": "", "files": [Document("a", b"")]}),
    ):
        with pytest.raises(Refused):
            reply(home, allegation, answer, by=desk["contact"], now=LATER, **more)  # type: ignore[arg-type]
    assert not Reply.objects.exists()


@pytest.mark.parametrize("who", ["member", "sub_vendor_contact", "sibling_contact", "stranger_contact", "officer"])
def test_nobody_else_answers_or_asks_for_the_evidence(home: Home, desk: Desk, allegation: Allegation, who: str) -> None:
    with pytest.raises(Refused, match="Only a contact"):
        reply(home, allegation, "accepts", text="", by=desk[who], now=LATER)
    with pytest.raises(Refused, match="Only a contact"):
        ask_evidence(home, allegation, by=desk[who], now=LATER)


def test_nothing_is_final_before_an_answer(home: Home, desk: Desk, allegation: Allegation) -> None:
    with pytest.raises(Refused, match="has not answered, and has until 2026-03-28 09:26 UTC"):
        make_final(home, allegation, by=desk["legal"], now=allegation.answer_by - timedelta(seconds=1))
    reply(home, allegation, "disputes", text="No.", by=desk["contact"], now=LATER)
    make_final(home, allegation, by=desk["legal"], now=LATER)
    allegation.case.refresh_from_db()
    assert (allegation.state, allegation.case.status) == (Allegation.State.FINAL, Case.Status.DECIDED)
    with pytest.raises(Refused):
        reply(home, allegation, "accepts", text="", by=desk["contact"], now=LATER)


def test_at_the_deadline_it_is_unanswered_once_and_may_become_final_or_be_answered_late(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    end = allegation.answer_by
    assert (mark_unanswered(home, now=end), mark_unanswered(home, now=end)) == (1, 0)
    allegation.refresh_from_db()
    assert allegation.state == Allegation.State.UNANSWERED
    reply(home, allegation, "accepts", text="", by=desk["contact"], now=end + timedelta(days=1))
    make_final(home, allegation, by=desk["officer"], now=end + timedelta(days=1))


def test_the_case_is_decided_with_the_last_open_allegation(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)]))
    made = [prepare(home, case, party, by=desk["legal"], now=NOW) for party in (desk.supplier, desk.sibling)]
    for each in made:
        put(home, each, by=desk["legal"], now=NOW)
    make_final(home, made[0], by=desk["legal"], now=made[0].answer_by)
    case.refresh_from_db()
    assert case.status == Case.Status.ALLEGED
    make_final(home, made[1], by=desk["legal"], now=made[1].answer_by)
    case.refresh_from_db()
    assert case.status == Case.Status.DECIDED


@pytest.mark.parametrize("status", ["decided", "rectifying"])
def test_a_second_party_is_heard_after_the_first_ones_allegation_is_final(home: Home, desk: Desk, status: str) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)]))
    first = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    put(home, first, by=desk["legal"], now=NOW)
    end = first.answer_by
    make_final(home, first, by=desk["legal"], now=end)
    Case.objects.update(status=status)
    second = prepare(home, case, desk.sibling, by=desk["legal"], now=end)
    put(home, second, by=desk["legal"], now=end)
    case.refresh_from_db()
    assert (case.status, second.state) == (Case.Status.ALLEGED, Allegation.State.PUT)
    make_final(home, second, by=desk["legal"], now=second.answer_by)
    case.refresh_from_db()
    assert case.status == Case.Status.DECIDED


def test_a_withdrawn_allegation_keeps_its_traces_and_owes_an_apology(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    for nothing in (" ", "\u202e", "\u3164\u2800"):
        with pytest.raises(Refused, match="owed an apology"):
            withdraw_allegation(home, allegation, apology=nothing, by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="names"):
        withdraw_allegation(home, allegation, apology=f"It was {desk.sibling.name}.", by=desk["legal"], now=LATER)
    withdraw_allegation(home, allegation, apology=SORRY, by=desk["legal"], now=LATER)
    assert allegation.state == Allegation.State.WITHDRAWN
    allegation.case.refresh_from_db()
    assert allegation.case.status == Case.Status.INVESTIGATING
    assert [Kind.ALLEGATION_PUT in kinds(allegation.case_id), Kind.ALLEGATION_WITHDRAWN in kinds(allegation.case_id)]
    assert allegation in Allegation.objects.visible_to(desk["contact"])
    with pytest.raises(Refused):
        withdraw_allegation(home, allegation, apology=SORRY, by=desk["legal"], now=LATER)


def test_what_was_never_put_is_withdrawn_unseen(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    withdraw_allegation(home, made, by=desk["legal"], now=LATER)
    assert not Allegation.objects.visible_to(desk["contact"]).exists()
    again = prepare(home, case, desk.supplier, by=desk["legal"], now=LATER)
    assert again.pk != made.pk


def test_the_evidence_is_handed_over_only_when_granted_and_logged_first(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    (bundle,) = bundles_of(allegation)
    with pytest.raises(Refused, match="not granted"):
        hand_over(home, allegation, bundle.match, by=desk["contact"], now=LATER)
    for _ in range(2):
        ask_evidence(home, allegation, by=desk["contact"], now=LATER)
    with pytest.raises(Refused):
        grant_evidence(home, allegation, by=desk["investigator"], now=LATER)
    grant_evidence(home, allegation, by=desk["officer"], now=LATER)
    assert hand_over(home, allegation, bundle.match, by=desk["contact"], now=LATER).startswith(b"sealed ")
    found = kinds(allegation.case_id)
    assert [found.count(kind) for kind in (Kind.EVIDENCE_ASKED, Kind.EVIDENCE_GRANTED)] == [1, 1]
    (body,) = bodies(allegation.case_id, Kind.EVIDENCE_HANDED_OVER)
    assert body["bundle_sha256"] == bundle.match.bundle_sha256


def test_a_bundle_that_names_another_party_too_is_not_handed_over(home: Home, desk: Desk) -> None:
    both = [copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)]
    case = opened(home, desk, leak_of(desk, both, home=home))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    (bundle,) = bundles_of(made)
    assert bundle.why_not
    with pytest.raises(Refused, match="another party"):
        grant_evidence(home, made, by=desk["officer"], now=LATER)
    Allegation.objects.update(evidence_granted=LATER)
    with pytest.raises(Refused) as refused:
        hand_over(home, made, bundle.match, by=desk["contact"], now=LATER)
    assert str(refused.value) == TO_THE_PARTY


def test_a_bundle_whose_trace_accuses_another_party_of_another_draft_is_not_handed_over(home: Home, desk: Desk) -> None:
    both = [copy_of(desk, desk.supplier), copy_of(desk, desk.sibling, name="rear.png")]
    made = prepare(home, opened(home, desk, leak_of(desk, both, home=home)), desk.supplier, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="another party"):
        grant_evidence(home, made, by=desk["officer"], now=LATER)


@pytest.mark.parametrize("is_engaged", [True, False])
def test_a_bundle_that_tells_of_a_draft_is_handed_over_only_to_who_has_a_part_in_its_project(
    home: Home, desk: Desk, is_engaged: bool
) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)], home=home)
    Draft.objects.filter(pk=draft(desk, "door.png").pk).update(project=desk.other_project)
    Match.objects.create(
        trace=Trace.objects.get(), draft=draft(desk, "door.png"), correlation=0.8, coverage=0.2, mirrored=False
    )
    if is_engaged:
        engage(desk.other_project, desk.supplier, None)
    made = prepare(home, opened(home, desk, leak), desk.supplier, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    if is_engaged:
        grant_evidence(home, made, by=desk["officer"], now=LATER)
        (bundle,) = bundles_of(made)
        assert hand_over(home, made, bundle.match, by=desk["contact"], now=LATER)
        return
    with pytest.raises(Refused, match="another project"):
        grant_evidence(home, made, by=desk["officer"], now=LATER)


def test_a_bundle_whose_words_about_the_leak_name_another_party_is_not_handed_over(home: Home, desk: Desk) -> None:
    leak = leak_of(desk, [copy_of(desk, desk.supplier)], home=home, where=f"a forum, told by {desk.sibling.name}")
    made = prepare(home, opened(home, desk, leak), desk.supplier, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match=f"names {desk.sibling.name}"):
        grant_evidence(home, made, by=desk["officer"], now=LATER)
    Allegation.objects.update(evidence_granted=LATER)
    (bundle,) = bundles_of(made)
    with pytest.raises(Refused) as refused:
        hand_over(home, made, bundle.match, by=desk["contact"], now=LATER)
    assert str(refused.value) == TO_THE_PARTY


def test_intent_is_a_judgement_with_an_author(home: Home, desk: Desk, allegation: Allegation) -> None:
    for who, kind in (("investigator", "negligent"), ("legal", "deliberate")):
        judge_intent(home, allegation.case, kind, reason="The files lay in a shared folder.", by=desk[who], now=LATER)
    last = Intent.objects.last()
    assert last is not None
    assert (last.kind, last.person) == ("deliberate", desk["legal"])
    judged = bodies(allegation.case_id, Kind.INTENT_JUDGED)
    assert [body["intent"] for body in judged] == ["negligent", "deliberate"]
    for who, kind, reason in (
        ("communications", "unknown", "A."),
        ("legal", "evil", "A."),
        ("legal", "unknown", " "),
        ("legal", "unknown", "\u202e"),
    ):
        with pytest.raises(Refused):
            judge_intent(home, allegation.case, kind, reason=reason, by=desk[who], now=LATER)


def test_each_side_is_mailed_once_and_no_mail_to_the_party_names_the_case(
    home: Home, desk: Desk, allegation: Allegation
) -> None:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        assert look_after(home, now=LATER) == look_after(home, now=LATER) + 1 == 1
        reply(home, allegation, "disputes", text="No.", by=desk["contact"], now=LATER)
        withdraw_allegation(home, allegation, apology=SORRY, by=desk["legal"], now=LATER)
        look_after(home, now=LATER)
        look_after(home, now=LATER)
    to_party = [message for message in mail.outbox if message.to == [desk["contact"].email]]
    assert [message.subject.removeprefix("[Tidemark] ") for message in to_party] == [
        "Your answer is asked for until 2026-03-28 09:26 UTC",
        "The allegation is withdrawn",
    ]
    for message in to_party:
        assert f"/allegations/{allegation.pk}/" in message.body
        assert allegation.case.number not in message.subject + str(message.body)
    others = sorted(message.to[0].split("@")[0] for message in mail.outbox if message not in to_party)
    assert others == ["legal", "legal", "officer", "officer"]  # of the answer, and that it was withdrawn
