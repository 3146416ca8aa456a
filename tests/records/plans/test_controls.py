"""The catalogue of controls, and what an action says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records.plans.rehearsed import words
from tidemark.errors import Refused
from tidemark.records.plans.controls import CATALOGUE, known
from tidemark.records.plans.models import Section
from tidemark.records.plans.wording import lacking, of_json, tidied

TODAY = date(2026, 3, 15)
SECTIONS = tuple(Section.values)


def test_the_catalogue_has_the_numbers_that_the_affair_needs() -> None:
    numbers = {control.number for control in CATALOGUE.values()}
    assert {"1.6.1", "1.6.2", "6.1.1", "6.1.2", "8.2.1", "8.2.2", "8.2.6"} <= numbers
    assert {"5.19", "5.20", "5.21", "5.22", "5.24", "5.25", "5.26", "5.27", "5.28", "6.6"} <= numbers


def test_every_control_has_a_short_title_and_its_id_says_catalogue_and_number() -> None:
    for key, control in CATALOGUE.items():
        assert key == control.id == f"{'isa' if control.catalogue == 'VDA ISA' else 'iso'}-{control.number}"
        assert 0 < len(str(control.title)) <= 80
        assert control.name == f"{control.catalogue} {control.number}"
    titles = [str(control.title) for control in CATALOGUE.values()]
    assert len(set(titles)) == len(titles)


@given(st.lists(st.sampled_from(sorted(CATALOGUE)), max_size=40))
def test_known_controls_come_once_and_in_the_catalogues_order(ids: list[str]) -> None:
    found = known(ids)
    assert set(found) == set(ids)
    assert found == sorted(set(ids), key=list(CATALOGUE).index)


@given(
    st.text(max_size=200),
    st.text(max_size=100),
    st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2031, 1, 1))),
    st.lists(st.sampled_from(sorted(CATALOGUE)), max_size=5),
)
def test_what_was_kept_reads_back_as_it_was(text: str, owner: str, due: date | None, controls: list[str]) -> None:
    kept = tidied(words(text=text, owner=owner, due=due, controls=tuple(controls)), sections=SECTIONS, today=TODAY)
    assert of_json(kept.as_json()) == kept
    assert tidied(kept, sections=SECTIONS, today=TODAY) == kept


@pytest.mark.parametrize(
    "changes",
    [
        {"section": "disposal"},
        {"section": ""},
        {"text": "x" * 4001},
        {"proof": "x" * 4001},
        {"owner": "x" * 201},
        {"due": date(1999, 12, 31)},
        {"due": date(2099, 1, 1)},
        {"controls": ("isa-9.9.9",)},
        {"controls": ("isa-8.2.2", "")},
    ],
)
def test_what_cannot_be_kept_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused):
        tidied(words(**changes), sections=SECTIONS, today=TODAY)  # type: ignore[arg-type]


def test_a_draft_may_lack_anything_and_says_what_lacks() -> None:
    empty = words(text=" ", owner="\u202e", due=None, proof="\u202e", controls=())
    kept = tidied(empty, sections=SECTIONS, today=TODAY)
    assert len(lacking(kept, has_files=False)) == 5
    assert len(lacking(kept, has_files=True)) == 4
    assert lacking(words(), has_files=False) == []
    assert lacking(words(proof=""), has_files=True) == []
