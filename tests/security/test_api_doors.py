"""Every operation of the API, asked for by everybody: what each gets is written down here, line by line.

Five columns for the owner's roles (administrator, officer, investigator, legal, communications), then the supplier's
contact and member, its sub-vendor, its sibling, a stranger, and nobody. ``.`` done · ``u`` who are you (401) · ``f``
not with your role (403) · ``n`` not found (404) · ``r`` a rule refuses it (409) · ``i`` the body names what is not
yours (422).

What is asked for is the supplier's: its copy, its agreement, its person. A list is open to everybody who is somebody;
what is in it is for others to show (``tests/api/test_pages.py``).
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.desk import Desk
from tests.security.bodies import bodies_of
from tests.security.doors import WHO, all_rows, differences, knock, letter, routes
from tests.security.samples import Samples

DOORS = {
    "GET /me": "..... .....u",
    "PUT /me": "..... rrrrru",
    "PUT /me/nonce": "..... .....u",
    "GET /me/tokens": "..... .....u",
    "DELETE /me/tokens/{token_id}": "nnnnn .nnnnu",
    "GET /parties": "..... .....u",
    "POST /parties": "..fff fffffu",
    "GET /parties/{party_id}": "..... ..nnnu",
    "GET /persons": "..... .....u",
    "GET /persons/{person_id}": "..... ..nnnu",
    "PUT /persons/{person_id}/name": "..fff ffnnnu",
    "PUT /persons/{person_id}/roles": "..fff ffnnnu",
    "POST /persons/{person_id}/deactivate": "..fff ffnnnu",
    "POST /persons/{person_id}/reactivate": "..fff ffnnnu",
    "GET /invitations": "..... .....u",
    "POST /invitations": "..fff .fiiiu",
    "GET /invitations/{invitation_id}": "..... .nnnnu",
    "POST /invitations/{invitation_id}/resend": "..fff .nnnnu",
    "DELETE /invitations/{invitation_id}": "..fff .nnnnu",
    "GET /projects": "..... .....u",
    "POST /projects": "f.fff fffffu",
    "GET /projects/{project_id}": "..... ....nu",
    "PUT /projects/{project_id}": "f.fff ffffnu",
    "GET /projects/{project_id}/engagements": "..... ....nu",
    "POST /projects/{project_id}/engagements": "f.fff ffffnu",
    "GET /projects/{project_id}/tree": "..... ....nu",
    "GET /projects/{project_id}/distribution": "..... nnnnnu",
    "GET /projects/{project_id}/activity": "..... nnnnnu",
    "GET /engagements/{engagement_id}/subtree": "..... ..nnnu",
    "GET /engagements/{engagement_id}": "..... ..nnnu",
    "POST /engagements/{engagement_id}/suspend": "f.fff ffnnnu",
    "POST /engagements/{engagement_id}/resume": "frfff ffnnnu",
    "GET /projects/{project_id}/drafts": "..... ....nu",
    "POST /projects/{project_id}/drafts": "f.fff ffffnu",
    "GET /drafts/{draft_id}": "..... nnnnnu",
    "PUT /drafts/{draft_id}": "f.fff nnnnnu",
    "GET /drafts/{draft_id}/drill": "..... nnnnnu",
    "POST /drafts/{draft_id}/drill": "f.fff nnnnnu",
    "GET /drafts/{draft_id}/original": "f..ff nnnnnu",
    "GET /drafts/{draft_id}/preview": "f..ff nnnnnu",
    "GET /agreements": "..... .....u",
    "POST /agreements": "f.f.f ifiiiu",
    "GET /agreements/{agreement_id}": "..... ..nnnu",
    "PUT /agreements/{agreement_id}": "frfrf ffnnnu",
    "POST /agreements/{agreement_id}/document": "frfrf ffnnnu",
    "GET /agreements/{agreement_id}/document": "..... ..nnnu",
    "POST /agreements/{agreement_id}/put-in-force": "frfrf ffnnnu",
    "POST /agreements/{agreement_id}/terminate": "f.f.f ffnnnu",
    "POST /agreements/{agreement_id}/accept": "fffff ..nnnu",
    "GET /rounds": "..... .....u",
    "POST /rounds": "f.fff fffffu",
    "GET /rounds/{round_id}": "..... ..n.nu",
    "PUT /rounds/{round_id}": "frfff ffnfnu",
    "POST /rounds/{round_id}/open": "frfff ffnfnu",
    "POST /rounds/{round_id}/bidders": "f.fff ffnfnu",
    "POST /rounds/{round_id}/close": "f.fff ffnfnu",
    "POST /rounds/{round_id}/award": "frfff ffnfnu",
    "POST /rounds/{round_id}/bids": "fffff .fn.nu",
    "GET /rounds/{round_id}/bids/{bid_id}/file": "fnfff .fnnnu",
    "POST /rounds/{round_id}/decline": "fffff .fn.nu",
    "POST /rounds/{round_id}/certify": "fffff rfnrnu",
    "GET /releases": "..... .....u",
    "POST /releases": "f.fff fffffu",
    "POST /foreseen-releases": "f.fff fffffu",
    "GET /releases/{release_id}": "..... nnnnnu",
    "GET /copies": "..... .....u",
    "GET /copies/{copy_id}": "..... .nnnnu",
    "GET /copies/{copy_id}/preview": "nnnnn .nnnnu",
    "GET /copies/{copy_id}/downloads": "..... .nnnnu",
    "GET /copies/{copy_id}/receipt": "....f .nnnnu",
    "POST /copies/{copy_id}/downloads": "fffff .nnnnu",
    "POST /revocations": "f.fff fffffu",
    "GET /onward-requests": "..... .....u",
    "GET /onward-requests/{request_id}": "..... .nnnnu",
    "POST /onward-requests": "fffff .fiiiu",
    "POST /onward-requests/{request_id}/decide": "f.fff fnnnnu",
    "POST /onward-requests/{request_id}/take-back": "frfff fnnnnu",
    "POST /onward-requests/{request_id}/invite": "frfff fnnnnu",
    "POST /onward-requests/{request_id}/withdraw": "fffff .nnnnu",
    "GET /leaks": "f.... .....u",
    "GET /inbox": "f.... .....u",
    "POST /leaks": "f..ff fffffu",
    "POST /leaks/links": "f..ff fffffu",
    "GET /leaks/{leak_id}": "f.... nnnnnu",
    "GET /leaks/{leak_id}/similar": "f.... nnnnnu",
    "POST /leaks/{leak_id}/join": "frrff nnnnnu",
    "POST /leaks/{leak_id}/sighting": "f..ff nnnnnu",
    "GET /posts/{post_id}": "f.... nnnnnu",
    "GET /posts/{post_id}/file": "f...f nnnnnu",
    "GET /posts/{post_id}/preview": "fnnnn nnnnnu",
    "GET /posts/{post_id}/traces": "f.... nnnnnu",
    "POST /posts/{post_id}/traces": "f..ff nnnnnu",
    "PUT /posts/{post_id}": "f..ff nnnnnu",
    "POST /posts/{post_id}/split": "frrff nnnnnu",
    "POST /posts/{post_id}/confirm": "frrff nnnnnu",
    "GET /traces/{trace_id}": "fnnnn nnnnnu",
    "GET /matches/{match_id}/pictures/{picture}": "fnnnn nnnnnu",
    "GET /matches/{match_id}/evidence": "fnnnn nnnnnu",
    "GET /posters": "f.... .....u",
    "GET /posters/{poster_id}": "f.... nnnnnu",
    "PUT /posters/{poster_id}": "f..ff nnnnnu",
    "GET /channels": "f.... .....u",
    "GET /channels/{channel_id}": "f.... nnnnnu",
    "PUT /channels/{channel_id}": "f..ff nnnnnu",
    "GET /sightings": "f.... .....u",
    "POST /sightings": "iiiii iiiiiu",
    "GET /sightings/{sighting_id}": "f.... nnnnnu",
    "PUT /sightings/{sighting_id}": "f..ff nnnnnu",
    "POST /sightings/{sighting_id}/runs": "f..ff nnnnnu",
    "POST /sightings/{sighting_id}/leak": "f..ff nnnnnu",
    "POST /sightings/{sighting_id}/case": "f..ff nnnnnu",
    "GET /sightings/{sighting_id}/events": "f.... nnnnnu",
    "GET /sightings/{sighting_id}/file": "f...f nnnnnu",
    "GET /sightings/{sighting_id}/preview": "fnnnn nnnnnu",
    "GET /cases": "f.... .....u",
    "POST /cases": "f..ff fffffu",
    "GET /cases/{case_id}": "f.... nnnnnu",
    "GET /cases/{case_id}/claims": "f.... nnnnnu",
    "POST /cases/{case_id}/change": "f..ff nnnnnu",
    "DELETE /cases/{case_id}/leaks/{leak_id}": "fnnff nnnnnu",
    "POST /cases/{case_id}/status": "frrff nnnnnu",
    "POST /cases/{case_id}/merge": "frrff nnnnnu",
    "GET /cases/{case_id}/events": "f.... nnnnnu",
    "GET /cases/{case_id}/notes": "f.... nnnnnu",
    "POST /cases/{case_id}/notes": "f.... nnnnnu",
    "GET /cases/{case_id}/duties": "f.... nnnnnu",
    "POST /cases/{case_id}/duties": "f.... nnnnnu",
    "POST /cases/{case_id}/duties/{duty_id}/change": "f.... nnnnnu",
    "POST /cases/{case_id}/duties/{duty_id}/done": "f.... nnnnnu",
    "GET /cases/{case_id}/files": "f.... nnnnnu",
    "POST /cases/{case_id}/files": "f.... nnnnnu",
    "GET /cases/{case_id}/files/{case_file_id}": "f.... nnnnnu",
    "POST /cases/{case_id}/export": "f...f nnnnnu",
    "GET /cases/{case_id}/intents": "f.... nnnnnu",
    "POST /cases/{case_id}/intents": "f...f nnnnnu",
    "POST /cases/{case_id}/allegations": "frfrf nnnnnu",
    "GET /allegations": "f.... .....u",
    "GET /allegations/{allegation_id}": "f.... .nnnnu",
    "PUT /allegations/{allegation_id}": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/approvals": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/put": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/final": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/withdraw": "f.f.f fnnnnu",
    "POST /allegations/{allegation_id}/evidence/grant": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/evidence/ask": "fffff .nnnnu",
    "POST /allegations/{allegation_id}/evidence/{bundle_id}": "fffff nnnnnu",
    "POST /allegations/{allegation_id}/replies": "fffff .nnnnu",
    "POST /allegations/{allegation_id}/replies/with-file": "iiiii iiiiiu",
    "GET /allegations/{allegation_id}/files/{file_id}": "f.... .nnnnu",
    "DELETE /sanctions/{sanction_id}/measures/{measure_id}": "frfrf fnnnnu",
    "GET /sanctions": "f.... .....u",
    "GET /sanctions/{sanction_id}": "f.... .nnnnu",
    "GET /sanctions/{sanction_id}/files/{appeal_file_id}": "f.... .nnnnu",
    "GET /sanctions/{sanction_id}/letter/{language}": "f.... .nnnnu",
    "GET /sanctions/{sanction_id}/proofs/{proof_id}": "f.... .nnnnu",
    "POST /allegations/{allegation_id}/sanction": "frfrf fnnnnu",
    "POST /sanctions/{sanction_id}/appeal": "fffff rnnnnu",
    "POST /sanctions/{sanction_id}/appeal/with-file": "iiiii iiiiiu",
    "POST /sanctions/{sanction_id}/approvals": "frfrf fnnnnu",
    "POST /sanctions/{sanction_id}/decision": "f.f.f fnnnnu",
    "POST /sanctions/{sanction_id}/decision/approvals": "f.f.f fnnnnu",
    "POST /sanctions/{sanction_id}/decision/take": "frfrf fnnnnu",
    "POST /sanctions/{sanction_id}/give-up": "frfrf fnnnnu",
    "POST /sanctions/{sanction_id}/impose": "frfrf fnnnnu",
    "POST /sanctions/{sanction_id}/measures": "frfrf fnnnnu",
    "POST /sanctions/{sanction_id}/measures/{measure_id}/judge": "frfrf fnnnnu",
    "POST /sanctions/{sanction_id}/measures/{measure_id}/reports": "fffff .nnnnu",
    "POST /sanctions/{sanction_id}/measures/{measure_id}/reports/with-file": "iiiii iiiiiu",
    "POST /sanctions/{sanction_id}/payments": "f.f.f fnnnnu",
    "POST /sanctions/{sanction_id}/payments/{payment_id}/take-back": "f.f.f fnnnnu",
    "PUT /sanctions/{sanction_id}": "frfrf fnnnnu",
    "GET /controls": "..... .....u",
    "GET /plans": "f.... .....u",
    "GET /plans/{plan_id}": "f.... .nnnnu",
    "POST /plans/{plan_id}/accept": "frfff fnnnnu",
    "POST /plans/{plan_id}/actions": "fffff .nnnnu",
    "POST /plans/{plan_id}/checks": "fffff .nnnnu",
    "POST /plans/{plan_id}/due": "frfff fnnnnu",
    "GET /plans/{plan_id}/sub-vendors": "f.... .nnnnu",
    "POST /plans/{plan_id}/submit": "fffff rnnnnu",
    "GET /plans/{plan_id}/versions": "f.... .nnnnu",
    "PUT /plans/{plan_id}/actions/{action_id}": "fffff rnnnnu",
    "DELETE /plans/{plan_id}/files/{plan_file_id}": "fffff rnnnnu",
    "GET /plans/{plan_id}/files/{plan_file_id}": "f.... .nnnnu",
    "POST /plans/{plan_id}/actions/{action_id}/done": "fffff rnnnnu",
    "POST /plans/{plan_id}/actions/{action_id}/files": "fffff rnnnnu",
    "POST /plans/{plan_id}/actions/{action_id}/judge": "f.fff fnnnnu",
    "POST /plans/{plan_id}/actions/{action_id}/take-out": "fffff rnnnnu",
    "POST /plans/{plan_id}/actions/{action_id}/verify": "frfff fnnnnu",
    "POST /plans/{plan_id}/checks/{check_id}/confirm": "f.fff fnnnnu",
    "POST /plans/{plan_id}/actions/{action_id}/done/with-file": "iiiii iiiiiu",
    "GET /allegations/{allegation_id}/gate": "f.... .nnnnu",
    "POST /allegations/{allegation_id}/plan": "frfff fnnnnu",
    "POST /allegations/{allegation_id}/gate/approvals": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/gate/open": "frfff fnnnnu",
    "POST /allegations/{allegation_id}/gate/override": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/gate/payment-term": "frfrf fnnnnu",
    "POST /allegations/{allegation_id}/gate/suspend": "f.fff fnnnnu",
    "GET /statements": "f.... .....u",
    "POST /cases/{case_id}/statements": "f.f.. nnnnnu",
    "GET /statements/{statement_id}": "f.... nnnnnu",
    "PUT /statements/{statement_id}": "f.f.. nnnnnu",
    "GET /statements/{statement_id}/objections": "f.... nnnnnu",
    "POST /statements/{statement_id}/check": "f.f.. nnnnnu",
    "POST /statements/{statement_id}/reasons": "frfrr nnnnnu",
    "POST /statements/{statement_id}/promises": "f.f.. nnnnnu",
    "PUT /statements/{statement_id}/promises/{promise_id}": "f.f.. nnnnnu",
    "DELETE /statements/{statement_id}/promises/{promise_id}": "f.f.. nnnnnu",
    "POST /statements/{statement_id}/pictures": "frfrr nnnnnu",
    "GET /statements/{statement_id}/pictures/{picture_id}": "f.... nnnnnu",
    "DELETE /statements/{statement_id}/pictures/{picture_id}": "f.f.. nnnnnu",
    "POST /statements/{statement_id}/approvals": "frfrr nnnnnu",
    "POST /statements/{statement_id}/issue": "frfrr nnnnnu",
    "GET /statements/{statement_id}/text/{language}": "f.... nnnnnu",
    "GET /statements/{statement_id}/pdf/{language}": "f.... nnnnnu",
    "GET /overview": "f.... nnnnnu",
    "GET /overview/projects/{project_id}": "f.... nnnnnu",
    "GET /overview/attribution": "f.... nnnnnu",
    "GET /overview/overdue": "f.... nnnnnu",
    "GET /overview/parties": "f.... nnnnnu",
    "GET /ledger/entries": "....f fffffu",
    "GET /ledger/entries/{index}": "....f fffffu",
    "GET /ledger/consistency/{size}": "....f fffffu",
    "GET /ledger/export": "....f fffffu",
    "GET /ledger/checkpoint": "....f fffffu",
    "GET /ledger/entries/{index}/receipt": "....f fffffu",
    "GET /openapi.json": "..... .....u",
}


@pytest.mark.slow
def test_every_operation_opens_for_whom_it_should_and_for_nobody_else(
    samples: Samples, desk: Desk, program: Callable[[str], Client]
) -> None:
    clients = [program(who) for who in WHO]
    seen = {}
    for door in _offered(clients[0]):
        method, address = _address(door, samples.fields)
        body = bodies_of(samples.fields, desk).get(door)
        letters = "".join(letter(knock(client, method, address, body)) for client in clients)
        seen[door] = f"{letters[:5]} {letters[5:]}"
    told = differences(DOORS, seen)
    assert not told, told


def test_every_address_under_api_is_an_operation_that_is_described(program: Callable[[str], Client]) -> None:
    described = {door.partition(" ")[2] for door in _offered(program("officer"))}
    served = {re.sub(r"<(\w+)>", r"{\1}", route).removeprefix("/api/v1") for route in routes() if "/api/" in route}
    assert served - {"/"} == described


def test_the_siblings_things_are_not_there_for_a_contact(samples: Samples, program: Callable[[str], Client]) -> None:
    """The same operations as above, with the sibling's ids in the address."""
    contact = program("contact")
    shared = {"project_id", "round_id", "draft_id", "release_id", "index", "size"}
    for door in _offered(contact):
        named = set(re.findall(r"\{(\w+)\}", door))
        if named - shared:
            method, address = _address(door, samples.siblings)
            assert knock(contact, method, address, {} if method != "GET" else None) in (404, 415, 422), door
            if method == "GET":
                assert knock(contact, method, address) == 404, door


def test_the_siblings_ids_in_a_body_change_nothing(
    samples: Samples, desk: Desk, program: Callable[[str], Client]
) -> None:
    """Whatever a supplier may send, with one id after the other in it that is its sibling's."""
    for who in ("contact", "member", "sub_vendor_contact"):
        client = program(who)
        before = all_rows()
        for door, body in bodies_of(samples.fields, desk).items():
            if not isinstance(body, dict):
                continue
            for field in set(body) & set(samples.siblings):
                if samples.siblings[field] == samples.fields[field]:
                    continue
                method, address = _address(door, samples.fields)
                cache.clear()
                with transaction.atomic():
                    answer = client.generic(
                        method, address, json.dumps({**body, field: samples.siblings[field]}), "application/json"
                    )
                    after = all_rows()
                    transaction.set_rollback(True)
                assert answer.status_code in (403, 404, 409, 422), f"{who} {door} {field}: {answer.status_code}"
                assert after == before, f"{who} {door} {field}"


@pytest.mark.slow
def test_what_is_sent_to_an_operation_that_takes_no_body_is_refused_and_not_passed_over(
    samples: Samples, program: Callable[[str], Client]
) -> None:
    """A ``dry_run`` that is passed over is done in earnest; an empty body and ``{}`` ask for nothing."""
    clients = [program(who) for who in ("officer", "contact")]
    paths = clients[0].get("/api/v1/openapi.json").json()["paths"]
    tried = 0
    for door in _offered(clients[0]):
        method, path = door.split()
        if "requestBody" in paths[f"/api/v1{path}"][method.lower()]:
            continue
        _, address = _address(door, samples.fields)
        for client in clients:
            assert _sent(client, method, address, b"{}") == _sent(client, method, address, b""), door
            for body, media_type in (
                (b'{"dry_run": true}', "application/json"),
                (b"[]", "application/json"),
                (b"dry run", "text/plain"),
                (b"dry_run=true", "application/x-www-form-urlencoded"),
            ):
                status, told = _sent(client, method, address, body, media_type)
                assert status == 422, (door, body)
                assert told in ({"body"}, {"form.dry_run"}), (door, body, told)
                tried += 1
    assert tried > 100


def _sent(
    client: Client, method: str, address: str, body: bytes, media_type: str = "application/json"
) -> tuple[int, set[str]]:
    """Send a body, take back what it did; return the status, and where something is said to be wrong."""
    cache.clear()
    with transaction.atomic():
        answer = client.generic(method, address, body, media_type)
        transaction.set_rollback(True)
    return answer.status_code, {
        fault["at"] for fault in answer.json()["errors"]
    } if answer.status_code == 422 else set()


def _offered(client: Client) -> list[str]:
    """Return every operation that the API offers, as the table writes it."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    return [f"{method.upper()} {path.removeprefix('/api/v1')}" for path, ways in paths.items() for method in ways]


def _address(door: str, ids: dict[str, Any]) -> tuple[str, str]:
    method, path = door.split()
    return method, "/api/v1" + re.sub(r"\{(\w+)\}", lambda name: str(ids[name[1]]), path)
