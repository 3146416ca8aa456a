"""The drill's verdict in sentences: what was traced, and what the draft is too weak for."""

import json

import pytest
from django.utils import translation

from tidemark.records.projects.verdict import too_weak_for, verdict, weaknesses


def results(*missed: str) -> list[dict[str, object]]:
    """47 leaks of six families, all traced but those named."""
    names = {
        "recompressed": ["as sent", "jpeg 30", "jpeg 15", "jpeg 8"],
        "resized": ["1600 px", "480 px + jpeg 50", "320 px + jpeg 60", "upscaled 1.5"],
        "cropped": ["crop 50 %", "crop 25 %", "crop 10 %", "crop 5 %", "crop 25 % × 0.6 + jpeg 70"],
        "moved": [f"moved {number}" for number in range(24)],
        "paper": [f"paper {number}" for number in range(4)],
        "colluded": [f"mean of {number}" for number in range(2, 8)],
    }
    assert sum(map(len, names.values())) == 47
    return [
        {"attack": name, "family": family, "traced": name not in missed}
        for family, those in names.items()
        for name in those
    ]


def test_a_draft_that_is_always_traced_has_one_sentence() -> None:
    said = verdict(results())
    assert said.sentences == ["Traced in 47 of 47 leaks."]
    assert not said.is_weak
    assert all(family.is_whole for family in said.families)


@pytest.mark.parametrize(
    ("missed", "sentence"),
    [
        (["crop 5 %"], "Too weak if cropped to 5 % of the picture or less."),
        (["crop 5 %", "crop 10 %"], "Too weak if cropped to 10 % of the picture or less."),
        (["320 px + jpeg 60", "480 px + jpeg 50"], "Too weak if made smaller than about 480 pixels."),
        (["jpeg 8"], "Too weak if saved as JPEG of quality 8 or less."),
        (["mean of 7"], "Mixed from several copies: 1 of 6 not traced (mean of 7)."),
        (["upscaled 1.5"], "Made smaller or larger: 1 of 4 not traced (upscaled 1.5)."),
        ([f"paper {n}" for n in range(4)], "Printed, then scanned or photographed: none of 4 traced."),
    ],
)
def test_each_weak_family_has_its_sentence(missed: list[str], sentence: str) -> None:
    said = verdict(results(*missed))
    assert said.sentences == [f"Traced in {47 - len(missed)} of 47 leaks.", sentence]


@pytest.mark.parametrize(
    ("missed", "sentence"),
    [
        (["crop 5 %"], "Too weak if cropped to 5 % of the picture or less."),
        (["mean of 7", "mean of 5"], "Mixed from several copies: 2 of 6 not traced."),
        ([f"paper {n}" for n in range(4)], "Printed, then scanned or photographed: none of 4 traced."),
    ],
)
def test_what_lists_say_is_as_much_in_fewer_words(missed: list[str], sentence: str) -> None:
    kept = weaknesses(results(*missed))
    assert too_weak_for(json.loads(json.dumps(kept))) == [sentence]


def test_of_a_draft_that_is_always_traced_nothing_is_kept() -> None:
    assert weaknesses(results()) == weaknesses([]) == []


def test_lists_say_something_of_every_family_that_the_drafts_own_page_speaks_of() -> None:
    seen = results("crop 5 %", "jpeg 8", "moved 3", "paper 2", "mean of 2")
    assert len(too_weak_for(weaknesses(seen))) == len(verdict(seen).sentences) - 1 == 5


def test_a_draft_is_weak_from_every_fifth_leak_on() -> None:
    moved = [f"moved {number}" for number in range(24)]
    assert not verdict(results(*moved[:9])).is_weak
    assert verdict(results(*moved[:10])).is_weak


def test_nothing_tried_yet_is_not_weak() -> None:
    said = verdict([])
    assert (said.traced, said.tried, said.is_weak) == (0, 0, False)


def test_the_sentences_are_of_the_language_that_is_active() -> None:
    with translation.override("zh-hans"):
        assert len(verdict(results("crop 5 %")).sentences) == 2
