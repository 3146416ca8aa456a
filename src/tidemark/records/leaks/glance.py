"""What is to be said of leaks at a glance: how each file's trace ended, and of the leak the strongest of them.

Verdicts of several posts are never added up. The strongest is shown, and that posts accuse different copies, or show
different drafts, is told beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet

from tidemark import limits
from tidemark.records.leaks.claims import RELATED
from tidemark.records.leaks.models import Leak, Match, NamedCopy, Post, Trace
from tidemark.records.projects.models import Draft

STANDINGS = ("accused", "suspected", "inconclusive", "unmatched", "failed", "waiting", "unreadable")
"""Strongest first."""


@dataclass(frozen=True, slots=True)
class Glance:
    """One leak at a glance.

    Attributes
    ----------
    leak : Leak
    posts : tuple of Post
        The first received first.
    traces : mapping of str to Trace
        A file's SHA-256 → the trace that speaks for it: the last that is done, else the last.
    standing : str
        One of :data:`STANDINGS`.
    """

    leak: Leak
    posts: tuple[Post, ...]
    traces: Mapping[str, Trace]
    standing: str

    @property
    def first(self) -> Post | None:
        return self.posts[0] if self.posts else None

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """The drafts that its files show, each once; what speaks loudest first."""
        ranked = sorted(self.traces.values(), key=lambda trace: STANDINGS.index(standing(trace)))
        return tuple(dict.fromkeys(match.draft for trace in ranked for match in _shown(trace)))

    @property
    def accused(self) -> tuple[NamedCopy, ...]:
        """What its traces accuse, each copy once."""
        found = {each.copy_id: each for trace in self.traces.values() for each in trace.named.all() if each.is_accused}
        return tuple(found.values())

    @property
    def is_divided(self) -> bool:
        """Whether its files accuse different copies: then they do not come from one source, however alike they look."""
        sets = {
            frozenset(each.copy_id for each in trace.named.all() if each.is_accused)
            for trace in self.traces.values()
            if standing(trace) == "accused"
        }
        return len(sets) > 1


def _shown(trace: Trace) -> list[Match]:
    """Return the matches of which it is said that the file shows the draft: the best, what is named, what fits well."""
    named = {each.copy.draft_id for each in trace.named.all()}
    return [
        match
        for number, match in enumerate(trace.matches.all())
        if number == 0 or match.draft_id in named or match.correlation >= limits.SHOWN_CORRELATION
    ]


def standing(trace: Trace | None) -> str:
    """Return how a trace stands, as one of :data:`STANDINGS`."""
    if trace is None:
        return "unreadable"
    if trace.state == Trace.State.DONE:
        return trace.verdict
    return "failed" if trace.state == Trace.State.FAILED else "waiting"


def glance(leaks: Iterable[Leak]) -> list[Glance]:
    """Return each leak at a glance, in their order; the number of queries does not grow with them."""
    rows = list(leaks)
    posts: dict[str, list[Post]] = {leak.pk: [] for leak in rows}
    for post in Post.objects.filter(leak__in=posts).select_related("poster", "channel", "received_by"):
        posts[post.leak_id].append(post)
    speaking = traces_that_speak([post for each in posts.values() for post in each])
    return [_glance(leak, posts[leak.pk], speaking) for leak in rows]


def _glance(leak: Leak, posts: Sequence[Post], speaking: Mapping[str, Trace]) -> Glance:
    traces = {post.file_sha256: speaking[post.file_sha256] for post in posts if post.file_sha256 in speaking}
    stands = [standing(speaking.get(post.file_sha256)) for post in posts]
    strongest = min(stands, key=STANDINGS.index, default="unreadable")
    return Glance(leak, tuple(posts), traces, strongest)


def traces_with_findings() -> QuerySet[Trace]:
    """Return traces with their posts and all that they found."""
    named = NamedCopy.objects.select_related(*RELATED)
    matches = Match.objects.select_related("draft__project").order_by("pk")
    rows = Trace.objects.select_related("post")
    return rows.prefetch_related(Prefetch("named", named), Prefetch("matches", matches))


def traces_that_speak(posts: Iterable[Post]) -> dict[str, Trace]:
    """Return the trace that speaks for each file: the last that is done, else the last; with all that it found."""
    rows = traces_with_findings().filter(post__file_sha256__in={post.file_sha256 for post in posts})
    found: dict[str, Trace] = {}
    for trace in rows.order_by("requested"):
        before = found.get(trace.post.file_sha256)
        if before is None or trace.state == Trace.State.DONE or before.state != Trace.State.DONE:
            found[trace.post.file_sha256] = trace
    return found


def done_that_speak() -> QuerySet[Trace]:
    """Return, of every file, the last trace that is done: what is on record of it now."""
    done = Trace.objects.filter(state=Trace.State.DONE)
    same = done.filter(post__file_sha256=OuterRef("post__file_sha256"))
    later = Q(requested__gt=OuterRef("requested")) | Q(requested=OuterRef("requested"), pk__gt=OuterRef("pk"))
    return done.filter(~Exists(same.filter(later))).order_by()


def failed_that_speak() -> QuerySet[Trace]:
    """Return, of every file of which no trace is done, the last trace, if it failed: nobody had it traced again."""
    same = Trace.objects.filter(post__file_sha256=OuterRef("post__file_sha256"))
    later = Q(requested__gt=OuterRef("requested")) | Q(requested=OuterRef("requested"), pk__gt=OuterRef("pk"))
    others = same.filter(later | Q(state=Trace.State.DONE))
    return Trace.objects.filter(~Exists(others), state=Trace.State.FAILED).order_by()


def newest_revisions(drafts: Iterable[Draft]) -> dict[str, int]:
    """Return, for each draft, the newest revision on record under its name in its project."""
    asked = list(drafts)
    rows = (
        Draft.objects.filter(file_name__in={draft.file_name for draft in asked})
        .values_list("project_id", "file_name")
        .annotate(Max("revision"))
        .order_by()
    )
    known = {(project, name): revision for project, name, revision in rows}
    return {draft.pk: known.get((draft.project_id, draft.file_name), draft.revision) for draft in asked}


def similar(*seen: Glance, most: int = 12) -> list[tuple[Leak, tuple[str, ...]]]:
    """Return other leaks that have something in common with these, and what: copy, draft, poster, channel."""
    common: dict[str, list[str]] = {}
    posts = [post for each in seen for post in each.posts]
    copies = {named.copy_id for each in seen for named in each.accused}
    drafts = {draft.pk for each in seen for draft in each.drafts}
    others = Post.objects.filter(leak__is_sighting=False).exclude(leak__in=[each.leak.pk for each in seen])
    done = Trace.objects.filter(state=Trace.State.DONE)
    files_of_copy = done.filter(named__copy__in=copies, named__is_accused=True).values("post__file_sha256")
    shows = {"matches__draft__in": drafts, "matches__correlation__gte": limits.SHOWN_CORRELATION}
    files_of_draft = done.filter(**shows).values("post__file_sha256")
    for word, found in (
        ("copy", others.filter(file_sha256__in=files_of_copy)),
        ("draft", others.filter(file_sha256__in=files_of_draft)),
        ("poster", others.filter(poster__in={post.poster_id for post in posts if post.poster_id})),
        ("channel", others.filter(channel__in={post.channel_id for post in posts if post.channel_id})),
    ):
        for leak in found.order_by().values_list("leak_id", flat=True).distinct():
            common.setdefault(leak, []).append(word)
    ranked = sorted(common, key=lambda leak: ("copy" not in common[leak], -len(common[leak]), leak))[:most]
    leaks = Leak.objects.in_bulk(ranked)
    return [(leaks[leak], tuple(common[leak])) for leak in ranked]
