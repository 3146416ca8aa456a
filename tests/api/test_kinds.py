"""A value of another kind than a field asks for is refused at its field, and never taken for one of that kind."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Program
from tests.desk import Desk
from tidemark.records.agreements.models import Agreement

OTHER: dict[str, tuple[object, ...]] = {
    "integer": (True, 1.0, 1.5, "1"),
    "boolean": (1, 0, 1.0, "true", "no"),
    "date": (1, 1.5, True),
    "date-time": (1, 1.5, True),
    "amount": (True,),
}

Field = tuple[str, ...]


@pytest.mark.slow
def test_no_field_takes_a_value_of_another_kind(program: Program) -> None:
    client = program("officer")
    description = client.get("/api/v1/openapi.json").json()
    tried = set()
    for path, ways in description["paths"].items():
        for method, operation in ways.items():
            form = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            for field, kind in _fields(form, description["components"]["schemas"]):
                tried.add(kind)
                for value in OTHER[kind]:
                    told = _told(client, method, re.sub(r"\{\w+\}", "1", path), field, value)
                    assert ".".join(("body", *field)) in told, (method, path, field, value, told)
    assert tried == set(OTHER)


@pytest.mark.parametrize(
    ("field", "value"), [("survival_months", True), ("survival_months", "3"), ("projects", [True]), ("projects", [1.0])]
)
def test_an_agreement_is_never_written_with_what_is_no_number(
    program: Program, desk: Desk, field: str, value: object
) -> None:
    terms = {"reference": "NDA 9", "kinds": ["final"], "valid_from": "2026-02-01", "projects": [desk.project.pk]}
    sent = {**terms, "recipient": desk.supplier.pk, "covers_all_projects": False, "survival_months": 3}
    before = Agreement.objects.count()
    answer = program("officer").post("/api/v1/agreements", {**sent, field: value}, content_type="application/json")
    assert [each["at"] for each in answer.json()["errors"]] == [f"body.{field}"]
    answer = program("officer").post("/api/v1/agreements", sent, content_type="application/json")
    assert (answer.status_code, Agreement.objects.count()) == (201, before + 1)


def _told(client: Client, method: str, address: str, field: Field, value: object) -> set[str]:
    """Send nothing but this value; return where something is said to be wrong."""
    body: Any = value
    for name in reversed(field):
        body = {name: body}
    answer = client.generic(method.upper(), address, json.dumps(body), "application/json")
    assert answer.status_code == 422, (method, address, field, value, answer.content)
    return {each["at"] for each in answer.json()["errors"]}


def _fields(schema: dict[str, Any], known: dict[str, Any], at: Field = ()) -> Iterator[tuple[Field, str]]:
    """Go through the fields of a body that are numbers, yes or no, days, times or amounts."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    ways = schema.get("anyOf", ())
    kind = "amount" if {each.get("type") for each in ways} >= {"number", "string"} else ""
    kind = kind or (schema.get("format") if schema.get("format") in OTHER else schema.get("type"))
    if kind in OTHER:
        yield at, kind
        return
    for part in (*schema.get("allOf", ()), *ways):
        yield from _fields(part, known, at)
    for name, part in schema.get("properties", {}).items():
        yield from _fields(part, known, (*at, name))
