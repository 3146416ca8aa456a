"""Whatever a database was made to hold in place of a state, a yes or no, a number or a time is told, row by row."""

import tests.started  # noqa: F401  isort: skip

from itertools import cycle

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import BooleanField, DateField, Field, IntegerField, Model

from tests.desk import Desk
from tests.security.samples import furnish
from tidemark.records.home import Home
from tidemark.records.readable import row_faults, rows_looked_at

pytestmark = pytest.mark.slow


@pytest.fixture
def furnished(home: Home, desk: Desk) -> Home:
    """A home with one of everything."""
    furnish(home, desk)
    return home


def _filled() -> list[tuple[type[Model], Field]]:
    """Return every field of ours that some row has a value of."""
    models = [each for each in apps.get_models() if each.__module__.startswith("tidemark.")]
    fields = [(model, field) for model in models for field in model._meta.concrete_fields]
    return [
        (model, field)
        for model, field in fields
        if model._base_manager.filter(**{f"{field.name}__isnull": False}).exists()
    ]


def _faults_with(home: Home, model: type[Model], field: Field, value: object) -> list[str]:
    """Write a value past all rules, and take it back; return what is told meanwhile."""
    table, column = model._meta.db_table, field.column
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "{column}" IS NOT NULL', [value])
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        faults = list(row_faults(home))
        transaction.set_rollback(True)
    return faults


def test_one_of_everything_has_no_faults(furnished: Home) -> None:
    assert list(row_faults(furnished)) == []
    assert rows_looked_at(furnished).partition(" ")[0] != "0"


@pytest.mark.sqlite
def test_every_state_that_there_is_not_is_told(furnished: Home) -> None:
    stated = [(model, field) for model, field in _filled() if field.choices and not field.unique]
    assert {"copies_copy", "cases_allegation", "sanctions_sanction", "rounds_round"} <= {
        model._meta.db_table for model, _ in stated
    }
    for model, field in stated:
        faults = _faults_with(furnished, model, field, "zz")
        assert any(str(model._meta.verbose_name) in fault and field.name in fault for fault in faults), field


@pytest.mark.sqlite
def test_every_time_that_there_is_not_is_told(furnished: Home) -> None:
    timed = [(model, field) for model, field in _filled() if isinstance(field, DateField)]
    assert any(field.null for _, field in timed)
    for (model, field), value in zip(timed, cycle(("zz", "2026-13-45 00:00:00", "", 7)), strict=False):
        assert _faults_with(furnished, model, field, value), (field, value)


@pytest.mark.sqlite
def test_every_number_and_yes_or_no_of_another_kind_is_told(furnished: Home) -> None:
    counted = [
        (model, field)
        for model, field in _filled()
        if isinstance(field, (BooleanField, IntegerField)) and not field.unique and not field.primary_key
    ]
    assert {type(field) for _, field in counted} >= {BooleanField}
    for model, field in counted:
        if not any(field.name in constraint.fields for constraint in model._meta.total_unique_constraints):
            assert _faults_with(furnished, model, field, "zz"), field
