"""Plans and gates as rows, with all that can hang on one."""

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.desk.issued import Log
from benchmarks.desk.rows import an_id

from tests.desk import NOW
from tests.web.counted.written import CONTACT, KEPT_SHA256, OFFICER, tell
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records.cases.models import Allegation
from tidemark.records.plans.controls import CATALOGUE
from tidemark.records.plans.models import (
    Action,
    ActionFile,
    DoneReport,
    FlowDownCheck,
    GateOverride,
    Hold,
    Judgement,
    Plan,
    PlanVersion,
    Section,
)
from tidemark.records.plans.override import override_content, override_subject
from tidemark.records.projects.models import Engagement

_ACTIONS = {"asked": "draft", "submitted": "submitted", "returned": "returned", "accepted": "accepted"}


def plan(log: Log, allegation: Allegation, state: str) -> Plan:
    """Ask for a plan."""
    is_submitted = state != "asked"
    made = Plan.objects.create(
        id=an_id("plan", allegation.pk),
        allegation=allegation,
        sections=list(Section.values),
        due=NOW + timedelta(days=14),
        state=state,
        asked=NOW,
        asked_by_id=OFFICER,
        submitted=NOW if is_submitted else None,
        accepted=NOW if state == "accepted" else None,
    )
    tell(
        log,
        allegation.case,
        Kind.PLAN_ASKED,
        {"allegation": allegation.pk, "party": allegation.party.name, "plan": made.pk},
    )
    return made


def more(log: Log, of: Plan, number: int) -> None:
    """Add one of everything that a plan has many of: actions with what was said of them, versions, checks."""
    is_submitted = of.state != "asked"
    for section in Section.values[: 5 if number == 0 else 1]:
        which = of.actions.count() + 1
        action = Action.objects.create(
            id=an_id("action", of.pk, which),
            plan=of,
            number=which,
            section=section,
            text="Bind them.",
            owner="Ines Falk",
            due=NOW.date() + timedelta(days=30),
            proof="A list.",
            controls=[next(iter(CATALOGUE))],
            state=_ACTIONS[of.state],
            progress="reported" if of.state == "accepted" else "open",
        )
        _said(action, number)
        if not is_submitted:
            action.draft = {"section": section, "text": "Bind.", "owner": "", "due": None, "proof": "", "controls": []}
            action.save()
    first = of.actions.order_by("number")[0]
    if number:
        _said(first, number)
    if is_submitted:
        of.version = number + 1
        of.save()
        PlanVersion.objects.create(
            plan=of, number=number + 1, content="{}", content_sha256="c" * 64, person_id=CONTACT, time=NOW
        )
    for place in Engagement.objects.filter(path__contains=f"{an_id('place', 0)}/").exclude(pk=an_id("place", 0)):
        FlowDownCheck.objects.create(
            plan=of,
            engagement=place,
            is_bound=True,
            result="sound",
            checked=NOW.date(),
            checked_by="Ines Falk",
            stated=NOW,
            stated_by_id=CONTACT,
        )
    submitted = {"party": of.allegation.party.name, "plan": of.pk, "version": of.version}
    tell(log, of.allegation.case, Kind.PLAN_SUBMITTED, submitted)


def _said(of: Action, number: int) -> None:
    Judgement.objects.create(
        action=of, version=1, is_accepted=of.state == "accepted", reason="other", person_id=OFFICER, time=NOW
    )
    report = DoneReport.objects.create(
        action=of, person_id=CONTACT, text="Done.", time=NOW, verdict="returned", judged=NOW, judged_by_id=OFFICER
    )
    for each in (report, None):
        ActionFile.objects.create(
            action=of,
            report=each,
            file_sha256=KEPT_SHA256,
            file_name=f"proof {number}.txt",
            person_id=CONTACT,
            time=NOW,
            is_submitted=True,
        )


def gate(allegation: Allegation, number: int) -> None:
    """Hold the party at one more of its places, and propose to let it in again."""
    places = _places(allegation)
    Hold.objects.create(
        allegation=allegation, engagement=places[number % len(places)], why="It leaked.", begun=NOW, by_id=OFFICER
    )
    GateOverride.objects.create(
        id=an_id("override", allegation.pk, number),
        allegation=allegation,
        reason="They need it.",
        proposed=NOW + timedelta(minutes=number),
        proposed_by_id=OFFICER,
    )


def suspend(allegation: Allegation) -> None:
    """Let the gate of this allegation be the one that holds the party, at all its places but in the crowd's project."""
    places = [each.pk for each in _places(allegation)]
    held = {
        "state": Engagement.State.SUSPENDED,
        "held_by": f"allegation:{allegation.pk}",
        "suspended_why": "It leaked.",
    }
    Engagement.objects.filter(pk__in=places).update(**held)


def _places(allegation: Allegation) -> list[Engagement]:
    """Return where a party is held: where it works beside the crowd's project, or, if it does not, in that one."""
    rows = Engagement.objects.filter(party=allegation.party).order_by("project__code_name")
    return list(rows.exclude(project__code_name="MS11")) or list(rows)


def approved(case: str) -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield what of a case's gates is approved, and under what."""
    for each in GateOverride.objects.filter(allegation__case=case):
        yield override_subject(each), override_content(each)
