"""The papers of cases, which a statement must not quote: what their sides wrote, handed in, and whom they named.

The papers of cases that were merged into it are papers of the case. What stands here is what the other side has read
or the owner keeps: a draft that a party has not submitted is its own, and not looked at.
"""

from collections.abc import Iterator

from django.db.models import Model

from tidemark.records.cases.merged import together
from tidemark.records.cases.models import Allegation, Case, CaseFile, Intent, Note, Reply, ReplyFile
from tidemark.records.copies.models import Copy
from tidemark.records.leaks.models import Post
from tidemark.records.plans.models import (
    Action,
    ActionFile,
    DoneReport,
    FlowDownCheck,
    GateOverride,
    Hold,
    Judgement,
    Plan,
)
from tidemark.records.reidentify.known import KnownText, Source
from tidemark.records.sanctions.models import (
    Appeal,
    AppealFile,
    Decision,
    Measure,
    MeasureFile,
    MeasureReport,
    Payment,
    PaymentTerm,
    Sanction,
)
from tidemark.records.sightings.models import Sighting

_TEXTS: tuple[tuple[type[Model], str, Source, tuple[str, ...]], ...] = (
    (Allegation, "", Source.ALLEGATION, ("summary",)),
    (Allegation, "", Source.AGREEMENT, ("clause",)),
    (Allegation, "", Source.NOTE, ("override_reason",)),
    (Reply, "allegation", Source.REPLY, ("text",)),
    (Plan, "allegation", Source.ALLEGATION, ("words",)),
    (Action, "plan__allegation", Source.REPLY, ("text", "proof")),
    (Judgement, "action__plan__allegation", Source.ALLEGATION, ("text",)),
    (DoneReport, "action__plan__allegation", Source.REPLY, ("text",)),
    (DoneReport, "action__plan__allegation", Source.ALLEGATION, ("verdict_text",)),
    (FlowDownCheck, "plan__allegation", Source.REPLY, ("remark",)),
    (FlowDownCheck, "plan__allegation", Source.ALLEGATION, ("verdict_text",)),
    (Hold, "allegation", Source.NOTE, ("why",)),
    (GateOverride, "allegation", Source.NOTE, ("reason",)),
    (Sanction, "allegation", Source.ALLEGATION, ("words", "calculation", "deviation_reason")),
    (Appeal, "sanction__allegation", Source.REPLY, ("reason",)),
    (Decision, "sanction__allegation", Source.ALLEGATION, ("reason",)),
    (Payment, "sanction__allegation", Source.ALLEGATION, ("taken_back_why",)),
    (PaymentTerm, "sanction__allegation", Source.ALLEGATION, ("text",)),
    (Measure, "sanction__allegation", Source.ALLEGATION, ("text",)),
    (MeasureReport, "measure__sanction__allegation", Source.REPLY, ("text",)),
    (MeasureReport, "measure__sanction__allegation", Source.ALLEGATION, ("verdict_reason",)),
)
"""What stands between the two sides of an allegation: where, the way to the allegation, whose words, in which fields.

What the owner said to the party is as confidential as what was put to it; the owner's own reasons are like notes.
"""

_NOTES: tuple[tuple[type[Model], str], ...] = ((Note, "text"), (Intent, "reason"))
"""What the owner's people wrote down in a case."""

_FILES: tuple[tuple[type[Model], str], ...] = (
    (ReplyFile, "reply__allegation__case"),
    (ActionFile, "action__plan__allegation__case"),
    (AppealFile, "appeal__sanction__allegation__case"),
    (MeasureFile, "report__measure__sanction__allegation__case"),
    (CaseFile, "case"),
    (Post, "leak__cases"),
    (Copy, "named_by__trace__post__leak__cases"),
    (Sighting, "case"),
)
"""What has a file of the case, and the way to the case."""

_PERSONS: tuple[tuple[type[Model], str], ...] = ((Action, "owner"), (FlowDownCheck, "checked_by"))
"""Where parties name persons, who need not be persons on record."""


def texts_of_all() -> Iterator[KnownText]:
    """Yield what was written in any case, with whose it is and of which case. A query a kind of paper."""
    for model, way, source, fields in _TEXTS:
        to_allegation = f"{way}__" if way else ""
        rows = model._default_manager.order_by("pk").values_list(
            f"{to_allegation}case", f"{to_allegation}party", *fields
        )
        for case, party, *texts in rows:
            whose = "" if source == Source.NOTE else str(party)
            yield from (KnownText(whose, source, text, case) for text in texts if text)
    for model, column in _NOTES:
        for case, text in model._default_manager.order_by("pk").values_list("case", column):
            yield KnownText("", Source.NOTE, text, case)


def files_of(case: Case) -> set[str]:
    """Return the names of the files that were found, handed in or kept in a case."""
    found: set[str] = set()
    cases = together(case)
    for model, way in _FILES:
        rows = model._default_manager.filter(**{f"{way}__in": cases})
        if model is ActionFile:
            rows = rows.filter(is_submitted=True)
        found.update(rows.values_list("file_name", flat=True))
    return found - {""}


def persons_named() -> set[str]:
    """Return the persons whom parties have named in any plan, as they were written."""
    found: set[str] = set()
    for model, column in _PERSONS:
        found.update(model._default_manager.exclude(**{column: ""}).values_list(column, flat=True))
    return found
