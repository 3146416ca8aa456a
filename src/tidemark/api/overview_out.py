"""How the overview looks from outside. Times that steps took are in seconds; null where there is no figure."""

from datetime import datetime, timedelta

from ninja import Schema
from pydantic import Field

from tidemark.api.forms import DraftRef, PartyOut, PersonRef, ProjectRef
from tidemark.api.sanctions_out import AmountOut
from tidemark.records.cases.models import Case
from tidemark.records.leaks.models import Leak
from tidemark.records.overview.attribution import Attributed, Median, Waiting
from tidemark.records.overview.exposure import Exposure
from tidemark.records.overview.histories import History
from tidemark.records.overview.holders import HeldDraft, Holder
from tidemark.records.overview.money import Converted, Sums
from tidemark.records.overview.overdue import Late, Subject
from tidemark.records.plans.gate import Side
from tidemark.records.projects.tree import Bond


class LeakTitle(Schema):
    """A leak by its title."""

    id: str
    title: str

    @classmethod
    def of(cls, leak: Leak) -> "LeakTitle":
        return cls(id=leak.pk, title=leak.title)


class CaseNumber(Schema):
    """A case by its number."""

    id: str
    number: str
    title: str

    @classmethod
    def of(cls, case: Case) -> "CaseNumber":
        return cls(id=case.pk, number=case.number, title=case.title)


class ExposureOut(Schema):
    """What of one project is in whose hands."""

    project: ProjectRef | None = Field(description="Null for drafts that belong to no project.")
    label: str | None
    embargo: str | None
    drafts: int
    drafts_shared: int = Field(description="Drafts of which a copy was ever released.")
    open_copies: int = Field(description="Released, and neither revoked nor expired; masters apart.")
    downloaded: int = Field(description="Copies that were downloaded at least once, open or not.")
    holders: dict[int, int] = Field(description="Tier → parties that hold open copies; tier 0 is outside of the tree.")
    persons: int
    to_return: int = Field(description="Revoked copies of lost rounds whose return or destruction is overdue.")
    unbound: int = Field(description="Open copies whose agreement is over, and none in force took its place.")
    leaks: int
    open_cases: int

    @classmethod
    def of(cls, row: Exposure) -> "ExposureOut":
        project = row.project
        return cls(
            project=ProjectRef.of(project) if project else None,
            label=project.label if project else None,
            embargo=project.embargo.isoformat() if project and project.embargo else None,
            drafts=row.drafts,
            drafts_shared=row.drafts_shared,
            open_copies=row.open_copies,
            downloaded=row.downloaded,
            holders=dict(row.holders),
            persons=row.persons,
            to_return=row.to_return,
            unbound=row.unbound,
            leaks=row.leaks,
            open_cases=row.open_cases,
        )


class HeldDraftOut(DraftRef):
    """A draft of which somebody holds copies."""

    open_copies: int
    downloaded: int

    @classmethod
    def of_held(cls, row: HeldDraft) -> "HeldDraftOut":
        return cls(**DraftRef.of(row.draft).dict(), open_copies=row.open_copies, downloaded=row.downloaded)


class HoldingOut(Schema):
    """What is held in one place of the supply tree."""

    party: PartyOut
    tier: int = Field(description="0 if the party is not in the supply tree.")
    engagement: str | None
    bond: Bond | None = Field(description="How the party is bound by whoever engages it.")
    is_suspended: bool = Field(description="Whether its engagement, or one above, is suspended.")
    answers: list[PartyOut] = Field(description="Who answers for its copies, by the agreements.")
    drafts: list[HeldDraftOut]
    open_copies: int
    downloaded: int

    @classmethod
    def of(cls, row: Holder) -> "HoldingOut":
        place = row.place
        return cls(
            party=PartyOut.of(place.party),
            tier=place.tier,
            engagement=place.engagement.pk if place.engagement else None,
            bond=place.node.bond if place.node else None,
            is_suspended=place.is_suspended,
            answers=[PartyOut.of(each) for each in row.answers],
            drafts=[HeldDraftOut.of_held(each) for each in row.drafts],
            open_copies=row.open_copies,
            downloaded=row.downloaded,
        )


class MedianOut(Schema):
    """The median of a step, over the leaks that have a figure for it and were not taken back."""

    step: str = Field(description="in_all is the time to attribution: from the first post to the accusing trace.")
    seconds: float | None
    leaks: int

    @classmethod
    def of(cls, row: Median) -> "MedianOut":
        return cls(step=row.step, seconds=_seconds(row.time), leaks=row.count)


class AttributedOut(Schema):
    """One leak for which a copy is accused, and how long each step took."""

    leak: LeakTitle
    posted: datetime | None = Field(description="The earliest time that a post gives.")
    received: datetime
    accused: datetime = Field(description="When the first trace was finished that accuses what is accused now.")
    put: datetime | None
    final: datetime | None
    is_from_post: bool = Field(description="Whether in_all counts from a post; else from the reception.")
    is_skewed: bool = Field(description="Whether a step has no figure because clocks differ.")
    is_taken_back: bool = Field(description="Whether every allegation for it was withdrawn.")
    in_all: float | None
    to_received: float | None
    to_accused: float | None
    to_put: float | None
    to_final: float | None

    @classmethod
    def of(cls, row: Attributed) -> "AttributedOut":
        return cls(
            leak=LeakTitle.of(row.leak),
            posted=row.posted,
            received=row.received,
            accused=row.accused,
            put=row.put,
            final=row.final,
            is_from_post=row.is_from_post,
            is_skewed=row.is_skewed,
            is_taken_back=row.is_taken_back,
            in_all=_seconds(row.in_all),
            to_received=_seconds(row.to_received),
            to_accused=_seconds(row.to_accused),
            to_put=_seconds(row.to_put),
            to_final=_seconds(row.to_final),
        )


class WaitingOut(Schema):
    """A leak that was traced, and for which nothing is put to anybody."""

    leak: LeakTitle
    standing: str
    case: CaseNumber | None
    since: datetime

    @classmethod
    def of(cls, row: Waiting) -> "WaitingOut":
        case = CaseNumber.of(row.case) if row.case else None
        return cls(leak=LeakTitle.of(row.leak), standing=row.standing, case=case, since=row.since)


class OverdueOut(Schema):
    """One thing that is overdue."""

    subject: Subject
    what: str
    since: datetime
    who_acts: Side
    id: str = Field(description="Of the case, allegation, plan, action, sanction, round or agreement.")
    case: CaseNumber | None
    project: ProjectRef | None
    party: PartyOut | None
    person: PersonRef | None = Field(description="Who of the owner's is asked, if anybody.")

    @classmethod
    def of(cls, row: Late) -> "OverdueOut":
        return cls(
            subject=row.subject,
            what=row.what,
            since=row.since,
            who_acts=row.who_acts,
            id=row.ids[-1],
            case=CaseNumber.of(row.case) if row.case else None,
            project=ProjectRef.of(row.project) if row.project else None,
            party=PartyOut.of(row.party) if row.party else None,
            person=PersonRef.of(row.person) if row.person else None,
        )


class ConvertedOut(Schema):
    """What is claimed now in another currency, as it was converted on record."""

    amount: AmountOut | None
    sanctions: int = Field(description="How many of the currency's sanctions have such a conversion.")

    @classmethod
    def of(cls, row: Converted) -> "ConvertedOut":
        return cls(amount=AmountOut.of(row.amount), sanctions=row.count)


class SumsOut(Schema):
    """How the money of one currency stands. Amounts of different currencies are never added."""

    currency: str
    sanctions: int
    imposed: AmountOut | None
    lowered: AmountOut | None = Field(description="Reduced or waived since.")
    paid: AmountOut | None
    open: AmountOut | None
    overdue: AmountOut | None
    void: AmountOut | None = Field(description="Of withdrawn allegations; in no other sum.")
    to_pay_back: AmountOut | None
    repaid: AmountOut | None
    converted: list[ConvertedOut]

    @classmethod
    def of(cls, row: Sums) -> "SumsOut":
        return cls(
            currency=row.currency,
            sanctions=row.count,
            imposed=AmountOut.of(row.imposed),
            lowered=AmountOut.of(row.lowered),
            paid=AmountOut.of(row.paid),
            open=AmountOut.of(row.open),
            overdue=AmountOut.of(row.overdue),
            void=AmountOut.of(row.void),
            to_pay_back=AmountOut.of(row.to_pay_back),
            repaid=AmountOut.of(row.repaid),
            converted=[ConvertedOut.of(each) for each in row.converted],
        )


class HistoryOut(Schema):
    """What was put to one party, and what became of it. What was withdrawn is in `withdrawn` alone."""

    party: PartyOut
    put: int
    final: int
    open: int
    disputed: int
    withdrawn: int = Field(description="Put, and taken back with an apology.")
    is_cleared: bool = Field(description="Whether everything that was put to it was taken back.")
    sanctions: int
    plans_open: int
    suspended: int = Field(description="Places in supply trees where its access is suspended.")
    cases: list[CaseNumber]
    last: datetime = Field(description="When something last happened in its matters.")

    @classmethod
    def of(cls, row: History) -> "HistoryOut":
        return cls(
            party=PartyOut.of(row.party),
            put=row.put,
            final=row.final,
            open=row.open,
            disputed=row.disputed,
            withdrawn=row.withdrawn,
            is_cleared=row.is_cleared,
            sanctions=row.sanctions,
            plans_open=row.plans_open,
            suspended=row.suspended,
            cases=[CaseNumber.of(each) for each in row.cases],
            last=row.last,
        )


class OverviewOut(Schema):
    """The overview."""

    at: datetime
    projects: list[ExposureOut] = Field(description="What is exposed most comes first.")
    attributed: int = Field(description="Leaks for which a copy is accused; what was taken back is not counted.")
    medians: list[MedianOut]
    waiting: list[WaitingOut] = Field(description="The longest first, 20 at most.")
    waiting_count: int
    overdue: dict[str, int] = Field(description="How much is overdue, by subject.")
    money: list[SumsOut]


def _seconds(time: timedelta | None) -> float | None:
    return None if time is None else time.total_seconds()
