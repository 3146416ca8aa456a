"""What a dossier holds: facts with their times and hashes, in no language and in no layout.

Both the PDF and the data are made of these, so neither can say what the other does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from djmoney.money import Money

from tidemark.records.dossier.facts_found import File, FoundLeak, Sighted, Who


@dataclass(frozen=True, slots=True)
class Answer:
    """What a party replied."""

    answer: str
    text: str
    names: str
    by: Who
    time: datetime
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """That an officer suspended the party at one place because of the allegation."""

    place: str
    why: str
    begun: datetime
    ended: datetime | None
    by: Who


@dataclass(frozen=True, slots=True)
class Overridden:
    """That access was to return though conditions were open; ``used`` is when it did."""

    reason: str
    open: tuple[str, ...]
    proposed: datetime
    used: datetime | None
    by: Who


@dataclass(frozen=True, slots=True)
class Put:
    """What was prepared for, or put to, a party.

    ``fallen_by`` is the trace that does not bear it any more, or ''; ``stopped`` says why nothing goes on from it, and
    what the owner can do, by language, and is empty if it goes on.
    """

    id: str
    party: str
    state: str
    copies: tuple[str, ...]
    agreement: str
    clause: str
    summary: str
    override_reason: str
    created: datetime
    by: Who
    put: datetime | None
    answer_by: datetime
    final: datetime | None
    withdrawn: datetime | None
    apology: str
    evidence_asked: datetime | None
    evidence_granted: datetime | None
    fallen_by: str
    stopped: Mapping[str, str]
    answers: tuple[Answer, ...]
    holds: tuple[Held, ...]
    overrides: tuple[Overridden, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Somebody's judgement of how it came about."""

    kind: str
    reason: str
    by: Who
    time: datetime


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came in, or was paid back; recorded by mistake, if it was taken back since."""

    amount: Money
    is_repayment: bool
    paid_on: date
    reference: str
    taken_back: datetime | None
    taken_back_by: Who | None
    taken_back_why: str


@dataclass(frozen=True, slots=True)
class Term:
    """That the owner agreed to be paid later."""

    until: date
    text: str
    by: Who
    time: datetime


@dataclass(frozen=True, slots=True)
class Reported:
    """What a party reported as done, and what was said to that: a ``reason`` of the usual ones, or words."""

    text: str
    by: Who
    time: datetime
    verdict: str
    reason: str
    words: str
    judged: datetime | None
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Imposed:
    """A measure beside the money; a suspension is of one project, or of all: ''."""

    kind: str
    project: str
    text: str
    due: datetime | None
    state: str
    done: datetime | None
    reports: tuple[Reported, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a sanction."""

    outcome: str
    on_appeal: bool
    amount: Money | None
    reason: str
    by: Who
    taken: datetime | None


@dataclass(frozen=True, slots=True)
class Sanctioned:
    """A sanction, with what was agreed beside what is claimed."""

    number: str
    party: str
    allegation: str
    state: str
    agreed: Money | None
    amount: Money | None
    imposed_amount: Money | None
    deviation_reason: str
    calculation: str
    converted: Money | None
    rate: str
    rate_on: date | None
    rate_source: str
    due_on: date | None
    words: str
    appeal_until: datetime
    imposed: datetime | None
    appeal: str
    appealed: datetime | None
    decisions: tuple[Decided, ...]
    payments: tuple[Paid, ...]
    balance: Money | None
    pay_back: Money | None
    terms: tuple[Term, ...]
    measures: tuple[Imposed, ...]
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the owner said of an action as it was submitted in a version of the plan."""

    version: int
    is_accepted: bool
    reason: str
    text: str
    by: Who
    time: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One action of a plan, as it was last submitted."""

    number: int
    section: str
    text: str
    owner: str
    due: date | None
    proof: str
    controls: tuple[str, ...]
    state: str
    progress: str
    judgements: tuple[Judged, ...]
    reports: tuple[Reported, ...]
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a party states of a sub-vendor."""

    sub_vendor: str
    result: str
    is_bound: bool
    checked: date
    checked_by: str
    remark: str
    verdict: str
    verdict_text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the gate, as it is at the time of the dossier."""

    key: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Rectified:
    """A rectification plan, and the gate that it leads to."""

    party: str
    allegation: str
    state: str
    version: int
    words: str
    sections: tuple[str, ...]
    asked: datetime
    due: datetime
    accepted: datetime | None
    actions: tuple[Planned, ...]
    checks: tuple[Checked, ...]
    gate: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement that was issued: its words by language, as they were published."""

    kind: str
    state: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    channel: str
    issued: datetime
    by: Who
    content_sha256: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something to be done."""

    title: str
    assignee: Who
    due: datetime | None
    done: datetime | None
    is_promise: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A note of the owner's people."""

    text: str
    by: Who
    time: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the timeline; each is an entry of the ledger."""

    kind: str
    detail: Mapping[str, Any]
    by: Who
    time: datetime
    leaf_index: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All of one case.

    Attributes
    ----------
    notes : tuple of Written
        Internal: empty unless they were asked for.
    persons : mapping of str to str
        Names of the persons whose ids stand in the timeline.
    """

    id: str
    number: str
    title: str
    owner: str
    project: str
    label: str
    status: str
    severity: str
    assignee: Who
    opened: datetime
    opened_by: Who
    closed: datetime | None
    respond_by: datetime | None
    merged_into: str
    merged: tuple[str, ...]
    leaks: tuple[FoundLeak, ...]
    allegations: tuple[Put, ...]
    intents: tuple[Opinion, ...]
    sanctions: tuple[Sanctioned, ...]
    plans: tuple[Rectified, ...]
    statements: tuple[Stated, ...]
    sightings: tuple[Sighted, ...]
    duties: tuple[Asked, ...]
    files: tuple[File, ...]
    notes: tuple[Written, ...]
    timeline: tuple[Happened, ...]
    persons: Mapping[str, str]
