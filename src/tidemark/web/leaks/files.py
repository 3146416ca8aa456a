"""Pictures for the screen, which were made here, and files to save, which were not.

A found file may be anything: it goes out as a download that no browser shows. What is shown are JPEGs that we drew.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tidemark.evidence.bundle import EXTENSION
from tidemark.records import blobs
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.connect import current_home
from tidemark.web.downloads import attachment
from tidemark.web.leaks.access import matches_for, posts_for, reader

OF_THE_LEAK = frozenset({"leak"})
"""Pictures of a match that show nothing but what was found; the others show the draft."""


@login_required
@require_safe
def picture(request: HttpRequest, pk: str, size: str) -> HttpResponse:
    """Show what was found, drawn again: ``large`` or ``thumb``."""
    post = get_object_or_404(posts_for(reader(request)), pk=pk)
    sha256 = {"large": post.preview_sha256, "thumb": post.thumb_sha256}.get(size, "")
    return jpeg(sha256)


@login_required
@require_safe
def found_file(request: HttpRequest, pk: str) -> HttpResponse:
    """Hand out the file as it was found, to be saved."""
    post = get_object_or_404(posts_for(reader(request, Act.SEE_EVIDENCE)), pk=pk)
    return attachment(blobs.get(current_home(), Shelf.LEAKS, post.file_sha256), post.file_name, otherwise="leak")


@login_required
@require_safe
def match_picture(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Show one of the pictures of how a leak lies on a draft."""
    person = reader(request, Act.SEE_LEAKS if name in OF_THE_LEAK else Act.SEE_EVIDENCE)
    match = get_object_or_404(matches_for(person), pk=pk)
    return jpeg(str(match.pictures.get(name, "")))


@login_required
@require_safe
def evidence_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the sealed evidence. It holds the draft's original: for those who may see that beside a leak only."""
    match = get_object_or_404(matches_for(reader(request, Act.SEE_EVIDENCE)).exclude(bundle_sha256=""), pk=pk)
    data = blobs.get(current_home(), Shelf.TRACES, match.bundle_sha256)
    return attachment(data, f"{match.draft_id}--{match.trace_id}{EXTENSION}", otherwise=f"evidence{EXTENSION}")


def jpeg(sha256: str) -> HttpResponse:
    """Return a picture that we drew; 404 if there is none."""
    if not sha256:
        raise Http404
    response = HttpResponse(blobs.get(current_home(), Shelf.TRACES, sha256), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
