"""Every page, asked for by everybody, with GET and with POST: what each gets is written down here, line by line.

Columns and letters are those of ``test_api_doors.py``; besides, ``l`` asked to sign in · ``>`` sent to another page ·
``m`` not this method (405). A page that is not in the table fails the test: whoever adds one says here who may see it.
POSTs are empty, so that `.` is the form again with its faults, and `>` that there was nothing to fill in.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from tests.conftest import NOW
from tests.desk import Desk
from tests.security.doors import WHO, differences, look, routes
from tests.security.samples import Samples
from tidemark.records.rounds.models import Bidder, Round

DOORS = {
    "/first/<str:secret>/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/invitations/<str:secret>/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/profile/": ("..... .....l", "..... .....l"),
    "/profile/nonce/": ("mmmmm mmmmml", ">>>>> >>>>>l"),
    "/profile/sessions/end/": ("mmmmm mmmmml", ">>>>> >>>>>l"),
    "/profile/tokens/new/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/profile/tokens/<str:pk>/revoke/": ("mmmmm mmmmml", "nnnnn >nnnnl"),
    "/profile/second-factor/": (">>>>> >>>>>l", "mmmmm mmmmml"),
    "/parties/": ("..... >>>>>l", "mmmmm mmmmml"),
    "/parties/new/": ("..fff fffffl", "..fff fffffl"),
    "/parties/<int:pk>/": ("..... ..nnnl", "mmmmm mmmmml"),
    "/parties/<int:pk>/invite/": ("..fff .fnnnl", "..fff .fnnnl"),
    "/invited/<str:pk>/resend/": ("mmmmm mmmmml", ">>fff >nnnnl"),
    "/invited/<str:pk>/withdraw/": ("mmmmm mmmmml", ">>fff >nnnnl"),
    "/persons/<str:pk>/": ("..fff ffnnnl", "..fff ffnnnl"),
    "/persons/<str:pk>/active/": ("mmmmm mmmmml", ">>fff ffnnnl"),
    "/accounts/signup/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/accounts/email/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/accounts/3rdparty/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/accounts/3rdparty/signup/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/accounts/login/": (">>>>> >>>>>.", ">>>>> >>>>>."),
    "/accounts/logout/": ("..... .....>", ">>>>> >>>>>>"),
    "/accounts/inactive/": ("..... ......", "mmmmm mmmmmm"),
    "/accounts/reauthenticate/": ("..... .....l", "..... .....l"),
    "/accounts/confirm-email/": ("..... ......", "mmmmm mmmmmm"),
    "/accounts/password/change/": ("..... .....l", "..... .....l"),
    "/accounts/password/set/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/password/reset/": ("..... ......", "..... ......"),
    "/accounts/login/code/confirm/": (">>>>> >>>>>>", ">>>>> >>>>>>"),
    "/accounts/^confirm-email/(?P<key>[-:\\w]+)/$": ("..... ......", "nnnnn nnnnnn"),
    "/accounts/password/reset/key/done/": ("..... ......", "mmmmm mmmmmm"),
    "/accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": ("..... ......", "..... ......"),
    "/accounts/password/reset/done/": ("..... ......", "mmmmm mmmmmm"),
    "/accounts/2fa/": ("..... .....l", "mmmmm mmmmml"),
    "/accounts/2fa/authenticate/": (">>>>> >>>>>>", ">>>>> >>>>>>"),
    "/accounts/2fa/reauthenticate/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/2fa/totp/activate/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/2fa/totp/deactivate/": ("nnnnn nnnnnl", "nnnnn nnnnnl"),
    "/accounts/2fa/recovery-codes/": ("nnnnn nnnnnl", "mmmmm mmmmml"),
    "/accounts/2fa/recovery-codes/generate/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/2fa/recovery-codes/download/": ("nnnnn nnnnnl", "nnnnn nnnnnl"),
    "/accounts/2fa/webauthn/": ("..... .....l", "mmmmm mmmmml"),
    "/accounts/2fa/webauthn/add/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/2fa/webauthn/reauthenticate/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/2fa/webauthn/keys/<int:pk>/remove/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/2fa/webauthn/keys/<int:pk>/edit/": (">>>>> >>>>>l", ">>>>> >>>>>l"),
    "/accounts/2fa/webauthn/login/": (">>>>> >>>>>>", ">>>>> >>>>>>"),
    "/accounts/3rdparty/login/cancelled/": ("..... ......", "mmmmm mmmmmm"),
    "/accounts/3rdparty/login/error/": ("uuuuu uuuuuu", "mmmmm mmmmmm"),
    "/accounts/social/login/cancelled/": (">>>>> >>>>>>", ">>>>> >>>>>>"),
    "/accounts/social/login/error/": (">>>>> >>>>>>", ">>>>> >>>>>>"),
    "/accounts/social/signup/": (">>>>> >>>>>>", ">>>>> >>>>>>"),
    "/accounts/social/connections/": (">>>>> >>>>>>", ">>>>> >>>>>>"),
    "/accounts/oidc/<str:provider_id>/login/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/accounts/oidc/^(?P<provider_id>[^/]+)/login/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/": ("nnnnn nnnnnn", "nnnnn nnnnnn"),
    "/": ("..... .....l", "mmmmm mmmmml"),
    "/projects/": ("..... .....l", "mmmmm mmmmml"),
    "/projects/new/": ("f.fff nnnnnl", "f.fff nnnnnl"),
    "/projects/<int:pk>/": ("..... ....nl", "mmmmm mmmmml"),
    "/projects/<int:pk>/edit/": ("f.fff nnnnnl", "f.fff nnnnnl"),
    "/projects/<int:pk>/upload/": ("f.fff nnnnnl", "f.fff nnnnnl"),
    "/projects/<int:pk>/tree/": ("..... ....nl", "mmmmm mmmmml"),
    "/projects/<int:pk>/tree/engage/": ("mmmmm mmmmml", "fnfff nnnnnl"),
    "/projects/<int:pk>/tree/<str:engagement>/<str:step>/": ("mmmmm mmmmml", "f>fff nnnnnl"),
    "/projects/<int:pk>/rounds/": ("..... nnnnnl", "mmmmm mmmmml"),
    "/projects/<int:pk>/agreements/": ("..... nnnnnl", "mmmmm mmmmml"),
    "/projects/<int:pk>/activity/": ("..... nnnnnl", "mmmmm mmmmml"),
    "/projects/<int:pk>/matrix/": ("..... nnnnnl", "mmmmm mmmmml"),
    "/projects/<int:pk>/matrix/holder/<str:person>/": ("..... nnnnnl", "mmmmm mmmmml"),
    "/projects/<int:pk>/share/": ("f.fff nnnnnl", "f.fff nnnnnl"),
    "/projects/<int:pk>/revoke/": ("f.fff nnnnnl", "f.fff nnnnnl"),
    "/drafts/<str:pk>/": ("..... nnnnnl", "mmmmm mmmmml"),
    "/drafts/<str:pk>/preview/<int:side_px>/": ("f..ff nnnnnl", "mmmmm mmmmml"),
    "/drafts/<str:pk>/original/": ("f..ff nnnnnl", "mmmmm mmmmml"),
    "/drafts/<str:pk>/classify/": ("mmmmm mmmmml", "f>fff nnnnnl"),
    "/drafts/<str:pk>/drill/": ("mmmmm mmmmml", "f>fff nnnnnl"),
    "/copies/<str:pk>/": ("..... .nnnnl", "mmmmm mmmmml"),
    "/copies/<str:pk>/preview/": ("nnnnn .nnnnl", "mmmmm mmmmml"),
    "/copies/<str:pk>/download/": ("mmmmm mmmmml", "fffff .nnnnl"),
    "/copies/<str:pk>/receipt/": ("....f .nnnnl", "mmmmm mmmmml"),
    "/copies/<str:pk>/revoke/": ("mmmmm mmmmml", "f>fff nnnnnl"),
    "/releases/<str:pk>/": ("..... nnnnnl", "mmmmm mmmmml"),
    "/agreements/": ("..... .....l", "mmmmm mmmmml"),
    "/agreements/new/": ("f.f.f .f...l", "f.f.f .f...l"),
    "/agreements/<slug:pk>/": ("..... ..nnnl", "mmmmm mmmmml"),
    "/agreements/<slug:pk>/edit/": ("f>f>f ffnnnl", "f>f>f ffnnnl"),
    "/agreements/<slug:pk>/force/": ("mmmmm mmmmml", "f>f>f ffnnnl"),
    "/agreements/<slug:pk>/accept/": ("fffff ..nnnl", "fffff >>nnnl"),
    "/agreements/<slug:pk>/terminate/": ("f.f.f ffnnnl", "f.f.f ffnnnl"),
    "/agreements/<slug:pk>/document/": ("..... ..nnnl", "mmmmm mmmmml"),
    "/rounds/": ("..... .....l", "mmmmm mmmmml"),
    "/rounds/new/": ("f.fff fffffl", "f.fff fffffl"),
    "/rounds/<slug:pk>/": ("..... ..n.nl", "mmmmm mmmmml"),
    "/rounds/<slug:pk>/edit/": ("f.fff ffnfnl", "f.fff ffnfnl"),
    "/rounds/<slug:pk>/open/": ("mmmmm mmmmml", "f>fff ffnfnl"),
    "/rounds/<slug:pk>/invite/": ("mmmmm mmmmml", "fnfff ffnfnl"),
    "/rounds/<slug:pk>/close/": ("mmmmm mmmmml", "f>fff ffnfnl"),
    "/rounds/<slug:pk>/award/": ("mmmmm mmmmml", "f>fff ffnfnl"),
    "/rounds/<slug:pk>/bid/": ("mmmmm mmmmml", "fffff rfnrnl"),
    "/rounds/<slug:pk>/decline/": ("mmmmm mmmmml", "fffff >fn>nl"),
    "/rounds/<slug:pk>/certify/": ("mmmmm mmmmml", "fffff >fn>nl"),
    "/rounds/<slug:pk>/bids/<slug:bid>/": ("fnfff .fnnnl", "mmmmm mmmmml"),
    "/onward/": ("..... .....l", "mmmmm mmmmml"),
    "/onward/ask/": ("fffff .f...l", "fffff .f...l"),
    "/onward/<str:pk>/": ("..... .nnnnl", "mmmmm mmmmml"),
    "/onward/<str:pk>/decide/": ("mmmmm mmmmml", "f>fff fnnnnl"),
    "/onward/<str:pk>/take-back/": ("mmmmm mmmmml", "f>fff fnnnnl"),
    "/onward/<str:pk>/invite/": ("mmmmm mmmmml", "f>fff fnnnnl"),
    "/onward/<str:pk>/withdraw/": ("mmmmm mmmmml", "fffff >nnnnl"),
    "/leaks/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/leaks/receive/": ("mmmmm mmmmml", "fiiff nnnnnl"),
    "/leaks/<str:pk>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/leaks/<str:pk>/join/": ("mmmmm mmmmml", "fnnff nnnnnl"),
    "/leaks/posts/<str:pk>/picture/<str:size>/": ("fnnnn nnnnnl", "mmmmm mmmmml"),
    "/leaks/posts/<str:pk>/file/": ("f...f nnnnnl", "mmmmm mmmmml"),
    "/leaks/posts/<str:pk>/correct/": ("mmmmm mmmmml", "fiiff nnnnnl"),
    "/leaks/posts/<str:pk>/split/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/leaks/posts/<str:pk>/confirm/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/leaks/posts/<str:pk>/trace/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/leaks/matches/<int:pk>/<str:name>/": ("fnnnn nnnnnl", "mmmmm mmmmml"),
    "/leaks/matches/<int:pk>/evidence": ("fnnnf nnnnnl", "mmmmm mmmmml"),
    "/leaks/links/": ("mmmmm mmmmml", "fiiff nnnnnl"),
    "/leaks/posters/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/leaks/posters/<str:pk>/note/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/leaks/channels/<str:pk>/note/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/leaks/<str:pk>/sighting/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/sightings/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/sightings/record/": ("mmmmm mmmmml", "fiiff nnnnnl"),
    "/sightings/<str:pk>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/sightings/<str:pk>/change/": ("mmmmm mmmmml", "fiiff nnnnnl"),
    "/sightings/<str:pk>/compare/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/sightings/<str:pk>/leak/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/sightings/<str:pk>/case/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/sightings/<str:pk>/file/": ("f...f nnnnnl", "mmmmm mmmmml"),
    "/sightings/<str:pk>/picture/<str:size>/": ("fnnnn nnnnnl", "mmmmm mmmmml"),
    "/cases/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/cases/new/": ("f..ff nnnnnl", "f..ff nnnnnl"),
    "/cases/<str:pk>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/cases/<str:pk>/assign/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/cases/<str:pk>/status/": ("mmmmm mmmmml", "f>>ff nnnnnl"),
    "/cases/<str:pk>/leaks/": ("mmmmm mmmmml", "fnnff nnnnnl"),
    "/cases/<str:pk>/merge/": ("mmmmm mmmmml", "fnnff nnnnnl"),
    "/cases/<str:pk>/notes/": ("mmmmm mmmmml", "f>>>> nnnnnl"),
    "/cases/<str:pk>/duties/": ("mmmmm mmmmml", "f>>>> nnnnnl"),
    "/cases/<str:pk>/duties/<str:duty>/change/": ("mmmmm mmmmml", "f>>>> nnnnnl"),
    "/cases/<str:pk>/duties/<str:duty>/done/": ("mmmmm mmmmml", "f>>>> nnnnnl"),
    "/cases/<str:pk>/files/": ("mmmmm mmmmml", "f>>>> nnnnnl"),
    "/cases/<str:pk>/files/<str:file>/": ("fnnnn nnnnnl", "mmmmm mmmmml"),
    "/cases/<str:pk>/export/": ("mmmmm mmmmml", "fnnnf nnnnnl"),
    "/cases/<str:pk>/intent/": ("mmmmm mmmmml", "f>>>f nnnnnl"),
    "/cases/<str:pk>/allege/": ("mmmmm mmmmml", "fnfnf nnnnnl"),
    "/allegations/": ("f.... .f...l", "mmmmm mmmmml"),
    "/allegations/<str:pk>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/allegations/<str:pk>/edit/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/approve/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/put/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/final/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/withdraw/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/grant/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/reply/": ("mmmmm mmmmml", "fffff rnnnnl"),
    "/allegations/<str:pk>/ask/": ("mmmmm mmmmml", "fffff >nnnnl"),
    "/allegations/<str:pk>/evidence/<int:match>/": ("mmmmm mmmmml", "fffff nnnnnl"),
    "/allegations/<str:pk>/files/<int:file>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/allegations/<str:pk>/sanction/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/": ("f.... .f...l", "mmmmm mmmmml"),
    "/sanctions/<str:pk>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/sanctions/<str:pk>/agree/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/appeal/": ("mmmmm mmmmml", "fffff rnnnnl"),
    "/sanctions/<str:pk>/approve/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/edit/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/files/<int:file>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/sanctions/<str:pk>/give-up/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/impose/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/letter/<str:language>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/sanctions/<str:pk>/measures/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/measures/<str:measure>/judge/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/measures/<str:measure>/remove/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/measures/<str:measure>/report/": ("mmmmm mmmmml", "fffff >nnnnl"),
    "/sanctions/<str:pk>/payments/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/payments/<int:payment>/take-back/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/proofs/<int:file>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/sanctions/<str:pk>/propose/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/sanctions/<str:pk>/take/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/plans/": ("f.... .f...l", "mmmmm mmmmml"),
    "/plans/<str:pk>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/plans/<str:pk>/accept/": ("mmmmm mmmmml", "f>fff fnnnnl"),
    "/plans/<str:pk>/due/": ("mmmmm mmmmml", "f>fff fnnnnl"),
    "/plans/<str:pk>/submit/": ("mmmmm mmmmml", "fffff rnnnnl"),
    "/plans/<str:pk>/versions/<int:number>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/plans/<str:pk>/actions/": ("mmmmm mmmmml", "fffff >nnnnl"),
    "/plans/<str:pk>/actions/<str:action>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/plans/<str:pk>/actions/<str:action>/done/": ("mmmmm mmmmml", "fffff rnnnnl"),
    "/plans/<str:pk>/actions/<str:action>/judge/": ("mmmmm mmmmml", "frfff fnnnnl"),
    "/plans/<str:pk>/actions/<str:action>/save/": ("mmmmm mmmmml", "fffff rnnnnl"),
    "/plans/<str:pk>/actions/<str:action>/take-out/": ("mmmmm mmmmml", "fffff >nnnnl"),
    "/plans/<str:pk>/actions/<str:action>/verify/": ("mmmmm mmmmml", "frfff fnnnnl"),
    "/plans/<str:pk>/files/<int:file>/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/plans/<str:pk>/files/<int:file>/remove/": ("mmmmm mmmmml", "fffff >nnnnl"),
    "/plans/<str:pk>/sub-vendors/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/plans/<str:pk>/sub-vendors/<int:check>/confirm/": ("mmmmm mmmmml", "f>fff fnnnnl"),
    "/plans/<str:pk>/sub-vendors/state/": ("mmmmm mmmmml", "fffff nnnnnl"),
    "/allegations/<str:pk>/gate/": ("f.... .nnnnl", "mmmmm mmmmml"),
    "/allegations/<str:pk>/gate/approve/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/gate/open/": ("mmmmm mmmmml", "f>fff nnnnnl"),
    "/allegations/<str:pk>/gate/override/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/gate/payment-term/": ("mmmmm mmmmml", "f>f>f nnnnnl"),
    "/allegations/<str:pk>/gate/suspend/": ("mmmmm mmmmml", "f>fff nnnnnl"),
    "/allegations/<str:pk>/plan/": ("mmmmm mmmmml", "f>fff nnnnnl"),
    "/cases/<str:pk>/statements/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/statements/<str:pk>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/statements/<str:pk>/edit/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/check/": ("mmmmm mmmmml", "f.f.. nnnnnl"),
    "/statements/<str:pk>/reasons/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/promises/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/promises/<str:promise>/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/pictures/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/pictures/<str:picture>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/statements/<str:pk>/pictures/<str:picture>/remove/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/approve/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/issue/": ("mmmmm mmmmml", "f>f>> nnnnnl"),
    "/statements/<str:pk>/text/<str:language>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/statements/<str:pk>/pdf/<str:language>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/overview/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/overview/projects/<int:pk>/": ("f.... nnnnnl", "mmmmm mmmmml"),
    "/ledger/": ("....f fffffl", "mmmmm mmmmml"),
    "/ledger/export/": ("....f fffffl", "mmmmm mmmmml"),
    "/ledger/<int:index>/": ("....f fffffl", "mmmmm mmmmml"),
}

_PK = {
    "parties": "party_id",
    "invited": "invitation_id",
    "persons": "person_id",
    "projects": "project_id",
    "drafts": "draft_id",
    "copies": "copy_id",
    "releases": "release_id",
    "agreements": "agreement_id",
    "rounds": "round_id",
    "onward": "request_id",
    "leaks": "leak_id",
    "sightings": "sighting_id",
    "cases": "case_id",
    "allegations": "allegation_id",
    "sanctions": "sanction_id",
    "plans": "plan_id",
    "statements": "statement_id",
    "overview": "project_id",
    "profile": "token_id",
}
_SHARED = ("overview", "projects", "drafts", "releases", "rounds")
"""Subjects whose things are of several parties: what is the sibling's alone is told by the others."""

Browse = Callable[[str], Client]


@pytest.mark.slow
@pytest.mark.filterwarnings("error::django.core.paginator.UnorderedObjectListWarning")
def test_every_page_opens_for_whom_it_should_and_for_nobody_else(samples: Samples, browse: Browse) -> None:
    clients = [browse(who) for who in WHO]
    for client in clients:
        client.raise_request_exception = False
    seen = {}
    for route in routes():
        if "/api/" not in route:
            address = _address(route, samples.fields)
            seen[route] = tuple(_row(look(client, method, address) for client in clients) for method in ("GET", "POST"))
    told = differences(DOORS, seen)
    assert not told, told


def test_the_siblings_things_are_not_there_for_a_contact(samples: Samples, browse: Browse) -> None:
    client, looked = browse("contact"), 0
    for route in routes():
        subject = route.split("/")[1]
        if "pk>" in route and subject in _PK and subject not in _SHARED:
            address = _address(route, samples.siblings)
            assert {look(client, "GET", address), look(client, "POST", address)} <= {"n", "m"}, route
            looked += 1
    assert looked > 20


def test_a_round_that_is_being_prepared_is_the_owners_own(desk: Desk, browse: Browse) -> None:
    prepared = Round.objects.create(
        project=desk.project, title="Prepared", closes=NOW, created=NOW, created_by=desk["officer"]
    )
    Bidder.objects.create(round=prepared, party=desk.supplier, invited=NOW)
    assert look(browse("officer"), "GET", f"/rounds/{prepared.pk}/") == "."
    assert look(browse("contact"), "GET", f"/rounds/{prepared.pk}/") == "n"
    assert "Prepared" not in browse("contact").get("/rounds/").content.decode()


def _row(letters: Any) -> str:
    row = "".join(letters)
    return f"{row[:5]} {row[5:]}"


def _address(route: str, ids: Mapping[str, Any]) -> str:
    """Fill the ids into an address as its module writes it, be it a path or a regular expression."""
    subject = route.split("/")[1]
    values = {
        "pk": _pk(route, subject, ids),
        "secret": "x" * 43,
        "side_px": 160,
        "step": "suspend",
        "engagement": ids["engagement_id"],
        "person": ids["person_id"],
        "bid": ids["bid_id"],
        "duty": ids["duty_id"],
        "file": ids[_file(route)],
        "measure": ids["measure_id"],
        "payment": ids["payment_id"],
        "language": "en",
        "action": ids["action_id"],
        "check": ids["check_id"],
        "number": 1,
        "match": 1,
        "promise": ids["promise_id"],
        "picture": ids["picture_id"],
        "size": "thumb",
        "name": "leak",
        "index": ids["index"],
        "key": "x",
        "uidb36": "1",
        "provider_id": "none",
    }
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route).replace("^", "").replace("$", "")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(values[name[1]]), plain)


def _file(route: str) -> str:
    """Return which of the ids of files an address asks for."""
    subject, _pk, kind = route.split("/")[1:4] if route.count("/") > 3 else ("", "", "")
    if subject == "sanctions":
        return {"files": "appeal_file_id", "proofs": "proof_id"}.get(kind, "file_id")
    return "plan_file_id" if subject == "plans" else "file_id"


def _pk(route: str, subject: str, ids: Mapping[str, Any]) -> Any:
    """Return the id of what the address names first: below the leaks there are other things, too."""
    below = {"/matches/": 1, "/leaks/posters/": ids["poster_id"], "/leaks/channels/": ids["channel_id"]}
    return next((pk for part, pk in below.items() if part in route), ids.get(_PK.get(subject, ""), 1))
