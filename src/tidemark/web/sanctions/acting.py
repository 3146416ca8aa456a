"""What officers and legal do with a sanction: prepare, change, approve, impose, decide; payments and measures."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.errors import Refused
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.projects.models import Project
from tidemark.records.sanctions import decide
from tidemark.records.sanctions.impose import approve_sanction, impose
from tidemark.records.sanctions.measures import judge
from tidemark.records.sanctions.models import Decision, Measure, Sanction
from tidemark.records.sanctions.pay import record_payment, record_repayment
from tidemark.records.sanctions.prepare import add_measure, edit, give_up, prepare, remove_measure
from tidemark.records.sanctions.take_payment_back import take_payment_back
from tidemark.web.cases.access import allegation_for
from tidemark.web.doing import do, made
from tidemark.web.posted import day_of, end_of, needed, number_of
from tidemark.web.sanctions.access import (
    measure_or_404,
    money_of,
    payment_or_404,
    sanction_for,
    sanction_or_404,
)
from tidemark.web.sanctions.forms import TermsForm
from tidemark.web.sanctions.pages import shown_to


@login_required
@require_POST
def preparing(request: HttpRequest, pk: str) -> HttpResponse:
    """Prepare a sanction from a final allegation."""
    person, allegation = allegation_for(request, pk, Act.ALLEGE)
    sanction = made(
        request,
        lambda: prepare(current_home(), allegation, by=person, now=timezone.now()),
        _("It is prepared, with what the agreement provides for. Nothing is imposed before two have approved it."),
    )
    return redirect("sanction", sanction.pk) if sanction else redirect("allegation", allegation.pk)


@login_required
@require_POST
def editing(request: HttpRequest, pk: str) -> HttpResponse:
    """Change the terms of what is not imposed yet."""
    person, sanction = sanction_for(request, pk, Act.ALLEGE)
    form = TermsForm(request.POST, sanction=sanction)
    if form.is_valid():
        try:
            edit(current_home(), sanction, form.terms(), by=person, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("sanction", sanction.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    fresh = sanction_or_404(person, pk)
    if fresh.state != Sanction.State.PREPARED:
        messages.error(request, _("It is prepared no more; it stands as it is."))
        return redirect("sanction", fresh.pk)
    return shown_to(request, person, fresh, form=form, status=409)


@login_required
@require_POST
def adding(request: HttpRequest, pk: str) -> HttpResponse:
    """Add a measure."""
    kind, text, due, chosen = (request.POST.get(name, "") for name in ("kind", "text", "due", "project"))

    def act(sanction: Sanction, by: Person) -> None:
        is_suspension = kind == Measure.Kind.SUSPENSION
        project = get_object_or_404(Project, pk=number_of(chosen)) if is_suspension and chosen else None
        until = None if is_suspension else needed(end_of(due), _("Write the date as 2026-03-14."))
        home, now = current_home(), timezone.now()
        add_measure(home, sanction, kind, text=text, due=until, project=project, by=by, now=now)

    return do(request, sanction_for(request, pk, Act.ALLEGE), act, "", "sanction")


@login_required
@require_POST
def removing(request: HttpRequest, pk: str, measure: str) -> HttpResponse:
    """Take a measure out."""
    return do(
        request,
        sanction_for(request, pk, Act.ALLEGE),
        lambda row, by: remove_measure(current_home(), measure_or_404(row, measure), by=by, now=timezone.now()),
        "",
        "sanction",
    )


@login_required
@require_POST
def giving_up(request: HttpRequest, pk: str) -> HttpResponse:
    """Give it up before it is imposed."""
    reason = request.POST.get("reason", "")
    return do(
        request,
        sanction_for(request, pk, Act.ALLEGE),
        lambda row, by: give_up(current_home(), row, reason=reason, by=by, now=timezone.now()),
        _("It is given up. The party never learns of it."),
        "sanction",
    )


@login_required
@require_POST
def approving(request: HttpRequest, pk: str) -> HttpResponse:
    """Approve it as it stands on the page that was read."""
    read = request.POST.get("seen", "")
    return do(
        request,
        sanction_for(request, pk, Act.ALLEGE),
        lambda row, by: approve_sanction(current_home(), row, by=by, now=timezone.now(), seen=read),
        _("Approved as it stands. A change of it voids your approval."),
        "sanction",
    )


@login_required
@require_POST
def imposing(request: HttpRequest, pk: str) -> HttpResponse:
    """Impose it."""
    return do(
        request,
        sanction_for(request, pk, Act.ALLEGE),
        lambda row, by: impose(current_home(), row, by=by, now=timezone.now()),
        _("It is imposed. The letter is kept, and the party's contacts are told by mail."),
        "sanction",
    )


@login_required
@require_POST
def proposing(request: HttpRequest, pk: str) -> HttpResponse:
    """Propose what becomes of it."""
    outcome, reason, left = (request.POST.get(name, "") for name in ("outcome", "reason", "amount"))

    def act(sanction: Sanction, by: Person) -> None:
        is_reduced = outcome == Decision.Outcome.REDUCED and sanction.amount is not None
        amount = money_of(left, str(sanction.amount.currency)) if is_reduced else None
        decide.propose(current_home(), sanction, outcome, reason=reason, amount=amount, by=by, now=timezone.now())

    return do(
        request,
        sanction_for(request, pk, Act.ALLEGE),
        act,
        _("Proposed. It is taken once legal and an officer have approved it."),
        "sanction",
    )


@login_required
@require_POST
def agreeing(request: HttpRequest, pk: str) -> HttpResponse:
    """Approve what is proposed, as it stands."""
    return _do_proposed(request, pk, decide.approve_decision, _("Approved as it stands."))


@login_required
@require_POST
def taking(request: HttpRequest, pk: str) -> HttpResponse:
    """Take the decision that is proposed."""
    return _do_proposed(request, pk, decide.take, _("It is decided. The party is told."))


@login_required
@require_POST
def paying(request: HttpRequest, pk: str) -> HttpResponse:
    """Record a payment, or what was paid back."""
    amount, day, reference = (request.POST.get(name, "") for name in ("amount", "paid_on", "reference"))

    def act(sanction: Sanction, by: Person) -> None:
        money = money_of(amount, str(sanction.amount.currency)) if sanction.amount is not None else None
        if money is None:
            raise Refused(_("Write the amount in digits, as 1000000.00."))
        home, now, on = current_home(), timezone.now(), needed(day_of(day), _("Write the date as 2026-03-14."))
        if request.POST.get("is_repayment"):
            record_repayment(home, sanction, money, paid_on=on, reference=reference, by=by, now=now)
        else:
            overpaid = bool(request.POST.get("is_overpaid"))
            record_payment(home, sanction, money, paid_on=on, reference=reference, is_overpaid=overpaid, by=by, now=now)

    return do(request, sanction_for(request, pk, Act.ALLEGE), act, _("Recorded."), "sanction")


@login_required
@require_POST
def taking_payment_back(request: HttpRequest, pk: str, payment: int) -> HttpResponse:
    """Take back a payment that was recorded by mistake."""
    why = request.POST.get("reason", "")

    def act(sanction: Sanction, by: Person) -> None:
        row = payment_or_404(sanction, payment)
        take_payment_back(current_home(), row, why=why, by=by, now=timezone.now())

    said = _("It is taken back: it stays on record, struck out, and is in no sum any more.")
    return do(request, sanction_for(request, pk, Act.ALLEGE), act, said, "sanction")


@login_required
@require_POST
def judging(request: HttpRequest, pk: str, measure: str) -> HttpResponse:
    """Accept what the party reported, or return it."""
    accepts, reason = request.POST.get("verdict") == "accepted", request.POST.get("reason", "")
    read = number_of(request.POST.get("report", ""))

    def act(sanction: Sanction, by: Person) -> None:
        row = measure_or_404(sanction, measure)
        judge(current_home(), row, accepts=accepts, reason=reason, read=read, by=by, now=timezone.now())

    return do(request, sanction_for(request, pk, Act.ALLEGE), act, _("Saved. The party is told."), "sanction")


def _do_proposed(request: HttpRequest, pk: str, action: Callable[..., object], said: str) -> HttpResponse:
    def act(sanction: Sanction, by: Person) -> None:
        proposal = decide.open_decision(sanction)
        if proposal is None or proposal.pk != request.POST.get("decision"):
            raise Refused(_("Something else is proposed by now. Look at it first."))
        action(current_home(), proposal, by=by, now=timezone.now())

    return do(request, sanction_for(request, pk, Act.ALLEGE), act, said, "sanction")
