"""The drill's verdict in sentences: what was traced, and what the draft is too weak for."""

import pytest
from django.utils import translation

from tidemark.records.projects.verdict import verdict


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
