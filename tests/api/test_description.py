"""The OpenAPI description says what the API does, and the API does what it says, whatever is sent.

By default a handful of requests are tried on each operation; ``TIDEMARK_FUZZ_EXAMPLES=500`` tries more.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis import checks

from tests.api.conftest import NOW_HERE, Program
from tests.desk import Desk
from tests.security.samples import Samples, furnish
from tidemark.records.accounts.scopes import Scope
from tidemark.records.accounts.tokens import issue_token
from tidemark.records.home import Home

EXAMPLES = int(os.environ.get("TIDEMARK_FUZZ_EXAMPLES", "4"))
ADDRESS = "/api/v1/openapi.json"
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
VERBS = """
accept add agree amend answer appeal approve ask attach award certify change check classify close compare confirm create
deactivate decide decline delete download drill edit engage explain export finish foresee get give grant hand impose
invite issue join judge link list make merge note open prepare propose put reactivate receive record register release
remove rename report resend resume revoke set split state submit suspend take terminate trace turn upload verify
withdraw write
"""
"""With what the name of an operation begins."""


@pytest.mark.slow
def test_whoever_calls_gets_the_description_and_nobody_else(program: Program, browse: Callable[[str], Client]) -> None:
    assert program("member").get(ADDRESS).json() == browse("officer").get(ADDRESS).json()
    assert browse("").get(ADDRESS).status_code == 401


@pytest.mark.slow
def test_every_operation_is_described_with_its_scope_and_its_problems(program: Program) -> None:
    description = program("member").get(ADDRESS).json()
    operations = [each for path in description["paths"].values() for each in path.values()]
    assert len(operations) > 60
    assert len({each["operationId"] for each in operations}) == len(operations)
    for each in operations:
        assert each["summary"]
        assert each["x-scope"] in set(Scope)
        assert each["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
        assert {name for way in each["security"] for name in way} == {"PersonalToken", "SignedIn"}


def test_the_name_of_every_operation_is_words_a_verb_first(program: Program) -> None:
    paths = program("member").get(ADDRESS).json()["paths"]
    names = [each["operationId"] for path in paths.values() for each in path.values()]
    assert [name for name in names if not re.fullmatch("[a-z]+(_[a-z]+)*", name)] == []
    assert {name for name in names if name.partition("_")[0] not in VERBS.split()} == set()
    assert {name.partition("_")[0] for name in names} == set(VERBS.split())


def test_the_description_says_overdue_where_the_code_says_late(program: Program) -> None:
    said = program("member").get(ADDRESS).content.decode()
    assert re.findall(r"(?<!too-)\blate\b|\bLate[A-Z]\w*", said) == []


def test_no_two_parts_of_the_description_share_a_name() -> None:
    """The description knows parts by the class's bare name: of two alike, one would be described as the other."""
    import tidemark.api.urls  # noqa: F401  all of them

    ours = [each for each in _below(Schema) if each.__module__.startswith("tidemark.api.") and "[" not in each.__name__]
    seen = Counter(each.__name__ for each in ours)
    assert len(seen) > 100
    assert [name for name, count in seen.items() if count > 1] == []


def _below(above: type) -> set[type]:
    return {each for below in above.__subclasses__() for each in {below, *_below(below)}}


def test_no_operation_reads_what_it_does_not_need_a_scope_for(program: Program) -> None:
    """What is looked at needs `read`, what changes something does not go by `read` alone, downloads excepted."""
    for address, path in program("member").get(ADDRESS).json()["paths"].items():
        for method, each in path.items():
            is_look = method == "get" or address.endswith("/downloads")
            assert (each["x-scope"] == "read") == is_look, f"{method} {address}"


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection, in whose transaction a request's doings are taken back; Django's own client does it too."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def samples(home: Home, desk: Desk) -> Samples:
    return furnish(home, desk)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "mode", "successes"),
    [
        ("officer", schemathesis.GenerationMode.POSITIVE, 25),
        ("contact", schemathesis.GenerationMode.POSITIVE, 12),
        ("officer", schemathesis.GenerationMode.NEGATIVE, 0),
    ],
)
def test_the_api_keeps_to_its_description_whatever_is_sent(
    samples: Samples, desk: Desk, who: str, mode: schemathesis.GenerationMode, successes: int
) -> None:
    token = issue_token(
        desk[who], name="probe", scopes=list(Scope), expires=NOW_HERE + timedelta(days=1), now=NOW_HERE
    ).token
    authorization = {"Authorization": f"Bearer {token}"}
    schema: Any = schemathesis.openapi.from_wsgi(ADDRESS, get_wsgi_application(), headers=authorization)
    tried, succeeded = 0, set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            derandomize=EXAMPLES < 20,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), is_real=st.booleans())
        def probe(case: Any, is_real: bool) -> None:
            if is_real:
                _point(case, samples)
            with _undone():
                answer = case.call_and_validate(headers=authorization, checks=CHECKS)
            if answer.status_code < 300:
                succeeded.add((case.operation.method, case.operation.path))

        try:
            probe()
            tried += 1
        except Exception as error:
            if "Unsatisfiable" not in type(error).__name__:
                error.add_note(f"{operation.method.upper()} {operation.path} as {who}")
                raise
    assert tried > 30
    assert len(succeeded) >= successes


def _point(case: Any, samples: Samples) -> None:
    """Point a request at things that are there, so that it comes further than to their search."""
    for part in (case.path_parameters, case.body):
        if isinstance(part, dict):
            for name in set(part) & set(samples.fields):
                part[name] = samples.fields[name]


@contextmanager
def _undone() -> Iterator[None]:
    """Take back what a request does to the records."""
    for counts in caches.all(initialized_only=True):
        counts.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
