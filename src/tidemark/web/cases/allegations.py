"""What officers and legal do with an allegation: prepare, edit, approve, put, conclude, withdraw, grant evidence."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.allege import approve_override, edit, prepare, prepare_override, put
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.hand_over import grant_evidence
from tidemark.records.cases.models import Allegation
from tidemark.records.connect import current_home
from tidemark.records.parties.models import Party
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.web.cases.access import allegation_for, case_for
from tidemark.web.doing import do, made
from tidemark.web.posted import end_of, needed, number_of


@login_required
@require_POST
def preparing(request: HttpRequest, pk: str) -> HttpResponse:
    """Prepare an allegation: from accused copies, or with a reason by override."""
    person, case = case_for(request, pk, Act.ALLEGE)
    party = get_object_or_404(Party, pk=number_of(request.POST.get("party", "")))

    def act() -> Allegation:
        home, now = current_home(), timezone.now()
        reason, under = request.POST.get("reason"), request.POST.get("under")
        if reason is None:
            return prepare(home, case, party, by=person, now=now, under=under)
        return prepare_override(home, case, party, reason=reason, by=person, now=now, under=under)

    allegation = made(request, act, _("It is prepared, from what is on record. Read it, change it, then put it."))
    return redirect("allegation", allegation.pk) if allegation else redirect("case", case.pk)


@login_required
@require_POST
def editing(request: HttpRequest, pk: str) -> HttpResponse:
    """Change what is not put yet."""

    def act(allegation: Allegation, by: Person) -> None:
        day = end_of(request.POST.get("answer_by", ""))
        edit(
            current_home(),
            allegation,
            summary=request.POST.get("summary", ""),
            answer_by=needed(day, _("Write until when the party is to answer, as 2026-03-14.")),
            override_reason=request.POST.get("reason"),
            by=by,
            now=timezone.now(),
        )

    return do(request, allegation_for(request, pk, Act.ALLEGE), act, _("Saved."), "allegation")


@login_required
@require_POST
def approving(request: HttpRequest, pk: str) -> HttpResponse:
    """Approve an override, as it stands."""
    role, read = request.POST.get("role", ""), request.POST.get("seen", "")
    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        lambda row, by: approve_override(current_home(), row, by=by, now=timezone.now(), role=role, seen=read),
        _("Approved as it stands. A change of it voids your approval."),
        "allegation",
    )


@login_required
@require_POST
def putting(request: HttpRequest, pk: str) -> HttpResponse:
    """Put it to the party, as it stands on the page that was read."""
    read = request.POST.get("seen", "")
    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        lambda row, by: put(current_home(), row, by=by, now=timezone.now(), seen=read),
        _("It is put to the party. Its contacts are told by mail."),
        "allegation",
    )


@login_required
@require_POST
def concluding(request: HttpRequest, pk: str) -> HttpResponse:
    """Make it final."""
    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        lambda row, by: make_final(current_home(), row, by=by, now=timezone.now()),
        _("It is final."),
        "allegation",
    )


@login_required
@require_POST
def withdrawing(request: HttpRequest, pk: str) -> HttpResponse:
    """Take it back, with an apology if it was put."""
    apology = request.POST.get("apology", "")
    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        lambda row, by: withdraw_allegation(current_home(), row, apology=apology, by=by, now=timezone.now()),
        _("It is withdrawn."),
        "allegation",
    )


@login_required
@require_POST
def granting(request: HttpRequest, pk: str) -> HttpResponse:
    """Let the party have the sealed evidence."""
    return do(
        request,
        allegation_for(request, pk, Act.ALLEGE),
        lambda row, by: grant_evidence(current_home(), row, by=by, now=timezone.now()),
        _("Its contacts can download the evidence. Each download is in the ledger."),
        "allegation",
    )
