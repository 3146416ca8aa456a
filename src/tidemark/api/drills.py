"""The drill of a draft: which leaks of it would be traced, in sentences and leak by leak."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from tidemark.api.callers import caller
from tidemark.api.operations import Subject
from tidemark.api.pages import Id, find
from tidemark.api.problems import missing
from tidemark.api.sent import Sent
from tidemark.records.accounts.roles import Act
from tidemark.records.projects.drill import order_drill
from tidemark.records.projects.models import Draft, DrillRun
from tidemark.records.projects.verdict import verdict

drills = Subject("drafts")


class DrillIn(Sent):
    """Whether a drill that has results starts over, or goes on with the leaks that it has none of."""

    again: bool = True


class DrilledOut(Schema):
    """What became of one leak that was tried."""

    attack: str
    family: str
    traced: bool
    z: float | None = Field(None, description="Null if the leak did not match the draft.")
    reason: str = Field("", description="Why it was not traced.")


class DrillOut(Schema):
    """A drill, as far as it is."""

    draft: str
    started: datetime
    finished: datetime | None
    total: int = Field(description="How many leaks are tried.")
    tried: int
    traced: int
    is_weak: bool
    sentences: list[str] = Field(description="How many were traced, and what the draft is too weak for.")
    results: list[DrilledOut]
    fault: str = Field(description="Why it could not be run.")

    @classmethod
    def of(cls, run: DrillRun) -> "DrillOut":
        said = verdict(run.results)
        return cls(
            draft=run.draft_id,
            started=run.started,
            finished=run.finished,
            total=run.total,
            tried=said.tried,
            traced=said.traced,
            is_weak=said.is_weak,
            sentences=list(said.sentences) if said.tried else [],
            results=[
                DrilledOut(
                    attack=str(each["attack"]),
                    family=str(each["family"]),
                    traced=bool(each["traced"]),
                    z=each.get("z"),
                    reason=str(each.get("reason") or ""),
                )
                for each in run.results
            ],
            fault=run.fault,
        )


@drills.reads("/drafts/{draft_id}/drill", DrillOut)
def get_drill(request: HttpRequest, draft_id: Id) -> DrillOut:
    """The verdict of a draft's drill, finished or not, for the owner's people."""
    known = find(Draft.objects.visible_to(caller(request).person), draft_id)
    run = DrillRun.objects.filter(draft=known).first()
    if run is None:
        raise missing()
    return DrillOut.of(run)


@drills.does("POST", "/drafts/{draft_id}/drill", Act.MANAGE_PROJECTS, DrillOut)
def drill(request: HttpRequest, draft_id: Id, sent: DrillIn) -> DrillOut:
    """Have a draft drilled in the background: it takes minutes, and each result is there as it comes."""
    who = caller(request)
    known = find(Draft.objects.visible_to(who.person), draft_id)
    who.must(Act.MANAGE_PROJECTS)
    return DrillOut.of(order_drill(known, now=timezone.now(), again=sent.again, by=who.person))
