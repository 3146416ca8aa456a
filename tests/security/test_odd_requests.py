"""What no database can store or compare is refused before it is asked, on every page alike."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.desk import Desk
from tests.security.doors import all_rows
from tests.security.samples import Samples

Browse = Callable[[str], Client]
BEYOND = "9" * 5000  # digits: more than Python turns into a number
PATHS = (
    "/copies/%00/",
    "/releases/a%00b/",
    "/drafts/%00/",
    "/agreements/%00/",
    "/rounds/%00/",
    "/onward/%00/",
    "/persons/%00/",
    "/sightings/%00/",
    "/sightings/?poster=%00",
    f"/sightings/?project={BEYOND}",
    f"/sightings/?page={BEYOND}",
    "/leaks/?channel=%00",
    "/projects/?q=%00",
    "/parties/?q=%00",
    "/ledger/?subject=%00",
    f"/agreements/?party={BEYOND}",
    f"/rounds/new/?project={BEYOND}",
    f"/projects/?page={BEYOND}",
    f"/parties/{BEYOND}/",
)


@pytest.mark.parametrize("path", PATHS, ids=[path[:24] for path in PATHS])
def test_an_odd_address_breaks_nothing(browse: Browse, samples: Samples, path: str) -> None:  # noqa: ARG001
    for who in ("officer", "contact"):
        client = browse(who)
        client.raise_request_exception = False
        assert client.get(path).status_code < 500, who


def test_a_field_with_a_nul_breaks_nothing(browse: Browse, desk: Desk, samples: Samples) -> None:
    client = browse("officer")
    client.raise_request_exception = False
    request = samples.fields["request_id"]
    sent = {"decision": "refuse", "why": "No\0"}
    assert client.post(f"/onward/{request}/decide/", sent).status_code == 400
    share = f"/projects/{desk.project.pk}/share/"
    assert client.post(share, {"step": "preview", "draft": "\0", "person": "\0"}).status_code == 400


DAYS = ("0001-01-01", "9999-12-31")
TIMES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")
FORMS = (
    ("officer", "/projects/new/", {"code_name": "ZZ9", "label": "internal"}, "embargo", DAYS),
    ("officer", "/projects/{project}/share/", {"step": "release", "draft": "{draft_id}", "person": "{person_id}"},
     "expires", DAYS),
    ("officer", "/agreements/new/", {"recipient": "{party}", "reference": "R", "kinds": "bidding",
     "covers_all_projects": "on", "valid_until": "2027-01-01"}, "valid_from", DAYS),
    ("officer", "/rounds/new/?project={project}", {"title": "R", "drafts": "{draft_id}", "parties": "{party}"},
     "closes", TIMES),
    ("officer", "/leaks/receive/", {"found": "a forum"}, "posted", TIMES),
    ("officer", "/sightings/{sighting_id}/change/", {"vehicle": "estate", "camouflage": "wrapped"}, "seen", TIMES),
    ("officer", "/cases/{case_id}/duties/", {"title": "Ask"}, "due", DAYS),
    ("officer", "/statements/{statement_id}/promises/{promise_id}/", {"words_en": "said"}, "due", DAYS),
    ("officer", "/allegations/{allegation_id}/plan/", {}, "due", DAYS),
    ("contact", "/plans/{plan_id}/actions/{action_id}/save/", {"section": "cause"}, "due", DAYS),
)  # fmt: skip


@pytest.mark.parametrize(("who", "path", "sent", "field", "values"), FORMS, ids=[each[1] for each in FORMS])
def test_a_day_near_the_end_of_all_years_breaks_nothing_and_changes_nothing(
    browse: Browse, samples: Samples, who: str, path: str, sent: dict[str, str], field: str, values: tuple[str, ...]
) -> None:
    client = browse(who)
    client.raise_request_exception = False
    filled = {name: value.format(**samples.fields) for name, value in sent.items()}
    before = all_rows()
    for value in values:
        more = {"files": SimpleUploadedFile("a.png", b"x")} if "leaks" in path else {}
        answer = client.post(path.format(**samples.fields), filled | {field: value} | more)
        assert answer.status_code in (200, 302, 409, 422), (value, answer.status_code)
    assert all_rows() == before
