"""Who posts, and where: the accounts and channels in which leaks meet, and what is known of each."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.leaks.models import Channel, Poster
from tidemark.records.leaks.posters import counted, note_source
from tidemark.web.doing import told
from tidemark.web.leaks.access import reader

A_PAGE = 100


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List accounts and channels, those with most leaks first."""
    person = reader(request)
    posters = counted(Poster.objects.annotate(last=Max("posts__received")))
    channels = counted(Channel.objects.annotate(last=Max("posts__received")))
    context = {
        "page": Paginator(posters, A_PAGE).get_page(request.GET.get("page")),
        "channels": channels[:A_PAGE],
        "may_handle": person.may(Act.HANDLE_LEAKS),
    }
    return render(request, "leaks/sources.html", context)


@login_required
@require_POST
def note_poster(request: HttpRequest, pk: str) -> HttpResponse:
    """Write down what is known of an account."""
    person = reader(request, Act.HANDLE_LEAKS)
    return _noted(request, get_object_or_404(Poster, pk=pk), person)


@login_required
@require_POST
def note_channel(request: HttpRequest, pk: str) -> HttpResponse:
    """Write down what is known of a channel."""
    person = reader(request, Act.HANDLE_LEAKS)
    return _noted(request, get_object_or_404(Channel, pk=pk), person)


def _noted(request: HttpRequest, source: Poster | Channel, person: Person) -> HttpResponse:
    note = request.POST.get("note", "")
    keep = partial(note_source, current_home(), source, note, by=person, now=timezone.now())
    told(request, keep, _("The note is kept."))
    return redirect("posters")
