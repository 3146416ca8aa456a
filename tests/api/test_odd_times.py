"""A day or a time near the end of all years is refused by its field, wherever one may be sent."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.conftest import Program

ODD = {
    "date": ("0001-01-01", "9999-12-31"),
    "date-time": ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"),
}


def test_every_day_and_time_that_is_sent_lies_in_years_that_can_be_reckoned_with(program: Program) -> None:
    client = program("officer")
    description = client.get("/api/v1/openapi.json").json()
    tried = set()
    for path, ways in description["paths"].items():
        address = re.sub(r"\{\w+\}", "1", path)
        for method, operation in ways.items():
            for media, form in operation.get("requestBody", {}).get("content", {}).items():
                for field, kind in _times(form["schema"], description["components"]["schemas"]):
                    tried.add((method, path, *field))
                    for value in ODD[kind]:
                        told = _sent(client, method, address, media, field, value)
                        assert any(at.endswith(field[-1]) and "year" in what for at, what in told), (path, value, told)
    assert len(tried) > 20


def _sent(
    client: Client, method: str, address: str, media: str, field: tuple[str, ...], value: str
) -> list[tuple[str, str]]:
    """Send nothing but this value; return what is said to be wrong, by field."""
    if media == "application/json":
        body: Any = value
        for name in reversed(field):
            body = {name: body}
        answer = client.generic(method.upper(), address, json.dumps(body), media)
    else:
        answer = client.post(address, {"file": SimpleUploadedFile("a.png", b"x"), field[-1]: value})
    assert answer.status_code == 422, (method, address, field, value, answer.content)
    return [(each["at"], each["what"]) for each in answer.json()["errors"]]


def _times(
    schema: dict[str, Any], known: dict[str, Any], at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Go through the fields of a body that are days or times."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if schema.get("format") in ODD:
        yield at, schema["format"]
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
        yield from _times(part, known, at)
    for name, part in schema.get("properties", {}).items():
        yield from _times(part, known, (*at, name))
