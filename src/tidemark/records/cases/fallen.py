"""Whether an allegation still has what it rests on. A file can be traced again at any time, and its last trace speaks.

A copy that was accused has to be accused still, in the very file that what is put speaks of; a lead has to be a lead
still. And nothing that is put by an override goes on once a file that was there when it was prepared accuses somebody
else's copy that it did not accuse then. Every step that goes on from an allegation asks here, in its transaction:
putting it, concluding it, sanctioning it, asking for a plan, suspending access, saying in public that it is final.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.records.cases.accusable import answers_for
from tidemark.records.cases.grounds import files_there, prepared_at
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.named import named_of
from tidemark.records.leaks.models import NamedCopy, Post, Trace
from tidemark.records.sentences import joined

Done = Mapping[str, Sequence[Trace]]
"""A file's SHA-256 → its traces that are done, with what they name; the last one speaks."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """What an allegation does not survive. It names copies and traces: the owner's people read it, never the party.

    Attributes
    ----------
    trace : Trace
        The last of its file, by which the allegation fell.
    found : str
        What it says.
    way_out : str
        What can be done.
    """

    trace: Trace
    found: str
    way_out: str

    def __str__(self) -> str:
        return joined((self.found, self.way_out))


def fallen(allegations: Iterable[Allegation], named: Mapping[str, Collection[NamedCopy]]) -> dict[str, Fallen]:
    """Return those that have fallen, by their ids; what was withdrawn has not.

    Parameters
    ----------
    named : mapping of str to collection of NamedCopy
        From :func:`~tidemark.records.cases.named.named_of`.
    """
    rows = [each for each in allegations if each.state != Allegation.State.WITHDRAWN]
    prefetch_related_objects(rows, "party")
    files = _bearing(rows, named)
    done = _done({each.trace.post.file_sha256 for row in rows for each in named[row.pk]}.union(*files.values()))
    leaves = prepared_at({row.case_id for row in rows})
    found = {
        row.pk: _lost(row, named[row.pk], done) or _accuses_another(row, files[row.pk], done, leaves.get(row.pk))
        for row in rows
    }
    return {pk: each for pk, each in found.items() if each is not None}


def why_fallen(allegation: Allegation) -> str:
    """Return what an allegation does not survive, and what to do about it, for the owner's people; '' if it stands."""
    return str(fallen([allegation], named_of([allegation])).get(allegation.pk, ""))


def refuse_fallen(allegation: Allegation) -> None:
    """Raise Refused if an allegation has not any more what it rests on. The caller is in the transaction that acts."""
    reason = why_fallen(allegation)
    if reason:
        raise Refused(reason)


def named_no_more(named: Collection[NamedCopy]) -> frozenset[int]:
    """Return the ids of the rows that do not hold any more: their file's last trace does not name their copy so."""
    done = _done({each.trace.post.file_sha256 for each in named})
    return frozenset(each.pk for each, _last in _gone(named, done))


def _bearing(
    allegations: Sequence[Allegation], named: Mapping[str, Collection[NamedCopy]]
) -> dict[str, frozenset[str]]:
    """Return, by allegation, the files that were in its case when it was prepared by override, by their SHA-256.

    Of one that speaks of leads, those that are in the leaks of its leads: what is one leak shows one picture.
    """
    there = files_there({each.case_id for each in allegations if each.override_reason})
    posts = Post.objects.filter(file_sha256__in=frozenset().union(*there.values()))
    leaks = dict(posts.values_list("file_sha256", "leak"))
    found = {}
    for row in allegations:
        leads = {each.trace.post.leak_id for each in named[row.pk]}
        found[row.pk] = frozenset(file for file in there.get(row.pk, ()) if not leads or leaks[file] in leads)
    return found


def _done(files: Collection[str]) -> Done:
    namings = NamedCopy.objects.select_related("copy__holder", "copy__responsible")
    rows = Trace.objects.filter(post__file_sha256__in=files, state=Trace.State.DONE).select_related("post")
    found: dict[str, list[Trace]] = {}
    for trace in rows.prefetch_related(Prefetch("named", namings)).order_by("requested", "pk"):
        found.setdefault(trace.post.file_sha256, []).append(trace)
    return found


def _lost(allegation: Allegation, named: Collection[NamedCopy], done: Done) -> Fallen | None:
    """Return that a file does not accuse a copy any more that it accused, or does not even suspect it."""
    for each, last in _gone(named, done):
        said = (
            _("%(trace)s It does not accuse copy %(copy)s any more.")
            if each.is_accused
            else _("%(trace)s Copy %(copy)s is not even a lead any more.")
        )
        return Fallen(last, said % {"trace": _said(last), "copy": each.copy_id}, _way_out(allegation))
    return None


def _gone(named: Collection[NamedCopy], done: Done) -> Iterator[tuple[NamedCopy, Trace]]:
    """Yield the rows whose file's last trace, which comes with each, does not name their copy so any more."""
    for each in sorted(named, key=lambda each: each.copy_id):
        last = done[each.trace.post.file_sha256][-1]
        still = {now.copy_id for now in last.named.all() if now.is_accused or not each.is_accused}
        if each.copy_id not in still:
            yield each, last


def _accuses_another(allegation: Allegation, files: Iterable[str], done: Done, leaf: int | None) -> Fallen | None:
    """Return that one of these files accuses somebody else's copy that it did not accuse when it was prepared.

    It was prepared where this leaf is: of a trace that stands behind it in the ledger nothing was known then, whatever
    the clock said that dated it.
    """
    for file in sorted(files):
        traces = done.get(file, ())
        then = [each for each in traces if _was_done(each, allegation, leaf)][-1:]
        known = {each.copy_id for trace in then for each in trace.named.all() if each.is_accused}
        for each in (each for trace in traces[-1:] for each in trace.named.all() if each.is_accused):
            theirs = {each.copy.holder_id, answers_for(each.copy).pk}
            if each.copy_id not in known and allegation.party_id not in theirs:
                said = _("%(trace)s It accuses copy %(copy)s, for which %(party)s does not answer.") % {
                    "trace": _said(traces[-1]),
                    "copy": each.copy_id,
                    "party": allegation.party.name,
                }
                return Fallen(traces[-1], said, _way_out(allegation))
    return None


def _was_done(trace: Trace, allegation: Allegation, leaf: int | None) -> bool:
    """Whether what a trace says could be known when an allegation was prepared, both by the clock and by the ledger."""
    if trace.finished is None or trace.finished > allegation.created:
        return False
    return leaf is None or trace.leaf_index is None or trace.leaf_index < leaf


def _said(trace: Trace) -> str:
    verdicts = {
        "accused": _("a copy is accused"),
        "suspected": _("it gives a lead, which is never an accusation"),
        "inconclusive": _("inconclusive"),
        "unmatched": _("it shows no draft on record"),
    }
    return _("The last trace of %(file)s, %(id)s of %(time)s UTC, says: %(verdict)s.") % {
        "file": trace.post.file_name,
        "id": trace.pk,
        "time": f"{trace.finished or trace.requested:%Y-%m-%d %H:%M}",
        "verdict": verdicts.get(trace.verdict, trace.verdict),
    }


def _way_out(allegation: Allegation) -> str:
    do = (
        _("Withdraw the allegation with an apology, or have the file traced once more.")
        if allegation.put is not None
        else _("Withdraw the allegation, or have the file traced once more.")
    )
    return joined((do, _("Where no copy is accused, another is put only by an override that two persons approve.")))
