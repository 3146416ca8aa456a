"""The letter of a sanction as PDF, set once when it is imposed, with the report's typesetter and typefaces.

The facts come from the records as they are approved; what people wrote is quoted, never evaluated as markup.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

from tidemark.records.accounts.models import Person
from tidemark.records.cases.models import Allegation
from tidemark.records.paper import paper, paragraphs, sets_chinese
from tidemark.records.parties.models import Party
from tidemark.records.sanctions.clause import deviation, needs_calculation, plain
from tidemark.records.sanctions.letter_words import LANGUAGES, Words
from tidemark.records.sanctions.models import Measure, Sanction
from tidemark.records.sanctions.terms import kept_clause, rate_of

Document = dict[str, Any]


def letter(
    sanction: Sanction, language: str, *, approved: Sequence[tuple[str, Person]], by: Person, now: datetime
) -> bytes:
    """Set the letter.

    Parameters
    ----------
    language : str
        ``en`` or ``zh``.
    approved : sequence of (role, person)
        Who signs.

    Returns
    -------
    bytes
        A PDF file, archival and accessible.

    Raises
    ------
    ReportFontMissing
        If there is Chinese text and no typeface for it.
    ReportFailed
        If the typesetter fails otherwise.
    """
    said = _content(sanction, LANGUAGES[language], approved=approved, by=by, now=now)
    template = resources.files("tidemark.records.sanctions").joinpath("letter.typ").read_bytes()
    return paper(template, said, what="the letter", made=now)


def no_letter_in() -> list[str]:
    """Return the languages in which no letter can be set on this machine, because no typeface here has them."""
    return [] if sets_chinese() else ["zh"]


def _content(
    sanction: Sanction, words: Words, *, approved: Sequence[tuple[str, Person]], by: Person, now: datetime
) -> Document:
    allegation, agreement = sanction.allegation, sanction.allegation.agreement
    owner = Party.objects.filter(is_owner=True).values_list("name", flat=True).first() or ""
    assert allegation.put is not None
    assert allegation.final is not None
    facts = {
        "owner": owner,
        "party": allegation.party.name,
        "agreement": agreement.reference if agreement else "",
        "valid_from": _day(agreement.valid_from, words) if agreement else "",
        "put": _day(allegation.put, words),
        "final": _day(allegation.final, words),
    }
    return {
        "language": words.language,
        "region": words.region,
        "title": words.title,
        "owner": owner,
        "party": allegation.party.name,
        "number": sanction.number,
        "labels": {"number": words.number, "dated": words.dated, "to": words.to},
        "dated": _day(now, words),
        "subject": (words.subject if agreement and agreement.is_owners else words.subject_without).format(**facts),
        "salutation": words.salutation,
        "opening": words.opening.format(**facts),
        "sections": [
            _agreement(allegation, words, facts),
            _found(sanction, words, facts),
            _imposed(sanction, words),
            *_payment(sanction, words),
            *_measures(sanction, words),
            *([{"heading": words.more, "parts": [_quoted(sanction.words)]}] if sanction.words else []),
            {
                "heading": words.appeal,
                "parts": [
                    _said(words.appeal_text.format(day=f"{sanction.appeal_until.astimezone(UTC):%Y-%m-%d %H:%M}")),
                ],
            },
        ],
        "not_claimed": words.not_claimed,
        "closing": words.closing,
        "for_owner": words.for_owner.format(**facts),
        "signed": [{"name": person.name, "role": words.roles.get(role, role)} for role, person in approved],
        "issued": words.issued.format(name=by.name),
        "record": words.record.format(**facts),
        "footer": words.footer.replace("{number}", sanction.number),
    }


def _agreement(allegation: Allegation, words: Words, facts: dict[str, str]) -> Document:
    agreement, clause = allegation.agreement, allegation.clause
    if agreement is None or not agreement.is_owners:
        why = words.no_agreement if agreement is None else words.not_owners
        return {"heading": words.agreement, "parts": [_said(why.format(**facts))]}
    lead = (words.agreement_says if clause else words.no_clause).format(**facts)
    return {"heading": words.agreement, "parts": [_said(lead), *([_quoted(clause)] if clause else [])]}


def _found(sanction: Sanction, words: Words, facts: dict[str, str]) -> Document:
    last = sanction.allegation.replies.order_by("time", "pk").last()
    answered = (
        words.answered.format(day=_day(last.time, words), answer=words.answers[last.answer])
        if last
        else words.unanswered
    )
    end = _said(words.joint.join((answered, words.final.format(**facts))))
    put = _quoted(sanction.allegation.summary) | {"leads": True}
    return {"heading": words.found, "parts": [_said(words.found_lead), put, end]}


def _imposed(sanction: Sanction, words: Words) -> Document:
    amount, clause = sanction.amount, kept_clause(sanction)
    deviates = deviation(amount, clause)
    rows: list[Document] = []
    if amount is not None:
        is_agreed = not deviates and amount == clause.damages
        rows.append(_row(words.amount, plain(amount), strong=True, note=words.amount_by_clause if is_agreed else ""))
        rate = rate_of(sanction)
        if rate is not None and sanction.converted is not None:
            at = words.rate.format(
                rate=f"{rate.per_unit.normalize():f}",
                currency=amount.currency,
                into=rate.currency,
                day=_day(rate.on, words),
                source=rate.source,
            )
            rows.append(_row(words.converted, plain(sanction.converted), note=at))
    if deviates:
        if clause.damages is not None:
            rows.append(_row(words.agreed, plain(clause.damages)))
        rows.append(_row(words.deviation, words.deviations[deviates]))
        rows.append(_row(words.deviation_reason, sanction.deviation_reason))
    if needs_calculation(amount, clause):
        rows.append(_row(words.formula, clause.formula))
        rows += [_row(words.cap, plain(clause.cap))] if clause.cap is not None else []
        rows.append(_row(words.calculation, sanction.calculation))
    parts = [] if amount is not None else [_said(words.measures_only)]
    return {"heading": words.imposed, "parts": [*parts, *([{"kind": "rows", "rows": rows}] if rows else [])]}


def _payment(sanction: Sanction, words: Words) -> list[Document]:
    if sanction.amount is None or sanction.due_on is None:
        return []
    due = words.due.format(currency=sanction.amount.currency, day=_day(sanction.due_on, words))
    return [{"heading": words.payment, "parts": [_said(due), _said(words.pay_to), _quoted(sanction.pay_to)]}]


def _measures(sanction: Sanction, words: Words) -> list[Document]:
    measures = list(sanction.measures.select_related("project").order_by("created", "pk"))
    if not measures:
        return []
    rows = [_measure(each, words) for each in measures]
    parts: list[Document] = [{"kind": "measures", "head": [words.head_measure, words.head_until], "rows": rows}]
    if any(each.kind != Measure.Kind.SUSPENSION for each in measures):
        parts.insert(0, _said(words.measures_lead))
    if any(each.kind == Measure.Kind.PERSON for each in measures):
        parts.append(_said(words.persons_note))
    return [{"heading": words.measures, "parts": parts}]


def _measure(measure: Measure, words: Words) -> Document:
    scope = ""
    if measure.kind == Measure.Kind.SUSPENSION:
        scope = words.in_project.format(project=measure.project.code_name) if measure.project else words.everywhere
    return {
        "kind": words.kinds[measure.kind],
        "scope": scope,
        "text": paragraphs(measure.text),
        "until": f"{measure.due.astimezone(UTC):%Y-%m-%d}" if measure.due else words.until_ended,
    }


def _said(text: str) -> Document:
    return {"kind": "said", "text": text}


def _quoted(text: str) -> Document:
    return {"kind": "quoted", "paragraphs": paragraphs(text)}


def _row(label: str, text: str, *, strong: bool = False, note: str = "") -> Document:
    return {"label": label, "text": paragraphs(text), "strong": strong, "note": note}


def _day(day: date | datetime, words: Words) -> str:
    """Write a day, UTC, as letters do."""
    at = day.astimezone(UTC).date() if isinstance(day, datetime) else day
    if words.language == "zh":
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
"""In English whatever the machine's language is."""
