"""Which terms hold, and which are weaker than those whose duties they pass on: two tables."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from djmoney.money import Money

from tidemark.records.agreements.terms import Terms, faults, weaker
from tidemark.records.projects.models import Project

MS11, KX7 = Project(pk=1, code_name="MS11"), Project(pk=2, code_name="KX7")
ABOVE = Terms(
    reference="NDA 1",
    kinds=("bidding", "development"),
    valid_from=date(2026, 1, 1),
    valid_until=date(2027, 12, 31),
    projects=(MS11,),
    survival_months=24,
)

HOLDS = {
    "as it is": {},
    "all projects": {"covers_all_projects": True, "projects": ()},
    "no end": {"valid_until": None},
    "one day": {"valid_until": date(2026, 1, 1)},
    "a cap above the damages": {"damages": Money(5, "CNY"), "damages_cap": Money(50, "CNY")},
    "a formula alone": {"damages_formula": "3 % of the year's turnover"},
}
DOES_NOT = {
    "no reference": {"reference": "  "},
    "a reference too long": {"reference": "x" * 201},
    "no project": {"projects": ()},
    "no kind": {"kinds": ()},
    "an unknown kind": {"kinds": ("bidding", "secret")},
    "ends before it begins": {"valid_until": date(2025, 12, 31)},
    "survives too long": {"survival_months": 1201},
    "survives less than nothing": {"survival_months": -1},
    "a clause too long": {"clause": "x" * 8001},
    "a law too long": {"governing_law": "x" * 201},
    "no money": {"damages": Money(0, "CNY")},
    "less than no money": {"damages_cap": Money(-1, "CNY")},
    "too much money": {"damages": Money(10**16, "CNY")},
    "two currencies": {"damages": Money(5, "CNY"), "damages_cap": Money(50, "EUR")},
    "a cap below the damages": {"damages": Money(50, "CNY"), "damages_cap": Money(5, "CNY")},
}


@pytest.mark.parametrize("changes", HOLDS.values(), ids=HOLDS)
def test_terms_that_hold_have_no_fault(changes: dict[str, Any]) -> None:
    assert faults(replace(ABOVE, **changes)) == []


@pytest.mark.parametrize("changes", DOES_NOT.values(), ids=DOES_NOT)
def test_terms_that_do_not_hold_have_one_fault(changes: dict[str, Any]) -> None:
    assert len(faults(replace(ABOVE, **changes))) == 1


TIGHTER = {
    "the same": {},
    "fewer kinds": {"kinds": ("bidding",)},
    "shorter": {"valid_from": date(2026, 2, 1), "valid_until": date(2027, 1, 1)},
    "longer survival": {"survival_months": 36},
}
WEAKER = {
    "another project": {"projects": (MS11, KX7)},
    "all projects": {"covers_all_projects": True, "projects": ()},
    "another kind": {"kinds": ("bidding", "final")},
    "begins earlier": {"valid_from": date(2025, 12, 31)},
    "ends later": {"valid_until": date(2028, 1, 1)},
    "never ends": {"valid_until": None},
    "shorter survival": {"survival_months": 23},
    "flow-down dropped": {"flow_down": False},
    "onward approved beforehand": {"standing_approval": True},
    "liability dropped": {"liable_downstream": False},
}


@pytest.mark.parametrize("changes", TIGHTER.values(), ids=TIGHTER)
def test_what_is_as_tight_or_tighter_is_not_weaker(changes: dict[str, Any]) -> None:
    assert weaker(replace(ABOVE, **changes), ABOVE) == []


@pytest.mark.parametrize("changes", WEAKER.values(), ids=WEAKER)
def test_what_is_weaker_is_told_in_one_sentence(changes: dict[str, Any]) -> None:
    assert len(weaker(replace(ABOVE, **changes), ABOVE)) == 1


def test_nothing_may_flow_down_from_an_agreement_that_does_not_provide_for_it() -> None:
    assert len(weaker(ABOVE, replace(ABOVE, flow_down=False))) == 1


def test_below_an_agreement_for_all_projects_without_end_anything_fits() -> None:
    wide = replace(ABOVE, covers_all_projects=True, projects=(), valid_until=None)
    assert weaker(replace(ABOVE, projects=(KX7,), valid_until=None), wide) == []
    assert weaker(wide, wide) == []
