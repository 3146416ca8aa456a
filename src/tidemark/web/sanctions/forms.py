"""The form in which a sanction's terms are changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from tidemark.limits import MAX_CLAUSE_CHARS, MAX_NAME_CHARS, MAX_TEXT_CHARS
from tidemark.records.sanctions.convert import RATE_PLACES, Rate
from tidemark.records.sanctions.models import Sanction
from tidemark.records.sanctions.terms import Terms, kept_clause
from tidemark.web.agreements.forms import CURRENCIES
from tidemark.web.fields import DayField
from tidemark.web.posted import end_of_day

_RATE = ("rate", "rate_currency", "rate_on", "rate_source")


def _text(rows: int, **more: Any) -> forms.CharField:
    more = {"required": False, "max_length": MAX_TEXT_CHARS} | more
    return forms.CharField(widget=forms.Textarea({"rows": rows}), **more)


class TermsForm(forms.Form):
    """What is claimed, until when, how it is paid and appealed."""

    amount = forms.DecimalField(
        label=_("Amount"), required=False, max_digits=18, decimal_places=2, help_text=_("Empty for measures only.")
    )
    currency = forms.ChoiceField(label=_("Currency"))
    calculation = _text(2, label=_("Calculation, if the agreement has a formula"))
    deviation_reason = _text(
        2, label=_("Why it deviates from the clause"), help_text=_("If it does. The party reads it too.")
    )
    rate = forms.DecimalField(
        label=_("Rate"), required=False, max_digits=20, decimal_places=RATE_PLACES,
        help_text=_("What one unit of the other currency costs."),
    )  # fmt: skip
    rate_currency = forms.ChoiceField(label=_("Convert into"), required=False)
    rate_on = DayField(label=_("Rate of"), required=False)
    rate_source = forms.CharField(label=_("Source of the rate"), required=False, max_length=MAX_NAME_CHARS)
    pay_to = _text(3, label=_("How to pay"), help_text=_("The account, and what to quote."))
    due_on = DayField(label=_("To be paid until"), required=False)
    appeal_until = DayField(label=_("Appeal until the end of (UTC)"))
    words = _text(4, label=_("Further words to the party"), max_length=MAX_CLAUSE_CHARS)

    def __init__(self, *args: Any, sanction: Sanction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreed = kept_clause(sanction).currency
        known = str(sanction.converted.currency) if sanction.converted is not None else ""
        codes = [agreed] if agreed else list(CURRENCIES)
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        others = dict.fromkeys(("", *((known,) if known else ()), *(code for code in CURRENCIES if code != agreed)))
        self.fields["rate_currency"].choices = [(code, code or "–") for code in others]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A rate is stated whole: how much, into what, of which day, and where it was read."""
        data: dict[str, Any] = super().clean() or {}
        given = [name for name in _RATE if data.get(name)]
        if data.get("rate") is not None and len(given) < len(_RATE):
            self.add_error("rate", _("State the rate whole: into which currency, of which day, and where it was read."))
        return data

    def terms(self) -> Terms:
        """Return what was entered, once the form is valid."""
        data = self.cleaned_data
        rate = None
        if data["rate"] is not None:
            rate = Rate(data["rate"], data["rate_currency"], data["rate_on"], data["rate_source"])
        return Terms(
            amount=None if data["amount"] is None else Money(data["amount"], data["currency"]),
            appeal_until=end_of_day(data["appeal_until"]),
            due_on=data["due_on"],
            rate=rate,
            **{name: data[name] for name in ("calculation", "deviation_reason", "pay_to", "words")},
        )


def initial_of(sanction: Sanction) -> dict[str, object]:
    """Return a sanction's terms as the form shows them."""
    amount, converted = sanction.amount, sanction.converted
    plain = ("calculation", "deviation_reason", "rate_on", "rate_source", "pay_to", "due_on", "words")
    return {
        **{name: getattr(sanction, name) for name in plain},
        "amount": amount.amount if amount is not None else None,
        "currency": str(amount.currency) if amount is not None else kept_clause(sanction).currency,
        "rate": f"{sanction.rate.normalize():f}" if sanction.rate is not None else None,
        "rate_currency": str(converted.currency) if converted is not None else "",
        "appeal_until": sanction.appeal_until.date(),
    }
