"""An acceptance binds a company or a person to exactly the terms that were read, and is in the ledger."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.desk import NOW, Desk
from tests.records.agreements.samples import kinds_logged, terms
from tidemark.errors import Refused
from tidemark.ledger.entry import Kind, decode
from tidemark.records.agreements.accept import accept
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.agreements.register import put_in_force, register, terminate
from tidemark.records.agreements.releasable import Missing, Permit, Refusal, releasable
from tidemark.records.home import Home
from tidemark.records.ledger.models import Leaf


@pytest.fixture
def agreement(home: Home, desk: Desk) -> Agreement:
    """A new one for the supplier, in force, that takes the place of the old."""
    terminate(home, desk.agreements["supplier"], why="Renewed.", by=desk["legal"], now=NOW)
    made = register(home, desk.owner, desk.supplier, terms(desk), by=desk["legal"], now=NOW)
    put_in_force(home, made, by=desk["legal"], now=NOW)
    return made


def _accept(home: Home, desk: Desk, agreement: Agreement, who: str, *, for_party: bool) -> Acceptance:
    return accept(home, agreement, by=desk[who], for_party=for_party, content_sha256=agreement.content_sha256, now=NOW)


def _missing(desk: Desk, who: str) -> Missing | None:
    found = releasable(desk.project, "bidding", desk[who], at=NOW)
    return found.missing if isinstance(found, Refusal) else None


def test_company_and_person_are_both_needed_before_a_release(home: Home, desk: Desk, agreement: Agreement) -> None:
    assert _missing(desk, "member") is Missing.COMPANY
    _accept(home, desk, agreement, "contact", for_party=True)
    assert _missing(desk, "member") is Missing.PERSON
    assert _missing(desk, "contact") is Missing.PERSON
    _accept(home, desk, agreement, "member", for_party=False)
    assert isinstance(releasable(desk.project, "bidding", desk["member"], at=NOW), Permit)
    assert _missing(desk, "contact") is Missing.PERSON


def test_each_acceptance_is_a_leaf_that_binds_terms_and_person(home: Home, desk: Desk, agreement: Agreement) -> None:
    made = _accept(home, desk, agreement, "contact", for_party=True)
    leaf = Leaf.objects.get(index=made.leaf_index)
    body = decode(bytes(leaf.data)).body
    assert leaf.kind == Kind.AGREEMENT_ACCEPTED
    assert body["content_sha256"] == made.content_sha256 == agreement.content_sha256
    assert (body["person"], body["party"], body["for_party"]) == (desk["contact"].pk, desk.supplier.name, True)
    assert desk["contact"].email.encode() not in bytes(leaf.data)
    assert desk["contact"].name.encode() not in bytes(leaf.data)


def test_accepting_twice_is_accepting_once(home: Home, desk: Desk, agreement: Agreement) -> None:
    first = _accept(home, desk, agreement, "contact", for_party=False)
    assert _accept(home, desk, agreement, "contact", for_party=False) == first
    assert kinds_logged(agreement.pk).count(Kind.AGREEMENT_ACCEPTED) == 1


@pytest.mark.parametrize(
    ("who", "for_party"),
    [
        ("member", True),
        ("officer", True),
        ("officer", False),
        ("sub_vendor_contact", False),
        ("sibling_contact", True),
        ("stranger_contact", False),
    ],
)
def test_who_is_not_bound_by_it_or_may_not_bind_is_refused(
    home: Home, desk: Desk, agreement: Agreement, who: str, for_party: bool
) -> None:
    with pytest.raises(Refused):
        _accept(home, desk, agreement, who, for_party=for_party)
    assert not agreement.acceptances.exists()


@pytest.mark.parametrize("read", ["", "0" * 64])
def test_other_terms_than_those_in_force_cannot_be_accepted(
    home: Home, desk: Desk, agreement: Agreement, read: str
) -> None:
    with pytest.raises(Refused, match="terms"):
        accept(home, agreement, by=desk["contact"], for_party=False, content_sha256=read, now=NOW)


def test_prepared_terminated_and_ended_agreements_cannot_be_accepted(home: Home, desk: Desk) -> None:
    prepared = register(home, desk.owner, desk.supplier, terms(desk), by=desk["legal"], now=NOW)
    over = register(home, desk.owner, desk.supplier, terms(desk), by=desk["legal"], now=NOW)
    put_in_force(home, over, by=desk["legal"], now=NOW)
    terminate(home, over, why="Mistake.", by=desk["legal"], now=NOW)
    lapsed = desk.agreements["supplier"]
    for agreement, at in ((prepared, NOW), (over, NOW), (lapsed, NOW.replace(year=2028))):
        with pytest.raises(Refused, match="not in force"):
            accept(
                home, agreement, by=desk["contact"], for_party=False, content_sha256=agreement.content_sha256, now=at
            )


def test_an_agreement_can_be_accepted_on_its_last_day_of_utc(home: Home, desk: Desk, agreement: Agreement) -> None:
    agreement.valid_until = NOW.date()
    agreement.save(update_fields=["valid_until"])
    said = {"by": desk["contact"], "for_party": False, "content_sha256": agreement.content_sha256}
    in_china, in_hawaii = timezone(timedelta(hours=8)), timezone(timedelta(hours=-10))
    with pytest.raises(Refused, match="not in force"):
        accept(home, agreement, **said, now=datetime(2026, 3, 14, 15, tzinfo=in_hawaii))  # the 15th, 01:00 UTC
    accept(home, agreement, **said, now=datetime(2026, 3, 15, 1, tzinfo=in_china))  # the 14th, 17:00 UTC
    assert agreement.acceptances.filter(person=desk["contact"]).exists()


def test_an_acceptance_of_other_content_permits_nothing(home: Home, desk: Desk, agreement: Agreement) -> None:
    _accept(home, desk, agreement, "contact", for_party=True)
    _accept(home, desk, agreement, "contact", for_party=False)
    assert releasable(desk.project, "bidding", desk["contact"], at=NOW)
    Acceptance.objects.filter(agreement=agreement).update(content_sha256="0" * 64)
    assert not releasable(desk.project, "bidding", desk["contact"], at=NOW)
