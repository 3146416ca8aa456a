"""Sentences that follow one another are set as their language sets them."""

import pytest
from django.utils import translation

from tidemark.records.sentences import joined


@pytest.mark.parametrize(
    ("language", "said", "text"),
    [
        ("en", ["It is closed.", "A plan is due.", "Money is owed."], "It is closed. A plan is due. Money is owed."),
        ("zh-hans", ["关卡未放行。", "计划待提交。", "尚有欠款。"], "关卡未放行。计划待提交。尚有欠款。"),
        ("en", ["100 % are traced."], "100 % are traced."),
        ("zh-hans", [], ""),
    ],
)  # fmt: skip
def test_english_has_a_blank_between_sentences_and_chinese_none(language: str, said: list[str], text: str) -> None:
    with translation.override(language):
        assert joined(said) == text
