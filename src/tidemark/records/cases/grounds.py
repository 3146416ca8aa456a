"""What a case stands on: its leaks, and the files of them that its allegations rest on.

Whatever an allegation rests on stays in its case until the allegation is withdrawn, also when the case is closed: the
files whose traces named its copies and, of one that is prepared by override, every file that was in the case then. And
a leak is in one open case at most. Leaks are put together and apart where cases are not known
(:mod:`tidemark.records.leaks.looks`), so that is asked and told here.
"""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.cases.models import Allegation, Case, CaseEvent
from tidemark.records.cases.timeline import tell
from tidemark.records.leaks.models import Leak, NamedCopy, Post
from tidemark.records.leaks.resting import Regrouped, Rest


def files_in(case: Case) -> list[str]:
    """Return the files that are in a case now, by their SHA-256."""
    posts = Post.objects.filter(leak__cases=case).order_by("file_sha256")
    return list(posts.values_list("file_sha256", flat=True).distinct())


def files_there(cases: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return, by allegation of these cases, the files that were there when it was prepared by override, by SHA-256.

    Whoever approves an override has seen them all. So it rests on them, whoever regroups them afterwards. Where they
    were not told yet, they are those of the case now that were received by then.
    """
    asked = set(cases)
    told = CaseEvent.objects.filter(case__in=asked, kind=Kind.CASE_CHANGED, detail__has_keys=["allegation", "files"])
    found = {each["allegation"]: frozenset(each["files"]) for each in told.values_list("detail", flat=True)}
    is_short = Q(named=None) | Q(named__is_accused=False)
    untold = Allegation.objects.filter(is_short, case__in=asked).exclude(override_reason="").exclude(pk__in=found)
    there = Post.objects.filter(leak__cases__in=asked).values_list("leak__cases", "file_sha256", "received")
    for allegation, case, created in untold.values_list("pk", "case", "created").distinct():
        found[allegation] = frozenset(file for of, file, received in there if of == case and received <= created)
    return found


def prepared_at(cases: Iterable[str]) -> dict[str, int]:
    """Return, by allegation of these cases, where in the ledger it says that it was prepared. One query."""
    keys = ["allegation", "party", "prepared"]
    told = CaseEvent.objects.filter(case__in=set(cases), kind=Kind.CASE_CHANGED, detail__has_keys=keys)
    found: dict[str, int] = {}
    for detail, leaf in told.order_by("leaf_index").values_list("detail", "leaf_index"):
        found.setdefault(detail["allegation"], leaf)
    return found


def resting_on(cases: Collection[Case], files: Iterable[str]) -> Allegation | None:
    """Return an allegation of one of the cases, not withdrawn, that rests on one of these files, by their SHA-256."""
    asked = set(files)
    overridden = [allegation for allegation, there in files_there(case.pk for case in cases).items() if there & asked]
    rests = Q(named__trace__post__file_sha256__in=asked) | Q(pk__in=overridden)
    standing = Allegation.objects.filter(rests, case__in=cases).exclude(state=Allegation.State.WITHDRAWN)
    return standing.select_related("case", "party").order_by("created", "pk").first()


def alleged_already(named: Iterable[NamedCopy], *, but: Allegation | None = None) -> Allegation | None:
    """Return an allegation in any case, not withdrawn, of one of these copies in the same leak or the same file."""
    standing = Allegation.objects.exclude(state=Allegation.State.WITHDRAWN).exclude(pk=but.pk if but else "")
    for each in named:
        post = each.trace.post
        same = Q(trace__post__leak=post.leak_id) | Q(trace__post__file_sha256=post.file_sha256)
        rows = NamedCopy.objects.filter(same, copy=each.copy_id)
        found = standing.filter(named__in=rows).select_related("case").order_by("created", "pk").first()
        if found is not None:
            return found
    return None


def open_case_of(leaks: Iterable[Leak], *, but: Case | None = None) -> Case | None:
    """Return the case that is not closed and has one of the leaks, other than ``but``; None if there is none."""
    unclosed = Case.objects.exclude(status=Case.Status.CLOSED).exclude(pk=but.pk if but else "")
    return unclosed.filter(leaks__in=[leak.pk for leak in leaks]).order_by("opened", "pk").first()


def _why_whole(leak: Leak, file_sha256: str) -> str:
    found = resting_on(list(leak.cases.all()), (file_sha256,))
    if found is None:
        return ""
    return _(
        "The allegation to %(party)s in case %(number)s rests on this file, so it stays in its leak. Withdraw the "
        "allegation first."
    ) % {"party": found.party.name, "number": found.case.number}


def _why_apart(leak: Leak, into: Leak) -> str:
    ours = open_case_of([leak])
    theirs = open_case_of([into], but=ours) if ours else None
    if ours is None or theirs is None:
        return ""
    facts = {"number": ours.number, "other": theirs.number}
    return _("The leaks are in two open cases, %(number)s and %(other)s. Merge the cases first.") % facts


def _regrouped(done: Regrouped) -> None:
    """Swap a leak that was joined for the one that has its posts now, and tell every case of either."""
    said: dict[str, JSON] = {"leak_joined": done.leak.pk, "into": done.into.pk}
    if done.file_sha256:
        said = {"leak_split": done.leak.pk, "off": done.into.pk, "off_sha256": done.file_sha256}
    concerned = Q(leaks=done.leak) if done.file_sha256 else Q(leaks=done.leak) | Q(leaks=done.into)
    for case in Case.objects.filter(concerned).distinct().order_by("opened", "pk"):
        if not done.file_sha256 and case.leaks.filter(pk=done.leak.pk).exists():
            case.leaks.remove(done.leak)
            case.leaks.add(done.into)
        tell(done.home, case, Kind.CASE_CHANGED, by=done.by, now=done.now, detail=said)


CASES_REST = Rest(why_whole=_why_whole, why_apart=_why_apart, regrouped=_regrouped)
