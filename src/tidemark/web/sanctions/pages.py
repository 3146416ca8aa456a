"""The list of sanctions and the page of one, for either side; its letter and files to be saved.

To the party a page shows what was imposed on it, its own words, and what the owner says to it: nobody else's name, no
approval and no note.
"""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tidemark.limits import MAX_JSON_WHOLE
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import approvals_of, content_sha256
from tidemark.records.cases.counting import UNAPPROVED
from tidemark.records.cases.models import Allegation, Case
from tidemark.records.cases.stopped import why_stopped
from tidemark.records.connect import current_home
from tidemark.records.projects.models import Project
from tidemark.records.sanctions import decide
from tidemark.records.sanctions.appeal import why_no_appeal
from tidemark.records.sanctions.clause import deviation_text, needs_calculation, plain
from tidemark.records.sanctions.impose import SANCTION_ROLES, subject_of, why_not_imposed
from tidemark.records.sanctions.late import is_late
from tidemark.records.sanctions.letter import no_letter_in
from tidemark.records.sanctions.models import Appeal, AppealFile, Decision, Measure, MeasureFile, Sanction
from tidemark.records.sanctions.settle import account_of, due_day, is_overdue
from tidemark.records.sanctions.take_payment_back import why_not_taken_back
from tidemark.records.sanctions.terms import content_of, kept_clause, rate_of
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.approved import approval_lines
from tidemark.web.downloads import attachment
from tidemark.web.sanctions.access import sanction_or_404, sanctions_for
from tidemark.web.sanctions.forms import TermsForm, initial_of
from tidemark.web.sanctions.words import measure_colour, state_colour

A_PAGE = 50
LETTERS = {"en": "letter_en_sha256", "zh": "letter_zh_sha256"}


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the sanctions: for a party's contacts those imposed on it, for the owner's people all."""
    person = signed_in(request)
    rows = sanctions_for(person).prefetch_related("payments", "payment_terms").order_by("-created", "pk")
    if not person.is_owners and not person.may(Act.ANSWER):
        raise PermissionDenied
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "sanctions/index.html", {"shown": shown, "rows": [line(row) for row in shown]})


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show a sanction to either side."""
    person = signed_in(request)
    return shown_to(request, person, sanction_or_404(person, pk))


def shown_to(
    request: HttpRequest,
    person: Person,
    sanction: Sanction,
    *,
    form: TermsForm | None = None,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the page as the person sees it, with what was entered and refused, if something was."""
    if person.is_owners:
        return _owners(request, person, sanction, form=form, status=status)
    return _partys(request, sanction, text=text, status=status)


def line(sanction: Sanction) -> dict[str, object]:
    """Return what a list says of a sanction, whose payments and payment terms are at hand."""
    account = account_of(sanction)
    return {
        "row": sanction,
        "colour": state_colour(sanction.state),
        "amount": plain(sanction.amount) if sanction.amount is not None else "",
        "balance": plain(account.balance) if account and account.balance.amount > 0 else "",
        "pay_back": plain(account.pay_back) if account and account.pay_back.amount > 0 else "",
        "due": due_day(sanction),
        "is_overdue": is_overdue(sanction, account, now=timezone.now()),
    }


def lines_of_case(case: Case) -> list[dict[str, object]]:
    """Return a case's sanctions as a list shows them."""
    rows = Sanction.objects.filter(allegation__case=case).select_related("allegation__party")
    return [line(row) for row in rows.prefetch_related("payments", "payment_terms")]


def lines_of_allegation(allegation: Allegation, person: Person) -> list[dict[str, object]]:
    """Return an allegation's sanctions as a list shows them, as far as the person may see them."""
    rows = Sanction.objects.visible_to(person).filter(allegation=allegation).select_related("allegation__party")
    return [line(row) for row in rows.prefetch_related("payments", "payment_terms")]


def may_sanction(allegation: Allegation, person: Person) -> bool:
    """Whether the person could prepare a sanction from it now."""
    is_free = not allegation.sanctions.exclude(state=Sanction.State.WITHDRAWN).exists()
    return person.may(Act.ALLEGE) and allegation.state == Allegation.State.FINAL and is_free


def _owners(
    request: HttpRequest, person: Person, sanction: Sanction, *, form: TermsForm | None, status: int
) -> HttpResponse:
    is_prepared, now = sanction.state == Sanction.State.PREPARED, timezone.now()
    may_allege, is_appealed = person.may(Act.ALLEGE), sanction.state == Sanction.State.APPEALED
    given = approvals_of(subject_of(sanction), content_of(sanction), SANCTION_ROLES) if is_prepared else UNAPPROVED
    proposal = decide.open_decision(sanction) if sanction.is_open else None
    agreed = decide.approvals_of_decision(proposal) if proposal else UNAPPROVED
    context = {
        **_both(sanction),
        "form": form or (TermsForm(initial=initial_of(sanction), sanction=sanction) if is_prepared else None),
        "is_prepared": is_prepared,
        "sha256": content_sha256(content_of(sanction)) if is_prepared else "",
        "may_edit": may_allege and is_prepared,
        "may_act": may_allege,
        "why_not": why_not_imposed(sanction, now=now) if is_prepared else [],
        "stopped": why_stopped(sanction.allegation) if sanction.is_open else "",
        "no_letter_in": no_letter_in() if is_prepared else [],
        "approvals": approval_lines(given),
        "may_approve": is_prepared and bool(given.role_for(person, now=now)),
        "kinds": Measure.Kind.choices,
        "projects": Project.objects.filter(engagements__party=sanction.allegation.party_id).distinct(),
        "proposal": proposal,
        "proposed_amount": plain(proposal.amount) if proposal and proposal.amount is not None else "",
        "proposal_approvals": approval_lines(agreed),
        "may_approve_proposal": bool(agreed.role_for(person, now=now)),
        "is_agreed": proposal is not None and not agreed.missing,
        "outcomes": [each for each in Decision.Outcome.choices if is_appealed or each[0] != Decision.Outcome.UPHELD],
        "today": now.date(),
    }
    return render(request, "sanctions/page.html", context, status=status)


def _partys(request: HttpRequest, sanction: Sanction, *, text: str, status: int) -> HttpResponse:
    takes_appeal = sanction.state in (Sanction.State.IMPOSED, Sanction.State.SETTLED)
    why_not = why_no_appeal(sanction, now=timezone.now()) if takes_appeal else ""
    context = {
        **_both(sanction),
        "takes_appeal": takes_appeal and not why_not,
        "why_no_appeal": why_not,
        "text": text,
    }
    return render(request, "sanctions/partys.html", context, status=status)


def _both(sanction: Sanction) -> dict[str, object]:
    payments = list(sanction.payments.select_related("recorded_by", "taken_back_by"))
    account, clause, rate = account_of(sanction, payments), kept_clause(sanction), rate_of(sanction)
    measures = sanction.measures.select_related("project").prefetch_related("reports__person", "reports__files")
    is_imposed, now = sanction.imposed is not None, timezone.now()
    claimed = sanction.imposed_amount if is_imposed else sanction.amount
    return {
        "sanction": sanction,
        "allegation": sanction.allegation,
        "colour": state_colour(sanction.state),
        "amount": plain(sanction.amount) if sanction.amount is not None else "",
        "imposed_amount": plain(sanction.imposed_amount) if sanction.imposed_amount is not None else "",
        "is_reduced": is_imposed and sanction.imposed_amount != sanction.amount,
        "converted": plain(sanction.converted) if sanction.converted is not None else "",
        "rate": rate,
        "rate_text": f"{rate.per_unit.normalize():f}" if rate else "",
        "agreed": plain(clause.damages) if clause.damages is not None else "",
        "cap": plain(clause.cap) if clause.cap is not None else "",
        "is_waived": sanction.state == Sanction.State.WAIVED,
        "by_formula": needs_calculation(claimed, clause),
        "deviation": deviation_text(claimed, clause),
        "account": account if is_imposed else None,
        "balance": plain(account.balance) if account else "",
        "paid": plain(account.paid) if account else "",
        "pay_back": plain(account.pay_back) if account and account.pay_back.amount > 0 else "",
        "is_paid": account is not None and account.owed.amount > 0 and account.balance.amount == 0,
        "due": due_day(sanction),
        "is_overdue": is_overdue(sanction, account, now=now),
        "payments": [
            {"row": each, "amount": plain(each.amount), "why_not": why_not_taken_back(each, payments)}
            for each in payments
        ],
        "measures": [
            {"row": each, "colour": measure_colour(each.state), "is_late": is_late(each, now=now)} for each in measures
        ],
        "appeal": Appeal.objects.filter(sanction=sanction).select_related("person").prefetch_related("files").first(),
        "decisions": [
            {"row": each, "amount": plain(each.amount) if each.amount is not None else ""}
            for each in sanction.decisions.exclude(taken=None)
        ],
        "letters": [language for language, field in LETTERS.items() if getattr(sanction, field)],
    }


@login_required
@require_GET
def letter(request: HttpRequest, pk: str, language: str) -> HttpResponse:
    """Hand out the letter as it was imposed, to either side."""
    sanction = sanction_or_404(signed_in(request), pk)
    sha256 = getattr(sanction, LETTERS[language]) if language in LETTERS else ""
    if not sha256:
        raise Http404
    data = blobs.get(current_home(), blobs.Shelf.CASES, sha256)
    return attachment(data, f"{sanction.number}-{language}.pdf", otherwise="letter.pdf")


@login_required
@require_GET
def appeal_file(request: HttpRequest, pk: str, file: int) -> HttpResponse:
    """Hand out a file of the appeal, to either side."""
    sanction = sanction_or_404(signed_in(request), pk)
    return _handed_out(get_object_or_404(AppealFile, pk=min(file, MAX_JSON_WHOLE), appeal__sanction=sanction))


@login_required
@require_GET
def proof(request: HttpRequest, pk: str, file: int) -> HttpResponse:
    """Hand out a proof of a measure, to either side."""
    sanction = sanction_or_404(signed_in(request), pk)
    found = get_object_or_404(MeasureFile, pk=min(file, MAX_JSON_WHOLE), report__measure__sanction=sanction)
    return _handed_out(found)


def _handed_out(found: AppealFile | MeasureFile) -> HttpResponse:
    return attachment(
        blobs.get(current_home(), blobs.Shelf.CASES, found.file_sha256), found.file_name, otherwise="file"
    )
