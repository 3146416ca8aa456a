"""The ledger as people look at it: its newest entries, one entry, and the whole of it to take away."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tidemark.ledger.entry import Kind, decode, time_of
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.ledger.checkpoints import exported
from tidemark.records.ledger.log import log_size
from tidemark.records.ledger.models import Leaf, SignedCheckpoint
from tidemark.web.accounts.signed_in import signed_in

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in the list."""

    index: int
    kind: str
    subject: str
    time: datetime


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the entries, newest first."""
    _reader(request)
    kind, subject = request.GET.get("kind", ""), request.GET.get("subject", "").strip()
    found = Leaf.objects.order_by("-index").defer("data")
    if kind:
        found = found.filter(kind=kind)
    if subject:
        found = found.filter(subject=subject)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    checkpoint = SignedCheckpoint.objects.order_by("-size").first()
    return render(
        request,
        "ledger/index.html",
        {
            "page": page,
            "rows": [Row(leaf.index, leaf.kind, leaf.subject, time_of(leaf.time)) for leaf in page],
            "kinds": [str(each) for each in Kind],
            "kind": kind,
            "subject": subject,
            "size": log_size(),
            "checkpoint": checkpoint,
            "note": bytes(checkpoint.note).decode() if checkpoint else "",
        },
    )


@login_required
@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """Show one entry as it was logged: these bytes are what is hashed."""
    _reader(request)
    leaf = get_object_or_404(Leaf, index=index)
    seen = decode(bytes(leaf.data))
    return render(
        request,
        "ledger/entry.html",
        {
            "leaf": leaf,
            "time": time_of(leaf.time),
            "body": json.dumps(seen.body, indent=2, ensure_ascii=False, sort_keys=True),
            "raw": bytes(leaf.data).decode(),
            "checkpoint": SignedCheckpoint.objects.filter(size__gt=index).order_by("size").first(),
        },
    )


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Hand the whole ledger out as one file, for ``tidemark ledger verify``."""
    _reader(request)
    return HttpResponse(
        exported(current_home()),
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="ledger.jsonl"'},
    )


def _reader(request: HttpRequest) -> Person:
    person = signed_in(request)
    if not person.may(Act.SEE_LEDGER):
        raise PermissionDenied
    return person
