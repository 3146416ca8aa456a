"""One's own page: language, sessions and tokens; nobody else's."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.desk import PASSWORD, Desk
from tidemark.ledger.entry import Kind
from tidemark.records.accounts.models import ApiToken, Person
from tidemark.records.accounts.tokens import find_token, issue_token
from tidemark.records.ledger.models import Leaf

Browse = Callable[[str], Client]
WANTED = {"name": "PDM", "scopes": ["read"], "days": "30"}


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def prove(client: Client) -> Client:
    """Enter the password once more."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize("path", ["/profile/", "/profile/tokens/new/"])
def test_a_stranger_is_asked_to_sign_in(browse: Browse, path: str) -> None:
    assert browse("").get(path).headers["Location"].startswith("/accounts/login/")


def test_the_chosen_language_is_spoken_from_then_on(browse: Browse, desk: Desk) -> None:
    client = browse("legal")
    client.post("/profile/", {"name": "Counsel", "language": "zh-hans"})
    page = client.get("/profile/")
    assert page.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans">' in page.content.decode()
    assert Person.objects.get(pk=desk["legal"].pk).name == "Counsel"


@pytest.mark.parametrize("who", ["contact", "member", "sub_vendor_contact"])
def test_a_suppliers_person_takes_no_other_name(browse: Browse, desk: Desk, who: str) -> None:
    """Overlays and acceptances are read by it: another's name there would be another's deed."""
    before = desk[who].name
    answer = browse(who).post("/profile/", {"name": desk["sibling_contact"].name, "language": "zh-hans"})
    assert answer.status_code == 302
    after = Person.objects.get(pk=desk[who].pk)
    assert (after.name, after.language) == (before, "zh-hans")


def test_a_nonce_is_taken_told_and_logged_and_a_wrong_one_is_refused(browse: Browse, desk: Desk) -> None:
    client = browse("contact")
    assert "goes into the marks" in client.post("/profile/nonce/", {"nonce": "0F" * 16}, follow=True).content.decode()
    assert 'value="' + "0f" * 16 + '"' in client.get("/profile/").content.decode()
    for wrong in ("0f", "0f" * 40, "x" * 100_000):
        refused = client.post("/profile/nonce/", {"nonce": wrong}, follow=True).content.decode()
        assert "Let a program of yours draw one." in refused
    assert bytes(Person.objects.get(pk=desk["contact"].pk).nonce) == b"\x0f" * 16
    (leaf,) = Leaf.objects.filter(kind=Kind.NONCE_GIVEN)
    assert (leaf.subject, json.loads(bytes(leaf.data))["body"]["nonce"]) == (desk["contact"].pk, "0f" * 16)
    client.post("/profile/nonce/", {"nonce": ""})
    assert bytes(Person.objects.get(pk=desk["contact"].pk).nonce) == b""
    assert Leaf.objects.filter(kind=Kind.NONCE_GIVEN).count() == 2


def test_a_name_is_one_line_without_what_steers_text(browse: Browse, desk: Desk) -> None:
    browse("legal").post("/profile/", {"name": "Eve\r\n\u202eda", "language": "en"})
    assert Person.objects.get(pk=desk["legal"].pk).name == "Eve da"
    assert "at most" in browse("legal").post("/profile/", {"name": "\u3164", "language": "en"}).content.decode()


def test_nobody_changes_address_party_or_standing_on_the_own_page(browse: Browse, desk: Desk) -> None:
    browse("contact").post(
        "/profile/",
        {
            "name": "C",
            "language": "en",
            "email": "eve@example.test",
            "party": str(desk.owner.pk),
            "is_active": "",
            "roles": "officer",
        },
    )
    person = Person.objects.get(pk=desk["contact"].pk)
    assert (person.email, person.party, person.is_active) == ("contact@example.test", desk.supplier, True)
    assert person.roles == {"contact"}


def test_signing_out_everywhere_else_keeps_this_session(browse: Browse) -> None:
    here, elsewhere = browse("officer"), browse("officer")
    assert elsewhere.get("/profile/").status_code == 200
    here.post("/profile/sessions/end/")
    assert here.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302


def test_a_new_password_ends_the_other_sessions(browse: Browse) -> None:
    here, elsewhere = browse("officer"), browse("officer")
    chosen = "harbour-pewter-ninety"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen})
    assert elsewhere.get("/profile/").status_code == 302


def test_a_token_is_made_after_the_password_and_shown_once(browse: Browse, desk: Desk) -> None:
    client = browse("officer")
    assert client.get("/profile/tokens/new/").headers["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/profile/tokens/new/", WANTED).status_code == 302
    assert not ApiToken.objects.exists()
    page = prove(client).post("/profile/tokens/new/", WANTED)
    assert page.headers["Cache-Control"] == "no-store, private"
    token = re.findall(r"tdmk_[\w-]+", page.content.decode())[0]
    found = find_token(token, now=timezone.now())
    assert found is not None
    assert found.person == desk["officer"]
    assert token not in client.get("/profile/").content.decode()


def test_only_ones_own_token_can_be_revoked(browse: Browse, desk: Desk) -> None:
    now = timezone.now()
    issued = issue_token(desk["officer"], name="n", scopes=["read"], expires=now + timedelta(days=1), now=now)
    path = f"/profile/tokens/{issued.row.pk}/revoke/"
    for who, status in (("administrator", 404), ("contact", 404), ("", 302)):
        assert browse(who).post(path).status_code == status
    assert find_token(issued.token, now=now) is not None
    assert browse("officer").get(path).status_code == 405
    browse("officer").post(path)
    assert find_token(issued.token, now=now) is None


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/password/change/"],
)
def test_the_pages_of_second_factors_and_passwords_open(browse: Browse, path: str) -> None:
    page = prove(browse("officer")).get(path)
    assert page.status_code == 200
    assert page.content.decode().count("<h1>") == 1


@pytest.mark.parametrize(
    ("rule", "who", "is_asked"),
    [("owner", "officer", True), ("owner", "contact", False), ("all", "contact", True), ("none", "officer", False)],
)
def test_whoever_must_have_a_second_factor_sets_it_up_first(
    browse: Browse, monkeypatch: pytest.MonkeyPatch, rule: str, who: str, is_asked: bool
) -> None:
    monkeypatch.setattr("django.conf.settings.REQUIRE_MFA", rule)
    client = browse(who)
    for path in ("/", "/profile/", "/agreements/"):
        answer = client.get(path)
        assert (answer.headers.get("Location") == "/profile/second-factor/") == is_asked, path
    if is_asked:
        assert "Set up a second factor" in client.get("/profile/second-factor/").content.decode()
        assert client.get("/accounts/2fa/").status_code == 200
        assert client.get("/api/v1/").status_code == 403
        TOTP.activate(Person.objects.get(email=f"{who}@example.test"), "JBSWY3DPEHPK3PXP")
        assert client.get("/profile/").status_code == 200
