"""What is on record of each leak, from its first post to what was put to whom: loaded once, for all of them."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from tidemark.records.cases.models import Allegation, Case
from tidemark.records.leaks.glance import done_that_speak
from tidemark.records.leaks.models import Leak, NamedCopy, Post, Trace

WAITS = ("accused", "suspected", "inconclusive")
"""What a trace says that somebody has to look at, the strongest first: what shows none of our drafts does not wait."""


@dataclass(frozen=True, slots=True)
class Put:
    """An allegation that was put to a party."""

    put: datetime
    final: datetime | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Traced:
    """A leak of which a file was traced, and shows one of our drafts.

    Attributes
    ----------
    leak : Leak
    posted : datetime or None
        The earliest time that one of its posts gives.
    received : datetime
        When the first of its files was received.
    standing : str
        One of :data:`WAITS`: the strongest verdict of the traces that speak for its files.
    accused : datetime or None
        When the first trace was finished that accuses what is accused now; None if nothing is.
    cases : tuple of Case
        The cases that it is in.
    puts : tuple of Put
        What was put, in those cases, for a copy that its traces accuse.
    is_put : bool
        Whether anything that was put in those cases still stands.
    """

    leak: Leak
    posted: datetime | None
    received: datetime
    standing: str
    accused: datetime | None
    cases: tuple[Case, ...]
    puts: tuple[Put, ...]
    is_put: bool


@dataclass(frozen=True, slots=True)
class _File:
    """What the trace that speaks for one file says, and since when a trace of the file has said it.

    Attributes
    ----------
    verdict : str
    copies : set of str
        Those that it accuses.
    accused : datetime or None
        When the first trace was finished that accuses one of these; what a trace accuses beside them is no beginning.
    """

    verdict: str
    copies: set[str]
    accused: datetime | None


def traced_leaks() -> list[Traced]:
    """Return every leak that stands and for which a trace says something, see :data:`WAITS`. Seven queries."""
    files = _files()
    cases, puts = _cases(), _puts()
    found = []
    for posts in _posts().values():
        leak = posts[0].leak
        seen = [files[post.file_sha256] for post in posts if post.file_sha256 in files]
        if not seen:
            continue
        named = {copy for file in seen for copy in file.copies}
        its_cases = cases.get(leak.pk, ())
        put = [each for case in its_cases for each in puts.get(case.pk, ())]
        found.append(
            Traced(
                leak=leak,
                posted=min((post.posted for post in posts if post.posted is not None), default=None),
                received=min(post.received for post in posts),
                standing=min((file.verdict for file in seen), key=WAITS.index),
                accused=min((file.accused for file in seen if file.accused is not None), default=None),
                cases=its_cases,
                puts=tuple(each for each, of in put if of & named),
                is_put=any(not each.is_withdrawn for each, _of in put),
            )
        )
    return found


def _said() -> QuerySet[Trace]:
    """Return the traces that speak for their files and that somebody has to look at."""
    return done_that_speak().filter(verdict__in=WAITS)


def _posts() -> dict[str, list[Post]]:
    """Return the posts of each leak of which a file is one of :func:`_files`."""
    shown = Post.objects.filter(file_sha256__in=_said().values("post__file_sha256")).order_by()
    leaks = Leak.objects.standing().filter(pk__in=shown.values("leak")).order_by()
    found: dict[str, list[Post]] = {}
    for post in Post.objects.filter(leak__in=leaks).select_related("leak").defer("text"):
        found.setdefault(post.leak_id, []).append(post)
    return found


def _files() -> dict[str, _File]:
    """Return what is said of each file, unless it shows no draft."""
    found = {
        file: _File(verdict, set(), finished if verdict == "accused" else None)
        for file, verdict, finished in _said().values_list("post__file_sha256", "verdict", "finished")
    }
    accusing = _said().filter(verdict="accused")
    named = NamedCopy.objects.filter(is_accused=True).order_by()
    for file, copy in named.filter(trace__in=accusing).values_list("trace__post__file_sha256", "copy_id"):
        found[file].copies.add(copy)
    earlier = named.filter(
        trace__state=Trace.State.DONE,
        trace__verdict="accused",
        trace__post__file_sha256__in=accusing.values("post__file_sha256"),
    )
    for file, copy, finished in earlier.values_list("trace__post__file_sha256", "copy_id", "trace__finished"):
        said = found[file]
        if copy in said.copies and finished is not None and (said.accused is None or finished < said.accused):
            found[file] = replace(said, accused=finished)
    return found


def _cases() -> dict[str, tuple[Case, ...]]:
    """Return the cases of each leak; one whose posts were joined to another leak's brings its cases along."""
    known = Case.objects.in_bulk()
    pairs = Case.leaks.through.objects.values_list("leak_id", "leak__joined_into_id", "case_id").order_by("case_id")
    found: dict[str, dict[str, Case]] = {}
    for leak, joined_into, case in pairs:
        found.setdefault(joined_into or leak, {})[case] = known[case]
    return {leak: tuple(each.values()) for leak, each in found.items()}


def _puts() -> dict[str, list[tuple[Put, set[str]]]]:
    """Return, by case, what was put in it and for which copies."""
    rows = Allegation.objects.filter(put__isnull=False).order_by("put", "pk")
    found: dict[str, dict[str, tuple[Put, set[str]]]] = {}
    for pk, case, put, final, state, copy in rows.values_list(
        "pk", "case_id", "put", "final", "state", "named__copy_id"
    ):
        assert put is not None
        is_withdrawn = state == Allegation.State.WITHDRAWN
        made = (Put(put, final if state == Allegation.State.FINAL else None, is_withdrawn), set[str]())
        _put, copies = found.setdefault(case, {}).setdefault(pk, made)
        if copy is not None:
            copies.add(copy)
    return {case: list(each.values()) for case, each in found.items()}
