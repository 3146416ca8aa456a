"""Gather the facts of one case."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tidemark.records.accounts.models import Person
from tidemark.records.blobs import Shelf
from tidemark.records.cases.history import Happening, entries_of, lines
from tidemark.records.cases.models import Case
from tidemark.records.dossier.dealt import allegations_of, intents_of, plans_of, sanctions_of, statements_of
from tidemark.records.dossier.facts import Asked, Facts, Happened, Written
from tidemark.records.dossier.facts_found import File, FoundLeak
from tidemark.records.dossier.found import found_leaks, sightings_of, who
from tidemark.records.parties.models import Party


def gather(case: Case, *, with_notes: bool, now: datetime) -> Facts:
    """Return all that is on record of a case. A bounded number of queries, but for the gates of several plans."""
    row = Case.objects.select_related("project", "assignee__party", "opened_by__party", "merged_into").get(pk=case.pk)
    told = lines(row, entries_of(row))
    notes = row.notes.select_related("person__party") if with_notes else ()
    duties = row.duties.select_related("assignee__party").order_by("created", "pk")
    own = [File("case", each.file_name, each.file_sha256, Shelf.CASES) for each in row.files.all()]
    return Facts(
        id=row.pk,
        number=row.number,
        title=row.title,
        owner=Party.objects.filter(is_owner=True).values_list("name", flat=True).first() or "",
        project=row.project.code_name if row.project else "",
        label=row.project.label if row.project else "",
        status=row.status,
        severity=row.severity,
        assignee=who(row.assignee),
        opened=row.opened,
        opened_by=who(row.opened_by),
        closed=row.closed,
        respond_by=row.respond_by,
        merged_into=row.merged_into.number if row.merged_into else "",
        merged=tuple(row.merged.order_by("number").values_list("number", flat=True)),
        leaks=found_leaks(row),
        allegations=allegations_of(row),
        intents=intents_of(row),
        sanctions=sanctions_of(row),
        plans=plans_of(row, now=now),
        statements=statements_of(row),
        sightings=sightings_of(row),
        duties=tuple(
            Asked(each.title, who(each.assignee), each.due, each.done, bool(each.promised_in)) for each in duties
        ),
        files=tuple(own),
        notes=tuple(Written(each.text, who(each.person), each.time) for each in notes),
        timeline=tuple(Happened(each.kind, each.detail, who(each.by), each.time, each.leaf_index) for each in told),
        persons=persons_named(told),
    )


def persons_named(told: Sequence[Happening]) -> dict[str, str]:
    """Return the names of the persons whom the timeline speaks of, by their ids."""
    ids = {str(each.detail["assignee"]) for each in told if each.detail.get("assignee")}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


def files_of(facts: Facts) -> tuple[File, ...]:
    """Return every file of the dossier, each once by its hash, in the order of the affair."""
    return tuple({each.sha256: each for each in reversed(list(_files(facts)))}.values())[::-1]


def _files(facts: Facts) -> Iterator[File]:
    for leak in facts.leaks:
        yield from (each.file for each in leak.seen)
        yield from _evidence(leak)
    yield from (each.file for each in facts.sightings)
    for put in facts.allegations:
        yield from (file for answer in put.answers for file in answer.files)
    for sanction in facts.sanctions:
        yield from sanction.files
        yield from (file for measure in sanction.measures for report in measure.reports for file in report.files)
    for plan in facts.plans:
        for action in plan.actions:
            yield from (*action.files, *(file for report in action.reports for file in report.files))
    yield from (file for statement in facts.statements for file in statement.files)
    yield from facts.files


def _evidence(leak: FoundLeak) -> Iterator[File]:
    for trace in leak.traces:
        for laid in trace.laid:
            if laid.evidence_sha256:
                name = f"{laid.file_name}-r{laid.revision}-{trace.id}.tidemark"
                yield File("evidence", name, laid.evidence_sha256, Shelf.TRACES)
