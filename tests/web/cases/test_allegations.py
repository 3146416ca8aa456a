"""The page of an allegation: what each side does there, and how little of the case the accused party learns."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.desk import NOW, Desk, person
from tests.people import SUB_VENDOR
from tests.records.cases.played import (
    CLAUSE,
    copy_of,
    felled,
    kinds,
    leak_of,
    opened,
    played,
    played_below,
    seen_before_it_was_issued,
    trace_of,
)
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.accounts.standing import deactivate
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.conclude import judge_intent
from tidemark.records.cases.models import Allegation, Case, Reply
from tidemark.records.cases.notes import add_note
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.correct import Known, correct
from tidemark.records.leaks.models import Match, NamedCopy, Post

Browse = Callable[..., Client]


@pytest.fixture
def allegation(home: Home, desk: Desk) -> Allegation:
    return played(home, desk)


def _page(browse: Browse, allegation: Allegation, who: str) -> str:
    answer = browse(who).get(reverse("allegation", args=(allegation.pk,)))
    assert answer.status_code == 200
    return answer.content.decode()


def _post(browse: Browse, name: str, allegation: Allegation, who: str, **data: object) -> int:
    return browse(who).post(reverse(name, args=(allegation.pk,)), data).status_code


def test_the_accused_party_learns_of_no_other_party_no_note_no_score_and_no_case(
    home: Home, desk: Desk, browse: Browse
) -> None:
    both = [copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)]
    case = opened(home, desk, leak_of(desk, both, title="Secret title", home=home))
    add_note(home, case, "Secret note.", by=desk["legal"], now=NOW)
    judge_intent(home, case, "deliberate", reason="Secret judgement.", by=desk["legal"], now=NOW)
    for party in (desk.supplier, desk.sibling):
        made = prepare(home, case, party, by=desk["legal"], now=NOW)
        assert _post(browse, "allegation_put", made, "legal") == 302
    for who, other, others_copy in (
        ("contact", desk.sibling, both[1]),
        ("sibling_contact", desk.supplier, both[0]),
    ):
        own = Allegation.objects.get(party=desk[who].party)
        pages = [_page(browse, own, who), browse(who).get(reverse("allegations")).content.decode()]
        for page in pages:
            for secret in (
                other.name,
                others_copy.pk,
                desk.sub_vendor.name if who != "contact" else "Secret",
                desk.stranger.name,
                "Secret",
                case.number,
                case.title,
                case.pk,
                "deliberate",
                "a friend",
                "a forum",
                "legal person",
            ):
                assert secret not in page, secret
        foreign = Allegation.objects.exclude(pk=own.pk).get()
        assert browse(who).get(reverse("allegation", args=(foreign.pk,))).status_code == 404


def test_either_side_and_the_case_say_that_an_agreement_is_not_the_owners_and_quote_no_damages_of_it(
    home: Home, desk: Desk, browse: Browse
) -> None:
    allegation = played_below(home, desk)
    case = browse("legal").get(reverse("case", args=(allegation.case_id,))).content.decode()
    for page in (_page(browse, allegation, "legal"), _page(browse, allegation, "sub_vendor_contact"), case):
        assert "FD-1" in page
        assert 'is-warn">The owner is no party to this agreement' in page
        assert CLAUSE not in page
        assert "Damages for a breach" not in page


def test_a_caveat_is_shown_though_no_agreement_is_on_record(home: Home, desk: Desk, browse: Browse) -> None:
    copy = copy_of(desk, desk.stranger)
    Copy.objects.filter(pk=copy.pk).update(path="")
    case = opened(home, desk, leak_of(desk, [copy]))
    made = prepare(home, case, desk.stranger, by=desk["legal"], now=NOW)
    said = f"nobody had downloaded copy {copy.pk}"
    assert made.agreement is None
    assert said in browse("officer").get(f"/cases/{case.pk}/").content.decode()
    assert f'is-warn">By the ledger, {said}' in _page(browse, made, "officer")


def test_pages_and_api_say_that_the_duties_had_ended_and_ask_for_the_reason(
    home: Home, desk: Desk, browse: Browse
) -> None:
    Agreement.objects.filter(pk=desk.agreements["supplier"].pk).update(valid_until="2026-02-10")
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    said = 'is-warn">The duties ended on 2026-02-10, before this leak was first seen on 2026-03-14'
    page = _page(browse, made, "legal")
    assert said in page
    assert "By override: something speaks against it" in page
    assert 'name="reason"' in page
    assert said in browse("legal").get(reverse("case", args=(case.pk,))).content.decode()
    words = {"summary": made.summary, "answer_by": "2026-04-30", "reason": "It was seen in January."}
    assert _post(browse, "allegation_edit", made, "legal", **words) == 302
    made.refresh_from_db()
    assert made.override_reason == "It was seen in January."
    (claim,) = browse("legal").get(f"/api/v1/cases/{case.pk}/claims").json()
    seen = browse("legal").get(f"/api/v1/allegations/{made.pk}").json()
    assert claim["duties_ended"] == seen["duties_ended"] != ""


def test_pages_and_api_say_that_the_copy_was_issued_after_the_leak_was_seen(
    home: Home, desk: Desk, browse: Browse
) -> None:
    copy = copy_of(desk, desk.supplier)
    Copy.objects.filter(pk=copy.pk).update(released=NOW + timedelta(hours=5))
    case = opened(home, desk, leak_of(desk, [copy]))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    said = f"By the ledger, copy {copy.pk} was issued on 2026-03-14 14:26 UTC, only after this leak was first seen on"
    assert f'is-warn">{said}' in _page(browse, made, "legal")
    assert f'is-warn">{said}' in browse("legal").get(reverse("case", args=(case.pk,))).content.decode()
    (claim,) = browse("legal").get(f"/api/v1/cases/{case.pk}/claims").json()
    seen = browse("legal").get(f"/api/v1/allegations/{made.pk}").json()
    assert claim["issued_after"] == seen["issued_after"]
    assert seen["issued_after"].startswith(said)


def test_pages_and_api_say_what_was_on_record_before_a_post_was_corrected(
    home: Home, desk: Desk, browse: Browse
) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    Post.objects.update(posted=NOW - timedelta(hours=2))
    correct(home, Post.objects.get(), Known(), why="A mistake.", by=desk["officer"], now=NOW)
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    said = "Before a post of this leak was corrected, taken out or put in, this was on record: By the ledger, copy"
    assert f'is-warn">{said}' in _page(browse, made, "legal")
    page = browse("legal").get(reverse("case", args=(case.pk,))).content.decode()
    assert f'is-warn">{said}' in page
    assert "When it was posted: 2026-03-14 07:26 UTC → not known." in page
    (claim,) = browse("legal").get(f"/api/v1/cases/{case.pk}/claims").json()
    seen = browse("legal").get(f"/api/v1/allegations/{made.pk}").json()
    assert claim["said_before_correction"] == seen["said_before_correction"]
    assert seen["said_before_correction"].startswith(said)
    assert seen["issued_after"] == ""


def test_a_prepared_allegation_is_the_owners_own_and_gives_no_entry_in_the_navigation(
    home: Home, desk: Desk, browse: Browse
) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    assert browse("legal").post(reverse("case_allege", args=(case.pk,)), {"party": desk.supplier.pk}).status_code == 302
    made = Allegation.objects.get()
    entry = f'href="{reverse("allegations")}"'
    assert browse("contact").get(reverse("allegation", args=(made.pk,))).status_code == 404
    assert entry not in browse("contact").get("/").content.decode()
    assert _post(browse, "allegation_put", made, "legal") == 302
    assert entry in browse("contact").get("/").content.decode()
    assert entry not in browse("member").get("/").content.decode()


def test_it_is_edited_put_answered_and_made_final_on_its_page(home: Home, desk: Desk, browse: Browse) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.sub_vendor)], home=home))
    browse("legal").post(reverse("case_allege", args=(case.pk,)), {"party": desk.supplier.pk})
    made = Allegation.objects.get()
    later = {"summary": "Our words.", "answer_by": "2099-03-30"}
    assert _post(browse, "allegation_edit", made, "legal", **later) == 302
    assert _post(browse, "allegation_put", made, "officer") == 302
    assert "Our words." in _page(browse, made, "contact")
    assert _post(browse, "allegation_final", made, "legal") == 302
    made.refresh_from_db()
    assert made.state == Allegation.State.PUT
    assert "Nothing is final before." in _page(browse, made, "legal")
    file = SimpleUploadedFile("l.svg", b"<svg onload='alert(1)'/>")
    answer = {"answer": "names", "names_party": desk.sub_vendor.pk, "text": "It was <b>them</b>.", "file": file}
    assert _post(browse, "allegation_reply", made, "contact", **answer) == 302
    reply = Reply.objects.get()
    for who in ("contact", "legal"):
        page = _page(browse, made, who)
        assert SUB_VENDOR in page
        assert "<b>them" not in page
        kept = browse(who).get(reverse("allegation_file", args=(made.pk, reply.files.get().pk)))
        assert kept.headers["Content-Disposition"].startswith("attachment")
    assert _post(browse, "allegation_final", made, "legal") == 302
    case.refresh_from_db()
    assert case.status == Case.Status.DECIDED


def test_the_owner_reads_on_its_page_that_an_allegation_has_fallen_and_the_party_does_not(
    browse: Browse, allegation: Allegation
) -> None:
    said = "It does not accuse copy"
    page = _page(browse, allegation, "legal")
    assert said not in page
    assert '"badge is-bad">accused<' in page
    trace_of(Post.objects.get(), [], verdict="inconclusive", hours=2)
    _post(browse, "allegation_reply", allegation, "contact", answer="disputes", text="Not ours.")
    page = _page(browse, allegation, "legal")
    assert said in page
    assert '"badge">was accused<' in page
    assert '"badge is-bad">accused<' not in page
    assert reverse("allegation_final", args=(allegation.pk,)) not in page
    assert _post(browse, "allegation_final", allegation, "legal") == 302
    allegation.refresh_from_db()
    assert allegation.state == Allegation.State.ANSWERED
    assert said not in _page(browse, allegation, "contact")
    _post(browse, "allegation_withdraw", allegation, "legal", apology="We were wrong, and are sorry.")
    assert '"badge">was accused<' in _page(browse, allegation, "legal")


def test_only_the_copy_that_is_not_accused_any_more_is_said_to_have_been(
    desk: Desk, browse: Browse, allegation: Allegation
) -> None:
    first = allegation.named.get()
    other = copy_of(desk, desk.sub_vendor, number=2)
    allegation.named.add(
        NamedCopy.objects.create(trace=first.trace, copy=other, is_accused=True, z=30, log10_bound=-190, round=2)
    )
    trace_of(Post.objects.get(), [other], verdict="accused", hours=2)
    page = _page(browse, allegation, "legal")
    lines = {
        copy: re.search(rf"{copy}</code></a> <span class=\"(badge[^\"]*)\">([^<]+)<", page)
        for copy in (first.copy_id, other.pk)
    }
    assert [line and line.groups() for line in lines.values()] == [
        ("badge", "was accused"),
        ("badge is-bad", "accused"),
    ]


@pytest.mark.parametrize(
    ("stop", "why"),
    [(felled, "It does not accuse copy"), (seen_before_it_was_issued, "Since it was put it became known: ")],
)
def test_what_is_stopped_is_said_at_its_line_in_the_case_and_at_its_gate_where_nothing_is_offered_any_more(
    desk: Desk, browse: Browse, allegation: Allegation, stop: Callable[[Desk, Allegation], object], why: str
) -> None:
    Allegation.objects.filter(pk=allegation.pk).update(state=Allegation.State.FINAL)
    case, gate = reverse("case", args=(allegation.case_id,)), reverse("gate", args=(allegation.pk,))
    offered = {
        (case, "officer"): (reverse("sanction_prepare", args=(allegation.pk,)), 'value="final"'),
        (gate, "officer"): (reverse("plan_ask", args=(allegation.pk,)), reverse("gate_suspend", args=(allegation.pk,))),
        (reverse("allegation", args=(allegation.pk,)), "legal"): (reverse("sanction_prepare", args=(allegation.pk,)),),
    }
    for is_stopped in (False, True):
        if is_stopped:
            stop(desk, allegation)
        for (address, who), offers in offered.items():
            page = browse(who).get(address).content.decode()
            assert (why in page) is is_stopped
            assert [each in page for each in offers] == [not is_stopped] * len(offers), address


def test_an_incomplete_answer_keeps_what_was_written(browse: Browse, allegation: Allegation) -> None:
    answer = browse("contact").post(
        reverse("allegation_reply", args=(allegation.pk,)), {"answer": "names", "text": "Long words."}
    )
    assert answer.status_code == 409
    assert "Long words." in answer.content.decode()
    assert not Reply.objects.exists()


def test_only_its_own_sub_vendors_can_be_chosen(browse: Browse, desk: Desk, allegation: Allegation) -> None:
    page = _page(browse, allegation, "contact")
    assert f'<option value="{desk.sub_vendor.pk}">' in page
    for other in (desk.sibling, desk.stranger, desk.supplier):
        assert f'<option value="{other.pk}">' not in page


def test_an_answer_does_not_tell_which_parties_are_on_record(
    browse: Browse, desk: Desk, allegation: Allegation
) -> None:
    client, address = browse("contact"), reverse("allegation_reply", args=(allegation.pk,))
    told = set()
    for party in (desk.sibling.pk, desk.stranger.pk, desk.owner.pk, desk.supplier.pk, 999, 10**30, "x"):
        answer = client.post(address, {"answer": "names", "names_party": party})
        assert answer.status_code == 409
        told.update(re.findall('<li class="note is-bad">(.*?)</li>', answer.content.decode()))
    assert told == {"Name the sub-vendor: choose it, or write its name."}


def test_the_evidence_is_asked_for_granted_and_saved_with_how_to_verify_it(
    browse: Browse, allegation: Allegation
) -> None:
    match = Match.objects.get()
    fetch = reverse("allegation_evidence", args=(allegation.pk, match.pk))
    assert "Grant the evidence" in _page(browse, allegation, "officer")
    assert browse("contact").post(fetch).status_code == 302  # not granted: told on the page
    assert _post(browse, "allegation_ask", allegation, "contact") == 302
    assert _post(browse, "allegation_grant", allegation, "investigator") == 403
    assert _post(browse, "allegation_grant", allegation, "officer") == 302
    assert "Grant the evidence" not in _page(browse, allegation, "officer")
    assert "tidemark verify" in _page(browse, allegation, "contact")
    assert browse("contact").get(fetch).status_code == 405
    for who, status in (("member", 404), ("sub_vendor_contact", 404), ("sibling_contact", 404), ("officer", 403)):
        assert browse(who).post(fetch).status_code == status
    answer = browse("contact").post(fetch)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content.startswith(b"sealed")
    assert kinds(allegation.case_id).count(Kind.EVIDENCE_HANDED_OVER) == 1


def test_evidence_that_cannot_be_handed_over_is_not_offered_to_be_granted(
    home: Home, desk: Desk, browse: Browse
) -> None:
    both = [copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)]
    made = prepare(home, opened(home, desk, leak_of(desk, both, home=home)), desk.supplier, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)
    page = _page(browse, made, "officer")
    assert "It names another party&#x27;s copy too" in page
    assert "Grant the evidence" not in page


def test_an_override_shows_who_has_approved_and_takes_two_persons(home: Home, desk: Desk, browse: Browse) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)], verdict="suspected"))
    sent = {"party": desk.supplier.pk, "reason": "Secret reason."}
    browse("legal").post(reverse("case_allege", args=(case.pk,)), sent)
    made = Allegation.objects.get()
    words = {"summary": "Words.", "answer_by": "2099-03-30", "reason": "Secret reason."}
    _post(browse, "allegation_edit", made, "legal", **words)
    for who, badges in (("legal", 1), ("officer", 2)):
        _post(browse, "allegation_put", made, "legal")
        made.refresh_from_db()
        assert made.state == Allegation.State.PREPARED
        _post(browse, "allegation_approve", made, who)
        assert _page(browse, made, "legal").count('is-good">approved') == badges
    deactivate(desk["officer"], by=person(desk.owner, "officer2", Role.OFFICER), now=NOW)
    page = _page(browse, made, "legal")
    assert page.count('is-good">approved') == 1
    assert "officer person, officer, is deactivated: this approval does not count." in page
    Person.objects.filter(pk=desk["officer"].pk).update(is_active=True)
    _post(browse, "allegation_put", made, "legal")
    page = _page(browse, made, "contact")
    assert "Words." in page
    assert "Secret reason." not in page


def test_a_withdrawn_allegation_shows_its_apology_to_the_party(browse: Browse, allegation: Allegation) -> None:
    assert _post(browse, "allegation_withdraw", allegation, "legal", apology=" ") == 302
    allegation.refresh_from_db()
    assert allegation.state == Allegation.State.PUT
    _post(browse, "allegation_withdraw", allegation, "legal", apology="We are sorry.")
    page = _page(browse, allegation, "contact")
    assert "We are sorry." in page
    assert "Answer for my company" not in page


def test_the_page_of_the_case_says_by_the_claim_that_what_was_put_about_it_was_withdrawn(
    browse: Browse, allegation: Allegation
) -> None:
    case, said = (
        reverse("case", args=(allegation.case_id,)),
        f"What was put to {allegation.party.name} was withdrawn on",
    )
    assert said not in browse("legal").get(case).content.decode()
    _post(browse, "allegation_withdraw", allegation, "legal", apology="We are sorry.")
    page = browse("legal").get(case).content.decode()
    claim = page[page.index("The responsible party") :]
    assert said in claim[: claim.index("</article>")]
    again = Allegation.objects.get()
    again.pk, again.state, again.withdrawn, again.put = "another", Allegation.State.PREPARED, None, None
    again.save(force_insert=True)
    assert said in browse("legal").get(case).content.decode()  # what is only prepared takes nothing up again
    Allegation.objects.filter(pk="another").update(state=Allegation.State.PUT, put=allegation.put)
    assert said not in browse("legal").get(case).content.decode()
    Allegation.objects.filter(pk="another").update(agreement=None)
    assert said in browse("legal").get(case).content.decode()  # that was put under another agreement
