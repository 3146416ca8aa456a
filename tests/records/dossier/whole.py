"""A case in which everything happened, for its dossier: two parties, one of them innocent."""

from datetime import timedelta

from tests.conftest import make_draft
from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of, leak_of
from tests.records.plans.rehearsed import words
from tests.records.sanctions.imposed import PAY_TO, RATE, imposed
from tests.records.statements.said import approved, keep_promises
from tidemark.records import blobs
from tidemark.records.agreements.documents import Document
from tidemark.records.cases.allege import prepare, put
from tidemark.records.cases.change import add_leaks, close, reopen
from tidemark.records.cases.conclude import judge_intent
from tidemark.records.cases.models import Case
from tidemark.records.cases.notes import add_duty, add_note, attach_file
from tidemark.records.home import Home
from tidemark.records.leaks.models import Match
from tidemark.records.plans.ask import ask_plan
from tidemark.records.plans.judge import judge
from tidemark.records.plans.models import Section
from tidemark.records.plans.submit import submit
from tidemark.records.plans.take_back import withdraw_allegation
from tidemark.records.plans.write import add_action
from tidemark.records.sanctions.pay import record_payment
from tidemark.records.statements.issue import issue
from tidemark.records.statements.write import prepare as prepare_statement

LATER = NOW + timedelta(days=2)
APOLOGY = "We were wrong, and we are sorry."
NOTE = "The buyer calls this supplier careless."
FOUND = "Front bumper on a forum", "Headlamp in a chat", "Grille in a chat", "Own wheel on a board"
"""Titles of the leaks; their words are the bytes of the files, too."""


def whole_case(home: Home, desk: Desk) -> Case:
    """Play it: the supplier answers and is sanctioned; the sibling is accused, and it is withdrawn."""
    sanction = imposed(home, desk, pay_to=PAY_TO, rate=RATE)
    case = sanction.allegation.case
    for title in FOUND:
        blobs.put(home, blobs.Shelf.LEAKS, title.encode())
    record_payment(
        home, sanction, sanction.amount / 4, paid_on=NOW.date(), reference="first part", by=desk["legal"], now=LATER
    )
    plan = ask_plan(home, sanction.allegation, due=NOW + timedelta(days=20), words="", by=desk["officer"], now=LATER)
    for section in Section.values:
        add_action(home, plan, words(section), by=desk["contact"], now=LATER)
    submit(home, plan, by=desk["contact"], now=LATER)
    for number, action in enumerate(plan.actions.order_by("number")):
        more = {} if number else {"reason": "symptom", "text": "Why did it happen?"}
        judge(home, action, accepts=bool(number), by=desk["officer"], now=LATER, **more)
    other = leak_of(desk, [copy_of(desk, desk.sibling, name="lamp.png")], title=FOUND[1], home=home)
    close(home, case, why="All is said.", by=desk["officer"], now=LATER)
    reopen(home, case, why="A second leak.", by=desk["officer"], now=LATER)
    add_leaks(home, case, [other], by=desk["officer"], now=LATER)
    wrong = prepare(home, case, desk.sibling, by=desk["legal"], now=LATER)
    put(home, wrong, by=desk["legal"], now=LATER)
    withdraw_allegation(home, wrong, apology=APOLOGY, by=desk["legal"], now=LATER)
    _leads_and_pictures(home, desk, case)
    judge_intent(home, case, "negligent", reason="A shared drive.", by=desk["legal"], now=LATER)
    add_duty(home, case, "Tell the board", by=desk["officer"], assignee=desk["officer"], now=LATER)
    add_note(home, case, NOTE, by=desk["officer"], now=LATER)
    attach_file(home, case, Document("chat.txt", b"a chat"), by=desk["officer"], now=LATER)
    statement = prepare_statement(home, case, "holding", by=desk["communications"], now=LATER)
    keep_promises(home, desk, statement)
    issue(home, approved(home, desk, statement), channel="Press", by=desk["communications"], now=LATER)
    case.refresh_from_db()
    return case


def _leads_and_pictures(home: Home, desk: Desk, case: Case) -> None:
    """Add a leak of which a copy is merely suspected, and one of the owner's own copy; give the first its pictures."""
    suspected = leak_of(
        desk, [copy_of(desk, desk.sibling, name="grille.png")], title=FOUND[2], verdict="suspected", home=home
    )
    own = leak_of(desk, [copy_of(desk, desk.owner, name="wheel.png", is_master=True)], title=FOUND[3], home=home)
    add_leaks(home, case, [suspected, own], by=desk["officer"], now=LATER)
    pictures = {
        name: blobs.put(home, blobs.Shelf.TRACES, make_draft(seed, size=(90, 120), form="JPEG"))
        for seed, name in enumerate(("leak", "draft", "where"))
    }
    Match.objects.filter(trace__post__leak__title=FOUND[0]).update(pictures=pictures)
