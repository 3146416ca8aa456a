"""No key, token, password or neighbour's address leaves: not in an answer, not in the log, not in an error."""

import base64
import logging
from collections.abc import Callable

import pytest
from django.test import Client

from tests.desk import NOW, PASSWORD, Desk
from tests.records.leaks.found import hand_in, repost
from tests.security.samples import Samples
from tidemark.engine.keys import copy_key
from tidemark.records import blobs
from tidemark.records.accounts.models import ApiToken, Invitation, Person
from tidemark.records.copies.models import Copy
from tidemark.records.copies.share import share
from tidemark.records.home import Home
from tidemark.records.leaks.run import traces_of
from tidemark.records.projects.models import Draft
from tidemark.records.work.worker import work

Program = Callable[[str], Client]


def _spellings(secret: bytes) -> set[str]:
    """Return how bytes are usually written down."""
    return {
        secret.hex(),
        secret.hex().upper(),
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        repr(secret)[2:-1],
    }


def _secrets(home: Home, desk: Desk, tokens: list[str]) -> dict[str, str]:
    """Return every spelling of every secret of this folder, with what it is."""
    found = {PASSWORD: "the password", **{token.removeprefix("tdmk_"): "a token" for token in tokens}}
    for path in (home.secret, home.ledger_key):
        found |= dict.fromkeys(_spellings(path.read_bytes()), path.name)
    session_key = home.path / "session.key"
    if session_key.exists():
        found[session_key.read_text()] = "session.key"
    for copy in Copy.objects.all():
        key = copy_key(home.secret.read_bytes(), draft=copy.draft_id, copy=copy.pk)
        found |= dict.fromkeys(_spellings(bytes(key)), f"the key of copy {copy.pk}")
    for model in (ApiToken, Invitation):
        found |= dict.fromkeys(model.objects.values_list("token_sha256", flat=True), f"a hash of {model.__name__}")
    for person in desk.persons.values():
        found[Person.objects.get(pk=person.pk).password] = "the hash of a password"
    return found


def _told(client: Client) -> dict[str, str]:
    """Return what a program is told by every look that there is, each list and each thing in it."""
    told = {}
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, ways in paths.items():
        if "get" in ways and "{" not in path:
            answer = client.get(path, {"limit": 200} if path != "/api/v1/openapi.json" else {})
            told[path] = answer.content.decode(errors="replace")
            is_list = answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json")
            listed = answer.json() if is_list else {}
            for item in listed.get("items", []) if isinstance(listed, dict) else ():  # else it is the same for all
                for below in (other for other in paths if other.startswith(f"{path}/{{") and "get" in paths[other]):
                    if below.count("{") == 1:
                        address = below.partition("{")[0] + str(item.get("id", item.get("index")))
                        address += below.partition("}")[2]
                        told[address] = client.get(address).content.decode(errors="replace")
    return told


@pytest.mark.parametrize("who", ["officer", "contact", "member", "sub_vendor_contact"])
def test_no_answer_holds_a_secret(home: Home, samples: Samples, desk: Desk, program: Program, who: str) -> None:  # noqa: ARG001
    client = program(who)
    told = _told(client)
    assert len(told) > 15
    secrets = _secrets(home, desk, [client.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")])
    assert len(secrets) > 25
    for address, text in told.items():
        for secret, what in secrets.items():
            assert secret not in text, f"{address} tells {what}"
        assert str(home.path) not in text, f"{address} tells where the folder is"


@pytest.mark.parametrize("who", ["contact", "member", "sub_vendor_contact", "sibling_contact", "stranger_contact"])
def test_no_supplier_is_told_of_others_than_its_own(samples: Samples, desk: Desk, program: Program, who: str) -> None:  # noqa: ARG001
    own = desk[who].party
    below = {desk.sub_vendor} if own == desk.supplier else set()
    above = {desk.supplier} if own == desk.sub_vendor else set()
    told = _told(program(who))
    for address, text in told.items():
        for person in desk.persons.values():
            if person.party != own:
                assert f'"{person.email}"' not in text, f"{address} tells the address of {person.name}"
        for party in {desk.supplier, desk.sub_vendor, desk.sibling, desk.stranger} - {own} - below - above:
            assert party.name not in text, f"{address} tells of {party.name}"


def test_the_log_holds_no_secret_when_things_go_well_and_when_they_break(
    home: Home,
    samples: Samples,
    desk: Desk,
    program: Program,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contact, wrong = (
        program("contact"),
        Client(headers={"host": "127.0.0.1", "authorization": "Bearer tdmk_" + "w" * 43}),
    )
    with caplog.at_level(logging.DEBUG):
        Client(headers={"host": "127.0.0.1"}).post(
            "/accounts/login/", {"login": desk["contact"].email, "password": PASSWORD}
        )
        Client(headers={"host": "127.0.0.1"}).post(
            "/accounts/login/", {"login": desk["contact"].email, "password": "wrong-" + PASSWORD}
        )
        contact.post(f"/api/v1/copies/{samples.fields['copy_id']}/downloads")
        wrong.get("/api/v1/me")
        monkeypatch.setattr("tidemark.api.copies.download", _break)
        broken = contact.post(f"/api/v1/copies/{samples.fields['copy_id']}/downloads")
    assert broken.status_code == 500
    assert "Traceback" in caplog.text  # so there is something to be found in
    token = contact.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    for secret, what in _secrets(home, desk, [token, "tdmk_" + "w" * 43]).items():
        assert secret not in caplog.text, f"the log tells {what}"
        assert secret not in broken.content.decode(), f"the error tells {what}"


@pytest.mark.slow
def test_the_workers_log_holds_no_secret_when_it_makes_copies_and_traces_a_leak(
    home: Home, samples: Samples, desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = Draft.objects.get(pk=samples.fields["draft_id"])
    with caplog.at_level(logging.DEBUG):
        made = share(home, [(draft, desk["member"])], project=desk.project, by=desk["officer"], now=NOW).planned
        work(until_empty=True)
        copy = Copy.objects.get(pk=made[0].pk)
        received = hand_in(home, desk, blobs.get(home, blobs.Shelf.COPIES, copy.sha256 or ""))
        work(until_empty=True)
        monkeypatch.setattr("tidemark.records.leaks.run.trace_leak", _break)
        hand_in(home, desk, repost(blobs.get(home, blobs.Shelf.COPIES, copy.sha256 or ""), quality=50))
        work(until_empty=True)
    assert copy.state == Copy.State.RELEASED
    named = traces_of(received.post).get().named.get()
    assert (named.copy, named.is_accused) == (copy, True)
    assert "Traceback" in caplog.text  # so there is something to be found in
    for secret, what in _secrets(home, desk, []).items():
        assert secret not in caplog.text, f"the worker's log tells {what}"


def _break(*_: object, **__: object) -> None:
    raise RuntimeError
