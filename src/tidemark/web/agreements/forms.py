"""The form in which an agreement is registered and amended."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from djmoney.money import Money

from tidemark.limits import MAX_CLAUSE_CHARS, MAX_NAME_CHARS, MAX_TEXT_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.agreements.documents import Document
from tidemark.records.agreements.models import Agreement
from tidemark.records.agreements.terms import Terms
from tidemark.records.copies.sub_vendors import bindable_by
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Project
from tidemark.web.fields import DayField
from tidemark.web.uploads import document_of

CURRENCIES = (
    "CNY", "EUR", "USD", "JPY", "KRW", "GBP", "CHF", "INR", "THB", "TWD", "MXN", "BRL", "CAD",
    "SEK", "CZK", "PLN", "HUF", "RON", "TRY", "ZAR",
)  # fmt: skip
"""Currencies of the countries in which cars and their parts are made; an agreement in force keeps any other."""


class AgreementForm(forms.Form):
    """The terms, in sections. ``by`` decides what can be chosen."""

    recipient = forms.ModelChoiceField(Party.objects.none(), label=_("Who receives"))
    under = forms.ModelChoiceField(
        Agreement.objects.none(),
        label=_("Passes on the duties of"),
        help_text=_("The agreement by which your own company is bound. The new one may not be weaker."),
    )
    reference = forms.CharField(
        label=_("Reference"), max_length=MAX_NAME_CHARS, help_text=_("The number on the paper.")
    )
    document = forms.FileField(label=_("Signed agreement (PDF)"), required=False)
    covers_all_projects = forms.BooleanField(label=_("All projects, future ones too"), required=False)
    projects = forms.ModelMultipleChoiceField(
        Project.objects.none(), label=_("Projects"), required=False, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(
        label=_("Drafts with the status"), choices=Draft.Status.choices, widget=forms.CheckboxSelectMultiple
    )
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day; empty if it goes on until it is terminated."),
    )
    survival_months = forms.IntegerField(
        label=_("Duties survive, months"), min_value=0, max_value=1200, initial=60, help_text=_("After its end.")
    )
    flow_down = forms.BooleanField(
        label=_("Whoever gets drawings onward must be bound alike"), required=False, initial=True
    )
    liable_downstream = forms.BooleanField(
        label=_("The recipient answers for those below it"), required=False, initial=True
    )
    standing_approval = forms.BooleanField(label=_("Onward sharing is approved beforehand"), required=False)
    damages = forms.DecimalField(label=_("Amount"), required=False, max_digits=18, decimal_places=2)
    damages_currency = forms.ChoiceField(label=_("Currency"), initial="CNY")
    damages_cap = forms.DecimalField(
        label=_("At most"), required=False, max_digits=18, decimal_places=2, help_text=_("A cap, in the same currency.")
    )
    damages_formula = forms.CharField(
        label=_("Damages by formula"),
        required=False,
        max_length=MAX_TEXT_CHARS,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("In place of an amount, or beside it."),
    )
    clause = forms.CharField(
        label=_("The clause on damages, as it is written"),
        required=False,
        max_length=MAX_CLAUSE_CHARS,
        widget=forms.Textarea({"rows": 6}),
    )
    governing_law = forms.CharField(label=_("Governing law"), required=False, max_length=MAX_NAME_CHARS)

    def __init__(self, *args: Any, by: Person, agreement: Agreement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = _currency_of(agreement) if agreement is not None else ""
        codes = dict.fromkeys((*CURRENCIES, *((known,) if known else ())))
        self.fields["damages_currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        self._choose("projects", Project.objects.visible_to(by))
        if agreement is not None:
            del self.fields["recipient"], self.fields["under"]
            return
        self._choose("recipient", bindable_by(by))
        if by.is_owners:
            del self.fields["under"]
            return
        bound = Agreement.objects.filter(recipient=by.party_id, state=Agreement.State.IN_FORCE, flow_down=True)
        self._choose("under", bound)

    def _choose(self, name: str, among: Any) -> None:
        self.fields[name].queryset = among  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """Return what was entered, once the form is valid."""
        data = self.cleaned_data
        everything = data["covers_all_projects"]
        plain = ("reference", "kinds", "valid_from", "valid_until", "survival_months", "flow_down", "standing_approval")
        return Terms(
            **{name: data[name] for name in plain},
            covers_all_projects=everything,
            projects=() if everything else tuple(data["projects"]),
            liable_downstream=data["liable_downstream"],
            damages=self._money("damages"),
            damages_formula=data["damages_formula"],
            damages_cap=self._money("damages_cap"),
            clause=data["clause"],
            governing_law=data["governing_law"],
        )

    def paper(self) -> Document | None:
        """Return the file that was uploaded, None if there is none."""
        return document_of(self.cleaned_data["document"])

    def _money(self, name: str) -> Money | None:
        amount = self.cleaned_data[name]
        return None if amount is None else Money(amount, self.cleaned_data["damages_currency"])


def initial_of(agreement: Agreement) -> dict[str, object]:
    """Return an agreement's terms as the form shows them."""
    names = [name for name in Terms.__dataclass_fields__ if name not in ("projects", "damages", "damages_cap")]
    return {
        **{name: getattr(agreement, name) for name in names},
        "projects": list(agreement.projects.all()),
        "damages": agreement.damages.amount if agreement.damages else None,
        "damages_cap": agreement.damages_cap.amount if agreement.damages_cap else None,
        "damages_currency": _currency_of(agreement) or "CNY",
    }


def _currency_of(agreement: Agreement) -> str:
    """Return the currency of the amount or, if there is a cap alone, of the cap; '' if there is neither."""
    money = agreement.damages or agreement.damages_cap
    return "" if money is None else str(money.currency)
