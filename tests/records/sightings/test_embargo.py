"""What the embargo check says of a sighting: a value, with what it rests on."""

from datetime import UTC, date, datetime

import pytest

from tidemark.records.projects.models import Project
from tidemark.records.sightings.embargo import judge
from tidemark.records.sightings.models import Sighting

BEFORE = datetime(2026, 3, 10, 8, tzinfo=UTC)
AFTER = datetime(2027, 1, 1, 0, tzinfo=UTC)


def sighting(**said: object) -> Sighting:
    project = Project(code_name="MS11", embargo=date(2027, 1, 1))
    usual = {"project": project, "camouflage": "wrapped", "drive": "planned", "permit": "TD-7", "seen": BEFORE}
    return Sighting(vehicle="estate", received=AFTER, **{**usual, **said})


@pytest.mark.parametrize(
    ("said", "outcome", "codes"),
    [
        ({}, "in_order", ["before", "wrapped", "permitted"]),
        ({"permit": ""}, "unclear", ["before", "wrapped", "no-permit"]),
        ({"drive": "unknown"}, "unclear", ["before", "wrapped", "drive-unknown"]),
        ({"drive": "unplanned"}, "breach", ["before", "wrapped", "unplanned"]),
        ({"camouflage": "none"}, "breach", ["before", "bare", "permitted"]),
        ({"camouflage": "none", "drive": "unknown"}, "breach", ["before", "bare", "drive-unknown"]),
        ({"camouflage": "partly"}, "in_order", ["before", "partly-planned", "permitted"]),
        ({"camouflage": "partly", "drive": "unplanned"}, "breach", ["before", "partly-unplanned", "unplanned"]),
        ({"camouflage": "partly", "drive": "unknown"}, "unclear", ["before", "partly-unknown", "drive-unknown"]),
        ({"camouflage": "unknown"}, "unclear", ["before", "camouflage-unknown", "permitted"]),
        ({"seen": AFTER, "camouflage": "none", "drive": "unplanned"}, "past", ["past"]),
        ({"project": None}, "unclear", ["no-project"]),
        ({"project": Project(code_name="KX7")}, "in_order", ["no-date", "wrapped", "permitted"]),
    ],
)
def test_the_check_follows_its_rules(said: dict[str, object], outcome: str, codes: list[str]) -> None:
    found = judge(sighting(**said))
    assert (found.outcome, [reason.code for reason in found.reasons]) == (outcome, codes)


def test_what_was_only_known_after_the_embargo_is_unclear_and_no_breach() -> None:
    found = judge(sighting(seen=None, camouflage="none"))
    assert (found.outcome, found.reasons[0].code) == ("unclear", "day-unknown")


def test_what_was_posted_before_the_embargo_was_taken_before_it() -> None:
    found = judge(sighting(seen=None, posted=BEFORE, camouflage="none"))
    assert (found.outcome, found.reasons[0].code) == ("breach", "before-known")
    assert "2026-03-10" in str(found.reasons[0].text)


def test_the_last_day_counts_in_utc() -> None:
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert judge(sighting(seen=last)).outcome == "in_order"


def test_a_permit_with_a_percent_sign_is_told_as_it_is() -> None:
    assert "%s 100%" in str(judge(sighting(permit="%s 100%")).reasons[2].text)
