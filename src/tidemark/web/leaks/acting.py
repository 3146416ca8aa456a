"""What officers and investigators do with leaks: hand files in, have them traced, put posts together and apart."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tidemark.errors import LimitExceeded, TidemarkError
from tidemark.limits import MAX_FILE_BYTES
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.connect import current_home
from tidemark.records.leaks.correct import correct
from tidemark.records.leaks.links import paste
from tidemark.records.leaks.looks import confirm, join, split
from tidemark.records.leaks.models import Leak, Post
from tidemark.records.leaks.receive import Received, receive
from tidemark.records.leaks.run import request_trace
from tidemark.web.leaks.access import posts_for, reader
from tidemark.web.leaks.forms import CorrectionForm, LinkForm, OriginForm
from tidemark.web.leaks.views import index_context, shown
from tidemark.web.projects.access import as_told

MOST_FILES = 50
"""In one go; each is read and kept before the page comes back."""


@login_required
@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take the files in; what fails is told by its name, and the others are kept."""
    person = reader(request, Act.HANDLE_LEAKS)
    form, files = OriginForm(request.POST), request.FILES.getlist("files")
    if not files or len(files) > MOST_FILES:
        form.add_error(None, _("Choose one to %(most)d files.") % {"most": MOST_FILES})
    if not form.is_valid():
        return render(request, "leaks/index.html", index_context(request, person, form=form), status=422)
    kept = [each for each in (_received(request, file, form, person) for file in files) if each is not None]
    if kept:
        known = sum(not each.is_new for each in kept)
        messages.success(request, _told(len(kept), known))
    leaks = {each.leak.pk for each in kept}
    return redirect("leak", leaks.pop()) if len(leaks) == 1 else redirect("leaks")


def _told(count: int, known: int) -> str:
    said = ngettext(
        "%(count)d file is kept unchanged and in the ledger.",
        "%(count)d files are kept unchanged and in the ledger.",
        count,
    ) % {"count": count}
    if known:
        said += " " + ngettext("%(known)d was on record already.", "%(known)d were on record already.", known) % {
            "known": known
        }
    return said


def _received(request: HttpRequest, file: UploadedFile[bytes], form: OriginForm, person: Person) -> Received | None:
    """Keep one file; None if it is refused, which the reader is told."""
    name = file.name or ""
    try:
        if (file.size or 0) > MAX_FILE_BYTES:
            raise LimitExceeded(_("at most %(most)d MB are kept.") % {"most": MAX_FILE_BYTES >> 20})
        said = form.cleaned_data
        return receive(
            current_home(),
            file.read(),
            file_name=name,
            found=said["found"],
            finder=said["finder"],
            via=Post.Via.WEB,
            by=person,
            now=timezone.now(),
            url=said["url"],
            platform=said["platform"],
            handle=said["handle"],
            channel=said["channel"],
            posted=said["posted"],
            text=said["text"],
        )
    except TidemarkError as refused:
        messages.error(request, f"{name}: {as_told(refused)}")
        return None


@login_required
@require_POST
def hand_in_link(request: HttpRequest) -> HttpResponse:
    """Keep the text of a link, where nobody has the file yet."""
    person = reader(request, Act.HANDLE_LEAKS)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            kept = paste(
                current_home(),
                form.cleaned_data["link"],
                found=form.cleaned_data["found"],
                finder="",
                via=Post.Via.WEB,
                by=person,
                now=timezone.now(),
            )
            messages.success(request, _told(1, 0 if kept.is_new else 1))
            return redirect("leak", kept.leak.pk)
        except TidemarkError as refused:
            form.add_error("link", as_told(refused))
    context = index_context(request, person, form=OriginForm(), link_form=form)
    return render(request, "leaks/index.html", context, status=422)


@login_required
@require_POST
def trace_post(request: HttpRequest, pk: str) -> HttpResponse:
    """Have a file traced again."""

    def ask(post: Post, person: Person) -> Leak:
        request_trace(current_home(), post, by=person, now=timezone.now())
        return post.leak

    return _done(request, pk, ask, _("The file is traced again. Earlier traces stay on record."))


@login_required
@require_POST
def confirm_post(request: HttpRequest, pk: str) -> HttpResponse:
    """Confirm that a post belongs to the leak that its looks put it into."""

    def do(post: Post, person: Person) -> Leak:
        confirm(current_home(), post, by=person, why=request.POST.get("why", ""), now=timezone.now())
        return post.leak

    return _done(request, pk, do, _("It is written down that the post belongs here."))


@login_required
@require_POST
def split_post(request: HttpRequest, pk: str) -> HttpResponse:
    """Make a post a leak of its own."""

    def do(post: Post, person: Person) -> Leak:
        return split(current_home(), post, by=person, why=request.POST.get("why", ""), now=timezone.now())

    return _done(request, pk, do, _("The post is a leak of its own now."))


@login_required
@require_POST
def correct_post(request: HttpRequest, pk: str) -> HttpResponse:
    """Correct where, by whom and when something was posted."""

    person = reader(request, Act.HANDLE_LEAKS)
    found = get_object_or_404(posts_for(person).select_related("leak", "poster", "channel"), pk=pk)
    form = CorrectionForm(request.POST, post=found)
    if not form.is_valid():
        return shown(request, person, found.leak, wrong=form, status=422)

    def do(post: Post, person: Person) -> Leak:
        why, looked_at = form.cleaned_data["why"], form.cleaned_data["shown"]
        correct(current_home(), post, form.known(), why=why, by=person, now=timezone.now(), shown=looked_at)
        return post.leak

    return _done(request, pk, do, _("It is corrected. What was said before stays on record."))


@login_required
@require_POST
def join_leak(request: HttpRequest, pk: str) -> HttpResponse:
    """Put all posts of a leak into another."""
    person = reader(request, Act.HANDLE_LEAKS)
    seen = Leak.objects.visible_to(person).standing()
    leak = get_object_or_404(seen, pk=pk)
    other = get_object_or_404(seen, pk=request.POST.get("into", ""))
    try:
        other = join(current_home(), leak, other, by=person, why=request.POST.get("why", ""), now=timezone.now())
        messages.success(request, _("The two are one leak now."))
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
        return redirect("leak", leak.pk)
    return redirect("leak", other.pk)


def _done(request: HttpRequest, pk: str, do: Callable[[Post, Person], Leak], said: Any) -> HttpResponse:
    """Do something with a post, tell what came of it, and show the leak that it is in then."""
    person = reader(request, Act.HANDLE_LEAKS)
    post = get_object_or_404(posts_for(person).select_related("leak"), pk=pk)
    leak = post.leak
    try:
        leak = do(post, person)
        messages.success(request, said)
    except TidemarkError as refused:
        messages.error(request, as_told(refused))
    return redirect("leak", leak.pk)
