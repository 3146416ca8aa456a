"""What a caller sends: every name in it is one that the operation knows, every value of the kind that it asks for, or
the request is refused.

A misspelt ``expires`` that is passed over makes copies that never end, a misspelt filter a list of everything; a
``dry_run`` sent to an operation that takes no body would be done in earnest, and ``true`` taken for project 1.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Schema
from ninja.signature import ViewSignature
from pydantic import AwareDatetime, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticKnownError

from tidemark.api.problems import Fault, invalid, invalid_at, unknown_name

F = TypeVar("F", bound=Callable[..., Any])

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

_WRITTEN: dict[Any, tuple[tuple[type, ...], Any]] = {
    bool: ((bool,), "bool_type"),
    int: ((int,), "int_type"),
    Decimal: ((str, int, float, Decimal), "decimal_type"),
    date: ((str, date), "date_type"),
    AwareDatetime: ((str, datetime), "datetime_type"),
}
"""As what a value of a kind comes, in JSON or from us, and what is said of anything else."""


class Sent(Schema):
    """A body, or a part of one, that has no other fields than these, each as JSON writes its kind."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, sent: Any, info: ValidationInfo) -> Any:
        """Refuse yes or no for a number, a number for a time, and the like. A form has words alone, and may."""
        written, fault = _WRITTEN.get(_kind(cls.model_fields[info.field_name or ""].annotation), ((object,), ""))
        if fault and not _is_form(info):
            for each in sent if isinstance(sent, list) else [sent]:
                is_other = not isinstance(each, written) or (isinstance(each, bool) and bool not in written)
                if is_other and each is not None:
                    raise PydanticKnownError(fault)
        return sent


def _kind(annotation: Any) -> Any:
    """Return what a field takes, or may be null, or has a list of."""
    if get_origin(annotation) in (Annotated, Union, UnionType, list):
        return next(_kind(each) for each in get_args(annotation) if each is not NoneType)
    return annotation


def _is_form(info: ValidationInfo) -> bool:
    return info.context is not None and info.context["request"].content_type in FORMS


def exactly(function: F, path: str) -> F:
    """Refuse a request that sends what none of the operation's parameters takes: a name, or a body."""
    known: dict[str, set[str]] = {"query": set(), "form": set(), "file": set()}
    takes_body = False
    for model in ViewSignature(path, function).models:
        source = model.__ninja_param_source__
        takes_body = takes_body or source in ("body", "form", "file")
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
        if not takes_body and not _is_empty(request):
            raise invalid("body", gettext("This operation takes no body."))
        return function(request, **values)

    return checked  # type: ignore[return-value]


def _is_empty(request: HttpRequest) -> bool:
    """Whether nothing is sent as the body: an empty JSON object names nothing, and so does a form without fields."""
    if request.method == "POST" and request.content_type in FORMS:
        return not request.POST and not request.FILES
    return b"".join(request.body.split()) in (b"", b"{}")
