"""All leaks, and one leak with each of its files, what its trace says, and what it has in common with others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.leaks.claims import Claims, claims
from tidemark.records.leaks.glance import Glance, glance, newest_revisions, similar, standing
from tidemark.records.leaks.models import Channel, Correction, Leak, Post, Poster, Trace
from tidemark.records.leaks.search import FILTERS, filtered
from tidemark.records.leaks.told_mails import told_mails
from tidemark.records.projects.models import Draft
from tidemark.records.sightings.models import Sighting
from tidemark.web.leaks.access import reader
from tidemark.web.leaks.forms import CorrectionForm, LinkForm, OriginForm
from tidemark.web.leaks.matched import MatchView, match_views
from tidemark.web.leaks.words import LABELS, Badge, badge, odds_text
from tidemark.web.sightings.forms import TurnForm

A_PAGE = 50
_LONG_SECONDS = 600
TURNABLE = ("inconclusive", "suspected", "unmatched", "failed", "unreadable")
"""Standings of leaks that may turn out to be sightings: no copy is accused, and no trace is under way."""


@dataclass(frozen=True, slots=True)
class Named:
    """A copy that a trace names, with the three claims and the odds in the reader's language."""

    claims: Claims
    odds: str
    is_accused: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of a leak: the posts that it was found in, each with its form, and the trace that speaks for it."""

    sha256: str
    shown: tuple[tuple[Post, CorrectionForm], ...]
    trace: Trace | None
    standing: str
    badge: Badge
    named: tuple[Named, ...]
    matches: tuple[MatchView, ...]
    running: Trace | None
    earlier: tuple[Trace, ...]
    seconds: int

    @property
    def first(self) -> Post:
        return self.shown[0][0]

    @property
    def is_under_way(self) -> bool:
        """Whether a trace runs or waits, and not for so long that one may ask again."""
        return self.running is not None and self.seconds < _LONG_SECONDS


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List leaks, the latest first, with a place to drop new files."""
    return render(request, "leaks/index.html", index_context(request, reader(request), form=OriginForm()))


def index_context(
    request: HttpRequest, person: Person, *, form: OriginForm, link_form: LinkForm | None = None
) -> dict[str, object]:
    """Return what the list of leaks shows."""
    wanted = {name: request.GET.get(name, "").strip() for name in ("standing", "draft", "poster", "channel", "q")}
    found = filtered(Leak.objects.visible_to(person).standing(), **wanted)
    page = Paginator(found.prefetch_related("cases"), A_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "rows": [{"seen": seen, "badge": badge(seen.standing)} for seen in glance(page)],
        "filters": [("", _("all")), *((each, LABELS[each]) for each in FILTERS)],
        "wanted": wanted,
        "poster": Poster.objects.filter(pk=wanted["poster"]).first() if wanted["poster"] else None,
        "channel": Channel.objects.filter(pk=wanted["channel"]).first() if wanted["channel"] else None,
        "draft": Draft.objects.visible_to(person).filter(pk=wanted["draft"]).first() if wanted["draft"] else None,
        "form": form,
        "link_form": link_form or LinkForm(),
        "mails": told_mails(current_home()),
        "may_handle": person.may(Act.HANDLE_LEAKS),
    }


@login_required
@require_safe
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """Show one leak; one that was joined to another leads there."""
    person = reader(request)
    leak = get_object_or_404(Leak.objects.visible_to(person).prefetch_related("cases"), pk=pk)
    if leak.joined_into_id:
        return redirect("leak", leak.joined_into_id)
    return shown(request, person, leak)


def shown(
    request: HttpRequest, person: Person, leak: Leak, *, wrong: CorrectionForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page of a leak, with what is wrong in the form of one of its posts."""
    (seen,) = glance([leak])
    prefetch_related_objects(seen.posts, Prefetch("corrections", Correction.objects.select_related("by")))
    files = file_views(seen, wrong, now=timezone.now())
    may_handle = person.may(Act.HANDLE_LEAKS)
    others = Leak.objects.visible_to(person).standing().exclude(pk=leak.pk)
    return render(
        request,
        "leaks/page.html",
        {
            "leak": leak,
            "seen": seen,
            "badge": badge(seen.standing),
            "files": files,
            "is_waiting": any(each.running for each in files),
            "similar": similar(seen),
            "joinable": others[:A_PAGE],
            "sightings": Sighting.objects.filter(Q(turned_into=leak) | Q(turned_from=leak)),
            "may_turn": may_handle and not leak.is_sighting and seen.standing in TURNABLE,
            "turn_form": TurnForm(person=person, auto_id="turn-%s"),
            "may_handle": may_handle,
            "may_see_drafts": person.may(Act.SEE_EVIDENCE),
            "may_see_ledger": person.may(Act.SEE_LEDGER),
        },
        status=status,
    )


def file_views(seen: Glance, wrong: CorrectionForm | None, *, now: datetime) -> list[FileView]:
    """Return the files of a leak, in the order in which they came; one post may have its form with what is wrong."""
    by_file: dict[str, list[Post]] = {}
    for post in seen.posts:
        by_file.setdefault(post.file_sha256, []).append(post)
    said = {each.named.pk: each for each in claims(one for trace in seen.traces.values() for one in trace.named.all())}
    newest = newest_revisions(seen.drafts)
    runs: dict[str, list[Trace]] = {sha256: [] for sha256 in by_file}
    for run in Trace.objects.filter(post__file_sha256__in=by_file).select_related("post"):
        runs[run.post.file_sha256].append(run)
    return [
        _file_view(posts, runs[sha256], seen.traces.get(sha256), said, newest, wrong, now=now)
        for sha256, posts in by_file.items()
    ]


def _file_view(
    posts: list[Post],
    runs: list[Trace],
    trace: Trace | None,
    said: Mapping[int, Claims],
    newest: Mapping[str, int],
    wrong: CorrectionForm | None,
    *,
    now: datetime,
) -> FileView:
    running = next((each for each in runs if not each.is_over), None)
    is_shown = trace is not None and trace.state == Trace.State.DONE
    return FileView(
        sha256=posts[0].file_sha256,
        shown=tuple((post, wrong if wrong and wrong.post == post else CorrectionForm(post=post)) for post in posts),
        trace=trace,
        standing=standing(trace),
        badge=badge(standing(trace)),
        named=tuple(Named(said[each.pk], odds_text(each.log10_bound), each.is_accused) for each in trace.named.all())
        if trace and is_shown
        else (),
        matches=match_views(trace, newest),
        running=running,
        earlier=tuple(each for each in runs if trace is None or each.pk != trace.pk),
        seconds=int((now - (running.started or running.requested)).total_seconds()) if running else 0,
    )
