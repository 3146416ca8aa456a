"""Who may look at sanctions, and what an amount in a form means. To everybody else there are none."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from djmoney.money import Money

from tidemark.errors import Refused
from tidemark.limits import MAX_JSON_WHOLE
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.sanctions.models import Measure, Payment, Sanction
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.cases.access import worker

_MOST_DIGITS = 30
"""Digits that are read at all; what is too much, the action says."""


def sanctions_for(person: Person) -> QuerySet[Sanction]:
    """Return the sanctions that somebody may see.

    Raises
    ------
    PermissionDenied
        If it is one of the owner's people who does not work on cases.
    """
    if person.is_owners and not person.may(Act.SEE_CASES):
        raise PermissionDenied
    rows = Sanction.objects.visible_to(person)
    return rows.select_related("allegation__party", "allegation__agreement", "allegation__case", "imposed_by")


def sanction_or_404(person: Person, pk: str) -> Sanction:
    """Return the sanction if the person may see it."""
    return get_object_or_404(sanctions_for(person), pk=pk)


def sanction_for(request: HttpRequest, pk: str, *acts: Act) -> tuple[Person, Sanction]:
    """Return the person who asks, and the sanction with which a role of the person allows one of these acts."""
    person = worker(request, *acts)
    return person, sanction_or_404(person, pk)


def measure_or_404(sanction: Sanction, pk: str) -> Measure:
    """Return one of a sanction's measures."""
    measure = get_object_or_404(Measure, pk=pk, sanction=sanction)
    measure.sanction = sanction
    return measure


def payment_or_404(sanction: Sanction, pk: int) -> Payment:
    """Return one of a sanction's payments."""
    return get_object_or_404(Payment, pk=min(pk, MAX_JSON_WHOLE), sanction=sanction)


def sanctioned(request: HttpRequest, pk: str) -> tuple[Person, Sanction]:
    """Return the person and the sanction, if the person answers for the party on which it was imposed."""
    person = signed_in(request)
    sanction = sanction_or_404(person, pk)
    if person.party_id != sanction.allegation.party_id or not person.may(Act.ANSWER):
        raise PermissionDenied
    return person, sanction


def money_of(text: str, currency: str) -> Money | None:
    """Return the amount that was written, None for nothing; commas and spaces between digits are let pass."""
    plain = "".join(text.replace(",", "").split())
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise Refused(_("Write the amount in digits, as 1000000.00.")) from None
    if not amount.is_finite() or len(plain) > _MOST_DIGITS or abs(amount.adjusted()) > _MOST_DIGITS:
        raise Refused(_("Write the amount in digits, as 1000000.00."))
    return Money(amount, currency)
