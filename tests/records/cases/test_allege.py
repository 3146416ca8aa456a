"""What is put to whom: from accused copies alone, to who answers, in words that name nobody else."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk, engage
from tests.people import SUB_VENDOR, SUPPLIER
from tests.records.cases.played import (
    CLAUSE,
    LATER,
    bodies,
    copy_of,
    leak_of,
    opened,
    played,
    played_below,
    trace_of,
    under_another,
)
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import Person
from tidemark.records.cases.accusable import accusables, own_copies
from tidemark.records.cases.allege import (
    edit,
    prepare,
    prepare_override,
    put,
)
from tidemark.records.cases.change import add_leaks, change_status
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.reply import reply
from tidemark.records.cases.summary import draft_summary
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import Post
from tidemark.records.parties.models import Party
from tidemark.records.plans.take_back import withdraw_allegation

REASON = "The metadata of the file names its author; two experts looked at it."


def test_who_answers_under_an_agreement_that_is_not_the_owners_is_told_so_and_reads_no_clause_of_it(
    home: Home, desk: Desk
) -> None:
    allegation = played_below(home, desk)
    assert (allegation.agreement, allegation.clause) == (desk.agreements["sub_vendor"], "")
    assert "The owner is no party to this agreement: no amount" in allegation.summary
    assert "The owner has no agreement" not in draft_summary(
        desk.supplier, list(allegation.named.all()), desk.agreements["supplier"], owner="O"
    )


def test_the_summary_keeps_three_claims_apart_and_says_what_is_not_claimed(home: Home, desk: Desk) -> None:
    parts = played(home, desk).summary.split("\n\n")
    assert [part.split(".")[0] for part in parts[1:4]] == ["The copy", "The custodian", "The responsible party"]
    assert "revision 2, a bidding draft" in parts[1]
    assert "at most 1 in 10^77" in parts[1]
    assert parts[4].startswith("Nothing is claimed of who passed the material on")


def test_the_ledger_has_hashes_of_what_was_put_and_no_words_of_persons(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    (body,) = bodies(allegation.case_id, Kind.ALLEGATION_PUT)
    assert body["party"] == SUPPLIER
    assert len(str(body["summary_sha256"])) == 64
    assert allegation.summary not in str(body)
    assert CLAUSE not in str(body)
    assert "@" not in str(body)


def test_bidders_who_mixed_their_copies_get_one_allegation_each_that_names_no_other(home: Home, desk: Desk) -> None:
    both = [copy_of(desk, desk.supplier), copy_of(desk, desk.sibling)]
    case = opened(home, desk, leak_of(desk, both))
    assert {each.party for each in accusables(case)} == {desk.supplier, desk.sibling}
    made = {each.party: prepare(home, case, each.party, by=desk["legal"], now=NOW) for each in accusables(case)}
    for allegation in made.values():
        put(home, allegation, by=desk["legal"], now=NOW)
    assert desk.sibling.name not in made[desk.supplier].summary
    assert desk.supplier.name not in made[desk.sibling].summary
    assert both[1].pk not in made[desk.supplier].summary
    assert all(each.allegation is not None for each in accusables(case))


def test_several_copies_of_one_party_are_one_allegation(home: Home, desk: Desk) -> None:
    copies = [copy_of(desk, desk.supplier), copy_of(desk, desk.sub_vendor)]
    case = opened(home, desk, leak_of(desk, copies))
    (only,) = accusables(case)
    made = prepare(home, case, only.party, by=desk["legal"], now=NOW)
    assert made.named.count() == 2
    with pytest.raises(Refused, match="already"):
        prepare(home, case, only.party, by=desk["legal"], now=NOW)


def test_the_owners_own_copy_leads_to_no_allegation(home: Home, desk: Desk) -> None:
    own = copy_of(desk, desk.owner, is_master=True)
    case = opened(home, desk, leak_of(desk, [own]))
    assert accusables(case) == []
    assert [named.copy for named in own_copies(case)] == [own]
    with pytest.raises(Refused, match="Nothing is put to the owner"):
        prepare_override(home, case, desk.owner, reason=REASON, by=desk["legal"], now=NOW)


@pytest.mark.parametrize("verdict", ["suspected", "inconclusive"])
def test_a_lead_leads_to_no_allegation_by_itself(home: Home, desk: Desk, verdict: str) -> None:
    copies = [copy_of(desk, desk.supplier)] if verdict == "suspected" else []
    case = opened(home, desk, leak_of(desk, copies, verdict=verdict))
    with pytest.raises(Refused, match="A lead is put to nobody"):
        prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)


@pytest.mark.parametrize("nothing", ["", " \n", "\u202e", "\u3164", "\u2800"])
def test_what_is_put_and_why_can_be_read(home: Home, desk: Desk, nothing: str) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)], verdict="suspected"))
    with pytest.raises(Refused, match="Give the reason for the override"):
        prepare_override(home, case, desk.supplier, reason=nothing, by=desk["legal"], now=NOW)
    made = prepare_override(home, case, desk.supplier, reason=REASON, by=desk["legal"], now=NOW)
    for texts in ({"summary": nothing}, {"summary": "You sold it.", "override_reason": nothing}):
        with pytest.raises(Refused, match=r"what is put to the party|Give the reason for the override"):
            edit(home, made, answer_by=made.answer_by, by=desk["legal"], now=NOW, **texts)
    made.refresh_from_db()
    assert made.override_reason == REASON
    assert made.summary not in ("", "You sold it.")


def test_copies_under_two_agreements_are_two_allegations_with_the_clause_of_each(home: Home, desk: Desk) -> None:
    newer = under_another(desk, copy_of(desk, desk.supplier, number=2))
    copies = [copy_of(desk, desk.supplier), newer]
    case = opened(home, desk, leak_of(desk, copies))
    older = desk.agreements["supplier"]
    with pytest.raises(Refused, match=f"several agreements: {older.reference}, NEW-2"):
        prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    for copy, agreement in zip(copies, (older, newer.agreement), strict=True):
        made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW, under=agreement.pk)
        assert (made.agreement, made.clause) == (agreement, agreement.clause)
        assert [each.copy_id for each in made.named.all()] == [copy.pk]
        with pytest.raises(Refused, match="already"):
            prepare(home, case, desk.supplier, by=desk["legal"], now=NOW, under=agreement.pk)
    assert [each.allegation is not None for each in accusables(case)] == [True, True]


@pytest.mark.parametrize(
    ("is_child", "said"), [(True, "at your request"), (False, "issued the copy to your sub-vendor directly")]
)
def test_only_of_a_child_copy_is_it_said_that_the_party_asked_for_it(
    home: Home, desk: Desk, is_child: bool, said: str
) -> None:
    copy = copy_of(desk, desk.sub_vendor)
    if is_child:
        Copy.objects.filter(pk=copy.pk).update(parent=copy_of(desk, desk.supplier, number=2))
    made = prepare(home, opened(home, desk, leak_of(desk, [copy])), desk.supplier, by=desk["legal"], now=NOW)
    assert said in made.summary
    assert ("at your request" in made.summary) is is_child


def test_what_its_sub_vendor_asked_for_is_not_said_to_be_at_the_partys_request(home: Home, desk: Desk) -> None:
    third = Party.named("Kestrel Tooling", {}, now=NOW)
    place = engage(desk.project, third, desk.engagements["sub_vendor"])
    child = copy_of(desk, desk.sub_vendor, number=2)
    parent = copy_of(desk, desk.sub_vendor)
    Copy.objects.filter(pk=child.pk).update(holder=third, engagement=place, parent=parent)
    leak = leak_of(desk, [Copy.objects.get(pk=child.pk)])
    made = prepare(home, opened(home, desk, leak), desk.supplier, by=desk["legal"], now=NOW)
    assert f"The copy was made at the request of {SUB_VENDOR}." in made.summary
    assert "your request" not in made.summary
    put(home, made, by=desk["legal"], now=NOW)  # those below it, it may read of


def test_a_text_that_names_another_party_is_not_put(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    for words in (f"Told by {desk.sibling.name.upper()}.", f"as {desk.stranger.name}'s"):
        edit(home, made, summary=words, answer_by=made.answer_by, by=desk["legal"], now=NOW)
        with pytest.raises(Refused, match="names"):
            put(home, made, by=desk["legal"], now=NOW)
    edit(home, made, summary=f"{SUB_VENDOR} is yours.", answer_by=made.answer_by, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)


def test_a_siblings_person_with_a_short_chinese_name_is_not_named_to_the_party(home: Home, desk: Desk) -> None:
    Person.objects.filter(pk=desk["sibling_contact"].pk).update(name="方向")
    agreement = desk.agreements["supplier"]
    agreement.clause = "每泄露一份方向盘图纸，应付 1,000,000 元。"
    agreement.save()
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    drafted = made.summary
    for words in ("方向说，另一家公司也有这张图。", "Told by Fang Xiang."):
        edit(home, made, summary=f"{drafted}\n{words}", answer_by=made.answer_by, by=desk["legal"], now=NOW)
        with pytest.raises(Refused, match="names"):
            put(home, made, by=desk["legal"], now=NOW)
    edit(home, made, summary=drafted, answer_by=made.answer_by, by=desk["legal"], now=NOW)
    put(home, made, by=desk["legal"], now=NOW)  # the clause has the word, and is agreed


def test_a_later_trace_that_does_not_accuse_any_more_stops_the_allegation(home: Home, desk: Desk) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    again = trace_of(Post.objects.get(), [], verdict="inconclusive", hours=1)
    (copy,) = [each.copy_id for each in made.named.all()]
    with pytest.raises(Refused) as refused:
        put(home, made, by=desk["legal"], now=LATER)
    found = f"The last trace of found.jpg, {again.pk} of {again.finished:%Y-%m-%d %H:%M} UTC, says: inconclusive."
    assert str(refused.value).startswith(
        f"{found} It does not accuse copy {copy} any more. Withdraw the allegation, or"
    )
    trace_of(Post.objects.get(), [Copy.objects.get(pk=copy)], verdict="accused", hours=2)
    put(home, made, by=desk["legal"], now=LATER)


def test_a_deadline_too_near_a_party_without_a_contact_and_a_case_not_taken_up_are_refused(
    home: Home, desk: Desk
) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    made = prepare(home, case, desk.supplier, by=desk["legal"], now=NOW)
    edit(home, made, summary="Words.", answer_by=NOW + timedelta(days=2), by=desk["legal"], now=NOW)
    with pytest.raises(Refused, match="at least 3 days"):
        put(home, made, by=desk["legal"], now=NOW)
    edit(home, made, summary="Words.", answer_by=NOW + timedelta(days=5), by=desk["legal"], now=NOW)
    Person.objects.filter(party=desk.supplier).update(is_active=False)
    with pytest.raises(Refused, match="no contact"):
        put(home, made, by=desk["legal"], now=NOW)
    Person.objects.filter(party=desk.supplier).update(is_active=True)
    Case.objects.update(status=Case.Status.REPORTED)
    with pytest.raises(Refused, match="Take it up"):
        put(home, made, by=desk["legal"], now=NOW)


@pytest.mark.parametrize("who", ["investigator", "communications", "administrator", "contact"])
def test_only_legal_and_officers_prepare_and_put(home: Home, desk: Desk, who: str) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    with pytest.raises(Refused):
        prepare(home, case, desk.supplier, by=desk[who], now=NOW)
    made = prepare(home, case, desk.supplier, by=desk["officer"], now=NOW)
    with pytest.raises(Refused):
        put(home, made, by=desk[who], now=NOW)


def test_who_put_it_cannot_edit_it_afterwards(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    with pytest.raises(Refused, match="put to the party"):
        edit(home, allegation, summary="Else.", answer_by=allegation.answer_by, by=desk["legal"], now=NOW)


def _second_case(home: Home, desk: Desk) -> tuple[Allegation, Case]:
    first = played(home, desk, desk.supplier)
    reply(home, first, "accepts", text="Yes.", by=desk["contact"], now=NOW)
    make_final(home, first, by=desk["legal"], now=NOW)
    change_status(home, first.case, Case.Status.CLOSED, why="over", by=desk["officer"], now=NOW)
    return first, opened(home, desk, *first.case.leaks.all())


def test_one_copy_in_one_leak_is_put_once_over_all_cases(home: Home, desk: Desk) -> None:
    first, again = _second_case(home, desk)
    with pytest.raises(Refused, match=f"already, in case {first.case.number}; it is final"):
        prepare(home, again, desk.supplier, by=desk["legal"], now=NOW)
    withdraw_allegation(home, first, apology="We were wrong.", by=desk["legal"], now=NOW)
    put(home, prepare(home, again, desk.supplier, by=desk["legal"], now=NOW), by=desk["legal"], now=NOW)


def test_neither_another_post_of_the_leak_nor_leaks_joined_since_let_one_copy_be_put_twice(
    home: Home, desk: Desk
) -> None:
    first, again = _second_case(home, desk)
    (copy,) = (each.copy for each in first.named.all())
    other = leak_of(desk, [copy], title="The same picture, cropped")
    add_leaks(home, again, [other], by=desk["officer"], now=NOW)
    again.leaks.remove(*first.case.leaks.all())
    made = prepare(home, again, desk.supplier, by=desk["legal"], now=NOW)  # a leak of its own, so far
    Post.objects.filter(leak=other).update(leak=first.case.leaks.get())
    with pytest.raises(Refused, match=f"already, in case {first.case.number};"):
        put(home, made, by=desk["legal"], now=NOW)
