"""The page on the API speaks of what is there."""

import json
import re
from pathlib import Path

from tests.api.conftest import Program
from tests.security.doors import routes
from tidemark.api import problems
from tidemark.limits import API_REQUESTS_A_MINUTE, MAX_PAGE_ITEMS
from tidemark.records.accounts.scopes import Scope

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_every_address_on_the_page_is_offered_with_its_method(program: Program) -> None:
    paths = program("officer").get("/api/v1/openapi.json").json()["paths"]
    commands = re.sub(r"\\\n\s*", "", PAGE.read_text("utf-8"))
    named = re.findall(r'^curl (.*)"\$TIDEMARK(/[^"?]*)', commands, re.MULTILINE)
    assert len(named) == 9
    for options, path in named:
        method = "post" if re.search(r"-(?:F|d|X POST) ", options) else "get"
        fits = [each for each in paths if _fits(each, "/api/v1" + path)]
        assert any(method in paths[each] for each in fits), f"{method} {path}"


def test_the_body_on_the_page_has_the_fields_that_are_asked_for(program: Program) -> None:
    (body,) = re.findall(r"-d '(.*)'", PAGE.read_text("utf-8"))
    schemas = program("officer").get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert set(schemas["ReleaseIn"]["required"]) <= set(json.loads(body)) <= set(schemas["ReleaseIn"]["properties"])


def test_the_page_names_every_scope_and_every_problem() -> None:
    page = PAGE.read_text("utf-8")
    for scope in Scope:
        assert f"| `{scope}` |" in page
    for status, name in problems.NAMES.items():
        if status < 500:
            assert re.search(rf"\| {status} \|.*`{name}`", page), name
    for _, status, name in problems.OWN:
        assert re.search(rf"\| {status} \|.*`{name}`", page), name


def test_the_figures_on_the_page_are_those_that_hold() -> None:
    page = PAGE.read_text("utf-8")
    assert f"{API_REQUESTS_A_MINUTE:,} requests a minute" in page
    assert f"\n{MAX_PAGE_ITEMS} at most." in page


FOR_PEOPLE_ALONE = (
    "/accounts/",  # signing in and out, passwords, second factors
    "/first/",
    "/invitations/",
    "/profile/second-factor/",
    "/profile/sessions/end/",
    "/profile/tokens/new/",
)
"""Pages without an operation, because a stolen token must not get at them."""


def test_every_page_has_operations_that_do_the_same(program: Program) -> None:
    """The table on the page is the resolver's list of pages, and what it names is offered."""
    table = {
        page: set(re.findall(r"`([^`]+)`", operations))
        for page, operations in re.findall(r"^\| `(/[^`]*)` \| (`.*`) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    }
    pages = {re.sub(r"<[^>]*>", "…", route) for route in routes()}
    assert set(table) == {page for page in pages if not page.startswith(("/api/", *FOR_PEOPLE_ALONE))}
    paths = program("officer").get("/api/v1/openapi.json").json()["paths"]
    offered = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, ways in paths.items() for method in ways}
    named = set().union(*table.values())
    assert named <= offered
    assert offered - named == {"GET /openapi.json"}


def _fits(described: str, path: str) -> bool:
    """Whether an address with ids in it is one of those that are described with their names."""
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", described), path) is not None
