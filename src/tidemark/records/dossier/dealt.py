"""Gather what was put to parties and what came of it: allegations, replies, sanctions, plans, statements."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from tidemark.records.blobs import Shelf
from tidemark.records.cases.fallen import Fallen
from tidemark.records.cases.models import Allegation, Case, Reply
from tidemark.records.cases.stopped import stopped
from tidemark.records.dossier import facts
from tidemark.records.dossier.facts_found import File
from tidemark.records.dossier.found import who
from tidemark.records.plans.facts import gate_of
from tidemark.records.plans.models import Action, ActionFile, DoneReport, Plan
from tidemark.records.sanctions.models import AppealFile, Measure, MeasureFile, Payment, Sanction
from tidemark.records.sanctions.settle import account_of
from tidemark.records.statements.models import LANGUAGES, Statement


def allegations_of(case: Case) -> tuple[facts.Put, ...]:
    """Return what was prepared for, or put to, parties."""
    rows = case.allegations.select_related("party", "agreement", "created_by__party")
    rows = rows.prefetch_related("named", "replies__person__party", "replies__names_party", "replies__files")
    rows = rows.prefetch_related("holds__engagement__project", "holds__by__party", "gate_overrides__proposed_by__party")
    found = list(rows.order_by("created", "pk"))
    gone = stopped(found)
    fell = {pk: each.trace.pk for pk, each in gone.items() if isinstance(each, Fallen)}
    why = _why_stopped([row for row in found if row.pk in gone])
    return tuple(_put(row, fell.get(row.pk, ""), why.get(row.pk, {})) for row in found)


def _why_stopped(rows: Sequence[Allegation]) -> dict[str, dict[str, str]]:
    """Return why nothing goes on from allegations, by their ids: in each language that a dossier has."""
    said: dict[str, dict[str, str]] = {row.pk: {} for row in rows}
    for language, texts in zip(LANGUAGES, ("en", "zh-hans"), strict=True):
        with translation.override(texts):
            for pk, each in stopped(rows).items():
                said[pk][language] = str(each)
    return said


def intents_of(case: Case) -> tuple[facts.Opinion, ...]:
    """Return the judgements of intent; the last one counts."""
    rows = case.intents.select_related("person__party")
    return tuple(facts.Opinion(row.kind, row.reason, who(row.person), row.time) for row in rows)


def sanctions_of(case: Case) -> tuple[facts.Sanctioned, ...]:
    """Return the sanctions of the case's allegations."""
    rows = Sanction.objects.filter(allegation__case=case).select_related("allegation__party", "appeal")
    rows = rows.prefetch_related(
        "payments__taken_back_by__party",
        "payment_terms__person__party",
        "appeal__files",
        "decisions__proposed_by__party",
    )
    rows = rows.prefetch_related("measures__project", "measures__reports__person__party")
    return tuple(_sanctioned(row) for row in rows.prefetch_related("measures__reports__files").order_by("created"))


def plans_of(case: Case, *, now: datetime) -> tuple[facts.Rectified, ...]:
    """Return the rectification plans, each as it was last submitted, with its gate as it is now."""
    rows = Plan.objects.filter(allegation__case=case).select_related("allegation__party")
    rows = rows.prefetch_related(
        "actions__judgements__person__party",
        "actions__files",
        "actions__reports__person__party",
        "checks__engagement__party",
    )
    return tuple(_rectified(row, now=now) for row in rows.order_by("asked", "pk"))


def statements_of(case: Case) -> tuple[facts.Stated, ...]:
    """Return what was issued, also if a later statement corrected or withdrew it."""
    rows = case.statements.exclude(issued=None).select_related("issued_by__party").prefetch_related("pictures")
    return tuple(_stated(row) for row in rows.order_by("issued", "pk"))


def _put(row: Allegation, fallen_by: str, stopped_why: Mapping[str, str]) -> facts.Put:
    return facts.Put(
        id=row.pk,
        party=row.party.name,
        state=row.state,
        copies=tuple(sorted({each.copy_id for each in row.named.all()})),
        agreement=row.agreement.reference if row.agreement else "",
        clause=row.clause,
        summary=row.summary,
        override_reason=row.override_reason,
        created=row.created,
        by=who(row.created_by),
        put=row.put,
        answer_by=row.answer_by,
        final=row.final,
        withdrawn=row.withdrawn,
        apology=row.apology,
        evidence_asked=row.evidence_asked,
        evidence_granted=row.evidence_granted,
        fallen_by=fallen_by,
        stopped=stopped_why,
        answers=tuple(_answer(each) for each in row.replies.all()),
        holds=tuple(
            facts.Held(each.engagement.project.code_name, each.why, each.begun, each.ended, who(each.by))
            for each in row.holds.all()
        ),
        overrides=tuple(
            facts.Overridden(each.reason, tuple(each.open), each.proposed, each.used, who(each.proposed_by))
            for each in row.gate_overrides.all()
        ),
    )


def _answer(row: Reply) -> facts.Answer:
    return facts.Answer(
        answer=row.answer,
        text=row.text,
        names=row.names_party.name if row.names_party else row.names,
        by=who(row.person),
        time=row.time,
        files=tuple(File("reply", each.file_name, each.file_sha256, Shelf.CASES) for each in row.files.all()),
    )


def _sanctioned(row: Sanction) -> facts.Sanctioned:
    appeal, account = getattr(row, "appeal", None), account_of(row, list(row.payments.all()))
    letters = {"en": row.letter_en_sha256, "zh": row.letter_zh_sha256}
    files = [
        File("letter", f"{row.number}-{language}.pdf", sha256, Shelf.CASES)
        for language, sha256 in letters.items()
        if sha256
    ]
    return facts.Sanctioned(
        number=row.number,
        party=row.allegation.party.name,
        allegation=row.allegation_id,
        state=row.state,
        agreed=row.damages,
        amount=row.amount,
        imposed_amount=row.imposed_amount,
        deviation_reason=row.deviation_reason,
        calculation=row.calculation,
        converted=row.converted,
        rate=f"{row.rate.normalize():f}" if row.rate is not None else "",
        rate_on=row.rate_on,
        rate_source=row.rate_source,
        due_on=row.due_on,
        words=row.words,
        appeal_until=row.appeal_until,
        imposed=row.imposed,
        appeal=appeal.reason if appeal else "",
        appealed=appeal.time if appeal else None,
        decisions=tuple(
            facts.Decided(each.outcome, each.on_appeal, each.amount, each.reason, who(each.proposed_by), each.taken)
            for each in row.decisions.all()
        ),
        payments=tuple(_paid(each) for each in row.payments.all()),
        balance=account.balance if account and row.imposed else None,
        pay_back=account.pay_back if account and account.pay_back.amount else None,
        terms=tuple(facts.Term(each.until, each.text, who(each.person), each.time) for each in row.payment_terms.all()),
        measures=tuple(_imposed(each) for each in row.measures.all()),
        files=(*files, *(_handed(each, "appeal") for each in (appeal.files.all() if appeal else ()))),
    )


def _paid(row: Payment) -> facts.Paid:
    return facts.Paid(
        amount=row.amount,
        is_repayment=row.is_repayment,
        paid_on=row.paid_on,
        reference=row.reference,
        taken_back=row.taken_back,
        taken_back_by=who(row.taken_back_by) if row.taken_back_by else None,
        taken_back_why=row.taken_back_why,
    )


def _imposed(row: Measure) -> facts.Imposed:
    reports = tuple(
        facts.Reported(
            text=each.text,
            by=who(each.person),
            time=each.time,
            verdict=each.verdict,
            reason="",
            words=each.verdict_reason,
            judged=each.judged,
            files=tuple(_handed(file, "measure") for file in each.files.all()),
        )
        for each in row.reports.all()
    )
    project = row.project.code_name if row.project else ""
    return facts.Imposed(row.kind, project, row.text, row.due, row.state, row.done, reports)


def _rectified(row: Plan, *, now: datetime) -> facts.Rectified:
    submitted = [each for each in row.actions.all() if each.state not in (Action.State.DRAFT, Action.State.DROPPED)]
    checks = tuple(
        facts.Checked(
            sub_vendor=each.engagement.party.name,
            result=each.result,
            is_bound=each.is_bound,
            checked=each.checked,
            checked_by=each.checked_by,
            remark=each.remark,
            verdict=each.verdict,
            verdict_text=each.verdict_text,
        )
        for each in row.checks.all()
    )
    return facts.Rectified(
        party=row.allegation.party.name,
        allegation=row.allegation_id,
        state=row.state,
        version=row.version,
        words=row.words,
        sections=tuple(row.sections),
        asked=row.asked,
        due=row.due,
        accepted=row.accepted,
        actions=tuple(_planned(each) for each in submitted),
        checks=checks,
        gate=tuple(facts.Condition(each.key, each.holds) for each in gate_of(row.allegation, now=now)),
    )


def _planned(row: Action) -> facts.Planned:
    files = [each for each in row.files.all() if each.is_submitted and not each.is_removed]
    return facts.Planned(
        number=row.number,
        section=row.section,
        text=row.text,
        owner=row.owner,
        due=row.due,
        proof=row.proof,
        controls=tuple(row.controls),
        state=row.state,
        progress=row.progress,
        judgements=tuple(
            facts.Judged(each.version, each.is_accepted, each.reason, each.text, who(each.person), each.time)
            for each in row.judgements.all()
        ),
        reports=tuple(_done(each, files) for each in row.reports.all()),
        files=tuple(_handed(each, "plan") for each in files if each.report_id is None),
    )


def _done(row: DoneReport, files: list[ActionFile]) -> facts.Reported:
    return facts.Reported(
        text=row.text,
        by=who(row.person),
        time=row.time,
        verdict=row.verdict,
        reason=row.verdict_reason,
        words=row.verdict_text,
        judged=row.judged,
        files=tuple(_handed(each, "plan") for each in files if each.report_id == row.pk),
    )


def _stated(row: Statement) -> facts.Stated:
    kept: dict[str, Any] = json.loads(row.content)
    assert row.issued is not None
    return facts.Stated(
        kind=row.kind,
        state=row.state,
        titles={each: str(kept[f"title_{each}"]) for each in LANGUAGES if kept.get(f"title_{each}")},
        texts={each: str(kept[f"text_{each}"]) for each in LANGUAGES if kept.get(f"text_{each}")},
        channel=row.channel,
        issued=row.issued,
        by=who(row.issued_by),
        content_sha256=row.content_sha256,
        files=tuple(File("statement", each.file_name, each.file_sha256, Shelf.CASES) for each in row.pictures.all()),
    )


def _handed(row: AppealFile | MeasureFile | ActionFile, about: str) -> File:
    return File(about, row.file_name, row.file_sha256, Shelf.CASES)
