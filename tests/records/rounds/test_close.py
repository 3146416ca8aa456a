"""A round closes once; losers lose their copies in the same step, certify, and are reminded until they have."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings

from tests.desk import NOW, Desk
from tests.records.rounds.affair import CLOSES, LATER, bid, bidder, copy, draft, opened, prepared
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf
from tidemark.records.rounds.certify import certify
from tidemark.records.rounds.close import award, bids_sha256, close, close_due
from tidemark.records.rounds.late import AWARD_WITHIN, late_awards, unawarded
from tidemark.records.rounds.models import Bid, Bidder, Certificate, Round
from tidemark.records.rounds.prepare import amend, invite, open_round, prepare
from tidemark.records.rounds.remind import remind


def _kinds(subject: str) -> list[str]:
    return list(Leaf.objects.filter(subject=subject).order_by("index").values_list("kind", flat=True))


def _revoked(given: Copy) -> bool:
    return Copy.objects.get(pk=given.pk).revoked is not None


@pytest.fixture
def lost(home: Home, desk: Desk) -> Bidder:
    """The sibling, that had a copy, bid, and lost to the supplier."""
    drawing = draft(desk, "front")
    bidding = opened(home, desk, drafts=(drawing,))
    copy(drawing, desk["sibling_contact"], desk.engagements["sibling"])
    for who in ("contact", "sibling_contact"):
        bid(home, desk, bidding, who)
    close(home, bidding, by=desk["officer"], now=NOW)
    award(home, bidding, [bidder(bidding, desk["contact"])], by=desk["officer"], now=NOW)
    return bidder(bidding, desk["sibling_contact"])


@pytest.mark.parametrize("who", ["administrator", "legal", "investigator", "communications", "contact", "member"])
def test_only_officers_run_rounds(home: Home, desk: Desk, who: str) -> None:
    bidding, by = opened(home, desk), desk[who]
    drawing = bidding.drafts.get()
    other = prepared(desk, title="Other")
    for act in (
        lambda: prepare(desk.project, "Third", [drawing], [desk.sibling], closes=CLOSES, by=by, now=NOW),
        lambda: amend(other, "Third", [drawing], [desk.sibling], closes=CLOSES, by=by, now=NOW),
        lambda: open_round(home, other, by=by, now=NOW),
        lambda: invite(home, bidding, desk.stranger, by=by, now=NOW),
        lambda: close(home, bidding, by=by, now=LATER),
        lambda: award(home, bidding, [], by=by, now=LATER),
    ):
        with pytest.raises(Refused, match="officer"):
            act()


def test_a_round_has_a_title_drafts_of_its_project_parties_and_a_closing_time_ahead(desk: Desk) -> None:
    drawing, foreign = draft(desk, "front"), draft(desk, "foreign")
    foreign.project = desk.other_project
    right = {"title": "T", "drafts": [drawing], "parties": [desk.supplier], "closes": CLOSES}
    for wrong in (
        {"title": " "},
        {"drafts": []},
        {"drafts": [foreign]},
        {"parties": []},
        {"parties": [desk.owner]},
        {"closes": NOW},
        {"title": f"Bumpers, now by {desk.sibling.name}"},
        {"brief": f"{desk['sibling_contact'].email} bid last year."},
    ):
        with pytest.raises(Refused):
            prepare(desk.project, **{**right, **wrong}, by=desk["officer"], now=NOW)  # type: ignore[arg-type]
    assert not Round.objects.exists()


def test_suppliers_see_a_round_once_it_is_open_and_only_if_invited(home: Home, desk: Desk) -> None:
    bidding = prepared(desk)
    assert not Round.objects.visible_to(desk["contact"]).exists()
    open_round(home, bidding, by=desk["officer"], now=NOW)
    assert Round.objects.visible_to(desk["contact"]).get() == bidding
    assert not Round.objects.visible_to(desk["stranger_contact"]).exists()
    invite(home, bidding, desk.stranger, by=desk["officer"], now=NOW)
    assert Round.objects.visible_to(desk["stranger_contact"]).get() == bidding
    assert _kinds(bidding.pk) == [Kind.ROUND_OPENED, Kind.ROUND_OPENED]
    body = decode(bytes(Leaf.objects.filter(subject=bidding.pk).order_by("-index")[0].data)).body
    assert body["parties"] == [desk.stranger.name]


def test_what_was_announced_is_not_changed(home: Home, desk: Desk) -> None:
    bidding = prepared(desk)
    drawing = bidding.drafts.get()
    changed = amend(bidding, "New", [drawing], [desk.sibling], closes=LATER, by=desk["officer"], now=NOW)
    assert [each.party for each in changed.bidders.all()] == [desk.sibling]
    open_round(home, changed, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="not changed"):
        amend(bidding, "Newer", [drawing], [desk.sibling], closes=LATER, by=desk["officer"], now=NOW)
    with pytest.raises(Refused):
        open_round(home, Round.objects.get(pk=bidding.pk), by=desk["officer"], now=NOW)


def test_the_closing_time_closes_a_round_once(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    assert close_due(home, now=CLOSES - timedelta(seconds=1)) == 0
    assert close_due(home, now=CLOSES) == 1
    assert close_due(home, now=LATER) == 0
    with pytest.raises(Refused, match="closed"):
        close(home, bidding, by=desk["officer"], now=LATER)
    assert _kinds(bidding.pk) == [Kind.ROUND_OPENED, Kind.ROUND_CLOSED]


def test_the_task_cannot_close_before_the_time_but_an_officer_can(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    with pytest.raises(Refused, match="not come"):
        close(home, bidding, by=None, now=NOW)
    close(home, bidding, by=desk["officer"], now=NOW)
    assert Round.objects.get(pk=bidding.pk).closed == NOW


def test_the_closing_leaf_binds_every_bid(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    made = bid(home, desk, bidding, "contact")
    close(home, bidding, by=desk["officer"], now=NOW)
    body = decode(bytes(Leaf.objects.get(subject=bidding.pk, kind=Kind.ROUND_CLOSED).data)).body
    assert body["bids"] == 1
    assert body["bids_sha256"] == bids_sha256(bidding)
    Bid.objects.filter(pk=made.pk).update(file_sha256="0" * 64)
    assert body["bids_sha256"] != bids_sha256(bidding)


def test_who_has_not_bid_loses_at_the_closing_and_who_has_waits_for_the_award(home: Home, desk: Desk) -> None:
    drawing = draft(desk, "front")
    bidding = opened(home, desk, drafts=(drawing,))
    suppliers = copy(drawing, desk["contact"], desk.engagements["supplier"])
    siblings = copy(drawing, desk["sibling_contact"], desk.engagements["sibling"])
    bid(home, desk, bidding, "contact")
    close(home, bidding, by=desk["officer"], now=NOW)
    assert _revoked(siblings)
    assert not _revoked(suppliers)
    assert bidder(bidding, desk["sibling_contact"]).owes_certificate
    assert bidder(bidding, desk["contact"]).outcome == Bidder.Outcome.PENDING


def test_an_award_takes_back_the_losers_copies_and_those_below_them(home: Home, desk: Desk) -> None:
    drawing, other = draft(desk, "front"), draft(desk, "other")
    bidding = opened(home, desk, drafts=(drawing,))
    suppliers = copy(drawing, desk["contact"], desk.engagements["supplier"])
    below = copy(drawing, desk["sub_vendor_contact"], desk.engagements["sub_vendor"], parent=suppliers)
    unrelated = copy(other, desk["contact"], desk.engagements["supplier"])
    winners = copy(drawing, desk["sibling_contact"], desk.engagements["sibling"])
    for who in ("contact", "sibling_contact"):
        bid(home, desk, bidding, who)
    with pytest.raises(Refused, match="sealed"):
        award(home, bidding, [], by=desk["officer"], now=NOW)
    close(home, bidding, by=desk["officer"], now=NOW)
    award(home, bidding, [bidder(bidding, desk["sibling_contact"])], by=desk["officer"], now=NOW)
    assert [_revoked(each) for each in (suppliers, below, unrelated, winners)] == [True, True, False, False]
    assert bidder(bidding, desk["sibling_contact"]).outcome == Bidder.Outcome.WON
    assert _kinds(suppliers.pk) == [Kind.COPY_REVOKED]
    assert _kinds(bidding.pk)[-1] == Kind.ROUND_AWARDED
    with pytest.raises(Refused, match="already"):
        award(home, bidding, [], by=desk["officer"], now=NOW)


def test_a_winner_is_one_that_bid_in_this_round(home: Home, desk: Desk) -> None:
    bidding, other = opened(home, desk), opened(home, desk, title="Other")
    bid(home, desk, bidding, "contact")
    close(home, bidding, by=desk["officer"], now=NOW)
    for wrong in (bidder(bidding, desk["sibling_contact"]), bidder(other, desk["contact"])):
        with pytest.raises(Refused, match="winner"):
            award(home, bidding, [wrong], by=desk["officer"], now=NOW)
    award(home, bidding, [], by=desk["officer"], now=NOW)
    assert bidder(bidding, desk["contact"]).outcome == Bidder.Outcome.LOST


def test_a_draft_that_the_party_has_by_another_round_stays_with_it(home: Home, desk: Desk) -> None:
    drawing = draft(desk, "front")
    first = opened(home, desk, drafts=(drawing,))
    opened(home, desk, drafts=(drawing,), title="Second")
    given = copy(drawing, desk["contact"], desk.engagements["supplier"])
    close(home, first, by=desk["officer"], now=NOW)
    assert not _revoked(given)
    assert bidder(first, desk["contact"]).must_certify_since is None


def test_a_round_that_is_only_prepared_keeps_no_copy_with_a_loser(home: Home, desk: Desk) -> None:
    drawing = draft(desk, "front")
    first = opened(home, desk, drafts=(drawing,), title="First")
    given = copy(drawing, desk["sibling_contact"], desk.engagements["sibling"])
    prepared(desk, drafts=(drawing,), title="Second")
    bid(home, desk, first, "contact")
    bid(home, desk, first, "sibling_contact")
    close(home, first, by=desk["officer"], now=NOW)
    award(home, first, [bidder(first, desk["contact"])], by=desk["officer"], now=NOW)
    assert _revoked(given)
    assert bidder(first, desk["sibling_contact"]).owes_certificate


def test_a_round_that_closed_keeps_its_bidders_copies_until_its_award_and_no_longer(home: Home, desk: Desk) -> None:
    drawing = draft(desk, "front")
    first, second = (opened(home, desk, drafts=(drawing,), title=title) for title in ("First", "Second"))
    given = copy(drawing, desk["sibling_contact"], desk.engagements["sibling"])
    for bidding in (first, second):
        bid(home, desk, bidding, "sibling_contact")
        close(home, bidding, by=desk["officer"], now=NOW)
    award(home, first, [], by=desk["officer"], now=NOW)
    assert not _revoked(given)
    award(home, second, [], by=desk["officer"], now=NOW)
    assert _revoked(given)


def test_a_copy_that_was_being_written_at_the_closing_is_taken_back_by_the_next_run(home: Home, desk: Desk) -> None:
    drawing = draft(desk, "front")
    bidding = opened(home, desk, drafts=(drawing,))
    given = copy(drawing, desk["contact"], desk.engagements["supplier"], state=Copy.State.WRITING)
    close(home, bidding, by=desk["officer"], now=NOW)
    assert not _revoked(given)
    assert bidder(bidding, desk["contact"]).owes_certificate
    Copy.objects.filter(pk=given.pk).update(state=Copy.State.RELEASED)
    close_due(home, now=NOW + timedelta(minutes=5))
    assert _revoked(given)


def test_a_loser_certifies_once_and_the_ledger_has_it(home: Home, desk: Desk, lost: Bidder) -> None:
    made = certify(home, lost, means="destroyed", statement="Shredded.", by=desk["sibling_contact"], now=NOW)
    leaf = Leaf.objects.get(index=made.leaf_index)
    body = decode(bytes(leaf.data)).body
    assert leaf.kind == _kinds(lost.round_id)[-1] == Kind.DESTRUCTION_CERTIFIED
    assert (body["party"], body["means"], body["copies"]) == (desk.sibling.name, "destroyed", 1)
    assert not Bidder.objects.get(pk=lost.pk).owes_certificate
    with pytest.raises(Refused, match="already"):
        certify(home, lost, means="destroyed", statement="", by=desk["sibling_contact"], now=NOW)
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("who", ["contact", "member", "officer", "stranger_contact"])
def test_nobody_certifies_for_another_company(home: Home, desk: Desk, lost: Bidder, who: str) -> None:
    with pytest.raises(Refused):
        certify(home, lost, means="destroyed", statement="", by=desk[who], now=NOW)


def test_who_has_nothing_to_give_back_has_nothing_to_certify(home: Home, desk: Desk, lost: Bidder) -> None:
    winner = bidder(lost.round, desk["contact"])
    with pytest.raises(Refused, match="nothing"):
        certify(home, winner, means="destroyed", statement="", by=desk["contact"], now=NOW)
    with pytest.raises(Refused, match="returned or destroyed"):
        certify(home, lost, means="burnt", statement="", by=desk["sibling_contact"], now=NOW)


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_certificate_is_asked_for_every_week_until_it_is_there(home: Home, desk: Desk, lost: Bidder) -> None:
    mail.outbox = []
    assert remind(now=NOW) == 1
    assert remind(now=NOW + timedelta(days=6)) == 0
    assert remind(now=NOW + timedelta(days=7)) == 2
    assert sorted(each.to[0] for each in mail.outbox[1:]) == ["officer@example.test", "sibling-contact@example.test"]
    certify(home, lost, means="returned", statement="", by=desk["sibling_contact"], now=NOW)
    assert remind(now=NOW + timedelta(days=21)) == 0


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_invitations_and_the_coming_closing_are_mailed_once_and_not_to_who_has_bid(home: Home, desk: Desk) -> None:
    mail.outbox = []
    bidding = opened(home, desk)
    assert remind(now=NOW) == 2
    assert remind(now=NOW) == 0
    bid(home, desk, bidding, "contact")
    assert remind(now=CLOSES - timedelta(days=2)) == 1
    assert mail.outbox[-1].to == ["sibling-contact@example.test"]
    assert remind(now=CLOSES - timedelta(days=1)) == 0
    assert remind(now=LATER) == 0


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_officers_are_asked_for_an_award_at_the_closing_and_every_week_until_it_is_there(
    home: Home, desk: Desk
) -> None:
    bidding = opened(home, desk)
    remind(now=NOW)
    bid(home, desk, bidding, "contact")
    close(home, bidding, by=None, now=CLOSES)
    mail.outbox = []
    assert remind(now=CLOSES) == 1
    assert mail.outbox[0].to == ["officer@example.test"]
    assert "1 bidder waits for the award" in mail.outbox[0].body
    assert f"/rounds/{bidding.pk}/" in mail.outbox[0].body
    assert remind(now=CLOSES + AWARD_WITHIN - timedelta(seconds=1)) == 0
    assert remind(now=CLOSES + AWARD_WITHIN) == 1
    award(home, bidding, [bidder(bidding, desk["contact"])], by=desk["officer"], now=CLOSES + AWARD_WITHIN)
    assert remind(now=CLOSES + 2 * AWARD_WITHIN) == 0


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_the_mail_about_an_award_is_set_as_chinese_for_who_reads_chinese(home: Home, desk: Desk) -> None:
    desk["officer"].language = "zh-hans"
    desk["officer"].save(update_fields=["language"])
    bidding = opened(home, desk)
    bid(home, desk, bidding, "contact")
    close(home, bidding, by=None, now=CLOSES)
    mail.outbox = []
    remind(now=CLOSES)
    assert "已关闭，1 家竞标方等待定标。在该轮次页面" in mail.outbox[0].body


def test_an_award_waits_from_the_closing_on_and_is_late_a_week_after_it(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    bid(home, desk, bidding, "contact")
    assert not unawarded().exists()
    close(home, bidding, by=None, now=CLOSES)
    assert unawarded().get() == bidding
    assert not late_awards(now=CLOSES + AWARD_WITHIN - timedelta(seconds=1)).exists()
    assert late_awards(now=CLOSES + AWARD_WITHIN).get() == bidding
    award(home, bidding, [], by=desk["officer"], now=LATER)
    assert not unawarded().exists()


def test_a_round_that_closed_without_bids_waits_for_no_award(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    close(home, bidding, by=None, now=CLOSES)
    assert not unawarded().exists()
    assert not late_awards(now=CLOSES + timedelta(days=365)).exists()
