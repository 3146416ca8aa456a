"""Narrow leaks down: by how a trace of one of their files stands, by draft, by who posted it and where, by words."""

from django.db.models import Q

from tidemark.records.leaks.models import LeakQuerySet, Post, Trace

FILTERS = ("accused", "suspected", "inconclusive", "unmatched", "waiting")


def filtered(
    leaks: LeakQuerySet, *, standing: str = "", draft: str = "", poster: str = "", channel: str = "", q: str = ""
) -> LeakQuerySet:
    """Return those of the leaks that fit whatever is asked for; '' asks for nothing."""
    traces = Trace.objects.all()
    if standing == "waiting":
        traces = traces.filter(state__in=(Trace.State.QUEUED, Trace.State.RUNNING))
    elif standing in FILTERS:
        traces = traces.filter(state=Trace.State.DONE, verdict=standing)
    if draft:
        traces = traces.filter(state=Trace.State.DONE, matches__draft=draft)
    posts = Post.objects.all()
    if standing in FILTERS or draft:
        posts = posts.filter(file_sha256__in=traces.values("post__file_sha256"))
    if poster:
        posts = posts.filter(poster=poster)
    if channel:
        posts = posts.filter(channel=channel)
    if q:
        words = Q(text__icontains=q) | Q(url__icontains=q) | Q(file_name__icontains=q) | Q(found__icontains=q)
        words |= Q(poster__handle__icontains=q) | Q(channel__name__icontains=q) | Q(platform__icontains=q)
        posts = posts.filter(words)
    return leaks.filter(pk__in=posts.values("leak"))
