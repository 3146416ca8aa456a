"""Fields of forms for days and times, in years with which everything can reckon."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tidemark.web.posted import fault_of_year


def refuse_other_years(day: date) -> None:
    """Raise Django's error for a form unless a day, or a time, lies in these years."""
    if fault := fault_of_year(day):
        raise ValidationError(fault)


class _DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class _MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class DayField(forms.DateField):
    """A day."""

    widget = _DayInput
    default_validators = [refuse_other_years]  # noqa: RUF012  as Django has it


class MomentField(forms.DateTimeField):
    """A time, UTC unless an offset is written. A day alone is none: it would be taken for its first minute."""

    widget = _MomentInput
    default_validators = [refuse_other_years]  # noqa: RUF012  as Django has it

    def to_python(self, value: str | datetime | date | None) -> datetime | None:
        if isinstance(value, str) and value.strip() and ":" not in value:
            raise ValidationError(_("Write the time of day as well, such as 2026-03-14 09:26."), code="invalid")
        return super().to_python(value)
