"""Invitations: to a named person at one address, once; the secret is in the mail and nowhere else."""

import re
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from tests.conftest import NOW
from tests.desk import Desk, person
from tidemark.errors import Refused
from tidemark.records.accounts import invite as inviting
from tidemark.records.accounts.models import Invitation, Person
from tidemark.records.accounts.roles import Role
from tidemark.records.accounts.standing import deactivate, reactivate, set_roles
from tidemark.records.home import Home

PASSWORD = "driftwood-lantern-eleven"
WU: dict[str, Any] = {"name": "Wu Lan", "email": "Wu.Lan@Northwick.example", "roles": ["member"]}


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


def mails(home: Home) -> str:
    return "".join(path.read_text() for path in sorted((home.path / "mail").iterdir(), key=_age))


def secret_of(home: Home) -> str:
    """Return the secret of the newest link that was mailed."""
    return re.findall(r"/invitations/([\w-]+)/", mails(home))[-1]


def test_whoever_is_invited_becomes_a_person_with_a_verified_address(desk: Desk, home: Home) -> None:
    invited = inviting.invite(desk.supplier, **WU, language="zh-hans", by=desk["officer"], now=NOW)
    assert invited.is_mailed
    found = inviting.find_invitation(secret_of(home))
    assert found == invited.invitation
    person = inviting.accept(found, password=PASSWORD, now=NOW)
    assert (person.party, person.name, person.email) == (desk.supplier, "Wu Lan", "wu.lan@northwick.example")
    assert (person.roles, person.language) == ({"member"}, "zh-hans")
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified
    assert person.invitation.accepted == NOW
    assert [(each.granted_by, each.granted) for each in person.grants.all()] == [(desk["officer"], NOW)]


def test_the_secret_is_in_the_mail_alone(desk: Desk, home: Home) -> None:
    invited = inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    secret = secret_of(home)
    assert secret not in repr(invited)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_invitation")
        assert secret not in str(cursor.fetchall())
    folder = home.path / "mail"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_link_works_once(desk: Desk, home: Home) -> None:
    inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    found = inviting.find_invitation(secret_of(home))
    assert found is not None
    inviting.accept(found, password=PASSWORD, now=NOW)
    with pytest.raises(Refused, match="cannot be used any more"):
        inviting.accept(found, password=PASSWORD, now=NOW)
    assert Person.objects.filter(email="wu.lan@northwick.example").count() == 1


@pytest.mark.parametrize("fate", ["withdrawn", "expired", "resent"])
def test_a_link_of_before_does_not_work(desk: Desk, home: Home, fate: str) -> None:
    invited = inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    found, when = inviting.find_invitation(secret_of(home)), NOW + timedelta(days=1)
    assert found is not None
    if fate == "withdrawn":
        inviting.withdraw(invited.invitation, by=desk["administrator"], now=NOW)
    elif fate == "resent":
        inviting.resend(invited.invitation, by=desk["officer"], now=NOW)
    else:
        when = NOW + inviting.LASTS
    with pytest.raises(Refused, match="cannot be used any more"):
        inviting.accept(found, password=PASSWORD, now=when)
    assert not Person.objects.filter(email="wu.lan@northwick.example").exists()


def test_an_invitation_of_somebody_who_was_shut_out_makes_no_officer(desk: Desk, home: Home) -> None:
    rogue = person(desk.owner, "rogue", Role.OFFICER)
    made = inviting.invite(desk.owner, **{**WU, "roles": ["officer", "legal"]}, by=rogue, now=NOW).invitation
    found = inviting.find_invitation(secret_of(home))
    assert found is not None
    deactivate(rogue, by=desk["officer"], now=NOW)
    reactivate(home, rogue, by=desk["officer"], now=NOW)
    made.refresh_from_db()
    assert made.withdrawn == NOW
    with pytest.raises(Refused, match="cannot be used any more"):
        inviting.accept(found, password=PASSWORD, now=NOW)
    assert not Person.objects.filter(email="wu.lan@northwick.example").exists()


def test_what_others_sent_stands_when_a_person_is_shut_out(desk: Desk, home: Home) -> None:
    inviting.invite(desk.supplier, **WU, by=desk["contact"], now=NOW)
    deactivate(person(desk.supplier, "other", Role.CONTACT), by=desk["officer"], now=NOW)
    found = inviting.find_invitation(secret_of(home))
    assert found is not None
    assert inviting.accept(found, password=PASSWORD, now=NOW).is_active


@pytest.mark.parametrize(
    ("side", "roles", "left"), [("owner", ["officer"], "legal"), ("supplier", ["member"], "member")]
)
def test_an_invitation_is_worth_nothing_once_who_sent_it_may_not_invite_any_more(
    desk: Desk, home: Home, side: str, roles: list[str], left: str
) -> None:
    party = desk.owner if side == "owner" else desk.supplier
    sender = person(party, "sender", Role.OFFICER if side == "owner" else Role.CONTACT)
    made = inviting.invite(party, **{**WU, "roles": roles}, by=sender, now=NOW).invitation
    found = inviting.find_invitation(secret_of(home))
    assert found is not None
    set_roles(sender, [left], by=desk["administrator"], now=NOW)
    with pytest.raises(Refused, match="cannot be used any more"):
        inviting.accept(found, password=PASSWORD, now=NOW)
    with pytest.raises(Refused, match="invite anew"):
        inviting.resend(made, by=desk["administrator"], now=NOW)
    inviting.withdraw(made, by=desk["administrator"], now=NOW)
    inviting.invite(party, **{**WU, "roles": roles}, by=desk["administrator"], now=NOW)
    again = inviting.find_invitation(secret_of(home))
    assert again is not None
    assert inviting.accept(again, password=PASSWORD, now=NOW).roles == set(roles)


def test_an_expired_invitation_lives_again_when_it_is_sent_again(desk: Desk, home: Home) -> None:
    invited = inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    later = NOW + timedelta(days=30)
    inviting.resend(invited.invitation, by=desk["officer"], now=later)
    found = inviting.find_invitation(secret_of(home))
    assert found is not None
    assert inviting.accept(found, password=PASSWORD, now=later).email == "wu.lan@northwick.example"


@pytest.mark.parametrize("who", ["investigator", "legal", "communications", "member", "sibling_contact"])
def test_whoever_may_not_invite_is_refused(desk: Desk, who: str) -> None:
    with pytest.raises(Refused, match="Your role"):
        inviting.invite(desk.supplier, **WU, by=desk[who], now=NOW)
    invited = inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW).invitation
    for action in (inviting.resend, inviting.withdraw):
        with pytest.raises(Refused, match="Your role"):
            action(invited, by=desk[who], now=NOW)  # type: ignore[operator]


def test_a_contact_invites_members_of_the_own_party_and_nobody_else(desk: Desk) -> None:
    assert inviting.invite(desk.supplier, **WU, by=desk["contact"], now=NOW).is_mailed
    with pytest.raises(Refused, match="invites members"):
        inviting.invite(
            desk.supplier, **{**WU, "email": "b@example.test", "roles": ["contact"]}, by=desk["contact"], now=NOW
        )
    with pytest.raises(Refused, match="Your role"):
        inviting.invite(desk.sub_vendor, **{**WU, "email": "c@example.test"}, by=desk["contact"], now=NOW)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"roles": ["officer"]}, "cannot have"),
        ({"roles": []}, "at least one role"),
        ({"email": "nobody"}, "not an e-mail"),
        ({"email": "a@example.test\nBcc: b@example.test"}, "not an e-mail"),
        ({"email": "CONTACT@example.test"}, "on record already"),
        ({"name": " \u200b"}, "name"),
    ],
)
def test_what_makes_no_invitation_is_refused(desk: Desk, given: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        inviting.invite(desk.supplier, **{**WU, **given}, by=desk["officer"], now=NOW)
    assert not Invitation.objects.exists()


def test_one_address_has_one_open_invitation(desk: Desk) -> None:
    inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    with pytest.raises(Refused, match="open invitation already"):
        inviting.invite(desk.sibling, **WU, by=desk["officer"], now=NOW)


def test_a_weak_password_uses_no_link_up(desk: Desk, home: Home) -> None:
    inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    found = inviting.find_invitation(secret_of(home))
    assert found is not None
    for password in ("short", "password1234", "wu.lan@northwick.example"):
        with pytest.raises(Refused):
            inviting.accept(found, password=password, now=NOW)
    assert inviting.accept(found, password=PASSWORD, now=NOW).is_active


def test_a_mail_that_cannot_be_sent_is_told_and_the_invitation_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("tidemark.records.mail.FolderBackend.send_messages", fail)
    invited = inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    assert not invited.is_mailed
    assert Invitation.objects.get().state(NOW) == "open"


def test_a_name_adds_no_header_to_the_mail(desk: Desk, home: Home) -> None:
    desk["officer"].name = "Eve\nBcc: thief@example.test"
    inviting.invite(desk.supplier, **WU, by=desk["officer"], now=NOW)
    head = mails(home).partition("\n\n")[0]
    assert not re.search(r"^Bcc", head, re.MULTILINE)


@pytest.mark.parametrize("known", ["a person", "an invitation"])
def test_a_contact_does_not_learn_whose_addresses_the_owner_knows(desk: Desk, home: Home, known: str) -> None:
    email = "sibling-contact@example.test" if known == "a person" else "new@ardoise.example"
    if known == "an invitation":
        inviting.invite(desk.sibling, name="New", email=email, roles=["member"], by=desk["officer"], now=NOW)
    before = len(mails(home)) if known == "an invitation" else 0
    fresh, held = (
        inviting.invite(desk.supplier, name="X", email=each, roles=["member"], by=desk["contact"], now=NOW)
        for each in ("nobody@ardoise.example", email)
    )
    assert fresh.is_mailed == held.is_mailed
    assert fresh.invitation.state(NOW) == held.invitation.state(NOW) == "open"
    assert held.invitation.on_record_at == desk.sibling
    assert len(mails(home)) > before
    assert mails(home).count(f"To: {email}") == (1 if known == "an invitation" else 0)
    for each in (fresh, held):
        again = each.invitation.email
        with pytest.raises(Refused, match="open invitation already"):
            inviting.invite(desk.supplier, name="X", email=again, roles=["member"], by=desk["contact"], now=NOW)
        assert inviting.resend(each.invitation, by=desk["contact"], now=NOW).is_mailed
    assert mails(home).count(f"To: {email}") == (1 if known == "an invitation" else 0)
    with pytest.raises(Refused, match="already"):
        inviting.resend(held.invitation, by=desk["administrator"], now=NOW)
    held.invitation.refresh_from_db()
    with pytest.raises(Refused, match="cannot be used"):
        inviting.accept(held.invitation, password=PASSWORD, now=NOW)


def test_an_invitation_that_was_held_back_is_mailed_once_the_address_is_free(desk: Desk, home: Home) -> None:
    first = inviting.invite(desk.sibling, **WU, by=desk["officer"], now=NOW).invitation
    held = inviting.invite(desk.supplier, **WU, by=desk["contact"], now=NOW).invitation
    assert held.on_record_at == desk.sibling
    inviting.withdraw(first, by=desk["officer"], now=NOW)
    inviting.resend(held, by=desk["contact"], now=NOW)
    found = inviting.find_invitation(secret_of(home))
    assert found == held
    assert inviting.accept(found, password=PASSWORD, now=NOW).party == desk.supplier
