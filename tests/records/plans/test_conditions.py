"""The list of the gate's conditions: which hold, who must act for the rest, and what an override passes over."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from djmoney.money import Money

from tidemark.records.plans.gate import Checked, Debt, Facts, Side, conditions, lacks_of, open_ones
from tidemark.records.plans.models import GateOverride
from tidemark.records.plans.override import covers

ON = date(2026, 5, 1)
FIVE = Money(5, "CNY")
SOUND = Facts(
    on=ON,
    plan="accepted",
    sub_vendors=(Checked("place", "Below", is_bound=True, verdict="confirmed", is_sound=True, is_recent=True),),
    debt=Debt(),
)
BELOW = SOUND.sub_vendors[0]


def test_when_all_is_well_every_condition_holds_and_nobody_must_act() -> None:
    found = conditions(SOUND)
    assert [each.key for each in found] == ["plan", "actions", "sub-vendors", "money", "measures", "agreement"]
    assert all(each.holds and each.who_acts == Side.NOBODY and each.detail for each in found)


@pytest.mark.parametrize(
    ("changes", "key", "side", "words"),
    [
        ({"plan": ""}, "plan", Side.OWNER, "No plan was asked"),
        ({"plan": "asked"}, "plan", Side.PARTY, "not submitted"),
        ({"plan": "submitted"}, "plan", Side.OWNER, "not judged"),
        ({"plan": "returned"}, "plan", Side.PARTY, "returned"),
        ({"late": (3,)}, "actions", Side.PARTY, "Action 3 is due"),
        ({"late": (3, 4), "unread": (5,)}, "actions", Side.PARTY, "Actions 3, 4 are due"),
        ({"unread": (5,)}, "actions", Side.OWNER, "not verified"),
        ({"sub_vendors": (replace(BELOW, is_bound=False),)}, "sub-vendors", Side.PARTY, "no flow-down agreement"),
        ({"sub_vendors": (replace(BELOW, says_bound=False),)}, "sub-vendors", Side.PARTY, "Below is not bound"),
        ({"sub_vendors": (replace(BELOW, verdict=""),)}, "sub-vendors", Side.PARTY, "Below was not checked"),
        ({"sub_vendors": (replace(BELOW, verdict="returned"),)}, "sub-vendors", Side.PARTY, "was returned"),
        ({"sub_vendors": (replace(BELOW, is_sound=False),)}, "sub-vendors", Side.PARTY, "found gaps"),
        ({"sub_vendors": (replace(BELOW, is_recent=False),)}, "sub-vendors", Side.PARTY, "before the allegation"),
        ({"sub_vendors": (BELOW, replace(BELOW, verdict="stated"))}, "sub-vendors", Side.OWNER, "not confirmed"),
        ({"debt": Debt(is_prepared=True)}, "money", Side.OWNER, "not decided yet whether"),
        ({"debt": Debt(is_appealed=True, balance=FIVE)}, "money", Side.OWNER, "not decided"),
        ({"debt": Debt(balance=FIVE)}, "money", Side.PARTY, "5.00 CNY is still to be paid"),
        (
            {"debt": Debt(balance=FIVE, agreed_until=ON - timedelta(days=1))},
            "money",
            Side.PARTY,
            "was agreed",
        ),
        ({"debt": Debt(owed=("a", "b"), reported=("c",))}, "measures", Side.PARTY, "2 are still to be done"),
        ({"debt": Debt(reported=("c",))}, "measures", Side.OWNER, "not judged"),
        ({"unbound": ("MS11",)}, "agreement", Side.OWNER, "none in MS11"),
    ],
)
def test_each_open_condition_says_why_and_who_must_act(
    changes: dict[str, object], key: str, side: Side, words: str
) -> None:
    (found,) = open_ones(conditions(replace(SOUND, **changes)))  # type: ignore[arg-type]
    assert (found.key, found.who_acts) == (key, side)
    assert words in found.detail
    assert found.lacks  # an override has something to speak of


@pytest.mark.parametrize(
    ("approved", "grown"),
    [
        ({"plan": ""}, {"plan": "returned"}),
        ({"late": (3,)}, {"late": (3, 4)}),
        ({"unread": (3,)}, {"late": (3,)}),
        ({"unread": (3,)}, {"unread": (4,)}),
        (
            {"sub_vendors": (replace(BELOW, verdict="stated"),)},
            {"sub_vendors": (replace(BELOW, verdict="returned"),)},
        ),
        (
            {"sub_vendors": (replace(BELOW, verdict=""),)},
            {"sub_vendors": (replace(BELOW, verdict=""), replace(BELOW, place="another", verdict=""))},
        ),
        ({"debt": Debt(is_prepared=True)}, {"debt": Debt(balance=FIVE)}),
        ({"debt": Debt(balance=FIVE)}, {"debt": Debt(balance=Money(5, "USD"))}),
        ({"debt": Debt(balance=FIVE)}, {"debt": Debt(balance=Money(1_000_000, "CNY"))}),
        ({"debt": Debt(owed=("a",))}, {"debt": Debt(owed=("b",))}),
        ({"debt": Debt(reported=("a",))}, {"debt": Debt(owed=("a",))}),
        ({"unbound": ("MS11",)}, {"unbound": ("MS11", "MS12")}),
    ],
)
def test_an_override_passes_over_what_lacked_then_and_not_over_more_of_the_same(
    approved: dict[str, object], grown: dict[str, object]
) -> None:
    then = open_ones(conditions(replace(SOUND, **approved)))  # type: ignore[arg-type]
    now = open_ones(conditions(replace(SOUND, **grown)))  # type: ignore[arg-type]
    assert [each.key for each in then] == [each.key for each in now]
    override = GateOverride(lacks=lacks_of(then))
    assert covers(override, then)
    assert covers(override, [])
    assert not covers(override, now)


def test_what_lacks_is_written_alike_in_every_language() -> None:
    facts = replace(SOUND, plan="", late=(1,), unbound=("MS11",), debt=Debt(balance=Money("1234567.8", "CNY")))
    with translation.override("zh-hans"):
        chinese = lacks_of(conditions(facts))
    assert chinese == lacks_of(conditions(facts)) == [
        "plan: none", "actions: 1 late", "money: 1234567.80 CNY", "agreement: MS11",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"debt": None},
        {"debt": Debt(balance=FIVE, agreed_until=ON)},
        {"sub_vendors": ()},
        {"is_withdrawn": True, "plan": "", "late": (1,), "unbound": ("MS11",)},
    ],
)
def test_what_else_lets_every_condition_hold(changes: dict[str, object]) -> None:
    assert not open_ones(conditions(replace(SOUND, **changes)))  # type: ignore[arg-type]
