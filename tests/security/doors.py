"""Knocking at every door as everybody, and taking back whatever that did."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

WHO = (
    "administrator",
    "officer",
    "investigator",
    "legal",
    "communications",
    "contact",
    "member",
    "sub_vendor_contact",
    "sibling_contact",
    "stranger_contact",
    "",
)
"""The columns of a table of doors: the owner's five roles, the supplier's two, its sub-vendor, its sibling, a stranger,
and nobody."""

_LETTERS = {302: "l", 401: "u", 403: "f", 404: "n", 405: "m", 409: "r", 415: "t", 422: "i"}


def letter(status: int) -> str:
    """Return one character for a status: `.` for done, `l` for asked to sign in, digits for what nobody expects."""
    return "." if 200 <= status < 300 else _LETTERS.get(status, f"<{status}>")


def knock(client: Client, method: str, address: str, body: Any = None) -> int:
    """Make a request, take back what it did, and return the status. A body of bytes is sent as a file of a form."""
    cache.clear()
    with transaction.atomic():
        if isinstance(body, bytes):
            answer = (
                client.generic(method, address) if method != "POST" else client.post(address, {"file": _file(body)})
            )
        elif body is None:
            answer = client.generic(method, address)
        else:
            answer = getattr(client, method.lower())(address, body, content_type="application/json")
        transaction.set_rollback(True)
    return answer.status_code


def look(client: Client, method: str, address: str) -> str:
    """Ask for a page, take back what that did, and return the letter: as for operations, and `>` for sent elsewhere."""
    cache.clear()
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, address)
        transaction.set_rollback(True)
    client.cookies = cookies
    if answer.status_code in (301, 302) and not answer.headers["Location"].startswith("/accounts/login/?next="):
        return ">"
    return letter(answer.status_code)


def _file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("file.pdf", data)


def differences(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> str:
    """Return a readable list of doors that do not open as they should, or are not in the table at all."""
    lines = []
    for door in sorted({*expected, *seen}):
        if expected.get(door) != seen.get(door):
            lines.append(f"{door}: expected {expected.get(door, 'nothing: it is new')}, seen {seen.get(door, 'gone')}")
    return "\n".join(lines)


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Walk every address that the server answers to, as it is written in the addresses' modules."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def all_rows() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the records, apart from when a token was last used."""
    models = [model for model in apps.get_models(include_auto_created=True) if "tidemark" in model.__module__]
    return {
        model._meta.label: list(
            model._default_manager.order_by("pk").values_list(
                *(field.attname for field in model._meta.concrete_fields if field.name != "last_used")
            )
        )
        for model in models
    }
