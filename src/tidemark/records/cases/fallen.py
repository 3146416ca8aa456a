"""Whether an allegation still has what it rests on. A file can be traced again at any time, and its last trace speaks.

A copy that was accused has to be accused still, a lead to be a lead still, and nothing that was put by an override goes
on once a file that was there when it was prepared has been traced again and accuses somebody else's copy. Every step
that goes on from an allegation asks here, in its transaction: putting it, concluding it, sanctioning it.
"""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from tidemark.errors import Refused
from tidemark.records.cases.accusable import answers_for
from tidemark.records.cases.models import Allegation
from tidemark.records.leaks.glance import traces_that_speak
from tidemark.records.leaks.models import NamedCopy, Post, Trace
from tidemark.records.sentences import joined


def why_fallen(allegation: Allegation) -> str:
    """Return what was found since that an allegation does not survive, and what to do about it; '' if it stands.

    It names copies and traces: it is for the owner's people, never for the party.
    """
    traces = _speaking(allegation)
    named = list(allegation.named.select_related("trace__post").order_by("copy_id"))
    found = _not_named_any_more(named, traces)
    if not found and not (named and all(each.is_accused for each in named)):
        found = _accuses_another(allegation, named, traces.values())
    return joined((found, _way_out(allegation))) if found else ""


def refuse_fallen(allegation: Allegation) -> None:
    """Raise Refused if an allegation has not any more what it rests on. The caller is in the transaction that acts."""
    reason = why_fallen(allegation)
    if reason:
        raise Refused(reason)


def _speaking(allegation: Allegation) -> dict[str, Trace]:
    """Return the done traces that speak for the files of its case, and for its own, by the files' SHA-256."""
    posts = Post.objects.filter(Q(leak__cases=allegation.case_id) | Q(traces__named__allegations=allegation.pk))
    found = traces_that_speak(posts.distinct())
    return {file: trace for file, trace in found.items() if trace.state == Trace.State.DONE}


def _not_named_any_more(named: Iterable[NamedCopy], traces: dict[str, Trace]) -> str:
    now = [each for trace in traces.values() for each in trace.named.all()]
    accused = {each.copy_id for each in now if each.is_accused}
    named_now = {each.copy_id for each in now}
    for each in named:
        if each.copy_id not in (accused if each.is_accused else named_now):
            facts = {**_facts(traces[each.trace.post.file_sha256]), "copy": each.copy_id}
            if each.is_accused:
                return _("%(trace)s It does not accuse copy %(copy)s any more.") % facts
            return _("%(trace)s Copy %(copy)s is not even a lead any more.") % facts
    return ""


def _accuses_another(allegation: Allegation, named: Collection[NamedCopy], traces: Iterable[Trace]) -> str:
    """Say which file of its leads, or without leads of its case, accuses somebody else's copy since it was prepared."""
    known = Post.objects.filter(received__lte=allegation.created)
    if named:
        known = known.filter(leak__in={each.trace.post.leak_id for each in named})
    files = set(known.filter(leak__cases=allegation.case_id).values_list("file_sha256", flat=True))
    for trace in traces:
        if trace.post.file_sha256 in files and trace.finished is not None and trace.finished > allegation.created:
            for each in trace.named.all():
                theirs = {each.copy.holder_id, answers_for(each.copy).pk}
                if each.is_accused and allegation.party_id not in theirs:
                    facts = {**_facts(trace), "copy": each.copy_id, "party": allegation.party.name}
                    return _("%(trace)s It accuses copy %(copy)s, for which %(party)s does not answer.") % facts
    return ""


def _facts(trace: Trace) -> dict[str, str]:
    verdicts = {
        "accused": _("a copy is accused"),
        "suspected": _("it gives a lead, which is never an accusation"),
        "inconclusive": _("inconclusive"),
        "unmatched": _("it shows no draft on record"),
    }
    said = _("The last trace of %(file)s, %(id)s of %(time)s UTC, says: %(verdict)s.") % {
        "file": trace.post.file_name,
        "id": trace.pk,
        "time": f"{trace.finished or trace.requested:%Y-%m-%d %H:%M}",
        "verdict": verdicts.get(trace.verdict, trace.verdict),
    }
    return {"trace": said}


def _way_out(allegation: Allegation) -> str:
    do = (
        _("Withdraw the allegation with an apology, or have the file traced once more.")
        if allegation.put is not None
        else _("Withdraw the allegation, or have the file traced once more.")
    )
    return joined((do, _("Where no copy is accused, another is put only by an override that two persons approve.")))
