"""Affairs as rows: cases with all that is kept in them, and what they put to parties at every stage of it.

There is a case for each stage and number, whose allegation goes to the first supplier. In the cases of number 0 there
is as much of everything as there are numbers: leaks, copies named, allegations to further parties, replies, notes.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.desk.issued import Log, copy_id
from benchmarks.desk.rows import an_id, first_of

from tests.desk import NOW
from tests.web.counted import found, imposed, planned, rest, said
from tests.web.counted.people import owners
from tests.web.counted.written import CONTACT, KEPT, KEPT_SHA256, LEGAL, OFFICER, tell
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Role
from tidemark.records.cases.approvals import content_sha256
from tidemark.records.cases.models import (
    Allegation,
    Approval,
    Case,
    CaseFile,
    Duty,
    Intent,
    Note,
    Reply,
    ReplyFile,
)
from tidemark.records.cases.override import content_of, subject_of
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, NamedCopy, Post, Trace
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Project


@dataclass(frozen=True, slots=True)
class Stage:
    """How far an affair is: the state of the allegation, and of the sanction and the plan that follow; '' for none."""

    name: str
    allegation: str
    case: str
    verdict: str = "accused"
    sanction: str = ""
    plan: str = ""


STAGES = (
    Stage("prepared", "prepared", "investigating"),
    Stage("overridden", "prepared", "investigating", verdict="suspected"),
    Stage("put", "put", "alleged"),
    Stage("put by override", "put", "alleged", verdict="suspected"),
    Stage("answered", "answered", "alleged"),
    Stage("unanswered", "unanswered", "alleged"),
    Stage("withdrawn", "withdrawn", "closed"),
    Stage("final", "final", "decided"),
    Stage("to be imposed", "final", "decided", sanction="prepared", plan="asked"),
    Stage("imposed", "final", "decided", sanction="imposed", plan="submitted"),
    Stage("appealed", "final", "rectifying", sanction="appealed", plan="submitted"),
    Stage("settled", "final", "rectifying", sanction="settled", plan="returned"),
    Stage("waived", "final", "rectifying", sanction="waived", plan="accepted"),
    Stage("taken back", "final", "closed", sanction="withdrawn"),
)


FALLEN = "answered"
"""At this stage the files were traced once more, and accuse another party's copy now."""

MAIN = next(stage for stage in STAGES if stage.name == "appealed")
"""At this stage there is something of everything."""


def of(what: str, stage: Stage, *more: object) -> str:
    """Return the id of something of a stage."""
    return an_id(what, stage.name, *more)


def grow(home: Home, numbers: range, *, whole: Collection[str] = ()) -> None:
    """Put affairs of these numbers on record, and what those of number 0 have more by them.

    Parameters
    ----------
    whole : collection of str
        The stages at which number 0 has more; by default all.
    """
    log = Log(home, NOW)
    blobs.put(home, blobs.Shelf.CASES, KEPT)
    found.keep(home)
    owners(numbers)
    found.sources(["quiet"] if 0 in numbers else [])
    found.sources(numbers)
    project = Project.objects.get(code_name="MS11")
    for stage in STAGES:
        for number in numbers:
            _case(home, log, stage, number, project)
            if number and (stage.name in whole or not whole):
                _more(home, log, stage, number)
    _in_no_case(home, log, numbers)
    found.sightings(home, log, numbers, project)
    rest.grow(home, numbers)
    planned.suspend(Allegation.objects.get(pk=of("allegation", MAIN, 0)))
    log.flush()
    approve()


def _in_no_case(home: Home, log: Log, numbers: range) -> None:
    """Put leaks on record that are in no case: traced, of a poster that nothing else is by, or not to be traced.

    The first one has a post for each number; the first of them was traced as often, and names as many copies.
    """
    for number in numbers:
        found.post(home, log, found.leak(f"in no case {number}"), 0, [found.own_copy(0)])
        found.post(home, log, found.leak(f"quiet {number}"), 0, [], verdict="inconclusive", by="quiet")
        failed = found.post(home, log, found.leak(f"failed {number}"), 0, [])
        failed.traces.update(state=Trace.State.FAILED, verdict="", fault="The memory ran out.")
        if number:
            first = Post.objects.get(pk=an_id("post", an_id("leak", "in no case 0"), 0))
            found.post(home, log, first.leak, number, [found.own_copy(number)])
            found.trace(log, first, [found.own_copy(0)], hours=number)
            found.name(first.traces.get(requested=NOW), found.own_copy(number))


def _case(home: Home, log: Log, stage: Stage, number: int, project: Project) -> None:
    case = Case.objects.create(
        id=of("case", stage, number),
        number=f"2026-{STAGES.index(stage)}-{number}",
        title=f"Affair {stage.name} {number}",
        project=project,
        status=stage.case,
        assignee_id=OFFICER,
        respond_by=None if stage.case == "closed" else NOW,
        opened=NOW + timedelta(minutes=number),
        opened_by_id=OFFICER,
        closed=NOW if stage.case == "closed" else None,
    )
    _keep(log, case, number)
    leak = found.leak(f"{stage.name} {number}")
    case.leaks.add(leak)
    copy = found.own_copy(number)
    post = found.post(home, log, leak, 0, [copy], verdict=stage.verdict)
    supplier = Party.objects.get(name="Supplier 0")
    named = list(NamedCopy.objects.filter(trace__post=post))
    made = _allege(log, stage, case, supplier, named, of("allegation", stage, number))
    said.statement(case, 0)
    if made.sanctions.exists():
        imposed.more(made.sanctions.get(), 0)
    if stage.plan:
        planned.more(log, made.plan, 0)
        planned.gate(made, 0)
    _answer(made, 0)
    if stage.name == FALLEN:
        found.trace(log, post, [Copy.objects.get(pk=copy_id(first_of(1), 0))], hours=30)


def _more(home: Home, log: Log, stage: Stage, number: int) -> None:
    """Add what the case of number 0 has more by a number."""
    case = Case.objects.get(pk=of("case", stage, 0))
    _keep(log, case, number)
    leak = Leak.objects.get(pk=an_id("leak", f"{stage.name} 0"))
    first = Post.objects.filter(leak=leak).order_by("received")[0]
    also = found.name(first.traces.get(requested=NOW), found.own_copy(number))
    Allegation.objects.get(pk=of("allegation", stage, 0)).named.add(also)
    found.post(home, log, leak, number, [found.own_copy(number)], verdict=stage.verdict)
    another = found.leak(f"{stage.name} 0 {number}")
    case.leaks.add(another)
    theirs = copy_id(first_of(number), 0)
    both = [found.own_copy(number + 1), Copy.objects.get(pk=theirs)]
    post = found.post(home, log, another, 0, both, verdict=stage.verdict)
    party = Party.objects.get(name=f"Supplier {number}")
    named = list(NamedCopy.objects.filter(trace__post=post, copy=theirs))
    other = _allege(log, stage, case, party, named, of("allegation", stage, 0, number))
    first_one = Allegation.objects.get(pk=of("allegation", stage, 0))
    _answer(first_one, number)
    said.statement(case, number)
    said.more(case, number)
    if stage.sanction:
        imposed.more(first_one.sanctions.get(), number)
        imposed.more(other.sanctions.get(), 0)
    if stage.plan:
        planned.more(log, first_one.plan, number)
        planned.more(log, other.plan, 0)
        planned.gate(first_one, number)


def _keep(log: Log, case: Case, number: int) -> None:
    """Write down what a case keeps beside its leaks and allegations."""
    tell(log, case, Kind.CASE_CHANGED, {"severity": "high"})
    Note.objects.create(case=case, person_id=LEGAL, text="A note.", time=NOW)
    Duty.objects.create(id=an_id("duty", case.pk, number), case=case, title="Ask", due=NOW, created=NOW)
    CaseFile.objects.create(
        id=an_id("case file", case.pk, number),
        case=case,
        file_sha256=KEPT_SHA256,
        file_name="chat.txt",
        person_id=LEGAL,
        time=NOW,
    )
    Intent.objects.create(case=case, kind="negligent", reason="A shared drive.", person_id=LEGAL, time=NOW)


def _allege(log: Log, stage: Stage, case: Case, party: Party, named: list[NamedCopy], pk: str) -> Allegation:
    number = party.name.removeprefix("Supplier ")
    is_put = stage.allegation != "prepared"
    made = Allegation.objects.create(
        id=pk,
        case=case,
        party=party,
        agreement_id=an_id("agreement", int(number)),
        clause="One million each.",
        summary="It is put to you.",
        answer_by=NOW + timedelta(days=14),
        state=stage.allegation,
        override_reason="It is plain." if stage.verdict != "accused" else "",
        created=NOW,
        created_by_id=LEGAL,
        put=NOW if is_put else None,
        final=NOW if stage.allegation == "final" else None,
        withdrawn=NOW if stage.allegation == "withdrawn" else None,
        apology="We are sorry." if stage.allegation == "withdrawn" else "",
        evidence_asked=NOW if is_put else None,
        evidence_granted=NOW if is_put else None,
    )
    made.named.set(named)
    if stage.verdict != "accused":
        files = sorted({each.trace.post.file_sha256 for each in named})
        tell(log, case, Kind.CASE_CHANGED, {"allegation": pk, "files": files})
    said_of = {"allegation": pk, "party": party.name}
    if is_put:
        tell(log, case, Kind.ALLEGATION_PUT, {**said_of, "caveats": {}, "traces": {}})
    if stage.allegation == "final":
        tell(log, case, Kind.ALLEGATION_FINAL, said_of)
    if stage.sanction:
        imposed.sanction(log, made, stage.sanction)
    if stage.plan:
        planned.plan(log, made, stage.plan)
    return made


def _answer(allegation: Allegation, number: int) -> None:
    if allegation.state in ("prepared", "put", "unanswered"):
        return
    reply = Reply.objects.create(
        allegation=allegation,
        person_id=CONTACT,
        answer="names",
        text="It was them.",
        names_party=Party.objects.get(name="Supplier 1"),
        time=NOW + timedelta(minutes=number),
    )
    for each in range(number + 1):
        ReplyFile.objects.create(reply=reply, file_sha256=KEPT_SHA256, file_name=f"log {each}.txt")


def approve() -> None:
    """Have everybody who may approve what needs it, as it stands now."""
    people = Person.objects.filter(grants__role__in=(Role.LEGAL, Role.OFFICER, Role.COMMUNICATIONS))
    for subject, content in _approved():
        sha256 = content_sha256(content)
        Approval.objects.filter(subject=subject).delete()
        Approval.objects.bulk_create(
            Approval(subject=subject, content_sha256=sha256, person_id=person, role=role, time=NOW)
            for person, role in people.values_list("pk", "grants__role")
        )


def _approved() -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield what is approved, under what: of the first case of each stage."""
    for stage in STAGES:
        case = of("case", stage, 0)
        for each in Allegation.objects.filter(case=case).exclude(override_reason=""):
            yield subject_of(each), content_of(each)
        yield from imposed.approved(case)
        yield from planned.approved(case)
        yield from said.approved(case)
