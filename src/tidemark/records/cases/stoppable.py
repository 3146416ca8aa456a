"""Which allegations can be stopped at all: those of which something is on record that was not when they were prepared.

It is asked of all there are, so it is asked in the database, and looks for news only, never for what they say. Those
that are found are then looked at one by one, with :mod:`.stopped`.

An allegation falls by a trace that ended since. A caveat becomes known by another post, a correction, a trace, or a
file put into another leak since it was put (:mod:`.first_seen`): of its files, of its leaks, which are in its case, or
of leaks in which these files were once. Duties end before a leak was seen only if it was handed in later than they were
ended, so that counts as another post.

When something came on record its time does not tell exactly: whoever acts has read the clock before the ledger was
free, a comparison or an inbox before its work began, and clocks differ. But the ledger takes no entry of a time that
lies further behind its last one than :data:`~tidemark.limits.MAX_BEHIND_LEDGER_HOURS`. So news is whatever is not
older, by that much, than when it was prepared.
"""

from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from tidemark import limits
from tidemark.ledger.entry import Kind
from tidemark.records.cases.models import Allegation, CaseEvent
from tidemark.records.copies.models import Copy
from tidemark.records.leaks.models import Correction, Post, Regrouping, Trace

_POST = "namedcopy__trace__post"
_BEHIND = timedelta(hours=limits.MAX_BEHIND_LEDGER_HOURS)


def stoppable() -> QuerySet[Allegation]:
    """Return those of which something became known that can stop them; many of them are not stopped. No query yet."""
    was_put = Q(put__isnull=False) & (_seen_again() | _moved() | _untold())
    since = ExpressionWrapper(F("created") - _BEHIND, output_field=DateTimeField())
    rows = Allegation.objects.exclude(state=Allegation.State.WITHDRAWN).alias(since=since)
    return rows.filter(_traced_again() | was_put)


def _traced_again() -> Q:
    """Of whose case a file was traced since."""
    files = Post.objects.filter(leak__cases=OuterRef(OuterRef("case"))).values("file_sha256")
    done = Trace.objects.filter(state=Trace.State.DONE, finished__gt=OuterRef("since"))
    return Q(Exists(done.filter(post__file_sha256__in=files)))


def _seen_again() -> Q:
    """Of whose case, or of whose file, a post was handed in, put to others by its looks, or corrected since."""
    since = OuterRef("since")
    posts = Post.objects.filter(Q(received__gt=since) | Q(compared__gt=since))
    corrections = Correction.objects.filter(time__gt=since)
    files = _named(OuterRef(OuterRef("pk"))).values(f"{_POST}__file_sha256")
    return (
        Q(Exists(posts.filter(leak__cases=OuterRef("case"))))
        | Q(Exists(corrections.filter(post__leak__cases=OuterRef("case"))))
        | Q(Exists(posts.filter(file_sha256__in=files)))
        | Q(Exists(corrections.filter(post__file_sha256__in=files)))
    )


def _moved() -> Q:
    """Of whose leaks a file was ever put into another, or out of another, by hand: few, and always looked at.

    What belongs to it is told by whole histories then, also of what is in no case.
    """
    moves, own = Regrouping.objects.exclude(from_leak=F("to_leak")), _named(OuterRef(OuterRef("pk")))
    leaks = own.values(f"{_POST}__leak")
    return (
        Q(Exists(moves.filter(post__in=own.values(_POST))))
        | Q(Exists(moves.filter(from_leak__in=leaks)))
        | Q(Exists(moves.filter(to_leak__in=leaks)))
    )


def _untold() -> Q:
    """Of which no caveats were kept when it was put, or whose copy was cut off before it was released."""
    told = CaseEvent.objects.filter(case=OuterRef("case"), kind=Kind.ALLEGATION_PUT, detail__has_key="caveats")
    told = told.annotate(of=KeyTextTransform("allegation", "detail")).filter(of=OuterRef("pk"))
    cut_off = _named(OuterRef("pk")).filter(namedcopy__copy__state=Copy.State.UNDELIVERED)
    return ~Q(Exists(told)) | Q(Exists(cut_off))


def _named(allegation: OuterRef) -> QuerySet[Any]:
    return Allegation.named.through.objects.filter(allegation=allegation)
