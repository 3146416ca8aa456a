"""The pages of bidding rounds: who sees them, who may act on them, and what a bidder never sees."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.desk import NOW, Desk, engage, person
from tests.records.rounds.affair import copy, draft
from tidemark.records.accounts.roles import Role
from tidemark.records.agreements.documents import Document
from tidemark.records.home import Home
from tidemark.records.parties.models import Party
from tidemark.records.rounds.bid import hand_in
from tidemark.records.rounds.close import award, close
from tidemark.records.rounds.models import Bid, Bidder, Certificate, Round
from tidemark.records.rounds.prepare import open_round, prepare

Browse = Callable[..., Client]
OWNERS = ("officer", "legal", "administrator", "investigator", "communications")
STRANGERS = ("stranger_contact", "sub_vendor_contact")
PAGE = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def prepared(desk: Desk) -> Round:
    """For the supplier and its sibling; it closes in a week from now, by the real clock."""
    now = timezone.now()
    return prepare(
        desk.project,
        "Bumpers",
        [draft(desk, "front")],
        [desk.supplier, desk.sibling],
        closes=now + timedelta(days=7),
        by=desk["officer"],
        now=now,
        brief="Offer tooling.",
    )


@pytest.fixture
def bidding(home: Home, desk: Desk, prepared: Round) -> Round:
    """The same, open, with a bid of the sibling and a copy of each."""
    open_round(home, prepared, by=desk["officer"], now=timezone.now())
    for who, place in (("contact", "supplier"), ("sibling_contact", "sibling")):
        copy(prepared.drafts.get(), desk[who], desk.engagements[place])
    hand_in(
        home,
        prepared,
        by=desk["sibling_contact"],
        now=timezone.now(),
        note="Sibling's secret price.",
        file=Document("offer.svg", PAGE),
    )
    return prepared


@pytest.fixture
def lost(home: Home, desk: Desk, bidding: Round) -> Round:
    """The same, closed: the supplier, that did not bid, has lost; the sibling has won."""
    close(home, bidding, by=desk["officer"], now=timezone.now())
    award(home, bidding, [_bidder(bidding, desk, "sibling_contact")], by=desk["officer"], now=timezone.now())
    return bidding


def _bidder(bidding: Round, desk: Desk, who: str) -> Bidder:
    return Bidder.objects.get(round=bidding, party=desk[who].party)


def _at(name: str, bidding: Round) -> str:
    return reverse(name, args=(bidding.pk,))


def test_a_round_is_called_the_same_wherever_it_is_listed(browse: Browse, lost: Round) -> None:
    for address in (reverse("rounds"), reverse("project-rounds", args=(lost.project_id,)), _at("round", lost)):
        assert ">awarded</span>" in browse("officer").get(address).content.decode(), address


SEES = {
    **dict.fromkeys(OWNERS, 200),
    **dict.fromkeys(("contact", "member", "sibling_contact"), 200),
    **dict.fromkeys(STRANGERS, 404),
    "": 302,
}


@pytest.mark.parametrize("who", SEES)
def test_an_open_round_is_seen_by_the_owner_and_those_invited(browse: Browse, bidding: Round, who: str) -> None:
    assert browse(who).get(_at("round", bidding)).status_code == SEES[who]


@pytest.mark.parametrize("who", ["contact", "member", "sibling_contact", *STRANGERS])
def test_a_prepared_round_is_no_suppliers_to_see(browse: Browse, prepared: Round, who: str) -> None:
    client = browse(who)
    assert client.get(_at("round", prepared)).status_code == 404
    assert prepared.title not in client.get(reverse("rounds")).content.decode()


RUNS = SEES | dict.fromkeys(OWNERS[1:], 403) | dict.fromkeys(("contact", "member", "sibling_contact"), 403)


@pytest.mark.parametrize("who", [each for each in RUNS if each != "officer"])
@pytest.mark.parametrize("name", ["round_edit", "round_open", "round_invite", "round_close", "round_award"])
def test_nobody_but_officers_runs_a_round(browse: Browse, bidding: Round, name: str, who: str) -> None:
    before = Round.objects.values("state", "awarded", "title").get(pk=bidding.pk)
    assert browse(who).post(_at(name, bidding), {"nobody": "on", "party": "1"}).status_code == RUNS[who]
    assert Round.objects.values("state", "awarded", "title").get(pk=bidding.pk) == before


BIDS = {**dict.fromkeys((*OWNERS, "member"), 403), **dict.fromkeys(STRANGERS, 404), "": 302}


@pytest.mark.parametrize("who", BIDS)
@pytest.mark.parametrize("name", ["round_bid", "round_decline", "round_certify"])
def test_nobody_but_a_bidders_contact_acts_for_it(browse: Browse, lost: Round, name: str, who: str) -> None:
    answer = browse(who).post(_at(name, lost), {"note": "Ours.", "means": "destroyed"})
    assert answer.status_code == BIDS[who]
    assert Bid.objects.count() == 1
    assert not Certificate.objects.exists()


def test_a_bidder_sees_nothing_of_the_others(browse: Browse, desk: Desk, lost: Round) -> None:
    page = browse("contact").get(_at("round", lost)).content.decode()
    for theirs in (desk.sibling.name, desk["sibling_contact"].name, "secret price", "offer.svg"):
        assert theirs not in page


def test_a_bid_is_read_by_its_bidder_and_after_the_closing_by_officers(
    home: Home, browse: Browse, desk: Desk, bidding: Round
) -> None:
    path = reverse("round_bid_file", args=(bidding.pk, Bid.objects.get().pk))
    before = {"officer": 404, "sibling_contact": 200, "contact": 404, "member": 403, "stranger_contact": 404, "": 302}
    assert {who: browse(who).get(path).status_code for who in before} == before
    close(home, bidding, by=desk["officer"], now=timezone.now())
    after = {"officer": 200, "legal": 403, "communications": 403, "contact": 404, "sub_vendor_contact": 404}
    assert {who: browse(who).get(path).status_code for who in after} == after


def test_a_bid_is_not_found_below_another_round(browse: Browse, bidding: Round, desk: Desk) -> None:
    now = timezone.now()
    other = prepare(
        desk.project,
        "Other",
        [draft(desk, "rear")],
        [desk.sibling],
        closes=now + timedelta(days=1),
        by=desk["officer"],
        now=now,
    )
    path = reverse("round_bid_file", args=(other.pk, Bid.objects.get().pk))
    assert bidding.pk not in path
    assert browse("sibling_contact").get(path).status_code == 404


@pytest.mark.parametrize(
    "name", ["offer.svg", 'a"; filename="b.html', "报价 offer\r\nSet-Cookie: a=b.html", "../../etc/passwd", ""]
)
def test_a_bids_file_is_saved_and_never_shown_whatever_its_name(browse: Browse, bidding: Round, name: str) -> None:
    Bid.objects.update(file_name=name)
    answer = browse("sibling_contact").get(reverse("round_bid_file", args=(bidding.pk, Bid.objects.get().pk)))
    said = answer.headers["Content-Disposition"]
    assert answer.content == PAGE
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert said.startswith('attachment; filename="')
    assert said.count('"') == 2
    assert not set("\r\n/\\") & set(said)
    assert "Set-Cookie" not in answer.headers


def test_a_name_with_folders_and_line_breaks_is_kept_plain(browse: Browse, bidding: Round) -> None:
    upload = SimpleUploadedFile("x.pdf", b"%PDF-")
    upload._name = '..\\up/报价"\r\nX: 1.pdf'
    assert browse("contact").post(_at("round_bid", bidding), {"file": upload}).status_code == 302
    kept = Bid.objects.get(bidder__party__name__startswith="Northwick").file_name
    assert not set('"\r\n/\\') & set(kept)


def test_a_contact_bids_and_a_late_bid_keeps_its_note(browse: Browse, bidding: Round) -> None:
    client = browse("contact")
    assert client.post(_at("round_bid", bidding), {"note": "41.20 EUR"}).status_code == 302
    Round.objects.filter(pk=bidding.pk).update(closes=timezone.now() - timedelta(seconds=1))
    late = client.post(_at("round_bid", bidding), {"note": "40.10 EUR, at last"})
    assert late.status_code == 409
    assert "closed" in late.content.decode()
    assert Bid.objects.filter(note__contains="40.10").count() == 0


def test_an_officer_prepares_opens_closes_and_awards(browse: Browse, desk: Desk) -> None:
    client, drawing = browse("officer"), draft(desk, "front")
    path = f"{reverse('round_new')}?project={desk.project.pk}"
    closes = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    form = {"title": "Grille", "closes": closes, "drafts": [drawing.pk], "parties": [desk.supplier.pk]}
    assert client.post(path, form | {"drafts": []}).status_code == 200
    assert client.post(path, form).status_code == 302
    bidding = Round.objects.get()
    assert client.post(_at("round_edit", bidding), form | {"title": "Grille 2"}).status_code == 302
    client.post(_at("round_open", bidding))
    client.post(_at("round_invite", bidding), {"party": desk.sibling.pk})
    browse("contact").post(_at("round_bid", bidding), {"note": "41.20 EUR"})
    client.post(_at("round_close", bidding))
    client.post(_at("round_award", bidding))
    assert Round.objects.get().awarded is None
    client.post(_at("round_award", bidding), {"winner": [_bidder(bidding, desk, "contact").pk]})
    seen = Round.objects.get()
    assert (seen.title, seen.state, seen.awarded is None) == ("Grille 2", Round.State.CLOSED, False)
    assert _bidder(bidding, desk, "contact").outcome == Bidder.Outcome.WON
    assert _bidder(bidding, desk, "sibling_contact").outcome == Bidder.Outcome.LOST


def test_the_officer_reads_who_may_get_copies_why_not_and_who_still_owes(
    browse: Browse, desk: Desk, lost: Round
) -> None:
    page = browse("officer").get(_at("round", lost)).content.decode()
    assert "2 of 2 persons" in page
    assert f"<strong>{desk.supplier.name}</strong>" in page
    browse("contact").post(_at("round_certify", lost), {"means": "destroyed"})
    assert Certificate.objects.get().person == desk["contact"]
    assert f"<strong>{desk.supplier.name}</strong>" not in browse("officer").get(_at("round", lost)).content.decode()


def test_what_bars_a_party_is_told_to_both_sides(browse: Browse, desk: Desk, bidding: Round) -> None:
    desk.agreements["supplier"].acceptances.filter(for_party=False).delete()
    reason = f"Agreement {desk.agreements['supplier'].reference} was not accepted by this person yet."
    assert reason in browse("officer").get(_at("round", bidding)).content.decode()
    page = browse("member").get(_at("round", bidding)).content.decode()
    assert reason in page
    assert reverse("agreement_accept", args=(desk.agreements["supplier"].pk,)) in page


@pytest.mark.parametrize("who", ["officer", "contact"])
def test_lists_and_the_officers_page_ask_a_fixed_number_of_queries(
    browse: Browse, desk: Desk, bidding: Round, who: str
) -> None:
    client = browse(who)
    paths = [reverse("rounds"), _at("round", bidding)]
    client.get(paths[0])

    def counted() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as seen:
                client.get(path)
            counts.append(len(seen))
        return counts

    few = counted()
    drawing = bidding.drafts.get()
    for number in range(12):
        party = Party.named(f"Crowd {number}", {}, now=NOW)
        place = engage(desk.project, party, None)
        member = person(party, f"crowd-{number}", Role.CONTACT)
        copy(drawing, member, place)
        bidder = Bidder.objects.create(round=bidding, party=party, invited=NOW)
        Bid.objects.create(bidder=bidder, person=member, note="Price.", handed_in=NOW)
        other = prepare(
            desk.project,
            f"Round {number}",
            [drawing],
            [desk.supplier, party],
            closes=timezone.now() + timedelta(days=1),
            by=desk["officer"],
            now=timezone.now(),
        )
        Round.objects.filter(pk=other.pk).update(state=Round.State.OPEN)
    assert counted() == few


@pytest.mark.parametrize("number", ["0", "9" * 30, "-1", "x", ""])
def test_numbers_that_are_nobodys_find_nothing(browse: Browse, desk: Desk, prepared: Round, number: str) -> None:
    client = browse("officer")
    assert client.post(_at("round_invite", prepared), {"party": number}).status_code == 404
    assert client.get(reverse("round_new"), {"project": number}).status_code in (200, 404)
    assert set(prepared.bidders.values_list("party", flat=True)) == {desk.supplier.pk, desk.sibling.pk}
