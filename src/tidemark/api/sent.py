"""What a caller sends: every name in it is one that the operation knows, or the request is refused.

A misspelt ``expires`` that is passed over makes copies that never end, a misspelt filter a list of everything.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Schema
from ninja.signature import ViewSignature
from pydantic import ConfigDict

from tidemark.api.problems import Fault, invalid_at, unknown_name

F = TypeVar("F", bound=Callable[..., Any])


class Sent(Schema):
    """A body, or a part of one, that has no other fields than these."""

    model_config = ConfigDict(extra="forbid")


def exactly(function: F, path: str) -> F:
    """Refuse a request whose address or form has a name that none of the operation's parameters has."""
    known: dict[str, set[str]] = {"query": set(), "form": set(), "file": set()}
    for model in ViewSignature(path, function).models:
        source = model.__ninja_param_source__
        if source in known:
            known[source] |= set(getattr(model, "__ninja_flatten_map__", model.model_fields))

    @wraps(function)
    def checked(request: HttpRequest, **values: Any) -> Any:
        sent: tuple[tuple[str, Iterable[str]], ...] = (
            ("query", request.GET),
            ("form", request.POST),
            ("file", request.FILES),
        )
        faults = tuple(
            Fault(f"{source}.{name}", unknown_name())
            for source, names in sent
            for name in names
            if name not in known[source]
        )
        if faults:
            raise invalid_at(*faults)
        return function(request, **values)

    return checked  # type: ignore[return-value]
