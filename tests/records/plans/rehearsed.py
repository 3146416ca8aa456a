"""Plans played up to where a test begins: asked for, written, submitted, accepted, done."""

from collections.abc import Sequence
from datetime import date, timedelta

from tests.desk import NOW, Desk
from tests.records.cases.played import LATER, played
from tidemark.records.cases.conclude import make_final
from tidemark.records.cases.models import Allegation
from tidemark.records.cases.reply import reply
from tidemark.records.home import Home
from tidemark.records.plans.access import open_gate
from tidemark.records.plans.ask import ask_plan
from tidemark.records.plans.execute import report_done, verify
from tidemark.records.plans.flow_down import confirm_check, state_check
from tidemark.records.plans.judge import judge
from tidemark.records.plans.models import Action, Plan, Section
from tidemark.records.plans.override import approve_gate_override, propose_override
from tidemark.records.plans.submit import submit
from tidemark.records.plans.wording import Wording
from tidemark.records.plans.write import add_action

DUE = NOW + timedelta(days=15)
DONE_BY = date(2026, 4, 30)


def final(home: Home, desk: Desk) -> Allegation:
    """Play a case up to the final allegation: the sub-vendor's copy leaked, the supplier answers for it."""
    allegation = played(home, desk)
    reply(home, allegation, "names", text="", names_party=desk.sub_vendor, by=desk["contact"], now=LATER)
    make_final(home, allegation, by=desk["legal"], now=LATER)
    return allegation


def asked(home: Home, desk: Desk) -> Plan:
    """Ask for a plan."""
    return ask_plan(home, final(home, desk), due=DUE, words="Look at every site.", by=desk["officer"], now=LATER)


def words(section: str = "containment", **changes: object) -> Wording:
    """Return the wording of an action that lacks nothing."""
    said: dict[str, object] = {
        "section": section,
        "text": f"What is done: {section}.",
        "owner": "Ines Falk",
        "due": DONE_BY,
        "proof": "A signed protocol.",
        "controls": ("isa-8.2.2", "iso-5.19"),
    }
    return Wording(**(said | changes))  # type: ignore[arg-type]


def written(home: Home, desk: Desk) -> Plan:
    """Write an action in every section."""
    plan = asked(home, desk)
    for section in Section.values:
        add_action(home, plan, words(section), by=desk["contact"], now=LATER)
    return plan


def submitted(home: Home, desk: Desk) -> Plan:
    """Submit it."""
    plan = written(home, desk)
    submit(home, plan, by=desk["contact"], now=LATER)
    return plan


def accepted(home: Home, desk: Desk) -> Plan:
    """Accept it, action by action."""
    plan = submitted(home, desk)
    for action in plan.actions.all():
        judge(home, action, accepts=True, by=desk["officer"], now=LATER)
    plan.refresh_from_db()
    return plan


def all_done(home: Home, desk: Desk, actions: Sequence[Action]) -> None:
    """Report actions as done, and verify them."""
    for action in actions:
        report_done(home, action, text="Done, see the protocol.", by=desk["contact"], now=LATER)
        verify(home, action, is_done=True, by=desk["officer"], now=LATER)


def approved_override(home: Home, desk: Desk, allegation: Allegation) -> None:
    """Let the gate be opened though conditions are open: two persons approve it in writing."""
    propose_override(home, allegation, reason="The line stands still.", by=desk["officer"], now=LATER)
    for who in ("officer", "legal"):
        approve_gate_override(home, allegation, by=desk[who], now=LATER)


def overridden(home: Home, desk: Desk, allegation: Allegation) -> None:
    """Return the party's access though conditions are open."""
    approved_override(home, desk, allegation)
    open_gate(home, allegation, by=desk["officer"], now=LATER)


def checked(home: Home, desk: Desk, plan: Plan, *, confirms: bool = True) -> None:
    """Check the sub-vendor, and have that confirmed."""
    check = state_check(
        home, plan, desk.engagements["sub_vendor"], is_bound=True, result="sound", checked=LATER.date(),
        checked_by="Ines Falk", remark="Visited.", by=desk["contact"], now=LATER,
    )  # fmt: skip
    if confirms:
        confirm_check(home, check, is_confirmed=True, by=desk["officer"], now=LATER)


def nth(plan: Plan, number: int) -> Action:
    """Return an action by its number, with all that it belongs to."""
    return Action.objects.select_related("plan__allegation__case", "plan__allegation__party").get(
        plan=plan, number=number
    )
