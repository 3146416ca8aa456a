"""The page of an allegation, for either side, and what the accused party does there.

To the party it shows its own allegation and nothing else of the case: no number, no note, no other party, no score.
"""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tidemark.evidence.bundle import EXTENSION
from tidemark.limits import MAX_JSON_WHOLE
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.caveats import caveats_of
from tidemark.records.cases.conclude import why_not_final
from tidemark.records.cases.counting import UNAPPROVED
from tidemark.records.cases.fallen import named_no_more
from tidemark.records.cases.hand_over import ask_evidence, bundles_of, hand_over, is_to_be_granted, matches_sealed_for
from tidemark.records.cases.models import Allegation, Reply, ReplyFile
from tidemark.records.cases.override import footing_of, overrides_given
from tidemark.records.cases.reply import nameable, reply
from tidemark.records.cases.stopped import why_stopped
from tidemark.records.connect import current_home
from tidemark.records.ledger.key import public_key_text, signing_key
from tidemark.records.plans.held import held_of
from tidemark.records.plans.models import Plan
from tidemark.web.accounts.signed_in import signed_in
from tidemark.web.agreements.views import money_text
from tidemark.web.approved import approval_lines
from tidemark.web.cases.access import allegation_or_404, allegations_for
from tidemark.web.cases.words import state_colour
from tidemark.web.doing import do, made, told
from tidemark.web.downloads import attachment
from tidemark.web.posted import number_of
from tidemark.web.sanctions.pages import lines_of_allegation, may_sanction
from tidemark.web.uploads import documents_of

A_PAGE = 50


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the allegations: for a party's contacts those put to it, for the owner's people all."""
    person = signed_in(request)
    rows = allegations_for(person).order_by("-put", "-created")
    if not person.is_owners and not person.may(Act.ANSWER):
        raise PermissionDenied
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"shown": shown, "rows": [{"row": row, "colour": state_colour(row.state)} for row in shown]}
    return render(request, "cases/allegations.html", context)


@login_required
@require_GET
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show an allegation to either side."""
    person = signed_in(request)
    allegation = allegation_or_404(person, pk)
    return _owners(request, person, allegation) if person.is_owners else _partys(request, person, allegation)


def _owners(request: HttpRequest, person: Person, allegation: Allegation) -> HttpResponse:
    is_prepared = allegation.state == Allegation.State.PREPARED
    footing = footing_of(allegation)
    overrides = footing.by_override
    given = footing.approved_in(overrides_given([allegation])) if overrides else UNAPPROVED
    may_allege, gone = person.may(Act.ALLEGE), why_stopped(allegation)
    named = allegation.named.select_related("copy__draft", "copy__holder", "trace__post")
    bundles = bundles_of(allegation)
    context = {
        **_both(allegation, person),
        "bundles": bundles,
        "may_sanction": may_sanction(allegation, person) and not gone,
        "named": named,
        "named_no_more": named_no_more(named),
        "overrides": overrides,
        "is_accused": footing.rests_on_accused,
        "sha256": content_sha256(footing.content),
        "approvals": approval_lines(given),
        "may_approve": is_prepared and not gone and bool(given.role_for(person, now=timezone.now())),
        "may_allege": may_allege,
        "may_edit": may_allege and is_prepared,
        "stopped": gone,
        "why_not_final": why_not_final(allegation, now=timezone.now()) if allegation.is_open else "",
        "may_grant": may_allege and is_to_be_granted(allegation, bundles),
        "may_withdraw": may_allege and allegation.state != Allegation.State.WITHDRAWN,
    }
    return render(request, "cases/allegation.html", context)


def _partys(
    request: HttpRequest, person: Person, allegation: Allegation, *, text: str = "", status: int = 200
) -> HttpResponse:
    home = current_home()
    context = {
        **_both(allegation, person),
        "bundles": bundles_of(allegation),
        "takes_reply": allegation.is_open,
        "answers": Reply.Answer.choices,
        "sub_vendors": nameable(allegation.party),
        "text": text,
        "may_ask": allegation.evidence_asked is None and allegation.state != Allegation.State.WITHDRAWN,
        "vkey": public_key_text(signing_key(home)),
    }
    return render(request, "cases/answer.html", context, status=status)


def _both(allegation: Allegation, person: Person) -> dict[str, object]:
    agreement = allegation.agreement if allegation.agreement and allegation.agreement.is_owners else None
    return {
        "sanctions": lines_of_allegation(allegation, person),
        "allegation": allegation,
        "caveats": caveats_of(allegation).said(),
        "colour": state_colour(allegation.state),
        "plan": Plan.objects.filter(allegation=allegation).first(),
        "is_suspended": bool(held_of(allegation)),
        "replies": allegation.replies.select_related("person", "names_party").prefetch_related("files"),
        "damages": money_text(agreement.damages) if agreement else "",
        "damages_cap": money_text(agreement.damages_cap) if agreement else "",
    }


@login_required
@require_POST
def replying(request: HttpRequest, pk: str) -> HttpResponse:
    """Answer for the party."""
    person, allegation = _accused(request, pk)
    text = request.POST.get("text", "")
    known = nameable(allegation.party).filter(pk=number_of(request.POST.get("names_party", "")))

    def act() -> None:
        reply(
            current_home(),
            allegation,
            request.POST.get("answer", ""),
            text=text,
            names_party=known.first(),
            names=request.POST.get("names", ""),
            files=documents_of(request.FILES.getlist("file")),
            by=person,
            now=timezone.now(),
        )

    if told(request, act, _("Your answer was received. It is in the ledger.")):
        return redirect("allegation", allegation.pk)
    allegation.refresh_from_db()
    return _partys(request, person, allegation, text=text, status=409)


@login_required
@require_POST
def asking(request: HttpRequest, pk: str) -> HttpResponse:
    """Ask for the evidence."""
    return do(
        request,
        _accused(request, pk),
        lambda row, by: ask_evidence(current_home(), row, by=by, now=timezone.now()),
        _("You asked for the evidence. You are told when it is granted."),
        "allegation",
    )


@login_required
@require_POST
def evidence(request: HttpRequest, pk: str, match: int) -> HttpResponse:
    """Hand out the sealed evidence. It is a POST, for it is logged."""
    person, allegation = _accused(request, pk)
    found = get_object_or_404(matches_sealed_for(allegation), pk=min(match, MAX_JSON_WHOLE))
    data = made(request, lambda: hand_over(current_home(), allegation, found, by=person, now=timezone.now()), "")
    if data is None:
        return redirect("allegation", allegation.pk)
    return attachment(data, f"evidence-{allegation.pk}{EXTENSION}", otherwise=f"evidence{EXTENSION}")


@login_required
@require_GET
def file(request: HttpRequest, pk: str, file: int) -> HttpResponse:
    """Hand out a file of a reply, to either side, to be saved."""
    allegation = allegation_or_404(signed_in(request), pk)
    found = get_object_or_404(ReplyFile, pk=min(file, MAX_JSON_WHOLE), reply__allegation=allegation)
    data = blobs.get(current_home(), blobs.Shelf.CASES, found.file_sha256)
    return attachment(data, found.file_name, otherwise="file")


def _accused(request: HttpRequest, pk: str) -> tuple[Person, Allegation]:
    """Return the person and the allegation, if the person answers for the party that it was put to."""
    person = signed_in(request)
    allegation = allegation_or_404(person, pk)
    if person.party_id != allegation.party_id or not person.may(Act.ANSWER):
        raise PermissionDenied
    return person, allegation
