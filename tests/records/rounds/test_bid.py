"""A bid counts if it comes from somebody invited, in time; all others are refused with the reason."""

from datetime import timedelta

import pytest

from tests.desk import NOW, Desk
from tests.records.rounds.affair import CLOSES, LATER, OFFER, bid, bidder, copy, draft, opened, prepared
from tidemark.errors import Refused
from tidemark.limits import MAX_TEXT_CHARS
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.rounds.bid import decline, hand_in
from tidemark.records.rounds.close import close
from tidemark.records.rounds.models import Bid, Bidder, Round


def test_a_bid_in_time_is_kept_as_it_came(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    made = bid(home, desk, bidding, "contact", now=CLOSES - timedelta(microseconds=1))
    assert made.file_name == OFFER.name
    assert blobs.get(home, blobs.Shelf.BIDS, made.file_sha256) == OFFER.data


def test_a_later_bid_stands_beside_the_earlier(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    first, second = bid(home, desk, bidding, "contact"), bid(home, desk, bidding, "contact")
    assert {each.pk for each in bidder(bidding, desk["contact"]).bids.all()} == {first.pk, second.pk}


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=1)])
def test_at_the_closing_time_and_after_it_is_too_late_though_nothing_has_closed_it(
    home: Home, desk: Desk, late: timedelta
) -> None:
    bidding = opened(home, desk)
    with pytest.raises(Refused, match="closed"):
        bid(home, desk, bidding, "contact", now=CLOSES + late)
    assert not Bid.objects.exists()


def test_a_bid_that_began_before_the_closing_and_arrives_after_it_is_refused(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    read_before = Round.objects.get(pk=bidding.pk)
    close(home, bidding, by=desk["officer"], now=NOW)
    assert read_before.state == Round.State.OPEN
    with pytest.raises(Refused, match="closed"):
        bid(home, desk, read_before, "contact", now=NOW)


@pytest.mark.parametrize("who", ["stranger_contact", "sub_vendor_contact"])
def test_uninvited_parties_are_refused(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="not invited"):
        bid(home, desk, opened(home, desk), who)


@pytest.mark.parametrize("who", ["member", "officer", "legal"])
def test_only_contacts_bid(home: Home, desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="contact"):
        bid(home, desk, opened(home, desk), who)


def test_before_the_opening_nothing_is_taken(home: Home, desk: Desk) -> None:
    with pytest.raises(Refused, match="not open"):
        bid(home, desk, prepared(desk), "contact")


@pytest.mark.parametrize(
    ("note", "file"),
    [("  ", None), ("x" * (MAX_TEXT_CHARS + 1), None), ("a\0b", None), ("", Document("empty.pdf", b""))],
    ids=["nothing", "a note too long", "a note with a NUL", "an empty file"],
)
def test_a_bid_has_something_in_it_and_not_too_much(home: Home, desk: Desk, note: str, file: Document | None) -> None:
    with pytest.raises(Refused):
        hand_in(home, opened(home, desk), by=desk["contact"], now=NOW, note=note, file=file)


def test_a_file_beyond_the_limit_and_one_bid_too_many_are_refused(
    home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bidding = opened(home, desk)
    monkeypatch.setattr("tidemark.records.rounds.bid.MAX_BIDS", 1)
    bid(home, desk, bidding, "contact")
    with pytest.raises(Refused, match="no more"):
        bid(home, desk, bidding, "contact")
    monkeypatch.setattr("tidemark.records.rounds.bid.MAX_BID_BYTES", len(OFFER.data) - 1)
    with pytest.raises(Refused, match="at most"):
        bid(home, desk, bidding, "sibling_contact")


def test_a_bid_is_sealed_for_the_owner_until_the_closing_and_always_for_the_others(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    made = bid(home, desk, bidding, "contact")
    assert not Bid.objects.visible_to(desk["officer"]).exists()
    assert list(Bid.objects.visible_to(desk["contact"])) == [made]
    close(home, bidding, by=desk["officer"], now=NOW)
    assert list(Bid.objects.visible_to(desk["officer"])) == [made]
    assert not Bid.objects.visible_to(desk["sibling_contact"]).exists()


def test_who_declines_loses_the_copies_at_once_and_bids_no_more(home: Home, desk: Desk) -> None:
    drawing = draft(desk, "front")
    bidding = opened(home, desk, drafts=(drawing,))
    given = copy(drawing, desk["contact"], desk.engagements["supplier"])
    decline(home, bidding, by=desk["contact"], now=NOW)
    assert Copy.objects.get(pk=given.pk).revoked == NOW
    seen = bidder(bidding, desk["contact"])
    assert seen.outcome == Bidder.Outcome.DECLINED
    assert seen.owes_certificate
    with pytest.raises(Refused, match="declined"):
        bid(home, desk, bidding, "contact")
    with pytest.raises(Refused, match="declined"):
        decline(home, bidding, by=desk["contact"], now=NOW)


def test_after_the_closing_nobody_declines_and_a_member_never(home: Home, desk: Desk) -> None:
    bidding = opened(home, desk)
    with pytest.raises(Refused, match="contact"):
        decline(home, bidding, by=desk["member"], now=NOW)
    with pytest.raises(Refused, match="closed"):
        decline(home, bidding, by=desk["contact"], now=LATER)
