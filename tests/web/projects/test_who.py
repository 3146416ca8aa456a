"""Who gets which page: the owner's roles, a colleague without the role, suppliers, strangers, nobody."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.desk import PERSONS, Desk
from tests.web.projects.conftest import Shared

OWNERS = {"administrator", "communications", "investigator", "legal", "officer"}
IN_MS11 = {"contact", "member", "sub_vendor_contact", "sibling_contact"}
EVERYBODY = set(PERSONS)


def answers(browse: Callable[..., Client], method: str, path: str) -> dict[str, int]:
    return {who: getattr(browse(who), method)(path).status_code for who in (*PERSONS, "")}


def expected(*, ok: set[str], forbidden: set[str] = frozenset(), code: int = 200) -> dict[str, int]:  # type: ignore[assignment]
    """The others who are signed in get 404; nobody is sent to sign in."""
    got = {who: code if who in ok else 403 if who in forbidden else 404 for who in PERSONS}
    return {**got, "": 302}


@pytest.mark.slow
def test_every_page_answers_each_role_as_it_should(browse: Callable[..., Client], desk: Desk, shared: Shared) -> None:
    project, own = f"/projects/{desk.project.pk}/", shared.copies["contact"]
    officer, others = {"officer"}, OWNERS - {"officer"}
    sees = {"officer", "investigator"}
    ledger = {"administrator", "officer", "investigator", "legal"}
    pages = {
        "/": expected(ok=EVERYBODY),
        "/projects/": expected(ok=EVERYBODY),
        "/projects/new/": expected(ok=officer, forbidden=others),
        project: expected(ok=OWNERS | IN_MS11),
        f"{project}tree/": expected(ok=OWNERS | IN_MS11),
        f"{project}edit/": expected(ok=officer, forbidden=others),
        f"{project}upload/": expected(ok=officer, forbidden=others),
        f"{project}share/": expected(ok=officer, forbidden=others),
        f"{project}revoke/": expected(ok=officer, forbidden=others),
        f"{project}matrix/": expected(ok=OWNERS),
        f"{project}matrix/holder/{desk['contact'].pk}/": expected(ok=OWNERS),
        f"{project}rounds/": expected(ok=OWNERS),
        f"{project}agreements/": expected(ok=OWNERS),
        f"{project}activity/": expected(ok=OWNERS),
        f"/drafts/{shared.draft}/": expected(ok=OWNERS),
        f"/drafts/{shared.draft}/preview/160/": expected(ok=sees, forbidden=OWNERS - sees),
        f"/drafts/{shared.draft}/original/": expected(ok=sees, forbidden=OWNERS - sees),
        f"/releases/{shared.release}/": expected(ok=OWNERS),
        f"/copies/{own}/": expected(ok=OWNERS | {"contact"}),
        f"/copies/{own}/receipt/": expected(ok=ledger | {"contact"}, forbidden={"communications"}),
        f"/copies/{own}/preview/": expected(ok={"contact"}),
        f"/copies/{shared.copies['sub_vendor_contact']}/": expected(ok=OWNERS | {"contact", "sub_vendor_contact"}),
        "/projects/999999/": expected(ok=set()),
        "/drafts/none-such/": expected(ok=set()),
        "/copies/0000000000000000/": expected(ok=set()),
    }
    assert {path: answers(browse, "get", path) for path in pages} == pages


def test_what_changes_something_answers_officers_alone(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    project, engagement = f"/projects/{desk.project.pk}/", desk.engagements["sibling"].pk
    others = OWNERS - {"officer"}
    for path in (
        f"{project}tree/engage/",
        f"{project}tree/{engagement}/suspend/",
        f"/drafts/{shared.draft}/classify/",
        f"/drafts/{shared.draft}/drill/",
        f"/copies/{shared.copies['contact']}/revoke/",
    ):
        got = answers(browse, "post", path)
        visible = {"contact"} if path.startswith("/copies/") else set()
        assert {who for who, code in got.items() if code == 403} == others, path
        assert got[""] == 302
        assert all(got[who] == 404 for who in PERSONS if who not in OWNERS), (path, visible)
        assert browse("officer").get(path).status_code in (405, 404), path


def test_nothing_is_changed_without_the_token_of_the_form(
    browse: Callable[..., Client], desk: Desk, shared: Shared
) -> None:
    client = browse("contact")
    client.handler.enforce_csrf_checks = True
    assert client.post(f"/copies/{shared.copies['contact']}/download/").status_code == 403
    officer = browse("officer")
    officer.handler.enforce_csrf_checks = True
    assert officer.post(f"/projects/{desk.project.pk}/share/", {"step": "release"}).status_code == 403
