"""A statement as it is written: what the template is filled with, what the check finds in it, what is refused."""

import pytest

from tests.desk import NOW, Desk
from tests.people import SUB_VENDOR, SUPPLIER
from tests.records.cases.played import LATER, copy_of, leak_of, opened, played
from tests.records.sanctions.imposed import final_below
from tests.records.statements.said import AFTER, DUE, REPLY, approved, issued, ready, rewrite
from tidemark.errors import Refused
from tidemark.records.agreements.models import Agreement
from tidemark.records.cases.models import Case
from tidemark.records.home import Home
from tidemark.records.plans.models import Plan
from tidemark.records.projects.models import Draft, Project
from tidemark.records.reidentify.objection import Rule, Severity
from tidemark.records.statements.examine import examine
from tidemark.records.statements.issue import approve_statement, issue
from tidemark.records.statements.models import Promise, Statement
from tidemark.records.statements.wording import ENGLISH
from tidemark.records.statements.write import edit, explain, prepare, promise, unpromise


def test_a_final_statement_says_what_the_affair_needs_and_names_nobody(home: Home, desk: Desk, case: Case) -> None:
    made = prepare(home, case, "final", with_amount=True, by=desk["communications"], now=LATER)
    for said in (
        "made for bidding, and not the final design",
        "established whose copies of the drafts leaked",
        "the contracting supplier answers for the companies that work for it",
        "strengthen its information security and the control of its sub-vendors",
        "a detailed rectification plan",
        "contractual damages of CNY 1,000,000.",
        "We do not name",
    ):
        assert said in made.text_en
    for said in (
        "早期竞标草案，并非最终设计",
        "已查明",
        "签约供应商",
        "信息安全",
        "下级供应商",
        "整改方案",
        "1,000,000元人民币",
        "不公布",
    ):
        assert said in made.text_zh
    for name in (SUPPLIER, SUB_VENDOR, "MS11", case.number):
        assert name not in made.text_en + made.text_zh
    examined = examine(made)
    assert [(each.rule, each.severity) for each in examined.objections if each.rule != Rule.AMOUNT] == []


def test_every_template_passes_its_own_check(home: Home, desk: Desk, case: Case) -> None:
    for kind in ("holding", "final"):
        assert examine(ready(home, desk, case, kind)).objections == ()
    earlier = issued(home, desk, case)
    for kind in ("withdrawal", "final", "holding"):
        assert examine(ready(home, desk, case, kind, follows=earlier)).objections == ()


def test_it_says_not_the_final_design_only_where_that_is_so(home: Home, desk: Desk, case: Case) -> None:
    Draft.objects.update(status=Draft.Status.FINAL)
    made = ready(home, desk, case)
    assert "final design" not in made.text_en
    assert "最终设计" not in made.text_zh
    for words in ("This is not the final design.", "It is NOT the finаl design", "并非最终设计。"):
        rewrite(home, desk, made, text_en=words)
        assert [each.rule for each in examine(made).refusing] == [Rule.STATUS], words


def test_the_code_name_is_said_only_of_a_public_project(home: Home, desk: Desk, case: Case) -> None:
    assert "MS11" not in ready(home, desk, case).text_en
    Project.objects.filter(pk=desk.project.pk).update(label="public")
    case.refresh_from_db()
    made = ready(home, desk, case)
    assert "MS11" in made.text_en
    assert examine(made).objections == ()


def test_the_amount_needs_a_reason_as_long_as_one_partys_agreement_alone_has_it(
    home: Home, desk: Desk, case: Case
) -> None:
    made = ready(home, desk, case, with_amount=True)
    assert examine(made).objections == ()  # all of the desk's agreements have it
    Agreement.objects.exclude(pk=desk.agreements["supplier"].pk).update(damages=5)
    assert {(each.rule, each.severity) for each in examine(made).objections} == {(Rule.AMOUNT, Severity.NEEDS_REASON)}
    with pytest.raises(Refused, match="reason is needed"):
        approve_statement(home, made, by=desk["legal"], now=LATER)
    for each in examine(made).unexplained:
        explain(
            home,
            made,
            each.key,
            reason="It is in the papers of this week.",
            by=desk["legal"],
            now=LATER,
        )
    assert approved(home, desk, made).state == Statement.State.APPROVED


def test_the_amount_of_an_agreement_that_is_not_the_owners_is_not_said(home: Home, desk: Desk) -> None:
    case = final_below(home, desk).case
    with pytest.raises(Refused, match="not one agreed amount"):
        prepare(home, case, "final", with_amount=True, by=desk["communications"], now=LATER)


def test_nothing_is_final_without_a_final_allegation(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    with pytest.raises(Refused, match="Nothing in this case is final"):
        prepare(home, allegation.case, "final", by=desk["officer"], now=LATER)


@pytest.mark.parametrize(
    "words",
    [
        "A supplier is responsible for the leak.",
        "We have established where the images come from.",
        "We have est\u200bablished where the images come from.",
        "Wе hаvе idеntifiеd the source.",
        "The company at fault was sued.",
        "It was leaked by a partner.",
        "It is beyond doubt: the supplier is liable.",
        "已查明泄密方。",
        "将追究其责任。",
        "The firm was ordered to hand in a plan.",
    ],
)
def test_a_holding_statement_claims_nothing_about_anybody(home: Home, desk: Desk, words: str) -> None:
    case = opened(home, desk, leak_of(desk, [copy_of(desk, desk.supplier)]))
    made = ready(home, desk, case, "holding")
    assert examine(made).passes
    rewrite(home, desk, made, text_en=f"{made.text_en}\n{words}")
    assert Rule.CLAIM in {each.rule for each in examine(made).refusing}
    with pytest.raises(Refused, match="The check refuses it"):
        approve_statement(home, made, by=desk["legal"], now=LATER)


def test_a_denied_claim_and_the_mention_of_suppliers_need_a_reason_in_a_holding_statement(
    home: Home, desk: Desk, case: Case
) -> None:
    made = ready(home, desk, case, "holding")
    text = f"{made.text_en}\nNobody is accused. Not only that: no supplier was spared."
    rewrite(home, desk, made, text_en=text)
    assert [each.said for each in examine(made).unexplained] == ["accused", "supplier"]
    rewrite(home, desk, made, text_en=ENGLISH.ordered)
    assert examine(made).refusing


def test_what_is_promised_and_not_marked_is_found(home: Home, desk: Desk, case: Case) -> None:
    made = ready(home, desk, case)
    rewrite(
        home, desk, made, text_en=f"{made.text_en} We will pay everybody.", text_zh=f"{made.text_zh}我们将赔偿各方。"
    )
    assert [each.said for each in examine(made).unexplained] == ["We will pay everybody", "我们将赔偿各方"]
    by = {"assignee": desk["legal"], "due": DUE, "by": desk["legal"], "now": LATER}
    promise(home, made, words_en="We will pay everybody.", words_zh="我们将赔偿各方", **by)
    assert examine(made).objections == ()
    for words in ("We will pay nobody.", "", "\0", "x" * 201):
        with pytest.raises(Refused):
            promise(home, made, words_en=words, **by)
    with pytest.raises(Refused, match="people of the owner"):
        promise(home, made, words_en="We will pay everybody.", **{**by, "assignee": desk["contact"]})


def test_a_quote_from_the_reply_is_refused_and_no_reason_lets_it_pass(home: Home, desk: Desk, case: Case) -> None:
    made = ready(home, desk, case)
    rewrite(home, desk, made, text_en=f"{made.text_en} {REPLY[10:60]}")
    (found,) = examine(made).refusing
    assert found.rule == Rule.QUOTE
    with pytest.raises(Refused, match="No reason lets this pass"):
        explain(home, made, found.key, reason="Please let it stand, all agree.", by=desk["legal"], now=LATER)
    with pytest.raises(Refused, match="found no longer"):
        explain(home, made, "name:0", reason="Please let it stand, all agree.", by=desk["legal"], now=LATER)


def test_a_quote_from_the_plan_is_refused_too(home: Home, desk: Desk, case: Case) -> None:
    allegation = case.allegations.get()
    plan = Plan.objects.create(allegation=allegation, due=DUE, asked=LATER, asked_by=desk["officer"])
    plan.actions.create(number=1, section="cause", text="Every render room at the moulding hall gets a guarded door.")
    made = ready(home, desk, case)
    rewrite(home, desk, made, text_en=f"{made.text_en} A render room at the moulding hall gets a guarded door.")
    assert [found.rule for found in examine(made).refusing] == [Rule.QUOTE]


def test_a_party_that_quotes_our_statement_in_its_reply_does_not_silence_us(home: Home, desk: Desk) -> None:
    allegation = played(home, desk)
    first = issued(home, desk, allegation.case, "holding")
    allegation.replies.create(person=desk["contact"], answer="disputes", text=first.text_en, time=AFTER)
    assert examine(ready(home, desk, allegation.case, "holding", follows=first)).objections == ()


def test_a_name_that_an_earlier_statement_said_before_it_was_a_party_is_a_name_all_the_same(
    home: Home, desk: Desk, case: Case
) -> None:
    first = ready(home, desk, case)
    rewrite(home, desk, first, text_en=f"{first.text_en} Greetings from Brackwater.")
    issue(home, approved(home, desk, first), channel="Web", by=desk["officer"], now=AFTER)
    type(desk.supplier).named("Brackwater Tooling GmbH", {}, now=NOW)
    later = ready(home, desk, case)
    rewrite(home, desk, later, text_en=f"{later.text_en} Greetings from Brackwater.")
    assert [(each.rule, each.said) for each in examine(later).refusing] == [(Rule.NAME, "Brackwater")]


@pytest.mark.parametrize("who", ["administrator", "investigator", "contact", "member", "stranger_contact"])
def test_nobody_else_prepares_writes_or_issues_one(home: Home, desk: Desk, case: Case, who: str) -> None:
    made = ready(home, desk, case)
    by = {"by": desk[who], "now": LATER}
    for act in (
        lambda: prepare(home, case, "holding", **by),
        lambda: edit(home, made, title_en="T", text_en="T", **by),
        lambda: explain(home, made, "x", reason="R" * 30, **by),
        lambda: promise(home, made, words_en="We", **by),
        lambda: unpromise(home, made, made.promises.get(), **by),
        lambda: issue(home, made, channel="Web", **by),
    ):
        with pytest.raises(Refused):
            act()
    assert (who in ("administrator", "investigator")) == Statement.objects.visible_to(desk[who]).exists()


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"title_en": " "},
        {"text_en": "\0"},
        {"title_en": "x" * 201},
        {"text_en": "x" * 20_001},
        *(
            {"text_en": f"The co{odd}py."}
            for odd in ("\u2065", "\U000e0080", "\x9f", "\x01", "\u2800", "\U0001d159", "\ue000")
        ),
    ],
)
def test_odd_words_are_refused(home: Home, desk: Desk, case: Case, texts: dict[str, str]) -> None:
    made = ready(home, desk, case)
    with pytest.raises(Refused):
        edit(home, made, **texts, by=desk["legal"], now=LATER)


def test_each_language_is_complete_or_left_out(home: Home, desk: Desk, case: Case) -> None:
    made = ready(home, desk, case)
    rewrite(home, desk, made, title_zh="")
    with pytest.raises(Refused, match="a title and a text"):
        approve_statement(home, made, by=desk["legal"], now=LATER)
    Promise.objects.update(words_zh="")
    rewrite(home, desk, made, title_zh="", text_zh="")
    assert made.languages == ("en",)
    assert approved(home, desk, made).state == Statement.State.APPROVED


def test_one_language_alone_can_be_prepared(home: Home, desk: Desk, case: Case) -> None:
    assert ready(home, desk, case, languages=["zh"]).languages == ("zh",)
    for languages in ([], ["fr"]):
        with pytest.raises(Refused):
            prepare(home, case, "holding", languages=languages, by=desk["legal"], now=LATER)
    with pytest.raises(Refused):
        prepare(home, case, "rumour", by=desk["legal"], now=LATER)


@pytest.mark.parametrize("reason", ["ok", "x" * 29, " " * 40, "ok" + " " * 40, "\u202e" * 40])
def test_a_reason_that_nobody_could_judge_lets_nothing_pass(home: Home, desk: Desk, reason: str) -> None:
    made = prepare(home, played(home, desk).case, "holding", by=desk["communications"], now=LATER)
    with pytest.raises(Refused, match="30 to"):
        explain(home, made, "x", reason=reason, by=desk["communications"], now=LATER)
