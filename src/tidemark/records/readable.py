"""Whether every row of the records can be read, and says nothing that its kind cannot say.

A database keeps what it is given: SQLite a word where a time should be, either of them a state that there is not. Such
a row is passed over by whatever asks for rows of a known state, and its time is read as none.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DateField, Field, Model, QuerySet

from tidemark.records.home import Home

_Field = Field[Any, Any]


def row_faults(_: Home) -> Iterator[str]:
    """Yield each value on record that is not of its field's kind, or none of those that the field may have."""
    for model in _ours():
        yield from _unreadable(model)
        for field in model._meta.concrete_fields:
            yield from _unknown(model, field)


def rows_looked_at(_: Home) -> str:
    """Return how many rows there are."""
    models = _ours()
    return f"{sum(model._base_manager.count() for model in models):,} rows of {len(models)} tables"


def _ours() -> list[type[Model]]:
    return [each for each in apps.get_models(include_auto_created=True) if each.__module__.startswith("tidemark.")]


def _unreadable(model: type[Model]) -> Iterator[str]:
    fields = model._meta.concrete_fields
    try:
        for pk, *values in model._base_manager.values_list("pk", *(field.attname for field in fields)).iterator():
            for field, value in zip(fields, values, strict=True):
                if not _is_of_kind(field, value):
                    yield f"{_row(model, pk)}: its {field.name} is of another kind"
    except (ValueError, TypeError, ArithmeticError) as error:  # the database's own values could not be turned into ours
        yield f"{model._meta.db_table} cannot be read: {error}"


def _is_of_kind(field: _Field, value: Any) -> bool:
    try:
        field.to_python(value)
    except ValidationError:
        return False
    return True


def _unknown(model: type[Model], field: _Field) -> Iterator[str]:
    """Yield the rows whose state, yes or no, day or time there is not."""
    rows = model._base_manager.filter(**{f"{field.name}__isnull": False})
    if isinstance(field, DateField):
        yield from _no_times(rows, field)
    known = [True, False] if isinstance(field, BooleanField) else [value for value, _ in field.flatchoices]
    if known:
        known += [""] if field.blank else []
        for pk in rows.exclude(**{f"{field.name}__in": known}).values_list("pk", flat=True):
            yield f"{_row(model, pk)}: its {field.name} is none that there is"


def _no_times(rows: QuerySet[Model], field: _Field) -> Iterator[str]:
    """Yield the rows that have something where a day or a time should be, which is read as none."""
    try:
        for pk, time in rows.values_list("pk", field.name).iterator():
            if time is None:
                yield f"{_row(rows.model, pk)}: its {field.name} is no time"
    except ValueError:
        return  # told as unreadable


def _row(model: type[Model], pk: object) -> str:
    return f"{model._meta.verbose_name} {pk}"
