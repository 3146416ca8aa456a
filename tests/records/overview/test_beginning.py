"""The way to the first release: each step is done once it was taken, and a released copy ends it for good."""

import pytest

from tests.desk import NOW, Desk
from tests.records.cases.played import copy_of
from tidemark.records.agreements.models import Acceptance, Agreement
from tidemark.records.copies.models import Copy
from tidemark.records.home import Home
from tidemark.records.overview.beginning import Step, first_steps


def done(desk: Desk, who: str = "officer") -> set[Step]:
    return {each.step for each in first_steps(desk[who]) if each.is_done}


def test_every_step_is_listed_and_those_taken_are_done(home: Home, desk: Desk) -> None:  # noqa: ARG001
    assert [each.step for each in first_steps(desk["officer"])] == list(Step)
    assert done(desk) == set(Step) - {Step.DRAFT, Step.RELEASE}


def test_what_was_not_done_is_open(home: Home, desk: Desk) -> None:  # noqa: ARG001
    Acceptance.objects.all().delete()
    assert Step.ACCEPTANCE not in done(desk)
    Agreement.objects.update(state=Agreement.State.PREPARED)
    assert Step.AGREEMENT not in done(desk)


def test_a_released_copy_ends_the_way_and_a_revoked_one_does_not_begin_it_anew(home: Home, desk: Desk) -> None:  # noqa: ARG001
    copy = copy_of(desk, desk.supplier)
    Copy.objects.filter(pk=copy.pk).update(released=None)
    assert Step.DRAFT in done(desk)
    Copy.objects.filter(pk=copy.pk).update(person=desk["contact"], released=NOW)
    assert first_steps(desk["officer"]) == ()
    Copy.objects.filter(pk=copy.pk).update(revoked=NOW)
    assert first_steps(desk["officer"]) == ()


@pytest.mark.parametrize("who", ["investigator", "legal", "communications", "contact"])
def test_who_may_not_take_the_steps_is_not_shown_them(home: Home, desk: Desk, who: str) -> None:  # noqa: ARG001
    assert first_steps(desk[who]) == ()
